"""How much one visit differs from the next in the same branch, pooled over branches. Refuses a branch's own spread.

Three visits say next to nothing about their own spread; all branches together do. One dispersion serves all levels,
since the variance of a score shrinks towards 0 and 100: Var(y) = phi * m * (100 - m) (quasi-binomial, Wedderburn 1974).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from audit.domain.statistics.quantiles import LEVEL, student_quantile

PRIOR_PHI = 0.10
PRIOR_DEGREES = 10
FEW_DEGREES = 20
"""Below so many degrees of freedom the dispersion leans on what was assumed beforehand."""
SHOPPER_SHARE = 0.10
"""The share of the spread between visits that is the shoppers', as long as a programme cannot estimate its own."""


@dataclass(frozen=True)
class Dispersion:
    """`phi`: one visit carries as much as 1/phi independent yes-or-no answers. `raw` is what the visits alone say, None
    where they say nothing; `degrees_of_freedom` is the sum of visits minus one over branches and periods."""

    phi: float
    degrees_of_freedom: int
    raw: float | None = None
    prior_degrees: int = PRIOR_DEGREES

    @property
    def leans_on_its_prior(self) -> bool:
        """Whether branches were visited again too seldom for the visits alone to show it."""
        return self.degrees_of_freedom < FEW_DEGREES

    @cached_property
    def t(self) -> float:
        """Student's quantile for a range that holds nine times out of ten."""
        return self.t_at(LEVEL)

    def t_at(self, level: float) -> float:
        """Student's quantile for a two-sided range at `level`, 0 to 1."""
        return student_quantile((1 + level) / 2, self.degrees_of_freedom + self.prior_degrees)

    def visit_variance(self, mean: float) -> float:
        """The variance of one visit's score, in squared points, where the level is `mean`, 0 to 100."""
        return self.phi * mean * (100 - mean)


def measure_dispersion(
    groups: Iterable[Sequence[float]],
    repeat_factor: float = 1.0,
    prior_phi: float = PRIOR_PHI,
    prior_degrees: int = PRIOR_DEGREES,
) -> Dispersion:
    """The dispersion of scores (0 to 100) given as one group for each branch and period, so that a trend inside a
    branch is not taken for chance. Moment estimator, weighed with a prior worth `prior_degrees` degrees of freedom.

    Visits that are all 0 or all 100 say nothing about phi: then the prior stands alone."""
    squares, expected, degrees = [], [], 0
    for scores in groups:
        n = len(scores)
        if n < 2:
            continue
        mean = math.fsum(scores) / n
        spread = math.fsum([(score - mean) ** 2 for score in scores])
        squares.append(spread)
        expected.append((n - 1) * mean * (100 - mean) + spread / n)
        degrees += n - 1
    scale = math.fsum(expected)
    if scale <= 0:
        return Dispersion(prior_phi, degrees, None, prior_degrees)
    raw = math.fsum(squares) / scale
    phi = (prior_degrees * prior_phi + degrees * raw) / (prior_degrees + degrees)
    return Dispersion(phi * repeat_factor, degrees, raw, prior_degrees)


def pool_dispersions(first: Dispersion, second: Dispersion, prior_phi: float = PRIOR_PHI) -> Dispersion:
    """One dispersion of two periods, so that a change between them is held against chance in both: each weighed by its
    degrees of freedom, the prior counted once. Exact where both periods lie at the same level."""
    prior = first.prior_degrees
    degrees = first.degrees_of_freedom + second.degrees_of_freedom
    phi = math.fsum((prior + each.degrees_of_freedom) * each.phi for each in (first, second)) - prior * prior_phi
    return Dispersion(phi / (prior + degrees), degrees, None, prior)


def repeated_shoppers_factor(visits_by_shopper: Iterable[Sequence[int]], shopper_share: float = SHOPPER_SHARE) -> float:
    """By how much repeated shoppers make the spread inside branches too small, at least 1.

    One sequence for each branch and period: how many of its visits each shopper made. A shopper's severity is the same
    in all of them, so that with components sigma2 + omega2 = V the squares inside a branch are expected to be
    V * [(n - 1) - rho * (sum n_s^2 / n - 1)] instead of V * (n - 1)."""
    degrees, seen = 0, []
    for counts in visits_by_shopper:
        n = sum(counts)
        if n < 2:
            continue
        degrees += n - 1
        seen.append(n - 1 - shopper_share * (sum(count * count for count in counts) / n - 1))
    total = math.fsum(seen)
    return degrees / total if total > 0 else 1.0
