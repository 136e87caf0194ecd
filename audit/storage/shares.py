"""Shares: links by which somebody who is not signed in reads one report; known by the hash of their secret."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from audit.domain.people import May, Person
from audit.storage.columns import (
    Column,
    day_from,
    day_text,
    instant_from,
    instant_text,
    optional_instant_from,
    optional_instant_text,
)
from audit.storage.connections import Row
from audit.storage.shelf import EVERYTHING, Narrowing, Shelf


@dataclass(frozen=True)
class Share:
    """A link to the report of a visit, or of a branch, an area or the whole programme from `first` to `last`; a visit
    has its `branch_code` too. `made_by` is whose eyes it is read with, `language` that of page and paper, `note` says
    for whom it is; `uses` counts openings, the last one at `used_at`; `signed_with` is the name of the key of its link,
    empty for one of before links were signed."""

    id: str
    branch_code: str | None
    language: str
    made_by: str
    created_at: datetime
    expires_at: datetime
    note: str = ""
    visit_id: str | None = None
    first: date | None = None
    last: date | None = None
    revoked_at: datetime | None = None
    used_at: datetime | None = None
    uses: int = 0
    area_code: str | None = None
    signed_with: str = ""

    @property
    def what(self) -> str:
        """Which report it opens: that of a visit, a branch, an area or the programme."""
        if self.visit_id:
            return "visit"
        return "branch" if self.branch_code else "area" if self.area_code else "programme"

    def is_open(self, now: datetime) -> bool:
        """Whether it still shows its report."""
        return self.revoked_at is None and now < self.expires_at


class ShareShelf(Shelf):
    """All shares, ended ones too until their period has passed."""

    def visible_to(self, person: Person) -> ShareShelf:
        """The own ones; all of them for whoever administers."""
        own = EVERYTHING if person.may(May.ADMINISTER) else Narrowing("made_by = ?", (person.id,))
        return ShareShelf(self._connections, own)

    def create(self, token_hash: str, share: Share) -> None:
        """Add a share."""
        self._add("share", {"token_hash": token_hash, **_to_row(share)})

    def by_token_hash(self, token_hash: str) -> Share:
        """The share with that secret, open or not; NotFound if there is none."""
        return _from_row(self._row("select * from share", "token_hash = ?", (token_hash,)))

    def find(self, id: str) -> Share:
        return _from_row(self._row("select * from share", "id = ?", (id,)))

    def list_all(self) -> list[Share]:
        """Newest first."""
        return [_from_row(row) for row in self._rows("select * from share", tail="order by created_at desc, id desc")]

    def unsigned_until(self) -> datetime | None:
        """When the last link ends that is not signed; None if there is none any more. No such link is made now."""
        found = self._rows("select max(expires_at) as last from share", "signed_with = '' and revoked_at is null")
        return optional_instant_from(found[0]["last"])

    def count_foreign(self, key: str, now: datetime) -> int:
        """How many have not ended and were signed with another key than the one of that name."""
        where, known = "revoked_at is null and expires_at > ? and signed_with not in ('', ?)", (instant_text(now), key)
        return int(self._rows("select count(*) as foreign_ones from share", where, known)[0]["foreign_ones"])

    def use(self, id: str, now: datetime) -> None:
        """Count one opening."""
        row = self._row("select * from share", "id = ?", (id,))
        self._keep(row, replace(_from_row(row), used_at=now, uses=row["uses"] + 1))

    def note(self, id: str, note: str) -> None:
        """Say for whom it is."""
        row = self._row("select * from share", "id = ?", (id,))
        self._keep(row, replace(_from_row(row), note=note))

    def revoke(self, id: str, now: datetime) -> None:
        """End it for good; a second time changes nothing. NotFound if there is none."""
        row = self._row("select * from share", "id = ?", (id,))
        if row["revoked_at"] is None:
            self._keep(row, replace(_from_row(row), revoked_at=now))

    def remove(self, id: str) -> None:
        """Take one out that reached nobody."""
        self._connections.change("delete from share where id = ?", (id,))

    def _keep(self, row: Row, share: Share) -> None:
        self._put("share", ("id",), {"token_hash": row["token_hash"], **_to_row(share)})


def _to_row(share: Share) -> dict[str, Column]:
    return {
        "id": share.id,
        "what": share.what,
        "branch_code": share.branch_code,
        "visit_id": share.visit_id,
        "area_code": share.area_code,
        "first": day_text(share.first),
        "last": day_text(share.last),
        "language": share.language,
        "note": share.note,
        "made_by": share.made_by,
        "created_at": instant_text(share.created_at),
        "expires_at": instant_text(share.expires_at),
        "revoked_at": optional_instant_text(share.revoked_at),
        "used_at": optional_instant_text(share.used_at),
        "uses": share.uses,
        "signed_with": share.signed_with,
    }


def _from_row(row: Row) -> Share:
    return Share(
        id=row["id"],
        branch_code=row["branch_code"],
        language=row["language"],
        made_by=row["made_by"],
        created_at=instant_from(row["created_at"]),
        expires_at=instant_from(row["expires_at"]),
        note=row["note"],
        visit_id=row["visit_id"],
        area_code=row["area_code"],
        first=day_from(row["first"]),
        last=day_from(row["last"]),
        revoked_at=optional_instant_from(row["revoked_at"]),
        used_at=optional_instant_from(row["used_at"]),
        uses=row["uses"],
        signed_with=row["signed_with"],
    )
