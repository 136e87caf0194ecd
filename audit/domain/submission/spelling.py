"""JSON as it comes and as it is kept: read strictly, and spelled in one way only.

Refuses what would be read differently by somebody else: a name that stands twice, NaN, half a letter, a NUL.
"""

from __future__ import annotations

import hashlib
import json
import re
from math import isinf

from audit.domain.errors import InvalidSubmission

MOST_BYTES = 2_000_000
MOST_AT_ONCE = 100  # envelopes in one batch
DEEPEST = 6
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # JSON lets it in as an escape alone
BLANKS = " \t\n\r"
SCANNER = json.JSONDecoder()
NESTS = (dict, list)
ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(tree: object) -> bytes:
    """The one spelling of a JSON value: keys sorted, no spaces, UTF-8. ValueError for NaN and the like."""
    return ENCODER.encode(tree).encode()


def digest(tree: object) -> str:
    """The sha256 of the canonical spelling, in hex: for telling contents apart, and for integrity."""
    return hashlib.sha256(canonical(tree)).hexdigest()


def read_tree(raw: bytes) -> object:
    """The value in these bytes of JSON. InvalidSubmission if they are too many, nested too deeply, not JSON, or hold
    a name that stands twice in one object, NaN, a lone surrogate or a NUL."""
    if len(raw) > MOST_BYTES:
        raise InvalidSubmission("A submission holds at most {most} bytes. Send photos on their own.", most=MOST_BYTES)
    try:
        text = raw.decode("utf-8")
        tree = READER.decode(text)
        if "\\u" in text:
            canonical(tree)  # half a letter can only be written as a number
    except (ValueError, RecursionError) as error:
        raise InvalidSubmission("The submission is not JSON that can be read ({why}).", why=error) from None
    if "\\u0000" in text and NUL.search(text):
        raise InvalidSubmission("The submission holds a NUL character. Take it out.")
    if _is_deeper(tree, DEEPEST):
        raise InvalidSubmission("The submission is nested too deeply.")
    return tree


def read_batch(raw: bytes) -> list[bytes]:
    """The bytes of each envelope in a JSON list of them, just as they were sent: a list made by joining frozen
    envelopes with commas comes apart into the same bytes. InvalidSubmission if it is no such list."""
    try:
        text = raw.decode("utf-8").strip(BLANKS)
        parts: list[bytes] = []
        place = _after(text, 0, "[")
        while text[place] != "]" or parts:
            end = SCANNER.raw_decode(text, place)[1]
            parts.append(text[place:end].encode())
            place = _skip_blanks(text, end)
            if text[place] == "]":
                break
            place = _after(text, place, ",")
        if place != len(text) - 1:
            raise ValueError("something follows the list")
    except (ValueError, IndexError, RecursionError) as error:
        raise InvalidSubmission("A batch is a JSON list of submissions ({why}).", why=error) from None
    if len(parts) > MOST_AT_ONCE:
        raise InvalidSubmission("A batch holds at most {most} submissions.", most=MOST_AT_ONCE)
    return parts


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return tree


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not a number")


def _finite(text: str) -> float:
    number = float(text)
    if isinf(number):
        raise ValueError(f"{text} is no number that can be kept")
    return number


READER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=_finite)


def _is_deeper(tree: object, most: int) -> bool:
    nests = [tree] if isinstance(tree, NESTS) else []
    for _ in range(most):
        if not nests:
            return False
        inner = [one for nest in nests for one in (nest.values() if isinstance(nest, dict) else nest)]
        nests = [one for one in inner if isinstance(one, NESTS)]
    return bool(nests)


def _skip_blanks(text: str, place: int) -> int:
    while text[place] in BLANKS:
        place += 1
    return place


def _after(text: str, place: int, sign: str) -> int:
    """The place of what follows this sign; ValueError if another stands there."""
    if text[place] != sign:
        raise ValueError(f"no {sign} at {place}")
    return _skip_blanks(text, place + 1)
