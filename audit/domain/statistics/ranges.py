"""Between which two figures a level probably lies. Owns Wilson's range; refuses ranges that leave 0 to 100.

Wilson (1927), with Student's quantile and a number of answers that the dispersion makes of the visits; its behaviour
for few visits: Brown, Cai and DasGupta (2001).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audit.domain.statistics.dispersion import SHOPPER_SHARE, Dispersion
from audit.domain.statistics.dust import DUST
from audit.domain.statistics.quantiles import LEVEL, two_sided_quantile


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, in the unit of what it is a range of: points 0 to 100, shares 0 to 1, or change."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """From end to end."""
        return self.high - self.low

    def holds(self, value: float) -> bool:
        """Whether `value` lies in it, ends included."""
        return self.low <= value <= self.high

    @property
    def ends(self) -> tuple[int, int]:
        """Whole points, the low end rounded down and the high end up, so that print never promises more."""
        return math.floor(self.low + DUST), math.ceil(self.high - DUST)

    @property
    def shown(self) -> str:
        """The ends in whole points: "70-92"."""
        low, high = self.ends
        return f"{low}-{high}"


def wilson_range(share: float, answers: float, quantile: float) -> Range:
    """The range of a share (0 to 1) seen in `answers` > 0 independent answers, not necessarily whole."""
    reach = quantile * quantile / answers
    centre = share + reach / 2
    half = math.sqrt(reach * share * (1 - share) + reach * reach / 4)
    low, high = (centre - half) / (1 + reach), (centre + half) / (1 + reach)
    # All of six would end a hair below all, and a range that misses what it is a range of is told apart from it.
    return Range(max(0.0, min(low, share)), min(1.0, max(high, share)))


def rate_range(times: int, visits: int, level: float = LEVEL) -> Range:
    """The range of a rate, 0 to 1, seen `times` times in `visits` > 0 visits: a pass rate, or critical failures."""
    return wilson_range(times / visits, visits, two_sided_quantile(level))


def effective_visits(visits_by_shopper: Sequence[int], shopper_share: float = SHOPPER_SHARE) -> float:
    """How many visits by different shoppers these are worth, 1 to their number: one shopper's severity is in all of
    that shopper's visits. `shopper_share` is rho = omega2 / (omega2 + sigma2), 0 to 1. Variance of a mean under the
    crossed model."""
    n = sum(visits_by_shopper)
    shares = sum(count * count for count in visits_by_shopper) / (n * n)
    return 1 / ((1 - shopper_share) / n + shopper_share * shares)


def effective_of_weighted(weights_by_shopper: Iterable[Sequence[float]], shopper_share: float = SHOPPER_SHARE) -> float:
    """The same where visits count differently: for each shopper the weights of the own visits, of which some are not 0.
    Equal weights give `effective_visits`; no share of shoppers gives `effective_of_weights`."""
    weights = [list(own) for own in weights_by_shopper]
    total = math.fsum(weight for own in weights for weight in own)
    alone = math.fsum(weight * weight for own in weights for weight in own)
    together = math.fsum(math.fsum(own) ** 2 for own in weights)
    return total * total / ((1 - shopper_share) * alone + shopper_share * together)


def effective_of_weights(weights: Sequence[float]) -> float:
    """How many visits of equal weight these are worth (Kish 1965); 0 if nothing has weight."""
    squares = math.fsum(weight * weight for weight in weights)
    return math.fsum(weights) ** 2 / squares if squares else 0.0


def weighted_mean(scores: Sequence[float], weights: Sequence[float]) -> float:
    """The mean of scores, each counting by its weight. ZeroDivisionError if nothing has weight."""
    return math.fsum(score * weight for score, weight in zip(scores, weights, strict=True)) / math.fsum(weights)


def likely_range(mean: float, visits: float, dispersion: Dispersion, level: float = LEVEL) -> Range:
    """Where the true level probably lies, in points, from a mean (0 to 100) of so many effective visits.

    It covers chance between visits and shoppers, nothing else; it widens with fewer visits and stays within 0-100."""
    quantile = dispersion.t if level == LEVEL else dispersion.t_at(level)
    share = wilson_range(mean / 100, visits / dispersion.phi, quantile)
    return Range(min(100 * share.low, mean), max(100 * share.high, mean))
