"""Visits held against when customers come, beside a figure: the parts of the week that nobody saw, and the mean weighed
by the customers. Only of visits in person, and only where the office said when customers come."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from audit.domain.statistics.coverage import LEAST_COVERED
from audit.domain.statistics.dispersion import Dispersion
from audit.domain.statistics.measuring import Measurement
from audit.domain.statistics.ranges import Range
from audit.domain.statistics.traffic import DAYS, HOURS, PARTS, WEEK, TimedVisit, Traffic, Weighed, part_of_week
from audit.domain.statistics.traffic import weigh as weigh_visits
from audit.reports.branch import BranchReport, ChecklistPart
from audit.reports.overview import points_shown

IN_PERSON = "visit"
"""The channel of the checklists whose visits are held against it: who calls or writes does so at other times."""
SHADES = 4
MOST_DOTS = 12


@dataclass(frozen=True)
class Cell:
    """One part of the week: the share of customers, 0 to 1, that come then, from 0 to 4 how dark that is drawn, and how
    many visits there were."""

    day: int
    part: str
    share: Fraction
    shade: int
    visits: int


@dataclass(frozen=True)
class TrafficFigure:
    """What is said of visits and customers. `shown` is the weighed mean in whole percent with its `range`; empty and
    None where it is not weighed. Of the `visits` some are `untimed`. `cells` are all parts of the week, day by day."""

    weighed: Weighed
    shown: str
    range: Range | None
    cells: tuple[Cell, ...]

    @property
    def visits(self) -> int:
        return self.weighed.visits

    @property
    def untimed(self) -> int:
        return self.weighed.untimed

    @property
    def reached(self) -> Fraction:
        """The share of customers, 0 to 1, that come at times with a visit."""
        return sum((cell.share for cell in self.cells if cell.visits), Fraction(0))

    @property
    def rows(self) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
        """The same by part of the day, for a table with a column for each day."""
        return tuple((part, tuple(cell for cell in self.cells if cell.part == part)) for part in PARTS)

    @property
    def days(self) -> Sequence[int]:
        return DAYS

    @property
    def hours(self) -> Mapping[str, tuple[int, int]]:
        """Of the parts of the day."""
        return HOURS

    @property
    def dot(self) -> int:
        """How many visits a dot stands for, at most."""
        return max(1, -(-max(cell.visits for cell in self.cells) // MOST_DOTS))

    @property
    def missing_days(self) -> tuple[int, ...]:
        """Days on which customers come and there was no visit."""
        by_day = ([cell for cell in self.cells if cell.day == day] for day in DAYS)
        return tuple(own[0].day for own in by_day if _is_missing(own))

    @property
    def missing_parts(self) -> tuple[str, ...]:
        """Parts of the day in which customers come and there was no visit on any day."""
        return tuple(part for part, own in self.rows if _is_missing(own))

    def share_of(self, *, days: Iterable[int] = (), part: str = "") -> Fraction:
        """The share of customers, 0 to 1, that come on these days, or in this part of the day."""
        own = (cell.share for cell in self.cells if cell.day in set(days) or cell.part == part)
        return sum(own, Fraction(0))

    @property
    def is_covered(self) -> bool:
        """Whether the visits reached enough of the customers; if it is not weighed all the same, weights cost too
        much."""
        return self.weighed.is_covered

    @property
    def least(self) -> Fraction:
        """The share of customers, 0 to 1, that visits must reach before a mean is weighed."""
        return Fraction(LEAST_COVERED).limit_denominator(100)

    @property
    def worth(self) -> Fraction:
        """How many visits these are worth once they are weighed."""
        return Fraction(self.weighed.worth).limit_denominator(100)


def believed(day: date, entered: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The moment of an entry mark by the clock of the branch; None without one, or for one on another day than that of
    the visit, which was not believed when it came."""
    local = entered.astimezone(zone) if entered else None
    return local if local and local.date() == day else None


def weigh(traffic: Traffic, visits: Iterable[tuple[datetime | None, float, str]], shopper_share: float) -> Weighed:
    """Visits given as (moment by the clock of the branch, score in points, shopper); the shoppers' share of the spread
    as it was taken for the range beside it."""
    return weigh_visits(
        traffic,
        (TimedVisit(part_of_week(local) if local else None, score, shopper) for local, score, shopper in visits),
        shopper_share,
    )


def hold_against(weighed: Weighed, dispersion: Dispersion, target: Fraction | None) -> TrafficFigure:
    """What is said of it. No rounding lifts the mean over the target, in points."""
    shown = "" if weighed.mean is None else points_shown(weighed.mean, target)
    return TrafficFigure(weighed, shown, weighed.likely_range(dispersion), _cells(weighed))


def _cells(weighed: Weighed) -> tuple[Cell, ...]:
    shares = {part: weighed.traffic.share(part) for part in WEEK}
    most = max(shares.values())
    return tuple(
        Cell(*part, share, math.ceil(SHADES * share / most), weighed.made.get(part, 0))
        for part, share in shares.items()
    )


def hold_branch_against(report: BranchReport, traffic: Traffic, measured: Mapping[str, Measurement]) -> BranchReport:
    """The report of a branch with its visits in person held against it; `measured` is by checklist."""
    parts = (
        replace(part, traffic=_of_part(part, traffic, measured[part.checklist.id]))
        if part.checklist.channel == IN_PERSON and part.sure
        else part
        for part in report.parts
    )
    return replace(report, parts=tuple(parts))


def _of_part(part: ChecklistPart, traffic: Traffic, measured: Measurement) -> TrafficFigure:
    made = (
        (each.began, float(each.score.base), each.visit.shopper_id)
        for each in part.visits
        if each.score.counts and each.score.base is not None
    )
    return hold_against(weigh(traffic, made, measured.shopper_share), measured.dispersion, part.figure.target)


def _is_missing(cells: Sequence[Cell]) -> bool:
    return any(cell.share for cell in cells) and not any(cell.visits for cell in cells)
