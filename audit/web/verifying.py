"""The page behind the QR code of a printed report: which edition it is, and whether there is a later one."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, render_template

from audit.actions.verifying import verify_edition
from audit.domain.errors import NotFound
from audit.formatting import Formats
from audit.web.access import public, shelves
from audit.web.languages import language
from audit.web.printing import address_of

doors = Blueprint("verifying", __name__)


@doors.get("/verify/<number>")
@public
def show(number: str) -> Response:
    """What the number tells: to strangers the edition and its day alone, to its readers also where the newest lies."""
    f = Formats(language())
    try:
        verdict = verify_edition(shelves(), g.person, number)
    except NotFound:
        return make_response(render_template("verifying/edition.html", verdict=None, f=f), 404)
    address = address_of(verdict.newest.paper) if verdict.told else ""
    return make_response(render_template("verifying/edition.html", verdict=verdict, f=f, address=address))
