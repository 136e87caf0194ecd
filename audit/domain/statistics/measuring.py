"""All visits at hand, measured: the dispersion, each branch's range, and its group in its area. Owns no method.

A visit without a shopper counts as one by a shopper of its own: the rule of two shoppers is then waived, and whoever
prints the figures says so. A visit without a wave belongs to the same period as the others without one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from audit.domain.statistics.dispersion import (
    SHOPPER_SHARE,
    Dispersion,
    measure_dispersion,
    repeated_shoppers_factor,
)
from audit.domain.statistics.groups import (
    BELOW,
    LEAST_BRANCHES,
    NOT_RANKED,
    AreaLevels,
    group_of,
    is_at_ceiling,
    learn_levels,
    lost_few,
)
from audit.domain.statistics.ranges import Range, effective_visits, likely_range
from audit.domain.statistics.versions import Offset, VersionedVisit, version_offset

WHOLE = "*"
"""The name of all areas together, which no area bears."""

Versions = tuple[tuple[int, int], ...]
"""Versions of the checklist, the oldest first, each with the number of its visits."""


class ScoredVisit(NamedTuple):
    """One visit: its branch, its score in points (`base`: no bonus, no cap), and what is known about it; `version` is
    that of its checklist."""

    branch: str
    score: float
    area: str = ""
    wave: str = ""
    shopper: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class BranchFigure:
    """One branch: the `mean` of its `visits` in points and its likely range. `p_above` is the probability that its
    level lies above the area's mean level, or above the standard; None where that is not asked (an area of fewer than
    five branches, and no standard). `group` is a word of `groups`. `few_lost` is whether what it lost may be luck,
    where hardly anything is lost: then it is called worse than no other."""

    branch: str
    visits: int
    shoppers: int
    effective_visits: float
    mean: float
    likely_range: Range
    p_above: float | None
    group: str
    versions: Versions = ()
    few_lost: bool = False


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """The branches of an area in the order of their names, and the `mean` of all its visits, in points, with the range
    in which the level of these branches lies nine times out of ten. `effective_visits` is what its visits are worth."""

    area: str
    visits: int
    effective_visits: float
    mean: float
    likely_range: Range
    branches: tuple[BranchFigure, ...]
    levels: AreaLevels
    at_ceiling: bool
    versions: Versions = ()

    @property
    def holds_back(self) -> bool:
        """Whether some branch would be called below, had it not lost so few answers."""
        return any(
            group_of(each.p_above, each.visits, each.shoppers, self.at_ceiling) == BELOW
            for each in self.branches
            if each.few_lost and each.p_above is not None
        )


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a heap of visits says: one dispersion for all, and the areas in the order of their names. `whole` are all
    areas together, measured as if each were one branch; None without visits. `offset` is what the newest version of
    the checklist does to scores, None where no branch was visited with it and an earlier one. `shopper_share` is what
    was taken for the shoppers' share, 0 to 1, of the spread between visits."""

    dispersion: Dispersion
    areas: tuple[AreaFigures, ...]
    standard: float | None = None
    whole: AreaFigures | None = None
    offset: Offset | None = None
    shopper_share: float = SHOPPER_SHARE


class _Branch(NamedTuple):
    name: str
    visits: Sequence[ScoredVisit]
    scores: list[float]
    by_shopper: list[int]
    mean: float
    effective: float
    versions: Versions


def measure_visits(
    visits: Iterable[ScoredVisit], standard: float | None = None, shopper_share: float = SHOPPER_SHARE
) -> Measurement:
    """Measure visits with scores from 0 to 100; the order in which they come changes nothing.

    With a `standard` (points) branches are held against it, otherwise against the mean level of their area.
    `shopper_share` is the shoppers' share of the spread between visits, 0 to below 1. ValueError for a score outside 0
    to 100."""
    seen: dict[tuple[str, str], list[ScoredVisit]] = {}
    for visit in visits:
        if not 0 <= visit.score <= 100:
            raise ValueError(f"a score lies between 0 and 100, not at {visit.score}")
        seen.setdefault((visit.area, visit.branch), []).append(visit)
    by_area: dict[str, list[_Branch]] = {}
    for key in sorted(seen):
        by_area.setdefault(key[0], []).append(_add_up(key[1], seen[key], shopper_share))
    dispersion = _pool([branch for branches in by_area.values() for branch in branches], shopper_share)
    together = {
        area: _add_up(area, [visit for branch in branches for visit in branch.visits], shopper_share)
        for area, branches in by_area.items()
    }
    areas = tuple(_measure_area(together[area], branches, dispersion, standard) for area, branches in by_area.items())
    whole = _measure_whole(list(together.values()), dispersion, standard, shopper_share)
    offset = _offset(whole, seen, dispersion, shopper_share)
    return Measurement(dispersion, areas, standard, whole, offset, shopper_share)


def _add_up(name: str, visits: Sequence[ScoredVisit], shopper_share: float) -> _Branch:
    scores = [visit.score for visit in visits]
    by_shopper = _by_shopper(visits)
    effective = effective_visits(by_shopper, shopper_share)
    return _Branch(name, visits, scores, by_shopper, _mean(scores), effective, _versions(visits))


