"""Looking behind a figure: the visits whose mean it is, newest first, for whoever may see all of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import chain

from audit.actions.overseeing import find_own_area, must_see_all, oversee_programme, read_areas
from audit.actions.placing import no_places
from audit.domain.checklist.model import Checklist
from audit.domain.errors import not_here
from audit.domain.people import May, Person
from audit.domain.programme import Branch
from audit.domain.score import mean_score
from audit.reports.figures import shown
from audit.reports.period import EARLIEST, LATEST, Period
from audit.storage.figures import Behind
from audit.storage.store import Store


@dataclass(frozen=True)
class AskedFigure:
    """Which figure: an area's, a branch's or else the programme's, with one checklist, all of it or one dimension."""

    checklist: str
    area: str = ""
    branch: str = ""
    dimension: str = ""


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


def read_behind(store: Store, person: Person, period: Period, asked: AskedFigure, language: str = "en") -> VisitsBehind:
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
    store: Store,
    person: Person,
    period: Period,
    asked: AskedFigure,
    most: int,
    language: str = "en",
    before: tuple[date, str] | None = None,
) -> VisitsBehind | None:
    """The newest visits behind a figure of the whole programme, at most so many, of those older than `before`, a
    visit's day and id; and the figure of all. None while that is being worked out. NotFound for what is not there, and
    for whoever may not see all of it."""
    parts = {part.checklist.id: part for part in read_areas(store, person, period, language).parts}
    checklist = _dimensioned(store, asked)
    visits = store.figures.newest_behind(period.first, period.last, asked.checklist, asked.dimension, most, before)
    behind = _behind(asked, checklist, visits, _branches_of(store, visits), language)
    part = parts.get(asked.checklist)
    if part is None:
        return behind
    whole = Tally(part.figure.shown, part.figure.n, 0)
    if asked.dimension:
        found = oversee_programme(store, period, language, find=no_places, waits=False).get(asked.checklist)
        if found is None:
            return None
        lines = {line.id: Tally(line.shown, line.n, whole.n - line.n) for line in found.dimensions}
        whole = lines.get(asked.dimension, Tally("", 0, whole.n))
    return replace(behind, whole=whole)


def read_behind_in_pages(
    store: Store, person: Person, period: Period, asked: AskedFigure, language: str = "en"
) -> Iterator[VisitsBehind]:
    """All visits behind any figure, newest first, however many: at least one page, be it empty. NotFound at once for
    what is not there or not this person's; the store is asked while the pages are read."""
    if asked.branch or asked.area:
        return iter((read_behind(store, person, period, asked, language),))
    person.must(May.READ_REPORTS)
    must_see_all(person)
    checklist = _dimensioned(store, asked)
    found = store.figures.behind_in_pages(period.first, period.last, asked.checklist, asked.dimension)
    pages = chain(found, [[]])
    return (_behind(asked, checklist, visits, _branches_of(store, visits), language) for visits in pages)


def _branches_of(store: Store, visits: Sequence[Behind]) -> Mapping[str, Branch]:
    return store.branches.find_many(visit.branch_code for visit in visits)


def _dimensioned(store: Store, asked: AskedFigure) -> Checklist:
    """The checklist, if it has the dimension."""
    checklist = store.checklists.latest(asked.checklist).checklist
    if asked.dimension and asked.dimension not in {each.id for each in checklist.dimensions}:
        raise not_here()
    return checklist


def _behind(
    asked: AskedFigure, checklist: Checklist, visits: Sequence[Behind], branches: Mapping[str, Branch], language: str
) -> VisitsBehind:
    scores = {
        visit.visit_id: score
        for visit in visits
        if (score := visit.dimensions.get(asked.dimension) if asked.dimension else visit.base) is not None
    }
    titles = {each.id: each.title.in_language(language) for each in checklist.dimensions}
    return VisitsBehind(tuple(visits), scores, branches, titles.get(asked.dimension, ""), checklist)
