"""Exports: the figures of a page as a workbook or as CSV, for whoever may read it and has just shown who it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from flask import Blueprint, Response, send_file

from audit.actions.reporting import read_area_report, read_branch_report, read_visit_report
from audit.domain.people import May
from audit.reports.cells import Table, csv_lines, write_workbook
from audit.reports.exports import Exports
from audit.web.access import asks_again, requires, shelves, viewer
from audit.web.languages import catalogue, language
from audit.web.reports import asked_period, file_name

doors = Blueprint("exports", __name__)

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 4 << 20  # bytes of a workbook that are worth no file


@doors.get("/figures.<any(csv, xlsx):kind>")
@requires(May.READ_REPORTS)
@asks_again
def of_branches(kind: str) -> Response:
    """The branches that somebody may see, each with its figure and range."""
    person = viewer()
    own = shelves().branches.find(person.branch_code) if person.branch_code else None
    period = asked_period(own)
    report = read_area_report(shelves(), person, period, language())
    place = person.area_code or person.branch_code or "programme"
    return _file(_exports().tables(report), f"{place}-{period.first}-{period.last}", kind)


@doors.get("/branches/<path:code>/figures.<any(csv, xlsx):kind>")
@requires(May.READ_REPORTS)
@asks_again
def of_branch(code: str, kind: str) -> Response:
    """The visits of a branch in a period."""
    branch = shelves().branches.visible_to(viewer()).find(code)
    period = asked_period(branch)
    report = read_branch_report(shelves(), viewer(), code, period, language())
    return _file(_exports().tables(report), f"{branch.code}-{period.first}-{period.last}", kind)


@doors.get("/visits/<visit_id>/figures.<any(csv, xlsx):kind>")
@requires(May.READ_REPORTS)
@asks_again
def of_visit(visit_id: str, kind: str) -> Response:
    """The questions of a visit."""
    report = read_visit_report(shelves(), viewer(), visit_id, language())
    return _file(_exports().tables(report), f"{report.branch.code}-{report.visit.day}", kind)


def _exports() -> Exports:
    return Exports(catalogue(language()), language())


def _file(tables: Sequence[Table], name: str, kind: str) -> Response:
    """The file, sent as it is made. Nothing of it touches the store: what is shown was gathered before."""
    response = _workbook(tables) if kind == "xlsx" else Response(_csv(tables[0]), mimetype="text/csv")
    response.direct_passthrough = True  # no hook after the view gathers what comes in pieces
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(name)}.{kind}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _csv(table: Table) -> Iterator[bytes]:
    return (piece.encode() for piece in csv_lines(table))


def _workbook(tables: Sequence[Table]) -> Response:
    file = cast("IO[bytes]", SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 - closed when it has been sent
    write_workbook(tables, file)
    file.seek(0)
    return send_file(file, mimetype=WORKBOOK, etag=False, conditional=False)
