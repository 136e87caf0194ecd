"""What the processes that this one has started have cost so far, as Linux tells it; nothing elsewhere."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


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
