"""Where one is signed in: the list, ending one, adding a phone by QR code; and the language of the own pages."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, render_template, request

from audit.actions.choosing_languages import choose_language
from audit.actions.inviting import add_device
from audit.actions.signing_in import current_devices, revoke_device
from audit.domain.people import May
from audit.web import sessions
from audit.web.access import latest_moment, requires, settings, shelves, viewer
from audit.web.languages import available, gettext, own_names
from audit.web.links import show_link
from audit.web.notices import tell_next_page

doors = Blueprint("devices", __name__)


@doors.get("/devices")
@requires(May.HAVE_A_HOME)
def show() -> str:
    """Where the person is signed in at this moment."""
    devices = current_devices(shelves(), viewer(), latest_moment())
    return render_template(
        "devices/list.html",
        devices=devices,
        current=g.device.id,
        languages=own_names(),
        notifies=settings().pushes,
    )


@doors.post("/devices")
@requires(May.MAKE_VISITS)
def add() -> Response:
    """A link and a QR code that sign one more phone in, once, within a quarter of an hour."""
    return show_link(*add_device(shelves(), viewer(), latest_moment()))


@doors.post("/devices/<device_id>/revocation")
@requires(May.HAVE_A_HOME)
def revoke(device_id: str) -> Response:
    """End one sign-in; ending the own one signs out."""
    revoke_device(shelves(), viewer(), device_id, latest_moment())
    if device_id == g.device.id:
        return sessions.drop(make_response(redirect("/sign-in", 303)))
    tell_next_page(gettext("That device is signed out."))
    return make_response(redirect("/devices", 303))


@doors.post("/language")
@requires(May.HAVE_A_HOME)
def speak() -> Response:
    """From now on the pages are in the language that was chosen, or in the browser's. A shopper goes on to the list,
    which brings the phone's copies of all pages in that language."""
    person = choose_language(shelves(), viewer(), request.form.get("language", ""), available(), latest_moment())
    return make_response(redirect("/" if person.may(May.MAKE_VISITS) else "/devices", 303))
