"""How callers are shared out among the processes that answer at one port: each takes one only if no other has fewer.

The system would give them to whoever is quickest to take them: sixteen phones came to be shared four to twelve, and the
second core stood idle. Owns the numbers, in memory that all these processes see.
"""

from __future__ import annotations

import mmap
import time

PATIENCE_SECONDS = 0.02  # for which a caller is left to the others
STILL_THERE_SECONDS = 0.2  # within which whoever is here again is taken for that caller: a busy process looks late
_WORD = 4


class Connected:
    """How many connections each of so many processes has. Make it before they are forked."""

    def __init__(self, processes: int) -> None:
        self._of_each = memoryview(mmap.mmap(-1, _WORD * processes)).cast("I")

    def note(self, process: int, connections: int) -> None:
        """So many are open in that process, numbered from 0 on."""
        self._of_each[process] = connections

    def has_most(self, process: int) -> bool:
        """Whether another process has fewer than that one."""
        return self._of_each[process] > min(self._of_each)


class Share:
    """What one process takes. It leaves a caller to the others while one of them has fewer connections; if after a
    moment nobody has come for the caller, as when that process was killed or is stopped, it takes it all the same."""

    def __init__(self, connected: Connected, process: int) -> None:
        self._connected = connected
        self._process = process
        self._left_until = 0.0

    def note(self, connections: int) -> None:
        """So many are open here."""
        self._connected.note(self._process, connections)

    def is_leaving(self) -> bool:
        """Whether a caller was left to the others just now, so that it is too soon to look again."""
        return time.monotonic() < self._left_until

    def may_take(self) -> bool:
        """Whether a caller who is here now is ours. Whoever was left, and is still there after PATIENCE_SECONDS, is."""
        now = time.monotonic()
        if (
            self._connected.has_most(self._process)
            and not self._left_until <= now < self._left_until + STILL_THERE_SECONDS
        ):
            self._left_until = now + PATIENCE_SECONDS
            return False
        self._left_until = 0.0
        return True
