"""What is worked out beside the pages, one piece after another, so that no page waits for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

# One thread: the pages go first, and two slow pieces at once would help nobody.
_AT_WORK = ThreadPoolExecutor(max_workers=1, thread_name_prefix="background")


def work_out(work: Callable[[], T]) -> Future[T]:
    """Begin with it as soon as what was asked for before is done."""
    return _AT_WORK.submit(work)
