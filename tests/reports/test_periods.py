"""Periods: what an address asks for, and what runs now."""

from datetime import date, timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.errors import InvalidField
from audit.reports.period import NAMED, Period, read_period

TODAY = date(2026, 11, 21)
DAYS = st.dates(date(2001, 1, 1), date(2190, 12, 31))


def test_nothing_asked_is_this_quarter() -> None:
    assert read_period({}, TODAY) == Period(date(2026, 10, 1), date(2026, 12, 31), "quarter")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ({"period": "month"}, date(2026, 11, 1), date(2026, 11, 30)),
        ({"period": "year"}, date(2026, 1, 1), date(2026, 12, 31)),
        ({"period": "last-quarter"}, date(2026, 7, 1), date(2026, 9, 30)),
        ({"period": "twelve-months"}, date(2025, 12, 1), date(2026, 11, 30)),
        ({"from": "2026-02-03", "to": "2026-02-03"}, date(2026, 2, 3), date(2026, 2, 3)),
        ({"from": "2026-02-03"}, date(2026, 2, 3), TODAY),
        ({"to": "2025-02-03"}, date(2025, 1, 1), date(2025, 2, 3)),
        ({"from": "2027-02-03"}, date(2027, 2, 3), date(2027, 2, 3)),
    ],
)
def test_an_address_names_its_period(asked: dict[str, str], first: date, last: date) -> None:
    period = read_period(asked, TODAY)
    assert (period.first, period.last) == (first, last)


@given(DAYS, st.integers(0, 800))
def test_what_a_period_puts_into_an_address_is_read_back_as_the_same_days(first: date, days: int) -> None:
    period = Period(first, first + timedelta(days=days))
    again = read_period(dict(parse_qsl(period.query)), TODAY)
    assert (again.first, again.last) == (period.first, period.last)


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ({"from": "2026-13-01"}, "from"),
        ({"to": "tomorrow"}, "to"),
        ({"from": "2026-02-02", "to": "2026-02-01"}, "from"),
        ({"from": "0001-01-01"}, "from"),
        ({"period": "decade"}, "period"),
    ],
)
def test_a_wrong_period_is_refused_by_its_field(asked: dict[str, str], place: str) -> None:
    with pytest.raises(InvalidField) as refused:
        read_period(asked, TODAY)
    assert refused.value.place == place


@given(DAYS, st.sampled_from(sorted(NAMED)))
def test_a_named_period_holds_its_day_and_follows_the_one_before_without_a_gap(day: date, name: str) -> None:
    period = NAMED[name](day)
    before = period.before()
    assert period.first <= day <= period.last
    assert before.last + timedelta(days=1) == period.first
    assert before == NAMED[name](before.first)


@given(DAYS, st.sampled_from(sorted(NAMED)))
def test_a_named_period_written_as_two_days_is_the_same_period(day: date, name: str) -> None:
    period = NAMED[name](day)
    asked = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    assert read_period(asked, TODAY) == period


@given(st.dates(date(2003, 1, 1), date(2190, 12, 31)))
def test_twelve_months_end_with_that_of_today_and_follow_the_twelve_before_without_a_gap(day: date) -> None:
    period = read_period({"period": "twelve-months"}, day)
    before = period.before()
    assert period.first <= day <= period.last
    assert before.last + timedelta(days=1) == period.first
    assert (before.first.month, before.first.day) == (period.first.month, 1)
    assert before.first.year == period.first.year - 1


def test_in_december_the_last_twelve_months_are_the_year_by_its_name() -> None:
    assert read_period({"period": "twelve-months"}, date(2026, 12, 3)) == NAMED["year"](date(2026, 12, 3))


def test_before_whole_months_come_as_many_whole_months() -> None:
    february_and_march = Period(date(2026, 2, 1), date(2026, 3, 31))
    assert february_and_march.before() == Period(date(2025, 12, 1), date(2026, 1, 31))


def test_before_days_inside_of_months_come_as_many_days() -> None:
    assert Period(date(2026, 2, 2), date(2026, 3, 31)).before() == Period(date(2025, 12, 6), date(2026, 2, 1))
