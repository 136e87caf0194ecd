"""Group commit: one thread takes every change that waits, commits them together, then answers all.

Each change stands in a savepoint of its own, so that one that is refused takes nothing from its neighbours.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from audit.storage.connections import Connections

MOST_AT_ONCE = 256

T = TypeVar("T")
Change = tuple[Callable[[], Any], "Future[Any]"]


class Writer:
    """The writing thread of a process; it starts with the first change."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._starting = threading.Lock()
        self._pid = 0
        self._thread: threading.Thread | None = None
        self._waiting: queue.SimpleQueue[Change | None] = queue.SimpleQueue()

    def write(self, change: Callable[[], T]) -> T:
        """Run it in the writing thread and give back what it gives, once that has reached the disk.

        Raises what the change raises, NoSpace or TooMany; then nothing of it was kept."""
        return self._ask(change).result()

    def write_all(self, changes: Sequence[Callable[[], T]]) -> list[T | Exception]:
        """Run them all, as one group if nobody came between; for each what it gives or raises, once on the disk."""
        answers: list[T | Exception] = []
        for waiting in [self._ask(change) for change in changes]:
            try:
                answers.append(waiting.result())
            except Exception as refusal:
                answers.append(refusal)
        return answers

    def _ask(self, change: Callable[[], T]) -> Future[T]:
        self._connections.must_be_able_to_write()
        self._start()
        answer: Future[T] = Future()
        self._waiting.put((change, answer))
        return answer

    def _start(self) -> None:
        if self._pid == os.getpid():
            return
        with self._starting:
            if self._pid != os.getpid():
                self._waiting = queue.SimpleQueue()
                self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
                self._thread.start()
                self._pid = os.getpid()

    def close(self) -> None:
        """Finish what waits, then end the thread."""
        if self._pid == os.getpid() and self._thread is not None:
            self._waiting.put(None)
            self._thread.join()
            self._pid = 0

    def _work(self) -> None:
        waiting = self._waiting
        while (first := waiting.get()) is not None:
            group = [first]
            last = False
            while len(group) < MOST_AT_ONCE and not waiting.empty():
                following = waiting.get()
                if following is None:
                    last = True
                    break
                group.append(following)
            self._commit(group)
            if last:
                return

    def _commit(self, group: list[Change]) -> None:
        done: list[tuple[Future[Any], Any]] = []
        try:
            with self._connections.transaction():
                for change, answer in group:
                    self._try(change, answer, done)
        except BaseException as error:  # whatever it was, nobody may be left waiting for an answer
            for _, answer in group:
                if not answer.done():
                    answer.set_exception(error)
            return
        for answer, result in done:
            answer.set_result(result)

    def _try(self, change: Callable[[], Any], answer: Future[Any], done: list[tuple[Future[Any], Any]]) -> None:
        connection = self._connections.mine().conn
        connection.execute("savepoint one_change")
        try:
            result = change()
        except Exception as error:
            if not connection.in_transaction:  # a full disk ends the whole transaction
                raise
            connection.execute("rollback to one_change")
            self._connections.forget()
            answer.set_exception(error)
        else:
            done.append((answer, result))
        connection.execute("release one_change")
