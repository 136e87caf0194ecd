"""Which questions still tell branches apart? Owns pass rates and how a question goes with the rest of the visit.

Refuses Cronbach's alpha: a checklist is a standard, whose questions need not go together. A table of markings has one
row for each visit and one column for each question: share of its points, 0 to 1, None where it did not count.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from audit.domain.statistics.change import FALSE_SHARE, benjamini_hochberg
from audit.domain.statistics.quantiles import LEVEL, normal_probability
from audit.domain.statistics.ranges import Range, rate_range

LEAST_VISITS = 60
HALO = 0.8
WITH, AGAINST, UNCLEAR, UNDEFINED = "with the rest", "against the rest", "could be luck", "not defined"

Marking = float | None


@dataclass(frozen=True, slots=True)
class QuestionFigure:
    """One question over many visits. `passed` visits of `visits` had full points; `range` holds the true rate nine
    times out of ten; `with_rest` is the correlation, -1 to 1, with the rest of the visit, None where there is none to
    speak of, and `compared` in how many visits it was held against others; `most_failures` is the highest failure rate
    that a question never failed may still have."""

    visits: int
    passed: int
    range: Range | None
    with_rest: float | None
    most_failures: float | None
    compared: int = 0

    @property
    def pass_rate(self) -> float | None:
        """Passed of visits, 0 to 1; None without a visit."""
        return self.passed / self.visits if self.visits else None

    @property
    def always_passed(self) -> bool:
        """Whether no visit failed it. Says nothing yet about whether it may be left out."""
        return self.visits > 0 and self.passed == self.visits

    def may_rotate(self, is_critical: bool) -> bool:
        """Whether it no longer tells branches apart, so that it could be asked in turns; a critical one never may."""
        return self.always_passed and self.visits >= LEAST_VISITS and not is_critical

    @property
    def needs_rewording(self) -> bool:
        """Whether branches that do well fail it more often: a sign that it is misread."""
        return self.visits >= LEAST_VISITS and self.with_rest is not None and self.with_rest < 0


def question_figures(markings: Sequence[Sequence[Marking]]) -> list[QuestionFigure]:
    """The figure of each question. Its correlation is with the mean of the other questions of the same visit."""
    columns = len(markings[0]) if markings else 0
    sums = [_sum(row) for row in markings]
    return [_figure(markings, sums, column) for column in range(columns)]


def relations(figures: Sequence[QuestionFigure], false_share: float = FALSE_SHARE) -> list[str]:
    """How each question of a checklist goes with the rest of the visit, in a word: `WITH` where that is more than luck,
    all looked at together (at most `false_share` of them luck), `AGAINST` where it needs rewording, else `UNCLEAR`;
    `UNDEFINED`, not nothing, where all answers to it, or to all others, counted alike."""
    together = benjamini_hochberg([_luck(each) for each in figures if each.with_rest is not None])
    shares = iter(together)
    return [_relation(each, next(shares) <= false_share if each.with_rest is not None else False) for each in figures]


def most_failures(visits: int) -> float:
    """The failure rate, 0 to 1, below which a question lies with 95 % if none of `visits` > 0 visits failed it."""
    return 1 - float(0.05 ** (1 / visits))


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's correlation, -1 to 1; None, not 0, if either side is always the same."""
    if len(pairs) < 2:
        return None
    first, second = (math.fsum(side) / len(pairs) for side in zip(*pairs, strict=True))
    together = math.fsum((x - first) * (y - second) for x, y in pairs)
    own = math.fsum((x - first) ** 2 for x, _ in pairs), math.fsum((y - second) ** 2 for _, y in pairs)
    # What is left of equal shares after rounding is no spread.
    if min(own) < 1e-18 * len(pairs):
        return None
    return together / math.sqrt(own[0] * own[1])


def halo(visits: Iterable[tuple[Hashable, Hashable, Sequence[Marking]]]) -> dict[Hashable, float]:
    """For each shopper how far the dimensions rise and fall together, -1 to 1: the mean correlation between dimension
    scores once the mean of each branch is taken off. Above 0.8 it looks as if one impression marked all.

    Visits are (branch, shopper, score of each dimension in a fixed order). Shoppers with too few are left out."""
    seen = list(visits)
    by_branch: dict[Hashable, list[Sequence[Marking]]] = {}
    for branch, _, scores in seen:
        by_branch.setdefault(branch, []).append(scores)
    means = {branch: [_mean(column) for column in zip(*rows, strict=True)] for branch, rows in by_branch.items()}
    left: dict[Hashable, list[list[Marking]]] = {}
    for branch, shopper, scores in seen:
        residuals = [
            None if score is None or mean is None else score - mean
            for score, mean in zip(scores, means[branch], strict=True)
        ]
        left.setdefault(shopper, []).append(residuals)
    found = {shopper: _mean_correlation(rows) for shopper, rows in left.items()}
    return {shopper: r for shopper, r in found.items() if r is not None}


def _figure(markings: Sequence[Sequence[Marking]], sums: Sequence[tuple[float, int]], column: int) -> QuestionFigure:
    seen = [row[column] for row in markings if row[column] is not None]
    pairs = [
        (own, (total - own) / (n - 1))
        for row, (total, n) in zip(markings, sums, strict=True)
        if (own := row[column]) is not None and n > 1
    ]
    visits, passed = len(seen), sum(mark == 1 for mark in seen)
    return QuestionFigure(
        visits,
        passed,
        rate_range(passed, visits, LEVEL) if visits else None,
        correlation(pairs),
        most_failures(visits) if visits and passed == visits else None,
        len(pairs),
    )


def _luck(figure: QuestionFigure) -> float:
    """How often luck alone makes a correlation as strong, in either direction: Fisher's transformation (1921), which
    makes it nearly normal."""
    if figure.with_rest is None or figure.compared <= 3:
        return 1.0
    strength = math.atanh(min(abs(figure.with_rest), 1 - 1e-12))
    return 2 * normal_probability(-strength * math.sqrt(figure.compared - 3))


def _relation(figure: QuestionFigure, is_clear: bool) -> str:
    if figure.with_rest is None:
        return UNDEFINED
    if figure.needs_rewording:
        return AGAINST
    return WITH if is_clear and figure.with_rest > 0 else UNCLEAR


def _mean_correlation(rows: Sequence[Sequence[Marking]]) -> float | None:
    found = []
    for first, second in combinations(range(len(rows[0])), 2):
        pairs = [(x, y) for row in rows if (x := row[first]) is not None and (y := row[second]) is not None]
        # Two points always lie on a line.
        if len(pairs) > 2 and (r := correlation(pairs)) is not None:
            found.append(r)
    return math.fsum(found) / len(found) if found else None


def _sum(marks: Iterable[Marking]) -> tuple[float, int]:
    """The sum of those that count, and their number."""
    seen = [mark for mark in marks if mark is not None]
    return math.fsum(seen), len(seen)


def _mean(marks: Iterable[Marking]) -> float | None:
    seen = [mark for mark in marks if mark is not None]
    return math.fsum(seen) / len(seen) if seen else None
