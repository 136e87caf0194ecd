"""What is worked out beside the pages, one piece after another, so that no page waits for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")

# One thread: the pages go first, and two slow pieces at once would help nobody.
_AT_WORK = ThreadPoolExecutor(max_workers=1, thread_name_prefix="background")


PATIENCE_SECONDS = 0.2  # what is nearly done is waited for, so that small programmes never read "in a moment"


def if_ready(future: Future[T]) -> T | None:
    """What was worked out, or None if it is not done yet; raises what the work raised."""
    return future.result() if wait([future], PATIENCE_SECONDS).done else None


def work_out(work: Callable[[], T]) -> Future[T]:
    """Begin with it as soon as what was asked for before is done."""
    return _AT_WORK.submit(work)
