"""Which branches of an area are clearly above, clearly below, or cannot be told apart. Refuses to put them in an order.

Normal means with an unknown spread between branches: mean_b ~ N(theta_b, v_b), theta_b ~ N(mu, tau^2), flat priors on
mu and on tau up to a bound; tau is summed over a grid of midpoints, so no draw is needed (Lin, Louis, Paddock and
Ridgeway 2006: ranks and thresholds from the posterior).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from audit.domain.statistics.quantiles import incomplete_beta

ABOVE, ALIKE, BELOW, NOT_RANKED = "above", "cannot be told apart", "below", "not ranked"
CLEAR = 0.9
LEAST_VISITS, LEAST_SHOPPERS, LEAST_BRANCHES = 3, 2, 5
CEILING_SHARE, LEAST_VISITS_AT_CEILING = 0.25, 6
LEAST_LOST = 1
"""Where fewer answers than this are expected to be lost in all visits to a branch, they are counted: no bell curve."""

_GRID = 24
_BOUND_SPREADS, _USUAL_BOUND = 3.5, 8.0
_NEGLIGIBLE = 1e-9


@dataclass(frozen=True, slots=True)
class Spread:
    """One point of the grid: a spread between branches `tau2` (squared points), its `weight` (all add to 1), and the
    area's level `mu` with its variance, given that spread."""

    weight: float
    tau2: float
    mu: float
    mu_variance: float


@dataclass(frozen=True)
class AreaLevels:
    """What is known about the levels of an area's branches after their visits: `means` in points, each with its
    `variances` (squared points), and the `grid` of spreads between branches that go with them."""

    means: tuple[float, ...]
    variances: tuple[float, ...]
    grid: tuple[Spread, ...]

    @cached_property
    def kinds(self) -> dict[float, tuple[int, float]]:
        """For each different variance: how many branches have it, and the sum of their means. Branches with the same
        number of visits share most of the work."""
        return _sum_by_variance(self.means, self.variances)

    def above_average(self) -> list[float]:
        """For each branch the probability that its level lies above the mean level of the area's branches.

        Of one branch alone 0.5: it is its own average."""
        return self._probabilities(None)

    def above_standard(self, standard: float) -> list[float]:
        """For each branch the probability that its level lies above `standard`, in points."""
        return self._probabilities(standard)

    def best_estimates(self) -> list[float]:
        """For each branch its level in points, drawn towards the area's by as much as its visits are few. No page
        shows it: for the worst tenth of branches it is biased, and by it nobody is put in order. It is what the grid is
        held to its vector by, and what a forecast of the next visits would begin with."""
        sums = [0.0] * len(self.means)
        for spread in self.grid:
            for place, (mean, variance) in enumerate(zip(self.means, self.variances, strict=True)):
                pull = variance / (variance + spread.tau2)
                sums[place] += spread.weight * (pull * spread.mu + (1 - pull) * mean)
        return sums

    def _probabilities(self, standard: float | None) -> list[float]:
        sums = [0.0] * len(self.means)
        for spread in self.grid:
            lines = self._lines(spread, standard)
            weight, erfc = spread.weight / 2, math.erfc
            if len(lines) == 1:
                ((slope, height),) = lines.values()
                sums = [so_far + weight * erfc(slope * y + height) for so_far, y in zip(sums, self.means, strict=True)]
                continue
            for place, (mean, variance) in enumerate(zip(self.means, self.variances, strict=True)):
                slope, height = lines[variance]
                sums[place] += weight * erfc(slope * mean + height)
        return [min(1.0, max(0.0, p)) for p in sums]

    def _lines(self, spread: Spread, standard: float | None) -> dict[float, tuple[float, float]]:
        """For each variance the slope and height of the line from a branch's mean to the argument of erfc."""
        k = len(self.means)
        pulls = {v: v / (v + spread.tau2) for v in self.kinds}
        own = {v: v * (1 - pull) for v, pull in pulls.items()}
        average_pull = sum(n * pulls[v] for v, (n, _) in self.kinds.items()) / k
        all_own = sum(n * own[v] for v, (n, _) in self.kinds.items()) / (k * k)
        centre = standard
        if centre is None:
            centre = sum((1 - pulls[v]) * total + pulls[v] * n * spread.mu for v, (n, total) in self.kinds.items()) / k
        lines = {}
        for v, pull in pulls.items():
            if standard is None:
                variance = own[v] * (1 - 2 / k) + all_own + (pull - average_pull) ** 2 * spread.mu_variance
            else:
                variance = own[v] + pull * pull * spread.mu_variance
            # Of branches that are known exactly and are alike neither is above the other: 0.5, not a division by zero.
            scale = -1 / math.sqrt(2 * max(variance, 1e-18))
            lines[v] = (1 - pull) * scale, (pull * spread.mu - centre) * scale
        return lines


