"""Correcting: an answer of a visit that was sent is put right by the programme office, in the open.

Owns that nothing of it is silent: what stood there stays beside the visit, the journal tells of it, and every report
that says something else now is printed anew. What a phone sent stays as it was received.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from audit.actions.printing import want_reports_of
from audit.actions.visiting import circumstances_of
from audit.domain.checklist.model import NO_ANSWER, Answer, Question
from audit.domain.correction import Correction, correct, correctable, correction_of, reason_in_words, without_words
from audit.domain.errors import InvalidAnswer, Overtaken
from audit.domain.people import May, Person
from audit.domain.visit import Visit, VisitState
from audit.storage.columns import json_text
from audit.storage.store import Store
from audit.storage.visits import answer_to_tree


@dataclass(frozen=True)
class Wish:
    """What is to stand there, as {value, comment, facts}, and why. `seen` is the mark of the answer that was read
    before; None if nobody says what was read, and then it takes the place of whatever stands there."""

    answer: Mapping[str, object]
    reason: str
    seen: str | None = None


def mark_of(visit: Visit, question_id: str) -> str:
    """By which an answer that stands in a visit is told from one that stood there before."""
    stands = visit.answers.get(question_id, NO_ANSWER).with_photos(())
    told = json_text({"answer": answer_to_tree(stands), "unread": visit.odd.get(question_id)})
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def correct_answer(
    store: Store, person: Person, visit_id: str, question_id: str, wish: Wish, now: datetime
) -> Correction:
    """Put one answer right, and score the visit anew by its own version of the checklist.

    By two taps it is corrected once. TooLate for a visit that was not sent, InvalidAnswer for what the question cannot
    take or what stands there already, InvalidField without a reason, Overtaken if something else was read."""
    person.must(May.CORRECT_VISITS)
    with store.transaction():
        visit = store.visits.visible_to(person).find(visit_id)
        checklist = store.checklists.find(visit.checklist_id, visit.version).checklist
        done = correct(visit, checklist, circumstances_of(store, visit), question_id, wish.answer)
        why = reason_in_words(wish.reason)
        question = checklist.by_id[question_id]
        if not done.changed:
            return _tapped_twice(store, person, visit, question, replace(wish, reason=why))
        _must_have_read(visit, question, wish)
        scores = (store.scores.of(visit.id), done.score)
        correction = correction_of(question, visit, done.visit, scores, (why, person.id, now))
        store.visits.save(done.visit)
        store.scores.save(visit.id, done.score)
        store.corrections.add(correction, question)
        store.journal.write(
            who=person.id,
            what="visit.corrected",
            which=visit.id,
            when=now,
            before=_noted(question, correction.before, correction.score_before.shown),
            after=_noted(question, correction.after, correction.score_after.shown),
            why=why,
        )
        if visit.state is VisitState.PUBLISHED:
            want_reports_of(store, done.visit, now)
        return correction


def find_correctable(store: Store, person: Person, visit_id: str, question_id: str) -> tuple[Visit, Question]:
    """The visit and the question whose answer is to be corrected; refuses in the words that a correction would hear."""
    person.must(May.CORRECT_VISITS)
    visit = store.visits.visible_to(person).find(visit_id)
    visit.must_be_sent()
    checklist = store.checklists.find(visit.checklist_id, visit.version).checklist
    return visit, correctable(visit, checklist, circumstances_of(store, visit), question_id)


def _tapped_twice(store: Store, person: Person, visit: Visit, question: Question, wish: Wish) -> Correction:
    """The correction that this one repeats. InvalidAnswer if it repeats none: then nothing is changed by it."""
    same = [one for one in store.corrections.of_visit(visit.id) if one.question_id == question.id][-1:]
    if same and (same[0].who, same[0].reason) == (person.id, wish.reason):
        return same[0]
    _must_have_read(visit, question, wish)
    raise InvalidAnswer(
        "This is what stands there already. Change the answer, or leave it as it is.", place=question.id
    )


def _must_have_read(visit: Visit, question: Question, wish: Wish) -> None:
    if wish.seen not in (None, mark_of(visit, question.id)):
        raise Overtaken(
            "This answer was changed while you were writing. Read how it stands now. What you wrote is still here:"
            " send it again if it should take the place of that.",
            place=question.id,
        )


def _noted(question: Question, answer: Answer, shown: int | None) -> dict[str, object]:
    """What the journal says of it: never what somebody wrote, which has a period; the journal has none."""
    return {"question": question.id, "answer": answer_to_tree(without_words(question, answer)), "score": shown}
