"""The way back from an archive, which trusts nothing: what fails any check never replaces a database.

The database that is replaced is set aside, not deleted.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from audit.domain.errors import Conflict
from audit.storage.archive import NEW, Archive, copied, must_be_sound, must_have_its_photos, unpack
from audit.storage.connections import errors_in_our_words, sqlite3
from audit.storage.folders import make_folder, removed_afterwards, sync_folder
from audit.storage.turns import files_of


def restore(
    file: Path,
    path: Path,
    photos_folder: Path,
    *,
    replace: bool = False,
    prepare: Callable[[Path], None] = lambda _: None,
) -> Archive:
    """Put the archive's database at `path` and its photos into the folder, after every check has passed; `prepare` is
    given the database before it is put there, and leaves it closed.

    Conflict if the archive is damaged, if a database is there and `replace` was not asked for, or if it is in use."""
    if path.exists() and not replace:
        raise Conflict("There is a database at {path} already. To replace it, ask for it with --replace.", path=path)
    make_folder(path.parent, mode=0o777)
    make_folder(photos_folder)
    unpacked, folder = path.with_name(f"{path.name}.restoring"), photos_folder / ".restoring"
    with removed_afterwards(unpacked, folder, *files_of(unpacked)), errors_in_our_words(path):
        archive = unpack(file, unpacked, folder)
        must_be_sound(unpacked, file)
        must_have_its_photos(unpacked, folder, archive, file)
        prepare(unpacked)
        if path.exists():
            _set_aside(path)
        _move_photos(folder, photos_folder)
        unpacked.replace(path)
        sync_folder(path.absolute().parent)
    return archive


def _set_aside(path: Path) -> None:
    """Give the old database a second name, whole in one file; Conflict if a program has it open."""
    try:
        connection = sqlite3.connect(path, timeout=1, isolation_level=None)
        try:
            connection.execute("pragma journal_mode=delete")  # only who is alone may do this
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise Conflict("{path} is in use. Stop `audit serve` first.", path=path) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError):  # the latter where it quotes what is no text any more
        pass  # what is damaged is set aside as it is
    number = 1
    while (aside := path.with_name(f"{path.name}.replaced-{number}")).exists():
        number += 1
    with path.open("rb") as source, os.fdopen(os.open(aside, NEW, 0o600), "wb") as target:
        copied(source, target)
        target.flush()
        os.fsync(target.fileno())
    for ending in ("-wal", "-shm"):  # left by a damaged one; beside the new one they would do harm
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + ending))


def _move_photos(folder: Path, photos_folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        target = photos_folder / path.name[:2]
        target.mkdir(mode=0o700, exist_ok=True)
        path.replace(target / path.name)
    for target in photos_folder.glob("??"):
        if re.fullmatch("[0-9a-f]{2}", target.name):
            sync_folder(target)
    sync_folder(photos_folder)
