"""An archive: what its file holds, how it is filled, and the way back out, on which every byte is checked.

Refuses whatever does not fit its manifest. When one is made and where one is put is told in `backup` and `restoring`.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlite_utils import Database

from audit.domain.errors import Conflict, NotFound
from audit.storage.columns import instant_text
from audit.storage.connections import open_to_read, sqlite3
from audit.storage.integrity import Finding, photo_rows, wrong_pages, wrong_seals
from audit.storage.photos import FILE, PhotoStore
from audit.storage.seals import SEALED
from audit.storage.upgrading import must_be_ours, tables_to_come

FORMAT = 1
MANIFEST, DATABASE, PHOTOS = "manifest.json", "candour.db", "photos/"
MOST_MANIFEST_BYTES = 500_000_000
NEW = os.O_CREAT | os.O_TRUNC | os.O_WRONLY
DAMAGED = "The archive {file} is damaged ({why}). Nothing was changed; use another backup."
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, OverflowError, RuntimeError)


@dataclass(frozen=True)
class Archive:
    """What an archive holds. `missing_photos` are files that were missing already when it was made."""

    made_at: str
    visits: int
    photos: int
    missing_photos: tuple[str, ...] = ()


def read_archive(file: Path) -> Archive:
    """Check every byte of an archive against its manifest; Conflict says what is damaged."""
    with _opened(file) as zipped:
        manifest = _manifest(zipped, file)
        for name, expected in manifest["digests"].items():
            with zipped.open(name) as source:
                if copied(source, None) != expected:
                    raise Conflict(DAMAGED, file=file, why=name)
    return _archive(manifest)


def fill(target: IO[bytes], database: Path, pictures: PhotoStore, now: datetime) -> None:
    """Write this database, the photos that it names, and the manifest of all that into the open file of an archive."""
    digests: dict[str, str] = {}
    missing: list[str] = []
    connection = open_to_read(database)
    try:
        visits = connection.execute("select count(*) from visit").fetchone()[0]
        shas = [row["sha256"] for row in photo_rows(connection)]
    finally:
        connection.close()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as zipped:
        digests[DATABASE] = _pack(zipped, database, DATABASE, zipfile.ZIP_DEFLATED)
        for path in (pictures.path(sha256, size) for sha256 in shas for size in ("full", "paper")):
            try:
                digests[PHOTOS + path.name] = _pack(zipped, path, PHOTOS + path.name, zipfile.ZIP_STORED)
            except FileNotFoundError:
                missing.append(path.name)
        manifest = {
            "format": FORMAT,
            "made_at": instant_text(now),
            "visits": visits,
            "photos": len(shas),
            "missing_photos": missing,
            "digests": digests,
        }
        zipped.writestr(MANIFEST, json.dumps(manifest, indent=1))


def unpack(file: Path, database: Path, folder: Path) -> Archive:
    """Take the archive apart into this file and this folder; Conflict says what is damaged."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    with _opened(file) as zipped:
        manifest = _manifest(zipped, file)
        for name, expected in manifest["digests"].items():
            path = database if name == DATABASE else folder / name.removeprefix(PHOTOS)
            with zipped.open(name) as source, os.fdopen(os.open(path, NEW, 0o600), "wb") as target:
                if copied(source, target) != expected:
                    raise Conflict(DAMAGED, file=file, why=name)
                target.flush()
                os.fsync(target.fileno())
        return _archive(manifest)


def must_be_sound(database: Path, file: Path) -> None:
    """Conflict unless this copy of a database is ours, whole, and every seal fits."""
    connection = open_to_read(database)
    try:
        db = Database(connection, execute_plugins=False)
        must_be_ours(db, database)
        sealed = wrong_seals(connection, [table for table in SEALED if table not in tables_to_come(db)])
        wrong = [finding for finding in (*wrong_pages(connection), *sealed) if not finding.ok]
    except sqlite3.DatabaseError as error:
        wrong = [Finding(False, str(error))]
    finally:
        connection.close()
    if wrong:
        why = "; ".join(finding.what for finding in wrong)
        raise Conflict("The database of {file} is damaged ({why}). Nothing was replaced.", file=file, why=why)


def must_have_its_photos(database: Path, folder: Path, archive: Archive, file: Path) -> None:
    """Conflict if a photo that the database names is neither in the folder nor said to have been missing already."""
    connection = open_to_read(database)
    try:
        rows = photo_rows(connection)
    finally:
        connection.close()
    wanted = {row["sha256"] + suffix for row in rows for suffix in (".jpg", ".paper.jpg")}
    absent = wanted - {path.name for path in folder.iterdir()} - set(archive.missing_photos)
    if absent:
        raise Conflict(DAMAGED, file=file, why=f"{len(absent)} photos are missing")


def copied(source: IO[bytes], target: IO[bytes] | None) -> str:
    """Copy, and return the sha256 of what was copied."""
    digest = hashlib.sha256()
    while chunk := source.read(1 << 20):
        digest.update(chunk)
        if target is not None:
            target.write(chunk)
    return digest.hexdigest()


def _pack(zipped: zipfile.ZipFile, path: Path, name: str, compression: int) -> str:
    with path.open("rb") as source:  # opened before the archive has an entry for it, since it may be missing
        entry = zipfile.ZipInfo(name)
        entry.compress_type = compression
        entry.file_size = path.stat().st_size
        with zipped.open(entry, "w") as target:
            return copied(source, target)


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as zipped:
            yield zipped
    except FileNotFoundError:
        raise NotFound("There is no file {file}.", file=file) from None
    except UNREADABLE as error:
        raise Conflict(DAMAGED, file=file, why=error) from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # a place in the file that there cannot be
            raise Conflict(DAMAGED, file=file, why=error) from error
        raise


def _manifest(zipped: zipfile.ZipFile, file: Path) -> dict[str, Any]:
    if zipped.getinfo(MANIFEST).file_size > MOST_MANIFEST_BYTES:
        raise ValueError("its manifest is too large")
    manifest = json.loads(zipped.read(MANIFEST))
    if not isinstance(manifest, dict) or not isinstance(manifest.get("digests"), dict):
        raise ValueError("its manifest cannot be read")
    if manifest.get("format") != FORMAT:
        raise Conflict("The archive {file} was made by a newer version of Candour. Install that version.", file=file)
    names = set(zipped.namelist()) - {MANIFEST}
    if names != set(manifest["digests"]) or DATABASE not in names or len(zipped.namelist()) != len(names) + 1:
        raise ValueError("its manifest does not fit its content")
    if any(not FILE.fullmatch(name.removeprefix(PHOTOS)) for name in names - {DATABASE}):
        raise ValueError("it holds a file that is no photo")
    return manifest


def _archive(manifest: dict[str, Any]) -> Archive:
    missing = tuple(map(str, manifest["missing_photos"]))
    return Archive(str(manifest["made_at"]), int(manifest["visits"]), int(manifest["photos"]), missing)
