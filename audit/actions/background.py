"""What is worked out beside the pages, one piece after another, so that no page waits for it, and no process that is
told to end: what is not done by then is begun again by the next that asks.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

T = TypeVar("T")
Pieces = queue.SimpleQueue[Callable[[], None]]

PATIENCE_SECONDS = 0.2  # what is nearly done is waited for, so that small programmes never read "in a moment"


class _Bench:
    """One thread in each process, from the first piece on: the pages go first, and two slow pieces at once would help
    nobody."""

    def __init__(self) -> None:
        self._starting = threading.Lock()
        self._pid = 0
        self._pieces: Pieces = queue.SimpleQueue()

    def take(self, piece: Callable[[], None]) -> None:
        """Do it when all that came before is done."""
        with self._starting:
            if self._pid != os.getpid():
                self._pieces = queue.SimpleQueue()
                threading.Thread(target=_do_all, args=(self._pieces,), name="background", daemon=True).start()
                self._pid = os.getpid()
            self._pieces.put(piece)


_BENCH = _Bench()


def if_ready(future: Future[T]) -> T | None:
    """What was worked out, or None if it is not done yet; raises what the work raised."""
    return future.result() if wait([future], PATIENCE_SECONDS).done else None


def work_out(work: Callable[[], T]) -> Future[T]:
    """Begin with it as soon as what was asked for before is done."""
    future: Future[T] = Future()

    def piece() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # whatever it was, nobody may be left waiting for it
            future.set_exception(error)

    _BENCH.take(piece)
    return future


def has_failed(found: object) -> bool:
    """Whether this is work that raised something."""
    return isinstance(found, Future) and found.done() and found.exception() is not None


def _do_all(pieces: Pieces) -> None:
    while True:
        pieces.get()()  # under no name: what is done is held by nobody
