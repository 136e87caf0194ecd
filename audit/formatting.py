"""How days, numbers and shares are written for people, on pages and on paper. Refuses floats.

Every function takes exact values; rounding a score is the domain's business and has happened before.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from unicodedata import bidirectional

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.support import NullTranslations

from audit.domain.programme import can_be_seen
from audit.domain.score import round_half_up

NOON, DUSK = 12, 17
MOST_LETTERS = 5  # of a short name
DAY_PARTS = ("morning", "afternoon", "evening")
RIGHT_TO_LEFT = ("R", "AL")
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"

Catalogue = NullTranslations
"""The words of the interface in one language; English are the messages themselves."""
ENGLISH = NullTranslations()


@dataclass(frozen=True)
class Formats:
    """The customs of one language."""

    language: str = "en"

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, for the attribute of that name."""
        return _locale(self.language).text_direction

    @property
    def comma(self) -> str:
        """What stands between two parts of a heading or a line, with its blank."""
        return "، " if _locale(self.language).language in ("ar", "fa", "ur") else ", "

    @property
    def semicolon(self) -> str:
        """What parts two things that may hold commas, with its blanks."""
        own = _locale(self.language).language
        return "\u00a0; " if own == "fr" else "؛ " if own in ("ar", "fa", "ur") else "; "

    def day(self, day: date) -> str:
        """A day in full: 12 November 2026."""
        return format_date(day, "d MMMM y" if self._is_english else "long", locale=_locale(self.language))

    def short_day(self, day: date) -> str:
        """A day where space is short: 12 Nov 2026."""
        return format_date(day, "d MMM y" if self._is_english else "medium", locale=_locale(self.language))

    def written_day(self, day: str) -> str:
        """The same of a day that was given as an answer; words that are no day stay as they are."""
        try:
            return self.short_day(date.fromisoformat(day))
        except ValueError:
            return day

    def day_of_year(self, day: date) -> str:
        """A day where the year is clear: 12 Nov."""
        return (
            format_date(day, "d MMM", locale="en")
            if self._is_english
            else format_skeleton("MMMd", day, locale=_locale(self.language))
        )

    def moment(self, moment: datetime) -> str:
        """A day and a clock time with its zone, for those who may read clock times."""
        time = format_datetime(moment, "HH:mm", locale=_locale(self.language))
        return f"{self._named(moment.date())}{self.comma}{time} {_zone(moment)}"

    def span(self, first: date, last: date) -> str:
        """First and last day, saying what they share once where the language allows: 1–30 November 2026."""
        if first == last:
            return self.day(first)
        if self._is_english and first.year == last.year:
            start = str(first.day) if first.month == last.month else format_date(first, "d MMMM", locale="en")
            return f"{start}{'–' if first.month == last.month else ' – '}{self.day(last)}"
        return f"{self.day(first)} – {self.day(last)}"

    def period(self, first: date, last: date) -> str:
        """Both days where space is short, as under the end of a row: a month or a year by its name, else the first."""
        if (first.day, first.month, last) == (1, 1, first.replace(month=12, day=31)):
            return str(first.year)
        if first.day == 1 and (first.year, first.month) == (last.year, last.month):
            return format_skeleton("yMMM", first, locale=_locale(self.language))
        return f"{self.day_of_year(first) if first.year == last.year else self._named(first)} – {self._named(last)}"

    def _named(self, day: date) -> str:
        """A day with a short name of its month, in languages too whose customs would give it a number."""
        if self._is_english:
            return self.short_day(day)
        return format_skeleton("yMMMd", day, locale=_locale(self.language))

    def weekday(self, day: int) -> str:
        """The name of a day of the week; 0 is Monday."""
        return str(_locale(self.language).days["stand-alone"]["wide"][day])

    def tight_weekday(self, day: int) -> str:
        """The same in a column of a phone: Mon, and one letter where a language has no short names."""
        named = _locale(self.language).days["stand-alone"]
        are_short = all(len(name) <= MOST_LETTERS for name in named["abbreviated"].values())
        return str(named["abbreviated" if are_short else "narrow"][day])

    def either(self, names: Iterable[str]) -> str:
        """Names joined by "or"."""
        return format_list(list(names), style="or", locale=_locale(self.language))

    def listed(self, names: Iterable[str]) -> str:
        """Names joined by "and"."""
        return format_list(list(names), locale=_locale(self.language))

    def number(self, value: Fraction | int, places: int = 2, pattern: str = "#,##0.####") -> str:
        """A number with no more decimals than it has, at most `places`, rounded half up on the exact value."""
        digits = math.floor(abs(Fraction(value)) * 10**places + Fraction(1, 2))
        rounded = Decimal(digits if value > 0 else -digits).scaleb(-places)
        return format_decimal(rounded.normalize(), pattern, locale=_locale(self.language))

    def in_column(self, number: int, most: int) -> str:
        """A count as wide as the greatest of its column: blanks as wide as a figure stand before it."""
        return str(number).rjust(len(str(most)), "\u2007")

    def typed(self, value: Fraction | int, places: int = 2) -> str:
        """The same as it stands in a box to be sent back: a sign between thousands would be read as the decimal one."""
        return self.number(value, places, "0.####")

    def money(self, value: Fraction) -> str:
        """An amount with its cents, half up."""
        return self.hundredths(value)

    def hundredths(self, value: Fraction) -> str:
        """A number with two decimals, whatever they are, half up."""
        return format_decimal(Decimal(round_half_up(value, 2)), "#,##0.00", locale=_locale(self.language))

    def direction_of(self, words: str) -> str:
        """`ltr` or `rtl`, as the first letter that has a direction says; that of the language if none has."""
        return next(_directions(words), self.direction)

    def runs_apart(self, words: str) -> bool:
        """Whether words inside a sentence of this language must be kept apart, so that neither scrambles the other."""
        own = self.direction
        return any(direction != own for direction in _directions(words))

    def apart_in_plain_text(self, words: str) -> str:
        """Such words where no mark-up can stand, as in a title: between the invisible signs of Unicode."""
        return f"{ISOLATE}{words}{END_OF_ISOLATE}" if self.runs_apart(words) else words

    def called(self, *names: str) -> str:
        """The first of these names that can be seen, or a dash: a heading, which bookmarks lead to, is never empty."""
        return next(filter(can_be_seen, names), "–")

    @property
    def _is_english(self) -> bool:
        return self.language.split("-")[0] == "en"


def day_part(local: datetime) -> str:
    """What is said of a clock time outside the programme office: `morning`, `afternoon` or `evening`."""
    if local.hour < NOON:
        return "morning"
    return "afternoon" if local.hour < DUSK else "evening"


def _zone(moment: datetime) -> str:
    """How far its clocks are from UTC, in the same words everywhere: not every language has names for zones."""
    minutes = int((moment.utcoffset() or timedelta(0)).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return "UTC" + (f"{'+' if minutes > 0 else '−'}{hours}" if minutes else "") + (f":{rest:02}" if rest else "")


def _directions(words: str) -> Iterator[str]:
    """The direction of each letter that has one."""
    for letter in words:
        found = bidirectional(letter)
        if found == "L" or found in RIGHT_TO_LEFT:
            yield "ltr" if found == "L" else "rtl"


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    for tag in (language, language.split("-")[0], "en"):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("Babel carries English")
