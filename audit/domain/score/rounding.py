"""Rounding for print: once, half-up, on the exact value, and never over the target."""

from __future__ import annotations

from fractions import Fraction


def round_half_up(value: Fraction, places: int, target: Fraction | None = None) -> str:
    """The exact value as decimal text, halves rounded up, once, at print.

    Rounding never lifts a score over the target: below it, what would round to it or beyond is cut off instead."""
    scale = Fraction(10) ** places
    whole = (value * scale + Fraction(1, 2)).__floor__()
    if target is not None and value < target <= whole / scale:
        whole = (value * scale).__floor__()
    sign, digits = ("-", str(-whole)) if whole < 0 else ("", str(whole))
    if places == 0:
        return sign + digits
    digits = digits.zfill(places + 1)
    return f"{sign}{digits[:-places]}.{digits[-places:]}"
