"""When were the visits, and when do the customers come? Owns the gap between both; refuses weights that hang on one
visit."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from audit.domain.statistics.dust import DUST
from audit.domain.statistics.ranges import effective_of_weights

LEAST_COVERED, LEAST_EFFECTIVE = 0.8, 0.7
Part = TypeVar("Part", bound=Hashable)


@dataclass(frozen=True)
class Coverage(Generic[Part]):
    """Parts of the week (or channels) and their visits. `covered` is the share of traffic, 0 to 1, in parts with a
    visit, `missing` the parts without, `distance` how far visits are from traffic (0 alike, 1 apart), `weights` what a
    visit of each part counts, 0 where there is none, `effective_visits` what the visits are worth so weighted."""

    covered: float
    missing: tuple[Part, ...]
    distance: float
    weights: Mapping[Part, float]
    effective_visits: float
    visits: int

    @property
    def may_weigh(self) -> bool:
        """Whether the weighted mean may be printed. Otherwise the plain mean, and the gap in words."""
        return self.covers_enough and self.is_worth(self.visits)

    @property
    def covers_enough(self) -> bool:
        """Whether there were visits where at least four fifths of the traffic are."""
        return self.covered >= LEAST_COVERED - DUST

    def is_worth(self, visits: int) -> bool:
        """Whether the weights leave enough of so many visits, of which some may be in no part."""
        return self.effective_visits >= LEAST_EFFECTIVE * visits - DUST


def cover(traffic: Mapping[Part, float], visits: Mapping[Part, int]) -> Coverage[Part]:
    """How `visits` by part cover the `traffic` by part (any unit; parts with traffic alone count).

    Half the summed distance between the shares; weights by post-stratification; Kish (1965) for their cost."""
    parts = [part for part, share in traffic.items() if share > 0]
    all_traffic = math.fsum(traffic[part] for part in parts)
    made = {part: visits.get(part, 0) for part in parts}
    number = sum(made.values())
    share = {part: traffic[part] / all_traffic for part in parts}
    covered = math.fsum(share[part] for part in parts if made[part])
    weights = {part: share[part] / covered / (made[part] / number) if made[part] else 0.0 for part in parts}
    distance = math.fsum(abs(share[part] - made[part] / number) for part in parts) / 2 if number else 1.0
    each = [weights[part] for part in parts for _ in range(made[part])]
    missing = tuple(part for part in parts if not made[part])
    return Coverage(covered, missing, distance, weights, effective_of_weights(each), number)
