"""Printed reports: handed out at once if they are ready, else shown how far they are. Never printed by a page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request

from audit.actions.binding import must_see_paper
from audit.actions.packing import name_of, pack_of
from audit.actions.printing import VOLUME, ending_of, must_be_whole, revision_of, why_failed
from audit.domain.errors import NoSpace
from audit.domain.people import May
from audit.formatting import Formats
from audit.reports.period import Period
from audit.storage.editions import FAILED, READY, Order, Paper
from audit.web.access import requires, shelves, this_moment, viewer
from audit.web.downloads import kept_as, send_kept
from audit.web.languages import available, language, tell
from audit.web.papers import about_paper
from audit.web.print_room import PrintRoom

doors = Blueprint("printing", __name__)

PATIENCE = timedelta(seconds=4)  # a page that takes longer shows how far it is
LACKING = timedelta(minutes=5)
KINDS = {".pdf": "application/pdf", ".zip": "application/zip"}


@doors.get("/printing/<order_id>")
@requires(May.READ_REPORTS)
def show_progress(order_id: str) -> Response:
    """How far a report is; the page looks again by itself, unless it was asked not to, and hands the report out when
    it is ready."""
    order = shelves().orders.find(order_id)
    must_see_paper(shelves(), viewer(), order.paper)
    ready = _file_of(order) is not None
    done, parts = _parts(order)
    still, ending = "still" in request.args, VOLUME if "volume" in request.args else ""
    page = render_template(
        "printing/progress.html",
        order=order,
        ready=ready,
        failed=order.state == FAILED,
        why=_why(order),
        again=order.state == READY and not ready,
        ahead=shelves().orders.ahead_of(order_id),
        done=done,
        parts=parts,
        still=still,
        about=about_paper(order.paper, ending),
        volume=bool(ending),
        f=Formats(language()),
    )
    response = make_response(page)
    if not (ready or still or order.state in (READY, FAILED)):
        response.headers["Refresh"] = "2"  # a header, so that the reader can choose a page without it
    return response


def asked_paper(what: str, subject: str, period: Period) -> Paper:
    """The paper that an address asks for; `?copy=archive` for the archive. It is in the reader's language, unless
    another of ours is asked for by `?language=`: whoever holds a printed edition gets that one's successor."""
    archive = request.args.get("copy") == "archive" and what not in ("pack", "method")
    asked = request.args.get("language", "")
    tongue = asked if asked in available() else language()
    return Paper(what, subject, period.first, period.last, tongue, archive)


def hand_out(paper: Paper, wait_at: str = "", ending: str = "") -> Response:
    """The file, whole or the part that was asked for; 304 if the reader has it; the way to its progress, or to where
    else one is to wait, if it takes a while. Whoever calls has looked whether this reader may have it. A pack has
    its volume under the `ending` `.pdf`. NotPrinted and NoSpace say why there is none."""
    room = print_room()
    order = shelves().orders.of(paper)
    file = _file_of(order, ending)
    if file is None:
        order = room.fetch(paper, current_app.config.get("PRINT_PATIENCE_SECONDS", PATIENCE.total_seconds()))
        if order and order.state == FAILED:
            raise why_failed(order)
        must_be_whole(order, ending)
        file = room.shop.drawer.file(order.key, ending or ending_of(paper)) if order else None
    if file is None or order is None:
        return make_response(redirect(wait_at or f"/printing/{paper.id}", 303))
    ending = ending or ending_of(paper)
    response = send_kept(file, KINDS[ending], order.key)
    response.headers["Content-Disposition"] = kept_as(name_of(paper), ending)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def print_room() -> PrintRoom:
    """The print room of this installation."""
    room: PrintRoom = current_app.extensions["print_room"]
    return room


def _file_of(order: Order | None, ending: str = "") -> Path | None:
    """The printed report, if it still says how things stand; a pack that lacks a report is handed out to whoever
    waited for it, and soon after put together anew."""
    shop = print_room().shop
    file = shop.file_of(order, ending)
    if file is None and order and _is_worth_having(order):
        must_be_whole(order, ending)
        return shop.drawer.file(order.key, ending_of(order.paper))
    return file


def _is_worth_having(order: Order) -> bool:
    """Whether it is a pack that lacks a report, put together lately, and nothing has changed since."""
    if not order.is_incomplete or order.begun_at is None or order.shape != print_room().shop.shape:
        return False
    is_new = order.put_together_at >= revision_of(shelves())
    return is_new and this_moment() - order.begun_at < LACKING


def _why(order: Order) -> str:
    """Why it failed, as far as this reader may know."""
    refusal = why_failed(order)
    if isinstance(refusal, NoSpace):
        return tell(refusal)
    return order.why if viewer().may(May.ADMINISTER) else ""


def _parts(order: Order) -> tuple[int, int]:
    """Of a pack: how many of its reports are ready, and how many there are; (0, 0) of all others."""
    if order.paper.what != "pack":
        return 0, 0
    store, shop = shelves(), print_room().shop
    parts = pack_of(store, order.paper).parts
    return sum(shop.file_of(store.orders.of(part.paper)) is not None for part in parts), len(parts)
