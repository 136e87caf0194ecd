"""Free text: cleaned of what harms pages and paper, and kept within its length.

Owns the two kinds' common part. The limits come from measurement: paper chokes on endless texts and on towers of marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar, Self

from audit.domain.checklist.fields import Fields, Key
from audit.domain.checklist.model import Value
from audit.domain.checklist.questions.kind import Kind
from audit.domain.checklist.shapes import Whole
from audit.domain.errors import InvalidAnswer

LONGEST = 10_000
MARKS_IN_A_ROW = 4
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85|\x0b|\x0c")
PLAIN = re.compile("[\n\x20-\x7e\xa0-\u02ff]*")  # in NFC already, and without anything to be taken out


def clean_text(raw: object, longest: int = LONGEST) -> str:
    """The text in NFC, with plain line ends, without control characters and lone surrogates, and with at most four
    combining marks in a row. InvalidAnswer if it is no text or longer than `longest` characters."""
    if raw is None or raw == "":
        return ""
    if not isinstance(raw, str):
        raise InvalidAnswer("Write words.")
    if len(raw) > 4 * longest + 1_000:
        raise too_long(longest, len(raw))
    text = raw if PLAIN.fullmatch(raw) else _cleaned(raw)
    text = text.strip()
    if len(text) > longest:
        raise too_long(longest, len(text))
    return text


def _cleaned(raw: str) -> str:
    return _without_towers(unicodedata.normalize("NFC", UNPRINTABLE.sub("", LINE_ENDS.sub("\n", raw))))


def too_long(longest: int, length: int) -> InvalidAnswer:
    """The refusal of a text with too many characters."""
    return InvalidAnswer("Write at most {most} characters; there are {count}.", most=longest, count=length)


def _without_towers(text: str) -> str:
    if PLAIN.fullmatch(text):
        return text
    kept, marks = [], 0
    for sign in text:
        marks = marks + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if marks <= MARKS_IN_A_ROW:
            kept.append(sign)
    return "".join(kept)


@dataclass(frozen=True)
class WrittenText(Kind):
    """Both kinds of text. `max_length` and `min_length` count characters."""

    max_length: int
    min_length: int = 0

    longest: ClassVar[int] = LONGEST
    one_line: ClassVar[bool] = False

    @classmethod
    def read(cls, fields: Fields) -> Self:
        if fields["least"] > fields["most"]:
            fields.complain("least", "least is above most. Swap the two.")
        return cls(fields["most"], fields["least"])

    def clean(self, raw: object) -> Value:
        text = clean_text(raw, self.max_length)
        if self.one_line:
            text = " ".join(text.split())
        if text and len(text) < self.min_length:
            raise InvalidAnswer(
                "Write at least {least} characters; there are {count}.", least=self.min_length, count=len(text)
            )
        return text or None

    def word(self, raw: object) -> str:
        word = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 10**15 else raw
        text = clean_text(word, self.max_length)
        if not text:
            raise InvalidAnswer("Write words.")
        return text

    def samples(self, words: Collection[str]) -> tuple[Value, ...]:
        long_enough = [word for word in words if self.min_length <= len(word) <= self.max_length]
        other = "x" * max(self.min_length, 1)
        while other in words:
            other += "x"
        return (*long_enough, *([other] if len(other) <= self.max_length else []))


def length_keys(longest: int, usual: int) -> tuple[Key, ...]:
    """The keys of a text that may be at most `longest` characters long."""
    return (
        Key("least", Whole(0, longest), "the fewest characters that are taken", default=0),
        Key("most", Whole(1, longest), f"the most characters that are taken: {usual}, unless said", default=usual),
    )
