"""One archive that holds everything, made while the server runs; and the way back, which trusts nothing.

An archive that fails any check never replaces a good one, and never a database. The database that is replaced is set
aside, not deleted.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlite_utils import Database

from audit.domain.errors import Conflict, NotFound
from audit.storage.columns import instant_text
from audit.storage.connections import errors_in_our_words, open_to_read, sqlite3
from audit.storage.folders import make_folder, sync_folder
from audit.storage.integrity import Finding, photo_rows, wrong_pages, wrong_seals
from audit.storage.photos import FILE, PhotoStore
from audit.storage.seals import SEALED
from audit.storage.store import Store
from audit.storage.turns import files_of
from audit.storage.upgrading import must_be_ours, tables_to_come

FORMAT = 1
MANIFEST, DATABASE, PHOTOS = "manifest.json", "candour.db", "photos/"
MOST_MANIFEST_BYTES = 500_000_000
_NEW = os.O_CREAT | os.O_TRUNC | os.O_WRONLY
DAMAGED = "The archive {file} is damaged ({why}). Nothing was changed; use another backup."


UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, OverflowError, RuntimeError)


@dataclass(frozen=True)
class Archive:
    """What an archive holds. `missing_photos` are files that were missing already when it was made."""

    made_at: str
    visits: int
    photos: int
    missing_photos: tuple[str, ...] = ()


def backup(store: Store, file: Path, now: datetime) -> Archive:
    """Write everything into one archive and read it back before it takes its name, in place of an older one.

    Conflict if the database is damaged: a bad backup must not replace a good one. NoSpace if the disk is full."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    copy = file.with_name(f"{file.name}.copying")
    with _removed_afterwards(unfinished, copy, _journal_of(copy)), errors_in_our_words(file):
        _copy_database(store, copy)
        must_be_sound(copy, file)
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600), "w+b") as target:
            _fill(target, copy, store.photos.pictures, now)
            target.flush()
            os.fsync(target.fileno())
        archive = read_archive(unfinished)
        unfinished.replace(file)
        sync_folder(file.absolute().parent)
    return archive


def read_archive(file: Path) -> Archive:
    """Check every byte of an archive against its manifest; Conflict says what is damaged."""
    with _opened(file) as zipped:
        manifest = _manifest(zipped, file)
        for name, expected in manifest["digests"].items():
            with zipped.open(name) as source:
                if _copied(source, None) != expected:
                    raise Conflict(DAMAGED, file=file, why=name)
    return _archive(manifest)


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
    with _removed_afterwards(unpacked, folder, *files_of(unpacked)), errors_in_our_words(path):
        archive = _unpack(file, unpacked, folder)
        must_be_sound(unpacked, file)
        _must_have_its_photos(unpacked, folder, archive, file)
        prepare(unpacked)
        if path.exists():
            _set_aside(path)
        _move_photos(folder, photos_folder)
        unpacked.replace(path)
        sync_folder(path.absolute().parent)
    return archive


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


def _fill(target: IO[bytes], database: Path, pictures: PhotoStore, now: datetime) -> None:
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


def _pack(zipped: zipfile.ZipFile, path: Path, name: str, compression: int) -> str:
    with path.open("rb") as source:  # opened before the archive has an entry for it, since it may be missing
        entry = zipfile.ZipInfo(name)
        entry.compress_type = compression
        entry.file_size = path.stat().st_size
        with zipped.open(entry, "w") as target:
            return _copied(source, target)


def _copied(source: IO[bytes], target: IO[bytes] | None) -> str:
    """Copy, and return the sha256 of what was copied."""
    digest = hashlib.sha256()
    while chunk := source.read(1 << 20):
        digest.update(chunk)
        if target is not None:
            target.write(chunk)
    return digest.hexdigest()


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


def _unpack(file: Path, database: Path, folder: Path) -> Archive:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    with _opened(file) as zipped:
        manifest = _manifest(zipped, file)
        for name, expected in manifest["digests"].items():
            path = database if name == DATABASE else folder / name.removeprefix(PHOTOS)
            with zipped.open(name) as source, os.fdopen(os.open(path, _NEW, 0o600), "wb") as target:
                if _copied(source, target) != expected:
                    raise Conflict(DAMAGED, file=file, why=name)
                target.flush()
                os.fsync(target.fileno())
        return _archive(manifest)


def _must_have_its_photos(database: Path, folder: Path, archive: Archive, file: Path) -> None:
    connection = open_to_read(database)
    try:
        rows = photo_rows(connection)
    finally:
        connection.close()
    wanted = {row["sha256"] + suffix for row in rows for suffix in (".jpg", ".paper.jpg")}
    absent = wanted - {path.name for path in folder.iterdir()} - set(archive.missing_photos)
    if absent:
        raise Conflict(DAMAGED, file=file, why=f"{len(absent)} photos are missing")


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
    with path.open("rb") as source, os.fdopen(os.open(aside, _NEW, 0o600), "wb") as target:
        _copied(source, target)
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


@contextmanager
def _removed_afterwards(*paths: Path) -> Iterator[None]:
    try:
        yield
    finally:
        for path in paths:
            with suppress(OSError):
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)
