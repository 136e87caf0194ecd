"""The journal: who changed what, which one, when, from what to what, and why. Append-only, by trigger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from audit.storage.columns import Column, instant_from, instant_text, json_from, json_text
from audit.storage.connections import Row
from audit.storage.shelf import Shelf


@dataclass(frozen=True)
class JournalLine:
    """One change. `who` is a person's id, "system", or None for the command line; `before` and `after` plain JSON."""

    who: str | None
    what: str
    which: str
    at: datetime
    before: object = None
    after: object = None
    why: str = ""


class Journal(Shelf):
    """All changes, in the order in which they were made."""

    def write(
        self,
        who: str | None,
        what: str,
        which: str,
        when: datetime,
        before: object = None,
        after: object = None,
        why: str = "",
    ) -> None:
        """Add a line, in the transaction of the change itself."""
        self._add("journal", _to_row(JournalLine(who, what, which, when, before, after, why)))

    def of(self, which: str) -> list[JournalLine]:
        """The lines about one person, visit, branch ..., oldest first."""
        return [_from_row(row) for row in self._rows("select * from journal", "which = ?", (which,), "order by id")]

    def last_at(self, which: str) -> datetime | None:
        """When something was last noted about one person, visit, branch ...; None if nothing was."""
        last = self._rows("select max(at) from journal", "which = ?", (which,))[0][0]
        return instant_from(last) if last else None

    def latest(self, limit: int = 100) -> list[JournalLine]:
        """The last so many lines, newest first."""
        return [_from_row(row) for row in self._rows("select * from journal", tail=f"order by id desc limit {limit:d}")]

    def last_id(self) -> int:
        """The number of the last line; 0 of an empty journal."""
        return int(self._rows("select max(id) from journal")[0][0] or 0)

    def changed_since(self, id: int) -> frozenset[str]:
        """What the lines after line `id` are about: visit.published, device.signed_in ..."""
        return frozenset(row["what"] for row in self._rows("select distinct what from journal", "id > ?", (id,)))

    def last_but(self, beginnings: Sequence[str]) -> int:
        """The number of the last line that is about nothing that begins so; 0 if there is none."""
        others = " and ".join("what not like ?" for _ in beginnings) or "1"
        patterns = tuple(f"{beginning}%" for beginning in beginnings)
        found = self._rows("select id from journal", others, patterns, "order by id desc limit 1")
        return int(found[0][0]) if found else 0

    def not_before(self, now: datetime) -> datetime:
        """`now`, or the last journalled moment if that is later: a clock that was set back revives nothing expired."""
        last = self._rows("select max(at) from journal")[0][0]
        return max(now, instant_from(last)) if last else now


def _to_row(line: JournalLine) -> dict[str, Column]:
    return {
        "who": line.who,
        "what": line.what,
        "which": line.which,
        "at": instant_text(line.at),
        "before": None if line.before is None else json_text(line.before),
        "after": None if line.after is None else json_text(line.after),
        "why": line.why,
    }


def _from_row(row: Row) -> JournalLine:
    return JournalLine(
        who=row["who"],
        what=row["what"],
        which=row["which"],
        at=instant_from(row["at"]),
        before=None if row["before"] is None else json_from(row["before"]),
        after=None if row["after"] is None else json_from(row["after"]),
        why=row["why"],
    )
