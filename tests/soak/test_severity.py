"""How far from the truth severities and calibrated figures are, in invented programmes whose truth is known.

Branches differ by 6 points, visits by 12, shoppers by 4 (standard deviations); fifty branches, twenty shoppers."""

from __future__ import annotations

import math
import os
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from statistics import fmean

import pytest

from audit.domain.statistics.draws import Draws
from audit.domain.statistics.severity import (
    Marked,
    calibrated_mean,
    fit_effects,
    severities,
    variance_components,
)

pytestmark = pytest.mark.soak

WORLDS = int(os.environ.get("CANDOUR_WORLDS", "200"))
BRANCHES, SHOPPERS = 50, 20
TAU, SIGMA, OMEGA = 6.0, 12.0, 4.0
NEIGHBOURS = 3

Truth = Mapping[Hashable, float]
"""By branch or by shopper."""


@dataclass(frozen=True)
class World:
    """Invented visits, and what nobody could know of them: levels and severities, each around its own mean."""

    visits: list[Marked]
    levels: Truth
    severities: Truth


def anybody(branch: int, draws: Draws) -> int:
    return draws.below(SHOPPERS, 1)[0]


def a_neighbour(branch: int, draws: Draws) -> int:
    """One of three shoppers who live near the branch."""
    return (branch * SHOPPERS // BRANCHES + draws.below(NEIGHBOURS, 1)[0]) % SHOPPERS


def invent(seed: str, each: int, who: Callable[[int, Draws], int]) -> World:
    draws = Draws(seed)
    levels = [75 + TAU * z for z in draws.normals(BRANCHES)]
    kindness = [OMEGA * z for z in draws.normals(SHOPPERS)]
    visits: list[Marked] = []
    for branch in range(BRANCHES):
        for z in draws.normals(each):
            shopper = who(branch, draws)
            visits.append((branch, shopper, levels[branch] + kindness[shopper] + SIGMA * z))
    return World(visits, centred(numbered(levels)), centred(numbered(kindness)))


def numbered(values: list[float]) -> Truth:
    return dict(enumerate(values))  # type: ignore[arg-type]  # a mapping of what may be looked for


def centred(found: Mapping[Hashable, float]) -> Truth:
    middle = fmean(found.values())
    return {name: value - middle for name, value in found.items()}


def squares(found: Truth, truth: Truth) -> float:
    return fmean((found.get(name, 0.0) - true) ** 2 for name, true in truth.items())


def raw_means(world: World) -> Truth:
    made: dict[Hashable, list[float]] = defaultdict(list)
    for _, shopper, score in world.visits:
        made[shopper].append(score)
    grand = fmean(score for _, _, score in world.visits)
    return {shopper: fmean(scores) - grand for shopper, scores in made.items()}


def estimated(world: World) -> Truth:
    components = variance_components(world.visits)
    assert components is not None
    return fit_effects(world.visits, components, rounds=5).shoppers


def error(each: int, find: Callable[[World], Truth]) -> float:
    """The root of the mean square by which severities are missed, in points, with so many visits to a branch."""
    worlds = (invent(f"severity {each} {n}", each, anybody) for n in range(WORLDS))
    return math.sqrt(fmean(squares(find(world), world.severities) for world in worlds))


@pytest.mark.parametrize(("each", "promised"), [(3, 3.25), (6, 2.58), (12, 1.95)])
def test_a_severity_is_missed_by_no_more_than_is_promised(each: int, promised: float) -> None:
    """With 7.5, 15 and 30 visits of a shopper; to say nothing would miss it by nearly 4."""
    missed = error(each, estimated)
    assert missed == pytest.approx(promised, abs=0.2)
    assert missed < error(each, lambda world: {}) - 0.4


def test_with_few_visits_the_plain_mean_of_a_shopper_is_worse_than_nothing() -> None:
    assert error(3, raw_means) > error(3, lambda world: {}) + 0.8


def means(world: World, found: bool) -> Truth:
    known = severities(world.visits) if found else []
    made: dict[Hashable, list[Marked]] = defaultdict(list)
    for visit in world.visits:
        made[visit[0]].append(visit)
    # How kind shoppers are on the whole nobody can know: only differences between branches are looked at.
    return centred({branch: calibrated_mean(own, known) for branch, own in made.items()})


def worth(each: int, who: Callable[[int, Draws], int]) -> float:
    """By what share the squares by which branch figures are missed become smaller when severities are taken off."""
    worlds = [invent(f"branches {each} {n}", each, who) for n in range(WORLDS)]
    recorded, calibrated = (
        fmean(squares(means(world, found), world.levels) for world in worlds) for found in (False, True)
    )
    return 1 - calibrated / recorded


def test_calibrated_figures_gain_most_where_neighbours_share_the_visits() -> None:
    anywhere, near = worth(12, anybody), worth(12, a_neighbour)
    assert 0.02 < anywhere < near
    assert near > 0.1


def test_with_three_visits_to_a_branch_nothing_is_calibrated() -> None:
    """Seven or eight visits of a shopper do not pass the gate."""
    assert worth(3, anybody) == 0
