"""What is at stake in each question of a checklist: worked out once for all visits that are scored by it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from audit.domain.checklist.model import CLOSING, NOT_APPLICABLE, NOT_OBSERVED, Checklist, Question, Section
from audit.domain.score.marking import HIDDEN, UNANSWERED, UNSCORED, Marking
from audit.domain.score.sums import ONE, ZERO, exact_sum, product

WITHOUT_A_SHARE = (HIDDEN, UNSCORED, UNANSWERED, NOT_APPLICABLE, NOT_OBSERVED)


@dataclass(frozen=True)
class Stake:
    """One question, and the weight that it has in its section; `scored` unless that is 0 or its kind earns nothing.

    The markings that most answers come to are made beforehand."""

    question: Question
    section_id: str
    weight: Fraction

    @cached_property
    def scored(self) -> bool:
        return self.question.kind.scored and bool(self.weight)

    @cached_property
    def without_a_share(self) -> dict[str, Marking]:
        """The marking for each of the reasons."""
        return {absence: self._marking(None, absence) for absence in WITHOUT_A_SHARE}

    def earning(self, share: Fraction) -> Marking:
        """The marking for this share of the weight, 0 to 1."""
        return self._foreseen.get(share.as_integer_ratio()) or self._marking(share)

    @cached_property
    def _foreseen(self) -> dict[tuple[int, int], Marking]:
        """The markings for nothing, for all, and for every share that an option or a band of the question names."""
        kind = self.question.kind
        options, bands = getattr(kind, "shares", {}).values(), getattr(kind, "bands", ())
        named = {ZERO, ONE, *options, *(band.share for band in bands)} - {None}
        return {share.as_integer_ratio(): self._marking(share) for share in named if ZERO <= share <= ONE}

    def _marking(self, share: Fraction | None, absence: str = "") -> Marking:
        question = self.question
        weight = self.weight if self.scored else ZERO
        return Marking(question.id, weight, share, absence, question.dimensions, self.section_id, question.bonus)


def stakes_of(checklist: Checklist) -> tuple[Stake, ...]:
    """The stakes of every question but the closing ones, in the order of the checklist."""
    return tuple(
        Stake(question, section.id, product(question.weight, factor))
        for section in checklist.sections
        if section.id != CLOSING
        for factor in [weight_factor(section)]
        for question in section.questions
    )


def weight_factor(section: Section) -> Fraction:
    """What each weight in the section is multiplied by, so that its scored questions add up to the section's weight.

    A bonus is not part of the sum. Worked out before anything is left out, so that nothing hidden changes it."""
    if section.weight is None:
        return ONE
    total = exact_sum(question.weight for question in section.questions if question.scored and not question.bonus)
    return section.weight / total if total else ONE
