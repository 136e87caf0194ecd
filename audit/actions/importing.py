"""The last resort: a visit that a phone could not send, saved there as a file and taken in by the office.

The file holds the very message of the outbox, so that the phone may still send it itself: it arrives once all the same.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import datetime

from audit.actions.sending_photos import take_photo
from audit.actions.submitting import receive_submission
from audit.domain.errors import InvalidSubmission, NotFound
from audit.domain.people import May, Person
from audit.domain.submission import MOST_PHOTOS, Receipt, read_envelope
from audit.storage.store import Store

FORMAT = "candour-visit-1"


def import_visit_file(store: Store, person: Person, raw: bytes, now: datetime) -> Receipt:
    """Take a visit from the file of a phone, in the name of its shopper; twice is harmless.

    InvalidSubmission if the file is none of ours, damaged, or about a visit that is not here; InvalidPhoto if a photo
    in it is damaged: then nothing is finished, and the file can be taken in again."""
    person.must(May.ADMINISTER)
    message, photos = _read_file(raw)
    submission = read_envelope(message)
    try:
        visit = store.visits.find(submission.visit_id)
    except NotFound:
        raise InvalidSubmission("The visit in this file is not one of this installation.", place="file") from None
    shopper = store.people.find(visit.shopper_id)
    for sha256, photo in photos.items():
        take_photo(store, shopper, visit.id, sha256, photo, now)
    receipt = receive_submission(store, shopper, submission, message, now)
    with store.transaction():
        store.journal.write(who=person.id, what="visit.imported", which=visit.id, when=now, after=submission.msg_id)
    return receipt


def _read_file(raw: bytes) -> tuple[bytes, dict[str, bytes]]:
    """The message as it would have been sent, and the photos by their sha256."""
    try:
        tree = json.loads(raw)
        photos = {sha: base64.b64decode(text, validate=True) for sha, text in _photos_of(tree).items()}
        return tree["message"].encode(), photos
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error):
        raise InvalidSubmission("This is no file of a visit, or it was damaged on its way.", place="file") from None


def _photos_of(tree: object) -> Mapping[str, str]:
    if not isinstance(tree, dict) or tree.get("format") != FORMAT:
        raise ValueError("another format")
    photos = tree.get("photos", {})
    if not isinstance(photos, dict) or len(photos) > MOST_PHOTOS:
        raise ValueError("photos are by their sha256, and not too many")
    return photos
