"""Markings become a score: every question counts by its weight.

base = 100 * sum(weight * share) / sum(weight)    over the questions that were asked, apply and are no bonus
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from audit.domain.checklist.model import NOT_APPLICABLE, NOT_OBSERVED
from audit.domain.score.marking import UNSCORED, Marking
from audit.domain.score.result import Part, QuestionScore, Score
from audit.domain.score.rounding import round_half_up
from audit.domain.score.sums import ZERO, exact_sum

PARTIAL_ABOVE, UNSCORED_ABOVE = Fraction(1, 5), Fraction(1, 2)  # shares of the weight that did not apply
CAP = Fraction(49)
HUNDRED = Fraction(100)


def score_markings(markings: Sequence[Marking], cap: Fraction = CAP, target: Fraction | None = None) -> Score:
    """The score of questions that have been marked one by one; no band yet."""
    counted = [marking for marking in markings if not marking.bonus]
    earned, possible = _sum(counted, lambda m: m.earned), _sum(counted, lambda m: m.possible)
    left_out = _sum(counted, lambda m: m.left_out)
    bonus = _sum((marking for marking in markings if marking.bonus), lambda m: m.earned)
    everything = possible + left_out
    na_share = left_out / everything if everything else None
    base = HUNDRED * earned / possible if possible else None
    with_bonus = min(HUNDRED, HUNDRED * (earned + bonus) / possible) if possible else None
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
        low_if_na_failed=HUNDRED * earned / everything if everything else None,
        high_if_na_passed=HUNDRED * (earned + left_out) / everything if everything else None,
        shown=shown,
        band=None,
        earned=earned,
        possible=possible,
        critical_failed=critical_failed,
        not_observed=sum(marking.absence == NOT_OBSERVED for marking in markings),
        dimensions=_parts(counted, lambda marking: marking.dimensions),
        sections=_parts(counted, lambda marking: (marking.section,) if marking.section else ()),
        questions=tuple(map(_question_score, markings)),
    )


def mean_score(bases: Iterable[Fraction]) -> Fraction | None:
    """The mean of exact visit scores, each visit counting alike; None of none."""
    exact = list(bases)
    return exact_sum(exact) / len(exact) if exact else None


def _status(possible: Fraction, na_share: Fraction | None) -> str:
    if not possible or na_share is None or na_share > UNSCORED_ABOVE:
        return UNSCORED
    return "partial" if na_share > PARTIAL_ABOVE else "ok"


def _sum(markings: Iterable[Marking], what: Callable[[Marking], Fraction]) -> Fraction:
    return exact_sum(map(what, markings))


def _parts(markings: Sequence[Marking], names: Callable[[Marking], Sequence[str]]) -> dict[str, Part]:
    inside: dict[str, list[Marking]] = {}
    for marking in markings:
        for name in names(marking):
            inside.setdefault(name, []).append(marking)
    return {name: _part(members) for name, members in inside.items()}


def _part(markings: Sequence[Marking]) -> Part:
    earned, possible = _sum(markings, lambda m: m.earned), _sum(markings, lambda m: m.possible)
    return Part(
        score=HUNDRED * earned / possible if possible else None,
        earned=earned,
        possible=possible,
        n=sum(marking.possible > 0 for marking in markings),
        not_applicable=sum(marking.absence == NOT_APPLICABLE for marking in markings),
        not_observed=sum(marking.absence == NOT_OBSERVED for marking in markings),
    )


def _question_score(marking: Marking) -> QuestionScore:
    lost = ZERO if marking.bonus else marking.possible - marking.earned
    return QuestionScore(marking.id, marking.earned, marking.possible, lost, marking.why, marking.bonus)
