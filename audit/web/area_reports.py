"""Reports of an area and of the whole programme, as pages and as PDFs, and the pack of all branches of an area."""

from __future__ import annotations

from flask import Blueprint, Response

from audit.actions.binding import bind_programme, lay_out_area
from audit.actions.overseeing import find_own_area, must_see_all
from audit.actions.printing import VOLUME
from audit.domain.people import May
from audit.web.access import requires, shelves, viewer
from audit.web.languages import language
from audit.web.printing import asked_paper, hand_out
from audit.web.reports import asked_period, opening_of, picks, show_report

doors = Blueprint("area_reports", __name__)


@doors.get("/areas/<path:code>/report")
@requires(May.READ_REPORTS)
def show_area(code: str) -> str:
    """The report of an area as a page, with the picker of periods."""
    period = asked_period(area=code)
    report = lay_out_area(shelves(), viewer(), code, period, language())
    return show_report(report, picks=picks(period), opening=opening_of(area=code))


@doors.get("/areas/<path:code>/report.pdf")
@requires(May.READ_REPORTS)
def print_area(code: str) -> Response:
    """The same as a PDF."""
    find_own_area(shelves(), viewer(), code)
    return hand_out(asked_paper("area", code, asked_period(area=code)))


@doors.get("/areas/<path:code>/reports.zip")
@requires(May.READ_REPORTS)
def pack_area(code: str) -> Response:
    """The PDF of the area and those of all its branches in one ZIP."""
    find_own_area(shelves(), viewer(), code)
    return hand_out(asked_paper("pack", code, asked_period(area=code)))


@doors.get("/areas/<path:code>/reports.pdf")
@requires(May.READ_REPORTS)
def bind_area(code: str) -> Response:
    """The same bound into one PDF with bookmarks."""
    find_own_area(shelves(), viewer(), code)
    paper = asked_paper("pack", code, asked_period(area=code))
    return hand_out(paper, f"/printing/{paper.id}?volume", VOLUME)


@doors.get("/programme/report")
@requires(May.READ_REPORTS)
def show_programme() -> str:
    """The report of the whole programme as a page, with the picker of periods."""
    period = asked_period()
    report = bind_programme(shelves(), viewer(), period, language(), patient=False)
    return show_report(report, picks=picks(period), opening=opening_of())


@doors.get("/programme/report.pdf")
@requires(May.READ_REPORTS)
def print_programme() -> Response:
    """The same as a PDF."""
    must_see_all(viewer())
    return hand_out(asked_paper("programme", "", asked_period()))
