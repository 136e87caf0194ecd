"""Whose phone is told what, and when: once, at most once an hour, never at night, and never somebody who has gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from audit.actions.assigning import cancel_assignment
from audit.actions.inviting import dismiss_person
from audit.actions.notifying import (
    MOST_DEVICES,
    Address,
    Carried,
    follow_browser,
    forget_ended,
    messages_due,
    send_message,
    turn_off,
    turn_on,
)
from audit.actions.signing_in import open_device, revoke_device
from audit.actions.visiting import begin_visit
from audit.domain.errors import InvalidField, NotAllowed, NotFound, TooMany
from audit.domain.people import Person
from audit.domain.visit import VisitState
from audit.storage.store import Store
from tests import cast
from tests.world import NOW, assign, minutes

KEY = "the public key"
SERVICES = ("push.example.org",)


def at(token: str = "sam", key: str = KEY) -> Address:
    return Address(f"https://push.example.org/{token}", key, SERVICES)


def phone(store: Store, person: Person = cast.SAM, now: datetime = NOW) -> str:
    """One more phone of this person's that is signed in."""
    with store.transaction():
        return open_device(store, person, "Chrome, Android", now)[1].id


@pytest.fixture
def told(store: Store) -> str:
    """Sam's phone, on which notifications are on since nine o'clock."""
    device = phone(store)
    turn_on(store, cast.SAM, device, at(), minutes(0))
    return device


class Service:
    """A push service that answers as it is told."""

    def __init__(self, answer: Carried = Carried.TAKEN) -> None:
        self.answer = answer
        self.got: list[tuple[str, int]] = []

    def carry(self, address: str, seconds: int) -> Carried:
        self.got.append((address, seconds))
        return self.answer


def run(store: Store, now: datetime, service: Service | None = None) -> list[list[str]]:
    """Send all that is due; what each message told."""
    service = service or Service()
    due = messages_due(store, KEY, now)
    for message in due:
        send_message(store, message, service.carry, now)
    return [sorted(message.news) for message in due]


def test_a_new_assignment_is_told_once(store: Store, told: str) -> None:
    assert run(store, minutes(1)) == []
    assignment = assign(store, until=NOW.date() + timedelta(days=7))
    service = Service()
    assert run(store, minutes(1), service) == [[f"assigned {assignment.id}"]]
    # At nine and a minute in London it is ten and a minute in Zurich, and the night begins at ten.
    seconds = 12 * 3600 - 60
    assert service.got == [("https://push.example.org/sam", seconds)]
    assert run(store, minutes(600)) == []


def test_what_stood_on_the_list_before_is_no_news(store: Store) -> None:
    assign(store, until=NOW.date() + timedelta(days=7))
    turn_on(store, cast.SAM, phone(store), at(), minutes(5))
    assert run(store, minutes(10)) == []


def test_a_phone_hears_at_most_once_an_hour_and_then_of_all_that_came_meanwhile(store: Store, told: str) -> None:
    later = NOW.date() + timedelta(days=7)
    assign(store, until=later)
    assert len(run(store, minutes(1))) == 1
    for branch in ("N02", "S01"):
        assign(store, branch_code=branch, until=later)
    assert run(store, minutes(60)) == []
    assert [len(news) for news in run(store, minutes(61))] == [2]


@pytest.mark.parametrize(("hour_in_zurich", "messages"), [(6, 0), (7, 1), (21, 1), (22, 0), (23, 0), (24, 0)])
def test_nothing_is_told_at_night_where_the_branch_is(
    store: Store, told: str, hour_in_zurich: int, messages: int
) -> None:
    assign(store, until=NOW.date() + timedelta(days=7))
    midnight = NOW.replace(hour=23)
    assert len(run(store, midnight + timedelta(hours=hour_in_zurich))) == messages


def test_one_place_on_the_list_where_it_is_night_keeps_everything_quiet(store: Store, told: str) -> None:
    with store.transaction():
        store.branches.save(replace(cast.S01, time_zone="Asia/Tokyo"))
    later = NOW.date() + timedelta(days=7)
    assign(store, branch_code="S01", until=later)
    assign(store, until=later)
    assert run(store, minutes(5 * 60)) == []  # 15 o'clock in Zurich, 23 in Tokyo
    assert [len(news) for news in run(store, minutes(14 * 60))] == []  # and the other way round
    assert [len(news) for news in run(store, minutes(23 * 60))] == [2]


