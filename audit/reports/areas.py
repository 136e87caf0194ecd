"""The areas of the whole programme over a period, each with its figure and how sure it is, one part a checklist.

By the rules for the branches of an area: groups that differ for sure, names in their order inside each, no ranking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from audit.domain.checklist.model import Checklist
from audit.domain.programme import Area, Programme
from audit.domain.statistics.measuring import AreaFigures, BranchFigure
from audit.reports.area import GROUPS
from audit.reports.figures import Figure
from audit.reports.overview import exactly, points_shown
from audit.reports.period import Period
from audit.reports.standing import AreaStanding, stand


@dataclass(frozen=True)
class AreaLine:
    """One area with one checklist: its figure in whole percent, and how sure it is."""

    area: Area
    shown: str
    sure: BranchFigure


@dataclass(frozen=True)
class ProgrammePart:
    """All visits made with one checklist, the areas by name. `elsewhere` are the visits to branches without an area."""

    checklist: Checklist
    title: str
    figure: Figure
    standing: AreaStanding
    lines: tuple[AreaLine, ...]
    elsewhere: int

    @property
    def sure(self) -> tuple[BranchFigure, ...]:
        """How sure each figure is, for the sentence about all."""
        return tuple(line.sure for line in self.lines)

    @property
    def names(self) -> dict[str, str]:
        """What each area is called, by its code."""
        return {line.area.code: line.area.name for line in self.lines}

    @property
    def groups(self) -> tuple[tuple[str, tuple[AreaLine, ...]], ...]:
        """The groups that hold somebody, clearly above first; one without a name if nobody is compared."""
        if not self.standing.compared:
            return (("", self.lines),) if self.lines else ()
        groups = ((name, tuple(line for line in self.lines if line.sure.group == name)) for name in GROUPS)
        return tuple((name, lines) for name, lines in groups if lines)


@dataclass(frozen=True)
class AreasReport:
    """The programme over a period; no parts: no visit was published in it."""

    programme: Programme
    period: Period
    parts: tuple[ProgrammePart, ...]
    unvisited: tuple[Area, ...]


def compose(
    programme: Programme,
    period: Period,
    areas: Iterable[Area],
    measured: Mapping[str, AreaFigures],
    checklists: Mapping[str, Checklist],
    language: str = "en",
) -> AreasReport:
    """Every area with its figures; `measured` is the whole programme by checklist, each area as if it were a branch."""
    ordered = sorted(areas, key=lambda area: (area.name.casefold(), area.code))
    parts = [_part(ordered, whole, checklists[id], language) for id, whole in measured.items()]
    seen = {line.area.code for part in parts for line in part.lines}
    return AreasReport(
        programme, period, tuple(sorted(parts, key=_order)), tuple(area for area in ordered if area.code not in seen)
    )


def _order(part: ProgrammePart) -> tuple[bool, int, str]:
    """Visits in person first, then what has most visits."""
    return part.checklist.channel != "visit", -part.figure.n, part.checklist.id


def _part(areas: Iterable[Area], whole: AreaFigures, checklist: Checklist, language: str) -> ProgrammePart:
    standing = stand(whole, checklist.target)
    lines = tuple(
        AreaLine(area, points_shown(sure.mean, checklist.target), sure)
        for area in areas
        if (sure := standing.branches.get(area.code))
    )
    return ProgrammePart(
        checklist,
        checklist.title.in_language(language),
        _figure(whole, checklist, language),
        standing,
        lines,
        whole.visits - sum(line.sure.visits for line in lines),
    )


def _figure(whole: AreaFigures, checklist: Checklist, language: str) -> Figure:
    mean: Fraction = exactly(whole.mean)
    band = checklist.band_of(mean)
    return Figure(
        score=mean,
        shown=points_shown(whole.mean, checklist.target),
        n=whole.visits,
        band=band.title.in_language(language) if band else "",
        target=checklist.target,
    )
