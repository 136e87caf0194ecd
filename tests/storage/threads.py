"""Many who do the same at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


def together(threads: int, work: Callable[[int], object]) -> list[object]:
    """Let so many threads do it at the same moment."""
    gate = threading.Barrier(threads)

    def at_once(n: int) -> object:
        gate.wait()
        return work(n)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(at_once, range(threads)))
