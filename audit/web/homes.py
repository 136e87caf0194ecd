"""The home page of each role: what is there to do or to read. One row a role; the pages themselves are templates."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, render_template

from audit.actions.reporting import read_area_report
from audit.domain.people import May, Role
from audit.formatting import Formats
from audit.reports.paper import ScreenCanvas
from audit.reports.sentences import Sentences
from audit.web.access import requires, shelves, viewer
from audit.web.languages import catalogue, language
from audit.web.office_homes import what_waits
from audit.web.reports import asked_period, picks
from audit.web.shopper_homes import what_to_do

doors = Blueprint("homes", __name__)


@doors.get("/")
@requires(May.HAVE_A_HOME)
def home() -> str:
    """The home page of whoever is signed in."""
    role = viewer().role
    return render_template(f"home/{role.value}.html", **HOMES[role]())


def own_branches() -> dict[str, object]:
    """The figures of the branches somebody manages, over the period that was asked for."""
    person = viewer()
    own = shelves().branches.find(person.branch_code) if person.branch_code else None
    period = asked_period(own)
    report = read_area_report(shelves(), person, period, language())
    return {
        "r": report,
        "f": Formats(language()),
        "say": Sentences(catalogue(language())),
        "canvas": ScreenCanvas(),
        "picks": picks(period, own),
    }


HOMES: dict[Role, Callable[[], dict[str, object]]] = {
    Role.ADMIN: what_waits,
    Role.REVIEWER: what_waits,
    Role.AREA_MANAGER: own_branches,
    Role.BRANCH_MANAGER: own_branches,
    Role.SHOPPER: what_to_do,
}
