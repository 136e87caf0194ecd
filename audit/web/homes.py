"""The home page of each role: what is there to do or to read. One row a role; the pages themselves are templates."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, render_template

from audit.actions.overseeing import branch_shifts
from audit.actions.reporting import read_area_report
from audit.domain.people import May, Role
from audit.web.access import requires, shelves, viewer
from audit.web.areas import figures_of, surroundings
from audit.web.languages import language
from audit.web.office_homes import what_waits
from audit.web.reports import asked_period
from audit.web.shopper_homes import what_to_do

doors = Blueprint("homes", __name__)


@doors.get("/")
@requires(May.HAVE_A_HOME)
def home() -> str:
    """The home page of whoever is signed in."""
    role = viewer().role
    return render_template(f"home/{role.value}.html", **HOMES[role]())


def own_branch() -> dict[str, object]:
    """The figures of the branch somebody manages, over the period that was asked for."""
    person = viewer()
    own = shelves().branches.find(person.branch_code) if person.branch_code else None
    period = asked_period(own)
    report = read_area_report(shelves(), person, period, language())
    shifts = branch_shifts(shelves(), period, own.code, own.area_code) if own else {}
    latest = shelves().visits.visible_to(person).latest_day() if not report.parts else None
    return {"r": report, "shifts": shifts, "latest": latest, **surroundings(period, own)}


def own_area() -> dict[str, object]:
    """The figures of the area somebody manages."""
    return figures_of(viewer().area_code or "")


HOMES: dict[Role, Callable[[], dict[str, object]]] = {
    Role.ADMIN: what_waits,
    Role.REVIEWER: what_waits,
    Role.AREA_MANAGER: own_area,
    Role.BRANCH_MANAGER: own_branch,
    Role.SHOPPER: what_to_do,
}
