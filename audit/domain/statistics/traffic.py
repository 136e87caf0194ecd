"""When customers come, as an organisation says it itself, and a mean that is weighed by it. Owns the parts of a week.

Refuses to weigh where visits missed a fifth of the customers, or where the weights would cost too many of the visits:
there the plain mean stands alone, and the gap is told. Never in place of the plain mean.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from audit.domain.errors import InvalidField
from audit.domain.statistics.coverage import Coverage, cover
from audit.domain.statistics.dispersion import SHOPPER_SHARE, Dispersion
from audit.domain.statistics.ranges import Range, effective_of_weighted, likely_range, weighted_mean

DAYS = range(7)
"""0 is Monday."""
PARTS = ("morning", "midday", "afternoon", "evening")
HOURS: Mapping[str, tuple[int, int]] = {
    "morning": (0, 12),
    "midday": (12, 14),
    "afternoon": (14, 17),
    "evening": (17, 24),
}
"""From which hour to which. The afternoon of reports is midday and afternoon together, so that
the two say nothing more of a visit when they are read side by side."""

PartOfWeek = tuple[int, str]
"""A weekday and a part of the day."""
WEEK: tuple[PartOfWeek, ...] = tuple((day, part) for day in DAYS for part in PARTS)


def part_of_week(local: datetime) -> PartOfWeek:
    """The part of the week in which a moment lies, by the clock of the branch."""
    return local.weekday(), next(part for part, (_, end) in HOURS.items() if local.hour < end)


@dataclass(frozen=True)
class Traffic:
    """How many customers come in each part of the week, in any unit; none where nothing is said. InvalidField for a
    part that is not there, a number below 0, or a week without a customer."""

    customers: Mapping[PartOfWeek, Fraction]

    def __post_init__(self) -> None:
        if any(part not in WEEK or number < 0 for part, number in self.customers.items()):
            raise InvalidField("Write a number from 0 on, such as 12 or 12.5.")
        if not any(self.customers.values()):
            raise InvalidField("Say for at least one part of the week how many customers come.")

    def share(self, part: PartOfWeek) -> Fraction:
        """The share of all customers, 0 to 1, that come in this part of the week."""
        return self.customers.get(part, Fraction(0)) / sum(self.customers.values())


class TimedVisit(NamedTuple):
    """One visit: the part of the week in which it began, None where that is not known, its score in points, and its
    shopper."""

    part: PartOfWeek | None
    score: float
    shopper: str = ""


@dataclass(frozen=True)
class Weighed:
    """Visits held against the traffic. `made` is how many visits there were in each part; of `visits` in all `untimed`
    have none. `mean` is the weighed mean in points, None where it may not be printed; `worth` what the visits are worth
    so weighed (Kish), `effective_visits` the same with what shoppers have in common."""

    traffic: Traffic
    coverage: Coverage[PartOfWeek]
    made: Mapping[PartOfWeek, int]
    visits: int
    untimed: int
    mean: float | None
    effective_visits: float

    @property
    def worth(self) -> float:
        return self.coverage.effective_visits

    @property
    def is_covered(self) -> bool:
        """Whether the visits were at times when enough of the customers come."""
        return self.coverage.covers_enough

    def likely_range(self, dispersion: Dispersion) -> Range | None:
        """Where the level so weighed probably lies, in points."""
        if self.mean is None:
            return None
        return likely_range(min(100.0, max(0.0, self.mean)), self.effective_visits, dispersion)


def weigh(traffic: Traffic, visits: Iterable[TimedVisit], shopper_share: float = SHOPPER_SHARE) -> Weighed:
    """Visits by part of the week, and their mean if each counts as much as the customers that it stands for. A visit
    without a time, or at a time when no customer comes, has no weight, and counts among those that weighing costs."""
    all_visits = list(visits)
    made: dict[PartOfWeek, int] = {}
    for visit in all_visits:
        if visit.part is not None:
            made[visit.part] = made.get(visit.part, 0) + 1
    coverage = cover({part: float(number) for part, number in traffic.customers.items()}, made)
    weights = [coverage.weights.get(visit.part, 0.0) if visit.part else 0.0 for visit in all_visits]
    may_weigh = coverage.covers_enough and coverage.is_worth(len(all_visits))
    by_shopper: dict[object, list[float]] = {}
    for place, (visit, weight) in enumerate(zip(all_visits, weights, strict=True)):
        by_shopper.setdefault(visit.shopper or place, []).append(weight)
    return Weighed(
        traffic,
        coverage,
        made,
        len(all_visits),
        len(all_visits) - sum(made.values()),
        weighted_mean([visit.score for visit in all_visits], weights) if may_weigh else None,
        effective_of_weighted(by_shopper.values(), shopper_share) if math.fsum(weights) else 0.0,
    )
