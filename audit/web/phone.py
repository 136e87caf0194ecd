"""The calls of the phone's outbox: who am I, drafts, photos, finished visits one by one or many at once. All JSON.

A 2xx is given only after the commit. Owns statuses and shapes; what a submission is decides `actions.submitting`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import cast

from flask import Blueprint, Response, current_app, g, jsonify, request
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from audit.actions.merging import MERGED, is_all_that_stands
from audit.actions.sending_photos import has_photo, take_photo
from audit.actions.submitting import receive_many, receive_submission, save_draft, stored_receipt
from audit.domain import errors
from audit.domain.errors import CandourError, InvalidSubmission, NotFound, TooMany
from audit.domain.people import May
from audit.domain.submission import MOST_BYTES, Receipt, Submission, mark_to_tree, read_batch, read_envelope
from audit.domain.visit import VisitState
from audit.storage.columns import json_from
from audit.storage.visits import answers_text
from audit.web import sessions
from audit.web.access import requires, shelves, takes, this_moment, viewer
from audit.web.errors import RETRY_SECONDS, WORDS, status_of
from audit.web.languages import gettext, language, tell
from audit.web.logs import describe, trouble_log
from audit.web.pace import Pace

doors = Blueprint("phone", __name__)

NAMES: dict[type[Exception], str] = {
    errors.NotFound: "not_found",
    errors.NotAllowed: "not_allowed",
    errors.SignInNeeded: "sign_in",
    errors.TooLate: "too_late",
    errors.Conflict: "conflict",
    errors.TooMany: "too_many",
    errors.NoSpace: "no_space",
    errors.InvalidPhoto: "not_a_photo",
    errors.InvalidSubmission: "unreadable",
    RequestEntityTooLarge: "too_large",
}
SPELLING = json.JSONEncoder()
STATES = {VisitState.APPROVED: VisitState.SUBMITTED, VisitState.PUBLISHED: VisitState.SUBMITTED}
BATCH_MEGABYTES = 8


@doors.get("/me")
@requires(May.MAKE_VISITS)
def who_am_i() -> Response:
    """Whose outbox may be sent from here, as which device, and what time it is on the server."""
    person = viewer()
    _spend(1)
    answer = jsonify(
        id=person.id, name=person.name, language=language(), device=g.device.id, now=this_moment().isoformat()
    )
    return sessions.renew(answer)


@doors.get("/visits/<visit_id>/draft")
@requires(May.MAKE_VISITS)
def show_draft(visit_id: str) -> Response:
    """The visit as it stands, merged from all its devices: its head, and the highest number of each device
    that is in it."""
    _spend(1)
    store = shelves()
    visit = store.visits.visible_to(viewer()).find(visit_id)
    return jsonify(
        visit_id=visit.id,
        state=STATES.get(visit.state, visit.state).value,
        checklist=visit.checklist_id,
        version=visit.version,
        head=visit.head,
        devices=store.submissions.newest_of_devices(visit.id, MERGED),
        answers={**json_from(answers_text(visit.answers)), **visit.odd},
        marks=[mark_to_tree(mark) for mark in visit.marks],
        photos=sorted(store.photos.arrived_for([visit.id])[visit.id]),
    )


@doors.put("/visits/<visit_id>/draft")
@requires(May.MAKE_VISITS)
@takes(2)
def put_draft(visit_id: str) -> Response:
    """Keep a copy of the draft. `Candour-Head` names what stands now; `Candour-Fetch: yes` says that it is not, or not
    only, what was sent, so that there is something to fetch."""
    _spend(1)
    submission, raw = _read(visit_id, _body())
    visit = save_draft(shelves(), viewer(), submission, raw, this_moment())
    headers = {"Candour-Head": visit.head or ""}
    if not is_all_that_stands(shelves(), visit, submission):
        headers["Candour-Fetch"] = "yes"
    return Response(status=204, headers=headers)


@doors.route("/visits/<visit_id>/photos/<sha256>", methods=["HEAD"])
@requires(May.MAKE_VISITS)
def look_for_photo(visit_id: str, sha256: str) -> Response:
    """Whether this photo has arrived for this visit."""
    _spend(1)
    if not has_photo(shelves(), viewer(), visit_id, sha256):
        raise NotFound("There is no such photo.")
    return jsonify(sha256=sha256)


@doors.put("/visits/<visit_id>/photos/<sha256>")
@requires(May.MAKE_VISITS)
@takes(12)
def put_photo(visit_id: str, sha256: str) -> tuple[Response, int]:
    """Take a photo whose bytes have this sha256: 201 the first time, 200 from then on."""
    _spend(1)
    new = take_photo(shelves(), viewer(), visit_id, sha256, request.get_data(), this_moment())
    return jsonify(sha256=sha256), 201 if new else 200


@doors.put("/visits/<visit_id>/submission")
@requires(May.MAKE_VISITS)
@takes(2)
def put_submission(visit_id: str) -> Response:
    """Take a finished visit: 201 with the receipt, 200 for the same again, 424 while photos are missing."""
    _spend(1)
    submission, raw = _read(visit_id, _body())
    try:
        answer: Receipt | Exception = receive_submission(shelves(), viewer(), submission, raw, this_moment())
    except errors.Conflict as refusal:
        answer = refusal
    return _as_told(_told(answer, submission))


@doors.post("/submissions")
@requires(May.MAKE_VISITS)
@takes(BATCH_MEGABYTES)
def send_many() -> Response:
    """Take many finished visits: a list of envelopes in, a list of answers out in the same order, each with the
    status that it would have had alone."""
    parts = read_batch(request.get_data())
    _spend(len(parts))
    readable: list[tuple[Submission, bytes]] = []
    unread: dict[int, Exception] = {}
    for place, raw in enumerate(parts):
        try:
            readable.append((read_envelope(raw), raw))
        except InvalidSubmission as refusal:
            unread[place] = _keep_unreadable("", raw, refusal)
    answers = iter(zip(readable, receive_many(shelves(), viewer(), readable, this_moment()), strict=True))
    told = []
    for place in range(len(parts)):
        if place in unread:
            told.append(_told(unread[place], None))
        else:
            (submission, _), answer = next(answers)
            told.append(_told(answer, submission))
    _must_not_all_wait(told)
    return jsonify(told)


@doors.errorhandler(CandourError)
def refuse(error: CandourError) -> Response:
    """Every refusal in one shape: a word for the program, where it is, and a sentence for the person."""
    return _as_told(_told(error, None), _seconds_to_wait(error))


@doors.errorhandler(HTTPException)
def refuse_request(error: HTTPException) -> Response:
    """An error of the protocol, such as a body that is too large."""
    status = 500 if isinstance(error, InternalServerError) else error.code or 500
    words = WORDS.get(status) or WORDS[400 if status < 500 else 500]
    name = NAMES.get(type(error), "refused")
    return _as_told({"status": status, "error": name, "place": "", "message": str(words.mend)})


@doors.errorhandler(Exception)
def answer_trouble(error: Exception) -> Response:
    """What nobody foresaw: told in the log; the phone keeps all that it has, and tries again."""
    return _as_told(_told(error, None))


def _spend(calls: int) -> None:
    pace: Pace = current_app.extensions["pace"]
    pace.spend(g.device.id, calls, request.content_length or 0)


def _body() -> bytes:
    raw = request.get_data()
    if len(raw) > MOST_BYTES:
        raise RequestEntityTooLarge
    return raw


def _read(visit_id: str, raw: bytes) -> tuple[Submission, bytes]:
    """The envelope about this very visit; what cannot be read is kept for the office before it is refused."""
    try:
        submission = read_envelope(raw)
        if submission.visit_id != visit_id:
            raise InvalidSubmission("The submission is about another visit than its address says.", place="visit_id")
    except InvalidSubmission as refusal:
        visit = shelves().visits.visible_to(viewer()).find(visit_id)  # of a visit that can be read, the action asks it
        raise _keep_unreadable(visit.id, raw, refusal) from None
    return submission, raw


def _keep_unreadable(visit_id: str, raw: bytes, refusal: InvalidSubmission) -> InvalidSubmission:
    store, person, now = shelves(), viewer(), this_moment()
    store.write(lambda: store.submissions.keep_unreadable(visit_id, person.id, raw, str(refusal), now))
    return refusal


def _told(answer: Receipt | Exception, submission: Submission | None) -> dict[str, object]:
    """What is said of one message: its status, and a receipt or the refusal."""
    told: dict[str, object] = {"msg_id": submission.msg_id} if submission else {}
    if isinstance(answer, Receipt):
        return told | _told_of_receipt(answer)
    if not isinstance(answer, CandourError):
        trouble_log.error("unforeseen", extra={"facts": describe(answer)})
        return told | {"status": 500, "error": "trouble", "place": "", "message": str(WORDS[500].mend)}
    name = next((NAMES[kind] for kind in type(answer).__mro__ if kind in NAMES), "refused")
    told |= {"status": _status(answer), "error": name, "place": answer.place, "message": tell(answer)}
    stored = stored_receipt(shelves(), viewer(), submission.msg_id) if submission else None
    if isinstance(answer, errors.Conflict) and stored:
        told["receipt"] = _receipt_tree(stored)
    return told


def _told_of_receipt(receipt: Receipt) -> dict[str, object]:
    if receipt.missing_photos:
        said = gettext("The words are kept. These photos have not arrived yet.")
        refusal = {"status": 424, "error": "photos_missing", "place": "photos", "message": said}
        return refusal | {"missing": receipt.missing_photos, "kept": _receipt_tree(receipt)}
    return {"status": 200 if receipt.again else 201, "receipt": _receipt_tree(receipt)}


def _receipt_tree(receipt: Receipt) -> dict[str, object]:
    return {
        "id": receipt.msg_id,
        "sha256": receipt.sha256,
        "received_at": receipt.received_at.isoformat(),
        "photos": receipt.photos,
    }


def _status(error: CandourError) -> int:
    """A limit that no waiting mends is not 429, lest a phone wait for ever."""
    return 422 if isinstance(error, TooMany) and not error.retry_after_seconds else status_of(error)


def _seconds_to_wait(error: CandourError) -> int:
    return error.retry_after_seconds if isinstance(error, TooMany) else 0


def _as_told(told: dict[str, object], seconds: int = 0) -> Response:
    """What is told, under its status; where a later try may do better, after so many seconds."""
    status = cast("int", told.pop("status"))
    response = Response(SPELLING.encode(told), status, content_type="application/json")
    if seconds or status in RETRY_SECONDS:
        response.headers["Retry-After"] = str(seconds or RETRY_SECONDS[status])
    return response


def _must_not_all_wait(told: Sequence[dict[str, object]]) -> None:
    """A disk that is full for all of them is one answer: the phone waits once, not once for each."""
    if told and all(one["status"] == 507 for one in told):
        raise errors.NoSpace("The disk is full: nothing was taken. Try again when there is space.")
