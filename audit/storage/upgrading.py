"""Bringing a database up to date: what it still lacks is applied, all or nothing.

Refuses a database that belongs to another program, or to a newer Candour.
"""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from audit.domain.errors import Conflict
from audit.storage.connections import APPLICATION_ID, BUSY_MILLISECONDS, errors_in_our_words, open_connection
from audit.storage.migrations import migrations
from audit.storage.seals import SEALED
from audit.storage.turns import Turns


def bring_up_to_date(path: Path) -> list[str]:
    """Apply what this database still lacks, all or nothing, one process at a time; the names of what was applied.

    Waits for nobody if it lacks nothing. Conflict if it is not ours, or newer than this program, or if rows would point
    to rows that are not there; TooMany if another program does not end writing."""
    with errors_in_our_words(path):
        connection = open_connection(path)
        try:
            db = Database(connection, execute_plugins=False, strict=True)
            connection.execute("begin")  # one moment, whoever builds the tables meanwhile
            lacking = _lacking(db, path)
            connection.execute("rollback")
            return _apply_all(db, path) if lacking else []
        finally:
            if connection.in_transaction:
                connection.execute("rollback")
            connection.close()


def _apply_all(db: Database, path: Path) -> list[str]:
    turns = Turns(path)
    try:
        with turns.taken(BUSY_MILLISECONDS / 1000):
            db.conn.execute("pragma foreign_keys=off")  # tables are rebuilt here; checked as a whole before the commit
            db.conn.execute("begin immediate")
            applied = _apply(db, path)
            db.conn.execute("commit")
    finally:
        turns.close()
    return applied


def _apply(db: Database, path: Path) -> list[str]:
    lacking = _lacking(db, path)  # another process may have come first
    if not lacking:
        return []
    migrations.apply(db)
    db.conn.execute(f"pragma application_id={APPLICATION_ID}")
    broken = db.conn.execute("pragma foreign_key_check").fetchall()
    if broken:
        raise Conflict(
            "{n} rows of {path} point to rows that are not there. Restore a backup.", n=len(broken), path=path
        )
    return lacking


def _lacking(db: Database, path: Path) -> list[str]:
    must_be_ours(db, path)
    return [migration.name for migration in migrations.pending(db)]


def must_be_ours(db: Database, path: Path) -> None:
    """Conflict if the database belongs to another program, or to a newer version of this one."""
    owner = db.conn.execute("pragma application_id").fetchone()[0]
    if owner != APPLICATION_ID and (owner or db.table_names()):
        raise Conflict("{path} belongs to another program. Name another file in AUDIT_DATABASE.", path=path)
    ours = {migration.name for migration in migrations.pending(Database(memory=True))}
    if any(step.name not in ours for step in migrations.applied(db)):
        raise Conflict("{path} was written by a newer version of Candour. Install that version.", path=path)


def tables_to_come(db: Database) -> frozenset[str]:
    """The sealed tables that a database of an earlier version lacks, and gets when it is opened."""
    return frozenset(SEALED) - frozenset(db.table_names()) if migrations.pending(db) else frozenset()
