"""The period a report is about. Owns the named periods and refuses days in the wrong order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from audit.domain.errors import InvalidField

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class Period:
    """First and last day, both inside. `name` is month, quarter, year, or empty for one that was typed."""

    first: date
    last: date
    name: str = ""

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise InvalidField("The first day comes after the last day. Choose an earlier one.", place="from")

    @property
    def query(self) -> str:
        """How an address asks for these days; `read_period` reads it."""
        return f"from={self.first}&to={self.last}"

    def before(self) -> Period:
        """The period of the same name, or as many whole months, or the same length, just before this one, be it before
        EARLIEST."""
        day = self.first - timedelta(days=1)
        if self.name:
            return NAMED[self.name](day)
        months = self._whole_months
        first = _months_earlier(self.first, months) if months else day - (self.last - self.first)
        return Period(min(day, max(EARLIEST, first)), day)

    @property
    def _whole_months(self) -> int:
        """How many months it fills to the day; 0 if it begins or ends inside of one."""
        if self.first.day > 1 or (self.last + timedelta(days=1)).day > 1:
            return 0
        return 12 * (self.last.year - self.first.year) + self.last.month - self.first.month + 1


def month_of(day: date) -> Period:
    first = day.replace(day=1)
    return Period(first, _month_after(first) - timedelta(days=1), "month")


def quarter_of(day: date) -> Period:
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return Period(first, _month_after(first.replace(month=first.month + 2)) - timedelta(days=1), "quarter")


def year_of(day: date) -> Period:
    return Period(date(day.year, 1, 1), date(day.year, 12, 31), "year")


def quarter_before(day: date) -> Period:
    return quarter_of(day).before()


def twelve_months_with(day: date) -> Period:
    """The month of `day` and the eleven before it: whole months, so that it stays the same for as long as they last."""
    month = month_of(day)
    return Period(_months_earlier(month.first, 11), month.last)


NAMED = {"month": month_of, "quarter": quarter_of, "year": year_of}
ASKED = {**NAMED, "last-quarter": quarter_before, "twelve-months": twelve_months_with}
"""What an address may ask for by a word; what each is depends on the day on which it is asked."""


def read_period(asked: Mapping[str, str], today: date) -> Period:
    """The period of a query (`from`, `to`, or `period`); this quarter when nothing was asked.

    One end alone is completed: `to` by today, `from` by the first day of that year. InvalidField names the wrong end.
    """
    first, last = _day(asked, "from"), _day(asked, "to")
    if first is None and last is None:
        name = asked.get("period", "") or "quarter"
        if name not in ASKED:
            raise InvalidField("Choose month, quarter or year, or give a first and a last day.", place="period")
        return _named(ASKED[name](today))
    end = last or max(today, first or today)
    return _named(Period(first or end.replace(month=1, day=1), end))


def _named(period: Period) -> Period:
    """The same days under their name, where they are exactly a month, a quarter or a year."""
    for of in NAMED.values():
        named = of(period.first)
        if (named.first, named.last) == (period.first, period.last):
            return named
    return period


def _day(asked: Mapping[str, str], place: str) -> date | None:
    text = asked.get(place, "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidField("“{text}” is not a day. Write it like 2026-11-21.", place=place, text=text) from None
    if not EARLIEST <= day <= LATEST:
        raise InvalidField("“{text}” is too far away. Choose a day from 2000 to 2199.", place=place, text=text)
    return day


def _month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _months_earlier(first: date, months: int) -> date:
    """The first day of the month that was so many months before that of `first`; 1 January of the year 1 at most."""
    year, month = divmod(12 * first.year + first.month - 1 - months, 12)
    return date(max(1, year), month + 1, 1)
