"""From a mood to answers: walk the checklist as a shopper does, and give each question that is seen a fitting answer.

Owns which answers a kind of question can take and what each earns. Refuses to answer what is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import combinations
from random import Random

from audit.demo.calendar import CUT_SHORT, Plan
from audit.demo.chance import stream, weighted
from audit.demo.temper import Mood, Tempers
from audit.demo.writing import Pen, shares_of
from audit.domain.checklist.model import (
    CUSTOMER_STATE,
    NARRATIVE,
    NO_ANSWER,
    NOT_APPLICABLE,
    NOT_OBSERVED,
    Answer,
    Checklist,
    Circumstances,
    Option,
    Question,
    Value,
)
from audit.domain.checklist.questions.choice import Choice
from audit.domain.checklist.questions.choices import Choices
from audit.domain.checklist.questions.grid import Grid
from audit.domain.checklist.questions.kind import ShareBand
from audit.domain.checklist.questions.number import Number
from audit.domain.checklist.questions.rating import Rating
from audit.domain.checklist.questions.stopwatch import Stopwatch
from audit.domain.checklist.questions.yes_no import YesNo
from audit.domain.checklist.visibility import demands_of, holds

ALONE = frozenset({"nothing", "nobody", "quiet"})  # options that are ticked by themselves or not at all
PLANTED = ("flexibility", "recovery")
RARELY_ARISES = 0.1
ABSENT_BY_CHANCE = {"greeting_wait": 0.06, "hold": 0.6, "promised_day": 0.6}
DISSATISFIED_BELOW, DELIGHTED_FROM = 57, 85
PURCHASES = {"return-goods": 0.5, "put-aside": 0.0, "plain-visit": 0.75}
PHOTO_TAKEN = 0.7
PICTURES = {"front_photo": "front", "receipt": "receipt", "plate_photo": "plate"}
NOT_SCORED: dict[str, dict[str, float]] = {
    "served_by": {"floor": 5, "counter": 6, "trainee": 1.5, "manager": 1, "unclear": 1},
    "queue": {"0": 6, "1": 4, "2": 3, "3": 2, "5": 1},
}


def walk_through(plan: Plan, checklist: Checklist, circumstances: Circumstances, tempers: Tempers) -> Walk:
    """The planned visit, answered to its end: nothing but the plan and the seed decides how."""
    mood = tempers.mood(plan, [dimension.id for dimension in checklist.dimensions], list(checklist.by_id))
    chance = stream(tempers.seed, "answers", plan.number)
    walk = Walk(checklist, circumstances, plan, mood, chance, Pen.of(plan, chance))
    walk.finish()
    return walk


@dataclass
class Walk:
    """One shopper on the way through one checklist; `answers` fills up as they go.

    `pictures` says of what a photo is taken at which question; `bought` is settled when it is first asked."""

    checklist: Checklist
    circumstances: Circumstances
    plan: Plan
    mood: Mood
    chance: Random
    pen: Pen
    answers: dict[str, Answer] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    bought: bool | None = None

    def finish(self) -> None:
        """Give all the answers, in the order of the checklist; of a visit that was cut short, the first part."""
        sections = self.checklist.sections
        if self.plan.fate == CUT_SHORT:
            sections = (*sections[:4], sections[-1])
        for section in sections:
            if section.show_if is not None and not holds(section.show_if, self.answers, self.circumstances):
                continue
            for question in section.questions:
                if question.show_if is None or holds(question.show_if, self.answers, self.circumstances):
                    self._answer(question)

    def _answer(self, question: Question) -> None:
        if question.kind.name == "photo" and not self._absence(question):
            self._photograph(question)
            return
        answer = Answer(self._value(question))
        demands = demands_of(question, answer)
        facts = tuple(fact.id for demand in demands for fact in self._seen(demand.facts))
        comment = ""
        if any(demand.comment for demand in demands) or (facts and self.chance.random() < 0.6):
            comment = self.pen.comment(question.id, answer.value, facts)
        if answer.given:
            self.answers[question.id] = Answer(answer.value, comment, facts)
        if question.id == "greeted" and {"nobody", "stock"} & set(facts) and self.chance.random() < 0.6:
            self.pictures[question.id] = "counter"

    def _photograph(self, question: Question) -> None:
        if question.required or self.chance.random() < PHOTO_TAKEN:
            self.pictures[question.id] = PICTURES[question.id]

    def _seen(self, facts: tuple[Option, ...]) -> list[Option]:
        return self.chance.sample(facts, 1) if facts else []

    def _value(self, question: Question) -> Value:
        absence = self._absence(question)
        if absence:
            return absence
        if question.id in NOT_SCORED:
            return weighted(self.chance, NOT_SCORED[question.id])
        if question.id == CUSTOMER_STATE:
            return self._state()
        if question.kind.name in ("short_text", "long_text"):
            return self.pen.text(question.id, self.answers, self.checklist, closing=question.id == NARRATIVE)
        if question.kind.name == "date":
            return self._promised().isoformat()
        if question.kind.name == "clock_time":
            return self._moment(question.id).strftime("%H:%M")
        return value_of(question, self.mood.of(question, self.chance), self.chance)

    def _absence(self, question: Question) -> str:
        """The absence that is chosen, if one is on offer and fits: nothing planted, nothing bought, watch forgotten."""
        if question.id in ("receipt", "receipt_time"):
            return "" if self._has_receipt(question) else NOT_APPLICABLE
        if not question.offers:
            return ""
        share = ABSENT_BY_CHANCE.get(question.id, 0.0)
        if NOT_OBSERVED in question.offers and any(dimension in PLANTED for dimension in question.dimensions):
            scenario = self.checklist.scenario(self.plan.scenario)
            planted = scenario is not None and any(dimension in scenario.plants for dimension in question.dimensions)
            share = 0.0 if planted else 1 - RARELY_ARISES
        if self.chance.random() >= share:
            return ""
        return NOT_OBSERVED if NOT_OBSERVED in question.offers else question.offers[0]

    def _has_receipt(self, question: Question) -> bool:
        if self.bought is None:
            nothing_offered = self.answers.get("fit", NO_ANSWER).value == "none"
            likely = PURCHASES.get(self.plan.scenario, 0.85)
            self.bought = not question.offers or (not nothing_offered and self.chance.random() < likely)
        return self.bought

    def _state(self) -> str:
        shares = shares_of(self.answers, self.checklist)
        weights = {id: float(self.checklist.by_id[id].weight) for id in shares}
        earned = 100 * sum(share * weights[id] for id, share in shares.items()) / (sum(weights.values()) or 1)
        felt = earned + self.chance.gauss(0, 5)
        return "dissatisfied" if felt < DISSATISFIED_BELOW else "delighted" if felt >= DELIGHTED_FROM else "satisfied"

    def _promised(self) -> date:
        return self.plan.entered_here.date() + timedelta(days=self.chance.randint(1, 6))

    def _moment(self, question_id: str) -> datetime:
        if question_id == "promised_time":
            return self.plan.entered_here + timedelta(minutes=self.chance.choice((30, 60, 120)))
        return self.plan.paid_here


def value_of(question: Question, share: float, chance: Random) -> Value:
    """An answer to a scored question that earns about that share, 0 to 1."""
    if isinstance(question.kind, Grid):
        scale = _options(question.kind.scale)
        return {row.id: str(_nearest(scale, share + chance.gauss(0, 0.2), chance)) for row in question.kind.rows}
    drawn = _nearest(choices_of(question), share, chance)
    if isinstance(question.kind, Number | Stopwatch) and isinstance(drawn, str):
        low, high = map(int, drawn.split("-"))
        number = chance.randint(low, high)
        return number if isinstance(question.kind, Stopwatch) else str(number)
    return drawn


Choosable = tuple[tuple[float, Value], ...]


def _nearest(choosable: Choosable, share: float, chance: Random) -> str | int | tuple[str, ...]:
    distance = min(abs(earned - share) for earned, _ in choosable)
    near = [value for earned, value in choosable if abs(earned - share) <= distance + 0.001]
    drawn = chance.choice(near)
    assert isinstance(drawn, str | int | tuple)
    return drawn


_KNOWN: dict[int, tuple[Question, Choosable]] = {}


def choices_of(question: Question) -> Choosable:
    """What this question can earn, 0 to 1, and the value that earns it; `low-high` stands for a range of numbers."""
    known = _KNOWN.get(id(question))
    if known is None or known[0] is not question:
        known = _KNOWN[id(question)] = (question, _choices_of(question))
    return known[1]


def _choices_of(question: Question) -> Choosable:
    kind = question.kind
    if isinstance(kind, YesNo):
        return _options(kind.options())
    if isinstance(kind, Rating):
        return tuple((float(point.share or 0), int(point.id)) for point in kind.points_worded)
    if isinstance(kind, Choice):
        return _options(kind.options)
    if isinstance(kind, Choices):
        return _sets(kind)
    if isinstance(kind, Number):
        return _ranges(kind.bands, int(kind.minimum or 0), int(kind.maximum) if kind.maximum is not None else None)
    if isinstance(kind, Stopwatch):
        return _ranges(kind.bands, 3, None)
    raise AssertionError(f"no answer for a question of kind {kind.name}")


def _options(options: tuple[Option, ...]) -> Choosable:
    return tuple((float(option.share or 0), option.id) for option in options)


def _sets(kind: Choices) -> Choosable:
    """Every believable mixture of up to four options; a knock-out stays out of them."""
    together = [option.id for option in kind.options if option.id not in ALONE and option.id != "foreign"]
    mixtures: list[tuple[str, ...]] = [(option.id,) for option in kind.options if option.id in ALONE]
    mixtures += [chosen for size in range(1, min(4, len(together)) + 1) for chosen in combinations(together, size)]
    return tuple((float(kind.points(mixture) or 0), mixture) for mixture in mixtures)


def _ranges(bands: tuple[ShareBand, ...], least: int, most: int | None) -> Choosable:
    ranges: list[tuple[float, Value]] = []
    low = least
    for band in bands:
        high = int(band.up_to) if band.up_to is not None else min(most or low * 2, low + max(2, low // 2))
        if not ranges:
            low = max(low, high // 4)  # even the fastest kitchen needs some minutes
        if high >= low:
            ranges.append((float(band.share), f"{low}-{high}"))
        low = high + 1
    return tuple(ranges)
