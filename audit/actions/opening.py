"""Opening: with which quarter a page of figures begins when nobody asked for a period, and why with that one.

The quarter that runs, as soon as it says something; until then the last one that did. Whoever asks has been let in
before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from audit.actions.measuring import measure_period
from audit.domain.statistics.groups import LEAST_SHOPPERS, LEAST_VISITS
from audit.domain.statistics.measuring import BranchFigure
from audit.reports.period import Period, quarter_of
from audit.storage.store import Store


@dataclass(frozen=True)
class Place:
    """Whose figures they are: of one branch, of the branches of an area ("" for those without one), or, with neither,
    of the whole programme."""

    branch: str = ""
    area: str | None = None


@dataclass(frozen=True)
class Opening:
    """The `quarter` that a page begins with; the one that is `running`, and the `visits` that it has so far."""

    quarter: Period
    running: Period
    visits: int

    @property
    def is_running(self) -> bool:
        return self.quarter == self.running


def open_quarter(store: Store, today: date, place: Place) -> Opening:
    """The quarter that runs once it has a visit and, where branches stand beside each other, once it can rank half as
    many as the one before. More visits never turn it back. Without a visit in it the quarter of the latest."""
    running = quarter_of(today)
    now = list(_figures(store, running, place))
    visits = sum(figure.visits for figure in now)
    if not visits:
        latest = store.visits.latest_day(place.branch, place.area)
        return Opening(quarter_of(latest) if latest and latest < running.first else running, running, 0)
    before = running.before()
    if not place.branch and 2 * _ranked(now) < _ranked(_figures(store, before, place)):
        return Opening(before, running, visits)
    return Opening(running, running, visits)


def _figures(store: Store, period: Period, place: Place) -> Iterator[BranchFigure]:
    """Of each branch, once for every checklist that it was visited with."""
    for measured in measure_period(store, period).values():
        for area in measured.areas:
            if place.area in (None, area.area):
                yield from (figure for figure in area.branches if place.branch in ("", figure.branch))


def _ranked(figures: Iterator[BranchFigure] | list[BranchFigure]) -> int:
    return sum(figure.visits >= LEAST_VISITS and figure.shoppers >= LEAST_SHOPPERS for figure in figures)
