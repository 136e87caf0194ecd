"""The folder in which a press lays its faces down as files, and what killed presses left lying there.

A press holds a lock in its folder as long as it or a child of it lives; the system lets go of it however they end. So
whoever gets the lock knows that nobody is left, whichever installation, container or user it was.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "candour-press-"
LOCK, UNLOCKED = "lived-in", "moving-in"


@contextmanager
def folder_of_faces() -> Iterator[Path]:
    """A folder of this process alone, taken away at its end; what presses left that were killed goes first."""
    sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-") as name:
        folder = Path(name)
        # Locked before it has the name by which others look for it: nobody finds it without its lock.
        with (folder / UNLOCKED).open("wb") as lock:
            with suppress(OSError):  # a disk without locks: such a folder stays when its press is killed
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                (folder / UNLOCKED).rename(folder / LOCK)
            yield folder


def sweep(place: Path) -> None:
    """Take away the folders in which no press lives any longer; those of other accounts, and what has no lock, stay."""
    for folder in place.glob(f"{PREFIX}*"):
        with suppress(OSError):
            if _is_ours(folder):
                _take_away_if_left(folder)


def _is_ours(folder: Path) -> bool:
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def _take_away_if_left(folder: Path) -> None:
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)
