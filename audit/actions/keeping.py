"""Keeping what was worked out from published visits until the journal tells of something that could change it.

Owns what is harmless: whatever kind of line is new throws everything away, so that forgetting to name one costs time
and no truth. A visit that was published or corrected throws away what was worked out over its day and its area alone.
In memory, for each store and each kind of work.
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from audit.actions.background import has_failed
from audit.storage.store import Store

T = TypeVar("T")

# What the journal tells of that changes no published score and no branch's area. Whatever is not here may.
HARMLESS = (
    *("assignment.", "checklist.", "device.", "invitation.", "notification.", "person.", "share."),
    "branch.staff_told",
)
# A visit that can still be marked or stopped is in no figure.
HARMLESS_VISITS = frozenset(
    f"visit.{what}"
    for what in (
        *("assigned", "begun", "marked", "mark_cleared", "saved", "photo_kept"),
        *("submitted", "second_submission", "stopped"),
    )
)
# What these tell of moves the figures over the day of the visit, those of its branch, its area and the programme.
ONE_VISIT = frozenset({"visit.published", "visit.corrected"})


@dataclass(frozen=True)
class Span:
    """The visits from which something is worked out: those from one day to another, of one area, "" for the branches
    without one, or None for the whole programme."""

    first: date
    last: date
    area: str | None = None

    def holds(self, day: date, area: str) -> bool:
        """Whether a visit on that day to a branch of that area is among them."""
        return self.first <= day <= self.last and self.area in (None, area)


@dataclass
class _Shelf(Generic[T]):
    """What is kept of one store, the latest asked last; `seen` is the last line of the journal that was read."""

    seen: int = 0
    found: OrderedDict[Hashable, tuple[Span | None, T]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Kept(Generic[T]):
    """One kind of work, of which the `most` latest results are kept for each store."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._shelves: weakref.WeakKeyDictionary[Store, _Shelf[T]] = weakref.WeakKeyDictionary()

    def find(self, store: Store, key: Hashable, work: Callable[[], T], span: Span | None = None) -> T:
        """What `work` finds, or found for this key when nothing had changed since: nothing in the `span` of its visits,
        if that is given."""
        shelf = self._shelves.setdefault(store, _Shelf())
        with shelf.lock:
            last = store.journal.last_id()
            if last < shelf.seen:
                # This request sees an earlier moment than one before it: what it works out is not for others.
                return work()
            if shelf.found and last > shelf.seen:
                _throw_away(store, shelf)
            shelf.seen = last
            if key not in shelf.found:
                shelf.found[key] = span, work()
            shelf.found.move_to_end(key)
            while len(shelf.found) > self._most:
                shelf.found.popitem(last=False)
            _, found = shelf.found[key]
            if has_failed(found):  # whoever asked hears of it, and the next one has it tried again
                del shelf.found[key]
            return found


def _throw_away(store: Store, shelf: _Shelf[T]) -> None:
    """What may say something else since the last line of the journal that was read."""
    harmful = {what for what in store.journal.changed_since(shelf.seen) if not _is_harmless(what)}
    if not harmful <= ONE_VISIT:
        shelf.found.clear()
    elif harmful:
        moved = store.figures.moved_since(shelf.seen, ONE_VISIT)
        for key, (span, _) in list(shelf.found.items()):
            if span is None or any(span.holds(day, area) for day, area in moved):
                del shelf.found[key]


def _is_harmless(what: str) -> bool:
    return what.startswith(HARMLESS) or what in HARMLESS_VISITS
