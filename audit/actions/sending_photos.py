"""Photos on their own way: named by the sha256 of the bytes as sent, before or after the message that names them.

Owns when a visit that lacked photos is whole. To which question a photo belongs, the answers say.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from audit.actions.merging import SUBMITTED
from audit.actions.submitting import absent_photos
from audit.domain.errors import InvalidPhoto, InvalidSubmission, TooMany
from audit.domain.people import May, Person
from audit.domain.submission import MOST_PHOTOS, read_envelope
from audit.domain.visit import Flag, Visit
from audit.intake.photos import clean_photo
from audit.storage.store import Store

MOST_ARRIVED = 2 * MOST_PHOTOS  # of one visit: some are taken again and never named
NO_QUESTION = ""


def has_photo(store: Store, person: Person, visit_id: str, sha256: str) -> bool:
    """Whether this photo has arrived for this very visit. NotFound for a visit of somebody else."""
    person.must(May.MAKE_VISITS)
    visit = store.visits.visible_to(person).find(visit_id)
    return sha256 in store.photos.arrived_for([visit.id])[visit.id]


def take_photo(store: Store, person: Person, visit_id: str, sha256: str, raw: bytes, now: datetime) -> bool:
    """Keep a photo of a visit, whatever its state, and say whether it is new; sent twice it is one.

    InvalidPhoto if the bytes do not have this sha256 or are no photo; TooMany at the most for a visit."""
    person.must(May.MAKE_VISITS)
    if has_photo(store, person, visit_id, sha256):
        return False
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise InvalidPhoto("These bytes are not the photo of that name: they changed on their way. Send it again.")
    _must_have_room(store, visit_id)
    photo = clean_photo(raw)
    store.photos.add(photo, now)
    with store.transaction():
        visit = store.visits.visible_to(person).find(visit_id)
        _must_have_room(store, visit_id)
        store.photos.attach(visit.id, NO_QUESTION, photo.sha256, now)
        if Flag.PHOTOS_MISSING in visit.flags and not absent_photos(store, visit, _named(store, visit)):
            store.visits.save(visit.unflagged(Flag.PHOTOS_MISSING))
        store.journal.write(who=person.id, what="visit.photo_kept", which=visit.id, when=now, after=photo.sha256)
    return True


def _must_have_room(store: Store, visit_id: str) -> None:
    if len(store.photos.of_visit(visit_id)) >= MOST_ARRIVED:
        raise TooMany("A visit holds at most {most} photos.", most=MOST_ARRIVED)


def _named(store: Store, visit: Visit) -> tuple[str, ...]:
    """Every photo that the visit, or a message that finished it, names."""
    named = list(visit.photos)
    for kept in store.submissions.of_visit(visit.id):
        raw = store.submissions.raw(kept.msg_id) if kept.outcome == SUBMITTED and kept.photos else None
        try:
            named += read_envelope(raw).named_photos if raw is not None else ()
        except InvalidSubmission:
            continue
    return tuple(named)
