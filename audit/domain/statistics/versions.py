"""What a new version of the checklist did to the scores. Owns the offset; refuses one from too few branches."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

LEAST_BRANCHES, LEAST_VISITS = 10, 30


@dataclass(frozen=True, slots=True)
class Offset:
    """By how many points the new version marks higher than the old in the same branches; `branches` have both,
    with `visits` together. If it may not be used, the line is broken and only the same questions are compared. Its
    variance is that of one visit by its `worth`."""

    points: float
    branches: int
    visits: int
    worth: float = math.inf

    @property
    def whole_points(self) -> int:
        """The points as they are printed, halves up; their sign kept."""
        return int(math.copysign(math.floor(abs(self.points) + 0.5), self.points))

    @property
    def is_usable(self) -> bool:
        """Whether there are at least ten branches and thirty visits that speak of both versions."""
        return self.branches >= LEAST_BRANCHES and self.visits >= LEAST_VISITS


def version_offset(visits: Iterable[tuple[Hashable, bool, float]]) -> Offset | None:
    """The offset of visits given as (branch, by the new version, score in points); None if no branch has both.

    Estimated inside branches only (least squares with branch effects), so that it does not matter which branches were
    given the new version first."""
    by_branch: dict[Hashable, list[tuple[bool, float]]] = {}
    for branch, is_new, score in visits:
        by_branch.setdefault(branch, []).append((is_new, score))
    both = [seen for seen in by_branch.values() if len({is_new for is_new, _ in seen}) == 2]
    if not both:
        return None
    above, below = [], []
    for seen in both:
        share = sum(is_new for is_new, _ in seen) / len(seen)
        mean = math.fsum(score for _, score in seen) / len(seen)
        above += [(is_new - share) * (score - mean) for is_new, score in seen]
        below += [(is_new - share) ** 2 for is_new, _ in seen]
    worth = math.fsum(below)
    return Offset(math.fsum(above) / worth, len(both), sum(map(len, both)), worth)
