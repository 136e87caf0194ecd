"""Notifying: a shopper lets a phone be told that something is new on the list, and whoever has the machine tells it.

Owns who is told, what was told already, and that no phone hears twice in an hour or at night. Refuses to know how a
message is carried. What stood on the list before a phone asked to be told is no news to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from audit.actions import SYSTEM
from audit.domain.errors import TooMany, not_here
from audit.domain.notification import (
    BETWEEN_MESSAGES,
    must_be_push_address,
    news_of,
    seconds_until_night,
)
from audit.domain.people import May, Person
from audit.storage.devices import Device
from audit.storage.identifiers import new_id
from audit.storage.notifications import Subscription
from audit.storage.store import Store

MOST_DEVICES = 5


class Carried(Enum):
    """What became of a message at its push service."""

    TAKEN = "taken"
    GONE = "gone"  # nobody is at that address any more
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True)
class Address:
    """Where a browser takes messages: as it was told by its push service, and the public key that it was told to heed.
    `services` are the hosts that are known here."""

    address: str
    key: str
    services: Collection[str]


@dataclass(frozen=True)
class Message:
    """One message that is due: to which device of whom, the names of what it tells, and for how many seconds it may be
    kept for a phone that is out of reach."""

    subscription: Subscription
    person: Person
    news: frozenset[str]
    lasts_seconds: int


def turn_on(store: Store, person: Person, device_id: str, at: Address, now: datetime) -> Subscription:
    """From now on this device of the person's is told. InvalidField for an address of no known push service; TooMany
    beyond the most devices. An address that another sign-in of the same browser had moves over."""
    person.must(May.MAKE_VISITS)
    host = must_be_push_address(at.address, at.services)
    with store.transaction():
        device = _own(store, person, device_id)
        _take_over(store, person, device_id, at, now)
        subscription = Subscription(new_id(), device.id, at.address, at.key, now)
        store.notifications.open(subscription)
        if store.notifications.count_of(person.id) > MOST_DEVICES:
            raise TooMany(
                "They are turned on for {most} phones already. Turn them off on one of them.", most=MOST_DEVICES
            )
        store.notifications.tell(subscription.id, _news_for(store, person, now)[0], now)
        store.journal.write(person.id, "notification.turned_on", device.id, now, after={"service": host})
        return subscription


def follow_browser(store: Store, person: Person, device_id: str, at: Address, now: datetime) -> None:
    """The browser of this device takes messages elsewhere from now on; what was told stays told. Where they are off,
    they stay off. InvalidField for an address of no known push service."""
    person.must(May.MAKE_VISITS)
    host = must_be_push_address(at.address, at.services)
    with store.transaction():
        _own(store, person, device_id)
        if store.notifications.of_device(device_id) is not None:
            _take_over(store, person, device_id, at, now)
            store.notifications.move(device_id, at.address, at.key)
            store.journal.write(person.id, "notification.moved", device_id, now, after={"service": host})


def turn_off(store: Store, person: Person, device_id: str, now: datetime) -> None:
    """From now on this device of the person's is told nothing; its address is forgotten. A second time changes
    nothing."""
    person.must(May.MAKE_VISITS)
    with store.transaction():
        _own(store, person, device_id)
        if store.notifications.close_of_device(device_id):
            store.journal.write(person.id, "notification.turned_off", device_id, now)


def messages_due(store: Store, key: str, now: datetime) -> list[Message]:
    """What is to be sent at this moment to browsers that heed this public key."""
    due = []
    known: dict[str, tuple[frozenset[str], int]] = {}
    for subscription, person in store.notifications.listening(key, store.journal.not_before(now)):
        if subscription.told_at is not None and now - subscription.told_at < BETWEEN_MESSAGES:
            continue
        if person.id not in known:
            known[person.id] = _news_for(store, person, now)
        news, seconds = known[person.id]
        fresh = news - store.notifications.told(subscription.id)
        if fresh and seconds:
            due.append(Message(subscription, person, fresh, seconds))
    return due


def send_message(store: Store, message: Message, carry: Callable[[str, int], Carried], now: datetime) -> Carried | None:
    """Have one message carried, and note what came of it; None if it was turned off, or told by another run, meanwhile.

    `carry` gets the address and the seconds. Whoever is interrupted while it carries is quiet for an hour."""
    subscription = message.subscription
    with store.transaction():
        if not store.notifications.claim(subscription.id, now, now - BETWEEN_MESSAGES):
            return None
    became = carry(subscription.address, message.lasts_seconds)
    with store.transaction():
        match became:
            case Carried.TAKEN:
                store.notifications.tell(subscription.id, message.news, now)
            case Carried.GONE:
                _close(store, subscription, SYSTEM, now, why="nobody takes messages at its address any more")
            case _:
                store.notifications.release(subscription.id, subscription.told_at)
    return became


def forget_ended(store: Store, now: datetime) -> int:
    """Forget the addresses of devices whose sign-in has ended; how many there were."""
    with store.transaction():
        return store.notifications.close_ended(store.journal.not_before(now))


def _own(store: Store, person: Person, device_id: str) -> Device:
    """The device, if it is the person's: NotFound otherwise."""
    device = store.devices.find(device_id)
    if device.person_id != person.id:
        raise not_here()
    return device


def _take_over(store: Store, person: Person, device_id: str, at: Address, now: datetime) -> None:
    """Close what another sign-in had at this address."""
    before = store.notifications.at_address(at.address)
    if before is not None and before.device_id != device_id:
        _close(store, before, person.id, now, why="the same browser was turned on under another sign-in")


def _close(store: Store, subscription: Subscription, who: str, now: datetime, why: str) -> None:
    if store.notifications.close(subscription.id):
        store.journal.write(who, "notification.turned_off", subscription.device_id, now, why=why)


def _news_for(store: Store, person: Person, now: datetime) -> tuple[frozenset[str], int]:
    """What there is to tell of the person's list, and for how many seconds from now it is day at every place on it."""
    programme = store.programme.find()
    offered = store.assignments.visible_to(person).list_open()
    visits = {visit.assignment_id: visit for visit in store.visits.visible_to(person).of_shopper(person.id)}
    branches = store.branches.find_many([one.branch_code for one in offered])
    news: set[str] = set()
    seconds = []
    for assignment in offered:
        here = now.astimezone(branches[assignment.branch_code].zone(programme))
        visit = visits.get(assignment.id)
        news.update(news_of(assignment, visit, store.journal.last_at(visit.id) if visit else None, here))
        seconds.append(seconds_until_night(here))
    return frozenset(news), min(seconds, default=0)
