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

from audit.domain.statistics.dispersion import PRIOR_DEGREES, SHOPPER_SHARE
from audit.domain.statistics.quantiles import normal_probability, two_sided_quantile
from audit.domain.statistics.ranges import Range
from audit.domain.statistics.sweeping import Matrix, sweep_all

LEAST_SHOPPERS, LEAST_VISITS, LEAST_DEGREES = 6, 15, 60
SAME_SIGN = 0.95
_MOST_SHOPPERS, _MOST_MARKED = 150, 20_000
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
        effects = fit_effects(part, components, _ROUNDS)
        found += [
            Severity(shopper, effects.shoppers[shopper], effects.errors[shopper], number)
            for shopper, number in made.items()
            if number >= LEAST_VISITS
        ]
    return sorted(found, key=lambda each: str(each.shopper))


def shopper_share(visits: Sequence[Marked]) -> float:
    """rho: the share, 0 to 1, of the spread between visits that is the shoppers', in whole per cent. 0.10 until it can
    be estimated: six shoppers with fifteen visits each, and at least 60 degrees of freedom. Weighed with that 0.10 for
    the worth of ten shoppers more, as the dispersion is with its own: few shoppers cannot show it, and a share that
    luck put near 0 would make every range too short. Nets that no branch links say it together; a shopper who shares
    no branch with another says nothing.

    Of very many the 150 shoppers with most visits, and 20,000 of their visits, are enough."""
    made = Counter(shopper for _, shopper, _ in visits)
    if sum(number >= LEAST_VISITS for number in made.values()) < LEAST_SHOPPERS:
        return SHOPPER_SHARE
    some = _some_of(visits, made)
    components = variance_components(some)
    if components is None or components.degrees < LEAST_DEGREES or components.sigma2 <= 0:
        return SHOPPER_SHARE
    seen = len({shopper for _, shopper, _ in some}) - len(connected_parts(some))
    between = max(0.0, components.omega2)
    share = between / (between + components.sigma2)
    return round((seen * share + PRIOR_DEGREES * SHOPPER_SHARE) / (seen + PRIOR_DEGREES), 2)


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
    net = _Net.of(visits)
    n, parts = len(visits), len(connected_parts(visits))
    rank_s, rank_b = len(net.shoppers) - parts, len(net.branches) - parts
    degrees = n - len(net.branches) - rank_s
    in_branches = n - math.fsum(made * made / net.branches[branch] for (branch, _), made in net.cells.items())
    in_shoppers = n - math.fsum(made * made / net.shoppers[shopper] for (_, shopper), made in net.cells.items())
    if degrees <= 0 or in_branches <= 0 or in_shoppers <= 0:
        return None
    grand = math.fsum(score for _, _, score in visits) / n
    centred = [(branch, shopper, score - grand) for branch, shopper, score in visits]
    by_branches, by_shoppers = _explained(centred, 0, net.branches), _explained(centred, 1, net.shoppers)
    squares = math.fsum(score * score for _, _, score in centred)
    inverse = net.inverse(0.0, [0.0] * len(net.shoppers))
    right = net.right_hand(centred, 0.0)[:-1]
    shoppers_in_branches = _dot(right, _times(inverse, right))
    sigma2 = (squares - by_branches - shoppers_in_branches) / degrees
    branches_in_shoppers = by_branches + shoppers_in_branches - by_shoppers
    return Components(
        sigma2,
        (shoppers_in_branches - sigma2 * rank_s) / in_branches,
        (branches_in_shoppers - sigma2 * rank_b) / in_shoppers,
        degrees,
    )


def fit_effects(visits: Sequence[Marked], components: Components, rounds: int = 0) -> Effects:
    """Level, branches and severities that go best with the visits, given the components (mixed-model equations with the
    branches absorbed). A component of 0 or below holds its effects at 0; ZeroDivisionError if sigma2 is 0.

    In each of the `rounds` that follow, a visit further off than two robust standard deviations is pulled in to them:
    three visits in a hundred that are grossly wrong then cost little."""
    net = _Net.of(visits)
    sigma2, omega2, tau2 = components.sigma2, max(components.omega2, 1e-12), max(components.tau2, 1e-12)
    pull = sigma2 / tau2
    inverse = net.inverse(pull, [*[sigma2 / omega2] * len(net.shoppers), 0.0])
    errors = {shopper: math.sqrt(sigma2 * inverse[place][place]) for place, shopper in enumerate(net.shoppers)}
    effects = net.effects(visits, pull, inverse, errors)
    for _ in range(rounds):
        effects = net.effects(_pulled_in(visits, effects), pull, inverse, errors)
    return effects


