"""Binding: what stands on a paper, and who may read it; the reports of an area and of the programme, gathered for it.

Takes its time: places that are being worked out are waited for, which no page ever does.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from datetime import datetime

from audit.actions.background import if_ready, work_out
from audit.actions.keeping import Kept, Span
from audit.actions.measuring import MOST_PERIODS
from audit.actions.overseeing import find_own_area, must_see_all, oversee_area, oversee_programme, read_areas
from audit.actions.placing import await_places, find_places
from audit.actions.reporting import read_area_report, read_branch_report, read_visit_report
from audit.domain.checklist.model import CUSTOMER_STATE
from audit.domain.people import May, Person
from audit.reports import leaves, programme
from audit.reports.figures import Provenance
from audit.reports.leaves import AreaOnPaper
from audit.reports.method import Method
from audit.reports.paper import Report
from audit.reports.period import Period, read_period
from audit.reports.programme import Counted, ProgrammeOnPaper
from audit.storage.editions import Paper
from audit.storage.store import Store

_COUNTED: Kept[Future[Mapping[str, Counted]]] = Kept(MOST_PERIODS)


def bind_area(store: Store, code: str, period: Period, language: str = "en") -> AreaOnPaper:
    """The area and what stands beside its figures; NotFound if there is no such area."""
    found = read_area_report(store, None, period, language, code)
    beside = oversee_area(store, period, code, language, await_places)
    return AreaOnPaper(found, store.areas.find(code), beside, _source(store, code, period))


def lay_out_area(store: Store, person: Person, code: str, period: Period, language: str = "en") -> AreaOnPaper:
    """The same for a page: no place that is still being worked out. NotFound if there is no such area for this
    person."""
    area = find_own_area(store, person, code)
    found = read_area_report(store, person, period, language, code)
    beside = oversee_area(store, period, code, language)
    return AreaOnPaper(found, area, beside, _source(store, code, period))


def bind_programme(
    store: Store, person: Person | None, period: Period, language: str = "en", *, patient: bool = True
) -> ProgrammeOnPaper:
    """The whole programme; NotFound for whoever may not see all of it. Only who is `patient` waits for what is being
    worked out; for all others the report says that something is still to come."""
    figures = read_areas(store, person, period, language)
    find = await_places if patient else find_places
    beside = oversee_programme(store, period, language, find, waits=patient)
    counted = _count(store, period, patient)
    parts = (
        programme.compose_part(
            part,
            beside.get(part.checklist.id),
            None if counted is None else counted.get(part.checklist.id, Counted()),
            language,
        )
        for part in figures.parts
    )
    visited = store.sources.branches_visited(period.first, period.last)
    return ProgrammeOnPaper(figures, tuple(parts), store.branches.count(), visited, _source(store, None, period))


def read_paper(store: Store, paper: Paper) -> Report:
    """The report that is to stand on this paper, for whoever may ask. NotFound if there is nothing to report on."""
    if paper.what == "method":
        return Method(store.programme.find())
    period = read_period({"from": paper.first.isoformat(), "to": paper.last.isoformat()}, paper.last)
    if paper.what == "visit":
        return read_visit_report(store, None, paper.subject, paper.language)
    if paper.what == "branch":
        return read_branch_report(store, None, paper.subject, period, paper.language)
    if paper.what == "area":
        return bind_area(store, paper.subject, period, paper.language)
    return bind_programme(store, None, period, paper.language)


def must_see_paper(store: Store, person: Person, paper: Paper) -> None:
    """NotFound unless this person may read what stands on the paper."""
    person.must(May.READ_REPORTS)
    if paper.what == "method":
        return  # the same for everybody
    if paper.what == "visit":
        store.visits.visible_to(person).find(paper.subject)
    elif paper.what == "branch":
        store.branches.visible_to(person).find(paper.subject)
    elif paper.what == "programme":
        must_see_all(person)
    else:
        find_own_area(store, person, paper.subject)


def _count(store: Store, period: Period, waits: bool) -> Mapping[str, Counted] | None:
    """By checklist, how its questions were answered in all visits: every answer of the period is read for it. None
    while that is being done, unless it `waits`."""

    def count() -> Mapping[str, Counted]:
        with store.reading():
            questions = store.sources.questions(None, period.first, period.last)
            states = store.sources.choices(None, period.first, period.last, CUSTOMER_STATE)
        return {
            id: Counted(tuple((one.id, one.n, one.kept, one.lost) for one in questions.get(id, ())), states.get(id, {}))
            for id in {*questions, *states}
        }

    span = Span(period.first, period.last)
    asked = _COUNTED.find(store, (period.first, period.last), lambda: work_out(count), span)
    return asked.result() if waits else if_ready(asked)


def _source(store: Store, area: str | None, period: Period) -> Provenance:
    found = store.sources.versions(area, period.first, period.last)
    versions = [
        (one.checklist_id, one.version, store.checklists.find(one.checklist_id, one.version).digest) for one in found
    ]
    cut: datetime | None = max((one.published_at for one in found), default=None)
    corrected = store.corrections.newest_at(area, period.first, period.last)
    return leaves.source_of(versions, sum(one.visits for one in found), cut, corrected)
