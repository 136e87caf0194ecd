"""How sure the figures of an area's branches are with one checklist: ranges, and groups of branches that differ.

Works nothing out: takes what was measured over the whole programme, and says against what branches are held. An area of
fewer than five branches is held against the checklist's target if there is one, else its branches are not compared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from audit.domain.statistics.groups import ABOVE, ALIKE, BELOW, LEAST_BRANCHES, NOT_RANKED, group_of
from audit.domain.statistics.measuring import AreaFigures, BranchFigure
from audit.domain.statistics.ranges import Range
from audit.reports.overview import points_shown


@dataclass(frozen=True)
class AreaStanding:
    """An area with one checklist: its `range`, its branches by code, and what they are held against: the `standard` in
    points, or if that is None the mean of the area. `compared` is whether they are held against anything. `tick` is the
    area's mean in points, to stand beside a branch's range; None where few branches would give one another away. No
    rounding lifts it over the `target` of the checklist. `level` is the mean of the branches, each counting alike: what
    groups are held against. `few_lost` is whether some branch would be called below, had it not lost so few answers."""

    range: Range
    branches: Mapping[str, BranchFigure]
    standard: Fraction | None
    compared: bool
    at_ceiling: bool
    tick: Fraction | None
    target: Fraction | None
    level: Fraction | None = None
    few_lost: bool = False

    @property
    def counted(self) -> bool | None:
        """Whether lost answers had to be counted; None where not."""
        return self.few_lost or None

    @property
    def level_shown(self) -> str | None:
        """What groups are held against, in whole points; None where it is the area's mean, too, or there is none."""
        if self.level is None or self.tick is None:
            return None
        level = points_shown(float(self.level), self.target)
        return level if level != self.tick_shown else None

    @property
    def tick_shown(self) -> str:
        """The area's mean in whole points, or empty."""
        return points_shown(float(self.tick), self.target) if self.tick is not None else ""

    @property
    def tick_drawn(self) -> Fraction | None:
        """Where the mean is drawn: at the points that its words say. Else the sheet of every branch would look
        otherwise with each visit to one of them, and be printed anew to say the same."""
        return Fraction(self.tick_shown) if self.tick is not None else None

    @property
    def some_miss_the_tick(self) -> bool:
        """Whether some branch cannot be told apart although its range misses the mean: it looks like a contradiction,
        and in a long list it is luck."""
        mean = float(self.tick) if self.tick is not None else None
        return mean is not None and any(
            each.group == ALIKE and not each.likely_range.holds(mean) for each in self.branches.values()
        )


def stand(measured: AreaFigures, target: Fraction | None) -> AreaStanding:
    """The standing of an area's branches, given the target of the checklist in points, if it has one."""
    branches = measured.branches
    # Branches without an area have nothing in common that they could be held against.
    small = len(branches) < LEAST_BRANCHES or not measured.area
    if small and target is not None:
        above = measured.levels.above_standard(float(target))
        branches = tuple(
            replace(each, p_above=p, group=group_of(p, each.visits, each.shoppers, measured.at_ceiling))
            for each, p in zip(branches, above, strict=True)
        )
    return AreaStanding(
        range=measured.likely_range,
        branches={each.branch: each for each in branches},
        standard=target if small else None,
        compared=not small or target is not None,
        at_ceiling=measured.at_ceiling and any(each.group != NOT_RANKED for each in branches),
        tick=None if small else Fraction(measured.mean),
        target=target,
        level=None if small else Fraction(math.fsum(each.mean for each in branches) / len(branches)),
        few_lost=not small and measured.holds_back,
    )


def hold_against_target(measured: AreaFigures, target: Fraction | None, code: str) -> str | None:
    """The group of one branch against the target, in an area whose branches are held against their mean; None without a
    target, and where it is not ranked. In a small area its standing says so already.

    No label says the contrary of the figure beside it. Among branches far below the target one of few visits may stand
    above it by luck: it is not told apart from the target, since "clearly below" would read as a mistake."""
    if target is None or not measured.area or len(measured.branches) < LEAST_BRANCHES:
        return None
    above = measured.levels.above_standard(float(target))
    for each, p in zip(measured.branches, above, strict=True):
        if each.branch == code:
            group = group_of(p, each.visits, each.shoppers, measured.at_ceiling)
            if group == NOT_RANKED:
                return None
            contrary = ABOVE if each.mean < target else BELOW
            return ALIKE if group == contrary else group
    return None
