"""Markings become a score: every question counts by its weight.

base = 100 * sum(weight * share) / sum(weight)    over the questions that were asked, apply and are no bonus
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from audit.domain.checklist.model import NOT_APPLICABLE, NOT_OBSERVED
from audit.domain.score.marking import UNSCORED, Marking
from audit.domain.score.result import Part, QuestionScore, Score
from audit.domain.score.rounding import round_half_up
from audit.domain.score.sums import ZERO, difference, exact_sum, percentage

PARTIAL_ABOVE, UNSCORED_ABOVE = Fraction(1, 5), Fraction(1, 2)  # shares of the weight that did not apply
CAP = Fraction(49)
HUNDRED = Fraction(100)

Marked = tuple[Marking, QuestionScore]


def score_markings(markings: Sequence[Marking], cap: Fraction = CAP, target: Fraction | None = None) -> Score:
    """The score of questions that have been marked one by one; no band yet."""
    marked = [(marking, _question_score(marking)) for marking in markings]
    counted = [(marking, question) for marking, question in marked if not marking.bonus]
    earned, possible = _sums(question for _, question in counted)
    left_out = exact_sum(marking.left_out for marking, _ in counted)
    bonus = exact_sum(question.earned for _, question in marked if question.bonus)
    everything = possible + left_out
    na_share = left_out / everything if everything else None
    base = percentage(earned, possible)
    with_bonus = base if base is None or not bonus else min(HUNDRED, HUNDRED * (earned + bonus) / possible)
    critical_failed = tuple(marking.id for marking in markings if marking.failed_critical)
    official = min(with_bonus, cap) if with_bonus is not None and critical_failed else with_bonus
    status = _status(possible, na_share)
    shown = int(round_half_up(official, 0, target)) if official is not None and status != UNSCORED else None
    return Score(
        status=status,
        base=base,
        with_bonus=with_bonus,
        official=official,
        na_share=na_share,
        low_if_na_failed=percentage(earned, everything),
        high_if_na_passed=percentage(earned + left_out, everything),
        shown=shown,
        band=None,
        earned=earned,
        possible=possible,
        critical_failed=critical_failed,
        not_observed=sum(marking.absence == NOT_OBSERVED for marking in markings),
        dimensions=_parts((name, one) for one in counted for name in one[0].dimensions),
        sections=_parts((one[0].section, one) for one in counted if one[0].section),
        questions=tuple(question for _, question in marked),
    )


def mean_score(bases: Iterable[Fraction]) -> Fraction | None:
    """The mean of exact visit scores, each visit counting alike; None of none."""
    exact = list(bases)
    return exact_sum(exact) / len(exact) if exact else None


def _status(possible: Fraction, na_share: Fraction | None) -> str:
    if not possible or na_share is None or na_share > UNSCORED_ABOVE:
        return UNSCORED
    return "partial" if na_share > PARTIAL_ABOVE else "ok"


def _sums(questions: Iterable[QuestionScore]) -> tuple[Fraction, Fraction]:
    """What they earned, and what they could have earned."""
    counted = [question for question in questions if question.possible is not ZERO]
    return exact_sum(question.earned for question in counted), exact_sum(question.possible for question in counted)


def _parts(named: Iterable[tuple[str, Marked]]) -> dict[str, Part]:
    inside: dict[str, list[Marked]] = {}
    for name, one in named:
        inside.setdefault(name, []).append(one)
    return {name: _part(members) for name, members in inside.items()}


def _part(members: Sequence[Marked]) -> Part:
    earned, possible = _sums(question for _, question in members)
    absences = [marking.absence for marking, _ in members]
    return Part(
        score=percentage(earned, possible),
        earned=earned,
        possible=possible,
        n=sum(bool(question.possible) for _, question in members),
        not_applicable=absences.count(NOT_APPLICABLE),
        not_observed=absences.count(NOT_OBSERVED),
    )


def _question_score(marking: Marking) -> QuestionScore:
    earned, possible = marking.earned, marking.possible
    lost = ZERO if marking.bonus else difference(possible, earned)
    return QuestionScore(marking.id, earned, possible, lost, marking.why, marking.bonus)
