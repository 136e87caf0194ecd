"""Exact sums. An addition of fractions costs as much as ten of whole numbers, and a score is made of a hundred."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

ZERO, ONE = Fraction(0), Fraction(1)


@lru_cache(1 << 14)
def ratio(numerator: int, denominator: int) -> Fraction:
    """The fraction in lowest terms. The parts of scores come to a few thousand, and making one takes a microsecond."""
    return Fraction(numerator, denominator)


def exact_sum(numbers: Iterable[Fraction]) -> Fraction:
    """The sum, worked out in whole numbers denominator by denominator; nearly always there is one."""
    numerators: dict[int, int] = {}
    for number in numbers:
        numerator, denominator = number.as_integer_ratio()
        numerators[denominator] = numerators.get(denominator, 0) + numerator
    sums = [Fraction(numerator, denominator) for denominator, numerator in numerators.items()]
    return sum(sums[1:], sums[0]) if sums else ZERO


def product(left: Fraction, right: Fraction) -> Fraction:
    """The product; most factors of a score are 1 or 0, and a multiplication of fractions is dear."""
    above, below = left.as_integer_ratio()
    right_above, right_below = right.as_integer_ratio()
    if not above or not right_above:
        return ZERO
    if right_above == right_below:
        return left
    return right if above == below else left * right


def in_grains(points: Fraction, grains: int) -> int:
    """How many grains that is, of which there are `grains` to the point: a multiple of its denominator."""
    numerator, denominator = points.as_integer_ratio()
    return numerator * (grains // denominator)
