"""Turns at writing: of all processes over one database one writes at a time, and whoever waits longest is the next.

By itself SQLite lets a process that finds the file busy try again after a while, and others may pass it each time: some
waited a second and more. Turns also keep two processes from working the log of changes into the file at once, which
some versions of SQLite do not survive.
"""

from __future__ import annotations

import os
import stat
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from audit.domain.errors import TooMany

LOOK_AGAIN_SECONDS = 0.0005


def files_of(database: Path) -> tuple[Path, Path]:
    """What lies beside a database for its turns: whose it is, and who is next. Nothing stands in them."""
    return database.with_name(f"{database.name}-turn"), database.with_name(f"{database.name}-next")


class Turns:
    """The turns of one process. Safe from any thread; each process opens its own.

    Whatever becomes of a process, the system gives its turn back. Where the system has no such locks one process
    serves, and a command that writes beside it waits as SQLite does."""

    def __init__(self, database: Path) -> None:
        database = database.resolve()  # under whichever name it was opened, as SQLite does
        self._of_this_process = threading.Lock()
        self._writes, self._next = (_Lock(path, database) for path in files_of(database))

    @contextmanager
    def taken(self, patience_seconds: float) -> Iterator[None]:
        """Nobody else writes inside. TooMany if others, here or in another program, do not end in that time."""
        until = time.monotonic() + patience_seconds
        if not self._of_this_process.acquire(timeout=patience_seconds):
            _refuse()
        try:
            self._next.wait(until)
            try:
                self._writes.wait(until)
            finally:
                self._next.give_back()
            try:
                yield
            finally:
                self._writes.give_back()
        finally:
            self._of_this_process.release()

    def close(self) -> None:
        """Let go of the files."""
        self._writes.close()
        self._next.close()


class _Lock:
    """One file beside the database that one process at a time may hold."""

    def __init__(self, path: Path, database: Path) -> None:
        self._path = path
        self._database = database
        self._file: int | None = None

    def wait(self, until: float) -> None:
        """Hold it. TooMany if that cannot be by that moment of the monotonic clock."""
        while True:
            if self._file is None:
                self._file = _open(self._path, self._database)
            while not _try(self._file):
                if time.monotonic() > until:
                    _refuse()
                time.sleep(LOOK_AGAIN_SECONDS)
            if _lies_at(self._file, self._path):
                return
            self.close()  # somebody deleted it: whoever comes next holds another of that name

    def give_back(self) -> None:
        if self._file is not None:
            _let_go(self._file)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _refuse() -> NoReturn:
    raise TooMany("Another program is writing. Try again in a moment.", retry_after_seconds=5)


if sys.platform == "win32":

    def _open(path: Path, database: Path) -> int:
        return os.open(path, os.O_CREAT | os.O_RDWR, 0o600)

    def _try(file: int) -> bool:
        return True

    def _let_go(file: int) -> None: ...

    def _lies_at(file: int, path: Path) -> bool:
        return True

else:
    import fcntl

    def _open(path: Path, database: Path) -> int:
        """For whoever may write the database, as SQLite does it: what a command of root's leaves must not shut the
        server out. Nothing is given away that somebody put there from elsewhere. OSError if it is a symbolic link."""
        file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
        with suppress(OSError):
            of_database, own = database.stat(), os.fstat(file)
            if not stat.S_ISREG(own.st_mode) or own.st_nlink > 1:
                return file
            if os.geteuid() == 0 and (own.st_uid, own.st_gid) != (of_database.st_uid, of_database.st_gid):
                os.fchown(file, of_database.st_uid, of_database.st_gid)
            if own.st_mode != of_database.st_mode:
                os.fchmod(file, of_database.st_mode & 0o666)
        return file

    def _try(file: int) -> bool:
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    def _let_go(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)

    def _lies_at(file: int, path: Path) -> bool:
        try:
            return os.path.samestat(os.fstat(file), path.stat())
        except FileNotFoundError:
            return False
