"""The workings behind the figures of a programme with one checklist, for its office alone: what visits, shoppers and
branches differ by, who marks kindly, which questions still tell branches apart, and what goes together with a good
impression.

Works nothing out beyond `domain.statistics`; refuses what its gates refuse. No figure of it leaves the office.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from audit.domain.checklist.model import CLOSING, Checklist
from audit.domain.statistics.questions import (
    AGAINST,
    HALO,
    UNCLEAR,
    UNDEFINED,
    WITH,
    QuestionFigure,
    halo,
    question_figures,
    relations,
)
from audit.domain.statistics.severity import (
    LEAST_DEGREES,
    LEAST_VISITS,
    Components,
    Marked,
    Severity,
    calibrated_mean,
    severities,
    variance_components,
)
from audit.domain.statistics.together import RESAMPLES, Together, find_together

# The shopper's own state as a customer is the impression; the steps count as equally far apart.
STATES = {"dissatisfied": 0.0, "satisfied": 50.0, "delighted": 100.0}
MOST_DIMENSIONS = 9
OFTEN_OBSERVED = 0.8
_USUAL_DIMENSIONS = 6


class Deep(Protocol):
    """One visit with all its marks."""

    @property
    def branch(self) -> str: ...

    @property
    def shopper(self) -> str: ...

    @property
    def base(self) -> float: ...

    @property
    def questions(self) -> Mapping[str, float]: ...

    @property
    def dimensions(self) -> Mapping[str, float]: ...

    @property
    def answer(self) -> str: ...

    @property
    def left_out(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class QuestionWorking:
    """One question of the checklist with its figure over all visits in which it counted, in how many others it did not
    apply, and how it goes with the rest of a visit: a word of `questions`."""

    id: str
    title: str
    critical: bool
    figure: QuestionFigure
    left_out: int = 0
    relation: str = UNDEFINED

    @property
    def asked(self) -> int:
        """The visits in which it counted or was said not to apply."""
        return self.figure.visits + self.left_out


@dataclass(frozen=True)
class LeftOut:
    """How many of the answers of a shopper, in `asked` questions that could have counted, say that it does not apply:
    that takes the points out, so that whoever says it often lifts scores."""

    shopper: str
    left_out: int
    asked: int


@dataclass(frozen=True)
class Calibrated:
    """A branch of which the severity of some shoppers is known: the mean of its `visits`, in points 0 to 100, with each
    known severity taken off. `compared` of the visits are by such shoppers."""

    branch: str
    visits: int
    compared: int
    mean: float


@dataclass(frozen=True)
class Workings:
    """`visits` are those looked at, `branches` where they were made. `components` are None until sixty degrees of
    freedom carry them; `severities` are of the shoppers that can be compared, by id; `one_impression` those whose
    dimensions rise and fall together. `compared` are the dimensions held against the impression, `together` what came
    of it, None where too few visits had all of them. `shoppers` are all who made a visit, `left_out` those of them who
    ever said that a question does not apply. `calibrated` are the branches that shoppers visited who can be compared:
    a second figure for each, which no recorded one is changed by."""

    visits: int
    branches: int
    components: Components | None
    severities: tuple[Severity, ...]
    one_impression: tuple[str, ...]
    questions: tuple[QuestionWorking, ...]
    compared: tuple[tuple[str, str], ...]
    rarely_observed: tuple[str, ...]
    with_impression: int
    together: Together | None
    shoppers: int = 0
    left_out: tuple[LeftOut, ...] = ()
    calibrated: tuple[Calibrated, ...] = ()

    @property
    def not_compared(self) -> int:
        """Shoppers beside those that can be compared."""
        return self.shoppers - len(self.severities) if self.severities else 0

    @property
    def each(self) -> int:
        """Visits to a branch, on average, in whole numbers."""
        return self.visits // self.branches if self.branches else 0

    @property
    def clear(self) -> tuple[Severity, ...]:
        """Those whose direction is sure, the kindest first."""
        return tuple(sorted((each for each in self.severities if each.is_clear), key=lambda each: -each.points))

    @property
    def spots(self) -> tuple[tuple[float, float | None, str], ...]:
        """Where each question is drawn: its pass rate, how far it goes with the rest, and what is known of that."""
        return tuple((each.figure.pass_rate or 0.0, each.figure.with_rest, each.relation) for each in self.questions)

    @property
    def by_relation(self) -> dict[str, int]:
        """How many questions go with the rest of the visit in each way, in the order of the words."""
        found = Counter(each.relation for each in self.questions)
        return {relation: found[relation] for relation in (WITH, UNCLEAR, AGAINST, UNDEFINED)}

    @property
    def worn_out(self) -> tuple[QuestionWorking, ...]:
        """Questions that no longer tell branches apart."""
        return tuple(each for each in self.questions if each.figure.may_rotate(each.critical))

    @property
    def misread(self) -> tuple[QuestionWorking, ...]:
        """Questions that branches fail more often the better they do otherwise."""
        return tuple(each for each in self.questions if each.figure.needs_rewording)


def compose(visits: Sequence[Deep], checklist: Checklist, seed: str, language: str = "en") -> Workings:
    """The workings of these visits. `seed` names the state of the visits, for what is drawn."""
    marked: list[Marked] = [(visit.branch, visit.shopper, visit.base) for visit in visits]
    components = variance_components(marked) if len(marked) > 1 else None
    dimensions, rare = _dimensions(visits, checklist)
    rows = [
        (visit.branch, [visit.dimensions[id] for id in dimensions], STATES[visit.answer])
        for visit in visits
        if visit.answer in STATES and all(id in visit.dimensions for id in dimensions)
    ]
    titles = {each.id: each.title.in_language(language) for each in checklist.dimensions}
    # Each dimension more doubles the work: then fewer draws carry the ranges.
    found = severities(marked)
    resamples = max(25, RESAMPLES >> max(0, len(dimensions) - _USUAL_DIMENSIONS))
    return Workings(
        visits=len(visits),
        branches=len({visit.branch for visit in visits}),
        components=components if components and components.degrees >= LEAST_DEGREES else None,
        severities=tuple(found),
        one_impression=_one_impression(visits, checklist),
        questions=tuple(_questions(visits, checklist, language)),
        compared=tuple((id, titles[id]) for id in dimensions),
        rarely_observed=tuple(titles[id] for id in rare),
        with_impression=len(rows),
        together=find_together(rows, seed, resamples) if len(dimensions) > 1 else None,
        shoppers=len({visit.shopper for visit in visits}),
        left_out=tuple(_left_out(visits)),
        calibrated=tuple(_calibrate(marked, found)),
    )


def _calibrate(marked: Sequence[Marked], found: Sequence[Severity]) -> Iterator[Calibrated]:
    """All severities beyond the gate are taken off, the unsure ones too: each is pulled towards zero as far as it is
    unsure, and to choose among them would bend the figures."""
    known = {each.shopper for each in found}
    made: dict[str, list[Marked]] = {}
    for visit in marked:
        made.setdefault(str(visit[0]), []).append(visit)
    for branch, own in made.items():
        compared = sum(shopper in known for _, shopper, _ in own)
        if compared:
            yield Calibrated(branch, len(own), compared, min(100.0, max(0.0, calibrated_mean(own, found))))


def _dimensions(visits: Sequence[Deep], checklist: Checklist) -> tuple[list[str], list[str]]:
    """Those that nearly every visit observed, and those that are left out; too many together cannot be told apart."""
    seen = [(each.id, sum(each.id in visit.dimensions for visit in visits)) for each in checklist.dimensions]
    often = [id for id, n in seen if n >= OFTEN_OBSERVED * len(visits)][:MOST_DIMENSIONS] if visits else []
    return often, [id for id, n in seen if n and id not in often]


def _one_impression(visits: Sequence[Deep], checklist: Checklist) -> tuple[str, ...]:
    ids = [each.id for each in checklist.dimensions]
    if len(ids) < 2:
        return ()
    found = halo((visit.branch, visit.shopper, [visit.dimensions.get(id) for id in ids]) for visit in visits)
    made = [visit.shopper for visit in visits]
    return tuple(
        sorted(str(who) for who, together in found.items() if together > HALO and made.count(str(who)) >= LEAST_VISITS)
    )


def _questions(visits: Sequence[Deep], checklist: Checklist, language: str) -> list[QuestionWorking]:
    asked = [
        question
        for section in checklist.sections
        if section.id != CLOSING
        for question in section.questions
        if any(question.id in visit.questions for visit in visits)
    ]
    out = Counter(id for visit in visits for id in visit.left_out)
    figures = question_figures([[visit.questions.get(question.id) for question in asked] for visit in visits])
    return [
        QuestionWorking(
            question.id,
            question.title.in_language(language),
            question.critical is not None,
            figure,
            out[question.id],
            relation,
        )
        for question, figure, relation in zip(asked, figures, relations(figures), strict=True)
    ]


def _left_out(visits: Sequence[Deep]) -> Iterator[LeftOut]:
    """By shopper, of questions that counted in some visit: what is never scored takes nothing out."""
    scored = {id for visit in visits for id in visit.questions}
    out, asked = Counter[str](), Counter[str]()
    for visit in visits:
        left = sum(id in scored for id in visit.left_out)
        out[visit.shopper] += left
        asked[visit.shopper] += left + len(visit.questions)
    yield from (LeftOut(shopper, n, asked[shopper]) for shopper, n in sorted(out.items()) if n)
