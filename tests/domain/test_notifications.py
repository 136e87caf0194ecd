"""What is news, when nobody is told, and where a message may be sent."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.checklist.model import Answer
from audit.domain.errors import InvalidField
from audit.domain.notification import (
    MOST_SIGNS,
    is_night,
    must_be_push_address,
    news_of,
    seconds_until_night,
)
from audit.domain.visit import Visit, VisitState, begin
from tests.domain.offers import an_assignment

ZURICH = ZoneInfo("Europe/Zurich")
SERVICES = ("push.example.org", ".far.example")
NOON = datetime(2026, 11, 12, 12, 0, tzinfo=ZURICH)
OFFER = replace(an_assignment(), id="a1", until=date(2026, 11, 30))
DRAFT = replace(begin("v1", OFFER, NOON.astimezone(UTC)), answers={"greeted": Answer("yes")}, head="m1")


def kinds(visit: Visit | None, touched_at: datetime | None = None, here: datetime = NOON) -> list[str]:
    return [name.split()[0] for name in news_of(OFFER, visit, touched_at, here)]


def test_a_new_assignment_is_news_under_its_own_name() -> None:
    assert news_of(OFFER, None, None, NOON) == ["assigned a1"]


def test_an_assignment_that_was_taken_back_and_a_visit_that_was_sent_are_none() -> None:
    assert news_of(OFFER.cancelled(NOON), None, None, NOON) == []
    for state in set(VisitState) - {VisitState.DRAFT, VisitState.RETURNED}:
        assert news_of(OFFER, replace(DRAFT, state=state), NOON, NOON) == []


def test_a_visit_that_comes_back_twice_is_news_twice() -> None:
    back = replace(DRAFT, state=VisitState.RETURNED)
    again = replace(back, head="m2")
    first, second = (set(news_of(OFFER, visit, NOON, NOON)) for visit in (back, again))
    assert len(second - first) == 1
    assert kinds(back) == ["assigned", "returned"]


@pytest.mark.parametrize(
    ("day", "hour", "told"), [(28, 12, False), (28, 23, False), (29, 0, True), (29, 23, True), (30, 0, False)]
)
def test_the_last_day_is_told_on_the_day_before_where_the_branch_is(day: int, hour: int, told: bool) -> None:
    here = datetime(2026, 11, day, hour, tzinfo=ZURICH)
    assert ("last_day" in kinds(None, here=here)) == told


def test_who_has_begun_is_not_reminded_of_the_last_day_and_a_page_that_was_only_opened_is_no_beginning() -> None:
    the_day_before = NOON.replace(day=29)
    opened = begin("v1", OFFER, NOON.astimezone(UTC))
    assert "last_day" in kinds(opened, NOON, the_day_before)
    assert "last_day" not in kinds(DRAFT, the_day_before, the_day_before)


def test_what_was_begun_and_lies_for_two_days_is_told_and_what_was_never_begun_is_not() -> None:
    assert "unsent" not in kinds(DRAFT, NOON, NOON + timedelta(hours=47))
    assert "unsent" in kinds(DRAFT, NOON, NOON + timedelta(hours=48))
    opened = begin("v1", OFFER, NOON.astimezone(UTC))
    assert "unsent" not in kinds(opened, NOON, NOON + timedelta(days=9))


@pytest.mark.parametrize(("hour", "minute", "night"), [(6, 59, True), (7, 0, False), (21, 59, False), (22, 0, True)])
def test_nobody_is_told_between_ten_and_seven(hour: int, minute: int, night: bool) -> None:
    assert is_night(NOON.replace(hour=hour, minute=minute)) == night


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.timezones()))  # noqa: DTZ001 - it adds them
def test_a_message_is_kept_for_a_phone_until_ten_and_never_into_the_night(here: datetime) -> None:
    seconds = seconds_until_night(here)
    assert (seconds == 0) >= is_night(here)
    if seconds:
        end = (here.replace(tzinfo=None) + timedelta(seconds=seconds)).time()
        assert (end.hour, end.minute) in ((21, 59), (22, 0))


@pytest.mark.parametrize(
    "address",
    ["https://push.example.org/send/abc-_123", "https://a.far.example/?token=a%2Fb", "https://push.example.org/"],
)
def test_an_address_at_a_known_service_is_taken(address: str) -> None:
    assert must_be_push_address(address, SERVICES) == address.split("/")[2]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://push.example.org/x",
        "https://push.example.org",
        "https://push.example.org:443/x",
        "https://push.example.org:8443/x",
        "https://ada:secret@push.example.org/x",
        "https://push.example.org@127.0.0.1/x",
        "https://push.example.org\\@127.0.0.1/x",
        "https://push.example.org.evil.example/x",
        "https://evilpush.example.org/x",
        "https://evilfar.example/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://localhost/x",
        "https://push.example.org/x#y",
        "https://push.example.org/x\r\nHost: evil",
        "https://push.example.org/ x",
        "https://PUSH.example.org/x",
        "https://push.example.org/ä",
        "file:///etc/passwd",
        "https://push.example.org/" + "x" * MOST_SIGNS,
    ],
)
def test_any_other_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidField):
        must_be_push_address(address, SERVICES)


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_typed_only_a_known_host_stands_before_the_first_slash(before: str, after: str) -> None:
    for typed in (f"{before}push.example.org{after}", f"https://{before}push.example.org/{after}"):
        try:
            host = must_be_push_address(typed, SERVICES)
        except InvalidField:
            continue
        assert host == "push.example.org"
        assert typed.startswith("https://push.example.org/")
        assert typed.isascii()
        assert typed.isprintable()
