"""An area on paper: one leaf that says it all, then one leaf a branch, from what stands in the report of each.

Works nothing out. What a leaf leaves away, the report of its branch has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from audit import __version__
from audit.domain.programme import Area, Programme
from audit.reports.area import AreaReport
from audit.reports.branch import BranchReport
from audit.reports.figures import Provenance
from audit.reports.overview import Overview
from audit.reports.period import Period

MOST_LEAVES = 120
MOST_BEST, MOST_LOST, MOST_PARTS = 3, 4, 2


@dataclass(frozen=True)
class AreaOnPaper:
    """The figures of an area, what stands beside them by checklist, and the reports of its branches that were visited,
    by name; `more` of them have no leaf."""

    figures: AreaReport
    area: Area
    beside: Mapping[str, Overview]
    leaves: tuple[BranchReport, ...]
    more: int
    provenance: Provenance

    @property
    def programme(self) -> Programme:
        return self.figures.programme

    @property
    def period(self) -> Period:
        return self.figures.period

    @property
    def leaf_of(self) -> dict[str, int]:
        """By code of the branch the number of its leaf, from 1."""
        return {leaf.branch.code: number for number, leaf in enumerate(self.leaves, start=1)}


def compose(
    figures: AreaReport,
    area: Area,
    beside: Mapping[str, Overview],
    branches: Iterable[BranchReport],
    source: Provenance,
) -> AreaOnPaper:
    """The area with a leaf for each branch that has a visit, as far as MOST_LEAVES go."""
    visited = [branch for branch in branches if branch.parts]
    return AreaOnPaper(figures, area, beside, tuple(visited[:MOST_LEAVES]), max(0, len(visited) - MOST_LEAVES), source)


def source_of(versions: Sequence[tuple[str, int, str]], visits: int, cut: datetime | None) -> Provenance:
    """Where figures over many visits come from: (checklist, version, digest) of each version they were made with."""
    return Provenance(tuple((id, version, digest[:12]) for id, version, digest in versions), cut, __version__, visits)
