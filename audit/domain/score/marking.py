"""One question as it enters the score: what it weighs, the share it earned, or why it earned none."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from audit.domain.checklist.model import NOT_APPLICABLE
from audit.domain.score.sums import ONE, ZERO, product

HIDDEN, UNANSWERED, UNSCORED = "hidden", "unanswered", "unscored"


@dataclass(frozen=True)
class Marking:
    """One question as it enters the score. `share` is earned of the weight, 0 to 1, or None with `absence` saying why:
    not_applicable, not_observed, unanswered, hidden, unscored. Of a grid, `applies` is the part of its rows, 0 to 1,
    that counts, and `not_applicable` the part that does not apply although other rows do."""

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

    @property
    def possible(self) -> Fraction:
        return product(self.weight, self.applies) if self.share is not None else ZERO

    @property
    def earned(self) -> Fraction:
        return product(self.possible, self.share) if self.share is not None else ZERO

    @property
    def left_out(self) -> Fraction:
        """The weight that did not apply or was left unanswered: it leaves the score and widens its bounds."""
        if self.share is not None:
            return product(self.weight, self.not_applicable)
        return self.weight if self.absence in (NOT_APPLICABLE, UNANSWERED) else ZERO

    @property
    def why(self) -> str:
        """One word for what happened: full, partly, nothing, or the absence."""
        if self.share is None:
            return self.absence
        return "full" if self.share == 1 else "partly" if self.share > 0 else "nothing"
