"""The figures of an area and of the whole programme as pages, and the visits behind any figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for

from audit.actions.looking_behind import AskedFigure, VisitsBehind, read_behind, read_behind_all
from audit.actions.overseeing import find_own_area, must_see_all, oversee_area, oversee_programme, read_areas
from audit.actions.reporting import read_area_report
from audit.domain.people import May, Scope
from audit.domain.programme import Area, Branch, Programme
from audit.domain.statistics.groups import LEAST_BRANCHES
from audit.formatting import Formats
from audit.reports.area import AreaPart
from audit.reports.areas import ProgrammePart
from audit.reports.overview import exactly
from audit.reports.paper import ScreenCanvas
from audit.reports.period import Period
from audit.reports.sentences import Sentences
from audit.web.access import requires, shelves, viewer
from audit.web.assignments import overdue
from audit.web.languages import catalogue, language
from audit.web.office_forms import trimmed
from audit.web.reports import asked_period, opening_of, picks

doors = Blueprint("areas", __name__)
Part = TypeVar("Part", AreaPart, ProgrammePart)

PAGE = 200  # visits behind a figure


@dataclass(frozen=True)
class ChecklistPick:
    """One checklist on offer: its title, in how many visits it was used, and whether its figures are shown."""

    id: str
    title: str
    n: int
    chosen: bool


@doors.get("/programme")
@requires(May.READ_REPORTS)
def show_programme() -> str:
    """The areas of the whole programme, for whoever may see all of it."""
    period = asked_period()
    report = read_areas(shelves(), viewer(), period, language())
    part = chosen(report.parts)
    overview = oversee_programme(shelves(), period, language(), waits=False).get(part.checklist.id) if part else None
    return render_template(
        "areas/programme.html", r=report, part=part, o=overview, latest=None if part else latest_day(),
        **surroundings(period), **offered(report.parts, part),
    )  # fmt: skip


@doors.get("/areas/<path:area_code>")
@requires(May.READ_REPORTS)
def show(area_code: str) -> str:
    """One area: what its manager sees at home."""
    find_own_area(shelves(), viewer(), area_code)
    return render_template("areas/area.html", **figures_of(area_code))


@doors.get("/figures/visits")
@requires(May.READ_REPORTS)
def show_behind() -> str:
    """The visits behind one figure, newest first, a page at a time."""
    asked, period, before = asked_figure(), asked_period(), _shown_until()
    behind: VisitsBehind | None
    if asked.branch or asked.area:
        behind = read_behind(shelves(), viewer(), period, asked, language())
    else:
        behind = read_behind_all(shelves(), viewer(), period, asked, PAGE + 1, language(), before)
    older = [one for one in behind.counted if before is None or (one.day, one.visit_id) < before] if behind else []
    return render_template(
        "areas/behind.html",
        behind=behind,
        page=older[:PAGE],
        following=older[PAGE - 1].visit_id if len(older) > PAGE else "",
        first=before is None,
        asked=urlencode([(name, word) for name, word in request.args.items() if name != "after"]),
        period=period,
        f=Formats(language()),
        place=place_of(asked),
        back=_page_of(asked),
    )


def _shown_until() -> tuple[date, str] | None:
    """Day and id of the visit that was the last on the page before."""
    after = trimmed(request.args.get("after"))
    if not after:
        return None
    visit = shelves().visits.visible_to(viewer()).find(after)
    return visit.visited_on or visit.started_at.date(), visit.id


def place_of(asked: AskedFigure) -> Area | Branch | Programme:
    """Whose figure it is; NotFound if it is not this person's."""
    if asked.branch:
        return shelves().branches.visible_to(viewer()).find(asked.branch)
    if asked.area:
        return find_own_area(shelves(), viewer(), asked.area)
    must_see_all(viewer())
    return shelves().programme.find()


def _page_of(asked: AskedFigure) -> str:
    if asked.branch:
        return url_for("reports.show_branch", code=asked.branch)
    return url_for("area_reports.show_area", code=asked.area) if asked.area else url_for("areas.show_programme")


def asked_figure() -> AskedFigure:
    """The figure that the address asks for."""
    return AskedFigure(*(trimmed(request.args.get(name)) for name in ("checklist", "area", "branch", "dimension")))


def figures_of(area_code: str) -> dict[str, object]:
    """What the page of an area shows, over the period and with the checklist that were asked for."""
    store, person, period = shelves(), viewer(), asked_period(area=area_code)
    report = read_area_report(store, person, period, language(), area_code)
    part = chosen(report.parts)
    overview = oversee_area(store, period, area_code, language()).get(part.checklist.id) if part else None
    return {
        "r": report,
        "part": part,
        "o": overview,
        "matters": open_matters(area_code, report.branches),
        "latest": None if part else latest_day(area_code),
        **surroundings(period, area=area_code),
        **offered(report.parts, part),
    }


def latest_day(area: str | None = None) -> date | None:
    """The day of the last published visit to an area, or of all that this person may see."""
    return shelves().visits.visible_to(viewer()).latest_day(area=area)


def surroundings(period: Period, branch: Branch | None = None, area: str | None = None) -> dict[str, object]:
    """What every page of figures wants."""
    return {
        "f": Formats(language()),
        "say": Sentences(catalogue(language())),
        "canvas": ScreenCanvas(),
        "picks": picks(period, branch),
        "opening": opening_of(branch, area),
        "exactly": exactly,
    }


def open_matters(area_code: str, branches: tuple[Branch, ...]) -> dict[str, object]:
    """What needs somebody: branches whose staff were not told, visits that wait to be read; for the office also those
    that should have been made by now. Nobody outside it hears of a visit to come."""
    store, person = shelves(), viewer()
    still_open = store.assignments.visible_to(person).open_at(branch.code for branch in branches)
    # Of a few branches the number would say which one was visited.
    may_count = person.scope is Scope.EVERYTHING or len(branches) >= LEAST_BRANCHES
    return {
        "untold": [branch for branch in branches if branch.staff_told_on is None],
        "waiting": store.figures.waiting(area_code) if may_count else 0,
        "late": len(overdue(still_open)),
    }


def chosen(parts: tuple[Part, ...]) -> Part | None:
    """The part of the checklist that was asked for, else the first."""
    asked = request.args.get("checklist", "")
    return next((part for part in parts if part.checklist.id == asked), parts[0] if parts else None)


def offered(
    parts: tuple[AreaPart, ...] | tuple[ProgrammePart, ...], part: AreaPart | ProgrammePart | None
) -> dict[str, object]:
    """The checklists on offer, where there is more than one."""
    offer = [ChecklistPick(one.checklist.id, one.title, one.figure.n, one is part) for one in parts]
    return {"checklists": offer if len(offer) > 1 else []}
