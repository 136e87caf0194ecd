"""Connections to the one database: one for each thread, never across a fork, durable, and one writer at a time.

Refuses writes outside a transaction, transactions inside one another, and every write while a safe request reads.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import threading
import time
import weakref
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NoReturn, TypeVar, cast

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3 as sqlite3  # type: ignore[attr-defined]  # the newest SQLite there is

from audit.domain.errors import CandourError, Conflict, NoSpace, NotAllowed, NotFound, TooMany
from audit.storage.columns import Column
from audit.storage.folders import make_folder
from audit.storage.turns import Turns

APPLICATION_ID = 0x43414E44  # "CAND": tells our databases from everybody else's
BUSY_MILLISECONDS = 10_000
LOG_PAGES = 4000  # 16 MB of changes before they are worked into the file: the same pages are changed again and again
MALFORMED = "malformed database schema"
NO_SPACE = "The disk is full: nothing was taken. Try again when there is space."
READ_ONLY = "Who runs this may not write {path}. Let the account run it that owns the file and its folder."
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # the last is a limit on the size of files
LEAST_FREE_BYTES = 2_000_000  # below this an input/output error is taken for a full disk

LASTING = re.compile(r"\b(programme|branch|checklist_version)\b")  # the tables whose rows `once` may hold

Row = sqlite3.Row
T = TypeVar("T")


class _Thread(threading.local):
    """What belongs to one thread: its connection, what it is doing, and what it holds for `once`."""

    db: Database | None = None
    busy_with = ""

    def __init__(self) -> None:
        self.remembered: dict[Hashable, object] = {}


class _Process:
    """What belongs to one process: its turns at writing, and the connections of its threads."""

    def __init__(self, path: Path) -> None:
        self.turns = Turns(path)
        self.thread = _Thread()
        self.opened: weakref.WeakSet[Database] = weakref.WeakSet()  # a thread that ends closes its own


class Connections:
    """The connections of this process to the database at `path`, which is made if it is missing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.here = _Process(path)
        self._inherited: list[_Process] = []  # kept, so that a child never closes its parent's files
        _everywhere.add(self)

    def start_anew(self) -> None:
        """Leave every connection to the process that this one was forked from."""
        self.here.turns.close()  # while we had them open too, the turn of a parent that is killed would not end
        self._inherited.append(self.here)
        self.here = _Process(self.path)

    def mine(self) -> Database:
        """This thread's own connection, opened when it is first asked for."""
        process = self.here
        db = process.thread.db
        if db is None:
            with errors_in_our_words(self.path):
                connection = open_connection(self.path)
            connection.row_factory = sqlite3.Row
            db = process.thread.db = Database(connection, execute_plugins=False, strict=True)
            process.opened.add(db)
        return db

    @property
    def busy_with(self) -> str:
        """What this thread is doing: "", "reading" or "writing"."""
        return self.here.thread.busy_with

    @contextmanager
    def transaction(self, patience_seconds: float | None = None) -> Iterator[None]:
        """Everything inside is kept, or nothing. NoSpace if the disk is full, TooMany if another program holds on for
        longer than that, by itself BUSY_MILLISECONDS."""
        self.must_be_able_to_write()
        process, connection = self.here, self.mine().conn
        with self.turn(patience_seconds):
            connection.execute("begin immediate")
            process.thread.busy_with = "writing"
            self.forget()
            try:
                yield
                connection.execute("commit")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("rollback")
                raise
            finally:
                process.thread.busy_with = ""

    @contextmanager
    def turn(self, patience_seconds: float | None = None) -> Iterator[None]:
        """No other thread or process writes inside. TooMany if one does not end."""
        patience = BUSY_MILLISECONDS / 1000 if patience_seconds is None else patience_seconds
        with errors_in_our_words(self.path), self.here.turns.taken(patience):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything inside sees one moment of the database and cannot write to it."""
        if self.busy_with == "reading":
            yield
            return
        if self.busy_with:
            raise RuntimeError("a transaction is open already; read inside it")
        thread, connection = self.here.thread, self.mine().conn
        connection.execute("pragma query_only=on")
        connection.execute("begin")
        thread.busy_with = "reading"
        self.forget()
        try:
            with errors_in_our_words(self.path):
                yield
        finally:
            thread.busy_with = ""
            connection.execute("rollback")
            connection.execute("pragma query_only=off")

    def must_be_able_to_write(self) -> None:
        """RuntimeError if this thread is inside a transaction, or serving a request that may not write."""
        busy_with = self.busy_with
        if busy_with == "reading":
            raise RuntimeError("a safe request may not write")
        if busy_with:
            raise RuntimeError("a transaction is open already in this thread; they do not nest")

    def rows(self, sql: str, parameters: Sequence[Column] = ()) -> list[Row]:
        """All rows, fetched at once: a half-read answer would hold the log of changes back."""
        connection = self.mine().conn
        try:
            found: list[Row] = connection.execute(sql, parameters).fetchall()
        except sqlite3.DatabaseError as error:
            _raise_in_our_words(self.path, error)
        return found

    def row(self, sql: str, parameters: Sequence[Column] = ()) -> Row | None:
        """The first row, or None."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def change(self, sql: str, parameters: Sequence[Column] = ()) -> int:
        """Change rows, inside a transaction only; how many were changed."""
        if self.busy_with != "writing":
            raise RuntimeError("a change needs `with store.transaction():` around it")
        if _touches_what_lasts(sql):
            self.forget()
        connection = self.mine().conn
        try:
            return int(connection.execute(sql, parameters).rowcount)
        except sqlite3.DatabaseError as error:
            _raise_in_our_words(self.path, error)

    def once(self, key: Hashable, find: Callable[[], T]) -> T:
        """What `find` finds in the tables that LASTING names. Inside a transaction or a safe request, where one moment
        is seen, it is looked up once; a change to one of them, or one that is taken back, ends that."""
        thread = self.here.thread
        if not thread.busy_with:
            return find()
        if key not in thread.remembered:
            thread.remembered[key] = find()
        return cast("T", thread.remembered[key])

    def forget(self) -> None:
        """Look up anew what `once` holds in this thread."""
        self.here.thread.remembered = {}

    def close(self) -> None:
        """Close every connection of this process."""
        process = self.here
        for db in list(process.opened):
            db.close()
        process.turns.close()
        process.thread = _Thread()


