"""The one spelling of a checklist's content, and the hash by which a published version is known.

The same meaning has the same spelling, however it was laid out in the file. Refuses what JSON cannot say.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal

from audit.domain.checklist.questions.numbers import decimal_text
from audit.domain.checklist.reading import exact_number
from audit.domain.errors import InvalidChecklist


def canonical(tree: object) -> str:
    """The tree as JSON text: keys sorted, no spaces, each number written in one way. InvalidChecklist if it cannot be.

    A key whose value is left empty means the same as no key.
    """
    try:
        return _spelled(tree)
    except RecursionError:
        raise InvalidChecklist("The checklist is nested too deeply.") from None


def digest(tree: object) -> str:
    """The sha256 of the canonical text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(tree).encode()).hexdigest()


def read_canonical(text: str) -> object:
    """The tree that was written as canonical text, with exact decimals."""
    return json.loads(text, parse_float=Decimal)


def _spelled(tree: object) -> str:
    if isinstance(tree, dict):
        if not all(isinstance(key, str) for key in tree):
            raise InvalidChecklist("A key of the checklist is no word. Put it in quotes.")
        return (
            "{"
            + ",".join(f"{_spelled(key)}:{_spelled(tree[key])}" for key in sorted(tree) if tree[key] is not None)
            + "}"
        )
    if isinstance(tree, list | tuple):
        return "[" + ",".join(_spelled(member) for member in tree) + "]"
    if isinstance(tree, int | float | Decimal) and not isinstance(tree, bool):
        number = exact_number(tree)
        if number is None:
            raise InvalidChecklist("A number of the checklist cannot be used. Write a plain number such as 2 or 0.25.")
        return decimal_text(number)
    if isinstance(tree, str) and any(0xD800 <= ord(sign) <= 0xDFFF for sign in tree):
        raise InvalidChecklist("The checklist has a sign that stands for no character. Type it again.")
    return json.dumps(tree, ensure_ascii=False)
