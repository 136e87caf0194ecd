"""What a visit earns, in exact arithmetic, and why every point that was lost was lost.

Refuses floats, and refuses to guess: what does not apply leaves the score and is shown as bounds, what was not observed
is counted apart, what was hidden costs nothing. The method: every question counts by its weight; the base is

    100 * sum(weight * share) / sum(weight)    over the questions that were asked, apply and are no bonus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from audit.domain.checklist.model import (
    CLOSING,
    NO_ANSWER,
    NOT_APPLICABLE,
    NOT_OBSERVED,
    Answer,
    Answers,
    Checklist,
    Circumstances,
    Question,
    Section,
)
from audit.domain.checklist.visibility import passes, visible

HIDDEN, UNANSWERED, UNSCORED = "hidden", "unanswered", "unscored"
PARTIAL_ABOVE, UNSCORED_ABOVE = Fraction(1, 5), Fraction(1, 2)
CAP = Fraction(49)
ZERO, HUNDRED = Fraction(0), Fraction(100)


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
    applies: Fraction = Fraction(1)
    not_applicable: Fraction = ZERO

    @property
    def possible(self) -> Fraction:
        return self.weight * self.applies if self.share is not None else ZERO

    @property
    def earned(self) -> Fraction:
        return self.possible * self.share if self.share is not None else ZERO

    @property
    def left_out(self) -> Fraction:
        """The weight that did not apply or was left unanswered: it leaves the score and widens its bounds."""
        if self.share is not None:
            return self.weight * self.not_applicable
        return self.weight if self.absence in (NOT_APPLICABLE, UNANSWERED) else ZERO

    @property
    def why(self) -> str:
        """One word for what happened: full, partly, nothing, or the absence."""
        if self.share is None:
            return self.absence
        return "full" if self.share == 1 else "partly" if self.share > 0 else "nothing"


@dataclass(frozen=True)
class Part:
    """A dimension or a section: `score` 0 to 100 exact, None if nothing in it applied; `n` questions that counted."""

    score: Fraction | None
    earned: Fraction
    possible: Fraction
    n: int
    not_applicable: int = 0
    not_observed: int = 0


@dataclass(frozen=True)
class QuestionScore:
    """What one question earned and lost, in points, and why in one word (see `Marking.why`)."""

    id: str
    earned: Fraction
    possible: Fraction
    lost: Fraction
    why: str
    bonus: bool = False


@dataclass(frozen=True)
class Score:
    """The score of one visit. Fractions are exact points out of 100, shares 0 to 1.

    `base` has no bonus and no cap: it is what statistics use. `official` is with the bonus and, after a failed critical
    question, under the cap. `shown` is the whole percent for print, None if unscored.
    """

    status: str
    base: Fraction | None
    with_bonus: Fraction | None
    official: Fraction | None
    na_share: Fraction | None
    low_if_na_failed: Fraction | None
    high_if_na_passed: Fraction | None
    shown: int | None
    band: str | None
    earned: Fraction
    possible: Fraction
    critical_failed: tuple[str, ...] = ()
    not_observed: int = 0
    dimensions: Mapping[str, Part] = field(default_factory=dict)
    sections: Mapping[str, Part] = field(default_factory=dict)
    questions: tuple[QuestionScore, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it may enter an average: unscored visits do not."""
        return self.status != UNSCORED

    def to_tree(self) -> dict[str, Any]:
        """Plain JSON values; every exact number as [numerator, denominator]."""
        exact = {name: _pair(getattr(self, name)) for name in _EXACT}
        return {
            "status": self.status,
            **exact,
            "shown": self.shown,
            "band": self.band,
            "critical_failed": list(self.critical_failed),
            "not_observed": self.not_observed,
            "dimensions": {id: _part_to_tree(part) for id, part in self.dimensions.items()},
            "sections": {id: _part_to_tree(part) for id, part in self.sections.items()},
            "questions": [_question_to_tree(question) for question in self.questions],
        }

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any]) -> Score:
        """The score that `to_tree` wrote."""
        exact = {name: _fraction(tree[name]) for name in _EXACT}
        return cls(
            status=tree["status"],
            **exact,  # type: ignore[arg-type]
            shown=tree["shown"],
            band=tree["band"],
            critical_failed=tuple(tree["critical_failed"]),
            not_observed=tree["not_observed"],
            dimensions={id: _part_from_tree(part) for id, part in tree["dimensions"].items()},
            sections={id: _part_from_tree(part) for id, part in tree["sections"].items()},
            questions=tuple(_question_from_tree(question) for question in tree["questions"]),
        )


