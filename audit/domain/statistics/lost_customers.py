"""What a lost customer costs to replace. Owns an estimate with its assumptions; refuses to call it a forecast.

Money and shares are exact. It is the cost of winning another customer: not a lost margin, and an average, while the
next customer may be dearer. The range covers which visits were made, not the assumptions; visits are no sample of
complaints.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from audit.domain.errors import InvalidField
from audit.domain.statistics.quantiles import LEVEL
from audit.domain.statistics.ranges import rate_range

_DIGITS = 2


@dataclass(frozen=True, slots=True)
class CostOfWinning:
    """What it costs to win one customer, in the currency of what was put in."""

    sales: Fraction
    advertising: Fraction

    @property
    def total(self) -> Fraction:
        """Both together."""
        return self.sales + self.advertising


def cost_of_winning(
    representative_cost: Fraction,
    winning_share: Fraction,
    won_by_each: Fraction,
    advertising: Fraction,
    representatives: Fraction,
) -> CostOfWinning:
    """From a representative's yearly cost, the share (0 to 1) of the time spent on winning, the customers won by each
    in a year, and the year's advertising over so many representatives. InvalidField if nobody wins anybody."""
    for name, number in (("won_by_each", won_by_each), ("representatives", representatives)):
        if number <= 0:
            raise InvalidField("Must be more than 0: nothing can be shared out among none.", place=name)
    return CostOfWinning(representative_cost * winning_share / won_by_each, advertising / representatives / won_by_each)


@dataclass(frozen=True, slots=True)
class Loss:
    """Customers and money in a year as (low, best guess, high), and the share that was assumed to leave."""

    customers: tuple[float, float, float]
    money: tuple[float, float, float]
    leaving_share: Fraction

    @property
    def shown(self) -> str:
        """The sentence, two digits that count: more would be invented."""
        low, best, high = (f"{two_digits(amount):,}" for amount in self.money)
        share = f"{self.leaving_share.numerator:,} in {self.leaving_share.denominator:,}"
        verb = "leaves" if self.leaving_share.numerator == 1 else "leave"
        return f"about {best} (could be {low} to {high}), if {share} of them {verb}"


def loss_of(
    failed: int, visits: int, affected: int, leaving_share: Fraction, cost: Fraction, level: float = LEVEL
) -> Loss:
    """The yearly loss if `affected` customers meet what failed in `failed` of `visits` visits, and `leaving_share` (0
    to 1, the client's own assumption) of those leave, at `cost` each. InvalidField without a visit."""
    if visits <= 0 or not 0 <= failed <= visits:
        raise InvalidField("There must be visits, and no more failed than made.", place="visits")
    rate = rate_range(failed, visits, level)
    leaving = affected * leaving_share
    low, high = (float(leaving) * end for end in (rate.low, rate.high))
    best = float(leaving * Fraction(failed, visits))
    customers = (low, best, high)
    money = (low * float(cost), float(leaving * Fraction(failed, visits) * cost), high * float(cost))
    return Loss(customers, money, leaving_share)


def two_digits(amount: float) -> int:
    """The amount with two digits that count, halves up: 24,375 is 24,000."""
    exact = Fraction(amount)
    scale = int("1" + "0" * (len(str(int(exact))) - _DIGITS))
    return math.floor(exact / scale + Fraction(1, 2)) * scale
