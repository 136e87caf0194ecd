"""A program that is killed while it brings databases of every earlier schema up to date, and looks at them afterwards.

    python -m tests.soak.upgrading FOLDER TROUBLE VISITS KILLS [piecemeal]

The folder `work` in FOLDER is watched. For each schema it says one line of JSON. `piecemeal` takes the one transaction
out that an upgrade is, and looks at one schema alone.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlite_utils import Database

from audit.domain.errors import CandourError
from audit.storage import upgrading
from audit.storage.connections import sqlite3
from audit.storage.migrations import migrations
from audit.storage.seals import seal
from audit.storage.shares import Share, _to_row
from audit.storage.store import Store, open_store
from tests import cast
from tests.builders import id_number
from tests.soak.acknowledged import damaged
from tests.soak.disk import Fault, Trouble
from tests.storage.conftest import NOW

DUMP = Path(__file__).parents[1] / "storage" / "earlier" / "0.1.0.sql"
STEPS = list(migrations._migrations)
FIRST_WITH_VISITS, BEFORE_A_TABLE_WAS_REBUILT = 3, 11
SHARES = 20
SEALS_READ = 2_000  # visits up to which every row is read again after each kill
SEED = 29


def main(folder: Path, trouble: Trouble, visits: int, kills: int, older: Sequence[int]) -> None:
    for done in older:
        base = build(folder / f"{done}.db", done, visits)
        killed, wrong = kill_and_look(base, folder / "work", trouble, kills // len(older), visits)
        print(json.dumps({"schema": STEPS[done - 1].name, "killed": killed, "wrong": wrong}), flush=True)
        base.unlink()


def build(path: Path, done: int, visits: int) -> Path:
    """A database as it was after so many migrations, with so many visits, and links to reports where there are any."""
    migrations._migrations = STEPS[:done]
    upgrading.bring_up_to_date(path)
    migrations._migrations = list(STEPS)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("begin")
    with closing(sqlite3.connect(":memory:")) as old:
        old.executescript(DUMP.read_text(encoding="utf-8"))
        old.row_factory = sqlite3.Row
        there = {name for (name,) in connection.execute("select name from sqlite_schema where type = 'table'")}
        for (table,) in old.execute("select name from sqlite_schema where type = 'table'").fetchall():
            if table in there and not table.startswith(("_", "sqlite_")):
                add(connection, table, (dict(row) for row in old.execute(f"select * from {table}")))
    multiply(connection, visits)
    if "share" in there:
        known = {row["name"] for row in connection.execute("pragma table_info(share)")}
        add(connection, "share", (share_row(number, known) for number in range(SHARES)))
    connection.execute("commit")
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()
    return path


def add(connection: sqlite3.Connection, table: str, rows: Iterable[Mapping[str, object]]) -> None:
    for row in rows:
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        connection.execute(f"insert into {table} ({columns}) values ({marks})", tuple(row.values()))


def multiply(connection: sqlite3.Connection, visits: int) -> None:
    """The one visit of the dump so many times, sealed."""
    for table in ("assignment", "visit", "score"):
        first = dict(connection.execute(f"select * from {table}").fetchone())
        add(connection, table, (sealed(again(table, first, number)) for number in range(1, visits)))


def again(table: str, row: dict[str, object], number: int) -> dict[str, object]:
    visit_id, assignment_id = id_number(10_000_000 + number), id_number(20_000_000 + number)
    changes = {
        "assignment": {"id": assignment_id},
        "visit": {"id": visit_id, "assignment_id": assignment_id},
        "score": {"visit_id": visit_id},
    }
    return {**row, **changes[table]}


def share_row(number: int, known: Collection[str]) -> dict[str, object]:
    """One of so many links, with the columns that were known then."""
    share = Share(f"s{number}", "N01", "en", cast.ADA.id, NOW, NOW, "", None, NOW.date(), NOW.date())
    row = {"token_hash": f"hash of {number}", **_to_row(replace(share, uses=number))}
    return sealed({name: value for name, value in row.items() if name in known})


def sealed(row: Mapping[str, object]) -> dict[str, object]:
    columns = {name: value for name, value in row.items() if name != "digest"}
    return {**columns, "digest": seal(columns)}  # type: ignore[arg-type]


def kill_and_look(
    base: Path, work: Path, trouble: Trouble, kills: int, visits: int
) -> tuple[int, list[tuple[int, str]]]:
    """How often the upgrade was killed, and at which step it was when afterwards something was wrong, and what."""
    before = trouble.steps
    assert apart(lambda: upgrade(laid(base, work))) == 0
    steps = trouble.steps - before
    killed, wrong = 0, []
    for step in sorted(random.Random(SEED).sample(range(1, steps + 1), min(kills, steps))):
        laid(base, work)
        trouble.arm(step, Fault.DIES)
        killed += apart(lambda: upgrade(work)) == -signal.SIGKILL
        trouble.disarm()
        if found := look(work, visits):
            wrong.append((step, found))
    return killed, wrong


def laid(base: Path, work: Path) -> Path:
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    shutil.copyfile(base, work / "candour.sqlite")
    return work


def upgrade(work: Path) -> Store:
    return open_store(work / "candour.sqlite", work / "photos")


def apart(work: Callable[[], Store]) -> int:
    """Do it in a process of its own, and return how that ended."""
    child = os.fork()
    if not child:
        work().close()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def look(work: Path, visits: int) -> str:
    """What is wrong with the database that somebody opens anew; "" if nothing is."""
    try:
        with closing(upgrade(work)) as store:
            there = store.connections.rows("select count(*) from visit join score on score.visit_id = visit.id")[0][0]
            if there != visits:
                return f"{there} of {visits} visits"
            wrong = damaged(store) if visits <= SEALS_READ else []
            lacking = migrations.pending(Database(store.connections.mine().conn, execute_plugins=False))
            return str(wrong or lacking or "")
    except (CandourError, sqlite3.DatabaseError) as error:
        return str(error)


def take_the_transaction_out() -> None:
    """Every migration is kept as soon as it is done, and noted afterwards."""
    original = upgrading._apply

    def in_pieces(db: Database, path: Path) -> list[str]:
        db.conn.execute("commit")
        for step in STEPS:
            change = step.fn

            def kept_at_once(db: Database, change: Callable[[Database], None] = change) -> None:
                change(db)
                db.conn.execute("commit")
                db.conn.execute("begin")

            step.fn = kept_at_once
        applied = original(db, path)
        db.conn.execute("begin")
        return applied

    upgrading._apply = in_pieces


if __name__ == "__main__":
    schemas: Sequence[int] = range(FIRST_WITH_VISITS, len(STEPS))
    if sys.argv[5:] == ["piecemeal"]:
        take_the_transaction_out()
        schemas = (BEFORE_A_TABLE_WAS_REBUILT,)
    main(Path(sys.argv[1]), Trouble(Path(sys.argv[2])), int(sys.argv[3]), int(sys.argv[4]), schemas)
