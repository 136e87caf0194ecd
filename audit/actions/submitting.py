"""The one place that decides what a submission is, for the plain form and the outbox alike.

Owns drafts, flags, the score at arrival and the receipt. Refuses nothing that a shopper cannot mend: late, an older
version, odd or missing answers are taken and flagged; what cannot be merged is kept for the reviewer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeVar

from audit.actions.merging import AFTER, DRAFT, LATE, SECOND, SIBLING, SUBMITTED, differs, merge_edit
from audit.actions.visiting import circumstances_of
from audit.domain.checklist.model import Checklist
from audit.domain.checklist.visibility import missing_of_seen, visible
from audit.domain.errors import Conflict, NotFound, TooMany
from audit.domain.people import May, Person
from audit.domain.score import score_seen
from audit.domain.submission import MOST_SAVES, Receipt, Submission
from audit.domain.visit import ENTER, Flag, Visit, VisitState
from audit.storage.store import Store
from audit.storage.submissions import KeptSubmission
from audit.storage.visits import answers_text

T = TypeVar("T")


def save_draft(store: Store, person: Person, submission: Submission, raw: bytes, now: datetime) -> Visit:
    """Keep what was typed so far, answer by answer, whatever device it comes from; nothing is scored.

    TooLate once the visit was sent or stopped, unless this is only an older word of the same device; what it says that
    does not stand there is kept for the reviewer all the same."""
    person.must(May.MAKE_VISITS)

    def keep() -> tuple[Visit, bool]:
        visit = store.visits.visible_to(person).find(submission.visit_id)
        if _replayed(store, submission):
            return visit, False
        if store.submissions.count(visit.id) >= MOST_SAVES:
            raise TooMany("This visit was saved too often. Send it as it is.", retry_after_seconds=3600)
        return _save(store, person, visit, submission, raw, now)

    visit, refused = _keeping_conflicts(store, submission, raw, now, keep)
    if refused:
        visit.must_be_open()
    return visit


def receive_submission(store: Store, person: Person, submission: Submission, raw: bytes, now: datetime) -> Receipt:
    """Take a finished visit: merge, score, flag what is odd, keep the raw bytes, and answer with a receipt.

    What a shopper cannot mend is never refused: late, an older version, odd or missing answers are taken and flagged.
    The same message again gets the same receipt; the same id with other content is a Conflict, and both are kept."""
    person.must(May.MAKE_VISITS)
    return _keeping_conflicts(store, submission, raw, now, lambda: _take(store, person, submission, raw, now))


def receive_many(
    store: Store, person: Person, envelopes: Sequence[tuple[Submission, bytes]], now: datetime
) -> list[Receipt | Exception]:
    """The same for many finished visits at once, with one wait for the disk: a receipt or what was refused for each,
    in the order given. One that is refused takes nothing from its neighbours."""
    person.must(May.MAKE_VISITS)

    def taking(submission: Submission, raw: bytes) -> Callable[[], Receipt]:
        return lambda: _take(store, person, submission, raw, now)

    answers = store.write_all([taking(submission, raw) for submission, raw in envelopes])
    for (submission, raw), answer in zip(envelopes, answers, strict=True):
        if isinstance(answer, Conflict):
            _keep_conflict(store, submission, raw, now)
    return answers


def receipt_of(store: Store, visit: Visit, msg_id: str) -> Receipt:
    """The receipt of a message that was kept, with the photos that are still missing in the visit."""
    kept = store.submissions.find(msg_id)
    if kept is None or kept.visit_id != visit.id:
        raise NotFound("There is no such submission.")
    absent = absent_photos(store, visit, store.visits.find(visit.id).photos)
    return Receipt(msg_id, visit.id, kept.sha256, kept.received_at, kept.photos, absent)


def stored_receipt(store: Store, person: Person, msg_id: str) -> Receipt | None:
    """The receipt of a finished visit of this person's that was taken under that id, if there is one."""
    kept = store.submissions.find(msg_id)
    if kept is None or kept.outcome not in (SUBMITTED, SECOND):
        return None
    try:
        visit = store.visits.visible_to(person).find(kept.visit_id)
    except NotFound:
        return None
    return receipt_of(store, visit, msg_id)


def absent_photos(store: Store, visit: Visit, named: Sequence[str]) -> tuple[str, ...]:
    """Those of the named photos that have not arrived for this very visit."""
    if not named:
        return ()
    arrived = {photo.sha256 for photo in store.photos.of_visit(visit.id)}
    return tuple(sha for sha in dict.fromkeys(named) if sha not in arrived)


def _save(
    store: Store, person: Person, visit: Visit, submission: Submission, raw: bytes, now: datetime
) -> tuple[Visit, bool]:
    """The visit after the draft, and whether it came too late to be taken."""
    refused = False
    if visit.open:
        edited = merge_edit(store, visit, submission)
        outcome = LATE if edited.late else SIBLING if edited.contested else DRAFT
        after = edited.visit
    else:
        after, outcome = visit, AFTER if differs(store, visit, submission) else LATE
        refused = submission.n > store.submissions.newest_n(visit.id, submission.device)
    if outcome in (SIBLING, AFTER):
        after = after.flagged(Flag.OTHER_VERSION)
    answers = store.visits.save(after) if after != visit else answers_text(after.answers)
    store.submissions.keep(submission, raw, outcome, now, answers)
    store.journal.write(who=person.id, what="visit.saved", which=visit.id, when=now, after=submission.msg_id)
    return after, refused


