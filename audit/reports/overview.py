"""What stands beside the figure of an area, or of the whole programme, with one checklist over a period: the change
since the period before, the dimensions, the waves in a row, and when in the week the visits were.

Works out what is said of these; refuses a change between versions of a checklist whose offset is not known.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from audit.domain.checklist.model import Checklist
from audit.domain.score import round_half_up
from audit.domain.statistics.change import Change, Level, change_between, clear_changes, false_arrow_rate
from audit.domain.statistics.coverage import Coverage, cover
from audit.domain.statistics.dispersion import Dispersion, pool_dispersions
from audit.domain.statistics.groups import LEAST_SHOPPERS, LEAST_VISITS
from audit.domain.statistics.measuring import AreaFigures, BranchFigure, Measurement, Versions
from audit.domain.statistics.places import PlaceRange, StrictPlaces
from audit.domain.statistics.ranges import Range
from audit.domain.statistics.trend import RunChart, draw_run_chart
from audit.domain.statistics.versions import Offset
from audit.formatting import DAY_PARTS, day_part
from audit.reports.figures import PartLine, shown
from audit.reports.period import Period

if TYPE_CHECKING:
    from audit.reports.traffic import TrafficFigure

MOST_WAVES = 12
ARROW = 5
"""The difference, in points, at which readers of other reports are used to an arrow."""
_NEAR = 10**6  # a mean of exact scores is found again behind its floating-point number


class Held(Protocol):
    """A figure that can be held against an earlier one: a branch's, an area's, the programme's."""

    @property
    def mean(self) -> float: ...

    @property
    def visits(self) -> int: ...

    @property
    def effective_visits(self) -> float: ...

    @property
    def versions(self) -> Versions: ...


@dataclass(frozen=True)
class Shift:
    """From the period before to this one: both figures in whole percent with their visits. `change` is None where the
    checklist changed in between and nobody can say what that did; `offset` is what was taken off the newer version
    before the two were compared, None where nothing was; `compared` are the levels without it, in points."""

    period: Period
    before: str
    after: str
    visits_before: int
    visits: int
    change: Change | None
    offset: Offset | None = None
    compared: tuple[float, float] = (0.0, 0.0)

    @property
    def needed(self) -> int | None:
        """The least change that so many visits can show, in whole points, halves up."""
        return math.floor(self.change.needed + 0.5) if self.change else None

    @property
    def dots(self) -> tuple[tuple[int, Range], ...]:
        """Both levels as they were compared, each with its likely range, in the whole points of print: equal figures
        are drawn alike. Empty where nothing is compared."""
        if self.change is None:
            return ()
        ranges = (self.change.before, self.change.after)
        return tuple(
            (math.floor(mean + 0.5), Range(*each.ends)) for mean, each in zip(self.compared, ranges, strict=True)
        )


@dataclass(frozen=True)
class Moved:
    """Which branches of a list clearly went `up` or `down` since the period before, by code, of so many `compared`:
    those visited often enough in both. Of the named at most one in ten is expected to be luck. `by_luck` is the share,
    0 to 1, of those compared that would differ by `ARROW` points or more though nothing changed."""

    compared: int
    up: tuple[str, ...]
    down: tuple[str, ...]
    by_luck: float = 0.0


@dataclass(frozen=True)
class Week:
    """How many visits there were on each weekday (0 is Monday) and part of the day; `untimed` have no entry mark."""

    visits: int
    cells: Mapping[tuple[int, str], int]
    days: Coverage[str]
    parts: Coverage[str]
    untimed: int

    @property
    def missing_days(self) -> tuple[int, ...]:
        return tuple(int(day) for day in self.days.missing)

    @property
    def parts_of_day(self) -> tuple[str, ...]:
        """What a table of the week has as its rows."""
        return DAY_PARTS

    @property
    def missing_parts(self) -> tuple[str, ...]:
        """Of morning, afternoon and evening; none is named where no visit says when it was."""
        return () if self.untimed == self.visits else self.parts.missing


@dataclass(frozen=True)
class Wave:
    """One period of a series: the mean of its visits in points, and the versions of the checklist behind it."""

    period: Period
    mean: float
    visits: int
    versions: tuple[int, ...]

    @property
    def shown(self) -> str:
        """The mean in whole percent."""
        return points_shown(self.mean)


