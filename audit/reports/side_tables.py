"""What stands beside the first table of a report, as tables of their own: figures of dimensions and sections, days of
the visits, waves, questions, how shoppers left.

Owns which columns there are. Works nothing out; where a page shows nothing of a kind, there is no table of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from audit.domain.statistics.groups import NOT_RANKED
from audit.domain.statistics.places import PlaceRange
from audit.domain.statistics.ranges import Range
from audit.domain.statistics.traffic import DAYS, HOURS
from audit.formatting import ENGLISH, Catalogue, Formats
from audit.reports.branch import BranchReport, State
from audit.reports.cells import Cell, Column, Table
from audit.reports.figures import PartLine
from audit.reports.leaves import AreaOnPaper
from audit.reports.overview import Overview, Week
from audit.reports.programme import Kept, ProgrammeOnPaper
from audit.reports.traffic import TrafficFigure
from audit.reports.visit import VisitReport

Row = Sequence[Cell]
SHORT, NAME, TITLE, SENTENCES = 11, 28, 40, 70  # how wide columns are, in signs


@dataclass(frozen=True)
class SideTables:
    """The tables in one language; `words` is the catalogue of the interface in it."""

    words: Catalogue = ENGLISH
    language: str = "en"

    def of_area(self, report: AreaOnPaper) -> Iterator[Table]:
        """Whole figure and dimensions, waves, days of the visits, and these held against when customers come."""
        parts = [(part, report.beside.get(part.checklist.id)) for part in report.figures.parts]
        named = self.words.gettext("Area"), report.area.name
        rows: list[Row] = []
        for part, beside in parts:
            reach = part.standing.range if part.standing else None
            rows.append(_whole(part.title, *named, part.figure.score, part.figure.n, reach, part.figure.target))
            rows += self._weighed(part.title, beside.traffic if beside else None)
            rows += self._dimensions(part.title, beside.dimensions if beside else ())
        yield self._figures(rows)
        yield from self._places(
            (part.title, line.branch.code, line.branch.name, beside.places)
            for part, beside in parts
            if beside and beside.places
            for line in part.lines
            if line.group != NOT_RANKED
        )
        yield from self._beside([(part.title, beside) for part, beside in parts if beside])

    def of_programme(self, report: ProgrammeOnPaper) -> Iterator[Table]:
        """Whole figure and dimensions, waves, days of the visits, how shoppers left, and the questions kept best and
        least."""
        named = self.words.gettext("The whole programme"), report.programme.name
        rows: list[Row] = []
        for board in report.parts:
            part, beside = board.figures, board.beside
            rows.append(
                _whole(part.title, *named, part.figure.score, part.figure.n, part.standing.range, part.figure.target)
            )
            rows += self._weighed(part.title, beside.traffic if beside else None)
            rows += self._dimensions(part.title, beside.dimensions if beside else ())
        yield self._figures(rows)
        yield from self._places(
            (board.figures.title, line.area.code, line.area.name, board.beside.places)
            for board in report.parts
            if board.beside and board.beside.places
            for line in board.figures.lines
            if line.sure.group != NOT_RANKED
        )
        yield from self._beside([(board.figures.title, board.beside) for board in report.parts if board.beside])
        yield from self._left((board.figures.title, board.states) for board in report.parts)
        yield from self._kept(
            (board.figures.title, line) for board in report.parts for line in dict.fromkeys((*board.best, *board.lost))
        )

    def of_branch(self, report: BranchReport) -> Iterator[Table]:
        """The figure with its range, dimensions and sections; how shoppers left; visits against customers."""
        _ = self.words.gettext
        rows: list[Row] = []
        for part in report.parts:
            reach = part.sure.likely_range if part.sure else None
            figure = part.figure
            rows.append(
                _whole(part.title, _("Branch"), report.branch.name, figure.score, figure.n, reach, figure.target)
            )
            rows += self._weighed(part.title, part.traffic)
            rows += self._dimensions(part.title, part.dimensions)
            rows += _lines(part.title, _("Section"), part.sections)
        yield self._figures(rows)
        yield from self._left((part.title, part.states) for part in report.parts)
        yield from self._crowds((part.title, part.traffic) for part in report.parts)

    def of_visit(self, report: VisitReport) -> Iterator[Table]:
        """The score, dimensions and sections, each with the questions behind it."""
        _ = self.words.gettext
        title = report.visit.checklist.title.in_language(self.language)
        score, questions = report.score, sum(1 for one in report.score.questions if one.possible)
        rows: list[Row] = [
            _whole(title, _("Visit"), report.branch.name, score.base if score.counts else None, questions, None)
        ]
        rows += self._dimensions(title, report.dimensions)
        rows += _lines(title, _("Section"), [section.part for section in report.sections])
        yield self._figures(rows, _("Questions"))

    def _beside(self, found: Sequence[tuple[str, Overview]]) -> Iterator[Table]:
        yield from self._waves(found)
        yield self._weeks((title, beside.week) for title, beside in found)
        yield from self._crowds((title, beside.traffic) for title, beside in found)

    def _figures(self, rows: Iterable[Row], counted: str = "") -> Table:
        _ = self.words.gettext
        columns = (
            Column(_("Checklist"), TITLE),
            Column(_("What"), NAME),
            Column(_("Name"), TITLE),
            Column(_("Score"), SHORT),
            Column(counted or _("Visits with a score"), SHORT),
            Column(_("not observed"), SHORT),
            Column(_("Likely range, lower end"), SHORT),
            Column(_("Likely range, upper end"), SHORT),
            Column(_("Target"), SHORT),
        )
        return self._table(_("Figures"), columns, rows)

    def _dimensions(self, checklist: str, lines: Iterable[PartLine]) -> Iterator[Row]:
        return _lines(checklist, self.words.gettext("Dimension"), lines)

    def _weighed(self, checklist: str, found: TrafficFigure | None) -> Iterator[Row]:
        if found and found.range:
            title = self.words.gettext("Weighed by when customers come")
            yield _whole(checklist, title, "", found.weighed.mean, found.visits, found.range)

    def _places(self, found: Iterable[tuple[str, str, str, Mapping[str, PlaceRange]]]) -> Iterator[Table]:
        """Between which places each one probably stands, of how many; one that is not ranked has none."""
        _ = self.words.gettext
        columns = (
            Column(_("Checklist"), TITLE),
            Column(_("Code"), SHORT),
            Column(_("Name"), TITLE),
            Column(_("Probable place, best"), SHORT),
            Column(_("Probable place, worst"), SHORT),
            Column(_("Of how many"), SHORT),
        )
        rows = [
            (title, code, name, *places[code], len(places)) for title, code, name, places in found if code in places
        ]
        if rows:
            yield self._table(_("Probable places"), columns, rows)

    def _waves(self, found: Iterable[tuple[str, Overview]]) -> Iterator[Table]:
        """Where a page draws them: from three waves on."""
        _ = self.words.gettext
        columns = (
            Column(_("Checklist"), TITLE),
            Column(_("First day"), SHORT),
            Column(_("Last day"), SHORT),
            Column(_("Score"), SHORT),
            Column(_("Visits with a score"), SHORT),
        )
        rows = [
            (title, wave.period.first, wave.period.last, wave.mean, wave.visits)
            for title, beside in found
            if len(beside.series.waves) > 2
            for wave in beside.series.waves
        ]
        if rows:
            yield self._table(_("Wave by wave"), columns, rows)

    def _weeks(self, found: Iterable[tuple[str, Week]]) -> Table:
        _ = self.words.gettext
        names = [Formats(self.language).weekday(day) for day in range(7)]
        columns = (Column(_("Checklist"), TITLE), Column(_("Part of the day"), NAME), *map(Column, names))
        rows: list[Row] = [
            (title, self._part(part), *(week.cells.get((day, part), 0) for day in range(7)))
            for title, week in found
            for part in week.parts_of_day
        ]
        return self._table(_("When the visits were"), columns, rows)

    def _crowds(self, found: Iterable[tuple[str, TrafficFigure | None]]) -> Iterator[Table]:
        """Each part of the week with its visits, and the customers who come then, in percent."""
        _ = self.words.gettext
        columns = (
            Column(_("Checklist"), TITLE),
            Column(_("Part of the day"), NAME),
            Column(_("Hours"), SHORT),
            Column(_("Day"), NAME),
            Column(_("Visits"), SHORT),
            Column(_("Customers, per cent"), SHORT),
        )
        days = {day: Formats(self.language).weekday(day) for day in DAYS}
        rows = [
            (title, self._part(part), hours_of(part), days[cell.day], cell.visits, 100 * cell.share)
            for title, traffic in found
            if traffic
            for part, cells in traffic.rows
            for cell in cells
        ]
        if rows:
            yield self._table(_("Visits and customers in the week"), columns, rows)

    def _left(self, found: Iterable[tuple[str, Iterable[State]]]) -> Iterator[Table]:
        _ = self.words.gettext
        columns = Column(_("Checklist"), TITLE), Column(_("The shopper left"), TITLE), Column(_("Visits"), SHORT)
        rows = [(title, state.title, state.n) for title, states in found for state in states]
        if rows:
            yield self._table(_("How the shoppers left:"), columns, rows)

    def _kept(self, found: Iterable[tuple[str, Kept]]) -> Iterator[Table]:
        _ = self.words.gettext
        columns = (
            Column(_("Checklist"), TITLE),
            Column(_("Section"), NAME),
            Column(_("Question"), SENTENCES),
            Column(_("Kept in visits"), SHORT),
            Column(_("Visits in which it counted"), SHORT),
        )
        rows = [(title, line.section, line.title, line.kept, line.n) for title, line in found]
        if rows:
            yield self._table(_("What was kept, and what was lost"), columns, rows)

    def _part(self, part: str) -> str:
        _ = self.words.gettext
        titles = {"morning": _("morning"), "midday": _("midday"), "afternoon": _("afternoon"), "evening": _("evening")}
        return titles[part]

    def _table(self, title: str, columns: Sequence[Column], rows: Iterable[Row]) -> Table:
        return Table(title, columns, list(rows), right_to_left=Formats(self.language).direction == "rtl")


def hours_of(part: str) -> str:
    """From which hour to which a part of the day goes, as pages say it."""
    first, last = HOURS[part]
    return f"{first}–{last}"


def _whole(
    checklist: str,
    what: str,
    name: str,
    score: Fraction | float | None,
    n: int,
    reach: Range | None,
    target: Cell = None,
) -> Row:
    low, high = (reach.low, reach.high) if reach else (None, None)
    return checklist, what, name, score, n, None, low, high, target


def _lines(checklist: str, what: str, lines: Iterable[PartLine]) -> Iterator[Row]:
    for line in lines:
        yield checklist, what, line.title, line.score, line.n, line.not_observed, None, None, None
