"""The one place that decides what a submission is, for the plain form and the outbox alike.

Owns merging, flags, the score at arrival and the receipt. Refuses nothing that a shopper cannot mend: late, an older
version, odd or missing answers are taken and flagged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TypeVar

from audit.actions.visiting import circumstances_of
from audit.domain.checklist.answers import clean_answer
from audit.domain.checklist.model import NO_ANSWER, Answer, Answers, Checklist
from audit.domain.checklist.visibility import missing
from audit.domain.errors import Conflict, InvalidAnswer, NotFound
from audit.domain.people import May, Person
from audit.domain.score import score_visit
from audit.domain.submission import Receipt, Submission, digest, merge_answers
from audit.domain.visit import ENTER, Flag, Visit
from audit.storage.store import Store

T = TypeVar("T")
DRAFT, LATE, SUBMITTED, SECOND = "draft", "late", "submitted", "second"  # what became of a message


def save_draft(store: Store, person: Person, submission: Submission, raw: bytes, now: datetime) -> Visit:
    """Keep what was typed so far, answer by answer, whatever device it comes from; nothing is scored."""
    person.must(May.MAKE_VISITS)

    def keep() -> Visit:
        visit = store.visits.visible_to(person).find(submission.visit_id)
        if _replayed(store, submission):
            return visit
        visit.must_be_open()
        merged = _merge(store, visit, submission)
        store.visits.save(merged)
        outcome = DRAFT if merged.head == submission.msg_id else LATE
        store.submissions.keep(submission, raw, outcome, now, merged.answers)
        store.journal.write(who=person.id, what="visit.saved", which=visit.id, when=now, after=submission.msg_id)
        return merged

    return _keeping_conflicts(store, submission, raw, now, keep)


def receive_submission(store: Store, person: Person, submission: Submission, raw: bytes, now: datetime) -> Receipt:
    """Take a finished visit: merge, score, flag what is odd, keep the raw bytes, and answer with a receipt.

    What a shopper cannot mend is never refused: late, an older version, odd or missing answers are taken and flagged.
    The same message again gets the same receipt; the same id with other content is a Conflict, and both are kept."""
    person.must(May.MAKE_VISITS)

    def take() -> Receipt:
        visit = store.visits.visible_to(person).find(submission.visit_id)
        if _replayed(store, submission, finished=True):
            return receipt_of(store, visit, submission.msg_id)
        if visit.open:
            _submit(store, person, visit, submission, raw, now)
        else:
            _keep_second(store, person, visit, submission, raw, now)
        return receipt_of(store, visit, submission.msg_id)

    return _keeping_conflicts(store, submission, raw, now, take)


def receipt_of(store: Store, visit: Visit, msg_id: str) -> Receipt:
    """The receipt of a message that was kept."""
    kept = store.submissions.find(msg_id)
    if kept is None or kept.visit_id != visit.id:
        raise NotFound("There is no such submission.")
    absent = _absent_photos(store, visit, store.visits.find(visit.id).photos)
    return Receipt(msg_id, visit.id, kept.sha256, kept.received_at, kept.photos, absent)


def read_answers(checklist: Checklist, trees: Mapping[str, object]) -> tuple[dict[str, Answer], dict[str, object]]:
    """The answers that the questions can take, and the odd ones as they were sent (unknown question, odd value)."""
    answers: dict[str, Answer] = {}
    odd: dict[str, object] = {}
    for id, tree in trees.items():
        question = checklist.by_id.get(id)
        try:
            answer = clean_answer(question, tree) if question else None
        except InvalidAnswer:
            answer = None
        if answer is None:
            odd[id] = tree
        elif answer != NO_ANSWER:
            answers[id] = answer
    return answers, odd


def _submit(store: Store, person: Person, visit: Visit, submission: Submission, raw: bytes, now: datetime) -> None:
    merged = _merge(store, visit, submission)
    checklist = _checklist(store, visit)
    circumstances = circumstances_of(store, visit)
    day = _day(store, merged, now)
    flags = _flags(store, merged, submission, bool(missing(checklist, merged.answers, circumstances)), now)
    sent = merged.submitted(now, day, flags)
    store.visits.save(sent)
    store.scores.save(sent.id, score_visit(checklist, sent.answers, circumstances))
    store.submissions.keep(submission, raw, SUBMITTED, now, sent.answers)
    store.journal.write(
        who=person.id, what="visit.submitted", which=sent.id, when=now,
        before=visit.state, after=[sent.state, *sent.flags],
    )  # fmt: skip


def _keep_second(store: Store, person: Person, visit: Visit, submission: Submission, raw: bytes, now: datetime) -> None:
    store.submissions.keep(submission, raw, SECOND, now, visit.answers)
    store.visits.save(visit.flagged(Flag.SECOND_SUBMISSION))
    store.journal.write(who=person.id, what="visit.second_submission", which=visit.id, when=now)


def _merge(store: Store, visit: Visit, submission: Submission) -> Visit:
    """The visit after this edit. An edit older than one already taken from the same device changes nothing."""
    if submission.n < store.submissions.newest_n(visit.id, submission.device):
        return visit
    incoming, odd = read_answers(_checklist(store, visit), submission.answers)
    base: Answers = store.submissions.answers_at(submission.base, visit.id) if submission.base else {}
    merged = merge_answers(base, visit.answers, incoming)
    for mark in submission.marks:
        visit = visit.marked(mark)
    still_odd = {id: tree for id, tree in visit.odd.items() if id not in submission.answers}
    return visit.with_answers(merged, {**still_odd, **odd}, submission.msg_id)


def _flags(store: Store, visit: Visit, submission: Submission, incomplete: bool, now: datetime) -> list[Flag]:
    assignment = store.assignments.find(visit.assignment_id)
    branch = store.branches.find(visit.branch_code)
    truths = {
        Flag.LATE: assignment.is_overdue(branch.day_of(now, store.programme.find())),
        Flag.INCOMPLETE: incomplete,
        Flag.ODD_ANSWERS: bool(visit.odd),
        Flag.OLD_VERSION: (submission.checklist, submission.version) != (visit.checklist_id, visit.version),
        Flag.NO_ENTER_MARK: visit.mark(ENTER) is None,
        Flag.PHOTOS_MISSING: bool(_absent_photos(store, visit, (*visit.photos, *submission.photos))),
    }
    return [flag for flag, true in truths.items() if true]


def _absent_photos(store: Store, visit: Visit, named: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the named photos that have not arrived for this very visit."""
    if not named:
        return ()
    arrived = {photo.sha256 for photo in store.photos.of_visit(visit.id)}
    return tuple(sha for sha in dict.fromkeys(named) if sha not in arrived)


def _day(store: Store, visit: Visit, now: datetime) -> date:
    entered = visit.mark(ENTER)
    return store.branches.find(visit.branch_code).day_of(entered.at if entered else now, store.programme.find())


def _checklist(store: Store, visit: Visit) -> Checklist:
    return store.checklists.find(visit.checklist_id, visit.version).checklist


def _replayed(store: Store, submission: Submission, *, finished: bool = False) -> bool:
    """Whether this very message was taken before. Conflict if another content had its id, or if it was only a draft
    then and is meant as finished now."""
    kept = store.submissions.find(submission.msg_id)
    if kept is None:
        return False
    same = kept.digest == digest(submission.to_tree()) and kept.visit_id == submission.visit_id
    if not same or (finished and kept.outcome in (DRAFT, LATE)):
        raise Conflict("This submission id was used for other content already. Both are kept for the office.")
    return True


def _keeping_conflicts(store: Store, submission: Submission, raw: bytes, now: datetime, verb: Callable[[], T]) -> T:
    """Run the verb with the next group commit; what conflicts is kept for the office before it is refused."""
    try:
        return store.write(verb)
    except Conflict:
        store.write(lambda: store.submissions.keep_conflict(submission, raw, now))
        raise
