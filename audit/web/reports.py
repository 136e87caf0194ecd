"""Reports: of a branch over a period and of one visit, as a page and as a PDF; and how their figures come about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, make_response, render_template, request

from audit.actions.reporting import draw_report, open_drawer, print_report, read_branch_report, read_visit_report
from audit.domain.people import May
from audit.domain.programme import Branch
from audit.reports.paper import REPORTS, SCREEN_LAYOUT, Report, ScreenCanvas, context
from audit.reports.pdf import Printer
from audit.reports.period import EARLIEST, NAMED, Period, read_period
from audit.web.access import requires, shelves, this_moment, viewer
from audit.web.languages import catalogue, gettext, language

doors = Blueprint("reports", __name__)


@dataclass(frozen=True)
class Pick:
    """One period on offer: its words, the query that asks for it, and whether it is the one that is shown."""

    words: str
    query: str
    chosen: bool


@doors.get("/branches/<path:code>/report")
@requires(May.READ_REPORTS)
def show_branch(code: str) -> str:
    """The report of a branch as a page, with the picker of periods."""
    branch = shelves().branches.visible_to(viewer()).find(code)
    period = asked_period(branch)
    return _page(read_branch_report(shelves(), viewer(), code, period, language()), picks=picks(period, branch))


@doors.get("/branches/<path:code>/report.pdf")
@requires(May.READ_REPORTS)
def print_branch(code: str) -> Response:
    """The same as a PDF."""
    branch = shelves().branches.visible_to(viewer()).find(code)
    period = asked_period(branch)
    name = f"{branch.code}-{period.first.isoformat()}-{period.last.isoformat()}"
    return _pdf(read_branch_report(shelves(), viewer(), code, period, language()), name)


@doors.get("/visits/<visit_id>/report")
@requires(May.READ_REPORTS)
def show_visit(visit_id: str) -> str:
    """The report of a visit as a page."""
    return _page(read_visit_report(shelves(), viewer(), visit_id, language()))


@doors.get("/visits/<visit_id>/report.pdf")
@requires(May.READ_REPORTS)
def print_visit(visit_id: str) -> Response:
    """The same as a PDF."""
    report = read_visit_report(shelves(), viewer(), visit_id, language())
    return _pdf(report, f"{report.branch.code}-{report.visit.day.isoformat()}")


@doors.get("/how-we-score")
@requires(May.HAVE_A_HOME)
def explain() -> str:
    """How figures come about, what their ranges mean, and what is never done."""
    return render_template("reports/how_we_score.html")


def asked_period(branch: Branch | None = None) -> Period:
    """The period that the address asks for; today is the day at the branch, else at the programme."""
    programme = shelves().programme.find()
    today = (branch or Branch("-", "-")).day_of(this_moment(), programme)
    return read_period(request.args, today)


def picks(period: Period, branch: Branch | None = None) -> list[Pick]:
    """The periods on offer: month, quarter and year that run now, and what came just before the one that is shown."""
    today = (branch or Branch("-", "-")).day_of(this_moment(), shelves().programme.find())
    words = {"month": gettext("This month"), "quarter": gettext("This quarter"), "year": gettext("This year")}
    running = [Pick(words[name], f"period={name}", of(today) == period) for name, of in NAMED.items()]
    before = period.before()
    if before.last < EARLIEST:
        return running
    return [*running, Pick(gettext("The one before"), f"from={before.first}&to={before.last}", False)]


def _page(report: Report, **more: object) -> str:
    canvas = ScreenCanvas(shelves().photos.pictures.has)
    return render_template(
        REPORTS[type(report)],
        **context(report, language(), canvas, catalogue(language())),
        layout=SCREEN_LAYOUT,
        screen=True,
        **more,
    )


def _pdf(report: Report, name: str) -> Response:
    """The PDF, or 304 if the reader has this very one; kept by the browser, asked for again each time."""
    sheet = draw_report(shelves(), report, language(), catalogue(language()))
    response = make_response()
    response.set_etag(sheet.key)
    response.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains(sheet.key):
        response.status_code = 304
        return response
    response.data = print_report(shelves(), sheet, _printer())
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(name)}.pdf"'
    return response


def file_name(name: str) -> str:
    """What a file is called that is handed out: from ids, in signs that every system can write."""
    return f"candour-{re.sub(r'[^A-Za-z0-9.-]+', '_', name)}"


def _printer() -> Printer:
    """The printer of this process, with the drawer of its store."""
    if "printer" not in current_app.extensions:
        current_app.extensions.setdefault("printer", Printer(open_drawer(shelves())))
    return current_app.extensions["printer"]  # type: ignore[no-any-return]
