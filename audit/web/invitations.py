"""Invitations: made by an administrator, looked at as often as one likes, accepted once."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from wtforms import EmailField, PasswordField, StringField

from audit.actions.accepting import Acceptance, accept_invitation, asks_for, look_at_invitation
from audit.actions.inviting import revoke_invitation
from audit.domain.errors import InvalidField
from audit.domain.people import May
from audit.storage.invitations import Invitation
from audit.web import sessions
from audit.web.access import latest_moment, public, requires, shelves, viewer
from audit.web.languages import gettext, lazy
from audit.web.notices import tell_next_page
from audit.web.office_forms import OfficeForm, at_most, needed, trimmed
from audit.web.signing_in import end_sign_in_of_browser, must_be_safe

doors = Blueprint("invitations", __name__)


class AcceptanceForm(OfficeForm):
    """What somebody of the office fills in. The address stands there when it is known, for password managers."""

    name = StringField(lazy("Your name"), [needed(), at_most(200)], render_kw={"autocomplete": "name"})
    email = EmailField(lazy("E-mail address"), [needed(), at_most(254)], render_kw={"autocomplete": "username"})
    password = PasswordField(
        lazy("Choose a password"),
        [needed(), at_most(1000)],
        description=lazy("At least 12 characters. A few words that do not belong together are good, and easy to keep."),
        render_kw={"autocomplete": "new-password"},
    )

    @classmethod
    def for_invitation(cls, invitation: Invitation) -> AcceptanceForm | None:
        """The form without what the invitation knows already; None if the button alone is enough."""
        form, asked = cls(request.form), asks_for(invitation)
        for name in ("name", "email", "password"):
            if name not in asked:
                delattr(form, name)
        return form if asked else None


@doors.get("/invitations/<token>")
@public
def show(token: str) -> Response:
    """The page with the button. Opening it uses nothing up: messengers open links before people do."""
    must_be_safe()
    invitation = look_at_invitation(shelves(), token, latest_moment())
    form = AcceptanceForm.for_invitation(invitation)
    return _page(token, invitation, form, 200)


@doors.post("/invitations/<token>/acceptance")
@public
def accept(token: str) -> Response:
    """Use the invitation up: this browser is signed in."""
    must_be_safe()
    store, now = shelves(), latest_moment()
    invitation = look_at_invitation(store, token, now)
    form = AcceptanceForm.for_invitation(invitation)
    if form is not None and not form.validate():
        return _page(token, invitation, form, 422)
    try:
        cookie, device = accept_invitation(store, current_app.extensions["passwords"], token, _acceptance(form), now)
    except InvalidField as error:
        if form is None:
            raise
        form.refuse(error)
        return _page(token, invitation, form, 422)
    end_sign_in_of_browser()
    return sessions.keep(make_response(redirect("/", 303)), cookie, device)


@doors.post("/invitations/<invitation_id>/revocation")
@requires(May.ADMINISTER)
def revoke(invitation_id: str) -> Response:
    """End an open invitation."""
    revoke_invitation(shelves(), viewer(), invitation_id, latest_moment())
    tell_next_page(gettext("The invitation is no longer good."))
    return make_response(redirect("/people", 303))


def _acceptance(form: AcceptanceForm | None) -> Acceptance:
    if form is None:
        return Acceptance(label=sessions.label())
    return Acceptance(
        name=trimmed(form.name.data) if "name" in form else "",
        email=trimmed(form.email.data) if "email" in form else "",
        password=form.password.data or "" if "password" in form else "",
        label=sessions.label(),
    )


def _page(token: str, invitation: Invitation, form: AcceptanceForm | None, status: int) -> Response:
    page = render_template(
        "invitations/invitation.html",
        token=token,
        invitation=invitation,
        form=form,
        complained=bool(form and form.errors),
    )
    return make_response(page, status)
