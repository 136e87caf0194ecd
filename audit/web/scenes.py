"""How far shoppers agree on filmed scenes, for the programme office: a table comes in, its figures go out."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from wtforms import FileField

from audit.actions.comparing import SceneFile, compare_scenes
from audit.domain.errors import CandourError, InvalidTable
from audit.domain.people import May
from audit.formatting import Formats
from audit.reports.agreement_sentences import AgreementSentences
from audit.web.access import requires, takes, viewer
from audit.web.languages import catalogue, language, lazy, tell
from audit.web.office_forms import Expected, OfficeForm

doors = Blueprint("scenes", __name__)

LARGEST_MEGABYTES = 11  # a file of 10 MB, and what a browser puts around it
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
    return make_response(_page(form, found, file.filename))


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
