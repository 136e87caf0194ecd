"""Tries that are counted against guessing. Count and add in one transaction, and the limit holds under any number of
tries at once."""

from __future__ import annotations

from datetime import datetime

from audit.storage.columns import instant_text
from audit.storage.shelf import Shelf


class ThrottleShelf(Shelf):
    """Tries, each under a key such as an account or an address."""

    def count(self, key: str, window_start: datetime) -> int:
        """How many tries there were under this key since then."""
        where = "key = ? and at >= ?"
        return int(self._rows("select count(*) from throttle_try", where, (key, instant_text(window_start)))[0][0])

    def add(self, key: str, now: datetime) -> None:
        """Count one more."""
        self._connections.change("insert into throttle_try values (?, ?)", (key, instant_text(now)))

    def take_back(self, key: str, now: datetime) -> None:
        """Count one of that moment less: it was no guess."""
        self._connections.change(
            "delete from throttle_try where rowid in (select rowid from throttle_try where key = ? and at = ? limit 1)",
            (key, instant_text(now)),
        )
