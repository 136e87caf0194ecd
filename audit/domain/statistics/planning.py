"""How many visits does it take? Owns the numbers to plan with; refuses to promise what few visits cannot show.

`visit_variance` is the variance of one visit's score in squared points, shopper and visit together: 160 where visits
differ by 12 points and shoppers by 4. Near 100 it falls: use dispersion * m * (100 - m).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from audit.domain.statistics.dust import DUST
from audit.domain.statistics.quantiles import LEVEL, normal_quantile, two_sided_quantile

POWER = 0.8


def visits_to_tell_apart_exactly(
    points: float, visit_variance: float, level: float = LEVEL, power: float = POWER
) -> float:
    """Visits to each of two branches, as a fraction, by the normal approximation; `points` > 0 is their difference."""
    quantiles = two_sided_quantile(level) + normal_quantile(power)
    return 2 * visit_variance * (quantiles / points) ** 2


def visits_to_tell_apart(points: float, visit_variance: float, level: float = LEVEL, power: float = POWER) -> int:
    """Whole visits to each of two branches to see a difference of `points` with probability `power`.

    Corrected for a spread that is itself estimated by a quarter of the squared quantile (Guenther 1981)."""
    exactly = visits_to_tell_apart_exactly(points, visit_variance, level, power)
    return _whole(exactly + two_sided_quantile(level) ** 2 / 4)


def points_told_apart(visits: int, visit_variance: float, points: Sequence[int]) -> int | None:
    """The smallest of these differences, in points, that so many visits to each branch tell apart; None if they show
    none of them."""
    return next((each for each in sorted(points) if visits_to_tell_apart(each, visit_variance) <= visits), None)


def visits_for_reliability(wanted: float, branch_variance: float, visit_variance: float) -> int:
    """Visits to each branch for a reliability of `wanted`, 0 to below 1, where branches differ by `branch_variance`."""
    return _whole(wanted / (1 - wanted) * visit_variance / branch_variance)


def visits_for_half_width(points: float, visit_variance: float, level: float = LEVEL) -> int:
    """Visits for a range of plus or minus `points` > 0."""
    return _whole(two_sided_quantile(level) ** 2 * visit_variance / points**2)


def _whole(visits: float) -> int:
    return math.ceil(visits - DUST)
