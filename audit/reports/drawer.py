"""Printed reports and packs of them, kept on disk, so that each is printed once. Holds nothing that cannot be
printed again."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

MOST_BYTES_KEPT = 4 << 30
ROOM_MADE = 8  # an eighth of all goes at once, so that making room is rare
LEFT_LYING_SECONDS = 15 * 60  # what nobody has written to for so long was begun by a process that was killed
LONGEST_END = 22  # bytes: the last part of a ZIP that says nothing about itself
ENDS = {".pdf": re.compile(rb"%%EOF\s*\Z"), ".zip": re.compile(rb"PK\x05\x06.{18}\Z", re.DOTALL)}


class Drawer:
    """A folder of PDFs named by the keys of their sheets, and of packs. A file is there whole or not at all: one
    that lacks its end, as after a power cut, counts as none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, key: str, ending: str = ".pdf") -> bytes | None:
        """The PDF of that sheet, if it is still there."""
        with suppress(OSError):
            if path := self.file(key, ending):
                return path.read_bytes()
        return None

    def file(self, key: str, ending: str = ".pdf") -> Path | None:
        """Where it lies, if it is still there."""
        path = self._path(key, ending)
        with suppress(OSError), path.open("rb", buffering=0) as file:
            file.seek(-min(LONGEST_END, os.fstat(file.fileno()).st_size), os.SEEK_END)
            if ENDS[ending].search(file.read(LONGEST_END)):
                return path
        return None

    def keep(self, key: str, pdf: bytes | Callable[[IO[bytes]], object], ending: str = ".pdf") -> None:
        """Put a PDF in, or what somebody writes into the file. Where the disk is full it is not kept."""
        unfinished = self.folder / f"{key}.{os.getpid()}-{os.urandom(4).hex()}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_room()
            with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(pdf) if isinstance(pdf, bytes) else pdf(file)
            unfinished.replace(self._path(key, ending))
        except OSError:
            return
        finally:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)

    def discard(self, key: str) -> None:
        """Take out what has that key, as the files of a pack once newer ones are there. Whoever is being handed one of
        them still gets all of it."""
        for ending in ENDS:
            with suppress(OSError):
                self._path(key, ending).unlink(missing_ok=True)

    def empty(self) -> int:
        """Take everything out, as when photos or names in it have reached the end of their period; returns how many."""
        kept = self._kept()
        for path in kept:
            path.unlink(missing_ok=True)
        return len(kept)

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
                if path.suffix not in ENDS and time.time() - written.st_mtime > LEFT_LYING_SECONDS:
                    path.unlink()
                else:
                    kept.append((written.st_mtime, written.st_size, path))
        over = sum(size for _, size, _ in kept) - MOST_BYTES_KEPT
        if over > 0:
            for _, size, path in sorted(kept):
                path.unlink(missing_ok=True)
                over -= size
                if over <= -MOST_BYTES_KEPT // ROOM_MADE:
                    break
