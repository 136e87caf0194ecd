"""The lists of the office as a workbook or as CSV: what stands on the screen, for whoever may open it, and whole.

A file leaves the house for good: the password is asked for again, as with the figures of a report.
"""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, request

from audit.actions.looking_behind import read_behind_in_pages
from audit.domain.people import May
from audit.reports.file_names import file_name
from audit.storage.shares import Share
from audit.web.access import asks_again, requires, shelves, viewer
from audit.web.areas import asked_figure, place_of
from audit.web.assignments import asked_of, overdue
from audit.web.behind_tables import BehindTables
from audit.web.branches import sought_branches
from audit.web.exports import as_file
from audit.web.languages import gettext, language
from audit.web.list_tables import (
    table_of_assignments,
    table_of_branches,
    table_of_people,
    table_of_shares,
)
from audit.web.office_forms import trimmed
from audit.web.people import ROLE_TITLES
from audit.web.reports import asked_period
from audit.web.visit_tables import table_of_visits

doors = Blueprint("lists", __name__)


@doors.get("/lists/branches.<any(csv, xlsx):kind>")
@requires(May.ADMINISTER)
@asks_again
def of_branches(kind: str) -> Response:
    """The branches that answer to the words that were looked for, all of them."""
    areas = {area.code: area for area in shelves().areas.list_all()}
    found = sought_branches(trimmed(request.args.get("q")), areas)
    return as_file([table_of_branches(found, areas)], file_name("branches"), kind)


@doors.get("/lists/people.<any(csv, xlsx):kind>")
@requires(May.ADMINISTER)
@asks_again
def of_people(kind: str) -> Response:
    """Everybody, those who were shown out too; no address, as on the page."""
    store = shelves()
    people = store.people.list_all()
    areas = {area.code: area for area in store.areas.list_all()}
    branches = store.branches.find_many(one.branch_code for one in people if one.branch_code)
    return as_file([table_of_people(people, ROLE_TITLES, areas, branches)], file_name("people"), kind)


@doors.get("/lists/assignments.<any(csv, xlsx):kind>")
@requires(May.ASSIGN_VISITS)
@asks_again
def of_assignments(kind: str) -> Response:
    """The visits that are still to be made."""
    store = shelves()
    open_ones = store.assignments.visible_to(viewer()).list_open()
    branches = store.branches.find_many(one.branch_code for one in open_ones)
    shoppers = store.people.find_many(one.shopper_id for one in open_ones)
    table = table_of_assignments(open_ones, asked_of(open_ones), overdue(open_ones), branches, shoppers)
    return as_file([table], file_name("assignments"), kind)


@doors.get("/lists/visits.<any(csv, xlsx):kind>")
@requires(May.READ_VISITS)
@asks_again
def of_visits(kind: str) -> Response:
    """All visits, from whatever page they are asked for: what waits to be read, the longest waiting first; then the
    others. They are read while the file is written, a page of them at a time."""
    return as_file([table_of_visits(shelves(), viewer())], file_name("visits"), kind)


@doors.get("/lists/shares.<any(csv, xlsx):kind>")
@requires(May.SHARE_REPORTS)
@asks_again
def of_shares(kind: str) -> Response:
    """The own links to reports, everybody's for an administrator; what they are about, and no link."""
    store = shelves()
    shares = store.shares.visible_to(viewer()).list_all()
    makers = store.people.find_many(one.made_by for one in shares)
    return as_file([table_of_shares(shares, _names_of(shares), makers, _days_of(shares))], file_name("shares"), kind)


@doors.get("/figures/visits/figures.<any(csv, xlsx):kind>")
@requires(May.READ_REPORTS)
@asks_again
def of_visits_behind(kind: str) -> Response:
    """The visits behind one figure, all of them; and the figure."""
    asked, period, store = asked_figure(), asked_period(), shelves()
    pages = read_behind_in_pages(store, viewer(), period, asked, language())
    parts = (asked.branch or asked.area, asked.checklist, asked.dimension, str(period.first), str(period.last))
    tables = BehindTables(store, pages, place_of(asked).name)
    return as_file(tables.both(), file_name("visits", *parts), kind)


def _names_of(shares: list[Share]) -> dict[str, str]:
    """Of what each link shows the report."""
    store = shelves()
    areas = {area.code: area.name for area in store.areas.list_all()}
    branches = store.branches.find_many(one.branch_code for one in shares if one.branch_code)
    names = {}
    for one in shares:
        whole = areas[one.area_code] if one.area_code else gettext("The whole programme")
        names[one.id] = branches[one.branch_code].name if one.branch_code else whole
    return names


def _days_of(shares: list[Share]) -> dict[str, tuple[date, date]]:
    """By link, its first and last day; of a visit, twice its own."""
    visited = shelves().visit_lines.days_of([one.visit_id for one in shares if one.visit_id])
    days = {}
    for one in shares:
        day = visited[one.visit_id] if one.visit_id else None
        days[one.id] = (day, day) if day else (one.first, one.last)
    return {id: (first, last) for id, (first, last) in days.items() if first and last}
