"""A visit that Sam's phone could not send comes to Ada as a file."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest

from audit.actions.importing import import_visit_file
from audit.actions.submitting import receive_submission
from audit.actions.visiting import begin_visit
from audit.domain.errors import InvalidPhoto, InvalidSubmission, NotAllowed
from audit.domain.visit import Visit, VisitState
from audit.storage.store import Store
from tests import cast
from tests.web.walking import picture
from tests.world import GOOD, NOW, assign, edit, minutes

PHOTO = picture()[0].read()
SHA = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture
def visit(store: Store) -> Visit:
    return begin_visit(store, cast.SAM, assign(store).id, NOW)


def file_of(raw: bytes, **changes: Any) -> bytes:
    tree = {"format": "candour-visit-1", "message": raw.decode(), "photos": {SHA: base64.b64encode(PHOTO).decode()}}
    return json.dumps(tree | changes).encode()


def message_about(visit: Visit) -> bytes:
    return edit(visit, {**GOOD, "shelf": {"photos": [SHA]}}, photos=(SHA,))[1]


def test_a_visit_from_a_file_is_submitted_with_its_photos_in_the_name_of_its_shopper(
    store: Store, visit: Visit
) -> None:
    message = message_about(visit)
    receipt = import_visit_file(store, cast.ADA, file_of(message), minutes(5))
    kept = store.visits.find(visit.id)
    assert (kept.state, kept.photos, receipt.missing_photos) == (VisitState.SUBMITTED, (SHA,), ())
    assert receipt.sha256 == hashlib.sha256(message).hexdigest()


def test_the_phone_may_send_it_afterwards_and_it_counts_once(store: Store, visit: Visit) -> None:
    submission, raw = edit(visit, GOOD)
    import_visit_file(store, cast.ADA, file_of(raw, photos={}), minutes(5))
    again = receive_submission(store, cast.SAM, submission, raw, minutes(9))
    assert (again.again, again.received_at) == (True, minutes(5))
    assert len(store.submissions.of_visit(visit.id)) == 1


def test_a_file_holds_no_more_photos_than_a_visit(store: Store, visit: Visit) -> None:
    many = {f"{number:064x}": "" for number in range(31)}
    with pytest.raises(InvalidSubmission):
        import_visit_file(store, cast.ADA, file_of(edit(visit, GOOD)[1], photos=many), minutes(5))
    assert store.visits.find(visit.id).state is VisitState.DRAFT


def test_a_damaged_photo_finishes_nothing(store: Store, visit: Visit) -> None:
    damaged = {SHA: base64.b64encode(PHOTO[:-9]).decode()}
    with pytest.raises(InvalidPhoto):
        import_visit_file(store, cast.ADA, file_of(message_about(visit), photos=damaged), minutes(5))
    assert store.visits.find(visit.id).state is VisitState.DRAFT


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xd8 a photo",
        b"[]",
        b"[" * 100_000,
        json.dumps({"format": "candour-visit-2", "message": "{}"}).encode(),
        file_of(b"{}", message=7),
        file_of(b"{}", photos=[]),
        file_of(b"{}", photos={SHA: "not base64!"}),
        file_of(b"{}", photos={SHA: 7}),
        file_of(b"no envelope"),
    ],
    ids=["empty", "photo", "list", "deep", "format", "number", "photos", "letters", "numbers", "envelope"],
)
def test_a_file_that_is_none_of_ours_is_refused_in_words(store: Store, raw: bytes) -> None:
    with pytest.raises(InvalidSubmission):
        import_visit_file(store, cast.ADA, raw, NOW)


def test_a_visit_of_another_installation_is_refused(store: Store, visit: Visit) -> None:
    message = message_about(visit).replace(visit.id.encode(), b"01900000-0000-7000-8000-00000000dead")
    with pytest.raises(InvalidSubmission, match="not one of this installation"):
        import_visit_file(store, cast.ADA, file_of(message), NOW)


@pytest.mark.parametrize("person", [cast.SAM, cast.RITA, cast.AMIR, cast.BEA], ids=lambda person: person.name)
def test_only_the_programme_manager_takes_files_in(store: Store, visit: Visit, person: Any) -> None:
    with pytest.raises(NotAllowed):
        import_visit_file(store, person, file_of(message_about(visit)), NOW)