def test_a_visit_that_comes_back_the_last_day_and_a_draft_that_lies_are_told(store: Store, told: str) -> None:
    until = NOW.date() + timedelta(days=3)
    begun, waiting = assign(store, until=until), assign(store, branch_code="N02", until=until)
    visit = begin_visit(store, cast.SAM, begun.id, minutes(1))
    run(store, minutes(2))
    with store.transaction():
        store.visits.save(replace(visit, odd={"greeted": "perhaps"}, head="m1"))
    assert run(store, minutes(2 * 1440)) == [[f"last_day {waiting.id}"]]
    assert run(store, minutes(2 * 1440 + 61)) == [[f"unsent {visit.id}"]]
    with store.transaction():
        store.visits.save(replace(store.visits.find(visit.id), state=VisitState.RETURNED))
    assert run(store, minutes(2 * 1440 + 122)) == [[f"returned {visit.id} m1"]]


def test_what_is_no_longer_asked_for_is_not_told(store: Store, told: str) -> None:
    assignment = assign(store, until=NOW.date() + timedelta(days=7))
    cancel_assignment(store, cast.ADA, assignment.id, minutes(1))
    assert run(store, minutes(2)) == []


def test_otto_hears_nothing_of_sams_list(store: Store, told: str) -> None:
    turn_on(store, cast.OTTO_SHOPPER, phone(store, cast.OTTO_SHOPPER), at("otto"), minutes(0))
    assign(store, until=NOW.date() + timedelta(days=7))
    service = Service()
    run(store, minutes(1), service)
    assert [address for address, _ in service.got] == ["https://push.example.org/sam"]


def test_signing_out_dismissal_and_an_expired_sign_in_end_it(store: Store, told: str) -> None:
    assign(store, until=NOW.date() + timedelta(days=200))
    revoke_device(store, cast.SAM, told, minutes(1))
    assert store.notifications.of_device(told) is None
    other = phone(store)
    turn_on(store, cast.SAM, other, at(), minutes(2))
    assign(store, branch_code="N02", until=NOW.date() + timedelta(days=200))
    too_late = NOW + timedelta(days=91)
    assert messages_due(store, KEY, too_late) == []
    assert forget_ended(store, too_late) == 1
    turn_on(store, cast.SAM, phone(store, now=too_late), at(), too_late)
    dismiss_person(store, cast.ADA, cast.SAM.id, too_late)
    assert (messages_due(store, KEY, too_late), store.notifications.count_of(cast.SAM.id)) == ([], 0)


def test_an_address_that_the_push_service_knows_no_more_is_forgotten(store: Store, told: str) -> None:
    assign(store)
    run(store, minutes(1), Service(Carried.GONE))
    assert store.notifications.of_device(told) is None
    (line,) = [line for line in store.journal.of(told) if line.what == "notification.turned_off"]
    assert (line.who, line.why) == ("system", "nobody takes messages at its address any more")


@pytest.mark.parametrize("answer", [Carried.LATER, Carried.REFUSED])
def test_what_was_not_taken_is_sent_by_the_next_run(store: Store, told: str, answer: Carried) -> None:
    assign(store)
    run(store, minutes(1), Service(answer))
    assert len(run(store, minutes(2))) == 1


def test_of_two_runs_at_once_one_sends(store: Store, told: str) -> None:
    assign(store)
    (message,) = messages_due(store, KEY, minutes(1))
    service = Service()
    assert [send_message(store, message, service.carry, minutes(1)) for _ in range(2)] == [Carried.TAKEN, None]
    assert len(service.got) == 1


def test_who_turns_them_off_while_a_run_goes_is_told_nothing(store: Store, told: str) -> None:
    assign(store)
    (message,) = messages_due(store, KEY, minutes(1))
    turn_off(store, cast.SAM, told, minutes(1))
    assert send_message(store, message, Service().carry, minutes(1)) is None
    assert [line.what for line in store.journal.of(told)] == [
        "device.signed_in", "notification.turned_on", "notification.turned_off",
    ]  # fmt: skip


