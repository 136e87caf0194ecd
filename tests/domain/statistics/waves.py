"""Areas measured from plain scores, and whole waves drawn by chance from levels that are known."""

from __future__ import annotations

from collections.abc import Sequence

from audit.domain.statistics.draws import Draws
from audit.domain.statistics.measuring import AreaFigures, ScoredVisit, measure_visits


def area_of(scores: dict[str, Sequence[float]], standard: float | None = None, shopper: str = "") -> AreaFigures:
    """What the scores of branches, 0 to 100, make of their area; with two shoppers who take turns if one is named."""
    visits = [
        ScoredVisit(branch, score, "North", shopper=shopper and f"{shopper}{place % 2}")
        for branch, its in scores.items()
        for place, score in enumerate(its)
    ]
    (area,) = measure_visits(visits, standard).areas
    return area


MIXED = {
    "harbour": [97, 95, 98, 96, 97, 98],
    "market": [79, 82, 80, 78, 81, 80],
    "mill-lane": [81, 80, 78, 79, 82, 80],
    "old-bridge": [78, 79, 81, 80, 82, 80],
    "quayside": [50, 55, 48, 52, 54, 50],
}


def simulated_wave(draws: Draws, branches: int, visits: int, tau: float) -> tuple[list[float], AreaFigures]:
    """The true levels, and what one wave of visits says about them."""
    levels = [80 + tau * z for z in draws.normals(branches)]
    severities = [4 * z for z in draws.normals(20)]
    made = []
    for branch, level in enumerate(levels):
        who = draws.below(20, visits)
        for shopper, z in zip(who, draws.normals(visits), strict=True):
            score = min(100.0, max(0.0, level + severities[shopper] + 12 * z))
            made.append(ScoredVisit(f"{branch:03}", score, shopper=f"{shopper:02}"))
    (area,) = measure_visits(made).areas
    return levels, area
