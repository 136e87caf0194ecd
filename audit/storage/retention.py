"""Personal data whose period has passed: counted, and taken out for good.

Owns that nothing is left in the files of the database or in the folder of photos. What has which period, and how it is
taken out of its rows, stands in `duties`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from audit.storage.columns import instant_text
from audit.storage.duties import DUTIES, SYSTEM, Duty, Periods
from audit.storage.shelf import many
from audit.storage.store import Store

AT_ONCE = 200  # rows in one transaction, so that whoever submits a visit meanwhile does not wait
STRAY_AFTER = timedelta(days=1)  # a file or a photo that belongs to nothing may be about to


def purge(store: Store, periods: Periods, now: datetime, *, dry_run: bool = False) -> dict[str, int]:
    """Take out what is past its period and say how much of each kind; with `dry_run` only say it.

    Every change is journalled, and what was taken out leaves no trace in the files of the database."""
    found = {duty.name: _count(store, duty, limit) for duty, limit in _duties(periods, now)}
    found["stray files"] = len(_stray_files(store, now))
    if dry_run or not any(found.values()):
        return found
    with _overwriting(store):
        for duty, limit in _duties(periods, now):
            while _take_out_some(store, duty, limit, now):
                pass
    _delete_pictures(store)
    for path in _stray_files(store, now):
        path.unlink(missing_ok=True)
    with store.transaction():
        store.journal.write(SYSTEM, "retention.purged", "retention", now, after=found)
    return found


def _duties(periods: Periods, now: datetime) -> Iterator[tuple[Duty, str]]:
    for duty in DUTIES:
        days = duty.days(periods)
        if days:
            yield duty, instant_text(now - timedelta(days=days))


def _count(store: Store, duty: Duty, limit: str) -> int:
    sql = f"select count(*) from ({duty.due})"  # noqa: S608 - our own text
    return int(store.connections.rows(sql, (limit,))[0][0])


def _take_out_some(store: Store, duty: Duty, limit: str, now: datetime) -> bool:
    with store.transaction():
        ids = tuple(row[0] for row in store.connections.rows(f"{duty.due} limit {AT_ONCE}", (limit,)))
        if ids:
            duty.take_out(store, ids, now)
    return bool(ids)


@contextmanager
def _overwriting(store: Store) -> Iterator[None]:
    """What is deleted inside is overwritten, in the database and in the log of its changes."""
    connection = store.connections.mine().conn
    connection.execute("pragma secure_delete=on")
    try:
        yield
    finally:
        with store.connections.turn():
            connection.execute("pragma wal_checkpoint(truncate)")
        connection.execute("pragma secure_delete=off")


def _delete_pictures(store: Store) -> None:
    """Delete the files of photos that were taken out, however young: a restored backup or a copied folder is all young.

    Under the lock, so that a photo that is sent again meanwhile is either seen here or looks after its files itself."""
    files = [path.name[:64] for path in store.photos.pictures.files()]
    for start in range(0, len(files), AT_ONCE):
        shas = tuple(dict.fromkeys(files[start : start + AT_ONCE]))
        where = f"removed_at is not null and sha256 in ({many(shas)})"
        with store.transaction():
            for row in store.connections.rows(f"select sha256 from photo where {where}", shas):  # noqa: S608 - our names
                store.photos.pictures.remove(row["sha256"])


def _stray_files(store: Store, now: datetime) -> list[Path]:
    """Pictures that no photo needs any more, and what a crash left half written, once they are a day old."""
    pictures = store.photos.pictures
    needed = {row["sha256"] for row in store.connections.rows("select sha256 from photo where removed_at is null")}
    stray = [path for path in pictures.files() if path.name[:64] not in needed]
    before = (now - STRAY_AFTER).timestamp()
    return [path for path in (*stray, *pictures.unfinished()) if _was_left(path, before)]


def _was_left(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:  # it was on its way, and is whole by now
        return False
