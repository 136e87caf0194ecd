"""Markings become a score: every question counts by its weight.

base = 100 * sum(weight * share) / sum(weight)    over the questions that were asked, apply and are no bonus
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import lcm

from audit.domain.checklist.model import NOT_APPLICABLE, NOT_OBSERVED, Band, highest_band
from audit.domain.score.marking import HIDDEN, UNSCORED, Marking
from audit.domain.score.result import Part, Score
from audit.domain.score.rounding import round_half_up
from audit.domain.score.sums import exact_sum

PARTIAL_ABOVE, UNSCORED_ABOVE = Fraction(1, 5), Fraction(1, 2)  # shares of the weight that did not apply
CAP = Fraction(49)


@dataclass(slots=True)
class Tally:
    """What some questions add up to. Points are counted in grains, so many to the point that whatever is added is a
    whole number of them: to add fractions takes ten times as long."""

    grains: int
    earned: int = 0
    possible: int = 0
    left_out: int = 0
    n: int = 0
    not_applicable: int = 0
    not_observed: int = 0

    def add(self, absence: str, earned: int, possible: int, left_out: int) -> None:
        """One more question, in grains."""
        self.earned += earned
        self.possible += possible
        self.left_out += left_out
        if possible:
            self.n += 1
        elif absence == NOT_APPLICABLE:
            self.not_applicable += 1
        elif absence == NOT_OBSERVED:
            self.not_observed += 1

    def part(self) -> Part:
        """The same, in points."""
        score = _percentage(self.earned, self.possible)
        earned, possible = Fraction(self.earned, self.grains), Fraction(self.possible, self.grains)
        return Part(score, earned, possible, self.n, self.not_applicable, self.not_observed)


@dataclass(frozen=True)
class Tallies:
    """The questions of a visit: all that are no bonus, the bonus ones, and all by dimension and by section."""

    whole: Tally
    bonus: Tally
    dimensions: dict[str, Tally]
    sections: dict[str, Tally]


def score_markings(
    markings: Sequence[Marking], cap: Fraction = CAP, target: Fraction | None = None, bands: Iterable[Band] = ()
) -> Score:
    """The score of questions that have been marked one by one."""
    tallies = _tally(markings)
    whole, total = tallies.whole, tallies.whole.part()
    everything = whole.possible + whole.left_out
    na_share = Fraction(whole.left_out, everything) if everything else None
    with_bonus = _percentage(min(whole.earned + tallies.bonus.earned, whole.possible), whole.possible)
    critical_failed = tuple([marking.id for marking in markings if marking.failed_critical])
    official = min(with_bonus, cap) if with_bonus is not None and critical_failed else with_bonus
    status = _status(total, na_share)
    printed = official if status != UNSCORED else None
    band = highest_band(bands, printed) if printed is not None else None
    return Score(
        status=status,
        base=total.score,
        with_bonus=with_bonus,
        official=official,
        na_share=na_share,
        low_if_na_failed=_percentage(whole.earned, everything),
        high_if_na_passed=_percentage(whole.earned + whole.left_out, everything),
        shown=int(round_half_up(printed, 0, target)) if printed is not None else None,
        band=band.id if band else None,
        earned=total.earned,
        possible=total.possible,
        critical_failed=critical_failed,
        not_observed=whole.not_observed + tallies.bonus.not_observed,
        dimensions={name: tally.part() for name, tally in tallies.dimensions.items()},
        sections={name: tally.part() for name, tally in tallies.sections.items()},
        questions=tuple([marking.score for marking in markings]),
    )


def mean_score(bases: Iterable[Fraction]) -> Fraction | None:
    """The mean of exact visit scores, each visit counting alike; None of none."""
    exact = list(bases)
    return exact_sum(exact) / len(exact) if exact else None


def _tally(markings: Sequence[Marking]) -> Tallies:
    grains = lcm(*{marking.denominator for marking in markings})
    empty = partial(Tally, grains)
    whole, bonus = empty(), empty()
    dimensions: dict[str, Tally] = defaultdict(empty)
    sections: dict[str, Tally] = defaultdict(empty)
    for marking in markings:
        touched = [bonus]
        if not marking.bonus:
            touched = [whole, sections[marking.section], *map(dimensions.__getitem__, marking.dimensions)]
        if marking.absence not in (HIDDEN, UNSCORED):
            points = marking.in_grains(grains)
            for tally in touched:
                tally.add(marking.absence, *points)
    sections.pop("", None)
    return Tallies(whole, bonus, dimensions, sections)


def _status(total: Part, na_share: Fraction | None) -> str:
    if total.score is None or na_share is None or na_share > UNSCORED_ABOVE:
        return UNSCORED
    return "partial" if na_share > PARTIAL_ABOVE else "ok"


def _percentage(part: int, whole: int) -> Fraction | None:
    """`part` out of 100, exact; None of nothing."""
    return Fraction(100 * part, whole) if whole else None
