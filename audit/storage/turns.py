"""Turns at writing: of all processes over one database one writes at a time, and whoever waits longest is the next.

By itself SQLite lets a process that finds the file busy try again after a while, and others may pass it each time: some
waited a second and more. Turns also keep two processes from working the log of changes into the file at once, which
some versions of SQLite do not survive.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from audit.domain.errors import TooMany

LOOK_AGAIN_SECONDS = 0.0005


def files_of(database: Path) -> tuple[Path, Path]:
    """What lies beside a database for its turns: whose it is, and who is next. Nothing stands in them."""
    return database.with_name(f"{database.name}-turn"), database.with_name(f"{database.name}-next")


class Turns:
    """The turns of one process. Its threads have to come one at a time, and each process opens its own.

    Whatever becomes of a process, the system gives its turn back. Where the system has no such locks one process
    serves, and a command that writes beside it waits as SQLite does."""

    def __init__(self, database: Path) -> None:
        self._writes, self._next = map(_Lock, files_of(database))

    @contextmanager
    def taken(self, patience_seconds: float) -> Iterator[None]:
        """Nobody else writes inside. TooMany if another program does not end in that time."""
        until = time.monotonic() + patience_seconds
        self._next.wait(until)
        try:
            self._writes.wait(until)
        finally:
            self._next.give_back()
        try:
            yield
        finally:
            self._writes.give_back()

    def close(self) -> None:
        """Let go of the files."""
        self._writes.close()
        self._next.close()


class _Lock:
    """One file that one process at a time may hold."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def wait(self, until: float) -> None:
        """Hold it. TooMany if that cannot be by that moment of the monotonic clock."""
        if self._file is None:
            self._file = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        while not _try(self._file):
            if time.monotonic() > until:
                raise TooMany("Another program is writing. Try again in a moment.", retry_after_seconds=5)
            time.sleep(LOOK_AGAIN_SECONDS)

    def give_back(self) -> None:
        if self._file is not None:
            _let_go(self._file)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


if sys.platform == "win32":

    def _try(file: int) -> bool:
        return True

    def _let_go(file: int) -> None: ...

else:
    import fcntl

    def _try(file: int) -> bool:
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    def _let_go(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
