"""Did it change, or is that luck? Owns the range of a change and the size that could be seen; refuses bare arrows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from audit.domain.statistics.dispersion import Dispersion
from audit.domain.statistics.quantiles import LEVEL, normal_probability, student_tail, two_sided_quantile
from audit.domain.statistics.ranges import Range, likely_range

IMPROVED, WORSENED, UNCLEAR = "clear improvement", "clear decline", "no clear change"
FALSE_SHARE = 0.10
"""The share of false alarms to be expected among the changes that are called clear."""


@dataclass(frozen=True, slots=True)
class Level:
    """A mean in points (0 to 100) over so many effective visits: one branch or area in one period. `unsure` is the
    standard error, in points, of what was taken off it before: a guess about a version of the checklist."""

    mean: float
    visits: float
    unsure: float = 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """From one period to the next, in points. `points` is after minus before, `range` holds the true change nine times
    out of ten, `needed` is the least change that so many visits can show."""

    points: float
    range: Range
    before: Range
    after: Range
    needed: float

    @property
    def verdict(self) -> str:
        """ "clear improvement", "clear decline", or "no clear change" when the range holds 0."""
        if self.range.holds(0):
            return UNCLEAR
        return IMPROVED if self.points > 0 else WORSENED


def change_between(before: Level, after: Level, dispersion: Dispersion, level: float = LEVEL) -> Change:
    """The change from one level to another, its range by squaring and adding the two ranges (Newcombe 1998, MOVER)."""
    first, second = (likely_range(each.mean, each.visits, dispersion, level) for each in (before, after))
    points = after.mean - before.mean
    unsure = math.hypot(before.unsure, after.unsure)
    guess = dispersion.t_at(level) * unsure
    down = math.hypot(after.mean - second.low, first.high - before.mean, guess)
    up = math.hypot(second.high - after.mean, before.mean - first.low, guess)
    # Of the two levels the one that shakes more: a perfect period must not promise that any change would be seen.
    visit_sd = math.sqrt(max(dispersion.visit_variance(_inwards(each, dispersion)) for each in (before, after)))
    needed = math.hypot(needed_change(visit_sd, before.visits, after.visits, level), two_sided_quantile(level) * unsure)
    return Change(points, Range(points - down, points + up), first, second, needed)


def change_p_value(before: Level, after: Level, dispersion: Dispersion) -> float:
    """How often chance alone makes a difference as large as this one (score test, Student's t). For lists of branches,
    to be adjusted for their number; never printed. 1 where no difference is possible."""
    pooled = _pooled(before, after)
    variance = dispersion.visit_variance(pooled) * (1 / before.visits + 1 / after.visits)
    variance += before.unsure**2 + after.unsure**2
    if variance <= 0:
        return 1.0
    z = (after.mean - before.mean) / math.sqrt(variance)
    return student_tail(z, dispersion.degrees_of_freedom + dispersion.prior_degrees)


def clear_changes(
    pairs: Sequence[tuple[Level, Level]], dispersion: Dispersion, false_share: float = FALSE_SHARE
) -> list[bool]:
    """For each branch of a list (before, after) whether its change is clear, so that at most `false_share` of those
    called clear are expected to be luck."""
    values = [change_p_value(before, after, dispersion) for before, after in pairs]
    return [q <= false_share for q in benjamini_hochberg(values)]


def needed_change(visit_sd: float, before: float, after: float, level: float = LEVEL) -> float:
    """How many points a change must reach before so many visits can show it; `visit_sd` in points."""
    return two_sided_quantile(level) * visit_sd * math.sqrt(1 / before + 1 / after)


def false_arrow_rate(points: float, visit_sd: float, before: float, after: float) -> float:
    """How often a branch that did not change differs by `points` or more: what an arrow for each difference costs."""
    return 2 * normal_probability(-points / (visit_sd * math.sqrt(1 / before + 1 / after)))


@dataclass(frozen=True, slots=True)
class RateChange:
    """One question before and after: shares passed 0 to 1, and how often chance alone does as much: Fisher's exact
    test, and its mid-p, which is less timid with few visits and decides."""

    before: float
    after: float
    fisher: float
    mid: float

    @property
    def verdict(self) -> str:
        """ "clear improvement", "clear decline" or "no clear change"."""
        if self.mid > FALSE_SHARE:
            return UNCLEAR
        return IMPROVED if self.after > self.before else WORSENED


def rate_change(before: tuple[int, int], after: tuple[int, int]) -> RateChange:
    """The change of one question, each period given as (passed, failed). ZeroDivisionError for a period without visits.

    Probabilities are exact (hypergeometric, whole numbers); two-sided: all tables no likelier than the one seen."""
    passed, visits, first = before[0] + after[0], sum(before) + sum(after), sum(before)
    ways = {
        x: math.comb(passed, x) * math.comb(visits - passed, first - x)
        for x in range(max(0, first - (visits - passed)), min(first, passed) + 1)
    }
    seen, total = ways[before[0]], math.comb(visits, first)
    as_likely = sum(each for each in ways.values() if each == seen)
    at_most = sum(each for each in ways.values() if each <= seen)
    mid = (2 * at_most - as_likely) / (2 * total)  # divided once, so that one in ten is the same 0.1 everywhere
    return RateChange(before[0] / first, after[0] / sum(after), at_most / total, mid)


def rate_verdicts(
    pairs: Sequence[tuple[tuple[int, int], tuple[int, int]]], false_share: float = FALSE_SHARE
) -> list[str]:
    """For each question of a page (before, after), each given as (passed, failed), whether its change is clear, so that
    at most `false_share` of those called clear are expected to be luck. ZeroDivisionError for a period without
    visits."""
    found = [rate_change(before, after) for before, after in pairs]
    adjusted = benjamini_hochberg([each.mid for each in found])
    return [
        UNCLEAR if q > false_share else IMPROVED if each.after > each.before else WORSENED
        for each, q in zip(found, adjusted, strict=True)
    ]


def could_show_one(before: int, after: int, questions: int, false_share: float = FALSE_SHARE) -> bool:
    """Whether so many visits before and after, at least one each, could show the change of one question among so many,
    had it gone from never to always passed, and no other changed."""
    return rate_change((0, before), (after, 0)).mid * questions <= false_share


def holm(values: Sequence[float]) -> list[float]:
    """P values made safe for all being looked at together: any false alarm at all (Holm 1979).

    No page is so strict about changes: of those that a list calls clear one in ten may be luck. For whoever must not
    raise a single false alarm."""
    order = sorted(range(len(values)), key=values.__getitem__)
    adjusted, highest = [0.0] * len(values), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(values) - rank) * values[place]))
        adjusted[place] = highest
    return adjusted


def benjamini_hochberg(values: Sequence[float]) -> list[float]:
    """P values as the share of false alarms among all that are as small (Benjamini and Hochberg 1995)."""
    order = sorted(range(len(values)), key=values.__getitem__, reverse=True)
    adjusted, lowest = [0.0] * len(values), 1.0
    for done, place in enumerate(order):
        lowest = min(lowest, values[place] * len(values) / (len(values) - done))
        adjusted[place] = lowest
    return adjusted


def _inwards(level: Level, dispersion: Dispersion) -> float:
    """The level, but as if two of the answers that its visits carry had gone the other way: next to 0 and 100 they show
    no chance, and two perfect periods would promise that a change of nothing could be seen."""
    edge = min(50.0, 200 * dispersion.phi / level.visits)
    return min(100 - edge, max(edge, level.mean))


def _pooled(before: Level, after: Level) -> float:
    return (before.visits * before.mean + after.visits * after.mean) / (before.visits + after.visits)
