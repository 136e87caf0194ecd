"""Exact sums. An addition of fractions costs as much as ten of whole numbers, and a score is made of a hundred."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

ZERO, ONE = Fraction(0), Fraction(1)


def exact_sum(numbers: Iterable[Fraction]) -> Fraction:
    """The sum, worked out in whole numbers denominator by denominator; nearly always there is one."""
    numerators: dict[int, int] = {}
    for number in numbers:
        numerator, denominator = number.as_integer_ratio()
        numerators[denominator] = numerators.get(denominator, 0) + numerator
    return sum((Fraction(numerator, denominator) for denominator, numerator in numerators.items()), ZERO)
