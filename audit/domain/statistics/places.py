"""Between which places of its area a branch may stand. Owns place ranges; refuses a place as one number."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from audit.domain.statistics.draws import Draws
from audit.domain.statistics.groups import LEAST_BRANCHES, NOT_RANKED, AreaLevels, may_trail
from audit.domain.statistics.measuring import AreaFigures
from audit.domain.statistics.quantiles import LEVEL, normal_probability, normal_quantile

DRAWS = 2_000

PlaceRange = tuple[int, int]
"""The best and the worst place that is plausible; 1 is the best of the area."""


@dataclass(frozen=True, slots=True)
class StrictPlaces:
    """By branch that is ranked, places that hold for all of them at once, among so many `branches` of the area."""

    branches: int
    places: Mapping[str, PlaceRange]

    @property
    def settled(self) -> dict[str, PlaceRange]:
        """Those of the branches that cannot stand just anywhere."""
        return {branch: places for branch, places in self.places.items() if places != (1, self.branches)}


def place_ranges(levels: AreaLevels, seed: str, level: float = LEVEL, number: int = DRAWS) -> list[PlaceRange]:
    """For each branch the range that holds its place with probability `level`, from `number` draws of all levels.

    `seed` names area, period and version of the visits, so that the same page prints the same twice. Work grows with
    branches times draws: 0.1 s for 50 branches, to be done once and kept."""
    places = _draw_places(levels, Draws(seed), number)
    tail = (1 - level) / 2 * number
    return [(_place_at(counts, tail), _place_at(counts, number - tail)) for counts in places]


def expected_places(levels: AreaLevels) -> list[float]:
    """For each branch the mean of its place: one, and the probabilities that each other branch lies above it. Grows
    with the square of the number of branches.

    No page shows it, since one number would be read as a rank: it is the exact answer that draws are held to."""
    expected = [1.0] * len(levels.means)
    branches = range(len(levels.means))
    for spread in levels.grid:
        pulls = [v / (v + spread.tau2) for v in levels.variances]
        own = [v * (1 - pull) for v, pull in zip(levels.variances, pulls, strict=True)]
        centres = [pull * spread.mu + (1 - pull) * y for y, pull in zip(levels.means, pulls, strict=True)]
        for b in branches:
            for c in branches[b + 1 :]:
                variance = own[b] + own[c] + (pulls[b] - pulls[c]) ** 2 * spread.mu_variance
                ahead = normal_probability((centres[c] - centres[b]) / math.sqrt(max(variance, 1e-18)))
                expected[b] += spread.weight * ahead
                expected[c] += spread.weight * (1 - ahead)
    return expected


def strict_places(
    means: Sequence[float],
    variances: Sequence[float],
    level: float = LEVEL,
    may_trail: Sequence[bool] | None = None,
) -> list[PlaceRange]:
    """Place ranges that hold for all branches at once with probability `level`: what to ask before money depends on
    them. From all pairwise differences, after Bonferroni (the idea of Mogstad, Romano, Shaikh and Wilhelm 2024). Of a
    branch that may not trail nobody is taken to be better; None: all may."""
    k = len(means)
    if k < 2:
        return [(1, 1)] * k
    z = normal_quantile(1 - (1 - level) / 2 / (k * (k - 1)))
    trailing = list(may_trail or [True] * k)
    everybody = _by_variance(means, variances, [True] * k)
    those_below = _by_variance(means, variances, trailing)
    ranges = []
    for mean, variance, may in zip(means, variances, trailing, strict=True):
        better = worse = 0
        if may:
            for its, sorted_means in everybody.items():
                better += len(sorted_means) - bisect_right(sorted_means, mean + z * _spread(variance, its))
        for its, sorted_means in those_below.items():
            worse += bisect_left(sorted_means, mean - z * _spread(variance, its))
        ranges.append((1 + better, k - worse))
    return ranges


def settle_places(area: AreaFigures) -> StrictPlaces | None:
    """The strict places of an area's branches; None where they are not compared with one another: fewer than five, or
    none that is ranked yet. What holds for groups holds here: a branch that is not ranked is held against nobody and
    may stand anywhere, and where scores pile up at 100 none with few visits, or few answers lost, is worse than
    another."""
    ranked = [place for place, each in enumerate(area.branches) if each.group != NOT_RANKED]
    branches = [area.branches[place] for place in ranked]
    if len(area.branches) < LEAST_BRANCHES or not ranked:
        return None
    found = strict_places(
        [area.levels.means[place] for place in ranked],
        [area.levels.variances[place] for place in ranked],
        may_trail=[may_trail(each.visits, area.at_ceiling, each.few_lost) for each in branches],
    )
    anywhere = len(area.branches) - len(ranked)
    places = {
        area.branches[place].branch: (best, worst + anywhere)
        for place, (best, worst) in zip(ranked, found, strict=True)
    }
    return StrictPlaces(len(area.branches), places)


def _draw_places(levels: AreaLevels, draws: Draws, number: int) -> list[list[int]]:
    """For each branch how often it stood at each place."""
    k = len(levels.means)
    cumulated = list(accumulate(spread.weight for spread in levels.grid))
    shapes = [_shape(levels, place) for place in range(len(levels.grid))]
    counts = [[0] * k for _ in range(k)]
    for share in draws.shares(number):
        point = min(bisect_left(cumulated, share), len(shapes) - 1)
        pulls, centres, scales = shapes[point]
        spread = levels.grid[point]
        shift, *noise = draws.normals(k + 1)
        shift *= math.sqrt(spread.mu_variance)
        drawn = [m + b * shift + s * z for m, b, s, z in zip(centres, pulls, scales, noise, strict=True)]
        for place, branch in enumerate(sorted(range(k), key=drawn.__getitem__, reverse=True)):
            counts[branch][place] += 1
    return counts


def _shape(levels: AreaLevels, point: int) -> tuple[list[float], list[float], list[float]]:
    """For one point of the grid: each branch's pull towards the area, centre, and own standard deviation."""
    spread = levels.grid[point]
    pulls = [v / (v + spread.tau2) for v in levels.variances]
    centres = [pull * spread.mu + (1 - pull) * y for y, pull in zip(levels.means, pulls, strict=True)]
    return pulls, centres, [math.sqrt(v * (1 - pull)) for v, pull in zip(levels.variances, pulls, strict=True)]


def _by_variance(means: Sequence[float], variances: Sequence[float], taken: Sequence[bool]) -> dict[float, list[float]]:
    """The means of those that are taken, in their order, by variance: branches with as many visits share most of the
    work, and none is held against each of the others."""
    found: dict[float, list[float]] = {}
    for mean, variance, is_taken in zip(means, variances, taken, strict=True):
        if is_taken:
            found.setdefault(variance, []).append(mean)
    return {variance: sorted(its) for variance, its in found.items()}


def _spread(variance: float, other: float) -> float:
    return math.sqrt(max(variance + other, 1e-18))


def _place_at(counts: Sequence[int], times: float) -> int:
    """The first place by which the branch had stood so many times, or better."""
    so_far = 0
    for place, count in enumerate(counts, start=1):
        so_far += count
        if so_far >= times:
            return place
    return len(counts)