@dataclass(frozen=True)
class Series:
    """Waves in a row, the oldest first, periods without a visit left out. `breaks` are the places (from 0) of waves
    that another version begins: no line joins them to the one before. `chart` are the limits of the waves since the
    last break, None for fewer than eight."""

    waves: tuple[Wave, ...]
    breaks: tuple[int, ...]
    chart: RunChart | None

    @property
    def since(self) -> int:
        """The place of the first wave that the limits hold for."""
        return max(self.breaks, default=0)


@dataclass(frozen=True)
class Overview:
    """What stands beside a figure. `places` is by branch (for the programme: by area), None while it is being worked
    out, empty where nobody is compared. `offset` is what the newest version does to scores, if there are two;
    `critical` in how many visits a critical question was failed, of how many; `moved` the branches (for the programme:
    the areas) that clearly changed, None without a period before; `strict` the places of an area's branches that hold
    for all at once, None where they are not compared with one another, and for the programme; `traffic` how the visits
    lie to when customers come, None unless the office said that."""

    change: Shift | None
    places: Mapping[str, PlaceRange] | None
    dimensions: tuple[PartLine, ...]
    week: Week
    series: Series
    versions: tuple[int, ...]
    offset: Offset | None
    critical: tuple[int, int] = (0, 0)
    moved: Moved | None = None
    strict: StrictPlaces | None = None
    traffic: TrafficFigure | None = None

    @property
    def failed(self) -> tuple[int, int] | None:
        """In how many visits a critical question was failed, of how many; None if in none."""
        return self.critical if self.critical[0] else None

    @property
    def told_apart_by_change(self) -> Moved | None:
        """The branches that clearly changed; None where fewer than two could be compared, and nothing is said."""
        return self.moved if self.moved and self.moved.compared > 1 else None


def compare(
    period: Period,
    earlier: Measurement,
    later: Measurement,
    before: Held,
    after: Held,
    target: Fraction | None = None,
) -> Shift:
    """The change of one figure since `period`, the one before. The two are held against chance in both periods. No
    rounding lifts them over the target, in points, as it lifts no other figure."""
    offset, comparable = _offset(earlier, later, before, after)
    dispersion = pool_dispersions(earlier.dispersion, later.dispersion)
    levels = _levels(before, after, offset, dispersion)
    change = change_between(*levels, dispersion) if comparable else None
    return Shift(
        period,
        points_shown(before.mean, target),
        points_shown(after.mean, target),
        before.visits,
        after.visits,
        change,
        offset,
        (levels[0].mean, levels[1].mean),
    )


def find_moved(
    period: Period, earlier: Measurement, later: Measurement, before: AreaFigures, after: AreaFigures
) -> Moved:
    """The branches that clearly changed since `period`, the one before, looked at together: in a long list some ranges
    of a change miss 0 by luck."""
    was = {each.branch: each for each in before.branches if _is_admitted(each)}
    held = [(was[each.branch], each) for each in after.branches if each.branch in was and _is_admitted(each)]
    shifts = [compare(period, earlier, later, *pair) for pair in held]
    known = [(pair, shift) for pair, shift in zip(held, shifts, strict=True) if shift.change]
    dispersion = pool_dispersions(earlier.dispersion, later.dispersion)
    levels = [_levels(*pair, shift.offset, dispersion) for pair, shift in known]
    clear = clear_changes(levels, dispersion)
    named = [(new.branch, shift) for ((_, new), shift), is_clear in zip(known, clear, strict=True) if is_clear]
    return Moved(
        len(known),
        tuple(branch for branch, shift in named if shift.compared[1] > shift.compared[0]),
        tuple(branch for branch, shift in named if shift.compared[1] < shift.compared[0]),
        _by_luck(levels, dispersion),
    )


def points_shown(mean: float, target: Fraction | None = None) -> str:
    """A mean of exact scores in whole points, halves up although it came as a floating-point number."""
    return round_half_up(exactly(mean), 0, target)


def exactly(mean: float) -> Fraction:
    """The fraction that a mean of exact scores was, before it became a floating-point number."""
    return Fraction(mean).limit_denominator(_NEAR)


def dimension_lines(
    checklist: Checklist, found: Mapping[str, tuple[Fraction | None, int, int]], language: str
) -> tuple[PartLine, ...]:
    """A line for each dimension of the checklist that was found: its mean, in how many visits, how often unobserved."""
    return tuple(
        PartLine(each.id, each.title.in_language(language), score, shown(score), n, not_observed, Fraction(0))
        for each in checklist.dimensions
        if each.id in found
        for score, n, not_observed in (found[each.id],)
    )


