"""Pictures: photos, each authorised by the visit it belongs to, and the reference pictures of checklists."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, request

from audit.domain.errors import NotFound
from audit.domain.people import May, Person
from audit.domain.visit import Visit
from audit.web.access import requires, shelves, viewer

doors = Blueprint("photos", __name__)

PICTURES = Path(__file__).parent.parent.parent / "checklists" / "pictures"
KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}


@doors.get("/photos/<visit_id>/<sha256>")
@requires(May.HAVE_A_HOME)
def show_photo(visit_id: str, sha256: str) -> Response:
    """A photo of a visit that this person may see, cleaned; `?size=paper` for the small one. Never changes."""
    store = shelves()
    visit = store.visits.visible_to(viewer()).find(visit_id)
    # An answer may name any photo; only one that was sent for this very visit is shown with it.
    if sha256 not in _photos_for(viewer(), visit) or sha256 not in store.photos.arrived_for([visit.id])[visit.id]:
        raise NotFound("There is no such page.")
    size = "paper" if request.args.get("size") == "paper" else "full"
    response = Response(store.photos.read(sha256, size), content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    response.vary.add("Cookie")  # at a shared computer the next one is somebody else
    return response


def _photos_for(person: Person, visit: Visit) -> tuple[str, ...]:
    if person.may(May.SEE_SHOPPERS) or person.id == visit.shopper_id:
        return visit.photos
    return visit.photos_outside_office(shelves().checklists.find(visit.checklist_id, visit.version).checklist)


@doors.get("/pictures/<name>")
@requires(May.HAVE_A_HOME)
def show_picture(name: str) -> Response:
    """A reference picture of a checklist: one of the files that are there, and nothing else."""
    found = {path.name: path for path in PICTURES.glob("*") if path.suffix in KINDS}.get(name)
    if found is None:
        raise NotFound("There is no such page.")
    response = Response(found.read_bytes(), content_type=KINDS[found.suffix])
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response
