"""An area on paper: the leaf that says it all. What stands behind it, the report of each branch has.

Works nothing out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from audit import __version__
from audit.domain.programme import Area, Programme
from audit.reports.area import AreaReport
from audit.reports.figures import Provenance
from audit.reports.overview import Overview
from audit.reports.period import Period


@dataclass(frozen=True)
class AreaOnPaper:
    """The figures of an area, and what stands beside them by checklist."""

    figures: AreaReport
    area: Area
    beside: Mapping[str, Overview]
    provenance: Provenance

    @property
    def programme(self) -> Programme:
        return self.figures.programme

    @property
    def period(self) -> Period:
        return self.figures.period


def source_of(
    versions: Sequence[tuple[str, int, str]], visits: int, cut: datetime | None, corrected: datetime | None = None
) -> Provenance:
    """Where figures over many visits come from: (checklist, version, digest) of each version they were made with."""
    names = tuple((id, version, digest[:12]) for id, version, digest in versions)
    return Provenance(names, cut, __version__, visits, corrected)
