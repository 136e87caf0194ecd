"""Waiting for others: never by the clock of a machine that may stand still, never longer than it takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")
MOST_SECONDS = 60  # what is right is there at once where nothing else runs


def turns(seconds: float) -> Iterator[None]:
    """Turns of waiting, until so many seconds are over. None counts for more than five: while the whole machine stood
    still, nobody was waited for."""
    while seconds > 0:
        before = time.monotonic()
        yield
        seconds -= min(5.0, time.monotonic() - before)


def wait_until(look: Callable[[], T | None], seconds: float = MOST_SECONDS, what: str = "it") -> T:
    """What `look` finds, as soon as that is something; AssertionError if it never is."""
    for _ in turns(seconds):
        if found := look():
            return found
        time.sleep(0.01)
    raise AssertionError(f"{what} did not come to pass within {seconds} s")
