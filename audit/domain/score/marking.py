"""One question as it enters the score: what it weighs, the share it earned, or why it earned none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

from audit.domain.checklist.model import NOT_APPLICABLE, NOT_OBSERVED
from audit.domain.score.sums import ONE, ZERO, in_grains, product

HIDDEN, UNANSWERED, UNSCORED = "hidden", "unanswered", "unscored"

Counts = tuple[int, ...]
"""Earned, possible and left out in grains; then how many questions count, do not apply, and were not observed."""


@dataclass(frozen=True)
class QuestionScore:
    """What one question earned and lost, in points, and why in one word: full, partly, nothing, or the absence."""

    id: str
    earned: Fraction
    possible: Fraction
    lost: Fraction
    why: str
    bonus: bool = False

    @cached_property
    def tree(self) -> Mapping[str, object]:
        """Plain JSON values; every exact number as (numerator, denominator)."""
        return {
            "id": self.id,
            "earned": self.earned.as_integer_ratio(),
            "possible": self.possible.as_integer_ratio(),
            "lost": self.lost.as_integer_ratio(),
            "why": self.why,
            "bonus": self.bonus,
        }


@dataclass(frozen=True)
class Marking:
    """One question as it enters the score. `share` is earned of the weight, 0 to 1, or None with `absence` saying why:
    not_applicable, not_observed, unanswered, hidden, unscored. Of a grid, `applies` is the part of its rows, 0 to 1,
    that counts, and `not_applicable` the part that does not apply although other rows do or were not observed."""

    id: str
    weight: Fraction
    share: Fraction | None
    absence: str = ""
    dimensions: tuple[str, ...] = ()
    section: str = ""
    bonus: bool = False
    failed_critical: bool = False
    applies: Fraction = ONE
    not_applicable: Fraction = ZERO

    @cached_property
    def score(self) -> QuestionScore:
        """What the question comes to."""
        if self.share is None:
            return QuestionScore(self.id, ZERO, ZERO, ZERO, self.absence, self.bonus)
        possible = product(self.weight, self.applies)
        earned = product(possible, self.share)
        lost = ZERO if self.bonus else product(possible, ONE - self.share)
        why = "full" if self.share == ONE else "partly" if self.share else "nothing"
        return QuestionScore(self.id, earned, possible, lost, why, self.bonus)

    @property
    def left_out(self) -> Fraction:
        """The weight that did not apply or was left unanswered: it leaves the score and widens its bounds."""
        if self.share is None and self.absence in (NOT_APPLICABLE, UNANSWERED):
            return self.weight
        return ZERO if self.not_applicable is ZERO else product(self.weight, self.not_applicable)

    @cached_property
    def denominator(self) -> int:
        """The least one that what it earned, could have earned and left out have in common."""
        return lcm(self.score.earned.denominator, self.score.possible.denominator, self.left_out.denominator)

    def in_grains(self, grains: int) -> Counts:
        """What it adds to a tally. There are `grains` to the point, a multiple of its denominator."""
        factor = grains // self.denominator
        if factor == 1:
            return self._counts
        earned, possible, left_out, *ones = self._counts
        return earned * factor, possible * factor, left_out * factor, *ones

    @cached_property
    def _counts(self) -> Counts:
        score, denominator = self.score, self.denominator
        points = [in_grains(points, denominator) for points in (score.earned, score.possible, self.left_out)]
        counts = bool(score.possible)
        ones = [self.absence == absence for absence in (NOT_APPLICABLE, NOT_OBSERVED)]
        return *points, int(counts), *map(int, ones)
