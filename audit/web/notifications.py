"""Whether this phone is told when something is new on the list: the page where its shopper turns that on and off.

Where whoever runs the installation has no key for it, there are no such pages.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request

from audit.actions.notifying import Address, follow_browser, turn_off, turn_on
from audit.domain.errors import NotFound
from audit.domain.people import May
from audit.web.access import latest_moment, requires, settings, shelves, viewer
from audit.web.languages import gettext
from audit.web.notices import tell_next_page
from audit.web.push_keys import read_key

doors = Blueprint("notifications", __name__)


@doors.get("/notifications")
@requires(May.MAKE_VISITS)
def show() -> str:
    """How it is on this phone, and the button that changes it."""
    key = public_key()
    found = shelves().notifications.of_device(g.device.id)
    return render_template("notifications/page.html", key=key, on=found if found and found.key == key else None)


@doors.post("/notifications")
@requires(May.MAKE_VISITS)
def begin() -> Response:
    """Turn them on for this sign-in, at the address that the browser got."""
    turn_on(shelves(), viewer(), g.device.id, _at(request.form.get("address", "")), latest_moment())
    tell_next_page(gettext("Notifications are turned on for this phone."))
    return make_response(redirect("/notifications", 303))


@doors.put("/notifications")
@requires(May.MAKE_VISITS)
def follow() -> Response:
    """The browser takes its messages at another address from now on, which the body is; said by its worker."""
    follow_browser(shelves(), viewer(), g.device.id, _at(request.get_data(as_text=True)), latest_moment())
    return Response(status=204)


@doors.post("/notifications/revocation")
@requires(May.MAKE_VISITS)
def end() -> Response:
    """Turn them off for this sign-in, and forget the address."""
    public_key()
    turn_off(shelves(), viewer(), g.device.id, latest_moment())
    tell_next_page(gettext("Notifications are turned off for this phone."))
    return make_response(redirect("/notifications", 303))


def public_key() -> str:
    """What browsers are told to heed; NotFound where there are no notifications."""
    key = key_for_browsers()
    if not key:
        raise NotFound("This page is not there.")
    return key


def key_for_browsers() -> str:
    """The same, "" where there are none. Read once: a key is for good."""
    config = settings()
    if config.push_key is None or not config.pushes:
        return ""
    if "push_key" not in current_app.extensions:
        current_app.extensions["push_key"] = read_key(config.push_key).public
    return str(current_app.extensions["push_key"])


def _at(address: str) -> Address:
    return Address(address, public_key(), settings().push_services)
