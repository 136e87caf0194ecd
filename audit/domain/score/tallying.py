"""Markings become a score: every question counts by its weight.

base = 100 * sum(weight * share) / sum(weight)    over the questions that were asked, apply and are no bonus
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from audit.domain.checklist.model import Band, highest_band
from audit.domain.score.marking import UNSCORED, Counts, Marking
from audit.domain.score.result import Part, Score
from audit.domain.score.rounding import round_half_up
from audit.domain.score.sums import exact_sum, ratio

PARTIAL_ABOVE, UNSCORED_ABOVE = Fraction(1, 5), Fraction(1, 2)  # shares of the weight that did not apply
CAP = Fraction(49)


class Tally(NamedTuple):
    """What some questions add up to. Points are counted in grains, so many to the point that whatever is added is a
    whole number of them: to add fractions takes ten times as long."""

    grains: int
    earned: int = 0
    possible: int = 0
    left_out: int = 0
    n: int = 0
    not_applicable: int = 0
    not_observed: int = 0

    def part(self) -> Part:
        """The same, in points."""
        score = _percentage(self.earned, self.possible)
        earned, possible = ratio(self.earned, self.grains), ratio(self.possible, self.grains)
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
    na_share = ratio(whole.left_out, everything) if everything else None
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
    whole: list[Counts] = []
    bonus: list[Counts] = []
    dimensions: dict[str, list[Counts]] = defaultdict(list)
    sections: dict[str, list[Counts]] = defaultdict(list)
    for marking in markings:
        counts = marking.in_grains(grains)
        if marking.bonus:
            bonus.append(counts)
            continue
        whole.append(counts)
        sections[marking.section].append(counts)
        for name in marking.dimensions:
            dimensions[name].append(counts)
    sections.pop("", None)
    return Tallies(
        _added_up(grains, whole),
        _added_up(grains, bonus),
        {name: _added_up(grains, counts) for name, counts in dimensions.items()},
        {name: _added_up(grains, counts) for name, counts in sections.items()},
    )


def _added_up(grains: int, counts: Iterable[Counts]) -> Tally:
    return Tally(grains, *map(sum, zip(*counts, strict=True)))


def _status(total: Part, na_share: Fraction | None) -> str:
    if total.score is None or na_share is None or na_share > UNSCORED_ABOVE:
        return UNSCORED
    return "partial" if na_share > PARTIAL_ABOVE else "ok"


def _percentage(part: int, whole: int) -> Fraction | None:
    """`part` out of 100, exact; None of nothing."""
    return ratio(100 * part, whole) if whole else None
