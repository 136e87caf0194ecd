"""Assignments on their shelf. Branches and areas never see them: staff are told that visits happen, never when."""

from __future__ import annotations

from collections.abc import Iterable

from audit.domain.assignment import Assignment
from audit.domain.people import Person, Scope
from audit.storage.columns import (
    Column,
    day_from,
    day_text,
    fraction_from,
    fraction_text,
    instant_from,
    instant_text,
    optional_instant_from,
    optional_instant_text,
)
from audit.storage.connections import Row
from audit.storage.shelf import Narrowing, Shelf, narrowed_to

BEGUN = "select 1 from visit where visit.assignment_id = assignment.id"
HELD_OPEN = "id in (select assignment_id from visit where state in ('draft', 'returned'))"
SENT = "select 1 from visit where visit.assignment_id = assignment.id and visit.state not in ('draft', 'returned')"
# Nearly all were sent long ago: whether a visit was begun at all is asked of an index alone.
OPEN = f"cancelled_at is null and (not exists ({BEGUN}) or {HELD_OPEN} and not exists ({SENT}))"


class AssignmentShelf(Shelf):
    """What shoppers were asked to do."""

    def visible_to(self, person: Person) -> AssignmentShelf:
        """Every assignment for the office, the own ones for a shopper, none for anybody else."""
        own = Narrowing("shopper_id = ?", (person.id,))
        return AssignmentShelf(self._connections, narrowed_to(person, {Scope.OWN: own}))

    def find(self, id: str) -> Assignment:
        return _from_row(self._row("select * from assignment", "id = ?", (id,)))

    def list_all(self) -> list[Assignment]:
        """By last day, the most pressing first."""
        return self._list("1")

    def list_open(self) -> list[Assignment]:
        """Those not cancelled whose visit was neither sent nor stopped, the most pressing first."""
        return self._list(OPEN)

    def open_at(self, codes: Iterable[str]) -> list[Assignment]:
        """The same of these branches alone, in no order."""
        return [_from_row(row) for row in self._rows_among("select * from assignment", "branch_code", codes, OPEN)]

    def of_branch(self, code: str) -> list[Assignment]:
        return self._list("branch_code = ?", (code,))

    def save(self, assignment: Assignment) -> None:
        self._put("assignment", ("id",), _to_row(assignment))

    def _list(self, where: str, parameters: tuple[Column, ...] = ()) -> list[Assignment]:
        return [
            _from_row(row) for row in self._rows("select * from assignment", where, parameters, "order by until, id")
        ]


def _to_row(assignment: Assignment) -> dict[str, Column]:
    return {
        "id": assignment.id,
        "branch_code": assignment.branch_code,
        "checklist_id": assignment.checklist_id,
        "version": assignment.version,
        "scenario": assignment.scenario,
        "shopper_id": assignment.shopper_id,
        "not_before": day_text(assignment.not_before),
        "until": day_text(assignment.until),
        "hours": assignment.hours,
        "spending_limit": fraction_text(assignment.spending_limit),
        "note": assignment.note,
        "created_at": instant_text(assignment.created_at),
        "cancelled_at": optional_instant_text(assignment.cancelled_at),
        "test": int(assignment.test),
    }


def _from_row(row: Row) -> Assignment:
    until = day_from(row["until"])
    assert until is not None
    return Assignment(
        id=row["id"],
        branch_code=row["branch_code"],
        checklist_id=row["checklist_id"],
        version=row["version"],
        shopper_id=row["shopper_id"],
        until=until,
        created_at=instant_from(row["created_at"]),
        scenario=row["scenario"],
        not_before=day_from(row["not_before"]),
        hours=row["hours"],
        spending_limit=fraction_from(row["spending_limit"]),
        note=row["note"],
        cancelled_at=optional_instant_from(row["cancelled_at"]),
        test=bool(row["test"]),
    )
