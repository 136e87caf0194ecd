"""Passwords as they are kept: argon2id with the least parameters OWASP's Password Storage Cheat Sheet allows.

At most two are worked on at once, so that a flood of sign-ins takes neither the memory nor the processors.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from audit.domain.errors import TooMany

AT_ONCE = 2
WAIT_SECONDS = 10.0


class Passwords:
    """Makes hashes and compares with them. A name that nobody has takes as long as one that somebody has."""

    def __init__(self, memory_kib: int = 19 * 1024, time_cost: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """What is kept instead of the password. TooMany if the machine is busy with others for too long."""
        with self._turn():
            return self._hasher.hash(password)

    def check(self, kept: str | None, password: str) -> bool:
        """Whether this is the password; None stands for a person who is not there, and is never right."""
        with self._turn():
            try:
                self._hasher.verify(kept or self._nobody, password)
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None

    def is_dated(self, kept: str) -> bool:
        """Whether it was made with other parameters than today's and should be made anew."""
        return self._hasher.check_needs_rehash(kept)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=WAIT_SECONDS):
            raise TooMany("Many people are signing in at this moment. Try again shortly.", retry_after_seconds=10)
        try:
            yield
        finally:
            self._turns.release()