_EXACT = (
    *("base", "with_bonus", "official", "na_share", "low_if_na_failed", "high_if_na_passed"),
    *("earned", "possible"),
)


def score_visit(checklist: Checklist, answers: Answers, circumstances: Circumstances) -> Score:
    """The score of these answers to this version of the checklist, in these circumstances."""
    seen = visible(checklist, answers, circumstances).questions
    markings = [
        _mark(question, section, factor, answers.get(question.id, NO_ANSWER), question.id in seen)
        for section in checklist.sections
        if section.id != CLOSING
        for factor in [weight_factor(section)]
        for question in section.questions
    ]
    score = score_markings(markings, checklist.critical_cap, checklist.target)
    band = checklist.band_of(score.official) if score.official is not None and score.counts else None
    return _with_band(score, band.id if band else None)


def weight_factor(section: Section) -> Fraction:
    """What each weight in the section is multiplied by, so that its scored questions add up to the section's weight.

    A bonus is not part of the sum. Worked out before anything is left out, so that nothing hidden changes it."""
    total = sum((question.weight for question in section.questions if question.scored and not question.bonus), ZERO)
    return section.weight / total if section.weight is not None and total else Fraction(1)


def _mark(question: Question, section: Section, factor: Fraction, answer: Answer, seen: bool) -> Marking:
    weight = question.weight * factor if question.kind.scored else ZERO
    share, absence = _share(question, answer, seen)
    na, unobserved = _absent_rows(question, answer) if share is not None else (ZERO, ZERO)
    failed = seen and not answer.absent and question.critical is not None and passes(question.critical, answer.value)
    return Marking(
        question.id, weight, share, absence, question.dimensions, section.id, question.bonus, failed,
        Fraction(1) - na - unobserved, na,
    )  # fmt: skip


def _share(question: Question, answer: Answer, seen: bool) -> tuple[Fraction | None, str]:
    if not seen:
        return None, HIDDEN
    if not question.kind.scored or question.weight == 0:
        return None, UNSCORED
    if answer.absent:
        return None, str(answer.value)
    if not answer.given:
        return None, UNANSWERED
    share = question.kind.points(answer.value)
    return share, "" if share is not None else _absence_within(answer)


def _absence_within(answer: Answer) -> str:
    """Why an answer that was given earns no points at all: all rows of a grid are absent, or the choice is unscored."""
    rows = set(answer.value.values()) if isinstance(answer.value, Mapping) else set()
    return NOT_OBSERVED if rows == {NOT_OBSERVED} else NOT_APPLICABLE


def _absent_rows(question: Question, answer: Answer) -> tuple[Fraction, Fraction]:
    """The parts of a grid's rows, 0 to 1, that do not apply (or were left open) and that were not observed."""
    rows = getattr(question.kind, "rows", ())
    if not rows or not isinstance(answer.value, Mapping):
        return ZERO, ZERO
    said = [answer.value.get(row.id, NOT_APPLICABLE) for row in rows]
    return Fraction(said.count(NOT_APPLICABLE), len(said)), Fraction(said.count(NOT_OBSERVED), len(said))


def score_markings(markings: Sequence[Marking], cap: Fraction = CAP, target: Fraction | None = None) -> Score:
    """The score of questions that have been marked one by one; no band yet."""
    counted = [marking for marking in markings if not marking.bonus]
    earned, possible = _sum(counted, lambda m: m.earned), _sum(counted, lambda m: m.possible)
    left_out = _sum(counted, lambda m: m.left_out)
    bonus = _sum((marking for marking in markings if marking.bonus), lambda m: m.earned)
    everything = possible + left_out
    na_share = left_out / everything if everything else None
    base = HUNDRED * earned / possible if possible else None
    with_bonus = min(HUNDRED, HUNDRED * (earned + bonus) / possible) if possible else None
    critical_failed = tuple(marking.id for marking in markings if marking.failed_critical)
    official = min(with_bonus, cap) if with_bonus is not None and critical_failed else with_bonus
    status = _status(possible, na_share)
    shown = int(round_half_up(official, 0, target)) if official is not None and status != UNSCORED else None
    return Score(
        status=status,
        base=base,
        with_bonus=with_bonus,
        official=official,
        na_share=na_share,
        low_if_na_failed=HUNDRED * earned / everything if everything else None,
        high_if_na_passed=HUNDRED * (earned + left_out) / everything if everything else None,
        shown=shown,
        band=None,
        earned=earned,
        possible=possible,
        critical_failed=critical_failed,
        not_observed=sum(marking.absence == NOT_OBSERVED for marking in markings),
        dimensions=_parts(counted, lambda marking: marking.dimensions),
        sections=_parts(counted, lambda marking: (marking.section,) if marking.section else ()),
        questions=tuple(map(_question_score, markings)),
    )


