"""How long the figures take: dispersion, ranges and groups of a large programme, places of an area, severities."""

from __future__ import annotations

import time
from collections.abc import Callable

from audit.domain.statistics.draws import Draws
from audit.domain.statistics.measuring import ScoredVisit, measure_visits
from audit.domain.statistics.places import place_ranges
from audit.domain.statistics.severity import Marked, severities
from tests.bench.table import Row, print_table

VISITS, BRANCHES_OF_AREA, SHOPPERS = 12, 50, 200


def measure(quick: bool) -> None:
    """Print the table."""
    branches, rounds = (1_000, 1) if quick else (10_000, 5)
    visits = programme(branches)
    marked: list[Marked] = [(visit.branch, visit.shopper, visit.score) for visit in visits]
    area = measure_visits(visits).areas[0]
    rows = [
        row(f"{branches:,} branches x {VISITS}: dispersion, ranges, groups", rounds, lambda: measure_visits(visits)),
        row(f"place ranges of {BRANCHES_OF_AREA} branches", rounds, lambda: place_ranges(area.levels, "bench")),
        row(f"severity of {SHOPPERS} shoppers", 1, lambda: severities(marked)),
    ]
    print_table("Figures, on one core", ("what", "best CPU s", "target s"), rows, "bin/bench figures")


def programme(branches: int) -> list[ScoredVisit]:
    """Branches 6 points apart, visits 12, shoppers 4; areas of fifty."""
    draws, visits = Draws("bench"), []
    kindly = [4 * z for z in draws.normals(SHOPPERS)]
    for branch in range(branches):
        level, *noise = draws.normals(VISITS + 1)
        area = f"a{branch // BRANCHES_OF_AREA:03}"
        for shopper, z in zip(draws.below(SHOPPERS, VISITS), noise, strict=True):
            score = round(min(100.0, max(0.0, 80 + 6 * level + kindly[shopper] + 12 * z)), 1)
            visits.append(ScoredVisit(f"b{branch:05}", score, area, "", f"s{shopper:03}"))
    return visits


def row(what: str, rounds: int, work: Callable[[], object]) -> Row:
    times = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return Row(what, f"{min(times):.2f}", "0.50" if "dispersion" in what else "")
