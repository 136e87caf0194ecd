"""Folders that last: their own names, and those of the folders above, reach the disk before what is kept in them.

And files that do not last: what is put aside for a while is gone afterwards.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NOT_OURS = (errno.EACCES, errno.EPERM, errno.EROFS)


def make_folder(folder: Path, mode: int = 0o700) -> None:
    """Make the folder and whatever is missing above it; a second time changes nothing.

    Waits for its name even if it is there: whoever made it, a moment or a month ago, may not have waited."""
    folder = folder.absolute()
    made = [above for above in folder.parents if not above.exists()]
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    for one in (folder, *made):
        try:
            sync_folder(one.parent)
        except OSError as error:
            if error.errno not in NOT_OURS:  # one that we may not open is one that we made nothing in
                raise


def sync_folder(folder: Path) -> None:
    """Wait until the names in the folder have reached the disk; Windows keeps them without being asked."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def removed_afterwards(*paths: Path) -> Iterator[None]:
    """Whatever stands at these paths is gone afterwards, be it a file or a folder, and however it went."""
    try:
        yield
    finally:
        for path in paths:
            with suppress(OSError):
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)
