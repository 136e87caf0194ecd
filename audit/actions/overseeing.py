"""Overseeing: what stands beside the figures of an area and of the programme. Worked out once and kept until a visit is
published or corrected; whoever asks has been let in before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from audit.actions.background import if_ready, work_out
from audit.actions.keeping import Kept, Span
from audit.actions.measuring import MOST_PERIODS, areas_in, measure_period, whole_in
from audit.actions.placing import Places, find_places, no_places
from audit.domain.errors import not_here
from audit.domain.people import May, Person, Scope
from audit.domain.programme import Area
from audit.domain.statistics.measuring import WHOLE, AreaFigures, BranchFigure, Measurement
from audit.domain.statistics.places import settle_places
from audit.domain.statistics.traffic import Traffic, Weighed
from audit.domain.visit import ENTER
from audit.reports.areas import AreasReport, compose
from audit.reports.overview import (
    Moved,
    Overview,
    Series,
    Shift,
    Week,
    compare,
    dimension_lines,
    find_moved,
    periods_up_to,
    put_in_a_row,
    spread_over_week,
)
from audit.reports.period import Period
from audit.reports.traffic import IN_PERSON, believed, hold_against, weigh
from audit.storage.figures import DimensionFigure, Moment
from audit.storage.store import Store

MOST_AREAS = 64


@dataclass(frozen=True)
class _Facts:
    """What the shelf knows of one area and checklist beside scores."""

    dimensions: tuple[DimensionFigure, ...]
    week: Week
    series: Series
    critical: tuple[int, int]
    weighed: Weighed | None = None


_KEPT: Kept[Mapping[str, _Facts]] = Kept(MOST_AREAS)
_KEPT_OF_PROGRAMME: Kept[Future[Mapping[str, _Facts]]] = Kept(MOST_PERIODS)


def oversee_area(
    store: Store,
    period: Period,
    code: str | None,
    language: str = "en",
    find: Callable[[AreaFigures], Places | None] = find_places,
) -> dict[str, Overview]:
    """By checklist, what stands beside the figure of an area; of the branches without one if `code` is None. `find`
    says what to do while places are being worked out: `find_places` goes on without, `await_places` waits."""
    now = areas_in(measure_period(store, period), code)
    before = areas_in(measure_period(store, period.before()), code)
    area = code or ""
    facts = _KEPT.find(
        store, (area, period.first, period.last), lambda: _facts(store, period, area), _span(store, period, area)
    )
    # Branches without an area have nothing in common in which they could have a place.
    return _oversee(store, period, facts, (now, before), language, find if area else no_places)


def oversee_programme(
    store: Store,
    period: Period,
    language: str = "en",
    find: Callable[[AreaFigures], Places | None] = find_places,
    waits: bool = True,
) -> dict[str, Overview]:
    """The same of all areas together: `places` are those of the areas. Many visits take their time: unless it `waits`,
    nothing stands beside the figures while that is being worked out."""
    now, before = whole_in(measure_period(store, period)), whole_in(measure_period(store, period.before()))

    def gather() -> Mapping[str, _Facts]:
        with store.reading():
            return _facts(store, period, None)

    asked = _KEPT_OF_PROGRAMME.find(
        store, (period.first, period.last), lambda: work_out(gather), _span(store, period, None)
    )
    facts = asked.result() if waits else if_ready(asked)
    return {} if facts is None else _oversee(store, period, facts, (now, before), language, find)


def branch_shifts(store: Store, period: Period, code: str, area_code: str | None) -> dict[str, Shift]:
    """By checklist, the change of one branch since the period before, where it was visited in both."""
    return {
        checklist: shift
        for checklist, now in _branches(store, period, area_code, code).items()
        if (shift := _shift(store, period, checklist, now, _branches(store, period.before(), area_code, code)))
    }


def read_areas(store: Store, person: Person | None, period: Period, language: str = "en") -> AreasReport:
    """The areas of the whole programme; NotFound for whoever may not see all of it."""
    if person:
        person.must(May.READ_REPORTS)
        must_see_all(person)
    measured = whole_in(measure_period(store, period))
    checklists = {id: store.checklists.find(id, whole.versions[-1][0]).checklist for id, whole in measured.items()}
    return compose(store.programme.find(), period, store.areas.list_all(), measured, checklists, language)


def must_see_all(person: Person) -> None:
    """NotFound unless this person may read about the whole programme."""
    if person.scope is not Scope.EVERYTHING:
        raise not_here()


def find_own_area(store: Store, person: Person, code: str) -> Area:
    """The area, for whoever may see all of its branches; NotFound for everybody else."""
    if person.scope not in (Scope.EVERYTHING, Scope.AREA):
        raise not_here()
    return store.areas.visible_to(person).find(code)


def _oversee(
    store: Store,
    period: Period,
    facts: Mapping[str, _Facts],
    figures: tuple[Mapping[str, AreaFigures], Mapping[str, AreaFigures]],
    language: str,
    find: Callable[[AreaFigures], Places | None],
) -> dict[str, Overview]:
    now, before = figures
    measured = measure_period(store, period)
    found = {}
    for checklist, each in now.items():
        own = facts.get(checklist)
        if own is None:  # published since the figures were taken: the next page has it
            continue
        newest = store.checklists.find(checklist, each.versions[-1][0]).checklist
        lines = dimension_lines(newest, {d.id: (d.score, d.n, d.not_observed) for d in own.dimensions}, language)
        found[checklist] = Overview(
            change=_shift(store, period, checklist, each, before),
            places=find(each),
            dimensions=lines,
            week=own.week,
            series=own.series,
            versions=tuple(version for version, _ in each.versions),
            offset=measured[checklist].offset if len(each.versions) > 1 else None,
            critical=own.critical,
            moved=_moved(store, period, checklist, each, before.get(checklist)),
            strict=settle_places(each) if each.area not in ("", WHOLE) else None,
            traffic=hold_against(own.weighed, measured[checklist].dispersion, newest.target)
            if own.weighed and newest.channel == IN_PERSON
            else None,
        )
    return found


def _shift(
    store: Store,
    period: Period,
    checklist: str,
    now: AreaFigures | BranchFigure,
    before: Mapping[str, AreaFigures] | Mapping[str, BranchFigure],
) -> Shift | None:
    earlier = before.get(checklist)
    if earlier is None:
        return None
    then = measure_period(store, period.before())[checklist]
    target = store.checklists.find(checklist, now.versions[-1][0]).checklist.target
    return compare(period.before(), then, measure_period(store, period)[checklist], earlier, now, target)


def _moved(store: Store, period: Period, checklist: str, now: AreaFigures, earlier: AreaFigures | None) -> Moved | None:
    if earlier is None:
        return None
    then = measure_period(store, period.before())[checklist]
    return find_moved(period.before(), then, measure_period(store, period)[checklist], earlier, now)


def _branches(store: Store, period: Period, area_code: str | None, code: str) -> dict[str, BranchFigure]:
    areas = areas_in(measure_period(store, period), area_code)
    return {checklist: branch for checklist, area in areas.items() for branch in area.branches if branch.branch == code}


def _span(store: Store, period: Period, area: str | None) -> Span:
    """Of the facts: with their run of periods; and held against customers, they rest on all shoppers."""
    return Span(periods_up_to(period)[-1].first, period.last, None if store.traffic.find() else area)


def _facts(store: Store, period: Period, area: str | None) -> Mapping[str, _Facts]:
    first = periods_up_to(period)[-1].first
    dimensions = store.figures.dimensions(area, period.first, period.last)
    critical = store.figures.critical(area, period.first, period.last)
    zones = _zones(store, area)
    traffic = store.traffic.find()
    measured = measure_period(store, period) if traffic else {}
    return {
        checklist: _Facts(
            tuple(dimensions.get(checklist, ())),
            spread_over_week((moment.day, moment.entered, zones[moment.branch_code]) for moment in moments),
            put_in_a_row(period, _made(store, area, first, period.last, checklist)),
            critical.get(checklist, (0, 0)),
            _weighed(traffic, moments, zones, measured[checklist]) if traffic and checklist in measured else None,
        )
        for checklist, moments in store.figures.moments(area, period.first, period.last, ENTER).items()
    }


def _weighed(
    traffic: Traffic, moments: Iterable[Moment], zones: Mapping[str, ZoneInfo], measured: Measurement
) -> Weighed:
    return weigh(
        traffic,
        ((believed(one.day, one.entered, zones[one.branch_code]), float(one.base), one.shopper_id) for one in moments),
        measured.shopper_share,
    )


def _made(store: Store, area: str | None, first: date, last: date, checklist: str) -> list[tuple[date, int, float]]:
    return [(base.day, base.version, base.base) for base in store.figures.bases(area, first, last, checklist)]


def _zones(store: Store, area: str | None) -> Mapping[str, ZoneInfo]:
    programme = store.programme.find()
    branches = store.branches.list_all() if area is None else store.branches.of_area(area or None)
    return {branch.code: branch.zone(programme) for branch in branches}