def _versions(visits: Sequence[ScoredVisit]) -> Versions:
    made: dict[int, int] = {}
    for visit in visits:
        made[visit.version] = made.get(visit.version, 0) + 1
    return tuple(sorted(made.items()))


def _offset(
    whole: AreaFigures | None,
    seen: Mapping[tuple[str, str], Sequence[ScoredVisit]],
    dispersion: Dispersion,
    shopper_share: float,
) -> Offset | None:
    """Of the newest version against all earlier ones, inside branches."""
    if whole is None or len(whole.versions) < 2:
        return None
    newest = whole.versions[-1][0]
    made = (
        VersionedVisit(branch, visit.version == newest, visit.score, visit.shopper)
        for branch, visits in seen.items()
        for visit in visits
    )
    found = version_offset(made, shopper_share)
    return found and found.with_range(_visit_variance(whole.mean, whole.likely_range, dispersion), dispersion)


def _by_shopper(visits: Sequence[ScoredVisit]) -> list[int]:
    """How many visits each shopper made; each visit without one stands alone."""
    named: dict[str, int] = {}  # a Counter takes three times as long for a dozen visits
    for visit in visits:
        named[visit.shopper] = named.get(visit.shopper, 0) + 1
    unnamed = named.pop("", 0)
    return sorted(named.values()) + [1] * unnamed


def _pool(branches: Iterable[_Branch], shopper_share: float) -> Dispersion:
    """The dispersion of branch and wave by branch and wave. Its sums are exact: no order shows in them."""
    scores: list[Sequence[float]] = []
    by_shopper: list[Sequence[int]] = []
    for branch in branches:
        if len({visit.wave for visit in branch.visits}) == 1:
            scores.append(branch.scores)
            by_shopper.append(branch.by_shopper)
            continue
        waves: dict[str, list[ScoredVisit]] = {}
        for visit in branch.visits:
            waves.setdefault(visit.wave, []).append(visit)
        scores += [[visit.score for visit in wave] for wave in waves.values()]
        by_shopper += [_by_shopper(wave) for wave in waves.values()]
    return measure_dispersion(scores, repeated_shoppers_factor(by_shopper, shopper_share))


def _measure_whole(
    areas: Sequence[_Branch], dispersion: Dispersion, standard: float | None, shopper_share: float
) -> AreaFigures | None:
    """All areas as the branches of one. What visits to different branches of an area differ by is not chance: the
    dispersion inside branches serves here too. Branches without an area are in the mean, and are compared with none."""
    visits = [visit for area in areas for visit in area.visits]
    if not visits:
        return None
    named = [area for area in areas if area.name] or areas
    return _measure_area(_add_up(WHOLE, visits, shopper_share), named, dispersion, standard)


def _measure_area(
    area: _Branch, branches: Sequence[_Branch], dispersion: Dispersion, standard: float | None
) -> AreaFigures:
    """`area` holds all visits of `branches` as if it were one."""
    reach = likely_range(area.mean, area.effective, dispersion)
    variance = _visit_variance(area.mean, reach, dispersion)
    levels = learn_levels([branch.mean for branch in branches], [variance / branch.effective for branch in branches])
    at_ceiling = is_at_ceiling(area.scores)
    probabilities: Sequence[float | None] = [None] * len(branches)
    if standard is not None:
        probabilities = levels.above_standard(standard)
    elif len(branches) >= LEAST_BRANCHES:
        probabilities = levels.above_average()
    few = [
        standard is None and lost_few(branch.mean, area.mean, branch.effective / dispersion.phi, len(branches))
        for branch in branches
    ]
    figures = tuple(
        _figure(branch, dispersion, p, at_ceiling, few_lost)
        for branch, p, few_lost in zip(branches, probabilities, few, strict=True)
    )
    return AreaFigures(
        area.name, len(area.scores), area.effective, area.mean, reach, figures, levels, at_ceiling, area.versions
    )


def _figure(
    branch: _Branch, dispersion: Dispersion, p_above: float | None, at_ceiling: bool, few_lost: bool
) -> BranchFigure:
    visits, shoppers = len(branch.scores), len(branch.by_shopper)
    group = NOT_RANKED if p_above is None else group_of(p_above, visits, shoppers, at_ceiling, few_lost)
    reach = likely_range(branch.mean, branch.effective, dispersion)
    return BranchFigure(
        *(branch.name, visits, shoppers, branch.effective, branch.mean, reach, p_above, group, branch.versions),
        few_lost,
    )


def _visit_variance(mean: float, reach: Range, dispersion: Dispersion) -> float:
    """The variance of one visit in the area. Where all scores are 0 or all 100 it would be none at all, as if nothing
    could ever be lost again: there the middle of the area's own range stands for its level."""
    if 0 < mean < 100:
        return dispersion.visit_variance(mean)
    return dispersion.visit_variance((reach.low + reach.high) / 2)


def _mean(scores: Sequence[float]) -> float:
    return math.fsum(scores) / len(scores)
