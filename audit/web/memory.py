"""Memory of a server with many threads: given back instead of being kept for each of them, and not searched in vain."""

from __future__ import annotations

import ctypes
import gc
import sys
from contextlib import suppress

MOST_ARENAS = 2
LARGE_BYTES = 256 << 10
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # of mallopt(3)


def share_memory() -> None:
    """Let all threads of this process take from a few stores of memory, and give back at once what is large. By itself
    the C library of most Linux systems keeps a store for each thread, with whatever the largest photo or page of that
    thread once took. Call it before there are threads; where there is no such library it does nothing."""
    if sys.platform == "linux":
        with suppress(AttributeError):
            library = ctypes.CDLL(None)
            library.mallopt(_M_ARENA_MAX, MOST_ARENAS)
            library.mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)  # else it rises to whatever was once let go of


def keep_for_good() -> None:
    """What there is by now stays as long as the process, and is not looked through for garbage again: that stops all
    threads, for longer the more there is. Called before a fork, it also leaves in common what nobody changes."""
    gc.collect()
    gc.freeze()
