"""Photos: the cleaned pictures in a folder, named by the sha256 of the bytes as sent, and a row about each.

A file is on the disk, folder and all, before its row is. Refuses every name that is not a sha256.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from audit.domain.errors import not_here
from audit.storage.columns import Column, instant_from, instant_text, optional_instant_from
from audit.storage.connections import Connections, Row, errors_in_our_words
from audit.storage.folders import make_folder, sync_folder
from audit.storage.shelf import Shelf

SHA256 = re.compile("[0-9a-f]{64}")
FILE = re.compile(r"([0-9a-f]{64})(\.paper)?\.jpg")
UNFINISHED = ".unfinished"
SUFFIXES = {"full": ".jpg", "paper": ".paper.jpg"}


class CleanedPhoto(Protocol):
    """A photo fit to be kept: `sha256` names the bytes as sent, `position` is latitude and longitude in degrees."""

    @property
    def sha256(self) -> str: ...
    @property
    def jpeg(self) -> bytes: ...
    @property
    def paper_jpeg(self) -> bytes: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def original_format(self) -> str: ...
    @property
    def taken_at(self) -> str | None: ...
    @property
    def position(self) -> tuple[float, float] | None: ...


@dataclass(frozen=True)
class Photo:
    """About a photo. `size` in bytes, sides in pixels; `taken_at` and `position` are for the office alone.

    `removed_at` says when its picture was deleted because its period had passed."""

    sha256: str
    size: int
    width: int
    height: int
    original_format: str
    kept_at: datetime
    taken_at: str | None = None
    position: tuple[float, float] | None = None
    removed_at: datetime | None = None


class PhotoStore:
    """The folder with the pictures: two letters, then the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lasting: set[Path] = set()

    def path(self, sha256: str, size: str = "full") -> Path:
        """Where the picture is or would be; NotFound for a name or a size that there cannot be."""
        if not SHA256.fullmatch(sha256) or size not in SUFFIXES:
            raise not_here()
        return self.folder / sha256[:2] / (sha256 + SUFFIXES[size])

    def has(self, sha256: str) -> bool:
        return all(self.path(sha256, size).is_file() for size in SUFFIXES)

    def keep(self, sha256: str, size: str, picture: bytes) -> None:
        """Put the picture on the disk for good: in full or not at all. NoSpace if the disk is full."""
        path = self.path(sha256, size)
        with errors_in_our_words(self.folder):
            for folder in (self.folder, path.parent):
                self._make_lasting(folder)
            _write(path, picture)

    def read(self, sha256: str, size: str = "full") -> bytes:
        """The picture; NotFound if it is not there."""
        try:
            return self.path(sha256, size).read_bytes()
        except FileNotFoundError:
            raise not_here() from None

    def remove(self, sha256: str) -> None:
        """Delete the picture in all its sizes; a second time changes nothing."""
        for size in SUFFIXES:
            self.path(sha256, size).unlink(missing_ok=True)

    def files(self) -> Iterator[Path]:
        """Every picture that is there, in the order of their names."""
        return (path for path in sorted(self.folder.glob("??/*.jpg")) if FILE.fullmatch(path.name))

    def unfinished(self) -> list[Path]:
        """What a crash left half written."""
        return sorted(self.folder.glob(f"??/*{UNFINISHED}"))

    def _make_lasting(self, folder: Path) -> None:
        if folder not in self._lasting or not folder.is_dir():
            make_folder(folder)
            self._lasting.add(folder)  # and not before: another thread must not pass while this one waits


class PhotoShelf(Shelf):
    """The rows about photos, and to which question of which visit they belong."""

    def __init__(self, connections: Connections, pictures: PhotoStore) -> None:
        super().__init__(connections)
        self.pictures = pictures

    def add(self, photo: CleanedPhoto, now: datetime) -> None:
        """Keep a photo: the pictures first, then the row, in a transaction of its own if none is open."""
        self._keep_pictures(photo)
        if self._connections.busy_with == "writing":
            self._put("photo", ("sha256",), _to_row(photo, now))
            return
        with self._connections.transaction():
            self._put("photo", ("sha256",), _to_row(photo, now))
            if not self.pictures.has(photo.sha256):  # a purge took out its older self while this waited for its turn
                self._keep_pictures(photo)

    def _keep_pictures(self, photo: CleanedPhoto) -> None:
        self.pictures.keep(photo.sha256, "full", photo.jpeg)
        self.pictures.keep(photo.sha256, "paper", photo.paper_jpeg)

    def known(self, shas: Iterable[str]) -> set[str]:
        """Those of these photos that have arrived."""
        return {row["sha256"] for row in self._rows_among("select sha256 from photo", "sha256", shas)}

    def find(self, sha256: str) -> Photo:
        return _from_row(self._row("select * from photo", "sha256 = ?", (sha256,)))

    def of_visit(self, visit_id: str) -> list[Photo]:
        """The photos of a visit, each once, in the order in which they arrived."""
        where = "sha256 in (select sha256 from visit_photo where visit_id = ?)"
        rows = self._rows("select * from photo", where, (visit_id,), "order by kept_at, sha256")
        return [_from_row(row) for row in rows]

    def arrived_for(self, visit_ids: Iterable[str]) -> dict[str, frozenset[str]]:
        """The photos that were sent for each of these visits, whatever its answers name."""
        found: dict[str, set[str]] = {id: set() for id in visit_ids}
        for row in self._rows_among("select visit_id, sha256 from visit_photo", "visit_id", found):
            found[row["visit_id"]].add(row["sha256"])
        return {id: frozenset(photos) for id, photos in found.items()}

    def attach(self, visit_id: str, question_id: str, sha256: str, now: datetime) -> None:
        """Say that the photo belongs to this question of this visit; twice is once."""
        sql = (
            "insert into visit_photo (visit_id, question_id, sha256, added_at) values (?, ?, ?, ?)"
            " on conflict do nothing"
        )
        self._connections.change(sql, (visit_id, question_id, sha256, instant_text(now)))

    def read(self, sha256: str, size: str = "full") -> bytes:
        """The picture, JPEG; `size` is "full" or "paper". NotFound if it is not there or was removed."""
        return self.pictures.read(sha256, size)


def _write(path: Path, picture: bytes) -> None:
    unfinished = path.with_name(f"{path.name}.{os.getpid()}-{os.urandom(4).hex()}{UNFINISHED}")
    try:
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(picture)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _to_row(photo: CleanedPhoto, now: datetime) -> dict[str, Column]:
    return {
        "sha256": photo.sha256,
        "size": len(photo.jpeg),
        "width": photo.width,
        "height": photo.height,
        "original_format": photo.original_format,
        "jpeg_sha256": hashlib.sha256(photo.jpeg).hexdigest(),
        "paper_sha256": hashlib.sha256(photo.paper_jpeg).hexdigest(),
        "taken_at": photo.taken_at,
        "latitude": float(photo.position[0]) if photo.position else None,
        "longitude": float(photo.position[1]) if photo.position else None,
        "kept_at": instant_text(now),
        "removed_at": None,
    }


def _from_row(row: Row) -> Photo:
    return Photo(
        sha256=row["sha256"],
        size=row["size"],
        width=row["width"],
        height=row["height"],
        original_format=row["original_format"],
        kept_at=instant_from(row["kept_at"]),
        taken_at=row["taken_at"],
        position=None if row["latitude"] is None else (row["latitude"], row["longitude"]),
        removed_at=optional_instant_from(row["removed_at"]),
    )
