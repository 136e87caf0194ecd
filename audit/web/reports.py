"""Reports: of a branch over a period and of one visit, as a page and as a PDF; and how their figures come about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, render_template, request

from audit.actions.opening import Opening, Place, open_quarter
from audit.actions.reporting import read_branch_report, read_visit_report
from audit.domain.errors import NotFound
from audit.domain.people import May, Role
from audit.domain.programme import Branch
from audit.reports.method import Method
from audit.reports.paper import REPORTS, SCREEN_LAYOUT, Report, ScreenCanvas, context
from audit.reports.period import ASKED, EARLIEST, Period, read_period
from audit.web.access import requires, shelves, this_moment, viewer
from audit.web.languages import catalogue, gettext, language
from audit.web.printing import asked_paper, hand_out

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
    report = read_branch_report(shelves(), viewer(), code, period, language())
    return show_report(report, picks=picks(period, branch), opening=opening_of(branch))


@doors.get("/branches/<path:code>/report.pdf")
@requires(May.READ_REPORTS)
def print_branch(code: str) -> Response:
    """The same as a PDF."""
    branch = shelves().branches.visible_to(viewer()).find(code)
    period = asked_period(branch)
    return hand_out(asked_paper("branch", code, period))


@doors.get("/visits/<visit_id>/report")
@requires(May.READ_REPORTS)
def show_visit(visit_id: str) -> str:
    """The report of a visit as a page."""
    return show_report(read_visit_report(shelves(), viewer(), visit_id, language()))


@doors.get("/visits/<visit_id>/report.pdf")
@requires(May.READ_REPORTS)
def print_visit(visit_id: str) -> Response:
    """The same as a PDF."""
    visit = shelves().visits.visible_to(viewer()).find(visit_id)
    if shelves().scores.of(visit_id) is None:
        raise NotFound("This visit has no score: it was not sent, or it was stopped.")
    day = visit.visited_on or visit.started_at.date()
    return hand_out(asked_paper("visit", visit_id, Period(day, day)))


@doors.get("/how-we-score")
@requires(May.HAVE_A_HOME)
def explain() -> str:
    """How figures come about, what their ranges mean, and what is never done."""
    layout = "layouts/phone.html" if viewer().role is Role.SHOPPER else SCREEN_LAYOUT
    return render_template(REPORTS[Method], layout=layout, screen=True)


@doors.get("/how-we-score.pdf")
@requires(May.READ_REPORTS)
def print_method() -> Response:
    """The same as a PDF: a leaf to lay beside any report."""
    return hand_out(asked_paper("method", "", Period(EARLIEST, EARLIEST)))


def asked_period(branch: Branch | None = None, area: str | None = None) -> Period:
    """The period that the address asks for, or with which the figures of this branch, of this area or of the programme
    begin; today is the day at the branch, else at the programme."""
    opening = opening_of(branch, area)
    return opening.quarter if opening else read_period(request.args, _today(branch))


def opening_of(branch: Branch | None = None, area: str | None = None) -> Opening | None:
    """With which quarter these figures begin; None where the address asks for a period."""
    if any(request.args.get(name, "").strip() for name in ("from", "to", "period")):
        return None
    return open_quarter(shelves(), _today(branch), Place(branch.code if branch else "", area))


def _today(branch: Branch | None) -> date:
    return (branch or Branch("-", "-")).day_of(this_moment(), shelves().programme.find())


def picks(period: Period, branch: Branch | None = None) -> list[Pick]:
    """The periods on offer: those that run now, the last quarter, the last twelve months, and what came just before the
    one that is shown."""
    today = _today(branch)
    words = {
        "month": gettext("This month"),
        "quarter": gettext("This quarter"),
        "last-quarter": gettext("Last quarter"),
        "year": gettext("This year"),
        "twelve-months": gettext("Last 12 months"),
    }
    days = {name: _days(ASKED[name](today)) for name in words}
    offered = [Pick(words[name], f"period={name}", its == _days(period)) for name, its in days.items()]
    before = period.before()
    if before.last < EARLIEST or _days(before) in days.values():
        return offered
    return [*offered, Pick(gettext("The one before"), before.query, False)]


def _days(period: Period) -> tuple[date, date]:
    return period.first, period.last


def show_report(report: Report, **more: object) -> str:
    """A report as a page."""
    canvas = ScreenCanvas(shelves().photos.pictures.has)
    return render_template(
        REPORTS[type(report)],
        **context(report, language(), canvas, catalogue(language())),
        layout=SCREEN_LAYOUT,
        screen=True,
        **more,
    )
