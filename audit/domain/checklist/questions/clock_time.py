"""A time on the clock, `HH:MM`. Never scored."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from audit.domain.checklist.model import Value
from audit.domain.checklist.questions.kind import SCALE_TESTS, Kind, is_blank
from audit.domain.checklist.questions.numbers import plain_digits
from audit.domain.errors import InvalidAnswer

WRITTEN = re.compile(
    r"([0-9]{1,2})(?:\s*[:.h]\s*([0-9]{2})|\s*h)?(?::[0-9]{2})?\s*([ap])?\.?(?:m\.?)?|([0-9]{1,2})([0-9]{2})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ClockTime(Kind):
    name: ClassVar[str] = "clock_time"
    operators: ClassVar[tuple[str, ...]] = SCALE_TESTS

    def clean(self, raw: object) -> Value:
        if is_blank(raw):
            return None
        words = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw < 2400 else raw
        match = WRITTEN.fullmatch(plain_digits(words).strip()) if isinstance(words, str) and len(words) < 20 else None
        if match is None:
            raise InvalidAnswer("Write a time of day, such as 09:05.")
        hour, minute = int(match[1] or match[4]), int(match[2] or match[5] or 0)
        half = (match[3] or "").lower()
        if half:
            hour = hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else 99
        if hour > 23 or minute > 59:
            raise InvalidAnswer("There is no such time of day. Write it from 00:00 to 23:59.")
        return f"{hour:02}:{minute:02}"

    def samples(self, words: Collection[str]) -> tuple[Value, ...]:
        named = {int(word[:2]) * 60 + int(word[3:]) for word in words} | {0, 1439}
        near = {minute + step for minute in named for step in (-1, 0, 1)}
        return tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in sorted(near) if 0 <= minute < 1440)
