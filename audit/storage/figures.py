"""What published visits bring to figures of an area or of the whole programme, added up on the shelf where that is
exact: dimensions, days and moments, means over time. Never a test visit, never one without a score.

An area is its code, "" for the branches that belong to none, None for all of the programme.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from audit.domain.checklist.model import NOT_APPLICABLE
from audit.storage.columns import Column, day_from, day_text, fraction_from, instant_from, json_from
from audit.storage.connections import Row
from audit.storage.shelf import Shelf, many

AT_ONCE = 2_000  # visits in one page

# A cross join keeps this order: branch by branch only the visits of the period are looked at; and those of the whole
# programme day by day, in an index that holds all that most questions ask.
_OF_BRANCHES = (
    " from branch cross join visit on visit.branch_code = branch.code and visited_on between ? and ?"
    " and state = 'published' and test = 0"
)
_OF_DAYS = (
    " from visit indexed by visit_published cross join branch on branch.code = visit.branch_code"
    " and visited_on between ? and ? and state = 'published' and test = 0"
)
_BEHIND = "select visit_id, branch_code, visited_on, base, json_extract(tree, '$.dimensions') as parts"
_SCORED = " cross join score on score.visit_id = visit.id and score.status <> 'unscored' and score.base is not null"


@dataclass(frozen=True, slots=True)
class DimensionFigure:
    """A dimension over many visits: the exact mean of its scores, 0 to 100, None if it was never observed; the `n` in
    which it applied, and how often it was not observed."""

    id: str
    score: Fraction | None
    n: int
    not_observed: int


@dataclass(frozen=True, slots=True)
class Moment:
    """When a visit began: its day, and the moment of its mark, None without one; its exact base, 0 to 100, and its
    shopper."""

    branch_code: str
    day: date
    entered: datetime | None
    base: Fraction
    shopper_id: str


@dataclass(frozen=True, slots=True)
class BaseOfDay:
    """A score without bonus and cap, 0 to 100, by the version of the checklist, with its day."""

    day: date
    version: int
    base: float


@dataclass(frozen=True, slots=True)
class Behind:
    """One visit behind a figure: its exact base, 0 to 100, and the scores of those dimensions that have one."""

    visit_id: str
    branch_code: str
    day: date
    base: Fraction
    dimensions: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Depth:
    """One visit with all its marks: its base in points, the share of its points that each question earned (0 to 1, only
    of those that counted), the questions that did not apply, the score of each dimension, and the answer to a question,
    if it is a word."""

    branch: str
    shopper: str
    base: float
    questions: Mapping[str, float]
    dimensions: Mapping[str, float]
    answer: str
    left_out: tuple[str, ...] = ()


class FigureShelf(Shelf):
    """Reads alone."""

    def dimensions(self, area: str | None, first: date, last: date) -> dict[str, list[DimensionFigure]]:
        """By checklist, each dimension that its visits had."""
        where, parameters = of_area(area)
        rows = self._rows(
            "select checklist_id, part.key as id, json_extract(part.value, '$.score') as score, count(*) as times,"
            " sum(json_extract(part.value, '$.not_observed') > 0) as unobserved"
            f"{counted(area)} join json_each(score.tree, '$.dimensions') as part",
            where,
            (day_text(first), day_text(last), *parameters),
            "group by checklist_id, part.key, json_extract(part.value, '$.score')",
        )
        found: dict[str, dict[str, list[Row]]] = {}
        for row in rows:
            found.setdefault(row["checklist_id"], {}).setdefault(row["id"], []).append(row)
        return {
            checklist: [_dimension(id, of_dimension) for id, of_dimension in dimensions.items()]
            for checklist, dimensions in found.items()
        }

    def critical(self, area: str | None, first: date, last: date) -> dict[str, tuple[int, int]]:
        """By checklist, in how many visits a critical question was failed, and how many there were."""
        where, parameters = of_area(area)
        rows = self._rows(
            "select checklist_id, sum(json_array_length(score.tree, '$.critical_failed') > 0), count(*)"
            + counted(area),
            where,
            (day_text(first), day_text(last), *parameters),
            "group by checklist_id",
        )
        return {checklist: (failed, visits) for checklist, failed, visits in rows}

    def moments(self, area: str | None, first: date, last: date, mark: str) -> dict[str, list[Moment]]:
        """By checklist, when each visit was made, by the mark of that name."""
        where, parameters = of_area(area)
        entered = (
            "(select json_extract(mark.value, '$.at') from json_each(visit.marks) as mark"
            " where json_extract(mark.value, '$.name') = ? limit 1)"
        )
        rows = self._rows(
            f"select checklist_id, branch_code, visited_on, {entered} as entered, base, shopper_id{counted(area)}",
            where,
            (mark, day_text(first), day_text(last), *parameters),
        )
        found: dict[str, list[Moment]] = {}
        for row in rows:
            moment = instant_from(row["entered"]) if row["entered"] else None
            made = Moment(row["branch_code"], _day(row), moment, _exact(row["base"]), row["shopper_id"])
            found.setdefault(row["checklist_id"], []).append(made)
        return found

    def bases(self, area: str | None, first: date, last: date, checklist_id: str) -> list[BaseOfDay]:
        """Every score made with one checklist, with its day."""
        where, parameters = of_area(area)
        rows = self._rows(
            f"select visited_on, version, base{counted(area)}",
            f"checklist_id = ? and {where}",
            (day_text(first), day_text(last), checklist_id, *parameters),
        )
        return [BaseOfDay(_day(row), row["version"], float(_exact(row["base"]))) for row in rows]

    def behind(self, codes: Sequence[str], first: date, last: date, checklist_id: str) -> list[Behind]:
        """The visits behind a figure of these branches, newest first."""
        rows = self._rows_among(
            f"{_BEHIND}{_OF_BRANCHES}{_SCORED}",
            "branch.code",
            codes,
            "checklist_id = ?",
            (day_text(first), day_text(last), checklist_id),
        )
        return [
            _behind(row) for row in sorted(rows, key=lambda row: (row["visited_on"], row["visit_id"]), reverse=True)
        ]

    def newest_behind(
        self,
        first: date,
        last: date,
        checklist_id: str,
        dimension: str = "",
        most: int = -1,
        before: tuple[date, str] | None = None,
    ) -> list[Behind]:
        """The visits behind a figure of the whole programme, newest first, at most so many, or all: those in which the
        dimension was observed, if one is named, and those older than `before`, a visit's day and id."""
        where, parameters = _observed(checklist_id, dimension)
        if before:
            last = min(last, before[0])
            where += " and (visited_on, visit.id) < (?, ?)"
            parameters = (*parameters, day_text(before[0]), before[1])
        rows = self._rows(
            f"{_BEHIND}{counted(None)}",
            where,
            (day_text(first), day_text(last), *parameters),
            f"order by visited_on desc, visit.id desc limit {most:d}",
        )
        return [_behind(row) for row in rows]

    def behind_in_pages(
        self, first: date, last: date, checklist_id: str, dimension: str = ""
    ) -> Iterator[list[Behind]]:
        """All of them, newest first, some days at a time: each visit is looked at once, however many there are."""
        where, parameters = _observed(checklist_id, dimension)
        days = self._rows(
            f"select visited_on, count(*) as visits{counted(None)}",
            where,
            (day_text(first), day_text(last), *parameters),
            "group by visited_on order by visited_on desc",
        )
        for span in _spans([(_day(row), row["visits"]) for row in days]):
            yield self.newest_behind(span[-1], span[0], checklist_id, dimension)

    def deeply(self, first: date, last: date, checklist_id: str, question: str, most: int) -> list[Depth]:
        """The newest visits of the whole programme, at most so many, with everything that was marked, and the answer to
        one question."""
        rows = self._rows(
            "select branch_code, shopper_id, base, tree, json_extract(answers, ?) as answer" + counted(None),
            "checklist_id = ?",
            (f'$."{question}".value', day_text(first), day_text(last), checklist_id),
            f"order by visited_on desc, visit.id desc limit {most:d}",
        )
        return [_depth(row) for row in rows]

    def moved_since(self, line: int, what: Iterable[str]) -> set[tuple[date, str]]:
        """The days and areas of the visits of which the journal told after that line, "" for branches without one."""
        named = sorted(what)
        rows = self._rows(
            "select distinct visited_on, coalesce(branch.area_code, '') as area from journal"
            " cross join visit on visit.id = journal.which join branch on branch.code = visit.branch_code",
            f"journal.id > ? and journal.what in ({many(named)}) and visited_on is not null",
            (line, *named),
        )
        return {(_day(row), row["area"]) for row in rows}

    def waiting(self, area: str) -> int:
        """How many visits of an area were sent and wait to be read by the office; no test visits."""
        where, parameters = of_area(area)
        rows = self._rows(
            "select count(*) from branch join visit on visit.branch_code = branch.code",
            f"state = 'submitted' and test = 0 and {where}",
            parameters,
        )
        return int(rows[0][0])


