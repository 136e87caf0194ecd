"""How far shoppers agree on filmed scenes, for the programme office: a table comes in, its figures go out."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from wtforms import FileField

from audit.actions.comparing import SceneFile, compare_scenes
from audit.domain.errors import CandourError, InvalidTable
from audit.domain.people import May
from audit.domain.statistics.scenes import ScenesCompared
from audit.formatting import Formats
from audit.reports.agreement_sentences import AgreementSentences
from audit.reports.cells import Column, Table
from audit.reports.file_names import file_name
from audit.reports.side_tables import NAME, SENTENCES, SHORT, TITLE
from audit.web.access import requires, takes, viewer
from audit.web.exports import as_file
from audit.web.languages import catalogue, gettext, language, lazy, tell
from audit.web.list_tables import table
from audit.web.office_forms import Expected, OfficeForm

doors = Blueprint("scenes", __name__)

LARGEST_MEGABYTES = 11  # a file of 10 MB, and what a browser puts around it
KINDS = ("csv", "xlsx")
MOST_SCENES, MOST_QUESTIONS = 20, 100


class ScenesForm(OfficeForm):
    """A table of markings; nothing of it is kept."""

    table = FileField(
        lazy("Table with the markings"), [Expected()], description=lazy("A CSV or XLSX file, up to 10 MB.")
    )


@doors.get("/programme/scenes")
@requires(May.SEE_SHOPPERS)
def ask() -> str:
    """What such a table looks like, and the form for it."""
    return _page(ScenesForm())


@doors.post("/programme/scenes")
@requires(May.SEE_SHOPPERS)
@takes(LARGEST_MEGABYTES)
def compare() -> Response:
    """The figures of the table that was brought."""
    form, file = ScenesForm(), request.files.get("table")
    try:
        if not file or not file.filename:
            raise InvalidTable("Choose a file first.", place="table")
        found = compare_scenes(viewer(), file.read(), file.filename)
    except CandourError as error:
        error.place = "table"
        form.refuse(error)
        return make_response(_page(form), 422)
    if (kind := request.form.get("as", "")) in KINDS:
        return as_file([table_of_agreement(found.compared), table_of_unlike(found.compared)], file_name("scenes"), kind)
    return make_response(_page(form, found, file.filename))


def table_of_agreement(compared: ScenesCompared) -> Table:
    """A row for each question, with the share of pairs that mark alike in percent; the first is all of them together
    where there are several."""
    columns = (
        Column(gettext("Question"), SENTENCES),
        Column(gettext("Scenes"), SHORT),
        Column(gettext("Shoppers"), SHORT),
        Column(gettext("Alike of 100"), SHORT),
        Column(gettext("Likely range, lower end"), SHORT),
        Column(gettext("Likely range, upper end"), SHORT),
        Column("AC1", SHORT),
        Column(gettext("Alpha"), SHORT),
    )
    several = len(compared.questions) > 1
    found = (compared.together, *compared.questions) if several else (compared.together,)
    rows = (
        (
            gettext("All together") if several and each is compared.together else each.question,
            each.scenes,
            each.shoppers,
            100 * each.share if each.share is not None else None,
            100 * each.range.low if each.range else None,
            100 * each.range.high if each.range else None,
            each.ac1,
            each.alpha,
        )
        for each in found
    )
    return table(gettext("How far shoppers agree"), columns, rows)


def table_of_unlike(compared: ScenesCompared) -> Table:
    """A row for each marking of a scene that was marked differently."""
    columns = (
        Column(gettext("Scene"), NAME),
        Column(gettext("Question"), SENTENCES),
        Column(gettext("Pairs alike of 100"), SHORT),
        Column(gettext("Marking"), TITLE),
        Column(gettext("Times"), SHORT),
    )
    rows = (
        (each.scene, each.question, 100 * each.share, marking, times)
        for each in compared.unlike
        for marking, times in each.markings
    )
    return table(gettext("Marked differently"), columns, rows)


def _page(form: ScenesForm, found: SceneFile | None = None, name: str = "") -> str:
    formats = Formats(language())
    return render_template(
        "workings/scenes.html",
        form=form,
        complained=bool(form.errors),
        found=found,
        name=name,
        say=AgreementSentences(catalogue(language()), formats),
        tell=tell,
        f=formats,
        most_scenes=MOST_SCENES,
        most_questions=MOST_QUESTIONS,
    )
