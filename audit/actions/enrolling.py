"""Branches: taking in a table of them, and putting on file when their staff were told that visits will happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from audit.actions import SYSTEM
from audit.domain.errors import InvalidField
from audit.domain.people import May, Person
from audit.domain.programme import Area, Branch, BranchRow, RefusedRow, sort_rows
from audit.intake.columns import match_columns, read_branch_rows
from audit.intake.spreadsheets import read_table
from audit.intake.tables import Table
from audit.storage.store import Store


@dataclass(frozen=True)
class Imported:
    """What became of the rows: branches taken (new, changed, or as they were before), and rows that were not."""

    taken: tuple[Branch, ...]
    refused: tuple[RefusedRow, ...]
    new: int = 0
    changed: int = 0

    @property
    def unchanged(self) -> int:
        return len(self.taken) - self.new - self.changed


@dataclass(frozen=True)
class BranchFile:
    """A table as somebody brought it. `columns` says which field was read from the column of which heading."""

    table: Table
    columns: Mapping[str, str]
    rows: tuple[BranchRow, ...]


def read_branch_file(raw: bytes, name: str) -> BranchFile:
    """The rows of a CSV or XLSX file, and how its columns were understood. InvalidTable if it cannot be read."""
    table = read_table(raw, name)
    columns = match_columns(table.header, table.rows)
    rows = tuple(read_branch_rows(table, columns, BranchRow))
    named = {field: table.header[index] for field, index in columns.items() if index is not None}
    return BranchFile(table, named, rows)


def import_branches(
    store: Store, person: Person | None, rows: Sequence[BranchRow], now: datetime, dry_run: bool = False
) -> Imported:
    """Take every good row as a branch, new or brought up to date, and name the others. A second run changes nothing.

    What was put on file about a branch, such as the day its staff were told, stays. An area that is named and not
    there yet is made. `person` is None for the command line. A dry run only says what would become of the rows."""
    if person:
        person.must(May.ADMINISTER)
    good, refused = sort_rows(rows)
    if dry_run:
        with store.reading():
            return _take(store, person, good, refused, now, keep=False)
    with store.transaction():
        return _take(store, person, good, refused, now, keep=True)


def record_staff_told(store: Store, person: Person, branch_code: str, day: date, now: datetime) -> Branch:
    """Put on file that the staff of a branch were told, on that day, that visits will happen."""
    person.must(May.ADMINISTER)
    with store.transaction():
        branch = store.branches.visible_to(person).find(branch_code)
        if day > branch.day_of(now, store.programme.find()):
            raise InvalidField("This day is still to come. Record it once the staff have been told.", place="day")
        told = replace(branch, staff_told_on=day)
        store.branches.save(told)
        store.journal.write(
            who=person.id,
            what="branch.staff_told",
            which=branch.code,
            when=now,
            before={"staff_told_on": branch.staff_told_on.isoformat() if branch.staff_told_on else None},
            after={"staff_told_on": day.isoformat()},
        )
        return told


def _take(
    store: Store,
    person: Person | None,
    good: Sequence[BranchRow],
    refused: tuple[RefusedRow, ...],
    now: datetime,
    keep: bool,
) -> Imported:
    areas = _Areas(store, keep)
    known = store.branches.find_many(row.code for row in good)
    taken: list[Branch] = []
    new = changed = 0
    for row in good:
        before = known.get(row.code)
        branch = _branch_of(row, areas.code_of(row.area), before)
        taken.append(branch)
        if branch == before:
            continue
        new, changed = (new, changed + 1) if before else (new + 1, changed)
        if keep:
            store.branches.save(branch)
    imported = Imported(tuple(taken), refused, new, changed)
    if keep and (new or changed):
        store.journal.write(
            who=person.id if person else SYSTEM,
            what="branches.imported",
            which="branches",
            when=now,
            after={"new": new, "changed": changed, "refused": len(refused)},
        )
    return imported


class _Areas:
    """The areas by code and by name; makes the ones that are named and missing."""

    def __init__(self, store: Store, keep: bool) -> None:
        self._store, self._keep = store, keep
        areas = store.areas.list_all()
        self._codes = {area.name.casefold(): area.code for area in areas} | {
            area.code.casefold(): area.code for area in areas
        }

    def code_of(self, named: str) -> str | None:
        """The code of the area with this code or name; None where none is named."""
        if not named:
            return None
        code = self._codes.get(named.casefold())
        if code is None:
            code = self._codes[named.casefold()] = named
            if self._keep:
                self._store.areas.save(Area(named, named))
        return code


def _branch_of(row: BranchRow, area_code: str | None, before: Branch | None) -> Branch:
    """The branch as the row says; what the row leaves empty stays as it was."""
    if before is None:
        before = Branch(row.code, row.name)
    return replace(
        before,
        name=row.name,
        area_code=area_code or before.area_code,
        address=row.address or before.address,
        locality=row.locality or before.locality,
        time_zone=row.time_zone or before.time_zone,
        attributes={**before.attributes, **row.attributes},
    )
