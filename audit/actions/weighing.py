"""Weighing: the programme office says when its customers come, so that figures can be held against it; or takes that
back. No score is changed by either."""

from __future__ import annotations

from datetime import datetime

from audit.domain.people import May, Person
from audit.domain.statistics.traffic import PARTS, Traffic
from audit.storage.store import Store


def tell_traffic(store: Store, person: Person, traffic: Traffic, now: datetime) -> None:
    """Keep when customers come, in place of what was said before. Saying the same again changes nothing."""
    _change(store, person, traffic, now)


def take_traffic_back(store: Store, person: Person, now: datetime) -> None:
    """From now on nobody has said when customers come: no figure is held against it."""
    _change(store, person, None, now)


def _change(store: Store, person: Person, traffic: Traffic | None, now: datetime) -> None:
    person.must(May.ADMINISTER)
    with store.transaction():
        before = store.traffic.find()
        if before == traffic:
            return
        if traffic:
            store.traffic.save(traffic)
        else:
            store.traffic.remove()
        store.journal.write(person.id, "programme.traffic", "programme", now, _told(before), _told(traffic))


def _told(traffic: Traffic | None) -> object:
    """The customers of each part that has any, as plain JSON."""
    if traffic is None:
        return None
    found = sorted(traffic.customers.items(), key=lambda each: (each[0][0], PARTS.index(each[0][1])))
    return {f"{day} {part}": str(number) for (day, part), number in found if number}
