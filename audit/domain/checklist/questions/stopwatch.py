"""A stopwatch: two taps, such as entered and greeted, and the seconds between them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

from audit.domain.checklist.fields import Fields, Key
from audit.domain.checklist.model import Text, Value
from audit.domain.checklist.questions.kind import (
    BANDS,
    SCALE_TESTS,
    Kind,
    ShareBand,
    is_blank,
    points_of_bands,
    read_bands,
)
from audit.domain.checklist.questions.numbers import plain_digits, read_decimal
from audit.domain.checklist.shapes import Words
from audit.domain.errors import InvalidAnswer

LONGEST_SECONDS = 86_400
# Hours, minutes and seconds: the international signs, and what CLDR has where these are no letters of the language.
SIGNS = ("h", "min", "s")
OWN_SIGNS = {"ar": ("س", "د", "ث")}
CLOCK = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-5][0-9])")


@dataclass(frozen=True)
class Stopwatch(Kind):
    """`start_title` and `stop_title` are the words on the two buttons; bands are in seconds."""

    start_title: Text
    stop_title: Text
    bands: tuple[ShareBand, ...] = ()

    name: ClassVar[str] = "stopwatch"
    operators: ClassVar[tuple[str, ...]] = SCALE_TESTS
    keys: ClassVar[tuple[Key, ...]] = (
        Key("start", Words(60), "the words on the first button, such as Entered", needed=True, default=Text({})),
        Key("stop", Words(60), "the words on the second button, such as Greeted", needed=True, default=Text({})),
        Key("bands", BANDS, "what each range of seconds earns, shortest first; unscored without", default=()),
    )

    @classmethod
    def read(cls, fields: Fields) -> Self:
        return cls(fields["start"], fields["stop"], read_bands(fields))

    def clean(self, raw: object) -> Value:
        if is_blank(raw):
            return None
        seconds = _clock_seconds(raw) if isinstance(raw, str) else None
        number = Fraction(seconds) if seconds is not None else read_decimal(raw)
        if number is None or number.denominator != 1 or number < 0:
            raise InvalidAnswer("Write seconds, such as 75, or minutes and seconds, such as 1:15.")
        if number > LONGEST_SECONDS:
            raise InvalidAnswer("That is longer than a day. Write seconds, such as 75.")
        return int(number)

    def points(self, value: Value) -> Fraction | None:
        return points_of_bands(self.bands, Fraction(str(value)))

    def show(self, value: Value, language: str) -> str:
        hour, minute, second = OWN_SIGNS.get(language.replace("_", "-").split("-")[0], SIGNS)
        seconds = int(str(value))
        if seconds < 60:
            return f"{seconds} {second}"
        minutes, seconds = divmod(seconds, 60)
        if minutes < 60:
            return f"{minutes} {minute} {seconds:02} {second}"
        return f"{minutes // 60} {hour} {minutes % 60:02} {minute} {seconds:02} {second}"

    def samples(self, words: Collection[str]) -> tuple[Value, ...]:
        named = {int(word) for word in words} | {0, LONGEST_SECONDS}
        near = {number + step for number in named for step in (-1, 0, 1)}
        return tuple(number for number in sorted(near) if 0 <= number <= LONGEST_SECONDS)

    @property
    def scored(self) -> bool:
        return bool(self.bands)


def _clock_seconds(words: str) -> int | None:
    match = CLOCK.fullmatch(plain_digits(words).strip())
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds
