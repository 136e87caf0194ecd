"""A correction of one answer, with words that may not be kept for ever."""

from __future__ import annotations

from fractions import Fraction

from audit.domain.checklist.model import Answer
from audit.domain.correction import Correction, Outcome
from tests import cast
from tests.builders import build_checklist, id_number
from tests.storage.conftest import NOW

QUESTIONS = build_checklist().by_id
SENTENCE = "Maria looked away."
GREETED = Correction(
    visit_id=id_number(1),
    question_id="greeted",
    before=Answer("no", SENTENCE, ("busy",), ("a" * 64,)),
    after=Answer("yes", "", (), ("a" * 64,)),
    words=True,
    reason="The till’s own record says otherwise.",
    who=cast.ADA.id,
    at=NOW,
    score_before=Outcome(Fraction(500, 7), 71),
    score_after=Outcome(None, None),
)
