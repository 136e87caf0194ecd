"""Exports: the figures of a page as a workbook or as CSV, for whoever may read it and has just shown who it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import IO, TypeVar, cast

from flask import Blueprint, Response, request, send_file

from audit.actions.binding import bind_programme, lay_out_area
from audit.actions.overseeing import oversee_programme
from audit.actions.reporting import read_branch_report, read_visit_report
from audit.domain.errors import not_here
from audit.domain.people import May
from audit.reports.area import AreaPart
from audit.reports.areas import ProgrammePart
from audit.reports.cells import Table, csv_lines, write_workbook
from audit.reports.exports import Exports
from audit.reports.file_names import file_name
from audit.reports.period import Period
from audit.web.access import asks_again, requires, shelves, viewer
from audit.web.downloads import kept_as
from audit.web.languages import catalogue, language
from audit.web.reports import asked_period

doors = Blueprint("exports", __name__)
Part = TypeVar("Part", AreaPart, ProgrammePart)

MEDIA = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
IN_MEMORY = 4 << 20  # bytes of a file that are worth none on the disk


@doors.get("/programme/figures.<any(csv, xlsx):kind>")
@requires(May.READ_REPORTS)
@asks_again
def of_programme(kind: str) -> Response:
    """The areas of the whole programme, each with its figure and range, with one checklist or with all."""
    period = asked_period()
    report = bind_programme(shelves(), viewer(), period, language(), patient=False)
    # With when customers come, for which the four pages of the board have no room.
    beside = oversee_programme(shelves(), period, language(), waits=False)
    report = replace(
        report, parts=tuple(replace(part, beside=beside.get(part.figures.checklist.id)) for part in report.parts)
    )
    if asked := request.args.get("checklist"):
        figures = replace(report.figures, parts=_with(asked, report.figures.parts))
        boards = tuple(board for board in report.parts if board.figures.checklist.id == asked)
        report = replace(report, figures=figures, parts=boards)
    return as_file(_exports().tables(report), _name("programme", period), kind)


@doors.get("/areas/<path:area_code>/figures.<any(csv, xlsx):kind>")
@requires(May.READ_REPORTS)
@asks_again
def of_area(area_code: str, kind: str) -> Response:
    """The branches of an area, each with its figure and range, with one checklist or with all."""
    period = asked_period(area=area_code)
    report = lay_out_area(shelves(), viewer(), area_code, period, language())
    if asked := request.args.get("checklist"):
        report = replace(report, figures=replace(report.figures, parts=_with(asked, report.figures.parts)))
    return as_file(_exports().tables(report), _name("area", period, report.area.code), kind)


@doors.get("/branches/<path:code>/figures.<any(csv, xlsx):kind>")
@requires(May.READ_REPORTS)
@asks_again
def of_branch(code: str, kind: str) -> Response:
    """The visits of a branch in a period."""
    branch = shelves().branches.visible_to(viewer()).find(code)
    period = asked_period(branch)
    report = read_branch_report(shelves(), viewer(), code, period, language())
    return as_file(_exports().tables(report), _name("", period, branch.code), kind)


@doors.get("/visits/<visit_id>/figures.<any(csv, xlsx):kind>")
@requires(May.READ_REPORTS)
@asks_again
def of_visit(visit_id: str, kind: str) -> Response:
    """The questions of a visit."""
    report = read_visit_report(shelves(), viewer(), visit_id, language())
    return as_file(_exports().tables(report), file_name(report.branch.code, str(report.visit.day)), kind)


def _with(checklist: str, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Those with the checklist that the page showed; NotFound if there is none."""
    found = tuple(part for part in parts if part.checklist.id == checklist)
    if not found:
        raise not_here()
    return found


def _exports() -> Exports:
    return Exports(catalogue(language()), language())


def _name(what: str, period: Period, code: str = "") -> str:
    return file_name(what, code, str(period.first), str(period.last))


def as_file(tables: Sequence[Table], name: str, kind: str) -> Response:
    """The file, written row by row while the request holds the store, so that all rows see one moment of it, and sent
    from the disk: who takes it slowly, or not at all, keeps nobody at work and no page of the store."""
    file = cast("IO[bytes]", SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 - closed when it has been sent
    if kind == "xlsx":
        write_workbook(tables, file)
    else:
        file.writelines(piece.encode() for piece in csv_lines(tables[0]))
    length = file.tell()
    file.seek(0)
    response = send_file(file, mimetype=MEDIA[kind], etag=False, conditional=False)
    response.content_length = length
    response.headers["Content-Disposition"] = kept_as(name, f".{kind}")
    response.headers["Cache-Control"] = "no-store"
    return response
