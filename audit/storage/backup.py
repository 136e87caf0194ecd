"""A backup: one archive that holds everything, made while the server runs.

A backup that fails any check never takes the place of a good one.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from audit.storage.archive import Archive, fill, must_be_sound, read_archive
from audit.storage.connections import errors_in_our_words, sqlite3
from audit.storage.folders import removed_afterwards, sync_folder
from audit.storage.store import Store


def backup(store: Store, file: Path, now: datetime) -> Archive:
    """Write everything into one archive and read it back before it takes its name, in place of an older one.

    Conflict if the database is damaged: a bad backup must not replace a good one. NoSpace if the disk is full."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    copy = file.with_name(f"{file.name}.copying")
    with removed_afterwards(unfinished, copy, _journal_of(copy)), errors_in_our_words(file):
        _copy_database(store, copy)
        must_be_sound(copy, file)
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600), "w+b") as target:
            fill(target, copy, store.photos.pictures, now)
            target.flush()
            os.fsync(target.fileno())
        archive = read_archive(unfinished)
        unfinished.replace(file)
        sync_folder(file.absolute().parent)
    return archive


def _journal_of(copy: Path) -> Path:
    """What SQLite leaves beside a copy that it could not finish, and would play back into the next one."""
    return copy.with_name(f"{copy.name}-journal")


def _copy_database(store: Store, copy: Path) -> None:
    for left_over in (copy, _journal_of(copy)):
        left_over.unlink(missing_ok=True)
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL, 0o600))
    target = sqlite3.connect(copy)
    try:
        store.connections.mine().conn.backup(target)
        target.execute("pragma journal_mode=delete")
        _forget_addresses(target)
    finally:
        target.close()


def _forget_addresses(copy: sqlite3.Connection) -> None:
    """No archive holds where phones take messages: what was restored, on a machine for trying it out or years later,
    must not speak to anybody. Whoever wants notifications turns them on again."""
    if copy.execute("select 1 from sqlite_schema where name = 'push_subscription'").fetchone():
        copy.execute("pragma secure_delete=on")
        copy.execute("delete from push_told")
        copy.execute("delete from push_subscription")
        copy.commit()
