"""The envelope in which a visit arrives, from the plain form and from the outbox alike.

Owns its shape and its one spelling. Refuses to judge an answer: what an envelope holds is still as it was sent.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from math import isinf
from typing import cast

from audit.domain.errors import InvalidSubmission
from audit.domain.visit import Mark, Position

MOST_ANSWERS = 300
MOST_MARKS = 50
MOST_PHOTOS = 30
YEARS = range(1970, 2200)  # what the clock of a phone can say, be it wrong
MOST_BYTES = 2_000_000
MOST_SAVES = 3000  # messages about one visit, after which drafts are refused and only a finished visit is taken
MOST_AT_ONCE = 100  # envelopes in one batch
DEEPEST = 6
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
SHA256 = re.compile(r"[0-9a-f]{64}")
NAME = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,99}")
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # JSON lets it in as an escape alone
BLANKS = " \t\n\r"
SCANNER = json.JSONDecoder()
NESTS = (dict, list)
PAGE = "page-"  # how the devices of pages are called, which remember nothing
ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
FIELDS = ("msg_id", "visit_id", "device", "n", "base", "checklist", "version", "answers", "marks", "photos")


@dataclass(frozen=True)
class Submission:
    """One message about one visit. `n` numbers the edits of one device; `base` is the head that the edit had seen.

    `answers` are still as they were sent: question id -> tree. `photos` are the sha256 of the bytes as sent.
    """

    msg_id: str
    visit_id: str
    device: str
    n: int
    checklist: str
    version: int
    base: str | None = None
    answers: Mapping[str, object] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    photos: tuple[str, ...] = ()

    @property
    def from_page(self) -> bool:
        """Whether it comes from a page, which shows every answer, and not from a phone's own store."""
        return self.device.startswith(PAGE)

    @cached_property
    def named_photos(self) -> tuple[str, ...]:
        """The sha256 of every photo that the envelope or one of its answers names, each once."""
        in_answers = [photos_in(tree) for tree in self.answers.values() if isinstance(tree, dict)]
        return tuple(dict.fromkeys((*self.photos, *(sha for photos in in_answers for sha in photos))))

    @cached_property
    def spelling(self) -> bytes:
        """The canonical spelling of the envelope."""
        return canonical(self.to_tree())

    @cached_property
    def digest(self) -> str:
        """The sha256 of that spelling, in hex."""
        return hashlib.sha256(self.spelling).hexdigest()

    def to_tree(self) -> dict[str, object]:
        """The envelope as plain JSON values, ready for `canonical`."""
        return {
            "msg_id": self.msg_id,
            "visit_id": self.visit_id,
            "device": self.device,
            "n": self.n,
            "base": self.base,
            "checklist": self.checklist,
            "version": self.version,
            "answers": dict(self.answers),
            "marks": [mark_to_tree(mark) for mark in self.marks],
            "photos": list(self.photos),
        }


@dataclass(frozen=True)
class Receipt:
    """What the shopper holds in the hand: which message, the sha256 of the raw bytes received, when, and the photos.

    `missing_photos` are named in the message but have not arrived; the text is kept all the same. `again` says that
    the message was taken before.
    """

    msg_id: str
    visit_id: str
    sha256: str
    received_at: datetime
    photos: int
    missing_photos: tuple[str, ...] = ()
    again: bool = field(default=False, compare=False)


def canonical(tree: object) -> bytes:
    """The one spelling of a JSON value: keys sorted, no spaces, UTF-8. ValueError for NaN and the like."""
    return ENCODER.encode(tree).encode()


def digest(tree: object) -> str:
    """The sha256 of the canonical spelling, in hex: for telling contents apart, and for integrity."""
    return hashlib.sha256(canonical(tree)).hexdigest()


def read_envelope(raw: bytes) -> Submission:
    """The submission in these bytes of JSON; InvalidSubmission if it cannot be one."""
    return read_submission(read_tree(raw))


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


def photos_in(tree: object) -> tuple[str, ...]:
    """The sha256 that an answer names as its photos, whatever else is wrong with it."""
    named = tree.get("photos") if isinstance(tree, dict) else None
    return (
        tuple(sha for sha in named if isinstance(sha, str) and SHA256.fullmatch(sha)) if isinstance(named, list) else ()
    )


