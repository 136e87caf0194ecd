"""The darkroom: in each process one thread works on photos, one photo after the other, behind whoever asks for a page.

Decoding is what takes most time and memory of all that the post room does; one at a time bounds both, whatever arrives.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

GIVES_WAY_BY = 10  # of nice(2): while a core is wanted for pages it gets a tenth of it

T = TypeVar("T")


def develop(work: Callable[[], T]) -> T:
    """Do the work in the darkroom, when it is its turn: what it gives, or raises."""
    return _room.submit(work).result()


def _new_room() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "darkroom", _give_way)  # its thread starts with the first photo


def _give_way() -> None:
    if sys.platform == "linux":  # where a thread has a priority of its own
        own = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, own, os.getpriority(os.PRIO_PROCESS, own) + GIVES_WAY_BY)


def _start_anew() -> None:
    """In a process that was forked: the thread stayed with its parent."""
    global _room
    _room = _new_room()


_room = _new_room()
if hasattr(os, "register_at_fork"):  # elsewhere nothing forks
    os.register_at_fork(after_in_child=_start_anew)
