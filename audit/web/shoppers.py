"""Who marks kindly and who severely, for the programme office; and the second figure of each branch, with that taken
off, beside the recorded one, which nothing changes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from flask import Blueprint, render_template

from audit.actions.measuring import measure_period
from audit.domain.people import May
from audit.domain.programme import Branch
from audit.domain.statistics.groups import LEAST_VISITS
from audit.domain.statistics.measuring import BranchFigure
from audit.domain.statistics.severity import Severity
from audit.reports.areas import ProgrammePart
from audit.reports.overview import points_shown
from audit.reports.period import Period
from audit.reports.workings import Workings
from audit.web.access import requires, shelves
from audit.web.workings import asked_workings, names_of

doors = Blueprint("shoppers", __name__)

MOST_BRANCHES = 200
STEP = 5  # points: the scale of the drawings ends at a multiple of it


@dataclass(frozen=True)
class TwoFigures:
    """A branch with its recorded figure, in whole percent, how sure that is, and its calibrated figure."""

    branch: Branch
    recorded: str
    sure: BranchFigure
    calibrated: str


@doors.get("/programme/shoppers")
@requires(May.SEE_SHOPPERS)
def show() -> str:
    """Each shopper whose direction is sure on a scale around zero, and the branches whose two figures differ."""
    asked = asked_workings()
    about: dict[str, object] = {}
    if asked.part and asked.found:
        names = names_of(asked.found)
        both = two_figures(asked.found, asked.part, asked.report.period)
        about = {
            "shoppers": names,
            "left_out": sorted(asked.found.left_out, key=lambda each: names[each.shopper].casefold()),
            "clear": sorted(asked.found.clear, key=lambda each: names[str(each.shopper)].casefold()),
            "half": half_of(asked.found.clear),
            "both": len(both),
            "differ": [each for each in both if each.recorded != each.calibrated],
            "most": MOST_BRANCHES,
        }
    return render_template("workings/shoppers.html", **asked.surroundings(), **about)


def half_of(clear: tuple[Severity, ...]) -> int:
    """How far the scale of the drawings goes to both sides, in points."""
    farthest = max((max(abs(each.range.low), abs(each.range.high)) for each in clear), default=0.0)
    return max(1, math.ceil(farthest / STEP)) * STEP


def two_figures(found: Workings, part: ProgrammePart, period: Period) -> list[TwoFigures]:
    """The branches with at least three visits, all of them looked at, by name: fewer visits gain nothing by it."""
    measured = measure_period(shelves(), period)[part.checklist.id]
    figures = {figure.branch: figure for area in measured.areas for figure in area.branches}
    known = [each for each in found.calibrated if each.visits >= LEAST_VISITS and each.branch in figures]
    branches = shelves().branches.find_many(each.branch for each in known)
    target = part.checklist.target
    both = [
        TwoFigures(branches[each.branch], points_shown(sure.mean, target), sure, points_shown(each.mean, target))
        for each in known
        if (sure := figures[each.branch]).visits == each.visits
    ]
    return sorted(both, key=lambda each: (each.branch.name.casefold(), each.branch.code))
