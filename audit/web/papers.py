"""What a printed report is about, and where its readers find it on page and paper. Whoever calls has looked whether
this reader may know.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from audit.actions.printing import ZIP
from audit.storage.editions import Paper
from audit.web.access import shelves
from audit.web.languages import gettext, language


@dataclass(frozen=True)
class About:
    """Of what kind the report is, whose it is by name, and the addresses of its page and its paper."""

    kind: str
    name: str
    page: str
    paper: str


def about_paper(paper: Paper, ending: str = "") -> About:
    """The volume of a pack has the `ending` `.pdf`."""
    subject, days = quote(paper.subject), f"from={paper.first.isoformat()}&to={paper.last.isoformat()}"
    kind, page = {
        "visit": (gettext("Report of a visit"), f"/visits/{subject}/report"),
        "branch": (gettext("Report of a branch"), f"/branches/{subject}/report?{days}"),
        "area": (gettext("Report of an area"), f"/areas/{subject}/report?{days}"),
        "pack": (gettext("All reports of an area"), f"/areas/{subject}/report?{days}"),
        "programme": (gettext("Report of the programme"), f"/programme/report?{days}"),
        "method": (gettext("How we score"), "/how-we-score"),
    }[paper.what]
    return About(kind, _name_of(paper), page, address_of(paper, ending))


def address_of(paper: Paper, ending: str = "") -> str:
    """Where a paper is asked for, in its own language whatever the reader's is; with the `ending` `.pdf` the volume of
    a pack."""
    days = {} if paper.what in ("visit", "method") else {"from": f"{paper.first}", "to": f"{paper.last}"}
    copy = {"copy": "archive"} if paper.archive else {}
    tongue = {"language": paper.language} if paper.language != language() else {}
    subject = quote(paper.subject)
    address = {
        "visit": f"/visits/{subject}/report.pdf",
        "branch": f"/branches/{subject}/report.pdf",
        "area": f"/areas/{subject}/report.pdf",
        "pack": f"/areas/{subject}/reports{ending or ZIP}",
        "programme": "/programme/report.pdf",
        "method": "/how-we-score.pdf",
    }[paper.what]
    query = urlencode({**days, **copy, **tongue})
    return f"{address}?{query}" if query else address


def _name_of(paper: Paper) -> str:
    store = shelves()
    if paper.what in ("programme", "method"):
        return store.programme.find().name
    if paper.what in ("area", "pack"):
        return store.areas.find(paper.subject).name
    code = store.visits.find(paper.subject).branch_code if paper.what == "visit" else paper.subject
    return store.branches.find(code).name
