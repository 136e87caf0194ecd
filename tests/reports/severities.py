"""How severe one shopper is."""

from __future__ import annotations

from audit.domain.statistics.severity import Severity


def severity(points: float) -> Severity:
    """A shopper who marks so many points above colleagues (below them if negative), known to 1.8, from 30 visits."""
    return Severity("s1", points, 1.8, 30)