def round_half_up(value: Fraction, places: int, target: Fraction | None = None) -> str:
    """The exact value as decimal text, halves rounded up, once, at print.

    Rounding never lifts a score over the target: below it, what would round to it or beyond is cut off instead."""
    scale = Fraction(10) ** places
    whole = (value * scale + Fraction(1, 2)).__floor__()
    if target is not None and value < target <= whole / scale:
        whole = (value * scale).__floor__()
    sign, digits = ("-", str(-whole)) if whole < 0 else ("", str(whole))
    if places == 0:
        return sign + digits
    digits = digits.zfill(places + 1)
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def mean_score(bases: Iterable[Fraction]) -> Fraction | None:
    """The mean of exact visit scores, each visit counting alike; None of none."""
    exact = list(bases)
    return sum(exact, ZERO) / len(exact) if exact else None


def _status(possible: Fraction, na_share: Fraction | None) -> str:
    if not possible or na_share is None or na_share > UNSCORED_ABOVE:
        return UNSCORED
    return "partial" if na_share > PARTIAL_ABOVE else "ok"


def _sum(markings: Iterable[Marking], what: Callable[[Marking], Fraction]) -> Fraction:
    return sum(map(what, markings), ZERO)


def _parts(markings: Sequence[Marking], names: Callable[[Marking], Sequence[str]]) -> dict[str, Part]:
    inside: dict[str, list[Marking]] = {}
    for marking in markings:
        for name in names(marking):
            inside.setdefault(name, []).append(marking)
    return {name: _part(members) for name, members in inside.items()}


def _part(markings: Sequence[Marking]) -> Part:
    earned, possible = _sum(markings, lambda m: m.earned), _sum(markings, lambda m: m.possible)
    return Part(
        score=HUNDRED * earned / possible if possible else None,
        earned=earned,
        possible=possible,
        n=sum(marking.possible > 0 for marking in markings),
        not_applicable=sum(marking.absence == NOT_APPLICABLE for marking in markings),
        not_observed=sum(marking.absence == NOT_OBSERVED for marking in markings),
    )


def _question_score(marking: Marking) -> QuestionScore:
    lost = ZERO if marking.bonus else marking.possible - marking.earned
    return QuestionScore(marking.id, marking.earned, marking.possible, lost, marking.why, marking.bonus)


def _with_band(score: Score, band: str | None) -> Score:
    return Score(**{**score.__dict__, "band": band})


def _pair(value: Fraction | None) -> list[int] | None:
    return None if value is None else [value.numerator, value.denominator]


def _fraction(pair: Sequence[int] | None) -> Fraction | None:
    return None if pair is None else Fraction(pair[0], pair[1])


def _exactly(pair: Sequence[int]) -> Fraction:
    return Fraction(pair[0], pair[1])


def _part_to_tree(part: Part) -> dict[str, Any]:
    exact = {"score": _pair(part.score), "earned": _pair(part.earned), "possible": _pair(part.possible)}
    return {**exact, "n": part.n, "not_applicable": part.not_applicable, "not_observed": part.not_observed}


def _part_from_tree(tree: Mapping[str, Any]) -> Part:
    return Part(
        _fraction(tree["score"]), _exactly(tree["earned"]), _exactly(tree["possible"]),
        tree["n"], tree["not_applicable"], tree["not_observed"],
    )  # fmt: skip


def _question_to_tree(question: QuestionScore) -> dict[str, Any]:
    exact = {name: _pair(getattr(question, name)) for name in ("earned", "possible", "lost")}
    return {"id": question.id, **exact, "why": question.why, "bonus": question.bonus}


def _question_from_tree(tree: Mapping[str, Any]) -> QuestionScore:
    exact = [_exactly(tree[name]) for name in ("earned", "possible", "lost")]
    return QuestionScore(tree["id"], *exact, why=tree["why"], bonus=tree["bonus"])
