"""Branches: the list, one of them, taking a table of them in, and the day its staff were told."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from urllib.parse import quote

from flask import Blueprint, Response, make_response, redirect, render_template, request
from wtforms import DateField, FileField, HiddenField

from audit.actions.enrolling import import_branches, read_branch_file, record_staff_told
from audit.domain.errors import CandourError, InvalidTable
from audit.domain.people import May
from audit.domain.programme import Area, Branch
from audit.web.access import requires, shelves, takes, this_moment, viewer
from audit.web.languages import gettext, lazy, ngettext, tell
from audit.web.notices import tell_next_page
from audit.web.office_forms import Expected, OfficeForm, needed, trimmed

doors = Blueprint("branches", __name__)

PAGE = 200
SAMPLE = 5
COLUMN_TITLES = {
    "code": lazy("Code"),
    "name": lazy("Name"),
    "area": lazy("Area"),
    "address": lazy("Address"),
    "locality": lazy("Place"),
    "postcode": lazy("Postcode"),
    "time_zone": lazy("Time zone"),
    "opens": lazy("Opens"),
    "closes": lazy("Closes"),
    "latitude": lazy("Latitude"),
    "longitude": lazy("Longitude"),
    "phone": lazy("Telephone"),
    "email": lazy("E-mail address"),
    "kind": lazy("Kind"),
}
LARGEST_MEGABYTES = 14  # a file of 10 MB, which the page that asks for confirmation sends back as text


class TableForm(OfficeForm):
    """A spreadsheet; the second time round the page itself carries it."""

    table = FileField(
        lazy("Spreadsheet with the branches"), [Expected()], description=lazy("A CSV or XLSX file, up to 10 MB.")
    )
    kept = HiddenField()
    name = HiddenField()


class StaffToldForm(OfficeForm):
    """The day on which the staff were told."""

    day = DateField(lazy("Day on which the staff were told"), [needed()])


@doors.get("/branches")
@requires(May.ADMINISTER)
def show_all() -> str:
    """The branches, those whose staff were not told first named, and the form to take more in."""
    sought = trimmed(request.args.get("q"))
    areas = {area.code: area for area in shelves().areas.list_all()}
    found = sought_branches(sought, areas)
    return render_template(
        "branches/list.html",
        branches=found[:PAGE],
        found=len(found),
        total=len(found) if not sought else shelves().branches.count(),
        sought=sought,
        areas=areas,
        form=TableForm(),
    )


@doors.post("/branches/import")
@requires(May.ADMINISTER)
@takes(LARGEST_MEGABYTES)
def take_in() -> Response:
    """First show what was understood; once that is confirmed, take the branches in."""
    form = TableForm(request.form)
    try:
        raw, name = _table(form)
        file = read_branch_file(raw, name)
        confirmed = "confirm" in request.form
        imported = import_branches(shelves(), viewer(), file.rows, this_moment(), dry_run=not confirmed)
    except CandourError as error:
        form.refuse(error)
        return make_response(render_template("branches/import.html", form=form, complained=True), 422)
    if not confirmed:
        form.kept.data, form.name.data = base64.b64encode(raw).decode(), name
        sample = file.rows[:SAMPLE]
        page = render_template(
            "branches/confirm.html",
            form=form, file=file, sample=sample, imported=imported, titles=COLUMN_TITLES, tell=tell,
        )  # fmt: skip
        return make_response(page)
    if imported.refused:
        return make_response(render_template("branches/imported.html", imported=imported, tell=tell))
    number = len(imported.taken)
    tell_next_page(
        ngettext("%(num)s branch was taken in.", "%(num)s branches were taken in.", number) % {"num": number}
    )
    return make_response(redirect("/branches", 303))


@doors.get("/branches/<path:code>")
@requires(May.ADMINISTER)
def show(code: str) -> Response:
    """One branch: where it is, whether its staff were told, what is going on."""
    return _page(code, None, 200)


@doors.post("/branches/<path:code>/staff-told")
@requires(May.ADMINISTER)
def staff_told(code: str) -> Response:
    """Put on file when the staff were told that visits will happen."""
    form = StaffToldForm(request.form)
    if not form.validate() or form.day.data is None:
        return _page(code, form, 422)
    try:
        branch = record_staff_told(shelves(), viewer(), code, form.day.data, this_moment())
    except CandourError as error:
        if not error.place:
            raise
        form.refuse(error)
        return _page(code, form, 422)
    tell_next_page(gettext("It is on file that the staff of %s were told.") % branch.name)
    return make_response(redirect(f"/branches/{quote(code)}", 303))


def sought_branches(sought: str, areas: Mapping[str, Area]) -> list[Branch]:
    """All branches that answer to these words, by code, name, place or area."""
    branches = shelves().branches.list_all()
    return [branch for branch in branches if _answers_to(branch, areas.get(branch.area_code or ""), sought)]


def _answers_to(branch: Branch, area: Area | None, sought: str) -> bool:
    own = f"{area.code} {area.name}" if area else ""
    words = f"{branch.code} {branch.name} {branch.locality} {own}".casefold()
    return all(word in words for word in sought.casefold().split())


def _table(form: TableForm) -> tuple[bytes, str]:
    file = request.files.get("table")
    if file and file.filename:
        return file.read(), file.filename
    try:
        raw = base64.b64decode(form.kept.data or "", validate=True)
    except ValueError:  # no base64, or not even ASCII
        raw = b""
    if not raw:
        raise InvalidTable("Choose a file first.", place="table")
    return raw, form.name.data or ""


def _page(code: str, form: StaffToldForm | None, status: int) -> Response:
    store = shelves()
    branch = store.branches.visible_to(viewer()).find(code)
    today = branch.day_of(this_moment(), store.programme.find())
    assignments = store.assignments.visible_to(viewer()).of_branch(code)
    page = render_template(
        "branches/branch.html",
        branch=branch,
        titles=COLUMN_TITLES,
        area=store.areas.find(branch.area_code) if branch.area_code else None,
        assignments=assignments,
        still_open={one.id for one in store.assignments.visible_to(viewer()).open_at([code])},
        shoppers=store.people.find_many(assignment.shopper_id for assignment in assignments),
        form=form or StaffToldForm(data={"day": branch.staff_told_on or today}),
        complained=bool(form and form.errors),
    )
    return make_response(page, status)
