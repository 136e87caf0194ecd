"""The office's door for a visit that a phone could not send and saved as a file."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from wtforms import FileField

from audit.actions.importing import import_visit_file
from audit.domain.errors import CandourError
from audit.domain.people import May
from audit.web.access import requires, shelves, takes, this_moment, viewer
from audit.web.languages import gettext, lazy
from audit.web.notices import tell_next_page
from audit.web.office_forms import Expected, OfficeForm

doors = Blueprint("visit_files", __name__)

LARGEST_MEGABYTES = 120  # thirty photos of a phone, written as text


class VisitFileForm(OfficeForm):
    """The file that the shopper's phone saved."""

    file = FileField(lazy("File from the shopper's phone"), [Expected()])


@doors.get("/visits/import")
@requires(May.ADMINISTER)
def ask() -> str:
    """The form for the file."""
    return render_template("visit_files/import.html", form=VisitFileForm(), complained=False)


@doors.post("/visits/import")
@requires(May.ADMINISTER)
@takes(LARGEST_MEGABYTES)
def take() -> Response:
    """Take the visit in, and show it."""
    form, upload = VisitFileForm(), request.files.get("file")
    try:
        receipt = import_visit_file(shelves(), viewer(), upload.read() if upload else b"", this_moment())
    except CandourError as error:
        form.refuse(error)
        return make_response(render_template("visit_files/import.html", form=form, complained=True), 422)
    tell_next_page(gettext("The visit is taken in. The phone may still send it by itself: it counts once."))
    return make_response(redirect(f"/visits/{receipt.visit_id}", 303))
