"""A programme with something to work out: twelve visits to Mill Lane, eight of them faultless."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.actions.reckoning import await_workings
from audit.reports.period import Period
from tests import cast
from tests.web.office import Office, open_office
from tests.web.rounds import BOTH, NONE, ONE, ROUND, YEAR, visited


@contextmanager
def twelve_visits(folder: Path) -> Iterator[Office]:
    """An office whose workings are worked out."""
    office = open_office(folder)
    for place, kept in enumerate([BOTH] * 8 + [ONE] * 3 + [NONE]):
        visited(office, cast.N01, ROUND[place % 2], kept)
    await_workings(office.store, cast.ADA, Period(YEAR.first, YEAR.last), "corner-shop")
    yield office
    office.close()
