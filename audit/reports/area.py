"""The branches of an area over a period, each with its figure and how sure it is, one part a checklist.

In groups that differ for sure, and inside each in the order of their names: this is no ranking. Visits made with
different checklists are never in one figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from audit.domain.checklist.model import Checklist
from audit.domain.programme import Area, Branch, Programme
from audit.domain.statistics.groups import ABOVE, ALIKE, BELOW, NOT_RANKED
from audit.domain.statistics.measuring import AreaFigures, BranchFigure
from audit.domain.statistics.places import StrictPlaces, settle_places
from audit.reports.figures import Figure, figure
from audit.reports.period import Period
from audit.reports.standing import AreaStanding, stand

GROUPS = (ABOVE, ALIKE, BELOW, NOT_RANKED)


@dataclass(frozen=True)
class Contribution:
    """What one published visit brings to its branch: its exact base, 0 to 100, or None if it was not scored."""

    branch_code: str
    checklist: Checklist
    base: Fraction | None


@dataclass(frozen=True)
class BranchLine:
    """A branch with one checklist: its figure, how many of its visits had no score, and how sure the figure is; None if
    no visit was scored."""

    branch: Branch
    figure: Figure
    unscored: int
    sure: BranchFigure | None

    @property
    def group(self) -> str:
        return self.sure.group if self.sure else NOT_RANKED


@dataclass(frozen=True)
class AreaPart:
    """All visits made with one checklist: the figure over all of them, and the branches by name."""

    checklist: Checklist
    title: str
    figure: Figure
    standing: AreaStanding | None
    lines: tuple[BranchLine, ...]
    measured: AreaFigures | None = None

    @property
    def strict(self) -> StrictPlaces | None:
        """The places of the branches that hold for all at once; None where they are not compared with one another."""
        return settle_places(self.measured) if self.measured and self.measured.area else None

    @property
    def sure(self) -> tuple[BranchFigure, ...]:
        """How sure each figure is, for the sentence about all."""
        return tuple(line.sure for line in self.lines if line.sure)

    @property
    def names(self) -> dict[str, str]:
        """What each branch is called, by its code."""
        return {line.branch.code: line.branch.name for line in self.lines}

    @property
    def groups(self) -> tuple[tuple[str, tuple[BranchLine, ...]], ...]:
        """The groups that hold somebody, clearly above first; one without a name if nobody is compared."""
        if self.standing is None or not self.standing.compared:
            return (("", self.lines),)
        groups = ((name, tuple(line for line in self.lines if line.group == name)) for name in GROUPS)
        return tuple((name, lines) for name, lines in groups if lines)


@dataclass(frozen=True)
class AreaReport:
    """The branches that somebody may see, by name, and what is known of those that were visited."""

    programme: Programme
    area: Area | None
    period: Period
    branches: tuple[Branch, ...]
    parts: tuple[AreaPart, ...]

    @property
    def unvisited(self) -> tuple[Branch, ...]:
        visited = {line.branch.code for part in self.parts for line in part.lines}
        return tuple(branch for branch in self.branches if branch.code not in visited)


def compose(
    programme: Programme,
    area: Area | None,
    period: Period,
    branches: Iterable[Branch],
    contributions: Iterable[Contribution],
    measured: Mapping[str, AreaFigures],
    language: str = "en",
) -> AreaReport:
    """Every branch with its figures; `measured` is how sure those of the area are, by checklist."""
    ordered = tuple(sorted(branches, key=lambda branch: (branch.name.casefold(), branch.code)))
    by_checklist: dict[str, list[Contribution]] = {}
    for one in contributions:
        by_checklist.setdefault(one.checklist.id, []).append(one)
    parts = (_part(ordered, made, measured.get(id), language) for id, made in by_checklist.items())
    return AreaReport(programme, area, period, ordered, tuple(sorted(parts, key=_order)))


def _order(part: AreaPart) -> tuple[bool, int, str]:
    """Visits in person first, then what has most visits."""
    return part.checklist.channel != "visit", -part.figure.n, part.checklist.id


def _part(
    branches: Sequence[Branch], made: Sequence[Contribution], measured: AreaFigures | None, language: str
) -> AreaPart:
    newest = made[-1].checklist
    standing = stand(measured, newest.target) if measured else None
    of_branch: dict[str, list[Contribution]] = {}
    for one in made:
        of_branch.setdefault(one.branch_code, []).append(one)
    return AreaPart(
        checklist=newest,
        title=newest.title.in_language(language),
        figure=_figure(made, language),
        standing=standing,
        lines=tuple(
            BranchLine(
                branch=branch,
                figure=_figure(own, language),
                unscored=sum(one.base is None for one in own),
                sure=standing.branches.get(branch.code) if standing else None,
            )
            for branch in branches
            if (own := of_branch.get(branch.code))
        ),
        measured=measured,
    )


def _figure(made: Sequence[Contribution], language: str) -> Figure:
    return figure([one.base for one in made if one.base is not None], made[-1].checklist, language)
