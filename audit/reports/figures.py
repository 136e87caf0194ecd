"""What every report is made of: a visit with its score, lines for questions and dimensions, where it all comes from.

Owns what may be said of a visit outside the programme office: a day and a part of the day, a pseudonym, never a minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from audit.domain.checklist.model import (
    CUSTOMER_STATE,
    NARRATIVE,
    NO_ANSWER,
    NOT_APPLICABLE,
    NOT_OBSERVED,
    Answer,
    Band,
    Checklist,
    PublishedChecklist,
    Question,
    Section,
    Value,
)
from audit.domain.correction import Correction
from audit.domain.score import UNANSWERED, QuestionScore, Score, mean_score, round_half_up, weight_factor
from audit.domain.visit import ENTER, Visit, VisitState
from audit.formatting import day_part
from audit.reports.corrections import CorrectedLine, corrected_lines, facts_in_words, in_words

NO_POINTS = Fraction(0)


@dataclass(frozen=True)
class ScoredVisit:
    """A visit as a report takes it: with its stored score, the frozen checklist, the shopper's pseudonym, the zone of
    the branch, and what was corrected in it, oldest first."""

    visit: Visit
    score: Score
    published: PublishedChecklist
    pseudonym: str
    zone: ZoneInfo
    corrections: tuple[Correction, ...] = ()

    @property
    def checklist(self) -> Checklist:
        return self.published.checklist

    @property
    def id(self) -> str:
        return self.visit.id

    @property
    def version(self) -> int:
        """Of the checklist."""
        return self.published.version

    @property
    def day(self) -> date:
        """The day it belongs to: of its entry mark where the branch stands."""
        return self.visit.visited_on or self.visit.started_at.astimezone(self.zone).date()

    @property
    def part_of_day(self) -> str:
        """morning, afternoon or evening by the entry mark; empty without one, or with one that was not believed."""
        return day_part(self.began) if self.began else ""

    @property
    def began(self) -> datetime | None:
        """The moment of the entry mark by the clock of the branch; None without one, or with one that was not
        believed."""
        entered = self.visit.mark(ENTER)
        local = entered.at.astimezone(self.zone) if entered else None
        return local if local and local.date() == self.day else None

    @property
    def is_reported(self) -> bool:
        """Whether the branch and the area may read it and it may enter a figure: published, and no test."""
        return self.visit.state is VisitState.PUBLISHED and not self.visit.test

    def answer(self, question_id: str) -> Answer:
        return self.visit.answers.get(question_id, NO_ANSWER)

    @property
    def photos(self) -> tuple[str, ...]:
        """The photos that whoever reads the report may see."""
        return self.visit.photos_outside_office(self.checklist)

    def state(self, language: str) -> tuple[str, str]:
        """The shopper's state as a customer: its id and its words; empty if none was given."""
        question = self.checklist.by_id.get(CUSTOMER_STATE)
        value = self.answer(CUSTOMER_STATE).value
        if question is None or not isinstance(value, str):
            return "", ""
        return value, question.kind.show(value, language)

    def scenario(self, language: str) -> str:
        """The title of the scenario that was played; empty if none was."""
        scenario = self.checklist.scenario(self.visit.scenario)
        return scenario.title.in_language(language) if scenario else ""

    @property
    def base_shown(self) -> str:
        """The score without bonus and cap as whole percent; empty if unscored."""
        return shown(self.score.base, self.checklist.target) if self.score.counts else ""

    @property
    def narrative(self) -> str:
        value = self.answer(NARRATIVE).value
        return value if isinstance(value, str) and value not in (NOT_APPLICABLE, NOT_OBSERVED) else ""


@dataclass(frozen=True)
class Figure:
    """A score for print: the exact mean, 0 to 100, as whole percent, from `n` visits; `band` in words, or empty."""

    score: Fraction | None
    shown: str
    n: int
    band: str = ""
    target: Fraction | None = None

    @property
    def reaches_target(self) -> bool:
        return self.score is not None and self.target is not None and self.score >= self.target


@dataclass(frozen=True)
class PartLine:
    """A dimension or a section. `n` is the visits in which it applied (in a visit report: the questions that counted),
    `not_observed` those in which it was not observed, `left_out` the share of its points that did not apply, 0 to 1."""

    id: str
    title: str
    score: Fraction | None
    shown: str
    n: int
    not_observed: int
    left_out: Fraction
    earned: Fraction = NO_POINTS
    possible: Fraction = NO_POINTS


