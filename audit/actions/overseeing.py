"""Overseeing: what stands beside the figures of an area and of the programme. Worked out once and kept until a visit is
published or corrected; whoever asks has been let in before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

from audit.actions.background import if_ready, work_out
from audit.actions.keeping import Kept
from audit.actions.measuring import MOST_PERIODS, areas_in, measure_period, whole_in
from audit.actions.placing import Places, find_places
from audit.domain.checklist.model import Checklist
from audit.domain.errors import not_here
from audit.domain.people import May, Person, Scope
from audit.domain.programme import Area, Branch
from audit.domain.score import mean_score
from audit.domain.statistics.measuring import WHOLE, AreaFigures, BranchFigure, Measurement
from audit.domain.statistics.places import settle_places
from audit.domain.statistics.traffic import Traffic, Weighed
from audit.domain.visit import ENTER
from audit.reports.areas import AreasReport, compose
from audit.reports.figures import shown
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
from audit.reports.period import EARLIEST, LATEST, Period
from audit.reports.traffic import IN_PERSON, believed, hold_against, weigh
from audit.storage.figures import Behind, DimensionFigure, Moment
from audit.storage.store import Store

MOST_AREAS = 64


@dataclass(frozen=True)
class Asked:
    """Which figure: an area's, a branch's or else the programme's, with one checklist, all of it or one dimension."""

    checklist: str
    area: str = ""
    branch: str = ""
    dimension: str = ""


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
    facts = _KEPT.find(store, (area, period.first, period.last), lambda: _facts(store, period, area))
    # Branches without an area have nothing in common in which they could have a place.
    return _oversee(store, period, facts, (now, before), language, find if area else _no_places)


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

    asked = _KEPT_OF_PROGRAMME.find(store, (period.first, period.last), lambda: work_out(gather))
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


@dataclass(frozen=True)
class Tally:
    """A figure in whole percent, empty if there is none; from how many visits, and in how many it did not apply."""

    shown: str
    n: int
    left_out: int


@dataclass(frozen=True)
class VisitsBehind:
    """The visits behind a figure, newest first; `scores` of those in which it applied, exact, by visit. Where these are
    the newest alone, `whole` is the figure of all."""

    visits: tuple[Behind, ...]
    scores: Mapping[str, Fraction]
    branches: Mapping[str, Branch]
    dimension: str
    checklist: Checklist
    whole: Tally | None = None

    @property
    def counted(self) -> tuple[Behind, ...]:
        """Those that are in the figure."""
        return tuple(visit for visit in self.visits if visit.visit_id in self.scores)

    @property
    def tally(self) -> Tally:
        """The figure: the mean of the exact scores, rounded as where it stands: only a whole visit has a target."""
        if self.whole:
            return self.whole
        mean = shown(mean_score(self.scores.values()), None if self.dimension else self.checklist.target)
        return Tally(mean, len(self.scores), len(self.visits) - len(self.scores))

    def shown_of(self, visit: Behind) -> str:
        """What one visit brings, in whole percent."""
        return shown(self.scores[visit.visit_id], self.checklist.target)


def read_behind(store: Store, person: Person, period: Period, asked: Asked, language: str = "en") -> VisitsBehind:
    """The visits behind a figure of an area or a branch, or of one dimension of it; NotFound for what is not there or
    not this person's."""
    person.must(May.READ_REPORTS)
    if asked.branch:
        branches = [store.branches.visible_to(person).find(asked.branch)]
    else:
        area = find_own_area(store, person, asked.area)
        branches = store.branches.visible_to(person).of_area(area.code)
    codes = [branch.code for branch in branches]
    visits = store.figures.behind(codes, period.first, period.last, asked.checklist)
    # A checklist that these branches were never visited with is nothing to them, be it that others were.
    if not visits and not store.figures.behind(codes, EARLIEST, LATEST, asked.checklist):
        raise not_here()
    by_code = {branch.code: branch for branch in branches}
    return _behind(asked, _dimensioned(store, asked), visits, by_code, language)


def read_behind_all(
    store: Store, person: Person, period: Period, asked: Asked, most: int, language: str = "en"
) -> VisitsBehind | None:
    """The newest visits behind a figure of the whole programme, at most so many, and the figure of all; None while that
    is being worked out. NotFound for what is not there, and for whoever may not see all of it."""
    parts = {part.checklist.id: part for part in read_areas(store, person, period, language).parts}
    checklist = _dimensioned(store, asked)
    visits = store.figures.newest_behind(period.first, period.last, asked.checklist, asked.dimension, most)
    branches = store.branches.find_many(visit.branch_code for visit in visits)
    behind = _behind(asked, checklist, visits, branches, language)
    part = parts.get(asked.checklist)
    if part is None:
        return behind
    whole = Tally(part.figure.shown, part.figure.n, 0)
    if asked.dimension:
        found = oversee_programme(store, period, language, find=_no_places, waits=False).get(asked.checklist)
        if found is None:
            return None
        lines = {line.id: Tally(line.shown, line.n, whole.n - line.n) for line in found.dimensions}
        whole = lines.get(asked.dimension, Tally("", 0, whole.n))
    return replace(behind, whole=whole)


def _dimensioned(store: Store, asked: Asked) -> Checklist:
    """The checklist, if it has the dimension."""
    checklist = store.checklists.latest(asked.checklist).checklist
    if asked.dimension and asked.dimension not in {each.id for each in checklist.dimensions}:
        raise not_here()
    return checklist


def _behind(
    asked: Asked, checklist: Checklist, visits: Sequence[Behind], branches: Mapping[str, Branch], language: str
) -> VisitsBehind:
    scores = {
        visit.visit_id: score
        for visit in visits
        if (score := visit.dimensions.get(asked.dimension) if asked.dimension else visit.base) is not None
    }
    titles = {each.id: each.title.in_language(language) for each in checklist.dimensions}
    return VisitsBehind(tuple(visits), scores, branches, titles.get(asked.dimension, ""), checklist)


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


def _no_places(area: AreaFigures) -> Places | None:
    return {}


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
