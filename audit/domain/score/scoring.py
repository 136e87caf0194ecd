"""A visit becomes markings: which questions were seen, what their answers earn, what did not apply."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction

from audit.domain.checklist.answers import BARE, answers_in_a_word
from audit.domain.checklist.model import (
    NO_ANSWER,
    NOT_APPLICABLE,
    NOT_OBSERVED,
    Answer,
    Answers,
    Checklist,
    Circumstances,
    Question,
    Value,
)
from audit.domain.checklist.visibility import passes, visible
from audit.domain.score.marking import HIDDEN, UNANSWERED, UNSCORED, Marking
from audit.domain.score.result import Score
from audit.domain.score.stakes import Stake, stakes_of
from audit.domain.score.tallying import score_markings


def score_visit(checklist: Checklist, answers: Answers, circumstances: Circumstances) -> Score:
    """The score of these answers to this version of the checklist, in these circumstances."""
    return score_seen(checklist, answers, visible(checklist, answers, circumstances).questions)


def score_seen(checklist: Checklist, answers: Answers, seen: Collection[str]) -> Score:
    """The same where it is known already which questions were seen, by their ids."""
    markings = []
    for stake, of_words in checklist.once(_foreseen):
        id = stake.question.id
        if id in seen:
            answer = answers.get(id, NO_ANSWER)
            marking = of_words.get(answer.value) if isinstance(answer.value, BARE) else None
            markings.append(_mark(stake, answer) if marking is None else marking)
        else:
            markings.append(stake.without_a_share[HIDDEN])
    return score_markings(markings, checklist.critical_cap, checklist.target, checklist.bands)


def _foreseen(checklist: Checklist) -> tuple[tuple[Stake, Mapping[Value, Marking]], ...]:
    """What is at stake in each question, and the marking of each value that is one word out of a few."""
    in_a_word = answers_in_a_word(checklist)
    return tuple(
        (stake, {a.value: _mark(stake, a) for a in in_a_word[stake.question.id].values() if isinstance(a.value, BARE)})
        for stake in stakes_of(checklist)
    )


def _mark(stake: Stake, answer: Answer) -> Marking:
    marking = _earned(stake, answer) if stake.scored else stake.without_a_share[UNSCORED]
    critical = stake.question.critical
    if critical is not None and not answer.absent and passes(critical, answer.value):
        return replace(marking, failed_critical=True)
    return marking


def _earned(stake: Stake, answer: Answer) -> Marking:
    value = answer.value
    if not answer.given:
        return stake.without_a_share[UNANSWERED]
    if answer.absent:
        return stake.without_a_share[str(value)]
    share = stake.question.kind.points(value)
    if share is not None:
        marking = stake.earning(share)
    else:  # no row of a grid counts; one that was not observed names it, since the others do not apply or are open
        unobserved = isinstance(value, Mapping) and NOT_OBSERVED in value.values()
        marking = stake.without_a_share[NOT_OBSERVED if unobserved else NOT_APPLICABLE]
    return _of_rows(marking, stake.question, value) if isinstance(value, Mapping) else marking


def _of_rows(marking: Marking, question: Question, points: Mapping[str, str]) -> Marking:
    """The marking without the rows of a grid that do not apply (or were left open) and those that were not observed."""
    rows = getattr(question.kind, "rows", ())
    said = [points.get(row.id, NOT_APPLICABLE) for row in rows]
    na, unobserved = said.count(NOT_APPLICABLE), said.count(NOT_OBSERVED)
    if not na and not unobserved:
        return marking
    applies = Fraction(len(rows) - na - unobserved, len(rows))
    return replace(marking, applies=applies, not_applicable=Fraction(na, len(rows)))
