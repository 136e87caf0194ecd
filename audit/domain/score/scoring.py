"""A visit becomes markings: which questions were seen, what their answers earn, what did not apply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from audit.domain.checklist.model import (
    CLOSING,
    NO_ANSWER,
    NOT_APPLICABLE,
    NOT_OBSERVED,
    Answer,
    Answers,
    Checklist,
    Circumstances,
    Question,
    Section,
)
from audit.domain.checklist.visibility import passes, visible
from audit.domain.score.marking import HIDDEN, UNANSWERED, UNSCORED, Marking
from audit.domain.score.result import Score
from audit.domain.score.sums import ONE, ZERO, exact_sum, product
from audit.domain.score.tallying import score_markings


def score_visit(checklist: Checklist, answers: Answers, circumstances: Circumstances) -> Score:
    """The score of these answers to this version of the checklist, in these circumstances."""
    seen = visible(checklist, answers, circumstances).questions
    markings = [
        _mark(question, section, factor, answers.get(question.id, NO_ANSWER), question.id in seen)
        for section in checklist.sections
        if section.id != CLOSING
        for factor in [weight_factor(section)]
        for question in section.questions
    ]
    score = score_markings(markings, checklist.critical_cap, checklist.target)
    band = checklist.band_of(score.official) if score.official is not None and score.counts else None
    return replace(score, band=band.id if band else None)


def weight_factor(section: Section) -> Fraction:
    """What each weight in the section is multiplied by, so that its scored questions add up to the section's weight.

    A bonus is not part of the sum. Worked out before anything is left out, so that nothing hidden changes it."""
    if section.weight is None:
        return ONE
    total = exact_sum(question.weight for question in section.questions if question.scored and not question.bonus)
    return section.weight / total if total else ONE


def _mark(question: Question, section: Section, factor: Fraction, answer: Answer, seen: bool) -> Marking:
    scored = bool(question.weight) and question.kind.scored
    weight = product(question.weight, factor) if scored else ZERO
    share, absence = _share(question, answer, seen, scored)
    na, unobserved = _absent_rows(question, answer) if share is not None else (ZERO, ZERO)
    failed = seen and not answer.absent and question.critical is not None and passes(question.critical, answer.value)
    return Marking(
        question.id, weight, share, absence, question.dimensions, section.id, question.bonus, failed,
        ONE - na - unobserved if na or unobserved else ONE, na,
    )  # fmt: skip


def _share(question: Question, answer: Answer, seen: bool, scored: bool) -> tuple[Fraction | None, str]:
    if not seen:
        return None, HIDDEN
    if not scored:
        return None, UNSCORED
    if answer.absent:
        return None, str(answer.value)
    if not answer.given:
        return None, UNANSWERED
    share = question.kind.points(answer.value)
    return share, "" if share is not None else _absence_within(answer)


def _absence_within(answer: Answer) -> str:
    """Why an answer that was given earns no points at all: all rows of a grid are absent, or the choice is unscored."""
    rows = set(answer.value.values()) if isinstance(answer.value, Mapping) else set()
    return NOT_OBSERVED if rows == {NOT_OBSERVED} else NOT_APPLICABLE


def _absent_rows(question: Question, answer: Answer) -> tuple[Fraction, Fraction]:
    """The parts of a grid's rows, 0 to 1, that do not apply (or were left open) and that were not observed."""
    rows = getattr(question.kind, "rows", ())
    if not rows or not isinstance(answer.value, Mapping):
        return ZERO, ZERO
    said = [answer.value.get(row.id, NOT_APPLICABLE) for row in rows]
    return Fraction(said.count(NOT_APPLICABLE), len(said)), Fraction(said.count(NOT_OBSERVED), len(said))
