"""Everybody who is let in: the list, inviting, a new link for who lost the way in, showing out."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from wtforms import EmailField, RadioField, SelectField, StringField

from audit.actions.inviting import Guest, dismiss_person, invite_person, send_password_link
from audit.domain.errors import CandourError
from audit.domain.people import May, Role
from audit.formatting import Formats
from audit.web.access import latest_moment, requires, shelves, viewer
from audit.web.confirming import ask_for_password
from audit.web.languages import gettext, language, lazy
from audit.web.links import show_link
from audit.web.notices import tell_next_page
from audit.web.office_forms import ConfirmedForm, at_most, choice, needed, trimmed

doors = Blueprint("people", __name__)

ROLE_TITLES = {
    Role.SHOPPER: lazy("Mystery shopper"),
    Role.AREA_MANAGER: lazy("Area manager"),
    Role.BRANCH_MANAGER: lazy("Branch manager"),
    Role.REVIEWER: lazy("Reviewer"),
    Role.ADMIN: lazy("Programme manager (may do everything here)"),
}


class InvitationForm(ConfirmedForm):
    """Who is invited, as what, for where."""

    role = RadioField(
        lazy("Invite a"),
        [needed(lazy("Choose what the person is to be: a shopper, a manager, a reviewer."))],
        choices=[choice(role.value, title) for role, title in ROLE_TITLES.items()],
        validate_choice=False,
    )
    name = StringField(
        lazy("Name"),
        [at_most(200)],
        description=lazy("A shopper's name is read by the programme office alone; everybody else reads a pseudonym."),
        render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        lazy("E-mail address"),
        [at_most(254)],
        description=lazy("Candour sends no mail: you pass the link on yourself."),
        render_kw={"autocomplete": "off"},
    )
    area = SelectField(lazy("Area, for an area manager"), validate_choice=False)
    branch = StringField(lazy("Code of the branch, for a branch manager"), [at_most(100)])

    def guest(self) -> Guest:
        """What was filled in."""
        return Guest(
            Role(self.role.data),
            trimmed(self.name.data),
            trimmed(self.email.data),
            trimmed(self.area.data) or None,
            trimmed(self.branch.data) or None,
        )

    def offer_areas(self) -> InvitationForm:
        """Let the person choose among the areas that are there."""
        self.area.choices = [choice("", "–"), *(choice(area.code, area.name) for area in shelves().areas.list_all())]
        return self


@doors.get("/people")
@requires(May.ADMINISTER)
def show() -> Response:
    """Everybody, the open invitations, and the form to invite."""
    return _page(InvitationForm(data={"role": request.args.get("role")}), 200)


@doors.post("/invitations")
@requires(May.ADMINISTER)
def invite() -> Response:
    """Invite somebody; the link is shown on the page that answers, this once."""
    form = InvitationForm(request.form).offer_areas()
    known = form.role.data in {role.value for role in Role}
    if not form.validate() or not known or not form.confirm():
        return _page(form, 422)
    try:
        return show_link(*invite_person(shelves(), viewer(), form.guest(), latest_moment()))
    except CandourError as error:
        form.refuse(error)
        return _page(form, 422)


@doors.post("/people/<person_id>/link")
@requires(May.ADMINISTER)
def make_link(person_id: str) -> Response:
    """A new password, or a shopper's new phone, by a link for whoever lost the way in. A key to their account."""
    form = ConfirmedForm(request.form)
    asked = "own_password" in request.form
    if "own_password" in form and not (asked and form.confirm()):
        why = gettext("You signed in more than five minutes ago, and this lets somebody in.")
        return ask_for_password(form, why, ("/people", gettext("No, back to the people")), complained=asked)
    return show_link(*send_password_link(shelves(), viewer(), person_id, latest_moment()))


@doors.post("/people/<person_id>/dismissal")
@requires(May.ADMINISTER)
def dismiss(person_id: str) -> Response:
    """Show somebody out."""
    member = dismiss_person(shelves(), viewer(), person_id, latest_moment())
    tell_next_page(gettext("%s is signed out everywhere and is not let in any more.") % member.name)
    return make_response(redirect("/people", 303))


def _page(form: InvitationForm, status: int) -> Response:
    store = shelves()
    people = store.people.list_all()
    page = render_template(
        "people/list.html",
        form=form.offer_areas(),
        people=[member for member in people if member.active],
        dismissed=[member for member in people if not member.active],
        invitations=store.invitations.list_open(latest_moment()),
        titles=ROLE_TITLES,
        areas={area.code: area for area in store.areas.list_all()},
        branches=store.branches.find_many(member.branch_code for member in people if member.branch_code),
        formats=Formats(language()),
        complained=bool(form.errors),
    )
    return make_response(page, status)
