"""Numbers as people write them, with exact digits: `12,5`, `1 250.75`, digits of other scripts.

Owns reading and writing of decimals in answers. Refuses binary fractions.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

from audit.domain.checklist.reading import exact_number

GROUPED = re.compile(r"[+-]?[0-9]{1,3}([ \u00a0\u2009\u202f'’][0-9]{3})+([.,][0-9]+)?")
DECIMAL = re.compile(r"([+-]?)([0-9]{1,15})(?:[.,]([0-9]{1,9}))?")
MOST_PLACES = 2_000
MINUS_SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{ARABIC DECIMAL SEPARATOR}": "."})


def read_decimal(raw: object) -> Fraction | None:
    """The exact number that was written, or None if it is none."""
    if isinstance(raw, str):
        return _from_text(raw)
    if isinstance(raw, int | float | Decimal):
        number = exact_number(raw)
        return number if number is not None and abs(number) < 10**15 else None
    return None


def _from_text(words: str) -> Fraction | None:
    if len(words) > 40:
        return None
    plain = words.strip() if words.isascii() else plain_digits(words).strip().translate(MINUS_SIGNS)
    match = DECIMAL.fullmatch(plain)
    if match is None and GROUPED.fullmatch(plain):
        match = DECIMAL.fullmatch(re.sub("[^0-9.,+-]", "", plain))
    if match is None:
        return None
    sign, whole, rest = match.groups()
    number = Fraction(int(whole + (rest or "")), 10 ** len(rest or ""))
    return -number if sign == "-" else number


def plain_digits(words: str) -> str:
    """The same words with the digits of every script as 0 to 9."""
    if words.isascii():
        return words
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in words)


def decimal_text(number: Fraction) -> str:
    """The one canonical way to write a number: `12.5`, `-3`, never `12.50`. ValueError for one like 1/3."""
    above, below = number.as_integer_ratio()
    if below == 1:
        return str(above)
    places, shifted = 0, abs(above)
    while shifted % below:
        places, shifted = places + 1, shifted * 10
        if places > MOST_PLACES:
            raise ValueError("no finite decimal")
    digits = str(shifted // below).rjust(places + 1, "0")
    return f"{'-' if above < 0 else ''}{digits[:-places]}.{digits[-places:]}"
