"""A correction: one answer of a visit that was sent, put right by the programme office, beside what stood there before.

Owns what may be corrected and what of the visit moves with it. Refuses visits that their shopper still holds, answers
that nobody was asked for, and corrections without a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from audit.domain.checklist.answers import clean_answer
from audit.domain.checklist.model import NO_ANSWER, Answer, Checklist, Circumstances, Question
from audit.domain.checklist.questions.writing import WrittenText, clean_text
from audit.domain.checklist.visibility import demands_of, missing_of_seen, visible
from audit.domain.errors import InvalidAnswer, InvalidField, NotFound
from audit.domain.score import Score, score_seen
from audit.domain.visit import Flag, Visit

MOST_OF_REASON = 1000


@dataclass(frozen=True)
class Outcome:
    """What a visit scored: `official` exact, 0 to 100, and as whole percent; both None where it was unscored."""

    official: Fraction | None
    shown: int | None


@dataclass(frozen=True)
class Correction:
    """One answer that was put right: what stood there before, what stands there since, why, by whom (the id of a
    person) and when; and what the visit scored before and after.

    `words` says that the shopper's own words were corrected. They have a period, after which `before` is without them.
    `unread` is what stood there as it was sent, where the question could not take it: it counted as no answer."""

    visit_id: str
    question_id: str
    before: Answer
    after: Answer
    words: bool
    reason: str
    who: str
    at: datetime
    score_before: Outcome
    score_after: Outcome
    unread: object = None


@dataclass(frozen=True)
class Corrected:
    """A visit after a correction, with its score, and whether anything was changed at all."""

    visit: Visit
    score: Score
    changed: bool


def correct(
    visit: Visit, checklist: Checklist, circumstances: Circumstances, question_id: str, tree: Mapping[str, object]
) -> Corrected:
    """The visit with this answer in place of the one it held, judged and scored as if its shopper had given it.

    `tree` is {value, comment, facts}; photos stay as they were sent. A question that appears by it stands there not
    answered, as in any visit that lacks an answer; the answer to one that goes is kept, and counts no more. TooLate for
    a visit that was not sent, NotFound without such a question, InvalidAnswer, placed at the question, otherwise."""
    visit.must_be_sent()
    question = correctable(visit, checklist, circumstances, question_id)
    before = visit.answers.get(question.id, NO_ANSWER)
    parts = {name: part for name, part in tree.items() if name != "photos"}
    after = _without_idle_facts(question, before, clean_answer(question, parts).with_photos(before.photos))
    if question.required and not after.given:
        raise InvalidAnswer("Give the right answer. An answer is not simply taken out.", place=question.id)
    corrected = visit.corrected(question.id, after)
    seen = visible(checklist, corrected.answers, circumstances).questions
    lacks = bool(missing_of_seen(checklist, corrected.answers, seen))
    mended = corrected.flagged(Flag.INCOMPLETE) if lacks else corrected.unflagged(Flag.INCOMPLETE)
    score = score_seen(checklist, mended.answers, seen)
    return Corrected(mended, score, after != before or question.id in visit.odd)


def correctable(visit: Visit, checklist: Checklist, circumstances: Circumstances, question_id: str) -> Question:
    """The question, if its answer can be corrected in this visit; NotFound or InvalidAnswer otherwise."""
    question = checklist.by_id.get(question_id)
    if question is None:
        raise NotFound("There is no such question in this checklist.")
    if question.kind.name == "photo":
        raise InvalidAnswer("Photos are not corrected: they stay as they were sent.", place=question.id)
    if question.id not in visible(checklist, visit.answers, circumstances).questions:
        raise InvalidAnswer(
            "This question was not asked, because of another answer. Correct that one first.", place=question.id
        )
    return question


def correction_of(
    question: Question, before: Visit, after: Visit, scores: tuple[Score | None, Score], why: tuple[str, str, datetime]
) -> Correction:
    """What is kept of a correction: `scores` are those before and after it, `why` is its reason, by whom and when.

    InvalidField without a reason, or with one that is too long."""
    reason, who, at = why
    old, new = before.answers.get(question.id, NO_ANSWER), after.answers.get(question.id, NO_ANSWER)
    of_text = isinstance(question.kind, WrittenText) and old.value != new.value
    return Correction(
        visit_id=before.id,
        question_id=question.id,
        before=old,
        after=new,
        words=old.comment != new.comment or of_text,
        reason=reason_in_words(reason),
        who=who,
        at=at,
        score_before=_outcome(scores[0]),
        score_after=_outcome(scores[1]),
        unread=before.odd.get(question.id),
    )


def reason_in_words(raw: str) -> str:
    """The reason as it is kept and printed; InvalidField without one, or with one that is too long."""
    try:
        reason = clean_text(raw, MOST_OF_REASON)
    except InvalidAnswer as refusal:
        raise InvalidField(refusal.message, place="reason", **refusal.values) from None
    if not reason:
        raise InvalidField("Say in a sentence why the answer is corrected.", place="reason")
    return reason


def without_words(question: Question, answer: Answer) -> Answer:
    """What of an answer is no text that somebody wrote: the choice, the figure, the facts."""
    written = isinstance(question.kind, WrittenText) and not answer.absent
    return answer._replace(value=None if written else answer.value, comment="")


def as_sent(visit: Visit, corrections: tuple[Correction, ...]) -> Visit:
    """The visit as its shopper sent it, as far as that is kept: `corrections` are all of it, the oldest first."""
    if not corrections:
        return visit
    answers, odd = dict(visit.answers), dict(visit.odd)
    for correction in reversed(corrections):
        since = answers.pop(correction.question_id, NO_ANSWER)
        before = correction.before if correction.words else correction.before._replace(comment=since.comment)
        if correction.unread is not None:
            odd[correction.question_id] = correction.unread
        elif before != NO_ANSWER:
            answers[correction.question_id] = before
    return replace(visit, answers=answers, odd=odd)


def _without_idle_facts(question: Question, before: Answer, after: Answer) -> Answer:
    """Facts that were picked for another answer go with it."""
    if after.value == before.value:
        return after
    asked = {fact.id for demand in demands_of(question, after) for fact in demand.facts}
    return after._replace(facts=tuple(fact for fact in after.facts if fact in asked))


def _outcome(score: Score | None) -> Outcome:
    return Outcome(score.official if score else None, score.shown if score else None)
