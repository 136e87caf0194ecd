"""Where notifications are on: the address of each device at its push service, and what it was told already.

A row goes with its device's sign-in. Not sealed, like sign-ins: the address is looked at again before each message.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from audit.domain.people import Person
from audit.storage.columns import Column, instant_from, instant_text, optional_instant_from, optional_instant_text
from audit.storage.connections import Row
from audit.storage.people import person_from_row
from audit.storage.shelf import Shelf

ENDED = """device_id in (select device.id from device join person on person.id = person_id
    where revoked_at is not null or expires_at <= ? or active = 0)"""


@dataclass(frozen=True)
class Subscription:
    """One device that wants to be told. `address` is a secret of the device's; `key` is the public key that its browser
    takes messages from; `told_at` is when a message was last sent."""

    id: str
    device_id: str
    address: str = field(repr=False)
    key: str
    created_at: datetime
    told_at: datetime | None = None


class NotificationShelf(Shelf):
    """The devices on which notifications are on."""

    def of_device(self, device_id: str) -> Subscription | None:
        found = self._rows("select * from push_subscription", "device_id = ?", (device_id,))
        return _from_row(found[0]) if found else None

    def at_address(self, address: str) -> Subscription | None:
        found = self._rows("select * from push_subscription", "address = ?", (address,))
        return _from_row(found[0]) if found else None

    def count_of(self, person_id: str) -> int:
        """On how many devices of this person they are on."""
        own = "device_id in (select id from device where person_id = ?)"
        return int(self._rows("select count(*) from push_subscription", own, (person_id,))[0][0])

    def listening(self, key: str, now: datetime) -> list[tuple[Subscription, Person]]:
        """Every device that may be told something with this key: signed in, of somebody who is let in."""
        sql = """select push_subscription.*, person_id, name, role, email, area_code, branch_code, pseudonym, language,
            active from push_subscription join device on device.id = device_id join person on person.id = person_id"""
        rows = self._rows(sql, f"key = ? and not {ENDED}", (key, instant_text(now)), "order by push_subscription.id")
        return [(_from_row(row), person_from_row(row, "person_id")) for row in rows]

    def open(self, subscription: Subscription) -> None:
        """Turn them on for a device, in place of what was there."""
        self.close_of_device(subscription.device_id)
        row = _to_row(subscription)
        self._connections.change(
            "insert into push_subscription (id, device_id, address, key, created_at, told_at)"
            " values (?, ?, ?, ?, ?, ?)",
            tuple(row.values()),
        )

    def move(self, device_id: str, address: str, key: str) -> None:
        """Keep another address of a device; what was told stays told."""
        self._connections.change(
            "update push_subscription set address = ?, key = ? where device_id = ?", (address, key, device_id)
        )

    def close(self, id: str) -> bool:
        """Forget the address and what was told there; whether it was there."""
        return bool(self._connections.change("delete from push_subscription where id = ?", (id,)))

    def close_of_device(self, device_id: str) -> bool:
        """The same, of a device."""
        return bool(self._connections.change("delete from push_subscription where device_id = ?", (device_id,)))

    def close_ended(self, now: datetime) -> int:
        """Forget the addresses of devices whose sign-in has ended; how many there were."""
        return self._connections.change(f"delete from push_subscription where {ENDED}", (instant_text(now),))  # noqa: S608 - our own text

    def told(self, id: str) -> frozenset[str]:
        """The names of the news that was told there."""
        rows = self._rows("select news from push_told", "subscription_id = ?", (id,))
        return frozenset(row["news"] for row in rows)

    def tell(self, id: str, news: Collection[str], now: datetime) -> None:
        """Note that this news is known there, unless it was turned off meanwhile."""
        sql = """insert or ignore into push_told (subscription_id, news, told_at)
            select id, ?, ? from push_subscription where id = ?"""
        for name in sorted(news):
            self._connections.change(sql, (name, instant_text(now), id))

    def claim(self, id: str, now: datetime, before: datetime) -> bool:
        """Be the one who sends the next message: False if one was sent since `before`, or if it was turned off."""
        sql = "update push_subscription set told_at = ? where id = ? and (told_at is null or told_at <= ?)"
        return bool(self._connections.change(sql, (instant_text(now), id, instant_text(before))))

    def release(self, id: str, told_at: datetime | None) -> None:
        """Give the turn back: no message was sent since `told_at`."""
        self._connections.change(
            "update push_subscription set told_at = ? where id = ?", (optional_instant_text(told_at), id)
        )


def _to_row(subscription: Subscription) -> dict[str, Column]:
    return {
        "id": subscription.id,
        "device_id": subscription.device_id,
        "address": subscription.address,
        "key": subscription.key,
        "created_at": instant_text(subscription.created_at),
        "told_at": optional_instant_text(subscription.told_at),
    }


def _from_row(row: Row) -> Subscription:
    return Subscription(
        id=row["id"],
        device_id=row["device_id"],
        address=row["address"],
        key=row["key"],
        created_at=instant_from(row["created_at"]),
        told_at=optional_instant_from(row["told_at"]),
    )
