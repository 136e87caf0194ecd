"""Two lanes before the threads that answer: whoever wants to write never takes the last ones from those who read.

While another program writes for long, all who want to write wait for their turn, each in a thread. Owns how many
threads that may be; those beyond them wait here, in their order, and are refused in words if it took too long.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Any, cast

from waitress.task import ThreadedTaskDispatcher, WSGITask

from audit.domain.errors import TooMany
from audit.web.security import SAFE_METHODS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from waitress.channel import HTTPChannel
    from waitress.task import Task

NOTED = "/shared/"  # where the views are that note that they were shown, which is writing too
WAITED = "candour.waited_seconds"
MOST_WAITED_SECONDS = 9.0  # a little less than a turn is waited for: whoever stood behind one who was refused is too


class Lanes(ThreadedTaskDispatcher):
    """So many threads, of which at most `writing` at a time are with requests that want to write."""

    def __init__(self, threads: int, writing: int) -> None:
        super().__init__()
        self._free = writing
        self._waiting: deque[tuple[HTTPChannel, float]] = deque()
        self.set_thread_count(threads)

    def add_task(self, task: Any) -> None:
        """Answer what this connection asks for, as soon as its lane is free."""
        if task.requests[0].error or _only_reads(task.requests[0]):
            super().add_task(task)
            return
        with self.lock:
            if not self._free:
                self._waiting.append((task, time.monotonic()))
                return
            self._free -= 1
        super().add_task(cast("Task", _Writing(task, self, 0.0)))

    def go_on(self) -> None:
        """One who wanted to write was answered: the next of them comes to a thread."""
        with self.lock:
            if not self._waiting:
                self._free += 1
                return
            task, since = self._waiting.popleft()
        super().add_task(cast("Task", _Writing(task, self, time.monotonic() - since)))


class _Writing:
    """A request that wants to write, and how long it waited for its lane."""

    def __init__(self, task: HTTPChannel, lanes: Lanes, waited: float) -> None:
        self._task = task
        self._lanes = lanes
        self._waited = waited

    def service(self) -> None:
        """In a thread: answer it."""
        try:
            self._task.requests[0].waited_seconds = self._waited  # type: ignore[attr-defined]
            self._task.service()
        finally:
            self._lanes.go_on()

    def cancel(self) -> None:
        """The server has ended."""
        self._task.cancel()


def _only_reads(request: Any) -> bool:
    return request.command in SAFE_METHODS and not request.path.startswith(NOTED)


class Asked(WSGITask):
    """One request, which tells the application how long it has waited for its lane."""

    def get_environment(self) -> WSGIEnvironment:
        environ: WSGIEnvironment = super().get_environment()
        environ[WAITED] = getattr(self.request, "waited_seconds", 0.0)
        return environ


def refuse_if_late(environ: WSGIEnvironment) -> None:
    """TooMany for a request that waited so long that whoever sent it has little patience left for the rest."""
    if environ.get(WAITED, 0.0) > MOST_WAITED_SECONDS:
        raise TooMany("Another program is writing. Try again in a moment.", retry_after_seconds=5)
