"""Invitations: known by the hash of their secret, and used up exactly once, however many try at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audit.domain.errors import TooLate, not_here
from audit.domain.people import Role
from audit.storage.columns import Column, instant_from, instant_text, optional_instant_from, optional_instant_text
from audit.storage.connections import Row
from audit.storage.shelf import Shelf


@dataclass(frozen=True)
class Invitation:
    """A link that lets somebody in once. `purpose`: join, device (one more for `person_id`) or password (a new one)."""

    id: str
    role: Role
    name: str
    created_at: datetime
    expires_at: datetime
    purpose: str = "join"
    email: str | None = None
    area_code: str | None = None
    branch_code: str | None = None
    person_id: str | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.used_at is None and self.revoked_at is None and now < self.expires_at


class InvitationShelf(Shelf):
    """All invitations, used ones too until their period has passed."""

    def create(self, token_hash: str, invitation: Invitation) -> None:
        """Add an invitation."""
        row = {"token_hash": token_hash, **_to_row(invitation)}
        self._connections.change(
            f"insert into invitation ({', '.join(row)}) values ({', '.join('?' * len(row))})",  # noqa: S608 - our names
            tuple(row.values()),
        )

    def by_token_hash(self, token_hash: str) -> Invitation:
        """The invitation with that secret, open or not; NotFound if there is none."""
        return _from_row(self._row("select * from invitation", "token_hash = ?", (token_hash,)))

    def find(self, id: str) -> Invitation:
        return _from_row(self._row("select * from invitation", "id = ?", (id,)))

    def list_open(self, now: datetime) -> list[Invitation]:
        """Those that can still be accepted, newest first."""
        where = "used_at is null and revoked_at is null and expires_at > ?"
        rows = self._rows("select * from invitation", where, (instant_text(now),), "order by created_at desc, id desc")
        return [_from_row(row) for row in rows]

    def use(self, id: str, now: datetime, person_id: str | None = None) -> None:
        """Use it up, for this person if one is named; TooLate if it was used, revoked or has expired."""
        changed = self._connections.change(
            "update invitation set used_at = ?, person_id = coalesce(?, person_id)"
            " where id = ? and used_at is null and revoked_at is null and expires_at > ?",
            (instant_text(now), person_id, id, instant_text(now)),
        )
        if not changed:
            raise TooLate("This invitation was used, taken back, or has expired. Ask for a new one.")

    def revoke(self, id: str, now: datetime) -> None:
        """Take it back; a second time changes nothing."""
        sql = "update invitation set revoked_at = coalesce(revoked_at, ?) where id = ?"
        if not self._connections.change(sql, (instant_text(now), id)):
            raise not_here()

    def revoke_links_of(self, person_id: str, now: datetime) -> None:
        """Take back every open link by which this person could sign one more phone in."""
        sql = "update invitation set revoked_at = ? where person_id = ? and purpose = 'device' and used_at is null"
        self._connections.change(f"{sql} and revoked_at is null", (instant_text(now), person_id))


def _to_row(invitation: Invitation) -> dict[str, Column]:
    return {
        "id": invitation.id,
        "role": invitation.role.value,
        "purpose": invitation.purpose,
        "name": invitation.name,
        "email": invitation.email,
        "area_code": invitation.area_code,
        "branch_code": invitation.branch_code,
        "person_id": invitation.person_id,
        "created_at": instant_text(invitation.created_at),
        "expires_at": instant_text(invitation.expires_at),
        "used_at": optional_instant_text(invitation.used_at),
        "revoked_at": optional_instant_text(invitation.revoked_at),
    }


def _from_row(row: Row) -> Invitation:
    return Invitation(
        id=row["id"],
        role=Role(row["role"]),
        name=row["name"],
        created_at=instant_from(row["created_at"]),
        expires_at=instant_from(row["expires_at"]),
        purpose=row["purpose"],
        email=row["email"],
        area_code=row["area_code"],
        branch_code=row["branch_code"],
        person_id=row["person_id"],
        used_at=optional_instant_from(row["used_at"]),
        revoked_at=optional_instant_from(row["revoked_at"]),
    )