@dataclass(frozen=True)
class AnswerLine:
    """One answer in words, with what it earned and why. `critical` marks a failed knock-out; `corrected` is what stood
    there before, None if it stands as it was sent."""

    question: Question
    answer: Answer
    title: str
    shown: str
    why: str
    earned: Fraction
    possible: Fraction
    lost: Fraction
    comment: str
    facts: tuple[str, ...]
    photos: tuple[str, ...]
    critical: bool = False
    bonus: bool = False
    corrected: tuple[CorrectedLine, ...] | None = None

    @property
    def is_loss(self) -> bool:
        """Whether it lost points or failed a knock-out."""
        return self.critical or self.lost > 0

    @property
    def absence(self) -> str:
        """What stands for the answer where it is in no words: the absence, or empty."""
        value = self.answer.value
        return value if value in (NOT_APPLICABLE, NOT_OBSERVED) else ""


@dataclass(frozen=True)
class Provenance:
    """Where every number comes from: the frozen checklists (name, version, digest), the moment of the newest visit that
    is counted, the software, how many visits there are, and when an answer in them was last corrected."""

    checklists: tuple[tuple[str, int, str], ...]
    cut: datetime | None
    software: str
    visits: int = 0
    corrected: datetime | None = None


def answer_line(
    scored: ScoredVisit, question: Question, score: QuestionScore | None, language: str, only_lost: bool = False
) -> AnswerLine:
    """The line of one question of one visit; `only_lost` leaves the rows of a grid away that earned everything."""
    answer = scored.answer(question.id)
    if only_lost:
        answer = answer._replace(value=_lost_rows(question, answer.value))
    return AnswerLine(
        question=question,
        answer=answer,
        title=question.title.in_language(language),
        shown=in_words(question, answer, language),
        why=score.why if score else UNANSWERED,
        earned=score.earned if score else NO_POINTS,
        possible=score.possible if score else NO_POINTS,
        lost=score.lost if score else NO_POINTS,
        comment=answer.comment,
        facts=facts_in_words(question, answer, language),
        photos=() if question.kind.photos_for_office else answer.photos,
        critical=question.id in scored.score.critical_failed,
        bonus=bool(score and score.bonus),
        corrected=corrected_lines(scored, question, language),
    )


def _lost_rows(question: Question, value: Value) -> Value:
    """Of the answers to a grid those that earned less than everything; any other value as it is."""
    if not isinstance(value, Mapping):
        return value
    shares = {option.id: option.share for option in getattr(question.kind, "scale", ())}
    lost = {row: point for row, point in value.items() if (share := shares.get(point)) is not None and share < 1}
    return lost or value


def left_out_shares(checklist: Checklist, score: Score) -> tuple[Mapping[str, Fraction], Mapping[str, Fraction]]:
    """The share of the points, 0 to 1, that did not apply or stayed unanswered: of each dimension, of each section."""
    why = {question.id: question.why for question in score.questions}
    out: dict[str, Fraction] = {}
    for section in checklist.sections:
        factor = weight_factor(section)
        for question in section.questions:
            if question.bonus or not question.kind.scored or why.get(question.id) not in (NOT_APPLICABLE, UNANSWERED):
                continue
            for name in (f"section {section.id}", *question.dimensions):
                out[name] = out.get(name, NO_POINTS) + question.weight * factor
    dimensions = {id: _share(out.get(id, NO_POINTS), part.possible) for id, part in score.dimensions.items()}
    sections = {id: _share(out.get(f"section {id}", NO_POINTS), part.possible) for id, part in score.sections.items()}
    return dimensions, sections


def provenance(visits: Sequence[ScoredVisit], software: str) -> Provenance:
    """Where the figures of these visits come from."""
    names = sorted({(v.checklist.id, v.published.version, v.published.digest[:12]) for v in visits})
    moments = [v.visit.published_at for v in visits if v.visit.published_at]
    corrected = max((one.at for v in visits for one in v.corrections), default=None)
    return Provenance(tuple(names), max(moments, default=None), software, len(visits), corrected)


def figure(scores: Iterable[Fraction], checklist: Checklist, language: str) -> Figure:
    """The mean of exact visit scores, rounded once; a figure is never lifted over the target by rounding."""
    exact = list(scores)
    mean = mean_score(exact)
    band: Band | None = checklist.band_of(mean) if mean is not None else None
    return Figure(
        score=mean,
        shown=shown(mean, checklist.target),
        n=len(exact),
        band=band.title.in_language(language) if band else "",
        target=checklist.target,
    )


def shown(score: Fraction | None, target: Fraction | None = None) -> str:
    """A score as whole percent, or an empty text where there is none."""
    return round_half_up(score, 0, target) if score is not None else ""


def asked(scored: ScoredVisit, section: Section) -> list[tuple[Question, QuestionScore]]:
    """The questions of a section that this visit was asked, with what each earned."""
    by_id = {question.id: question for question in scored.score.questions}
    pairs = [(question, by_id[question.id]) for question in section.questions if question.id in by_id]
    return [(question, score) for question, score in pairs if score.why != "hidden"]


def _share(out: Fraction, possible: Fraction) -> Fraction:
    return out / (out + possible) if out else NO_POINTS
