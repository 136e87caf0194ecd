"""The branches of an area over a period, each with its own figure. In the order of their names: this is no ranking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from audit.domain.checklist.model import Checklist
from audit.domain.programme import Area, Branch, Programme
from audit.reports.figures import Figure, figure
from audit.reports.period import Period


@dataclass(frozen=True)
class Contribution:
    """What one published visit brings to its branch: its exact base, 0 to 100, or None if it was not scored."""

    branch_code: str
    checklist: Checklist
    base: Fraction | None


@dataclass(frozen=True)
class ChecklistFigure:
    """The figure of a branch with one checklist, and how many of its visits had no score."""

    title: str
    figure: Figure
    unscored: int


@dataclass(frozen=True)
class BranchFigures:
    """A branch and its figures, one a checklist; none: no visit was published."""

    branch: Branch
    figures: tuple[ChecklistFigure, ...]

    @property
    def n(self) -> int:
        """Published visits in the period."""
        return sum(line.figure.n + line.unscored for line in self.figures)


@dataclass(frozen=True)
class AreaReport:
    """The branches that somebody may see, by name."""

    programme: Programme
    area: Area | None
    period: Period
    branches: tuple[BranchFigures, ...]

    @property
    def visited(self) -> tuple[BranchFigures, ...]:
        return tuple(branch for branch in self.branches if branch.figures)

    @property
    def unvisited(self) -> tuple[BranchFigures, ...]:
        return tuple(branch for branch in self.branches if not branch.figures)


def compose(
    programme: Programme,
    area: Area | None,
    period: Period,
    branches: Iterable[Branch],
    contributions: Iterable[Contribution],
    language: str = "en",
) -> AreaReport:
    """Every branch with its figures. Visits made with different checklists are never in one figure."""
    of_branch: dict[str, dict[str, list[Contribution]]] = {}
    for one in contributions:
        of_branch.setdefault(one.branch_code, {}).setdefault(one.checklist.id, []).append(one)
    lines = (BranchFigures(branch, _figures(of_branch.get(branch.code, {}), language)) for branch in branches)
    ordered = sorted(lines, key=lambda line: (line.branch.name.casefold(), line.branch.code))
    return AreaReport(programme, area, period, tuple(ordered))


def _figures(groups: Mapping[str, list[Contribution]], language: str) -> tuple[ChecklistFigure, ...]:
    return tuple(
        ChecklistFigure(
            title=group[-1].checklist.title.in_language(language),
            figure=figure([one.base for one in group if one.base is not None], group[-1].checklist, language),
            unscored=sum(one.base is None for one in group),
        )
        for _, group in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    )
