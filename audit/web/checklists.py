"""Checklists: what is published, publishing a file, reading a version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, make_response, redirect, render_template, request
from wtforms import FileField

from audit.actions.publishing import ChecklistFile, publish_checklist, read_checklist_file
from audit.domain.checklist.canonical import digest
from audit.domain.checklist.model import Checklist, PublishedChecklist
from audit.domain.errors import CandourError, InvalidField, NotFound
from audit.domain.people import May
from audit.formatting import Formats
from audit.web.access import requires, shelves, this_moment, viewer
from audit.web.languages import gettext, language, lazy
from audit.web.notices import tell_next_page
from audit.web.office_forms import Expected, OfficeForm

doors = Blueprint("checklists", __name__)

SHIPPED = Path(__file__).parent.parent.parent / "checklists"
FIRST = "six-secrets"  # for whoever does not know yet which one to take


class ChecklistForm(OfficeForm):
    """A file of the format that is described in checklists/README.md."""

    file = FileField(
        lazy("Checklist file"), [Expected()], description=lazy("A YAML file as described in checklists/README.md.")
    )


@dataclass(frozen=True)
class Shipped:
    """A checklist that came with Candour; `version` is the published one of the same content, None if there is none."""

    name: str
    checklist: Checklist
    version: int | None


@doors.get("/checklists")
@requires(May.PUBLISH_CHECKLISTS)
def show_all() -> Response:
    """The published ones, those that came with Candour, and the form to publish a file."""
    return _page(ChecklistForm(), 200)


@doors.post("/checklists")
@requires(May.PUBLISH_CHECKLISTS)
def publish() -> Response:
    """Publish a file that was sent, or one that came with Candour; complaints are shown line by line."""
    form = ChecklistForm()
    try:
        raw, name = _chosen()
        file = read_checklist_file(raw, name)
        if file.errors:
            return _page(form, 422, file)
        published = publish_checklist(shelves(), viewer(), file.tree, file.source, this_moment())
    except CandourError as error:
        form.refuse(error)
        return _page(form, 422)
    title = published.checklist.title.in_language(language())
    tell_next_page(
        gettext("%(title)s is published as version %(version)d.") % {"title": title, "version": published.version}
    )
    return make_response(redirect(f"/checklists/{published.checklist.id}/{published.version}", 303))


@doors.get("/checklists/ready/<shipped>")
@requires(May.PUBLISH_CHECKLISTS)
def show_ready(shipped: str) -> str:
    """One that came with Candour, as it would be asked, before anybody decides to publish it."""
    checklist = shipped_file(shipped).checklist
    assert checklist is not None, "a test checks every one of them"
    return render_template("checklists/version.html", checklist=checklist, name=shipped, formats=Formats(language()))


@doors.get("/checklists/<checklist_id>/<int:version>")
@requires(May.PUBLISH_CHECKLISTS)
def show(checklist_id: str, version: int) -> str:
    """One version, as it will be asked."""
    published = shelves().checklists.find(checklist_id, version)
    versions = shelves().checklists.versions_of(checklist_id)
    return render_template(
        "checklists/version.html",
        checklist=published.checklist,
        published=published,
        versions=versions,
        formats=Formats(language()),
    )


def _chosen() -> tuple[bytes, str]:
    name = request.form.get("shipped", "")
    if name:
        ready = shipped_file(name)
        return ready.source.encode(), ready.name
    file = request.files.get("file")
    if not file or not file.filename:
        raise InvalidField("Choose a file first.", place="file")
    return file.read(), file.filename


def shipped_names() -> list[str]:
    """The names of the checklists that came with Candour, the one to begin with first."""
    return sorted((path.stem for path in SHIPPED.glob("*.yaml")), key=lambda name: (name != FIRST, name))


def shipped_ones(latest: Iterable[PublishedChecklist]) -> list[Shipped]:
    """Those that came with Candour, each with its version if it is among the published ones."""
    by_digest = {published.digest: published.version for published in latest}
    files = {name: shipped_file(name) for name in shipped_names()}
    return [
        Shipped(name, file.checklist, by_digest.get(digest(file.tree)))
        for name, file in files.items()
        if file.checklist
    ]


def shipped_file(name: str) -> ChecklistFile:
    """One that came with Candour; NotFound if there is none of this name."""
    if name not in shipped_names():
        raise NotFound("There is no such checklist.")
    return _shipped(name, (SHIPPED / f"{name}.yaml").stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _shipped(name: str, changed_at: int) -> ChecklistFile:
    path = SHIPPED / f"{name}.yaml"
    return read_checklist_file(path.read_bytes(), path.name)


def _page(form: ChecklistForm, status: int, refused: ChecklistFile | None = None) -> Response:
    store = shelves()
    latest = store.checklists.list_latest()
    page = render_template(
        "checklists/list.html", form=form, latest=latest, shipped=shipped_ones(latest), refused=refused,
        complained=bool(form.errors or refused),
    )  # fmt: skip
    return make_response(page, status)
