"""What a link to one report opens: its page, its PDF, its photos, and nothing else, for a stranger.

A link that nobody made, one that has ended and one whose maker may no longer share get the page of any address that is
not here; what this installation did not sign gets it before the links are looked at.
"""

from __future__ import annotations

import re
from datetime import datetime

from flask import Blueprint, Response, current_app, g, make_response, render_template, request
from markupsafe import Markup

from audit.actions.sharing import Token, look_through_share, open_share, paper_of_share, read_shared_report
from audit.domain.errors import not_here
from audit.formatting import Formats
from audit.reports.branch import BranchReport
from audit.reports.paper import REPORTS, ScreenCanvas, context
from audit.reports.visit import VisitReport
from audit.storage.shares import Share
from audit.web.access import latest_moment, leaves_trace, public, shelves, this_moment
from audit.web.languages import catalogue, language
from audit.web.link_keys import link_key
from audit.web.printing import hand_out
from audit.web.signing_in import must_be_safe

doors = Blueprint("shared_reports", __name__)

LAYOUT = "layouts/shared.html"
UNSIGNED = re.compile(r"[A-Za-z0-9_-]{43}")  # a link of before links were signed
# The address is the key: no other site is told it, no index and no cache keeps what it opens.
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
}


class SharedCanvas(ScreenCanvas):
    """Draws as the page does, and shows photos by an address that the link opens."""

    def __init__(self, token: str) -> None:
        super().__init__(shelves().photos.pictures.has)
        self._token = token

    def photo(self, visit_id: str, sha256: str, alt: str) -> Markup:
        address = f"/shared/{self._token}/photos/{visit_id}/{sha256}"
        return Markup('<span class="photo"><img src="{0}" alt="{1}" loading="lazy"/></span>').format(address, alt)


@doors.get("/shared/<token>")
@public
@leaves_trace
def show(token: str) -> Response:
    """The one report, as a page."""
    share = _opened(token, "page")
    with shelves().reading():
        report = read_shared_report(shelves(), share)
        made = context(report, language(), SharedCanvas(token), catalogue(language()))
        template = REPORTS[type(report)]
        page = render_template(template, **made, layout=LAYOUT, screen=True, shared=share, token=token)
    return _guarded(make_response(page))


@doors.get("/shared/<token>/report.pdf")
@public
@leaves_trace
def print_report(token: str) -> Response:
    """The one report, as a PDF; if it takes a while, the way to a page that asks for it again."""
    share = _opened(token, "paper")
    return _guarded(hand_out(paper_of_share(shelves(), share), wait_at=f"/shared/{token}/printing"))


@doors.get("/shared/<token>/printing")
@public
@leaves_trace
def wait(token: str) -> Response:
    """The PDF is being printed; whoever waits asks again."""
    share = _looked_through(token)
    page = render_template("shared_reports/printing.html", shared=share, token=token, f=Formats(language()))
    return _guarded(make_response(page))


@doors.get("/shared/<token>/photos/<visit_id>/<sha256>")
@public
@leaves_trace
def show_photo(token: str, visit_id: str, sha256: str) -> Response:
    """A photo of the one report, small; any other is not here."""
    share = _looked_through(token)
    with shelves().reading():
        report = read_shared_report(shelves(), share)
        parts = report.parts if isinstance(report, BranchReport) else ()
        visits = [report.visit] if isinstance(report, VisitReport) else [one for part in parts for one in part.visits]
        if not any(one.visit.id == visit_id and sha256 in one.photos for one in visits):
            raise not_here()
        return _guarded(Response(shelves().photos.read(sha256, "paper"), content_type="image/jpeg"))


def _opened(token: str, shown: str) -> Share:
    """The share of this link, noted as opened; what is made for it speaks its language."""
    must_be_safe()
    share = open_share(shelves(), _carried(token), request.remote_addr or "", shown, latest_moment())
    g.language = share.language
    return share


def _looked_through(token: str) -> Share:
    must_be_safe()
    share = look_through_share(shelves(), _carried(token), request.remote_addr or "", latest_moment())
    g.language = share.language
    return share


def _carried(token: str) -> Token:
    """What a link carries; NotFound for one that we did not sign, unless it may be of before links were signed."""
    if found := link_key().read(token, this_moment()):
        return found
    last = _unsigned_until()
    if last is None or last <= this_moment() or not UNSIGNED.fullmatch(token):
        raise not_here()
    return Token(token, "")


def _unsigned_until() -> datetime | None:
    """Until when a link of before may be good. There will never be more of them: each process asks once."""
    if "unsigned_until" not in current_app.extensions:
        current_app.extensions["unsigned_until"] = shelves().shares.unsigned_until()
    last: datetime | None = current_app.extensions["unsigned_until"]
    return last


def _guarded(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response
