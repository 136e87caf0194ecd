"""How we score, on a leaf of its own: what the figures of every report can carry, to be laid beside any of them.

Owns which thresholds of the method make a new edition of the leaf; its sentences stand in the template, like those of
the page of that name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from audit import __version__
from audit.domain.programme import Programme
from audit.domain.statistics.groups import (
    CEILING_SHARE,
    CLEAR,
    LEAST_BRANCHES,
    LEAST_SHOPPERS,
    LEAST_VISITS,
    LEAST_VISITS_AT_CEILING,
)
from audit.domain.statistics.quantiles import LEVEL
from audit.reports.figures import Provenance

# Shares from 0 to 1, and counts.
THRESHOLDS: Mapping[str, Fraction] = {
    "level": Fraction(str(LEVEL)),
    "clear": Fraction(str(CLEAR)),
    "least_visits": Fraction(LEAST_VISITS),
    "least_shoppers": Fraction(LEAST_SHOPPERS),
    "least_branches": Fraction(LEAST_BRANCHES),
    "ceiling_share": Fraction(str(CEILING_SHARE)),
    "least_visits_at_ceiling": Fraction(LEAST_VISITS_AT_CEILING),
}


@dataclass(frozen=True)
class Method:
    """The method by which all figures of a programme come about. It rests on no visit."""

    programme: Programme
    thresholds: Mapping[str, Fraction] = field(default_factory=lambda: THRESHOLDS)
    provenance: Provenance = field(default_factory=lambda: Provenance((), None, __version__, 0))
