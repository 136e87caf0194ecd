"""How we score, on a leaf of its own: what the figures of every report can carry, to be laid beside any of them.

Owns what makes a new edition of the leaf: the thresholds of the method, and its sentences, which stand in the template
that is the page of that name, too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path

from audit import __version__
from audit.domain.programme import Programme
from audit.domain.statistics.groups import (
    CEILING_SHARE,
    CLEAR,
    LEAST_BRANCHES,
    LEAST_LOST,
    LEAST_SHOPPERS,
    LEAST_VISITS,
    LEAST_VISITS_AT_CEILING,
)
from audit.domain.statistics.quantiles import LEVEL
from audit.reports.figures import Provenance

TEMPLATE = Path(__file__).resolve().parents[2] / "templates" / "reports" / "how_we_score.html"
# Shares from 0 to 1, and counts.
THRESHOLDS: Mapping[str, Fraction] = {
    "level": Fraction(str(LEVEL)),
    "clear": Fraction(str(CLEAR)),
    "least_visits": Fraction(LEAST_VISITS),
    "least_shoppers": Fraction(LEAST_SHOPPERS),
    "least_branches": Fraction(LEAST_BRANCHES),
    "ceiling_share": Fraction(str(CEILING_SHARE)),
    "least_visits_at_ceiling": Fraction(LEAST_VISITS_AT_CEILING),
    "least_lost": Fraction(LEAST_LOST),
}


@cache
def wording() -> str:
    """The sha256 of the sentences, in hex, as they are before they are translated."""
    return hashlib.sha256(TEMPLATE.read_bytes()).hexdigest()


@dataclass(frozen=True)
class Method:
    """The method by which all figures of a programme come about. It rests on no visit."""

    programme: Programme
    thresholds: Mapping[str, Fraction] = field(default_factory=lambda: THRESHOLDS)
    wording: str = field(default_factory=wording)
    provenance: Provenance = field(default_factory=lambda: Provenance((), None, __version__, 0))
