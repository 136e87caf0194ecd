"""What a list says of visits, however many there are: lines without answers and marks, a page after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from audit.domain.people import Person
from audit.domain.visit import Flag, VisitState
from audit.storage.columns import Column, day_from, day_text, plain_from
from audit.storage.connections import Row
from audit.storage.shelf import Shelf
from audit.storage.visits import PUBLISHED, visits_seen_by

AT_ONCE = 2_000  # lines in one page

_LINES = (
    "select id, branch_code, shopper_id, visited_on, submitted_at, state, flags, test, shown,"
    " state = 'draft' and answers = '{}' and marks = '[]' and odd = '{}' as untouched"
    " from visit left join score on score.visit_id = visit.id"
)


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit as a list shows it; `shown` is its score in whole percent, None without one."""

    id: str
    branch_code: str
    shopper_id: str
    visited_on: date | None
    state: VisitState
    untouched: bool
    flags: tuple[Flag, ...]
    test: bool
    shown: int | None


class VisitLineShelf(Shelf):
    """Reads alone."""

    def visible_to(self, person: Person) -> VisitLineShelf:
        """Of the visits that this person may see."""
        return VisitLineShelf(self._connections, visits_seen_by(person))

    def in_pages(self) -> Iterator[list[VisitLine]]:
        """Every visit once, where one moment of the database is seen: those that wait to be read, the longest waiting
        first; then all others, newest first."""
        last = ("", "")
        while rows := self._page("state = 'submitted' and (submitted_at, id) > (?, ?)", last, "submitted_at, id"):
            yield [_line(row) for row in rows]
            last = (rows[-1]["submitted_at"], rows[-1]["id"])
        before: str | None = None
        while rows := self._page("state <> 'submitted' and (? is null or id < ?)", (before, before), "id desc"):
            yield [_line(row) for row in rows]
            before = rows[-1]["id"]

    def visited_branches(self, first: date, last: date) -> set[str]:
        """The codes of the branches with a published visit from `first` to `last`; no test visits."""
        where = f"{PUBLISHED} and visited_on between ? and ?"
        rows = self._rows("select distinct branch_code from visit", where, (day_text(first), day_text(last)))
        return {row["branch_code"] for row in rows}

    def days_of(self, ids: list[str]) -> dict[str, date]:
        """By visit, its day; of one that was not sent yet the day on which it was begun."""
        rows = self._rows_among(
            "select id, coalesce(visited_on, substr(started_at, 1, 10)) as day from visit", "id", ids
        )
        return {row["id"]: date.fromisoformat(row["day"]) for row in rows}

    def _page(self, where: str, parameters: tuple[Column, ...], order: str) -> list[Row]:
        return self._rows(_LINES, where, parameters, f"order by {order} limit {AT_ONCE:d}")


def _line(row: Row) -> VisitLine:
    return VisitLine(
        id=row["id"],
        branch_code=row["branch_code"],
        shopper_id=row["shopper_id"],
        visited_on=day_from(row["visited_on"]),
        state=VisitState(row["state"]),
        untouched=bool(row["untouched"]),
        flags=tuple(Flag(word) for word in plain_from(row["flags"])) if row["flags"] != "[]" else (),
        test=bool(row["test"]),
        shown=row["shown"],
    )
