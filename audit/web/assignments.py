"""Assignments as the office sees them: the open ones, a new one, taking one back."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request
from wtforms import BooleanField, DateField, DecimalField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from audit.actions.assigning import Offer, assign_visit, cancel_assignment
from audit.domain.assignment import Assignment
from audit.domain.checklist.model import PublishedChecklist
from audit.domain.errors import CandourError
from audit.domain.people import May, Role
from audit.domain.programme import Branch
from audit.web.access import requires, shelves, this_moment, viewer
from audit.web.languages import gettext, language, lazy
from audit.web.notices import tell_next_page
from audit.web.office_forms import OfficeForm, at_most, choice, needed, trimmed

doors = Blueprint("assignments", __name__)

MOST_SUGGESTED = 500
LARGEST_AMOUNT = 10**9


def amount_of_money(form: Any, field: Any) -> None:
    """Complain of what no till can ring up: endless, or with digits that no currency has."""
    number: Decimal | None = field.data
    if number is None:
        return  # no number at all, which was complained of
    if not number.is_finite() or abs(number) > LARGEST_AMOUNT or number.normalize().as_tuple().exponent < -4:  # type: ignore[operator]
        raise ValidationError(gettext("Write an amount of money, such as 12.50."))


class AssignmentForm(OfficeForm):
    """What is offered to whom. Checklist and scenario are one choice, so that they always fit together."""

    branch = StringField(
        lazy("Code of the branch"), [needed(), at_most(100)], render_kw={"list": "branches", "autocomplete": "off"}
    )
    scenario = SelectField(lazy("Checklist and scenario"), [needed()], validate_choice=False)
    shopper = SelectField(lazy("Shopper"), [needed()], validate_choice=False)
    not_before = DateField(lazy("First day"), [Optional()])
    until = DateField(lazy("Last day"), [needed()])
    hours = StringField(
        lazy("Hours"), [at_most(200)], description=lazy("In words, such as: between 11 and 14, not on market days.")
    )
    spending_limit = DecimalField(
        lazy("Spending limit"),
        [Optional(), amount_of_money],
        places=None,
        description=lazy("Empty: the limit that the scenario names."),
        render_kw={"inputmode": "decimal"},
    )
    note = TextAreaField(lazy("A note for the shopper"), [at_most(2000)])
    test = BooleanField(lazy("A test visit, which never counts"))

    def offer_choices(self) -> AssignmentForm:
        """Fill the lists with the checklists and the shoppers that are there."""
        store = shelves()
        scenarios = [row for published in store.checklists.list_latest() for row in _scenarios(published)]
        self.scenario.choices = [choice("", "–"), *scenarios]
        shoppers = [person for person in store.people.list_all(role=Role.SHOPPER) if person.active]
        self.shopper.choices = [
            choice("", "–"),
            *(choice(person.id, f"{person.name} ({person.pseudonym})") for person in shoppers),
        ]
        return self

    def offer(self) -> Offer:
        """What was filled in. Call it after validate()."""
        checklist, version, scenario = [*str(self.scenario.data).split("/"), "", ""][:3]
        assert self.until.data is not None
        return Offer(
            branch_code=trimmed(self.branch.data),
            checklist_id=checklist,
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
            scenario=scenario or None,
            shopper_id=trimmed(self.shopper.data),
            not_before=self.not_before.data,
            until=self.until.data,
            hours=trimmed(self.hours.data),
            spending_limit=_exact(self.spending_limit.data),
            note=trimmed(self.note.data),
            test=bool(self.test.data),
        )


@doors.get("/assignments")
@requires(May.ASSIGN_VISITS)
def show_all() -> Response:
    """The open assignments, the most pressing first, and the form for one more."""
    return _page(AssignmentForm(data={"branch": request.args.get("branch", "")}), 200)


@doors.post("/assignments")
@requires(May.ASSIGN_VISITS)
def assign() -> Response:
    """Offer one visit to one shopper."""
    form = AssignmentForm(request.form)
    if not form.validate():
        return _page(form, 422)
    try:
        assign_visit(shelves(), viewer(), form.offer(), this_moment())
    except CandourError as error:
        error.place = "scenario" if error.place == "checklist" else error.place or "branch"
        form.refuse(error)
        return _page(form, 422)
    tell_next_page(gettext("The visit is assigned. The shopper finds it on the home page of the phone."))
    return make_response(redirect("/assignments", 303))


@doors.post("/assignments/<assignment_id>/cancellation")
@requires(May.ASSIGN_VISITS)
def cancel(assignment_id: str) -> Response:
    """Take an offer back."""
    cancel_assignment(shelves(), viewer(), assignment_id, this_moment())
    tell_next_page(gettext("The assignment is cancelled."))
    return make_response(redirect("/assignments", 303))


def _scenarios(published: PublishedChecklist) -> list[Any]:
    """The choices that a checklist makes: without a scenario, or with one of its own."""
    checklist, tag = published.checklist, language()
    prefix, title = f"{checklist.id}/{published.version}/", checklist.title.in_language(tag)
    named = [choice(prefix + scenario.id, scenario.title.in_language(tag), title) for scenario in checklist.scenarios]
    return [choice(prefix, gettext("%s, no scenario") % title, title), *named]


def overdue(assignments: list[Assignment]) -> set[str]:
    """The ids of those whose last day has passed where their branch stands."""
    store = shelves()
    programme = store.programme.find()
    branches = store.branches.find_many(assignment.branch_code for assignment in assignments)
    return {
        assignment.id
        for assignment in assignments
        if assignment.is_overdue(branches[assignment.branch_code].day_of(this_moment(), programme))
    }


def _page(form: AssignmentForm, status: int) -> Response:
    store, form = shelves(), form.offer_choices()
    open_ones = store.assignments.visible_to(viewer()).list_open()
    branches = store.branches.list_all()
    told = [branch for branch in branches if branch.staff_told_on]
    page = render_template(
        "assignments/list.html",
        form=form,
        assignments=open_ones,
        overdue=overdue(open_ones),
        asked=asked_of(open_ones),
        branches={branch.code: branch for branch in branches},
        suggested=told[:MOST_SUGGESTED],
        lacking=_lacking(branches, told, form),
        shoppers=store.people.find_many(assignment.shopper_id for assignment in open_ones),
        complained=bool(form.errors),
    )
    return make_response(page, status)


def _lacking(branches: list[Branch], told: list[Branch], form: AssignmentForm) -> list[tuple[str, str, str]]:
    """What has to be there before anybody can be asked: what is missing, how it is mended, and where."""
    lacking = []
    if not branches:
        lacking.append((gettext("There is no branch yet."), gettext("Take your branches in first"), "/branches#import"))
    elif not told:
        nobody_knows = gettext("In no branch have the staff been told that visits will happen.")
        lacking.append((nobody_knows, gettext("Put that on file first"), "/branches"))
    if len(form.scenario.choices or ()) < 2:
        lacking.append((gettext("There is no checklist yet."), gettext("Publish one first"), "/checklists"))
    if len(form.shopper.choices or ()) < 2:
        invited = [one for one in shelves().invitations.list_open(this_moment()) if one.role is Role.SHOPPER]
        if invited:
            waiting = gettext("No shopper has accepted an invitation yet.")
            lacking.append((waiting, gettext("Look at the invitations"), "/people"))
        else:
            here = "/people?role=shopper#invite"
            lacking.append((gettext("There is no shopper yet."), gettext("Invite one first"), here))
    return lacking


def asked_of(assignments: list[Assignment]) -> dict[str, str]:
    """By assignment, the checklist that is to be walked, and the scenario."""
    store, tag = shelves(), language()
    versions = {(one.checklist_id, one.version) for one in assignments}
    published = {version: store.checklists.find(*version).checklist for version in versions}
    asked = {}
    for one in assignments:
        checklist = published[one.checklist_id, one.version]
        scenario = checklist.scenario(one.scenario)
        titles = [checklist.title, scenario.title] if scenario else [checklist.title]
        asked[one.id] = " · ".join(title.in_language(tag) for title in titles)
    return asked


def _exact(number: Decimal | None) -> Fraction | None:
    return None if number is None or not number.is_finite() else Fraction(number)
