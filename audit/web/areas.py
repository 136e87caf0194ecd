"""The figures of an area and of the whole programme as pages, and the visits behind any figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from flask import Blueprint, render_template, request, url_for

from audit.actions.looking_behind import AskedFigure, VisitsBehind, read_behind, read_behind_all
from audit.actions.overseeing import find_own_area, oversee_area, oversee_programme, read_areas
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
from audit.web.reports import asked_period, picks

doors = Blueprint("areas", __name__)
Part = TypeVar("Part", AreaPart, ProgrammePart)

MOST_BEHIND = 500


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
        "areas/programme.html", r=report, part=part, o=overview, **surroundings(period), **offered(report.parts, part)
    )


@doors.get("/areas/<path:area_code>")
@requires(May.READ_REPORTS)
def show(area_code: str) -> str:
    """One area: what its manager sees at home."""
    find_own_area(shelves(), viewer(), area_code)
    return render_template("areas/area.html", **figures_of(area_code))


@doors.get("/figures/visits")
@requires(May.READ_REPORTS)
def show_behind() -> str:
    """The visits behind one figure, newest first."""
    asked, period = asked_figure(), asked_period()
    place: Area | Branch | Programme
    behind: VisitsBehind | None
    if asked.branch:
        behind = read_behind(shelves(), viewer(), period, asked, language())
        place, back = behind.branches[asked.branch], url_for("reports.show_branch", code=asked.branch)
    elif asked.area:
        behind = read_behind(shelves(), viewer(), period, asked, language())
        place = find_own_area(shelves(), viewer(), asked.area)
        back = url_for("area_reports.show_area", code=asked.area)
    else:
        behind = read_behind_all(shelves(), viewer(), period, asked, MOST_BEHIND, language())
        place, back = shelves().programme.find(), url_for("areas.show_programme")
    return render_template(
        "areas/behind.html",
        behind=behind,
        period=period,
        most=MOST_BEHIND,
        f=Formats(language()),
        place=place,
        back=back,
    )


def asked_figure() -> AskedFigure:
    """The figure that the address asks for."""
    return AskedFigure(*(trimmed(request.args.get(name)) for name in ("checklist", "area", "branch", "dimension")))


def figures_of(area_code: str) -> dict[str, object]:
    """What the page of an area shows, over the period and with the checklist that were asked for."""
    store, person, period = shelves(), viewer(), asked_period()
    report = read_area_report(store, person, period, language(), area_code)
    part = chosen(report.parts)
    overview = oversee_area(store, period, area_code, language()).get(part.checklist.id) if part else None
    return {
        "r": report,
        "part": part,
        "o": overview,
        "matters": open_matters(area_code, report.branches),
        **surroundings(period),
        **offered(report.parts, part),
    }


def surroundings(period: Period, branch: Branch | None = None) -> dict[str, object]:
    """What every page of figures wants."""
    return {
        "f": Formats(language()),
        "say": Sentences(catalogue(language())),
        "canvas": ScreenCanvas(),
        "picks": picks(period, branch),
        "exactly": exactly,
    }


def open_matters(area_code: str, branches: tuple[Branch, ...]) -> dict[str, object]:
    """What needs somebody: branches whose staff were not told, visits that wait to be read; for the office also those
    that should have been made by now. Nobody outside it hears of a visit to come."""
    store, person = shelves(), viewer()
    codes = {branch.code for branch in branches}
    still_open = [one for one in store.assignments.visible_to(person).list_open() if one.branch_code in codes]
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
