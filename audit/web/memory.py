"""Memory of a server with many threads: given back instead of being kept for each of them."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

MOST_ARENAS = 2
_M_ARENA_MAX = -8  # of mallopt(3)


def share_memory() -> None:
    """Let all threads of this process take from a few stores of memory. By itself the C library of most Linux systems
    keeps one for each thread, with whatever the largest photo or page of that thread once took. Call it before there
    are threads; where there is no such library it does nothing."""
    if sys.platform == "linux":
        with suppress(AttributeError):
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, MOST_ARENAS)
