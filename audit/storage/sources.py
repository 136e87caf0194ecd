"""What stands behind the figures of many visits: with which versions they were made and until when they were published,
how often each question was kept, how the shoppers left. Published visits alone, and never a test.

An area is its code, "" for the branches that belong to none, None for all of the programme.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from audit.storage.columns import day_text, instant_from
from audit.storage.figures import of_area, published
from audit.storage.shelf import Shelf

_WITH_SCORE = " cross join score on score.visit_id = visit.id"


@dataclass(frozen=True, slots=True)
class Source:
    """One version of a checklist: how many visits were made with it, and when the newest of them was published."""

    checklist_id: str
    version: int
    visits: int
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """One question over many visits: in how many it counted, in how many it was kept in full, and the points it lost,
    as the nearest floating-point number: good for an order, not for print."""

    id: str
    n: int
    kept: int
    lost: float


class SourceShelf(Shelf):
    """Reads alone."""

    def versions(self, area: str | None, first: date, last: date) -> list[Source]:
        """By checklist and version."""
        where, parameters = of_area(area)
        rows = self._rows(
            f"select checklist_id, version, count(*) as visits, max(published_at) as published_at{published(area)}",
            where,
            (day_text(first), day_text(last), *parameters),
            "group by checklist_id, version order by checklist_id, version",
        )
        return [
            Source(row["checklist_id"], row["version"], row["visits"], instant_from(row["published_at"]))
            for row in rows
        ]

    def questions(self, area: str | None, first: date, last: date) -> dict[str, list[Asked]]:
        """By checklist, each question that counted in a visit."""
        where, parameters = of_area(area)
        rows = self._rows(
            "select checklist_id, json_extract(question.value, '$.id') as id, count(*) as n,"
            " sum(json_extract(question.value, '$.why') = 'full') as kept,"
            " sum(1.0 * json_extract(question.value, '$.lost[0]') / json_extract(question.value, '$.lost[1]')) as lost"
            f"{published(area)}{_WITH_SCORE} and score.status <> 'unscored'"
            " join json_each(score.tree, '$.questions') as question",
            f"json_extract(question.value, '$.why') in ('full', 'partly', 'nothing') and {where}",
            (day_text(first), day_text(last), *parameters),
            "group by checklist_id, json_extract(question.value, '$.id')",
        )
        found: dict[str, list[Asked]] = {}
        for row in rows:
            found.setdefault(row["checklist_id"], []).append(Asked(row["id"], row["n"], row["kept"], row["lost"]))
        return found

    def kept_of_branch(self, code: str, first: date, last: date) -> dict[tuple[str, int], dict[str, tuple[int, int]]]:
        """By checklist and version, in how many visits to a branch each question was kept in full, of how many in which
        it counted; those visits too that have no score of their own."""
        rows = self._rows(
            "select checklist_id, version, json_extract(question.value, '$.id') as id, count(*) as n,"
            " sum(json_extract(question.value, '$.why') = 'full') as kept"
            f"{published('')}{_WITH_SCORE} join json_each(score.tree, '$.questions') as question",
            "branch.code = ? and json_extract(question.value, '$.possible[0]') > 0",
            (day_text(first), day_text(last), code),
            "group by checklist_id, version, json_extract(question.value, '$.id')",
        )
        found: dict[tuple[str, int], dict[str, tuple[int, int]]] = {}
        for row in rows:
            found.setdefault((row["checklist_id"], row["version"]), {})[row["id"]] = (row["kept"], row["n"])
        return found

    def branches_visited(self, first: date, last: date) -> int:
        """How many branches have a published visit."""
        rows = self._rows(
            f"select count(distinct branch_code){published(None)}", "1", (day_text(first), day_text(last))
        )
        return int(rows[0][0])

    def choices(self, area: str | None, first: date, last: date, question_id: str) -> dict[str, dict[str, int]]:
        """By checklist, how often each answer was given to a question with one choice."""
        where, parameters = of_area(area)
        answer = "json_extract(visit.answers, '$.' || ? || '.value')"
        rows = self._rows(
            f"select checklist_id, {answer} as answer, count(*) as times{published(area)}",
            f"{where} and answer is not null",
            (question_id, day_text(first), day_text(last), *parameters),
            "group by checklist_id, answer",
        )
        found: dict[str, dict[str, int]] = {}
        for row in rows:
            found.setdefault(row["checklist_id"], {})[str(row["answer"])] = row["times"]
        return found
