"""Printed reports kept on disk, so that the same report is printed once. Holds nothing that cannot be printed again."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

MOST_KEPT = 500
ROOM_MADE = 50


class Drawer:
    """A folder of PDFs named by the keys of their sheets. A file is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, key: str) -> bytes | None:
        """The PDF of that sheet, if it is still there."""
        with suppress(OSError):
            return self._path(key).read_bytes()
        return None

    def keep(self, key: str, pdf: bytes) -> None:
        """Put a PDF in. A full disk keeps nobody from reading the report: then it is not kept."""
        unfinished = self.folder / f"{key}.{os.getpid()}-{os.urandom(4).hex()}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_room()
            with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(pdf)
            unfinished.replace(self._path(key))
        except OSError:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)

    def empty(self) -> int:
        """Take everything out, as when photos or names in it have reached the end of their period; returns how many."""
        kept = self._kept()
        for path in kept:
            path.unlink(missing_ok=True)
        return len(kept)

    def _path(self, key: str) -> Path:
        if not key.isalnum():
            raise ValueError("a key is a sha256")
        return self.folder / f"{key}.pdf"

    def _kept(self) -> list[Path]:
        return [path for path in self.folder.glob("*") if path.is_file()]

    def _make_room(self) -> None:
        kept = self._kept()
        if len(kept) >= MOST_KEPT:
            oldest = sorted(kept, key=lambda path: path.stat().st_mtime)
            for path in oldest[:ROOM_MADE]:
                path.unlink(missing_ok=True)