def published(area: str | None) -> str:
    """From which tables the published visits of a period come, with question marks for its first and its last day."""
    return _OF_DAYS if area is None else _OF_BRANCHES


def counted(area: str | None) -> str:
    """The same with their scores: those that have one."""
    return published(area) + _SCORED


def of_area(area: str | None) -> tuple[str, tuple[Column, ...]]:
    """The condition for the branches of an area, and what stands for its question marks."""
    if area is None:
        return "1", ()
    return ("branch.area_code = ?", (area,)) if area else ("branch.area_code is null", ())


def _dimension(id: str, rows: Sequence[Row]) -> DimensionFigure:
    """From one row for each different score: few, however many the visits."""
    scores = [(Fraction(*json_from(row["score"])), row["times"]) for row in rows if row["score"] is not None]
    n = sum(times for _, times in scores)
    mean = sum((score * times for score, times in scores), Fraction(0)) / n if n else None
    not_observed = sum(row["unobserved"] for row in rows if row["score"] is None)
    return DimensionFigure(id, mean, n, not_observed)


def _observed(checklist_id: str, dimension: str) -> tuple[str, tuple[Column, ...]]:
    """The condition for visits with a checklist in which the dimension was observed, if one is named."""
    if not dimension:
        return "checklist_id = ?", (checklist_id,)
    return "checklist_id = ? and json_extract(tree, ?) is not null", (checklist_id, f'$.dimensions."{dimension}".score')


