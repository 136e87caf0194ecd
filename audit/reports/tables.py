"""The figures of a report as one table, for whoever computes with them: a line for each figure, unrounded.

The headings are the same in every language, so that a program finds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import singledispatch
from typing import Protocol

from audit.domain.statistics.ranges import Range
from audit.reports.branch import BranchReport, ChecklistPart
from audit.reports.cells import Cell, Column, Table
from audit.reports.figures import PartLine
from audit.reports.leaves import AreaOnPaper
from audit.reports.method import Method
from audit.reports.overview import exactly
from audit.reports.programme import ProgrammeOnPaper
from audit.reports.traffic import TrafficFigure
from audit.reports.visit import VisitReport

COLUMNS = tuple(
    map(Column, ("checklist", "kind", "id", "name", "score", "n", "not_observed", "range_low", "range_high", "group"))
)
Row = tuple[Cell, ...]


class Sure(Protocol):
    """A figure that has a range; its group is asked for where there is one."""

    @property
    def likely_range(self) -> Range: ...


def table_of(report: object) -> Table:
    """Every figure of the report. `kind` says what a line is about, `score` is 0 to 100, `n` what it rests on: visits,
    and questions in the report of a visit."""
    return Table("figures", COLUMNS, rows_of(report))


@singledispatch
def rows_of(report: object) -> Iterable[Row]:
    """The lines of one kind of report."""
    raise TypeError(f"{type(report).__name__} has no table")


@rows_of.register
def _(report: BranchReport) -> Iterable[Row]:
    for part in report.parts:
        yield from _of_branch(report, part)
        for visit in part.visits:
            score = visit.score.base if visit.score.counts else None
            yield line(part.checklist.id, "visit", (visit.id, visit.day.isoformat()), score, 1)


@rows_of.register
def _(report: VisitReport) -> Iterator[Row]:
    id = report.visit.checklist.id
    yield line(id, "visit", (report.visit.id, report.visit.day.isoformat()), report.score.base, 1)
    yield from lines(id, "dimension", report.dimensions)
    yield from lines(id, "section", [section.part for section in report.sections])
    for section in report.sections:
        for answer in section.answers:
            share = 100 * answer.earned / answer.possible if answer.possible else None
            yield line(id, "question", (answer.question.id, answer.title), share, 1 if answer.possible else 0)


@rows_of.register
def _(report: AreaOnPaper) -> Iterator[Row]:
    for part in report.figures.parts:
        id, area = part.checklist.id, report.area
        yield line(id, "area", (area.code, area.name), part.figure.score, part.figure.n)
        if part.checklist.id in report.beside:
            yield from _weighed(id, (area.code, area.name), report.beside[id].traffic)
            yield from lines(id, "dimension", report.beside[id].dimensions)
        for own in part.lines:
            named = own.branch.code, own.branch.name
            yield line(id, "branch", named, own.figure.score, own.figure.n, sure=own.sure)


@rows_of.register
def _(report: ProgrammeOnPaper) -> Iterator[Row]:
    for part in report.figures.parts:
        id = part.checklist.id
        yield line(id, "programme", ("", report.programme.name), part.figure.score, part.figure.n)
        for own in part.lines:
            yield line(
                id, "area", (own.area.code, own.area.name), exactly(own.sure.mean), own.sure.visits, sure=own.sure
            )
    for board in report.parts:
        id = board.figures.checklist.id
        if board.beside:
            yield from lines(id, "dimension", board.beside.dimensions)
        for question in dict.fromkeys((*board.best, *board.lost)):
            yield line(id, "question kept", (question.id, question.title), question.share, question.n)


@rows_of.register
def _(report: Method) -> Iterator[Row]:
    for name, value in report.thresholds.items():
        yield line("", "threshold", (name, ""), value, 0)


def _of_branch(report: BranchReport, part: ChecklistPart) -> Iterator[Row]:
    id, branch = part.checklist.id, report.branch
    yield line(id, "branch", (branch.code, branch.name), part.figure.score, part.figure.n, sure=part.sure)
    yield from _weighed(id, (branch.code, branch.name), part.traffic)
    yield from lines(id, "dimension", part.dimensions)
    yield from lines(id, "section", part.sections)
    for question in part.questions:
        share = 100 * question.earned / question.possible if question.possible else None
        unseen = question.whys.count("not_observed")
        yield line(id, "question", (question.id, question.title), share, question.n, unseen)


@dataclass(frozen=True)
class _Reach:
    likely_range: Range


def _weighed(checklist: str, named: tuple[str, str], found: TrafficFigure | None) -> Iterator[Row]:
    """The mean weighed by when customers come, where it may be."""
    if found and found.range and found.weighed.mean is not None:
        reach = _Reach(found.range)
        yield line(checklist, "weighed by customers", named, exactly(found.weighed.mean), found.visits, sure=reach)


def lines(checklist: str, kind: str, parts: Iterable[PartLine]) -> Iterator[Row]:
    """The lines of dimensions or sections."""
    for part in parts:
        yield line(checklist, kind, (part.id, part.title), part.score, part.n, part.not_observed)


def line(
    checklist: str,
    kind: str,
    named: tuple[str, str],
    score: Fraction | None,
    n: int,
    not_observed: int = 0,
    sure: Sure | None = None,
) -> Row:
    """One figure; `named` are its id and its name, `sure` its range and its group, where there are some."""
    low, high = (sure.likely_range.low, sure.likely_range.high) if sure else (None, None)
    return checklist, kind, *named, score, n, not_observed, low, high, getattr(sure, "group", "")
