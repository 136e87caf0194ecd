"""The way in with a password, and the way out."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request
from wtforms import EmailField, HiddenField, PasswordField

from audit.actions.signing_in import Attempt, revoke_device, sign_in
from audit.domain.errors import CandourError, NotAllowed, TooMany
from audit.domain.people import May
from audit.web import sessions
from audit.web.access import latest_moment, public, requires, shelves, viewer
from audit.web.languages import lazy
from audit.web.office_forms import OfficeForm, at_most, needed
from audit.web.security import is_safe_to_sign_in, own_path

doors = Blueprint("signing_in", __name__)


class SignInForm(OfficeForm):
    """Name and password, and where one was going."""

    email = EmailField(
        lazy("E-mail address"), [needed(), at_most(254)], render_kw={"autocomplete": "username", "spellcheck": "false"}
    )
    password = PasswordField(
        lazy("Password"), [needed(), at_most(1000)], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


@doors.get("/sign-in")
@public
def show() -> Response:
    """The page to sign in; over a connection that others can read, the page that says why not."""
    if not is_safe_to_sign_in():
        return _not_safe()
    if g.person:
        return make_response(redirect(own_path(request.args.get("next")), 303))
    return _page(SignInForm(data={"next": own_path(request.args.get("next"))}), 200)


@doors.post("/sign-in")
@public
def enter() -> Response:
    """Sign in and go on to where one was going; a sign-in that this browser held before ends."""
    if not is_safe_to_sign_in():
        return _not_safe()
    form = SignInForm(request.form)
    if not form.validate():
        return _page(form, 422)
    attempt = Attempt(form.email.data or "", form.password.data or "", request.remote_addr or "", sessions.label())
    try:
        token, device = sign_in(shelves(), current_app.extensions["passwords"], attempt, latest_moment())
    except TooMany:
        raise
    except CandourError as error:
        form.refuse(error)
        return _page(form, 422)
    end_sign_in_of_browser()
    return sessions.keep(make_response(redirect(own_path(form.next.data), 303)), token, device)


@doors.post("/sign-out")
@requires(May.HAVE_A_HOME)
def leave() -> Response:
    """End this sign-in, here and on the server."""
    revoke_device(shelves(), viewer(), g.device.id, latest_moment())
    return sessions.drop(make_response(redirect("/sign-in", 303)))


def end_sign_in_of_browser() -> None:
    """Whoever was signed in in this browser is not any more: somebody else is about to be."""
    if g.person:
        revoke_device(shelves(), g.person, g.device.id, latest_moment())


def must_be_safe() -> None:
    """NotAllowed over a connection that others can read."""
    if not is_safe_to_sign_in():
        raise NotAllowed("Signing in needs an encrypted connection (https). See docs/behind-a-proxy.md.")


def _page(form: SignInForm, status: int) -> Response:
    page = render_template("signing_in/sign_in.html", form=form, complained=bool(form.errors))
    return make_response(page, status)


def _not_safe() -> Response:
    return make_response(render_template("signing_in/not_safe.html", address=request.host), 403)
