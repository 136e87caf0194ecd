"""A visit of Sam's that is sent without a browser, for journeys that begin where it has arrived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from audit.actions.submitting import receive_submission
from audit.actions.visiting import keep_photo, make_mark
from audit.domain.submission import Submission, canonical
from audit.domain.visit import ENTER, Mark, Visit, VisitState
from audit.storage.identifiers import new_id
from tests import cast
from tests.journeys.shops import Shop
from tests.journeys.walking import WALK, photo
from tests.served import Installation, now


def send(ours: Installation, visit: Visit) -> None:
    """Send a whole visit of Sam's: the answers of the walk, and a photo."""
    make_mark(ours.store, cast.SAM, visit.id, Mark(ENTER, now()), now())
    sha256 = keep_photo(ours.store, cast.SAM, visit.id, "front_photo", photo()["buffer"], now())
    answers = {question: tree(value) for section in WALK.values() for question, value in section.items()}
    submission, raw = message(visit, {**answers, "front_photo": {"photos": [sha256]}})
    receive_submission(ours.store, cast.SAM, submission, raw, now())


def tree(value: object) -> object:
    return {"value": value[0], "comment": value[1]} if isinstance(value, tuple) else value


def message(visit: Visit, answers: Mapping[str, object]) -> tuple[Submission, bytes]:
    submission = Submission(new_id(), visit.id, "phone", 1, visit.checklist_id, visit.version, answers=answers)
    return submission, canonical(submission.to_tree())


def send_back(shop: Shop) -> None:
    """What a reviewer will do: the visit is open again, and keeps its answers."""
    store = shop.installation.store
    with store.transaction():
        store.visits.save(replace(shop.visit(), state=VisitState.RETURNED))
