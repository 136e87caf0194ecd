"""Measuring: how sure the figures of a whole programme over a period are, worked out once and kept until they change.

Owns what is measured together: the visits by one checklist, all branches of the programme, one period. Nobody sees more
by it: whoever asks takes out what the own scope holds.
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from audit.domain.statistics.measuring import AreaFigures, Measurement, measure_visits
from audit.reports.period import Period
from audit.storage.store import Store

MOST_PERIODS = 16

# What the journal tells of that changes no published score and no branch's area. Whatever is not here may.
HARMLESS = ("assignment.", "checklist.", "device.", "invitation.", "person.")
HARMLESS_VISITS = frozenset(
    f"visit.{what}" for what in ("assigned", "begun", "photo_kept", "saved", "second_submission", "submitted")
)


def measure_period(store: Store, period: Period) -> Mapping[str, Measurement]:
    """By checklist, the measurement of all published, scored visits of the programme in the period."""
    return _kept_for(store).measured(store, period)


def areas_in(measured: Mapping[str, Measurement], code: str | None) -> dict[str, AreaFigures]:
    """By checklist, the figures of one area; of the branches without an area if `code` is None."""
    return {checklist: area for checklist, each in measured.items() for area in each.areas if area.area == (code or "")}


@dataclass
class _Kept:
    """The measurements of one store, by period, the latest asked last; `seen` is the last line of the journal read."""

    seen: int = 0
    periods: OrderedDict[tuple[date, date], Mapping[str, Measurement]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def measured(self, store: Store, period: Period) -> Mapping[str, Measurement]:
        key = period.first, period.last
        with self.lock:
            last = store.journal.last_id()
            if last < self.seen:
                # This request sees an earlier moment than one before it: what it works out is not for others.
                return _measure(store, period)
            if self.periods and not all(map(_is_harmless, store.journal.changed_since(self.seen))):
                self.periods.clear()
            self.seen = last
            if key not in self.periods:
                self.periods[key] = _measure(store, period)
            self.periods.move_to_end(key)
            while len(self.periods) > MOST_PERIODS:
                self.periods.popitem(last=False)
            return self.periods[key]


_KEPT: weakref.WeakKeyDictionary[Store, _Kept] = weakref.WeakKeyDictionary()


def _kept_for(store: Store) -> _Kept:
    return _KEPT.setdefault(store, _Kept())


def _measure(store: Store, period: Period) -> Mapping[str, Measurement]:
    visits = store.scores.of_period(period.first, period.last)
    return {checklist: measure_visits(made) for checklist, made in visits.items()}


def _is_harmless(what: str) -> bool:
    return what.startswith(HARMLESS) or what in HARMLESS_VISITS
