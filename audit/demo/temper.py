"""Why visits differ: branches, shoppers, days and dimensions each push the same way on many questions at once.

A level is in points out of 100: what the visit would score if every question earned just what is expected of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from audit.demo.calendar import Plan
from audit.demo.chance import spread, stream
from audit.demo.organisation import BRANCHES, PSEUDONYMS
from audit.domain.checklist.model import Question

MEAN = 70.0
BRANCH_SD, SHOPPER_SD, VISIT_SD = 6.6, 4.4, 9.0
BRANCH_DIMENSION_SD, VISIT_DIMENSION_SD, QUESTION_SD, ANSWER_SD = 5.0, 9.0, 6.0, 22.0
BUSY = {"midday": -3.0, "evening": -2.0}

# What a chain like this one is good and bad at, in points.
DIMENSIONS = {"warmth": 8.0, "listening": 5.0, "name": -14.0, "flexibility": -3.0, "recovery": -4.0, "attention": -3.0}
DIMENSIONS |= {"place": 8.0, "kitchen": 6.0, "reach": 6.0}
# A knock-out is rare; some small courtesies are forgotten everywhere.
QUESTIONS = {"slighting": 55.0, "others_told": 60.0, "allergy_care": 30.0, "plate": 20.0, "anything_else": -14.0}
QUESTIONS |= {"extra": -38.0, "name_known": 14.0, "staff_name": 12.0, "told_again": 12.0, "toilet_missing": 16.0}
QUESTIONS |= {"bill_right": 26.0, "right_dish": 14.0, "need_asked": 6.0, "answer": 10.0, "reached": 24.0}
# Branches that changed during the year: points in each quarter.
TURNS = {"C04": (-5.0, -4.0, 5.0, 8.0), "H02": (6.0, 3.0, -4.0, -9.0), "O05": (-6.0, 0.0, 3.0, 6.0)}


@dataclass(frozen=True)
class Mood:
    """One visit's level, and how far each dimension and question lies above or below it, in points."""

    level: float
    dimensions: Mapping[str, float]
    questions: Mapping[str, float] = field(default_factory=dict)

    def of(self, question: Question, chance: Random) -> float:
        """What share of the question is earned this time, 0 to 1, before it is fitted to the answers on offer."""
        own = [self.dimensions.get(dimension, 0.0) for dimension in question.dimensions]
        push = sum(own) / len(own) if own else 0.0
        points = self.level + push + self.questions.get(question.id, 0.0) + chance.gauss(0, ANSWER_SD)
        return min(1.0, max(0.0, points / 100))


class Tempers:
    """The levels of a whole organisation, drawn once from a seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        codes = [branch.code for branch in BRANCHES]
        self._branches = dict(zip(codes, spread(stream(seed, "branches"), len(codes), BRANCH_SD), strict=True))
        severities = spread(stream(seed, "shoppers"), len(PSEUDONYMS), SHOPPER_SD)
        self._shoppers = dict(zip((f"Shopper {name}" for name in PSEUDONYMS), severities, strict=True))
        self._of_branch: dict[tuple[str, str], float] = {}

    def mood(self, plan: Plan, dimensions: list[str], questions: list[str]) -> Mood:
        """How this visit goes."""
        chance = stream(self.seed, "mood", plan.branch.code, plan.number)
        level = MEAN + self._branches[plan.branch.code] + self._shoppers[plan.shopper.pseudonym]
        level += TURNS.get(plan.branch.code, (0.0,) * 4)[plan.quarter] + BUSY.get(plan.part, 2.0)
        return Mood(
            level + chance.gauss(0, VISIT_SD),
            {id: self._leaning(plan.branch.code, id) + chance.gauss(0, VISIT_DIMENSION_SD) for id in dimensions},
            {id: self._difficulty(plan.checklist_id, id) for id in questions},
        )

    def _leaning(self, branch_code: str, dimension: str) -> float:
        key = (branch_code, dimension)
        if key not in self._of_branch:
            drawn = stream(self.seed, "leaning", *key).gauss(0, BRANCH_DIMENSION_SD)
            self._of_branch[key] = DIMENSIONS.get(dimension, 0.0) + drawn
        return self._of_branch[key]

    def _difficulty(self, checklist_id: str, question: str) -> float:
        key = (checklist_id, question)
        if key not in self._of_branch:
            drawn = stream(self.seed, "difficulty", *key).gauss(0, QUESTION_SD)
            self._of_branch[key] = QUESTIONS.get(question, 0.0) + drawn
        return self._of_branch[key]