def spread_over_week(moments: Iterable[tuple[date, datetime | None, ZoneInfo]]) -> Week:
    """The week of visits given as (day, moment of the entry mark, time zone of the branch)."""
    cells: dict[tuple[int, str], int] = {}
    days, parts, visits, untimed = dict.fromkeys(range(7), 0), dict.fromkeys(DAY_PARTS, 0), 0, 0
    for day, entered, zone in moments:
        visits += 1
        days[day.weekday()] += 1
        local = entered.astimezone(zone) if entered else None
        if local is None or local.date() != day:  # a mark that was not believed when the visit came
            untimed += 1
            continue
        part = day_part(local)
        parts[part] += 1
        cells[day.weekday(), part] = cells.get((day.weekday(), part), 0) + 1
    # Nobody has said when the customers come, so that each weekday and each part of the day counts alike.
    by_day = {str(day): made for day, made in days.items()}
    return Week(
        visits, cells, cover(dict.fromkeys(by_day, 1.0), by_day), cover(dict.fromkeys(parts, 1.0), parts), untimed
    )


def put_in_a_row(period: Period, made: Sequence[tuple[date, int, float]]) -> Series:
    """The waves that end with `period`, from visits given as (day, version, score in points)."""
    waves = []
    for each in reversed(periods_up_to(period)):
        own = [(version, score) for day, version, score in made if each.first <= day <= each.last]
        if own:
            mean = math.fsum(score for _, score in own) / len(own)
            waves.append(Wave(each, mean, len(own), tuple(sorted({version for version, _ in own}))))
    breaks = tuple(
        place for place, (before, after) in enumerate(pairwise(waves), start=1) if before.versions != after.versions
    )
    series = Series(tuple(waves), breaks, None)
    chart = draw_run_chart([wave.mean for wave in waves[series.since :]])
    return Series(series.waves, breaks, chart)


def periods_up_to(period: Period) -> list[Period]:
    """The period and those before it, the newest first; only itself if it has no name and so no length to go by."""
    periods = [period]
    while period.name and len(periods) < MOST_WAVES:
        period = period.before()
        periods.append(period)
    return periods


def _by_luck(levels: Sequence[tuple[Level, Level]], dispersion: Dispersion) -> float:
    """The mean over the pairs, each at the middle of its two levels."""
    rates = []
    for before, after in levels:
        variance = dispersion.visit_variance((before.mean + after.mean) / 2)
        rates.append(false_arrow_rate(ARROW, math.sqrt(variance), before.visits, after.visits) if variance > 0 else 0.0)
    return math.fsum(rates) / len(rates) if rates else 0.0


def _is_admitted(branch: BranchFigure) -> bool:
    return branch.visits >= LEAST_VISITS and branch.shoppers >= LEAST_SHOPPERS


def _offset(earlier: Measurement, later: Measurement, before: Held, after: Held) -> tuple[Offset | None, bool]:
    """What to take off the newest version, and whether the two may be compared at all."""
    versions = {version for version, _ in (*before.versions, *after.versions)}
    if len(versions) < 2:
        return None, True
    known = [
        each.offset
        for each in (earlier, later)
        if each.offset and each.offset.is_usable and each.whole and each.whole.versions[-1][0] == max(versions)
    ]
    if len(versions) > 2 or not known:
        return None, False
    return max(known, key=lambda offset: offset.visits), True


def _levels(before: Held, after: Held, offset: Offset | None, dispersion: Dispersion) -> tuple[Level, Level]:
    """What is compared: the means without what the newest version does, and how unsure that is. As far as both periods
    hold that version the guess is in both, and what it misses is no change."""
    newest = after.versions[-1][0]
    shares = [sum(n for version, n in each.versions if version == newest) / each.visits for each in (before, after)]
    points, unsure = 0.0, 0.0
    if offset:
        points = offset.points
        unsure = abs(shares[1] - shares[0]) * math.sqrt(dispersion.visit_variance(after.mean) / offset.worth)
    was, now = (
        min(100.0, max(0.0, each.mean - points * share)) for each, share in zip((before, after), shares, strict=True)
    )
    return Level(was, before.effective_visits), Level(now, after.effective_visits, unsure)
