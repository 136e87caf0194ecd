"""What is wrong with an installation, and the mend: versions, pages, seals, photos, space. Looks; changes nothing."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from audit.storage.connections import Row, sqlite3
from audit.storage.photos import PhotoStore
from audit.storage.seals import SEALED, broken_seals
from audit.storage.store import Store

SAFE_SQLITE = (3, 51, 3)  # earlier ones, back to 3.7.0, can lose a page when the log of changes is reset
FREE_BYTES_WANTED = 500_000_000
SHOWN = 5
RESTORE = "Keep a copy of this one, then restore the latest backup: audit restore FILE --replace"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `mend` says what to do where it is not well."""

    ok: bool
    what: str
    mend: str = ""


def examine(store: Store) -> list[Finding]:
    """Look at everything. Reads every row and every photo, so it takes a while where there are many."""
    with store.reading():
        connection = store.connections.mine().conn
        return [
            sqlite_version(),
            *_looked(lambda: wrong_pages(connection)),
            *_looked(lambda: wrong_seals(connection)),
            *_looked(lambda: wrong_photos(connection, store.photos.pictures)),
            *_looked(lambda: _stray_files(connection, store.photos.pictures)),
            _space(store.path),
            _space(store.photos.pictures.folder),
        ]


def _looked(look: Callable[[], list[Finding]]) -> list[Finding]:
    """What a look found; a page too damaged to be read is a finding and no reason to stop looking."""
    try:
        return look()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter where it quotes what is no text any more
        return [Finding(False, f"rows that cannot be read: {error}", RESTORE)]


def wrong_pages(connection: sqlite3.Connection) -> list[Finding]:
    """What SQLite itself finds: broken pages, rows that break a rule of their table, rows that point nowhere."""
    said = [row[0] for row in connection.execute("pragma integrity_check").fetchall()]
    dangling = connection.execute("pragma foreign_key_check").fetchall()
    return [
        Finding(said == ["ok"], f"pages of the database: {_some(said)}", RESTORE),
        Finding(not dangling, f"rows that point to rows that are not there: {len(dangling)}", RESTORE),
    ]


def wrong_seals(connection: sqlite3.Connection, tables: Iterable[str] = SEALED) -> list[Finding]:
    """Rows that are no longer what was written."""
    broken = broken_seals(connection, tables)
    shown = _some([f"{table} {number}" for table, number in broken])
    return [Finding(not broken, f"rows whose digest does not fit: {shown}", RESTORE)]


def wrong_photos(connection: sqlite3.Connection, pictures: PhotoStore) -> list[Finding]:
    """Photos whose pictures are missing, or are no longer what was kept."""
    missing, damaged = [], []
    for sha256, size, expected in _pictures_wanted(connection):
        path = pictures.path(sha256, size)
        if not path.is_file():
            missing.append(path.name)
        elif hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            damaged.append(path.name)
    mend = "Copy them from the latest backup, folder `photos`, into AUDIT_PHOTOS."
    return [
        Finding(not missing, f"photos missing: {_some(missing)}", mend),
        Finding(not damaged, f"photos damaged: {_some(damaged)}", mend),
    ]


def photo_rows(connection: sqlite3.Connection) -> list[Row]:
    """What is known of each photo whose pictures are kept."""
    sql = "select sha256, jpeg_sha256, paper_sha256 from photo where removed_at is null order by sha256"
    rows: list[Row] = connection.execute(sql).fetchall()
    return rows


def _pictures_wanted(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    for row in photo_rows(connection):
        yield row["sha256"], "full", row["jpeg_sha256"]
        yield row["sha256"], "paper", row["paper_sha256"]


def _stray_files(connection: sqlite3.Connection, pictures: PhotoStore) -> list[Finding]:
    known = {row["sha256"] for row in photo_rows(connection)}
    stray = [path.name for path in pictures.files() if path.name[:64] not in known]
    stray += [path.name for path in pictures.unfinished()]
    return [Finding(not stray, f"files that belong to no photo: {_some(stray)}", "Harmless; removed by: audit purge")]


def sqlite_version() -> Finding:
    """Whether the SQLite in use is one that keeps what it is given; worth saying at every start."""
    version = tuple(int(part) for part in sqlite3.sqlite_version.split("."))
    return Finding(
        version >= SAFE_SQLITE,
        f"SQLite {sqlite3.sqlite_version}",
        "Its log of changes has a known fault. Use a Python that brings SQLite 3.51.3 or later.",
    )


def _space(path: Path) -> Finding:
    place = path if path.is_dir() else path.parent
    while not place.is_dir():
        place = place.parent
    free = shutil.disk_usage(place).free
    return Finding(
        free >= FREE_BYTES_WANTED, f"free space for {path}: {free // 1_000_000} MB", "Make space on the disk."
    )


def _some(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return (", ".join(names[:SHOWN]) + more) or "none"