def read_submission(tree: object) -> Submission:
    """The submission in this tree; InvalidSubmission names the field that is wrong."""
    if not isinstance(tree, dict):
        raise InvalidSubmission("A submission is an object with the fields {fields}.", fields=", ".join(FIELDS))
    unknown = set(tree) - set(FIELDS)
    if unknown:
        raise InvalidSubmission("Unknown field “{field}” in the submission.", field=min(map(str, unknown)))
    base = tree.get("base")
    return Submission(
        msg_id=_text(tree, "msg_id", UUID),
        visit_id=_text(tree, "visit_id", UUID),
        device=_text(tree, "device", NAME),
        n=_whole(tree, "n"),
        base=None if base is None else _text(tree, "base", UUID),
        checklist=_text(tree, "checklist", NAME),
        version=_whole(tree, "version"),
        answers=_answers(tree.get("answers")),
        marks=tuple(mark_from_tree(mark, YEARS) for mark in _list(tree, "marks", MOST_MARKS)),
        photos=tuple(dict.fromkeys(_sha(sha) for sha in _list(tree, "photos", MOST_PHOTOS))),
    )


def mark_to_tree(mark: Mark) -> dict[str, object]:
    """A mark as plain JSON values: name, at, and either a position, a reason for none, or neither."""
    tree: dict[str, object] = {"name": mark.name, "at": mark.at.isoformat()}
    if mark.position:
        place = mark.position
        tree["position"] = {"latitude": place.latitude, "longitude": place.longitude, "accuracy_m": place.accuracy_m}
    if mark.refused:
        tree["refused"] = mark.refused
    return tree


def mark_from_tree(tree: object, years: Container[int] | None = None) -> Mark:
    """A mark as it was sent or kept; InvalidSubmission if its name, moment or position cannot be read, or if the moment
    lies in none of `years`, if some are given."""
    if not isinstance(tree, dict):
        raise InvalidSubmission("A mark is an object with a name and a moment.", place="marks")
    try:
        at = datetime.fromisoformat(str(tree.get("at")))
        if years is not None and at.year not in years:
            raise ValueError
    except ValueError:
        raise InvalidSubmission("A mark needs its moment, like 2026-05-04T12:30:00+00:00.", place="marks") from None
    if at.tzinfo is None:
        raise InvalidSubmission("The moment of a mark needs its time zone, like +00:00.", place="marks")
    refused = tree.get("refused", "")
    if not isinstance(refused, str) or len(refused) > 500:
        raise InvalidSubmission("The reason for no position is a text of at most 500 characters.", place="marks")
    return Mark(_text(tree, "name", NAME), at, _position(tree.get("position")), refused)


def _skip_blanks(text: str, place: int) -> int:
    while text[place] in BLANKS:
        place += 1
    return place


def _after(text: str, place: int, sign: str) -> int:
    """The place of what follows this sign; ValueError if another stands there."""
    if text[place] != sign:
        raise ValueError(f"no {sign} at {place}")
    return _skip_blanks(text, place + 1)


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


def _text(tree: Mapping[str, object], name: str, shape: re.Pattern[str]) -> str:
    value = tree.get(name)
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise InvalidSubmission("The field “{field}” of the submission is missing or malformed.", field=name)
    return value


def _whole(tree: Mapping[str, object], name: str) -> int:
    value = tree.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise InvalidSubmission("The field “{field}” of the submission is a whole number from 0.", field=name)
    return value


def _list(tree: Mapping[str, object], name: str, most: int) -> list[object]:
    value = tree.get(name, [])
    if not isinstance(value, list) or len(value) > most:
        raise InvalidSubmission("The field “{field}” is a list of at most {most}.", field=name, most=most)
    return value


def _answers(tree: object) -> Mapping[str, object]:
    if not isinstance(tree, dict) or len(tree) > MOST_ANSWERS:
        raise InvalidSubmission("The answers are an object of at most {most} questions.", most=MOST_ANSWERS)
    return cast("Mapping[str, object]", tree)


def _sha(value: object) -> str:
    if not isinstance(value, str) or not SHA256.fullmatch(value):
        raise InvalidSubmission("A photo is named by its sha256, 64 hexadecimal digits.", place="photos")
    return value


def _position(tree: object) -> Position | None:
    if tree is None:
        return None
    try:
        numbers = [float(tree[name]) for name in ("latitude", "longitude", "accuracy_m")]  # type: ignore[index]
    except (TypeError, KeyError, ValueError):
        numbers = []
    if len(numbers) != 3 or abs(numbers[0]) > 90 or abs(numbers[1]) > 180 or not 0 <= numbers[2] < 1e8:
        raise InvalidSubmission("A position is latitude, longitude and accuracy_m, as numbers.", place="marks")
    return Position(*numbers)
