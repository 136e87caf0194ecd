"""Being asked for the password again, on the way to something weighty that a door hands out."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from wtforms import HiddenField

from audit.domain.people import May
from audit.web.access import requires
from audit.web.languages import gettext
from audit.web.office_forms import ConfirmedForm
from audit.web.security import own_path

doors = Blueprint("confirming", __name__)


class ConfirmationForm(ConfirmedForm):
    """The password, and where one was going."""

    next = HiddenField()


@doors.get("/confirmation")
@requires(May.READ_REPORTS)
def show() -> Response:
    """The page that asks for it; for five minutes after an answer it only leads on."""
    form = ConfirmationForm(data={"next": own_path(request.args.get("next"))})
    return _page(form) if "own_password" in form else _lead_on(own_path(form.next.data))


@doors.post("/confirmation")
@requires(May.READ_REPORTS)
def confirm() -> Response:
    """If it is right, what was asked for comes: a file by itself, while the page that says so stays."""
    form = ConfirmationForm(request.form)
    return _lead_on(own_path(form.next.data)) if form.confirm() else _page(form)


def ask_for_password(form: ConfirmedForm, why: str, back: tuple[str, str], *, complained: bool) -> Response:
    """The page that asks for it on the way to something weighty; `back` is where else one may go, and its words."""
    path, words = back
    page = render_template(
        "signing_in/confirmation.html",
        form=form,
        action=request.path,
        why=why,
        back=path,
        back_words=words,
        complained=complained,
    )
    return make_response(page, 422 if complained else 200)


def _page(form: ConfirmationForm) -> Response:
    why = gettext("You gave your password more than five minutes ago, and what comes next leaves the house.")
    back = ("/", gettext("No, back to the beginning"))
    return ask_for_password(form, why, back, complained=bool(form.errors))


def _lead_on(path: str) -> Response:
    return make_response(render_template("signing_in/confirmed.html", path=path))
