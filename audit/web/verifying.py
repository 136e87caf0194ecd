"""The page behind the QR code of a printed report: which edition it is, and whether there is a later one."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, Response, g, make_response, render_template

from audit.actions.verifying import verify_edition
from audit.domain.errors import NotFound
from audit.formatting import Formats
from audit.storage.editions import Paper
from audit.web.access import public, shelves
from audit.web.languages import gettext, language, own_names
from audit.web.printing import address_of

doors = Blueprint("verifying", __name__)


@dataclass(frozen=True)
class About:
    """What an edition is the report of, for whoever may know: its kind, its name, and where page and paper are."""

    kind: str
    name: str
    page: str
    paper: str


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
    about = _about(paper) if verdict.told else None
    printed_in = dict(own_names()).get(paper.language, paper.language) if paper.language != language() else ""
    return make_response(
        render_template("verifying/edition.html", verdict=verdict, f=f, about=about, printed_in=printed_in)
    )


def _about(paper: Paper) -> About:
    subject, days = quote(paper.subject), f"from={paper.first.isoformat()}&to={paper.last.isoformat()}"
    kind, page = {
        "visit": (gettext("Report of a visit"), f"/visits/{subject}/report"),
        "branch": (gettext("Report of a branch"), f"/branches/{subject}/report?{days}"),
        "area": (gettext("Report of an area"), f"/areas/{subject}/report?{days}"),
        "pack": (gettext("All reports of an area"), f"/areas/{subject}/report?{days}"),
        "programme": (gettext("Report of the programme"), f"/programme/report?{days}"),
    }[paper.what]
    return About(kind, _name_of(paper), page, address_of(paper))


def _name_of(paper: Paper) -> str:
    store = shelves()
    if paper.what == "programme":
        return store.programme.find().name
    if paper.what in ("area", "pack"):
        return store.areas.find(paper.subject).name
    code = store.visits.find(paper.subject).branch_code if paper.what == "visit" else paper.subject
    return store.branches.find(code).name
