"""Rounding for print: once, half-up, on the exact value, and never over the target."""

from __future__ import annotations

from fractions import Fraction


def round_half_up(value: Fraction, places: int, target: Fraction | None = None) -> str:
    """The exact value as decimal text, halves rounded up, once, at print.

    Rounding never lifts a score over the target: below it, what would round to it or beyond is cut off instead."""
    numerator, denominator = value.numerator * 10**places, value.denominator
    whole = (2 * numerator + denominator) // (2 * denominator)
    if target is not None and value < target <= Fraction(whole, 10**places):
        whole = numerator // denominator
    sign, digits = ("-", str(-whole)) if whole < 0 else ("", str(whole))
    if places == 0:
        return sign + digits
    digits = digits.zfill(places + 1)
    return f"{sign}{digits[:-places]}.{digits[-places:]}"