@dataclass(frozen=True)
class _Net:
    """Who visited what: the numbers of visits of branches, of shoppers, and of pairs of them."""

    branches: Counter[Hashable]
    shoppers: Counter[Hashable]
    cells: Counter[tuple[Hashable, Hashable]]

    @classmethod
    def of(cls, visits: Sequence[Marked]) -> _Net:
        return cls(
            Counter(branch for branch, _, _ in visits),
            Counter(shopper for _, shopper, _ in visits),
            Counter((branch, shopper) for branch, shopper, _ in visits),
        )

    def inverse(self, pull: float, ridge: Sequence[float]) -> Matrix:
        """The inverse of the equations of shoppers, and of the common level if `ridge` has one number more, once each
        branch has taken its share: n_b visits give n_b / (n_b + pull) of it. `ridge` is added to the diagonal."""
        place = {shopper: index for index, shopper in enumerate(self.shoppers)}
        level = [len(self.shoppers)] if len(ridge) > len(self.shoppers) else []
        matrix = [[0.0] * len(ridge) for _ in ridge]
        seen: dict[Hashable, dict[int, float]] = {
            branch: {index: float(made) for index in level} for branch, made in self.branches.items()
        }
        for (branch, shopper), made in self.cells.items():
            seen[branch][place[shopper]] = float(made)
        for shopper, made in self.shoppers.items():
            _add(matrix, dict.fromkeys([place[shopper], *level], 1.0), float(made))
        for branch, made in self.branches.items():
            _add(matrix, seen[branch], -1 / (made + pull))
        for index, extra in enumerate(ridge):
            matrix[index][index] += extra
        sweep_all(matrix, len(ridge))
        return matrix

    def right_hand(self, visits: Sequence[Marked], pull: float) -> list[float]:
        """The scores' side of the equations, one for each shopper and last the common level."""
        shares = {branch: total / (self.branches[branch] + pull) for branch, total in _sums(visits, 0).items()}
        sums = _sums(visits, 1)
        for (branch, shopper), made in self.cells.items():
            sums[shopper] -= made * shares[branch]
        return [*(sums[shopper] for shopper in self.shoppers), math.fsum(sums.values())]

    def effects(
        self, visits: Sequence[Marked], pull: float, inverse: Matrix, errors: Mapping[Hashable, float]
    ) -> Effects:
        solution = _times(inverse, self.right_hand(visits, pull))
        mu, severity = solution[-1], dict(zip(self.shoppers, solution, strict=False))
        rests = dict.fromkeys(self.branches, 0.0)
        for branch, shopper, score in visits:
            rests[branch] += score - mu - severity[shopper]
        levels = {branch: rests[branch] / (made + pull) for branch, made in self.branches.items()}
        return Effects(mu, levels, severity, errors)


def _pulled_in(visits: Sequence[Marked], effects: Effects) -> list[Marked]:
    fitted = [effects.mu + effects.branches[branch] + effects.shoppers[shopper] for branch, shopper, _ in visits]
    off = [visit[2] - fit for visit, fit in zip(visits, fitted, strict=True)]
    most = _CLIP * _ROBUST_SD * sorted(map(abs, off))[len(off) // 2]
    return [
        (branch, shopper, fit + min(most, max(-most, rest)) if most > 0 else score)
        for (branch, shopper, score), fit, rest in zip(visits, fitted, off, strict=True)
    ]


def _some_of(visits: Sequence[Marked], made: Counter[Hashable]) -> list[Marked]:
    """All of them, or those of the busiest shoppers in every so-manieth branch: how kindly somebody marks has no say in
    it, and what is left is a net as before."""
    if len(made) > _MOST_SHOPPERS:
        busiest = sorted(made, key=lambda shopper: (-made[shopper], str(shopper)))[:_MOST_SHOPPERS]
        chosen = frozenset(busiest)
        visits = [visit for visit in visits if visit[1] in chosen]
    step = -(-len(visits) // _MOST_MARKED)
    branches = frozenset(sorted({visit[0] for visit in visits}, key=str)[::step] if step > 1 else ())
    return [visit for visit in visits if visit[0] in branches] if step > 1 else list(visits)


def _usable_components(part: Sequence[Marked], made: Mapping[Hashable, int]) -> Components | None:
    if sum(number >= LEAST_VISITS for number in made.values()) < LEAST_SHOPPERS:
        return None
    components = variance_components(part)
    return components if components and components.omega2 > 0 and components.sigma2 > 0 else None


def _add(matrix: Matrix, vector: Mapping[int, float], factor: float) -> None:
    for i, first in vector.items():
        row = matrix[i]
        for j, second in vector.items():
            row[j] += factor * first * second


def _times(matrix: Matrix, vector: Sequence[float]) -> list[float]:
    return [_dot(row, vector) for row in matrix]


def _dot(first: Sequence[float], second: Sequence[float]) -> float:
    return math.fsum(x * y for x, y in zip(first, second, strict=True))


def _explained(visits: Sequence[Marked], side: int, made: Mapping[Hashable, int]) -> float:
    """The squares that the means of branches (side 0) or of shoppers (side 1) explain."""
    return math.fsum(total * total / made[name] for name, total in _sums(visits, side).items())


def _sums(visits: Sequence[Marked], side: int) -> dict[Hashable, float]:
    sums: dict[Hashable, float] = {}
    for visit in visits:
        sums[visit[side]] = sums.get(visit[side], 0.0) + visit[2]
    return sums
