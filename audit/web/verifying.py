"""The page behind the QR code of a printed report: which edition it is, and whether there is a later one."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, render_template

from audit.actions.verifying import verify_edition
from audit.domain.errors import NotFound
from audit.formatting import Formats
from audit.web.access import public, shelves
from audit.web.languages import language, own_names
from audit.web.papers import about_paper

doors = Blueprint("verifying", __name__)


@doors.get("/verify/<number>")
@public
def show(number: str) -> Response:
    """What the number tells: to strangers the edition and its day alone; to its readers also what it is about, and the
    way to it and to the edition that is the newest."""
    f = Formats(language())
    try:
        verdict = verify_edition(shelves(), g.person, number)
    except NotFound:
        return make_response(render_template("verifying/edition.html", verdict=None, f=f), 404)
    paper = verdict.edition.paper
    about = about_paper(paper) if verdict.told else None
    printed_in = dict(own_names()).get(paper.language, paper.language) if paper.language != language() else ""
    return make_response(
        render_template("verifying/edition.html", verdict=verdict, f=f, about=about, printed_in=printed_in)
    )
