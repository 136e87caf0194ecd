"""Printed reports and packs of them, kept on disk, so that each is printed once. Holds nothing that cannot be
printed again.

Beside each file lies its seal: the sha256 of its bytes. What does not fit its seal is never handed out.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

MOST_BYTES_KEPT = 4 << 30
ROOM_MADE = 8  # an eighth of all goes at once, so that making room is rare
LEFT_LYING_SECONDS = 15 * 60  # what nobody has written to for so long was begun by a process that was killed
LOOKED_AT_AGAIN_SECONDS = 24 * 60 * 60  # a disk may turn a bit without a word to anybody
MOST_REMEMBERED = 10_000  # files that were looked at, in some four megabytes
ENDS = (".pdf", ".zip")
SEAL = ".sha256"

Written = tuple[int, int, int]  # which file it is, its size, and when it was written to


class Drawer:
    """A folder of PDFs named by the keys of their sheets, and of packs. A file is there whole or not at all: one of
    which a byte is missing or another, as after a power cut or on a failing disk, counts as none.

    Each is read whole the first time after the start, when it was written to since, and once a day; otherwise it costs
    no more than asking when it was written. Of very many, those that were asked for longest ago are read again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._looked_at = _LookedAt()

    def find(self, key: str, ending: str = ".pdf") -> bytes | None:
        """The PDF of that sheet, if it is still there."""
        with suppress(OSError):
            if path := self.file(key, ending):
                return path.read_bytes()
        return None

    def file(self, key: str, ending: str = ".pdf") -> Path | None:
        """Where it lies, if it is still there."""
        path = self._path(key, ending)
        with suppress(OSError):
            if self._is_whole(path):
                return path
        self._looked_at.forget(path.name)
        return None

    def _is_whole(self, path: Path) -> bool:
        found = path.stat()
        written = found.st_ino, found.st_size, found.st_mtime_ns
        if self._looked_at.knows(path.name, written):
            return True
        if _sha256_of(path) != _seal_of(path).read_bytes():
            return False
        self._looked_at.note(path.name, written)
        return True

    def keep(self, key: str, pdf: bytes | Callable[[IO[bytes]], object], ending: str = ".pdf") -> None:
        """Put a PDF in, or what somebody writes into the file. Where the disk is full it is not kept."""
        unfinished = self.folder / f"{key}.{os.getpid()}-{os.urandom(4).hex()}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_room()
            with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(pdf) if isinstance(pdf, bytes) else pdf(file)
            self._seal(unfinished, _seal_of(self._path(key, ending)))
            unfinished.replace(self._path(key, ending))
        except OSError:
            return
        finally:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)

    def _seal(self, file: Path, seal: Path) -> None:
        """Before the file has its name: a seal without a file says nothing, and the next one takes its place."""
        unfinished = file.with_name(f"{file.name}{SEAL}")
        try:
            unfinished.write_bytes(_sha256_of(file))
            unfinished.replace(seal)
        finally:
            unfinished.unlink(missing_ok=True)

    def discard(self, key: str) -> None:
        """Take out what has that key, as the files of a pack once newer ones are there. Whoever is being handed one of
        them still gets all of it."""
        for ending in ENDS:
            path = self._path(key, ending)
            self._looked_at.forget(path.name)
            with suppress(OSError):
                _take_out(path)

    def empty(self) -> int:
        """Take everything out, as when photos or names in it have reached the end of their period; returns how many."""
        kept = self._kept()
        for path in kept:
            path.unlink(missing_ok=True)
        return sum(path.suffix != SEAL for path in kept)

    def _path(self, key: str, ending: str) -> Path:
        if not key.isalnum():
            raise ValueError("a key is a sha256")
        return self.folder / f"{key}{ending}"

    def _kept(self) -> list[Path]:
        return [path for path in self.folder.glob("*") if path.is_file()]

    def _make_room(self) -> None:
        kept = []
        for path in self._kept():
            with suppress(OSError):
                written = path.stat()
                if path.suffix in ENDS:
                    kept.append((written.st_mtime, written.st_size, path))
                elif time.time() - written.st_mtime > LEFT_LYING_SECONDS and not _is_seal_of_something(path):
                    path.unlink()
        over = sum(size for _, size, _ in kept) - MOST_BYTES_KEPT
        if over > 0:
            for _, size, path in sorted(kept):
                _take_out(path)
                over -= size
                if over <= -MOST_BYTES_KEPT // ROOM_MADE:
                    break


class _LookedAt:
    """Which files were found whole, as they were written then, and when that was; asked and told by many threads."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, tuple[Written, float]] = OrderedDict()
        self._lock = threading.Lock()

    def knows(self, name: str, written: Written) -> bool:
        with self._lock:
            known = self._files.get(name)
            if known is None or known[0] != written or time.monotonic() - known[1] >= LOOKED_AT_AGAIN_SECONDS:
                return False
            self._files.move_to_end(name)
            return True

    def note(self, name: str, written: Written) -> None:
        with self._lock:
            self._files[name] = written, time.monotonic()
            self._files.move_to_end(name)
            while len(self._files) > MOST_REMEMBERED:
                self._files.popitem(last=False)

    def forget(self, name: str) -> None:
        with self._lock:
            self._files.pop(name, None)


def _sha256_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest().encode()


def _seal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}{SEAL}")


def _is_seal_of_something(path: Path) -> bool:
    return path.suffix == SEAL and path.with_suffix("").exists()


def _take_out(path: Path) -> None:
    path.unlink(missing_ok=True)
    _seal_of(path).unlink(missing_ok=True)
