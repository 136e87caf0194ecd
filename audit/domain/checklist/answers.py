"""Answers as people and phones bring them, judged and put into their one canonical shape.

Owns the two absences ("does not apply", "not observed") and the comment, facts and photos beside a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress

from audit.domain.checklist.model import (
    ABSENCES,
    NO_ANSWER,
    Answer,
    Checklist,
    Question,
    Value,
)
from audit.domain.checklist.questions.writing import clean_text
from audit.domain.checklist.reading import quoted
from audit.domain.checklist.wording import ABSENCE_TITLES
from audit.domain.errors import InvalidAnswer

PARTS = {"value", "comment", "facts", "photos"}
BARE = (str, int)
DIGEST = re.compile("[0-9a-f]{64}")


def answers_in_a_word(checklist: Checklist) -> Mapping[str, Mapping[str, Answer]]:
    """For each question, by its id: the answer that each of its words means, where they are few, and each absence. Most
    answers are such a word; with `Checklist.once` they need not be judged visit by visit."""
    return {id: dict(_answers_in_a_word(question)) for id, question in checklist.by_id.items()}


def _answers_in_a_word(question: Question) -> Iterator[tuple[str, Answer]]:
    for word in (*question.kind.words(), *question.offers):
        with suppress(InvalidAnswer):
            yield word, clean_answer(question, word)


def clean_answer(question: Question, raw: object) -> Answer:
    """The answer in its canonical shape, from a bare value or from {value, comment, facts, photos}.

    Raises InvalidAnswer, placed at the question, with the mend. An empty answer is no error here.
    """
    try:
        if isinstance(raw, BARE):
            return Answer(clean_value(question, raw))
        if raw is None:
            return NO_ANSWER
        if isinstance(raw, Mapping) and PARTS.issuperset(raw):
            return _whole(question, raw)
        if isinstance(raw, Mapping) and "value" in raw:
            strange = next(str(part) for part in raw if part not in PARTS)
            raise InvalidAnswer("An answer has no {part}.", part=quoted(strange))
        return Answer(clean_value(question, raw))
    except InvalidAnswer as refusal:
        raise InvalidAnswer(refusal.message, place=question.id, **refusal.values) from None


def _whole(question: Question, raw: Mapping[str, object]) -> Answer:
    return Answer(
        clean_value(question, raw.get("value")),
        clean_text(raw.get("comment")),
        _facts(question, raw.get("facts")),
        _photos(question, raw.get("photos")),
    )


def clean_value(question: Question, raw: object) -> Value:
    """The value alone: an absence if the question offers it, else what its kind makes of it."""
    return _absence(question, raw) if isinstance(raw, str) and raw in ABSENCES else question.kind.clean(raw)


def _absence(question: Question, raw: object) -> str:
    absence = str(raw)
    if absence not in question.offers:
        raise InvalidAnswer("This question does not offer “{absence}”. Answer it.", absence=_title(absence, "en"))
    return absence


def _facts(question: Question, raw: object) -> tuple[str, ...]:
    chosen = _words(raw)
    if not chosen:
        return ()
    known = {fact.id: None for demand in question.demands for fact in demand.facts}
    strange = next((fact for fact in chosen if fact not in known), None)
    if strange is not None:
        raise InvalidAnswer("There is no observed fact {fact} in this list.", fact=quoted(strange))
    return tuple(fact for fact in known if fact in chosen)


def _photos(question: Question, raw: object) -> tuple[str, ...]:
    digests = tuple(dict.fromkeys(_words(raw)))
    if not digests:
        return ()
    if not all(DIGEST.fullmatch(digest) for digest in digests):
        raise InvalidAnswer("A photo is named by the 64 signs of its sha256.")
    if len(digests) > question.kind.photos_taken:
        raise InvalidAnswer("Keep to {most} photos here.", most=question.kind.photos_taken)
    return digests


def _words(raw: object) -> list[str]:
    if raw is None or raw == "":
        return []
    members = raw if isinstance(raw, list | tuple) else [raw]
    if len(members) > 1_000 or not all(isinstance(member, str) for member in members):
        raise InvalidAnswer("Facts and photos are lists of words.")
    return [member for member in members if isinstance(member, str)]


def show_answer(question: Question, answer: Answer, language: str) -> str:
    """The value in words for people; empty if there is none. Comment, facts and photos are shown on their own."""
    value = answer.value
    if value in (None, "", (), {}):
        return ""
    if isinstance(value, str) and value in ABSENCES and value in question.offers:
        return _title(value, language)
    return question.kind.show(value, language)


def _title(absence: str, language: str) -> str:
    return ABSENCE_TITLES[absence].in_language(language)
