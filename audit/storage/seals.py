"""Seals: the sha256 of a row's own columns beside it, so that a bit that flips on the disk is found.

SQLite's own check sees broken pages; a changed letter inside an answer only the seal sees.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from audit.domain.submission import canonical
from audit.storage.columns import Column
from audit.storage.connections import Row, sqlite3
from audit.storage.spelling import spelled

SEALED: Mapping[str, frozenset[str]] = {
    "programme": frozenset(),
    "area": frozenset(),
    "branch": frozenset(),
    "person": frozenset(),
    "checklist_version": frozenset(),
    "assignment": frozenset(),
    "visit": frozenset(),
    "score": frozenset(),
    "submission": frozenset(),
    "submission_conflict": frozenset({"id"}),
    "submission_unreadable": frozenset({"id"}),
    "photo": frozenset(),
    "journal": frozenset({"id"}),
    "edition": frozenset({"id"}),
    "share": frozenset(),
    "traffic": frozenset(),
    "correction": frozenset({"id"}),
}
"""Every table that is sealed, and its columns that SQLite numbers by itself, which the seal leaves out."""

AT_ONCE = 500


def seal(row: Mapping[str, Column]) -> str:
    """The sha256, in hex, of a row's columns in their one spelling."""
    kinds, columns = set(map(type, row.values())), row
    if bytes in kinds:
        columns = {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()}
    spell = canonical if float in kinds else spelled
    return hashlib.sha256(spell(columns)).hexdigest()


def broken_seals(connection: sqlite3.Connection, tables: Iterable[str] = SEALED) -> list[tuple[str, int]]:
    """Table and row number of each row that is no longer what was written."""
    return [
        (table, number)
        for table in tables
        for number, row in _rows(connection, table)
        if row["digest"] != seal(_sealed_columns(table, row))
    ]


def reseal(connection: sqlite3.Connection, table: str, number: int) -> None:
    """Seal a row anew after a change of single columns; `number` is its rowid."""
    cursor = connection.cursor()
    cursor.row_factory = Row  # a connection that alters tables has none
    row = cursor.execute(f"select * from {table} where rowid = ?", (number,)).fetchone()  # noqa: S608 - our names
    new = seal(_sealed_columns(table, row))
    connection.execute(f"update {table} set digest = ? where rowid = ?", (new, number))  # noqa: S608 - our names


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[tuple[int, Row]]:
    last: int | None = None
    where = "? is null or rowid > ?"
    sql = f"select rowid as row_number, * from {table} where {where} order by rowid limit {AT_ONCE}"  # noqa: S608
    while rows := connection.execute(sql, (last, last)).fetchall():
        for row in rows:
            last = row["row_number"]
            yield row["row_number"], row


def _sealed_columns(table: str, row: Row) -> dict[str, Column]:
    left_out = SEALED[table] | {"digest", "row_number"}
    return {name: row[name] for name in row.keys() if name not in left_out}  # noqa: SIM118 - a row iterates its values
