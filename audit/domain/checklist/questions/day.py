"""A calendar day, `YYYY-MM-DD`. Never scored."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from audit.domain.checklist.model import Value
from audit.domain.checklist.questions.kind import SCALE_TESTS, Kind, is_blank
from audit.domain.checklist.questions.numbers import plain_digits
from audit.domain.errors import InvalidAnswer

ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
DAY_FIRST = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
YEARS = range(1900, 2200)


@dataclass(frozen=True)
class Day(Kind):
    name: ClassVar[str] = "date"
    operators: ClassVar[tuple[str, ...]] = SCALE_TESTS

    def clean(self, raw: object) -> Value:
        if is_blank(raw):
            return None
        numbers = _numbers(plain_digits(raw).strip()) if isinstance(raw, str) and len(raw) < 20 else None
        if numbers is None:
            raise InvalidAnswer("Write the date as year-month-day, such as 2026-11-21.")
        try:
            day = date(*numbers)
        except ValueError:
            raise InvalidAnswer("There is no such day. Write it as year-month-day, such as 2026-11-21.") from None
        if day.year not in YEARS:
            raise InvalidAnswer("The year cannot be right. Write the date such as 2026-11-21.")
        return day.isoformat()

    def samples(self, words: Collection[str]) -> tuple[Value, ...]:
        named = {date.fromisoformat(word) for word in words} | {date(2000, 1, 1)}
        near = {day + timedelta(days=step) for day in named for step in (-1, 0, 1)}
        return tuple(day.isoformat() for day in sorted(near) if day.year in YEARS)


def _numbers(words: str) -> tuple[int, int, int] | None:
    """Year, month and day; None if it is no date, or if day and month could be taken for each other."""
    if match := ISO.fullmatch(words):
        return int(match[1]), int(match[2]), int(match[3])
    if match := DAY_FIRST.fullmatch(words):
        return int(match[3]), int(match[2]), int(match[1])
    if match := SLASHED.fullmatch(words):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if first == second or second > 12:
            return year, first, second
        if first > 12:
            return year, second, first
    return None