def learn_levels(means: Sequence[float], variances: Sequence[float]) -> AreaLevels:
    """The levels of at least one branch, from the mean of each (points) and the variance of that mean."""
    grand = math.fsum(means) / len(means)
    spread = math.sqrt(math.fsum((mean - grand) ** 2 for mean in means) / len(means))
    # A step is at most half of what chance does to a mean. Else the grid would begin above chance and pull nobody: next
    # to 100, one lost question would make a branch worse than its equals.
    finest = _GRID / 2 * math.sqrt(max(variances))
    bound = max(_BOUND_SPREADS * spread, min(_USUAL_BOUND, finest)) or _USUAL_BOUND
    kinds: dict[float, list[float]] = {}
    for mean, variance in zip(means, variances, strict=True):
        sums = kinds.setdefault(variance, [0, 0.0, 0.0])
        sums[0] += 1
        sums[1] += mean - grand
        sums[2] += (mean - grand) ** 2
    points = [_weigh(kinds, ((step + 0.5) * bound / _GRID) ** 2) for step in range(_GRID)]
    highest = max(log_weight for log_weight, _, _, _ in points)
    raw = [(math.exp(log_weight - highest), tau2, mu, variance) for log_weight, tau2, mu, variance in points]
    total = math.fsum(weight for weight, *_ in raw)
    grid = [Spread(w / total, tau2, grand + mu, variance) for w, tau2, mu, variance in raw if w / total > _NEGLIGIBLE]
    return AreaLevels(tuple(means), tuple(variances), tuple(grid))


def group_of(probability: float, visits: int, shoppers: int, at_ceiling: bool = False, few_lost: bool = False) -> str:
    """The group of a branch by the probability that it lies above. Refuses ("not ranked") fewer than three visits or
    two shoppers, and does not say "below" where the promise of nine in ten would not hold: see `may_trail`."""
    if visits < LEAST_VISITS or shoppers < LEAST_SHOPPERS:
        return NOT_RANKED
    if probability >= CLEAR:
        return ABOVE
    if probability <= 1 - CLEAR + 1e-12 and may_trail(visits, at_ceiling, few_lost):
        return BELOW
    return ALIKE


def may_trail(visits: int, at_ceiling: bool, few_lost: bool) -> bool:
    """Whether a branch may be called worse than others: not before six visits where many scores are exactly 100, and
    not for what luck may have lost."""
    return not few_lost and not (at_ceiling and visits < LEAST_VISITS_AT_CEILING)


def lost_few(mean: float, area_mean: float, answers: float, branches: int) -> bool:
    """Whether a branch lost no more than luck takes from one of so many equals, in an area where hardly an answer is
    lost. There the means are no bell curve: two lost in all visits to a branch lie five standard deviations off, and
    yet it happens to one of fifty. So lost answers are counted, out of so many `answers` of the branch."""
    share = 1 - area_mean / 100
    if answers * share >= LEAST_LOST:
        return False
    lost = answers * (1 - mean / 100)
    return lost <= 0 or branches * incomplete_beta(lost, answers - lost + 1, share) > 1 - CLEAR


def is_at_ceiling(scores: Sequence[float]) -> bool:
    """Whether more than a quarter of these scores (0 to 100) are exactly 100."""
    return bool(scores) and sum(score == 100 for score in scores) > CEILING_SHARE * len(scores)


def _weigh(kinds: dict[float, list[float]], tau2: float) -> tuple[float, float, float, float]:
    """(log of the weight up to a constant, tau2, mu, variance of mu) with mu counted from the mean of means."""
    total = math.fsum(n / (v + tau2) for v, (n, _, _) in kinds.items())
    mu = math.fsum(s / (v + tau2) for v, (_, s, _) in kinds.items()) / total
    fit = math.fsum((squares - 2 * mu * s + n * mu * mu) / (v + tau2) for v, (n, s, squares) in kinds.items())
    logs = math.fsum(n * math.log(v + tau2) for v, (n, _, _) in kinds.items())
    return -0.5 * (logs + math.log(total) + fit), tau2, mu, 1 / total


def _sum_by_variance(means: Sequence[float], variances: Sequence[float]) -> dict[float, tuple[int, float]]:
    sums: dict[float, list[float]] = {}
    for mean, variance in zip(means, variances, strict=True):
        sums.setdefault(variance, []).append(mean)
    return {variance: (len(found), math.fsum(found)) for variance, found in sums.items()}
