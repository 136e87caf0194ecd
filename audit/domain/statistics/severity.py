"""Which shoppers mark kindly, which severely? For the programme office alone. Owns the estimate of severity.

Refuses what the net of visits does not carry, and never changes a visit's score. Two shoppers can be compared only
through branches that both visited, or a chain of such branches: an island is left out. Henderson's method 3 (1953) for
the components of variance, best linear unbiased prediction for each shopper.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from audit.domain.statistics.dispersion import SHOPPER_SHARE
from audit.domain.statistics.quantiles import normal_probability, two_sided_quantile
from audit.domain.statistics.ranges import Range
from audit.domain.statistics.sweeping import Matrix, sweep_all

LEAST_SHOPPERS, LEAST_VISITS, LEAST_DEGREES = 6, 15, 60
SAME_SIGN = 0.95
_ROUNDS, _CLIP, _ROBUST_SD = 5, 2.0, 1.4826

Marked = tuple[Hashable, Hashable, float]
"""One visit: its branch, its shopper, its score in points."""


@dataclass(frozen=True, slots=True)
class Components:
    """Variances in squared points: of a visit (`sigma2`), between shoppers (`omega2`) and between branches (`tau2`),
    the latter two below 0 where the visits show less than chance would; `degrees` are those of sigma2."""

    sigma2: float
    omega2: float
    tau2: float
    degrees: int


@dataclass(frozen=True)
class Effects:
    """The level `mu`, how far each branch lies from it, and each shopper's severity with its standard error; points.
    A shopper above 0 marks kindly."""

    mu: float
    branches: Mapping[Hashable, float]
    shoppers: Mapping[Hashable, float]
    errors: Mapping[Hashable, float]


@dataclass(frozen=True, slots=True)
class Severity:
    """By how many points a shopper marks above (or below) colleagues in the same branches."""

    shopper: Hashable
    points: float
    standard_error: float
    visits: int

    @property
    def range(self) -> Range:
        """Holds the true severity nine times out of ten."""
        reach = two_sided_quantile() * self.standard_error
        return Range(self.points - reach, self.points + reach)

    @property
    def is_clear(self) -> bool:
        """Whether it may be shown: the direction is sure 95 times out of 100."""
        return normal_probability(abs(self.points) / self.standard_error) >= SAME_SIGN


def severities(visits: Sequence[Marked]) -> list[Severity]:
    """The severity of each shopper with at least 15 visits in a connected net with at least six such shoppers, whose
    shoppers differ by more than chance. Refit with far-off visits pulled in, so that one odd visit does not speak.

    Branches without visits and shoppers in islands are not in the answer."""
    found = []
    for part in connected_parts(visits):
        made = Counter(shopper for _, shopper, _ in part)
        components = _usable_components(part, made)
        if components is None:
            continue
        effects = fit_robustly(part, components)
        found += [
            Severity(shopper, effects.shoppers[shopper], effects.errors[shopper], number)
            for shopper, number in made.items()
            if number >= LEAST_VISITS
        ]
    return sorted(found, key=lambda each: str(each.shopper))


def shopper_share(visits: Sequence[Marked]) -> float:
    """rho: the share, 0 to 1, of the spread between visits that is the shoppers'. 0.10 until it can be estimated: one
    connected net that passes the gate of `severities`, with at least 60 degrees of freedom."""
    parts = connected_parts(visits)
    if len(parts) != 1:
        return SHOPPER_SHARE
    components = _usable_components(parts[0], Counter(shopper for _, shopper, _ in visits))
    if components is None or components.degrees < LEAST_DEGREES:
        return SHOPPER_SHARE
    return components.omega2 / (components.omega2 + components.sigma2)


def calibrated_mean(visits: Iterable[Marked], found: Iterable[Severity]) -> float:
    """The mean of a branch's visits, in points, with each known severity taken off. A second figure, printed beside the
    recorded mean, never instead. ZeroDivisionError without visits."""
    known = {each.shopper: each.points for each in found}
    scores = [score - known.get(shopper, 0.0) for _, shopper, score in visits]
    return math.fsum(scores) / len(scores)


def connected_parts(visits: Sequence[Marked]) -> list[list[Marked]]:
    """The visits parted into nets in which each shopper can be compared with each other through shared branches."""
    parents: dict[Hashable, Hashable] = {}

    def root(node: Hashable) -> Hashable:
        parents.setdefault(node, node)
        while parents[node] != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    for branch, shopper, _ in visits:
        parents[root(("branch", branch))] = root(("shopper", shopper))
    parts: dict[Hashable, list[Marked]] = {}
    for visit in visits:
        parts.setdefault(root(("shopper", visit[1])), []).append(visit)
    return list(parts.values())


def variance_components(visits: Sequence[Marked]) -> Components | None:
    """The components of variance of crossed visits; None where nothing is left to estimate them from. No iteration, and
    no balance needed: a fit of shoppers inside branches gives the squares of all three."""
    branches, shoppers, cells = _tables(visits)
    n, parts = len(visits), len(connected_parts(visits))
    rank_s, rank_b = len(shoppers) - parts, len(branches) - parts
    degrees = n - len(branches) - rank_s
    in_branches = n - _squares_per(cells, branches, 0)
    in_shoppers = n - _squares_per(cells, shoppers, 1)
    if degrees <= 0 or in_branches <= 0 or in_shoppers <= 0:
        return None
    grand = math.fsum(score for _, _, score in visits) / n
    centred = [(branch, shopper, score - grand) for branch, shopper, score in visits]
    sums_b, sums_s = _sums(centred, 0), _sums(centred, 1)
    matrix = _absorbed(centred, 0.0, [0.0] * len(shoppers))
    sweep_all(matrix, len(shoppers))
    left = matrix[-1][-1]
    by_branches = math.fsum(sums_b[branch] ** 2 / made for branch, made in branches.items())
    by_shoppers = math.fsum(sums_s[shopper] ** 2 / made for shopper, made in shoppers.items())
    squares = math.fsum(score * score for _, _, score in centred)
    after_branches = squares - by_branches - left
    after_shoppers = squares - by_shoppers - left
    sigma2 = left / degrees
    omega2 = (after_branches - sigma2 * rank_s) / in_branches
    return Components(sigma2, omega2, (after_shoppers - sigma2 * rank_b) / in_shoppers, degrees)


def fit_effects(visits: Sequence[Marked], components: Components) -> Effects:
    """Level, branches and severities that go best with the visits, given the components (mixed-model equations with the
    branches absorbed). A component of 0 or below holds its effects at 0; ZeroDivisionError if sigma2 is 0."""
    branches, shoppers, _ = _tables(visits)
    sigma2, omega2, tau2 = components.sigma2, max(components.omega2, 1e-12), max(components.tau2, 1e-12)
    pull = sigma2 / tau2
    matrix = _absorbed(visits, pull, [*[sigma2 / omega2] * len(shoppers), 0.0], level=True)
    unknowns = len(shoppers) + 1
    sweep_all(matrix, unknowns)
    solution = [row[-1] for row in matrix[:unknowns]]
    mu, severity = solution[-1], dict(zip(shoppers, solution, strict=False))
    errors = {shopper: math.sqrt(sigma2 * matrix[place][place]) for place, shopper in enumerate(shoppers)}
    rests = dict.fromkeys(branches, 0.0)
    for branch, shopper, score in visits:
        rests[branch] += score - mu - severity[shopper]
    effects = {branch: rests[branch] / (made + pull) for branch, made in branches.items()}
    return Effects(mu, effects, severity, errors)


def fit_robustly(visits: Sequence[Marked], components: Components, rounds: int = _ROUNDS) -> Effects:
    """The same after a few rounds in which a visit further off than two robust standard deviations is pulled in to
    them: three visits in a hundred that are grossly wrong then cost little."""
    effects = fit_effects(visits, components)
    for _ in range(rounds):
        fitted = [effects.mu + effects.branches[branch] + effects.shoppers[shopper] for branch, shopper, _ in visits]
        off = [visit[2] - fit for visit, fit in zip(visits, fitted, strict=True)]
        most = _CLIP * _ROBUST_SD * sorted(map(abs, off))[len(off) // 2]
        if most <= 0:
            break
        pulled = [
            (branch, shopper, fit + min(most, max(-most, rest)))
            for (branch, shopper, _), fit, rest in zip(visits, fitted, off, strict=True)
        ]
        effects = fit_effects(pulled, components)
    return effects


def _usable_components(part: Sequence[Marked], made: Mapping[Hashable, int]) -> Components | None:
    if sum(number >= LEAST_VISITS for number in made.values()) < LEAST_SHOPPERS:
        return None
    components = variance_components(part)
    return components if components and components.omega2 > 0 and components.sigma2 > 0 else None


def _absorbed(visits: Sequence[Marked], pull: float, ridge: Sequence[float], level: bool = False) -> Matrix:
    """The equations of shoppers (and last the common level) and scores, once each branch has taken its share: n_b
    visits give n_b / (n_b + pull) of it. `ridge` is added to the diagonal, one for each unknown."""
    branches, shoppers, cells = _tables(visits)
    place = {shopper: index for index, shopper in enumerate(shoppers)}
    size = len(ridge) + 1
    matrix = [[0.0] * size for _ in range(size)]
    vectors: dict[Hashable, dict[int, float]] = {branch: {} for branch in branches}
    for (branch, shopper), made in cells.items():
        vectors[branch][place[shopper]] = float(made)
    sums_b, sums_s = _sums(visits, 0), _sums(visits, 1)
    for shopper, made in shoppers.items():
        own = {place[shopper]: 1.0, **({len(shoppers): 1.0} if level else {}), size - 1: sums_s[shopper] / made}
        _add(matrix, own, float(made))
    # The corner holds squares of single scores, which sums over shoppers do not.
    matrix[-1][-1] = math.fsum(score * score for _, _, score in visits)
    for branch, made in branches.items():
        vector = {**vectors[branch], **({len(shoppers): float(made)} if level else {}), size - 1: sums_b[branch]}
        _add(matrix, vector, -1 / (made + pull))
    for index, extra in enumerate(ridge):
        matrix[index][index] += extra
    return matrix


def _add(matrix: Matrix, vector: Mapping[int, float], factor: float) -> None:
    for i, first in vector.items():
        row = matrix[i]
        for j, second in vector.items():
            row[j] += factor * first * second


def _tables(
    visits: Sequence[Marked],
) -> tuple[Counter[Hashable], Counter[Hashable], Counter[tuple[Hashable, Hashable]]]:
    """How many visits each branch, each shopper, and each pair of them has."""
    return (
        Counter(branch for branch, _, _ in visits),
        Counter(shopper for _, shopper, _ in visits),
        Counter((branch, shopper) for branch, shopper, _ in visits),
    )


def _squares_per(cells: Mapping[tuple[Hashable, Hashable], int], totals: Mapping[Hashable, int], side: int) -> float:
    return math.fsum(made * made / totals[pair[side]] for pair, made in cells.items())


def _sums(visits: Sequence[Marked], side: int) -> dict[Hashable, float]:
    sums: dict[Hashable, float] = {}
    for visit in visits:
        sums[visit[side]] = sums.get(visit[side], 0.0) + visit[2]
    return sums
