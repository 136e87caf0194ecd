"""The list on which every chapter puts its steps, and how a step says its statements."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("audit")


def run(db: Database, statements: str) -> None:
    """One after the other, in the transaction that is open; a blank line stands between two of them."""
    # executescript would commit first.
    for statement in statements.strip().split("\n\n"):
        db.conn.execute(statement)
