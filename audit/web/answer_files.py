"""One visit as the office reads it, as a workbook or as CSV: its answers with their points, and its marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo

from flask import Blueprint, Response

from audit.domain.people import May
from audit.domain.visit import Visit
from audit.reports.cells import Column, Table
from audit.reports.file_names import file_name
from audit.reports.side_tables import NAME, SENTENCES, SHORT, TITLE
from audit.web.access import asks_again, requires, shelves, viewer
from audit.web.exports import as_file
from audit.web.languages import gettext, language
from audit.web.list_tables import table
from audit.web.submitted_visits import Part, mark_titles, parts_of

doors = Blueprint("answer_files", __name__)


@doors.get("/visits/<visit_id>/answers/figures.<any(csv, xlsx):kind>")
@requires(May.READ_VISITS)
@asks_again
def of_answers(visit_id: str, kind: str) -> Response:
    """The answers of a visit in whatever state; and when its marks were made, and where."""
    store = shelves()
    visit = store.visits.visible_to(viewer()).find(visit_id)
    zone = store.branches.find(visit.branch_code).zone(store.programme.find())
    day = visit.visited_on or visit.started_at.astimezone(zone).date()
    tables = [table_of_answers(parts_of(visit, store.scores.of(visit.id))), table_of_marks(visit, zone)]
    return as_file(tables, file_name("answers", visit.branch_code, str(day)), kind)


def table_of_answers(parts: Iterable[Part]) -> Table:
    """A row for each question that was asked, with what it earned if it is scored."""
    columns = (
        Column(gettext("Section"), NAME),
        Column(gettext("Question"), SENTENCES),
        Column(gettext("Answer"), TITLE),
        Column(gettext("Points earned"), SHORT),
        Column(gettext("Points possible"), SHORT),
        Column(gettext("Seen"), TITLE),
        Column(gettext("Comment"), SENTENCES),
        Column(gettext("Photos"), SHORT),
        Column(gettext("Answer before"), TITLE),
        Column(gettext("Reason"), SENTENCES),
    )
    rows = (
        (
            part.section.title.in_language(language()),
            line.question.title.in_language(language()),
            line.shown if line.answer.absent or line.answer.given else gettext("not answered"),
            line.score.earned if line.score and line.question.scored else None,
            line.score.possible if line.score and line.question.scored else None,
            "; ".join(line.facts),
            line.answer.comment,
            len(line.answer.photos),
            "; ".join(each.before for each in line.corrected),
            "; ".join(each.correction.reason for each in line.corrected),
        )
        for part in parts
        for line in part.lines
    )
    return table(gettext("Questions"), columns, rows)


def table_of_marks(visit: Visit, zone: tzinfo) -> Table:
    """A row for each mark: its moment (ISO 8601) where the branch stands, its position in degrees with its accuracy in
    metres, or why there is none."""
    columns: Sequence[Column] = (
        Column(gettext("Mark"), NAME),
        Column(gettext("Moment"), NAME),
        Column(gettext("Time zone"), NAME),
        Column(gettext("Latitude"), SHORT),
        Column(gettext("Longitude"), SHORT),
        Column(gettext("Give or take, metres"), SHORT),
        Column(gettext("Why there is no position"), TITLE),
    )
    titles = mark_titles()
    rows = (
        (
            titles.get(mark.name, mark.name),
            mark.at.astimezone(zone).isoformat(timespec="seconds"),
            str(zone),
            mark.position.latitude if mark.position else None,
            mark.position.longitude if mark.position else None,
            mark.position.accuracy_m if mark.position else None,
            mark.refused or "",
        )
        for mark in visit.marks
    )
    return table(gettext("Marks"), columns, rows)