def test_who_turns_them_off_while_the_message_is_carried_is_forgotten_all_the_same(store: Store, told: str) -> None:
    assign(store)
    (message,) = messages_due(store, KEY, minutes(1))

    def carry(address: str, seconds: int) -> Carried:
        turn_off(store, cast.SAM, told, minutes(1))
        return Carried.TAKEN

    assert send_message(store, message, carry, minutes(1)) is Carried.TAKEN
    assert store.notifications.told(message.subscription.id) == frozenset()


def test_a_browser_that_heeds_another_key_is_not_spoken_to(store: Store) -> None:
    turn_on(store, cast.SAM, phone(store), at(key="an earlier key"), minutes(0))
    assign(store)
    assert messages_due(store, KEY, minutes(1)) == []


def test_the_address_of_a_browser_moves_to_who_is_signed_in_there_now(store: Store, told: str) -> None:
    turn_on(store, cast.OTTO_SHOPPER, phone(store, cast.OTTO_SHOPPER), at("sam"), minutes(1))
    assert store.notifications.of_device(told) is None
    assign(store)
    assert messages_due(store, KEY, minutes(2)) == []


def test_a_browser_that_takes_messages_elsewhere_is_followed_and_hears_nothing_twice(store: Store, told: str) -> None:
    first = assign(store, until=NOW.date() + timedelta(days=7))
    assert run(store, minutes(1)) == [[f"assigned {first.id}"]]
    second = assign(store, until=NOW.date() + timedelta(days=7))
    follow_browser(store, cast.SAM, told, at("elsewhere"), minutes(2))
    service = Service()
    assert run(store, minutes(62), service) == [[f"assigned {second.id}"]]
    assert [address for address, _ in service.got] == ["https://push.example.org/elsewhere"]
    assert [line.what for line in store.journal.of(told)][-1] == "notification.moved"


def test_a_browser_that_takes_messages_elsewhere_is_not_followed_where_they_are_off(store: Store, told: str) -> None:
    turn_off(store, cast.SAM, told, minutes(1))
    follow_browser(store, cast.SAM, told, at("elsewhere"), minutes(2))
    assert store.notifications.of_device(told) is None


def test_a_browser_follows_to_where_an_earlier_sign_in_of_it_was_told(store: Store, told: str) -> None:
    other = phone(store)
    turn_on(store, cast.SAM, other, at("other"), minutes(1))
    follow_browser(store, cast.SAM, other, at(), minutes(2))
    found = store.notifications.at_address(at().address)
    assert found is not None
    assert (found.device_id, store.notifications.of_device(told)) == (other, None)


def test_nobody_follows_for_somebody_elses_phone_nor_to_an_unknown_service(store: Store, told: str) -> None:
    with pytest.raises(NotFound):
        follow_browser(store, cast.OTTO_SHOPPER, told, at("elsewhere"), minutes(1))
    with pytest.raises(InvalidField):
        follow_browser(store, cast.SAM, told, Address("https://127.0.0.1/x", KEY, SERVICES), minutes(1))


def test_nobody_turns_them_on_for_somebody_elses_phone_nor_in_the_office(store: Store, told: str) -> None:
    for change in (lambda: turn_on(store, cast.OTTO_SHOPPER, told, at("x"), minutes(1)),
                   lambda: turn_off(store, cast.OTTO_SHOPPER, told, minutes(1))):  # fmt: skip
        with pytest.raises(NotFound):
            change()
    with pytest.raises(NotAllowed):
        turn_on(store, cast.ADA, phone(store, cast.ADA), at("x"), minutes(1))
    assert store.notifications.of_device(told)


def test_an_address_elsewhere_is_refused_and_there_are_only_so_many(store: Store) -> None:
    with pytest.raises(InvalidField):
        turn_on(store, cast.SAM, phone(store), Address("https://evil.example/x", KEY, SERVICES), minutes(0))
    phones = [phone(store) for _ in range(MOST_DEVICES)]
    for number, device in enumerate(phones):
        turn_on(store, cast.SAM, device, at(str(number)), minutes(0))
    turn_on(store, cast.SAM, phones[0], at("anew"), minutes(1))
    with pytest.raises(TooMany):
        turn_on(store, cast.SAM, phone(store), at("one-more"), minutes(1))
    assert store.notifications.count_of(cast.SAM.id) == MOST_DEVICES
