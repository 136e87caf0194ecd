"""Reporting: what somebody may read about a branch or a visit, gathered from the shelves.

`person` None stands for the command line, which may read everything. Only published visits enter figures; the office
may also print a visit that waits to be published.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from audit.actions.measuring import areas_in, measure_period
from audit.actions.overseeing import branch_shifts
from audit.domain.errors import NotFound
from audit.domain.people import May, Person, Scope
from audit.domain.programme import Area, Branch
from audit.domain.visit import Visit
from audit.reports import area, branch, visit
from audit.reports.drawer import Drawer
from audit.reports.figures import ScoredVisit
from audit.reports.period import Period
from audit.reports.question_changes import Earlier
from audit.reports.traffic import hold_branch_against
from audit.storage.store import Store


def read_branch_report(
    store: Store, person: Person | None, code: str, period: Period, language: str = "en"
) -> branch.BranchReport:
    """The report of a branch; NotFound if there is no such branch for this person."""
    _must_read(person)
    found = (store.branches.visible_to(person) if person else store.branches).find(code)
    visits = store.visits.visible_to(person) if person else store.visits
    scored = _scored(store, found, visits.of_branch(code, period.first, period.last))
    whole = measure_period(store, period)
    measured = areas_in(whole, found.area_code)
    area_of = _area_of(store, found)
    report = branch.compose(store.programme.find(), found, area_of, period, scored, language, measured)
    if traffic := store.traffic.find():
        report = hold_branch_against(report, traffic, whole)
    offsets = {checklist: each.offset for checklist, each in whole.items() if each.offset}
    return report.beside(
        branch_shifts(store, period, code, found.area_code), offsets, _kept_before(store, code, period.before())
    )


def read_visit_report(store: Store, person: Person | None, visit_id: str, language: str = "en") -> visit.VisitReport:
    """The report of a visit; NotFound if there is none for this person, or it has no score."""
    _must_read(person)
    found = (store.visits.visible_to(person) if person else store.visits).find(visit_id)
    place = store.branches.find(found.branch_code)
    scored = _scored(store, place, [found])
    if not scored:
        raise NotFound("This visit has no score: it was not sent, or it was stopped.")
    return visit.compose(store.programme.find(), place, _area_of(store, place), scored[0], language)


def read_area_report(
    store: Store, person: Person | None, period: Period, language: str = "en", code: str | None = None
) -> area.AreaReport:
    """The figures of every branch that this person may see, or of those in the area of this code."""
    _must_read(person)
    shelf = store.branches.visible_to(person) if person else store.branches
    branches = [one for one in shelf.list_all() if code in (None, one.area_code)]
    figures = store.scores.of_branches([found.code for found in branches], period.first, period.last)
    versions = {(one.checklist_id, one.version) for ones in figures.values() for one in ones}
    published = {version: store.checklists.find(*version).checklist for version in versions}
    newest_last = sorted((one for ones in figures.values() for one in ones), key=lambda one: one.version)
    contributions = [
        area.Contribution(one.branch_code, published[one.checklist_id, one.version], _counted(one.status, one.base))
        for one in newest_last
    ]
    areas = {found.area_code for found in branches}
    measured = areas_in(measure_period(store, period), areas.pop()) if len(areas) == 1 else {}
    asked = code or (person.area_code if person and person.scope is Scope.AREA else None)
    own = (store.areas.visible_to(person) if person else store.areas).find(asked) if asked else None
    return area.compose(store.programme.find(), own, period, branches, contributions, measured, language)


def open_drawer(store: Store) -> Drawer:
    """Where printed reports of this store are kept: a folder beside its database."""
    return Drawer(store.path.parent / "reports")


def _kept_before(store: Store, code: str, period: Period) -> dict[str, list[Earlier]]:
    """By checklist, what the visits of an earlier period brought, version by version."""
    found: dict[str, list[Earlier]] = {}
    for (checklist, version), kept in store.sources.kept_of_branch(code, period.first, period.last).items():
        found.setdefault(checklist, []).append(Earlier(store.checklists.find(checklist, version).checklist, kept))
    return found


def _must_read(person: Person | None) -> None:
    if person:
        person.must(May.READ_REPORTS)


def _area_of(store: Store, found: Branch) -> Area | None:
    return store.areas.find(found.area_code) if found.area_code else None


def _counted(status: str, base: Fraction | None) -> Fraction | None:
    return None if status == "unscored" else base


def _scored(store: Store, place: Branch, visits: Sequence[Visit]) -> list[ScoredVisit]:
    """Visits with their scores, checklists and pseudonyms; those without a score are left away."""
    scores = store.scores.of_visits([one.id for one in visits])
    published = {key: store.checklists.find(*key) for key in {(one.checklist_id, one.version) for one in visits}}
    shoppers = store.people.find_many(one.shopper_id for one in visits)
    arrived = store.photos.arrived_for(one.id for one in visits)
    corrections = store.corrections.of_visits(one.id for one in visits)
    zone = place.zone(store.programme.find())
    return [
        ScoredVisit(
            visit=one.showing(arrived[one.id]),
            score=scores[one.id],
            published=published[one.checklist_id, one.version],
            pseudonym=shoppers[one.shopper_id].pseudonym if one.shopper_id in shoppers else "",
            zone=zone,
            corrections=corrections.get(one.id, ()),
        )
        for one in visits
        if one.id in scores
    ]
