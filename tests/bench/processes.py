"""What the processes that this one has started have cost so far, as Linux tells it; nothing elsewhere."""

from __future__ import annotations

import os
import re
import threading
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
EVERY_SECONDS = 0.05


def cpu_of(word: str) -> float:
    """CPU seconds of the descendants with this word in their command line, those that they have ended included; 0
    where there is no /proc."""
    ticks = 0
    parents = dict(_parents())
    for pid in parents:
        if _descends(pid, parents) and word in _text(pid, "cmdline"):
            fields = _text(pid, "stat").rsplit(")", 1)[-1].split()
            ticks += sum(int(field) for field in fields[11:15])  # utime, stime, cutime, cstime (proc_pid_stat(5))
    return ticks / os.sysconf("SC_CLK_TCK")


class Peak:
    """The most memory that the descendants with this word in their command line had at once while it was open, in MiB:
    what they share is counted once (`Pss` of proc_pid_smaps_rollup(5)); `largest_mib` is the most that one of them had.
    0 where there is no /proc."""

    def __init__(self, word: str) -> None:
        self.mib = self.largest_mib = 0.0
        self._word = word
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._closing.wait(EVERY_SECONDS):
            of_each = _memory_of_each(self._word)
            self.mib = max(self.mib, sum(of_each))
            self.largest_mib = max(self.largest_mib, *of_each, 0.0)


def _memory_of_each(word: str) -> list[float]:
    parents = dict(_parents())
    mib = []
    for pid in parents:
        if _descends(pid, parents) and word in _text(pid, "cmdline"):
            found = re.search(r"^Pss:\s+(\d+)", _text(pid, "smaps_rollup"), re.M)
            mib.append(int(found[1]) / 1024 if found else 0.0)
    return mib


def _parents() -> list[tuple[int, int]]:
    """Every process and its parent."""
    found = []
    for folder in PROC.glob("[0-9]*"):
        fields = _text(int(folder.name), "stat").rsplit(")", 1)[-1].split()
        if len(fields) > 1:
            found.append((int(folder.name), int(fields[1])))
    return found


def _descends(pid: int, parents: dict[int, int]) -> bool:
    while pid in parents:
        pid = parents[pid]
        if pid == os.getpid():
            return True
    return False


def _text(pid: int, name: str) -> str:
    with suppress(OSError):
        return (PROC / str(pid) / name).read_text(errors="replace")
    return ""
