"""How days, moments and numbers are written for people."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.formatting import Formats, day_part

ENGLISH = Formats("en")


@pytest.mark.parametrize("unseen", ["", " ", "\x01\x02", "\u200b", "\uffff", "\u2028", "\u202e\u2069"])
def test_where_a_name_cannot_be_seen_the_next_one_stands_for_it(unseen: str) -> None:
    assert ENGLISH.called("Mill Lane", "N01") == "Mill Lane"
    assert ENGLISH.called(unseen, "N01") == "N01"
    assert ENGLISH.called(unseen, unseen) == "–"


@pytest.mark.parametrize(
    ("zone", "summer", "winter"),
    [
        ("Europe/London", "UTC+1", "UTC"),
        ("Asia/Kolkata", "UTC+5:30", "UTC+5:30"),
        ("America/St_Johns", "UTC−2:30", "UTC−3:30"),
        ("UTC", "UTC", "UTC"),
    ],
)
def test_a_moment_says_how_far_its_clocks_are_from_utc(zone: str, summer: str, winter: str) -> None:
    for month, said in ((7, summer), (1, winter)):
        moment = datetime(2026, month, 5, 14, 5, tzinfo=ZoneInfo(zone))
        assert ENGLISH.moment(moment).endswith(f" 2026, 14:05 {said}")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "5 May 2026, 14:05 UTC"),
        ("de", "5. Mai 2026, 14:05 UTC"),
        ("fr", "5 mai 2026, 14:05 UTC"),
        ("hu", "2026. máj. 5., 14:05 UTC"),
        ("ja", "2026年5月5日, 14:05 UTC"),
        ("ar", "5 مايو 2026، 14:05 UTC"),
    ],
)
def test_a_moment_is_written_in_the_order_of_its_language(language: str, said: str) -> None:
    assert Formats(language).moment(datetime(2026, 5, 5, 14, 5, tzinfo=UTC)) == said


@pytest.mark.parametrize(("language", "said"), [("en", "a; b"), ("fr", "a\u00a0; b"), ("ar", "a؛ b"), ("de", "a; b")])
def test_a_semicolon_is_written_as_in_its_language(language: str, said: str) -> None:
    assert Formats(language).semicolon.join("ab") == said


def test_the_hour_that_a_clock_shows_twice_is_told_apart() -> None:
    first, second = (
        datetime(2026, 10, 25, hour, 30, tzinfo=UTC).astimezone(ZoneInfo("Europe/Zurich")) for hour in (0, 1)
    )
    assert (ENGLISH.moment(first), ENGLISH.moment(second)) == (
        "25 Oct 2026, 02:30 UTC+2",
        "25 Oct 2026, 02:30 UTC+1",
    )


def test_a_span_says_once_what_its_ends_share() -> None:
    last = date(2026, 11, 30)
    assert ENGLISH.span(last, last) == "30 November 2026"
    assert ENGLISH.span(date(2026, 11, 1), last) == "1–30 November 2026"
    assert ENGLISH.span(date(2026, 1, 1), last) == "1 January – 30 November 2026"
    assert ENGLISH.span(date(2025, 12, 1), last) == "1 December 2025 – 30 November 2026"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "1 Jul – 30 Sep 2026"), ("de", "1. Juli – 30. Sept. 2026"), ("ar", "1 يوليو – 30 سبتمبر 2026")],
)
def test_a_period_where_space_is_short_names_both_months_alike(language: str, said: str) -> None:
    assert Formats(language).period(date(2026, 7, 1), date(2026, 9, 30)) == said


def test_a_period_over_two_years_names_both() -> None:
    assert ENGLISH.period(date(2025, 10, 1), date(2026, 9, 30)) == "1 Oct 2025 – 30 Sep 2026"


@pytest.mark.parametrize(("language", "said"), [("en", "1,234.5"), ("de", "1.234,5"), ("fr", "1\u202f234,5")])
def test_a_number_is_written_as_the_language_has_it(language: str, said: str) -> None:
    assert Formats(language).number(Fraction(2469, 2)) == said


def test_a_number_is_rounded_half_up_on_its_exact_value() -> None:
    nearly = Fraction(1, 200) - Fraction(1, 10**40)
    assert [ENGLISH.number(value) for value in (Fraction(1, 200), nearly, Fraction(-1, 200))] == ["0.01", "0", "-0.01"]


@given(st.fractions(min_value=-(10**6), max_value=10**6), st.integers(0, 4))
def test_a_number_is_never_further_than_half_a_digit_from_what_is_printed(value: Fraction, places: int) -> None:
    printed = Fraction(Decimal(ENGLISH.number(value, places).replace(",", "")))
    assert abs(printed - value) <= Fraction(1, 2 * 10**places)


def test_counts_of_a_column_are_equally_wide() -> None:
    assert [ENGLISH.in_column(number, 60) for number in (9, 60)] == ["\u20079", "60"]
    assert ENGLISH.in_column(4, 8) == "4"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "25 Nov 2026"), ("de", "25.11.2026"), ("fr", "25 nov. 2026"), ("es", "25 nov 2026")]
)
def test_a_day_that_was_an_answer_is_written_as_in_the_language(language: str, said: str) -> None:
    assert Formats(language).written_day("2026-11-25") == said
    assert Formats(language).written_day("soon") == "soon"


def test_words_of_the_other_direction_are_kept_apart() -> None:
    assert ENGLISH.apart_in_plain_text("Mill Lane") == "Mill Lane"
    assert ENGLISH.apart_in_plain_text("فرع") == "\u2068فرع\u2069"


@pytest.mark.parametrize(("hour", "part"), [(0, "morning"), (11, "morning"), (12, "afternoon"), (17, "evening")])
def test_a_clock_time_is_a_part_of_the_day(hour: int, part: str) -> None:
    assert day_part(datetime(2026, 11, 12, hour, 59, tzinfo=UTC)) == part
