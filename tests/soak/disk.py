"""A program's disk, watched: every step that reaches it is written down, or a chosen one goes wrong.

What stands between them is `disk.c`, built with the system's compiler; without one these tests are skipped, and say so.
"""

from __future__ import annotations

import mmap
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")
SOURCE = Path(__file__).with_name("disk.c")
HEAD = struct.Struct("=6Q")  # what was done, to which file, from which byte on; lengths of two paths and of the content
CREATE, MAKE_FOLDER, WRITE, CUT, SYNC, RENAME, REMOVE, SAID = "cmwtsrua"


class Fault(IntEnum):
    """What becomes of the chosen step."""

    FAILS_ONCE = 1
    FAILS_FROM_NOW_ON = 2
    DIES = 3


@dataclass(frozen=True)
class Step:
    """One step, as it was written down. `file` is its inode, which another file may have had before."""

    what: str
    file: int = 0
    offset: int = 0
    path: str = ""
    other: str = ""
    content: bytes = b""


class Trouble:
    """A page of memory shared with the watched program, in which it is told which of its steps is to go wrong."""

    def __init__(self, path: Path) -> None:
        if not path.exists():  # or somebody looks at it already
            path.write_bytes(bytes(24))
        self.path = path
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), 24)

    def arm(self, steps: int, fault: Fault) -> None:
        """Let the step of that number from now on go wrong."""
        self._write(1, fault)
        self._write(0, steps)

    def disarm(self) -> None:
        self._write(0, 0)

    @property
    def waits(self) -> bool:
        """Whether it is still to come, or still goes on."""
        return bool(struct.unpack_from("=q", self._shared, 0)[0])

    @property
    def steps(self) -> int:
        """How many were done, or went wrong, so far."""
        return int(struct.unpack_from("=q", self._shared, 16)[0])

    def _write(self, place: int, number: int) -> None:
        struct.pack_into("=q", self._shared, 8 * place, number)


def built_watch(folder: Path) -> Path:
    """The library that watches. Skips the test where nothing can build it or load it."""
    compiler = shutil.which("cc")
    if sys.platform != "linux" or compiler is None:
        pytest.skip("needs Linux and a C compiler: gcc libc6-dev")
    library = folder / "disk.so"
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE), "-ldl", "-lpthread"]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    if built.returncode:
        pytest.skip(f"the compiler lacks what it needs (libc6-dev): {built.stderr[-300:]}")
    return library


def watching(
    library: Path, folder: Path, record: Path | None = None, trouble: Trouble | None = None
) -> Mapping[str, str]:
    """The environment of a program whose disk is watched under that folder."""
    settings = {"LD_PRELOAD": str(library), "DISK_FOLDER": str(folder.resolve())}
    settings |= {"DISK_RECORD": str(record)} if record else {}
    return settings | ({"DISK_FAULT": str(trouble.path)} if trouble else {})


@contextmanager
def everything_watched(settings: Mapping[str, str]) -> Iterator[None]:
    """Every program that is started inside has this environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name, text in settings.items():
            patch.setenv(name, text)
        yield


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    """A folder that nobody waits for: in memory, if there is a place in it."""
    folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Notes:
    """Where a test notes between the steps what was acknowledged."""

    def __init__(self, record: Path) -> None:
        self._file = os.open(record, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)

    def say(self, word: str) -> None:
        """One write, so that nothing comes between its parts."""
        content = word.encode()
        os.write(self._file, HEAD.pack(ord(SAID), 0, 0, 0, 0, len(content)) + content)

    def close(self) -> None:
        os.close(self._file)


def read_record(record: Path) -> list[Step]:
    """The steps in their order."""
    raw, place, steps = record.read_bytes(), 0, []
    while place < len(raw):
        what, file, offset, *lengths = HEAD.unpack_from(raw, place)
        place += HEAD.size
        parts = []
        for length in lengths:
            parts.append(raw[place : place + length])
            place += length
        steps.append(Step(chr(what), file, offset, parts[0].decode(), parts[1].decode(), parts[2]))
    return steps
