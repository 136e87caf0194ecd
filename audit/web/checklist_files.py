"""Checklists as a workbook or as CSV: which there are, and what one of them asks, with its weights and its choices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Blueprint, Response

from audit.domain.checklist.model import Checklist, PublishedChecklist, Question
from audit.domain.people import May
from audit.formatting import Formats
from audit.reports.cells import Cell, Column, Table
from audit.reports.file_names import file_name
from audit.reports.side_tables import NAME, SENTENCES, SHORT, TITLE
from audit.web.access import asks_again, requires, shelves
from audit.web.checklists import Shipped, shipped_file, shipped_ones
from audit.web.dates import programme_zone
from audit.web.exports import as_file
from audit.web.languages import gettext, language
from audit.web.list_tables import heading, table

doors = Blueprint("checklist_files", __name__)

CHOICES = {"rating": ("points_worded",), "choice": ("options",), "choices": ("options",), "grid": ("rows", "scale")}


@doors.get("/lists/checklists.<any(csv, xlsx):kind>")
@requires(May.PUBLISH_CHECKLISTS)
@asks_again
def of_checklists(kind: str) -> Response:
    """The published ones; and those that came with Candour."""
    latest = shelves().checklists.list_latest()
    return as_file([table_of_published(latest), table_of_shipped(shipped_ones(latest))], file_name("checklists"), kind)


@doors.get("/checklists/<checklist_id>/<int:version>/figures.<any(csv, xlsx):kind>")
@requires(May.PUBLISH_CHECKLISTS)
@asks_again
def of_version(checklist_id: str, version: int, kind: str) -> Response:
    """The questions of a version, and its scenarios."""
    published = shelves().checklists.find(checklist_id, version)
    name = file_name("checklist", published.checklist.id, str(published.version))
    return as_file(_tables(published.checklist), name, kind)


@doors.get("/checklists/ready/<shipped>/figures.<any(csv, xlsx):kind>")
@requires(May.PUBLISH_CHECKLISTS)
@asks_again
def of_ready(shipped: str, kind: str) -> Response:
    """The same of one that came with Candour."""
    checklist = shipped_file(shipped).checklist
    assert checklist is not None, "a test checks every one of them"
    return as_file(_tables(checklist), file_name("checklist", checklist.id), kind)


def table_of_published(latest: Iterable[PublishedChecklist]) -> Table:
    """A row for each checklist, with the version that is asked now."""
    columns = (
        Column(gettext("Checklist"), TITLE),
        Column(gettext("Version"), SHORT),
        Column(gettext("Day"), SHORT),
        Column(gettext("Questions"), SHORT),
    )
    rows = (
        (
            each.checklist.title.in_language(language()),
            each.version,
            each.published_at.astimezone(programme_zone()).date(),
            len(each.checklist.by_id),
        )
        for each in latest
    )
    return table(gettext("Checklists"), columns, rows)


def table_of_shipped(shipped: Iterable[Shipped]) -> Table:
    """A row for each checklist that came with Candour; its version where it is published."""
    columns = (
        Column(gettext("Checklist"), TITLE),
        Column(gettext("Questions"), SHORT),
        Column(gettext("Minutes it takes"), SHORT),
        Column(gettext("Published as version"), SHORT),
    )
    rows = (
        (
            each.checklist.title.in_language(language()),
            len(each.checklist.by_id),
            each.checklist.estimated_minutes or None,
            each.version,
        )
        for each in shipped
    )
    return table(gettext("Ready to use"), columns, rows)


def _tables(checklist: Checklist) -> list[Table]:
    """What is asked, in its order; and what shoppers pretend, where there is something."""
    columns = (
        Column(gettext("Section"), NAME),
        Column(gettext("Weight of the section"), SHORT),
        Column(gettext("Question"), SENTENCES),
        Column(gettext("Weight"), SHORT),
        Column(heading(gettext("optional")), SHORT),
        Column(heading(gettext("critical")), SHORT),
        Column(heading(gettext("asked only at times")), SHORT),
        Column(gettext("Choices"), SENTENCES),
    )
    tables = [table(gettext("Questions"), columns, _questions(checklist))]
    if checklist.scenarios:
        heads = (
            Column(gettext("Scenario"), NAME),
            Column(gettext("What you pretend"), SENTENCES),
            Column(gettext("Risk"), SENTENCES),
        )
        rows = (
            (
                one.title.in_language(language()),
                one.pretend.in_language(language()),
                one.risk.in_language(language()) if one.risk else "",
            )
            for one in checklist.scenarios
        )
        tables.append(table(gettext("Scenarios"), heads, rows))
    return tables


def _questions(checklist: Checklist) -> Iterator[tuple[Cell, ...]]:
    """A row for each question; one that is not scored has no weight."""
    for section in checklist.sections:
        for question in section.questions:
            yield (
                section.title.in_language(language()),
                section.weight,
                question.title.in_language(language()),
                question.weight if question.scored else None,
                not question.required,
                bool(question.critical),
                bool(question.show_if),
                _choices(question),
            )


def _choices(question: Question) -> str:
    kind = question.kind
    options = [option for name in CHOICES.get(kind.name, ()) for option in getattr(kind, name)]
    return Formats(language()).semicolon.join(option.title.in_language(language()) for option in options)
