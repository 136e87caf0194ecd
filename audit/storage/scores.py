"""Scores, each stored with its visit, and the exact figures of many branches in one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from audit.domain.score import Score
from audit.domain.statistics.measuring import ScoredVisit
from audit.storage.columns import Column, day_from, day_text, fraction_from, fraction_text, json_from, plain_text
from audit.storage.connections import Row
from audit.storage.figures import counted
from audit.storage.shelf import Shelf


@dataclass(frozen=True)
class Figure:
    """What one published visit contributes to its branch. `base` is exact, 0 to 100, None if unscored."""

    visit_id: str
    branch_code: str
    visited_on: date
    checklist_id: str
    version: int
    status: str
    base: Fraction | None
    shown: int | None


class ScoreShelf(Shelf):
    """The scores of visits, as they were worked out when the visits arrived."""

    def save(self, visit_id: str, score: Score) -> None:
        """In the transaction that saves the visit."""
        self._put("score", ("visit_id",), _to_row(visit_id, score))

    def of(self, visit_id: str) -> Score | None:
        """The score of a visit; None if it has none, as a draft or a stopped visit."""
        return self.of_visits([visit_id]).get(visit_id)

    def of_visits(self, ids: Sequence[str]) -> dict[str, Score]:
        """The scores of those of these visits that have one."""
        rows = self._rows_among("select visit_id, tree from score", "visit_id", ids)
        return {row["visit_id"]: Score.from_tree(json_from(row["tree"])) for row in rows}

    def shown_of(self, ids: Sequence[str]) -> dict[str, int | None]:
        """What is shown of the scores of those of these visits that have one: whole points, None if unscored."""
        rows = self._rows_among("select visit_id, shown from score", "visit_id", ids)
        return {row["visit_id"]: row["shown"] for row in rows}

    def of_branches(self, codes: Sequence[str], first: date, last: date) -> dict[str, list[Figure]]:
        """For each branch the figures of its published visits from `first` to `last`, oldest first; no test visits."""
        figures: dict[str, list[Figure]] = {code: [] for code in codes}
        for row in self._rows_among(
            "select visit_id, branch_code, visited_on, checklist_id, version, status, base, shown"
            " from score join visit on visit.id = score.visit_id",
            "branch_code",
            codes,
            # The plus keeps SQLite from going through all published visits by the index of their states.
            "visited_on between ? and ? and +state = 'published' and test = 0",
            (day_text(first), day_text(last)),
            "order by visited_on, visit_id",
        ):
            figures[row["branch_code"]].append(_figure(row))
        return figures

    def of_period(self, first: date, last: date) -> dict[str, list[ScoredVisit]]:
        """By checklist, every scored and published visit of the whole programme from `first` to `last`, no test visits:
        `base` as the nearest floating-point number, with the branch, its area and the shopper. For statistics alone."""
        visits: dict[str, list[ScoredVisit]] = {}
        nearest = cache(_nearest)  # of many visits few are of a score of their own
        for checklist_id, branch, area, shopper, base, version in self._rows(
            f"select checklist_id, branch_code, branch.area_code, shopper_id, base, version{counted(None)}",
            parameters=(day_text(first), day_text(last)),
        ):
            visit = ScoredVisit(branch, nearest(base), area or "", "", shopper, version)
            visits.setdefault(checklist_id, []).append(visit)
        return visits


def _nearest(base: str) -> float:
    earned, possible = base.split("/")
    return int(earned) / int(possible)


def _figure(row: Row) -> Figure:
    day = day_from(row["visited_on"])
    assert day is not None
    return Figure(
        visit_id=row["visit_id"],
        branch_code=row["branch_code"],
        visited_on=day,
        checklist_id=row["checklist_id"],
        version=row["version"],
        status=row["status"],
        base=fraction_from(row["base"]),
        shown=row["shown"],
    )


def _to_row(visit_id: str, score: Score) -> dict[str, Column]:
    return {
        "visit_id": visit_id,
        "status": score.status,
        "base": fraction_text(score.base),
        "with_bonus": fraction_text(score.with_bonus),
        "official": fraction_text(score.official),
        "shown": score.shown,
        "band": score.band,
        "tree": plain_text(score.to_tree()),
    }
