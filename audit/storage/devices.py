"""Devices that are signed in: a row for each, known by the hash of its secret, listed and revocable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audit.domain.errors import not_here
from audit.domain.people import Person
from audit.storage.columns import Column, instant_from, instant_text, optional_instant_from
from audit.storage.connections import Row
from audit.storage.people import person_from_row
from audit.storage.shelf import Shelf

HOLDER = """
    select device.*, name, role, email, area_code, branch_code, pseudonym, language, active,
    (select max(at) from journal) as last_at
    from device join person on person.id = device.person_id where token_hash = ?
"""


@dataclass(frozen=True)
class Device:
    """One sign-in. `kind` is "office" or "phone"; the secret itself is kept nowhere. `confirmed_at` is when its person
    last gave the password again."""

    id: str
    person_id: str
    kind: str
    label: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    confirmed_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it still lets its person in."""
        return self.revoked_at is None and now < self.expires_at


class DeviceShelf(Shelf):
    """All sign-ins, ended ones too until their period has passed."""

    def open(self, token_hash: str, device: Device) -> None:
        """Add a sign-in."""
        row = {"token_hash": token_hash, **_to_row(device)}
        self._connections.change(
            "insert into device (token_hash, id, person_id, kind, label, created_at, last_seen_at, expires_at)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            tuple(row.values()),
        )

    def holder(self, token_hash: str) -> tuple[Person, Device, datetime | None] | None:
        """Whose sign-in has that secret, ended or not, and the last journalled moment; None if there is no such one.
        Asked of every request, so that all comes in one statement."""
        row = self._connections.row(HOLDER, (token_hash,))
        if row is None:
            return None
        return person_from_row(row, "person_id"), _from_row(row), optional_instant_from(row["last_at"])

    def find(self, id: str) -> Device:
        return _from_row(self._row("select * from device", "id = ?", (id,)))

    def of_person(self, person_id: str) -> list[Device]:
        """Newest first, ended ones too."""
        rows = self._rows("select * from device", "person_id = ?", (person_id,), "order by created_at desc, id desc")
        return [_from_row(row) for row in rows]

    def touch(self, id: str, now: datetime, expires_at: datetime | None = None) -> None:
        """Note that it was used, and until when it may idle; both only ever move forward."""
        later = instant_text(expires_at) if expires_at else ""
        self._connections.change(
            "update device set last_seen_at = max(last_seen_at, ?), expires_at = max(expires_at, ?) where id = ?",
            (instant_text(now), later, id),
        )

    def confirm(self, id: str, now: datetime) -> None:
        """Note that its person has just given the password again."""
        self._connections.change("update device set confirmed_at = ? where id = ?", (instant_text(now), id))

    def revoke(self, id: str, now: datetime) -> None:
        """End it for good, its notifications too; a second time changes nothing."""
        sql = "update device set revoked_at = coalesce(revoked_at, ?) where id = ?"
        if not self._connections.change(sql, (instant_text(now), id)):
            raise not_here()
        self._connections.change("delete from push_subscription where device_id = ?", (id,))


def _to_row(device: Device) -> dict[str, Column]:
    return {
        "id": device.id,
        "person_id": device.person_id,
        "kind": device.kind,
        "label": device.label,
        "created_at": instant_text(device.created_at),
        "last_seen_at": instant_text(device.last_seen_at),
        "expires_at": instant_text(device.expires_at),
    }


def _from_row(row: Row) -> Device:
    return Device(
        id=row["id"],
        person_id=row["person_id"],
        kind=row["kind"],
        label=row["label"],
        created_at=instant_from(row["created_at"]),
        last_seen_at=instant_from(row["last_seen_at"]),
        expires_at=instant_from(row["expires_at"]),
        revoked_at=optional_instant_from(row["revoked_at"]),
        confirmed_at=optional_instant_from(row["confirmed_at"]),
    )