def _spans(days: Sequence[tuple[date, int]]) -> Iterator[list[date]]:
    """Days that follow one another, newest first, as many together as hold AT_ONCE visits; a day is never parted."""
    span, held = list[date](), 0
    for day, visits in days:
        if span and held + visits > AT_ONCE:
            yield span
            span, held = [], 0
        span.append(day)
        held += visits
    if span:
        yield span


def _behind(row: Row) -> Behind:
    parts = {id: Fraction(*part["score"]) for id, part in json_from(row["parts"]).items() if part["score"]}
    return Behind(row["visit_id"], row["branch_code"], _day(row), _exact(row["base"]), parts)


def _depth(row: Row) -> Depth:
    tree = json_from(row["tree"])
    return Depth(
        row["branch_code"],
        row["shopper_id"],
        float(_exact(row["base"])),
        {each["id"]: _ratio(each["earned"]) / _ratio(each["possible"]) for each in tree["questions"] if _counts(each)},
        {id: _ratio(part["score"]) for id, part in tree["dimensions"].items() if part["score"]},
        row["answer"] if isinstance(row["answer"], str) else "",
        tuple(each["id"] for each in tree["questions"] if each["why"] == NOT_APPLICABLE and not each["bonus"]),
    )


def _counts(question: Mapping[str, Any]) -> bool:
    return question["possible"][0] > 0 and not question["bonus"]


def _ratio(pair: Sequence[int]) -> float:
    return pair[0] / pair[1]


def _day(row: Row) -> date:
    day = day_from(row["visited_on"])
    assert day is not None
    return day


def _exact(text: str) -> Fraction:
    exact = fraction_from(text)
    assert exact is not None
    return exact
