"""What a visit earns, in exact arithmetic, and why every point that was lost was lost.

marking -> stakes, result -> tallying -> scoring; rounding beside them. Refuses floats, and refuses to guess: what does
not apply leaves the score and is shown as bounds, what was not observed is counted apart, what was hidden costs
nothing.
"""

from audit.domain.score.marking import HIDDEN, UNANSWERED, UNSCORED, Marking, QuestionScore
from audit.domain.score.result import Part, Score
from audit.domain.score.rounding import round_half_up
from audit.domain.score.scoring import score_seen, score_visit
from audit.domain.score.stakes import weight_factor
from audit.domain.score.sums import exact_sum
from audit.domain.score.tallying import mean_score, score_markings

__all__ = [
    "HIDDEN",
    "UNANSWERED",
    "UNSCORED",
    "Marking",
    "Part",
    "QuestionScore",
    "Score",
    "exact_sum",
    "mean_score",
    "round_half_up",
    "score_markings",
    "score_seen",
    "score_visit",
    "weight_factor",
]
