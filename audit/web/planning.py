"""How many visits a difference between two branches takes: a page to plan with, for the programme office."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from audit.domain.people import May
from audit.domain.statistics.planning import (
    points_told_apart,
    visits_for_half_width,
    visits_to_tell_apart,
)
from audit.reports.plots import curve_places
from audit.web.access import requires
from audit.web.workings import EXAMPLE, asked_workings, variance_of

doors = Blueprint("planning", __name__)

DIFFERENCES = range(5, 31)
WIDTHS = (10, 8, 5, 3)


@doors.get("/programme/planning")
@requires(May.SEE_SHOPPERS)
def show() -> str:
    """The curve with the difference that was asked for; a script moves along it without asking again."""
    asked = asked_workings()
    about: dict[str, object] = {}
    variance = variance_of(asked.part, asked.found) if asked.part and asked.found else 0.0
    if asked.found and variance:
        steps = [(points, visits_to_tell_apart(points, variance)) for points in DIFFERENCES]
        about = {
            "steps": steps,
            "places": curve_places(steps),
            "chosen": asked_difference(),
            "told": points_told_apart(asked.found.each, variance, DIFFERENCES),
            "widths": [(points, visits_for_half_width(points, variance)) for points in WIDTHS],
        }
    return render_template("workings/planning.html", **asked.surroundings(), **about)


def asked_difference() -> int:
    """The difference in points that the address asks for, else the usual one."""
    asked = request.args.get("points", EXAMPLE, type=int)
    return asked if asked in DIFFERENCES else EXAMPLE
