"""What a shopper does with a visit before it is sent: begin it, mark moments, keep photos, stop and leave."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from audit.domain.checklist.model import NO_ANSWER, Circumstances, Question
from audit.domain.checklist.visibility import Missing, missing
from audit.domain.errors import NotFound, TooMany
from audit.domain.people import May, Person
from audit.domain.submission import MOST_PHOTOS
from audit.domain.visit import Mark, Visit, begin
from audit.intake.photos import clean_photo
from audit.storage.identifiers import new_visit_id
from audit.storage.store import Store


def begin_visit(store: Store, person: Person, assignment_id: str, now: datetime) -> Visit:
    """The draft for an assignment; begun twice, on two devices or by two taps, it is the same draft."""
    person.must(May.MAKE_VISITS)
    with store.transaction():
        assignment = store.assignments.visible_to(person).find(assignment_id)
        existing = store.visits.of_assignment(assignment.id)
        if existing is not None:
            return existing
        visit = begin(new_visit_id(now, store.visits.newest_id()), assignment, now)
        store.visits.save(visit)
        store.journal.write(who=person.id, what="visit.begun", which=visit.id, when=now)
        return visit


def make_mark(store: Store, person: Person, visit_id: str, mark: Mark, now: datetime) -> Visit:
    """Keep a moment, such as entering or leaving; the first moment of a name stands."""
    return _change(store, person, visit_id, lambda visit: visit.marked(mark), "visit.marked", now)


def clear_mark(store: Store, person: Person, visit_id: str, name: str, now: datetime) -> Visit:
    """Take back a mark that was made by mistake."""
    return _change(store, person, visit_id, lambda visit: visit.unmarked(name), "visit.mark_cleared", now)


def keep_photo(store: Store, person: Person, visit_id: str, question_id: str, raw: bytes, now: datetime) -> str:
    """Clean and keep one photo at a question, and return its name, the sha256 of the bytes as sent.

    Sending it twice changes nothing. InvalidPhoto says what is wrong with the file; TooMany at the most for a visit."""
    person.must(May.MAKE_VISITS)
    visit = store.visits.visible_to(person).find(visit_id)
    visit.must_be_open()
    question = store.checklists.find(visit.checklist_id, visit.version).checklist.by_id.get(question_id)
    if question is None:
        raise NotFound("There is no such question in this checklist.")
    _must_have_room(visit, question, hashlib.sha256(raw).hexdigest())
    photo = clean_photo(raw)
    store.photos.add(photo, now)
    with store.transaction():
        visit = store.visits.visible_to(person).find(visit_id)
        _must_have_room(visit, question, photo.sha256)
        store.photos.attach(visit.id, question_id, photo.sha256, now)
        store.visits.save(visit.with_photo(question_id, photo.sha256))
        store.journal.write(who=person.id, what="visit.photo_kept", which=visit.id, when=now, after=photo.sha256)
    return photo.sha256


def stop_visit(store: Store, person: Person, visit_id: str, reason: str, now: datetime) -> Visit:
    """Stop and leave: the visit ends without harm to anybody and is never scored."""
    return _change(store, person, visit_id, lambda visit: visit.stopped(reason, now), "visit.stopped", now)


def unfinished(store: Store, visit: Visit) -> list[Missing]:
    """What the checklist still asks for in this visit, in its order: answers, comments, photos, observed facts."""
    checklist = store.checklists.find(visit.checklist_id, visit.version).checklist
    return missing(checklist, visit.answers, circumstances_of(store, visit))


def circumstances_of(store: Store, visit: Visit) -> Circumstances:
    """What the rules of the checklist may ask about besides the answers."""
    branch = store.branches.find(visit.branch_code)
    known = {"code": branch.code, "area": branch.area_code or "", "locality": branch.locality}
    return Circumstances({**known, **branch.attributes}, visit.scenario)


def _change(
    store: Store, person: Person, visit_id: str, change: Callable[[Visit], Visit], what: str, now: datetime
) -> Visit:
    person.must(May.MAKE_VISITS)
    with store.transaction():
        before = store.visits.visible_to(person).find(visit_id)
        after = change(before)
        if after != before:
            store.visits.save(after)
            store.journal.write(
                who=person.id, what=what, which=visit_id, when=now,
                before=before.state, after=after.state, why=after.stopped_reason,
            )  # fmt: skip
        return after


def _must_have_room(visit: Visit, question: Question, sha256: str) -> None:
    if sha256 not in visit.photos and len(visit.photos) >= MOST_PHOTOS:
        raise TooMany("A visit holds at most {most} photos. Remove one before you add another.", most=MOST_PHOTOS)
    here = visit.answers.get(question.id, NO_ANSWER).photos
    most = question.kind.photos_taken
    if sha256 not in here and len(here) >= most:
        raise TooMany("This question takes at most {most} photos. Remove one before you add another.", most=most)