def _take(store: Store, person: Person, submission: Submission, raw: bytes, now: datetime) -> Receipt:
    visit = store.visits.visible_to(person).find(submission.visit_id)
    before = _replayed(store, submission, finished=True)
    if before:
        sha256, received_at = before.sha256, before.received_at
    elif visit.open and _finishes(store, visit, submission):
        sha256, received_at = _submit(store, person, visit, submission, raw, now), now
    else:
        sha256, received_at = _keep_second(store, person, visit, submission, raw, now), now
    photos = submission.named_photos
    absent = absent_photos(store, visit, photos)
    return Receipt(submission.msg_id, visit.id, sha256, received_at, len(photos), absent, before is not None)


def _finishes(store: Store, visit: Visit, submission: Submission) -> bool:
    """Whether this message may finish the open visit. A returned one takes only what was written after it was sent:
    an old message that dawdled on its way must not pass for the answer to the reviewer's question."""
    if visit.state is not VisitState.RETURNED:
        return True
    sent = [kept for kept in store.submissions.of_visit(visit.id) if kept.outcome == SUBMITTED]
    seen = store.submissions.find(submission.base) if submission.base else None
    return not sent or any(
        (submission.device == kept.device and submission.n > kept.n) or (seen is not None and seen.place >= kept.place)
        for kept in sent[-1:]
    )


def _submit(store: Store, person: Person, visit: Visit, submission: Submission, raw: bytes, now: datetime) -> str:
    """The sha256 of the raw bytes, as it was kept with them; the visit is sent and scored."""
    edited = merge_edit(store, visit, submission)
    merged = edited.visit.flagged(Flag.OTHER_VERSION) if edited.contested else edited.visit
    checklist = _checklist(store, visit)
    seen = visible(checklist, merged.answers, circumstances_of(store, visit)).questions
    incomplete = bool(missing_of_seen(checklist, merged.answers, seen))
    sent = merged.submitted(now, _day(store, merged, now), _flags(store, merged, submission, incomplete, now))
    answers = store.visits.save(sent)
    store.scores.save(sent.id, score_seen(checklist, sent.answers, seen))
    sha256 = store.submissions.keep(submission, raw, SUBMITTED, now, answers)
    store.journal.write(
        who=person.id, what="visit.submitted", which=sent.id, when=now,
        before=visit.state, after=[sent.state, *sent.flags],
    )  # fmt: skip
    return sha256


def _keep_second(store: Store, person: Person, visit: Visit, submission: Submission, raw: bytes, now: datetime) -> str:
    sha256 = store.submissions.keep(submission, raw, SECOND, now, answers_text(visit.answers))
    store.visits.save(visit.flagged(Flag.SECOND_SUBMISSION))
    store.journal.write(who=person.id, what="visit.second_submission", which=visit.id, when=now)
    return sha256


def _flags(store: Store, visit: Visit, submission: Submission, incomplete: bool, now: datetime) -> list[Flag]:
    assignment = store.assignments.find(visit.assignment_id)
    branch = store.branches.find(visit.branch_code)
    truths = (
        (Flag.LATE, assignment.is_overdue(branch.day_of(now, store.programme.find()))),
        (Flag.INCOMPLETE, incomplete),
        (Flag.ODD_ANSWERS, visit.odd),
        (Flag.OLD_VERSION, (submission.checklist, submission.version) != (visit.checklist_id, visit.version)),
        (Flag.NO_ENTER_MARK, visit.mark(ENTER) is None),
        (Flag.CLOCK_OFF, visit.mark(ENTER) is not None and visit.entered_at(now) is None),
        (Flag.PHOTOS_MISSING, absent_photos(store, visit, (*visit.photos, *submission.named_photos))),
        (Flag.SECOND_SUBMISSION, Flag.SECOND_SUBMISSION in visit.flags),
        (Flag.OTHER_VERSION, Flag.OTHER_VERSION in visit.flags),
        (Flag.CORRECTED, Flag.CORRECTED in visit.flags),
    )
    return [flag for flag, true in truths if true]


def _day(store: Store, visit: Visit, now: datetime) -> date:
    return store.branches.find(visit.branch_code).day_of(visit.entered_at(now) or now, store.programme.find())


def _checklist(store: Store, visit: Visit) -> Checklist:
    return store.checklists.find(visit.checklist_id, visit.version).checklist


def _replayed(store: Store, submission: Submission, *, finished: bool = False) -> KeptSubmission | None:
    """This very message, if it was taken before. Conflict if another content had its id, or if it was only a draft
    then and is meant as finished now."""
    kept = store.submissions.find(submission.msg_id)
    if kept is None:
        return None
    if kept.digest != submission.digest or (finished and kept.outcome not in (SUBMITTED, SECOND)):
        raise Conflict("This submission id was used for other content already. Both are kept for the office.")
    return kept


def _keeping_conflicts(store: Store, submission: Submission, raw: bytes, now: datetime, verb: Callable[[], T]) -> T:
    """Run the verb with the next group commit; what conflicts is kept for the office before it is refused."""
    _ = submission.digest, submission.named_photos  # worked out and kept here: in the turn to write others wait for it
    try:
        return store.write(verb)
    except Conflict:
        _keep_conflict(store, submission, raw, now)
        raise


def _keep_conflict(store: Store, submission: Submission, raw: bytes, now: datetime) -> None:
    store.write(lambda: store.submissions.keep_conflict(submission, raw, now))
