"""How fast one device may call: a handful at once, and after that so many a second. In memory, for one process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from audit.domain.errors import TooMany

MOST_DEVICES = 20_000


@dataclass(frozen=True)
class Allowance:
    """What a device may spend at once, and what it gets back each second."""

    most: float
    each_second: float


CALLS = Allowance(600, 10)
BYTES = Allowance(400e6, 4e6)


@dataclass
class Pace:
    """What each device has left of its calls and bytes; one that was silent for long has everything again."""

    calls: Allowance = CALLS
    bytes: Allowance = BYTES
    clock: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, device_id: str, calls: int, bytes: int) -> None:
        """Take so much from the device. TooMany, with the seconds to wait, if it has not that much left; what is more
        than the most can be spent by one who has everything."""
        with self._lock:
            now = self.clock()
            if len(self._left) >= MOST_DEVICES:
                self._left.clear()
            left_calls, left_bytes, then = self._left.get(device_id, (self.calls.most, self.bytes.most, now))
            left_calls = min(self.calls.most, left_calls + (now - then) * self.calls.each_second)
            left_bytes = min(self.bytes.most, left_bytes + (now - then) * self.bytes.each_second)
            wait = max(
                (min(calls, self.calls.most) - left_calls) / self.calls.each_second,
                (min(bytes, self.bytes.most) - left_bytes) / self.bytes.each_second,
            )
            if wait <= 0:
                left_calls, left_bytes = left_calls - calls, left_bytes - bytes
            self._left[device_id] = (left_calls, left_bytes, now)
        if wait > 0:
            raise TooMany(
                "This device sends too much at once. Nothing is lost: it tries again by itself.",
                retry_after_seconds=int(wait) + 1,
            )
