"""Reckoning: the workings behind the figures of the programme, for its office alone. In the background, and kept."""

from __future__ import annotations

from concurrent.futures import Future

from audit.actions.background import if_ready, work_out
from audit.actions.keeping import Kept, Span
from audit.domain.checklist.model import CUSTOMER_STATE
from audit.domain.people import May, Person
from audit.reports.period import Period
from audit.reports.workings import Workings, compose
from audit.storage.store import Store

MOST_VISITS = 5_000  # the newest: enough for every question here, and a minute's work at most

_KEPT: Kept[Future[Workings]] = Kept(8)


def find_workings(
    store: Store, person: Person, period: Period, checklist: str, language: str = "en"
) -> Workings | None:
    """The workings of a checklist over a period; None while they are being worked out."""
    return if_ready(_ask_for(store, person, period, checklist, language))


def await_workings(store: Store, person: Person, period: Period, checklist: str, language: str = "en") -> Workings:
    """The same, waiting for it."""
    return _ask_for(store, person, period, checklist, language).result()


def _ask_for(store: Store, person: Person, period: Period, checklist: str, language: str) -> Future[Workings]:
    person.must(May.SEE_SHOPPERS)

    def reckon() -> Workings:
        with store.reading():
            latest = store.checklists.latest(checklist).checklist
            visits = store.figures.deeply(period.first, period.last, checklist, CUSTOMER_STATE, MOST_VISITS)
        return compose(visits, latest, f"{checklist} {period.first} {period.last} {len(visits)}", language)

    span = Span(period.first, period.last)
    return _KEPT.find(store, (checklist, period.first, period.last, language), lambda: work_out(reckon), span)
