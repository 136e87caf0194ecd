"""Measuring: how sure the figures of a whole programme over a period are, worked out once and kept until they change.

Owns what is measured together: the visits by one checklist, all branches of the programme, one period. Nobody sees more
by it: whoever asks takes out what the own scope holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from audit.actions.keeping import Kept, Span
from audit.domain.statistics.measuring import AreaFigures, Measurement, ScoredVisit, measure_visits
from audit.domain.statistics.severity import shopper_share
from audit.reports.period import Period
from audit.storage.store import Store

MOST_PERIODS = 16

_KEPT: Kept[Mapping[str, Measurement]] = Kept(MOST_PERIODS)


def measure_period(store: Store, period: Period) -> Mapping[str, Measurement]:
    """By checklist, the measurement of all published, scored visits of the programme in the period."""
    span = Span(period.first, period.last)
    return _KEPT.find(store, (period.first, period.last), lambda: _measure(store, period), span)


def areas_in(measured: Mapping[str, Measurement], code: str | None) -> dict[str, AreaFigures]:
    """By checklist, the figures of one area; of the branches without an area if `code` is None."""
    return {checklist: area for checklist, each in measured.items() for area in each.areas if area.area == (code or "")}


def whole_in(measured: Mapping[str, Measurement]) -> dict[str, AreaFigures]:
    """By checklist, the figures of all areas together, each as if it were a branch."""
    return {checklist: each.whole for checklist, each in measured.items() if each.whole}


def _measure(store: Store, period: Period) -> Mapping[str, Measurement]:
    visits = store.scores.of_period(period.first, period.last)
    return {checklist: _measure_by_one(made) for checklist, made in visits.items()}


def _measure_by_one(made: Sequence[ScoredVisit]) -> Measurement:
    share = shopper_share([(visit.branch, visit.shopper, visit.score) for visit in made])
    return measure_visits(made, shopper_share=share)
