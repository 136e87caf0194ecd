"""Which dimensions go together with a good overall impression? Owns their shares; refuses to say that one causes it.

The same shopper marks both, so one impression may stand behind all. Below 120 visits nothing is said, up to 300 only a
leading group: in studies with 120 visits the first of six dimensions is the right one in three of four, with 300 in
nine of ten. Shares of R2 averaged over all orders of entry (Lindeman, Merenda and Gold 1980; Shapley).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from audit.domain.statistics.draws import Draws
from audit.domain.statistics.quantiles import LEVEL
from audit.domain.statistics.ranges import Range
from audit.domain.statistics.sweeping import Matrix, sweep

LEAST_VISITS, LEAST_FOR_ONE = 120, 300
RESAMPLES = 200

Observed = tuple[Hashable, Sequence[float], float]
"""One visit: its branch, the score of each dimension in a fixed order, the overall impression; all in points."""


@dataclass(frozen=True, slots=True)
class Shares:
    """`r2`, 0 to 1, of all dimensions together, and the `parts` of it that go with each, in their order."""

    r2: float
    parts: tuple[float, ...]

    @property
    def of_whole(self) -> tuple[float, ...]:
        """Each part as a share of r2, 0 to 1; all 0 if nothing goes together."""
        return tuple(part / self.r2 if self.r2 > 0 else 0.0 for part in self.parts)


@dataclass(frozen=True, slots=True)
class Together:
    """Over `visits` visits: the shares, for each dimension the range of its share nine times out of ten, and the places
    (from 0) of the dimensions that lead and cannot be separated."""

    visits: int
    shares: Shares
    ranges: tuple[Range, ...]
    leading: tuple[int, ...]


def find_together(visits: Sequence[Observed], seed: str, resamples: int = RESAMPLES) -> Together | None:
    """What goes together with the overall impression. None below 120 visits, or if it was the same in all.

    Visits that lack a dimension are to be left out by the caller. Ranges by drawing branches anew, with their visits:
    visits to the same branch are no independent witnesses. `seed` names what it is drawn for."""
    if len(visits) < LEAST_VISITS:
        return None
    by_branch: dict[Hashable, list[list[float]]] = {}
    for branch, scores, overall in visits:
        by_branch.setdefault(branch, []).append([*scores, overall, 1.0])
    products = [_products(rows) for _, rows in sorted(by_branch.items(), key=lambda each: str(each[0]))]
    shares = _shares_of(_summed(products))
    if shares is None:
        return None
    draws, drawn = Draws(seed), []
    for _ in range(resamples):
        again = _shares_of(_summed([products[place] for place in draws.below(len(products), len(products))]))
        if again is not None:
            drawn.append(again.of_whole)
    ranges = tuple(_middle(column) for column in zip(*drawn, strict=True))
    return Together(len(visits), shares, ranges, _leading(shares.of_whole, ranges, len(visits)))


def shares_of_r2(dimensions: Sequence[Sequence[float]], overall: Sequence[float]) -> Shares | None:
    """The shares from one row of dimensions for each overall impression; None if that was always the same. Bare, as
    other programs give them: pages want their ranges too, by `find_together`."""
    return _shares_of(_products([[*row, y, 1.0] for row, y in zip(dimensions, overall, strict=True)]))


def _leading(shares: Sequence[float], ranges: Sequence[Range], visits: int) -> tuple[int, ...]:
    order = sorted(range(len(shares)), key=lambda place: -shares[place])
    if not ranges:
        return tuple(sorted(order))
    lead = {place for place in order if ranges[place].high >= ranges[order[0]].low}
    if visits <= LEAST_FOR_ONE:
        # So few visits name the wrong one too often to name one alone.
        lead |= set(order[:2])
    return tuple(sorted(lead))


def _products(rows: Sequence[Sequence[float]]) -> Matrix:
    columns = list(zip(*rows, strict=True))
    return [[math.fsum(x * y for x, y in zip(a, b, strict=True)) for b in columns] for a in columns]


def _summed(products: Sequence[Matrix]) -> Matrix:
    return [[math.fsum(cells) for cells in zip(*rows, strict=True)] for rows in zip(*products, strict=True)]


def _shares_of(products: Matrix) -> Shares | None:
    """From the sums of products of dimensions, overall impression and a column of ones."""
    p = len(products) - 2
    n = products[-1][-1]
    spread = [[products[i][j] - products[i][-1] * products[j][-1] / n for j in range(p + 1)] for i in range(p + 1)]
    # What is left of equal scores after rounding is no spread.
    scale = [math.sqrt(spread[i][i]) if spread[i][i] > 1e-9 * (1 + products[i][i]) else 0.0 for i in range(p + 1)]
    if not scale[p]:
        return None
    alike = [
        [spread[i][j] / (scale[i] * scale[j]) if scale[i] and scale[j] else 0.0 for j in range(p + 1)]
        for i in range(p + 1)
    ]
    fits = _fits(alike, p)
    weights = [math.factorial(size) * math.factorial(p - size - 1) / math.factorial(p) for size in range(p)]
    parts = [
        math.fsum(
            weights[mask.bit_count()] * (fits[mask | 1 << place] - fit)
            for mask, fit in fits.items()
            if not mask >> place & 1
        )
        for place in range(p)
    ]
    return Shares(fits[(1 << p) - 1], tuple(parts))


def _fits(alike: Matrix, p: int) -> Mapping[int, float]:
    """R2 of each subset of dimensions, by its bits: each is one sweep more than a smaller subset."""
    swept = {0: alike}
    for mask in range(1, 1 << p):
        newest = mask.bit_length() - 1
        matrix = [row[:] for row in swept[mask ^ 1 << newest]]
        sweep(matrix, newest)
        swept[mask] = matrix
    return {mask: 1 - matrix[p][p] for mask, matrix in swept.items()}


def _middle(values: Sequence[float]) -> Range:
    ordered = sorted(values)
    tail = int((1 - LEVEL) / 2 * len(ordered))
    return Range(ordered[tail], ordered[-1 - tail])
