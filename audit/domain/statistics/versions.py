"""What a new version of the checklist did to the scores. Owns the offset and its range; refuses one from too few
branches."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from audit.domain.statistics.dispersion import SHOPPER_SHARE, Dispersion
from audit.domain.statistics.ranges import Range

LEAST_BRANCHES, LEAST_VISITS = 10, 30


class VersionedVisit(NamedTuple):
    """One visit by the new version or an older one: its score in points, and its shopper, empty where unknown."""

    branch: Hashable
    is_new: bool
    score: float
    shopper: str = ""


@dataclass(frozen=True, slots=True)
class Offset:
    """By how many points the new version marks higher than the old in the same branches; `branches` have both,
    with `visits` together. If it may not be used, the line is broken and only the same questions are compared. Its
    variance is that of one visit by its `worth`. `range` holds the true difference nine times out of ten, None where it
    was not asked for or may not be used."""

    points: float
    branches: int
    visits: int
    worth: float = math.inf
    range: Range | None = None

    @property
    def whole_points(self) -> int:
        """The points as they are printed, halves up; their sign kept."""
        return int(math.copysign(math.floor(abs(self.points) + 0.5), self.points))

    @property
    def is_usable(self) -> bool:
        """Whether there are at least ten branches and thirty visits that speak of both versions."""
        return self.branches >= LEAST_BRANCHES and self.visits >= LEAST_VISITS

    def with_range(self, visit_variance: float, dispersion: Dispersion) -> Offset:
        """The same with its range, where it may be used; `visit_variance` is that of one visit, in squared points."""
        if not self.is_usable:
            return self
        reach = dispersion.t * math.sqrt(visit_variance / self.worth)
        return replace(self, range=Range(max(-100.0, self.points - reach), min(100.0, self.points + reach)))


def version_offset(visits: Iterable[VersionedVisit], shopper_share: float = SHOPPER_SHARE) -> Offset | None:
    """The offset between visits by the new version and by the old; None if no branch has both.

    Estimated inside branches only (least squares with branch effects), so that it does not matter which branches were
    given the new version first. How far a shopper's severity may bend it is in its worth; `shopper_share` is the
    shoppers' share of the spread between visits, 0 to below 1."""
    by_branch: dict[Hashable, list[VersionedVisit]] = {}
    for visit in visits:
        by_branch.setdefault(visit.branch, []).append(visit)
    both = [seen for seen in by_branch.values() if len({visit.is_new for visit in seen}) == 2]
    if not both:
        return None
    leans = [(visit, lean) for seen in both for visit, lean in _leans(seen)]
    squares = math.fsum(lean * lean for _, lean in leans)
    points = math.fsum(lean * visit.score for visit, lean in leans) / squares
    return Offset(points, len(both), len(leans), squares * squares / _unsure(leans, squares, shopper_share))


def _leans(seen: list[VersionedVisit]) -> Iterable[tuple[VersionedVisit, float]]:
    """Each visit of a branch with how far it speaks for the new version (above 0) or for the old; together 0."""
    share = sum(visit.is_new for visit in seen) / len(seen)
    return ((visit, visit.is_new - share) for visit in seen)


def _unsure(leans: list[tuple[VersionedVisit, float]], squares: float, shopper_share: float) -> float:
    """The sum of squares with the shoppers' share of it taken for each shopper together: who made all visits by one
    version and none by the other may be what differs."""
    together: dict[str, list[float]] = {}
    for visit, lean in leans:
        together.setdefault(visit.shopper, []).append(lean)
    unnamed = math.fsum(lean * lean for lean in together.pop("", []))
    of_shoppers = unnamed + math.fsum(math.fsum(own) ** 2 for own in together.values())
    return (1 - shopper_share) * squares + shopper_share * of_shoppers