def _start_anew_in_child() -> None:
    for connections in list(_everywhere):
        connections.start_anew()


_everywhere: weakref.WeakSet[Connections] = weakref.WeakSet()
if hasattr(os, "register_at_fork"):  # elsewhere nothing forks
    os.register_at_fork(after_in_child=_start_anew_in_child)


def open_connection(path: Path) -> sqlite3.Connection:
    """A connection with the settings that make every acknowledged write last, and each thread wait for its turn."""
    if not path.exists():
        make_folder(path.parent, mode=0o777)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # people's names are nobody else's business
    elif not path.is_file():
        raise _unopened(path)
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False, cached_statements=256)
    try:
        connection.execute(f"pragma busy_timeout={BUSY_MILLISECONDS}")
        _use_write_ahead_log(connection)
        for setting in ("synchronous=full", "foreign_keys=on", "cell_size_check=on"):
            connection.execute(f"pragma {setting}")
        connection.execute("pragma cache_size=-4000")
        connection.execute(f"pragma wal_autocheckpoint={LOG_PAGES}")
    except UnicodeDecodeError as error:  # what SQLite quotes from a damaged schema need not be text
        connection.close()
        raise sqlite3.DatabaseError(MALFORMED) from error
    except sqlite3.OperationalError as error:
        connection.close()
        if "readonly" in str(error):  # while a safe request reads, it is we who forbid it: that is a fault of ours
            raise NotAllowed(READ_ONLY, path=path) from error
        raise
    except BaseException:
        connection.close()
        raise
    return connection


def open_to_read(path: Path) -> sqlite3.Connection:
    """A connection to a database file that nobody writes, such as a copy; it leaves no file beside it."""
    with errors_in_our_words(path):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return connection


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    # SQLite does not wait for its turn here: while another process makes the same switch it only says "locked".
    for tries_left in range(BUSY_MILLISECONDS // 10, -1, -1):
        try:
            if connection.execute("pragma journal_mode").fetchone()[0] != "wal":
                connection.execute("pragma journal_mode=wal")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or not tries_left:
                raise
            time.sleep(0.01)


@contextmanager
def errors_in_our_words(path: Path) -> Iterator[None]:
    """Turn what is said about a full disk, a busy or a foreign file into the family of our own errors."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise NoSpace(NO_SPACE) from error
        raise
    except sqlite3.DatabaseError as error:
        _raise_in_our_words(path, error)


def _raise_in_our_words(path: Path, error: sqlite3.DatabaseError) -> NoReturn:
    ours = _in_our_words(path, str(error))
    if ours is None:
        raise error
    raise ours from error


@lru_cache(1024)
def _touches_what_lasts(sql: str) -> bool:
    return LASTING.search(sql) is not None


def _in_our_words(path: Path, said: str) -> CandourError | None:
    short_of_space = said == "disk I/O error" and shutil.disk_usage(path.parent).free < LEAST_FREE_BYTES
    if short_of_space or said == "database or disk is full":
        return NoSpace(NO_SPACE)
    if said in ("database is locked", "database table is locked"):
        return TooMany("Another program is writing. Try again in a moment.", retry_after_seconds=5)
    if said.startswith("UNIQUE constraint failed"):
        return Conflict("There is one of that name already ({what}). Choose another.", what=said.split(": ")[-1])
    if said == "file is not a database":
        return Conflict("{path} is not a database. Name another file in AUDIT_DATABASE.", path=path)
    if said == "database disk image is malformed" or said.startswith(MALFORMED):
        return Conflict("{path} is damaged. Restore a backup: audit restore FILE --replace", path=path)
    if said == "unable to open database file":
        return _unopened(path)
    return None


def _unopened(path: Path) -> NotFound:
    return NotFound("The database {path} cannot be opened. Check AUDIT_DATABASE and who may read it.", path=path)
