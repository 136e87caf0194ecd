"""Links to one report, for somebody who is not let in: made, listed, and taken back by whoever made them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, make_response, redirect, render_template, request
from wtforms import RadioField, StringField

from audit.actions.overseeing import find_own_area, must_see_all
from audit.actions.sharing import (
    LASTS_DAYS,
    MOST_OF_NOTE,
    Terms,
    can_open,
    revoke_share,
    share_area,
    share_branch,
    share_programme,
    share_visit,
)
from audit.domain.errors import InvalidField
from audit.domain.people import May
from audit.formatting import Formats
from audit.reports.period import Period
from audit.storage.shares import Share
from audit.web.access import latest_moment, requires, shelves, viewer
from audit.web.languages import gettext, language, lazy, ngettext
from audit.web.link_keys import link_key
from audit.web.links import link_to
from audit.web.notices import tell_next_page
from audit.web.office_forms import ConfirmedForm, at_most, choice, needed, trimmed
from audit.web.reports import asked_period

doors = Blueprint("shares", __name__)

Ask = Callable[["ShareForm", int], Response]
Make = Callable[[Terms, datetime], tuple[str, Share]]


class ShareForm(ConfirmedForm):
    """For how long, and for whom."""

    days = RadioField(lazy("The link is good for"), [needed()], validate_choice=False)
    note = StringField(
        lazy("For whom"),
        [at_most(MOST_OF_NOTE)],
        description=lazy("A note for your own list; the programme office reads it too."),
        render_kw={"autocomplete": "off"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days.choices = [
            choice(str(days), ngettext("%(num)s day", "%(num)s days", days) % {"num": days}) for days in LASTS_DAYS
        ]

    def terms(self) -> Terms:
        """What was filled in; the report will speak the language of this page."""
        days = {str(days): days for days in LASTS_DAYS}.get(self.days.data or "", 0)
        return Terms(days, language(), link_key(), trimmed(self.note.data))


@doors.get("/shares")
@requires(May.SHARE_REPORTS)
def show_all() -> str:
    """The own links, newest first, those that still open before the others; everybody's for an administrator."""
    store, now, key = shelves(), latest_moment(), link_key().name
    shares = store.shares.visible_to(viewer()).list_all()
    visits = [store.visits.find(share.visit_id) for share in shares if share.visit_id]
    return render_template(
        "shares/list.html",
        open_ones=[share for share in shares if can_open(share, key, now)],
        ended=[share for share in shares if not can_open(share, key, now)],
        now=now,
        branches=store.branches.find_many(share.branch_code for share in shares if share.branch_code),
        areas={area.code: area for area in store.areas.list_all()},
        makers=store.people.find_many(share.made_by for share in shares),
        visits={visit.id: visit for visit in visits},
        f=Formats(language()),
    )


@doors.get("/branches/<path:code>/shares")
@requires(May.SHARE_REPORTS)
def ask_branch(code: str) -> Response:
    """The form for a link to the report of a branch over the period that is asked for."""
    return _asking_branch(code)(_empty(), 200)


@doors.post("/branches/<path:code>/shares")
@requires(May.SHARE_REPORTS)
def make_branch(code: str) -> Response:
    """Make the link; it is shown on the page that answers, this once."""
    return _make(partial(share_branch, shelves(), viewer(), code, _period(code)), _asking_branch(code))


@doors.get("/visits/<visit_id>/shares")
@requires(May.SHARE_REPORTS)
def ask_visit(visit_id: str) -> Response:
    """The form for a link to the report of a visit."""
    return _asking_visit(visit_id)(_empty(), 200)


@doors.post("/visits/<visit_id>/shares")
@requires(May.SHARE_REPORTS)
def make_visit(visit_id: str) -> Response:
    """Make the link; it is shown on the page that answers, this once."""
    return _make(partial(share_visit, shelves(), viewer(), visit_id), _asking_visit(visit_id))


@doors.get("/areas/<path:area_code>/shares")
@requires(May.SHARE_REPORTS)
def ask_area(area_code: str) -> Response:
    """The form for a link to the report of an area over the period that is asked for."""
    return _asking_area(area_code)(_empty(), 200)


@doors.post("/areas/<path:area_code>/shares")
@requires(May.SHARE_REPORTS)
def make_area(area_code: str) -> Response:
    """Make the link; it is shown on the page that answers, this once."""
    return _make(
        partial(share_area, shelves(), viewer(), area_code, asked_period(area=area_code)), _asking_area(area_code)
    )


@doors.get("/programme/shares")
@requires(May.SHARE_REPORTS)
def ask_programme() -> Response:
    """The form for a link to the report of the whole programme over the period that is asked for."""
    return _asking_programme()(_empty(), 200)


@doors.post("/programme/shares")
@requires(May.SHARE_REPORTS)
def make_programme() -> Response:
    """Make the link; it is shown on the page that answers, this once."""
    return _make(partial(share_programme, shelves(), viewer(), asked_period()), _asking_programme())


@doors.post("/shares/<share_id>/revocation")
@requires(May.SHARE_REPORTS)
def revoke(share_id: str) -> Response:
    """End a link."""
    revoke_share(shelves(), viewer(), share_id, latest_moment())
    tell_next_page(gettext("The link is no longer good."))
    return make_response(redirect("/shares", 303))


def _make(make: Make, ask: Ask) -> Response:
    form = ShareForm(request.form)
    if not form.validate() or not form.confirm():
        return ask(form, 422)
    try:
        token, share = make(form.terms(), latest_moment())
    except InvalidField as error:
        form.refuse(error)
        return ask(form, 422)
    return make_response(render_template("shares/link.html", link=link_to(f"/shared/{token}"), share=share))


def _asking_branch(code: str) -> Ask:
    branch = shelves().branches.visible_to(viewer()).find(code)
    return _asking(f"/branches/{quote(code)}", branch.name, _period(code))


def _asking_area(code: str) -> Ask:
    area = find_own_area(shelves(), viewer(), code)
    return _asking(f"/areas/{quote(code)}", area.name, asked_period(area=code))


def _asking_programme() -> Ask:
    must_see_all(viewer())
    return _asking("/programme", shelves().programme.find().name, asked_period())


def _asking(path: str, name: str, period: Period) -> Ask:
    asked, days = period.query, Formats(language()).span(period.first, period.last)
    return lambda form, status: _page(form, status, f"{path}/shares?{asked}", f"{path}/report?{asked}", name, days)


def _asking_visit(visit_id: str) -> Ask:
    visit = shelves().visits.visible_to(viewer()).find(visit_id)
    branch = shelves().branches.visible_to(viewer()).find(visit.branch_code)
    path, days = f"/visits/{visit.id}", Formats(language()).day(visit.visited_on or visit.started_at.date())
    return lambda form, status: _page(form, status, f"{path}/shares", f"{path}/report", branch.name, days)


def _page(form: ShareForm, status: int, action: str, back: str, name: str, days: str) -> Response:
    page = render_template(
        "shares/new.html",
        form=form,
        action=action,
        back=back,
        name=name,
        days=days,
        f=Formats(language()),
        complained=bool(form.errors),
    )
    return make_response(page, status)


def _empty() -> ShareForm:
    return ShareForm(data={"days": str(LASTS_DAYS[1])})


def _period(code: str) -> Period:
    return asked_period(shelves().branches.visible_to(viewer()).find(code))
