"""The workings behind the figures as a workbook or as CSV, for the programme office: unrounded, and no more than the
pages say. A file of CSV holds the first table, a workbook all of them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response

from audit.domain.errors import not_here
from audit.domain.people import May
from audit.domain.statistics.planning import visits_for_half_width, visits_to_tell_apart
from audit.formatting import Formats
from audit.reports.areas import ProgrammePart
from audit.reports.cells import Table
from audit.reports.file_names import file_name
from audit.reports.workings import Workings
from audit.reports.workings_sentences import WorkingsSentences
from audit.web.access import asks_again, requires, shelves
from audit.web.exports import as_file
from audit.web.languages import catalogue, gettext, language
from audit.web.list_tables import (
    table_of_dimensions,
    table_of_left_out,
    table_of_plans,
    table_of_questions,
    table_of_severities,
    table_of_traffic,
    table_of_two_figures,
)
from audit.web.planning import DIFFERENCES, WIDTHS
from audit.web.reports import asked_period
from audit.web.shoppers import two_figures
from audit.web.traffic import part_titles
from audit.web.workings import asked_workings, names_of, variance_of

doors = Blueprint("workings_files", __name__)


@doors.get("/programme/workings/figures.<any(csv, xlsx):kind>")
@requires(May.SEE_SHOPPERS)
@asks_again
def of_workings(kind: str) -> Response:
    """Every question; and what goes together with a good impression, where there were visits enough."""
    part, found = _looked_for()
    tables = [table_of_questions(found.questions, WorkingsSentences(catalogue(language()), Formats(language())))]
    if found.together:
        shares, ranges = found.together.shares.of_whole, found.together.ranges
        tables.append(table_of_dimensions(found.compared, shares, [(each.low, each.high) for each in ranges]))
    return _file(tables, "workings", part, kind)


@doors.get("/programme/shoppers/figures.<any(csv, xlsx):kind>")
@requires(May.SEE_SHOPPERS)
@asks_again
def of_shoppers(kind: str) -> Response:
    """Both figures of each branch; who marks kindly or severely, where that is sure; and who often says that something
    does not apply."""
    part, found = _looked_for()
    names = names_of(found)
    calibrated = {each.branch: each.mean for each in found.calibrated}
    both = [
        (each.branch, each.sure.mean, (each.sure.likely_range.low, each.sure.likely_range.high), each.sure.visits, mean)
        for each in two_figures(found, part, asked_period())
        if (mean := calibrated.get(each.branch.code)) is not None
    ]
    clear = sorted(found.clear, key=lambda each: names[str(each.shopper)].casefold())
    left_out = sorted(found.left_out, key=lambda each: names[each.shopper].casefold())
    tables = [table_of_two_figures(both), table_of_severities(clear, names), table_of_left_out(left_out, names)]
    return _file(tables, "shoppers", part, kind)


@doors.get("/programme/planning/figures.<any(csv, xlsx):kind>")
@requires(May.SEE_SHOPPERS)
@asks_again
def of_planning(kind: str) -> Response:
    """How many visits each difference takes, and each width of a range."""
    part, found = _looked_for()
    variance = variance_of(part, found)
    steps = [(points, visits_to_tell_apart(points, variance)) for points in DIFFERENCES if variance]
    widths = [(points, visits_for_half_width(points, variance)) for points in WIDTHS if variance]
    tables = [
        table_of_plans(gettext("How many visits it takes"), gettext("A difference of so many points"), steps),
        table_of_plans(gettext("For a range of this width"), gettext("Range of a branch"), widths),
    ]
    return _file(tables, "planning", part, kind)


@doors.get("/programme/traffic/figures.<any(csv, xlsx):kind>")
@requires(May.ADMINISTER)
@asks_again
def of_traffic(kind: str) -> Response:
    """What was said of when customers come; NotFound where nothing was."""
    traffic = shelves().traffic.find()
    if traffic is None:
        raise not_here()
    return as_file([table_of_traffic(traffic, part_titles())], file_name("traffic"), kind)


def _looked_for() -> tuple[ProgrammePart, Workings]:
    """NotFound where no visit was published, and while they are being worked out: no page offers a file then."""
    asked = asked_workings()
    if asked.part is None or asked.found is None:
        raise not_here()
    return asked.part, asked.found


def _file(tables: Sequence[Table], what: str, part: ProgrammePart, kind: str) -> Response:
    period = asked_period()
    return as_file(tables, file_name(what, part.checklist.id, str(period.first), str(period.last)), kind)
