"""Group commit: one thread takes every change that waits, commits them together, then answers all.

Each change stands in a savepoint of its own, so that one that is refused takes nothing from its neighbours.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, cast

from audit.storage.connections import Connections, sqlite3

MOST_AT_ONCE = 256

T = TypeVar("T")


class Waiting(Generic[T]):
    """A change that waits for the disk, and then what came of it. A lock is all it takes: one thread puts, one gets."""

    __slots__ = ("_came", "_refusal", "_result", "change", "is_answered")

    def __init__(self, change: Callable[[], T]) -> None:
        self.change = change
        self.is_answered = False
        self._result: T | None = None
        self._refusal: BaseException | None = None
        self._came = threading.Lock()
        self._came.acquire()

    def answer(self, result: T | None, refusal: BaseException | None = None) -> None:
        """Let whoever waits go on, with one or the other."""
        self._result, self._refusal, self.is_answered = result, refusal, True
        self._came.release()

    def result(self) -> T:
        """What it gave, once that is on the disk; raises what it raised."""
        with self._came:
            if self._refusal is not None:
                raise self._refusal
            return cast("T", self._result)


class Writer:
    """The writing thread of a process; it starts with the first change."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._starting = threading.Lock()
        self._pid = 0
        self._thread: threading.Thread | None = None
        self._waiting: queue.SimpleQueue[Waiting[Any] | None] = queue.SimpleQueue()

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

    def _ask(self, change: Callable[[], T]) -> Waiting[T]:
        self._connections.must_be_able_to_write()
        self._start()
        waiting = Waiting(change)
        self._waiting.put(waiting)
        return waiting

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
        first = self._waiting.get()
        while first is not None and self._commit([first]):
            first = self._waiting.get()

    def _commit(self, group: list[Waiting[Any]]) -> bool:
        """Commit what waits, the first of which was taken already; False if nothing comes after it."""
        done: list[tuple[Waiting[Any], Any]] = []
        goes_on = began = False
        try:
            with self._connections.transaction():
                began, goes_on = True, self._gather(group)  # now: while others had their turn, more has come
                connection = self._connections.mine().conn
                for one in group:  # it grows: who comes while others are written down need not wait for another turn
                    self._try(connection, one, done)
                    goes_on = goes_on and self._gather(group)
        except BaseException as error:  # whatever it was, nobody may be left waiting for an answer
            if not began:
                goes_on = self._gather(group)  # they have waited long enough for the same
            for one in group:
                if not one.is_answered:
                    one.answer(None, error)
            return goes_on
        for one, result in done:
            one.answer(result)
        return goes_on

    def _gather(self, group: list[Waiting[Any]]) -> bool:
        while len(group) < MOST_AT_ONCE and not self._waiting.empty():
            following = self._waiting.get()
            if following is None:
                return False
            group.append(following)
        return True

    def _try(self, connection: sqlite3.Connection, one: Waiting[Any], done: list[tuple[Waiting[Any], Any]]) -> None:
        connection.execute("savepoint one_change")
        try:
            result = one.change()
        except Exception as error:
            if not connection.in_transaction:  # a full disk ends the whole transaction
                raise
            connection.execute("rollback to one_change")
            self._connections.forget()
            one.answer(None, error)
        else:
            done.append((one, result))
        connection.execute("release one_change")
