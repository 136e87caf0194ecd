"""What became of each question over the visits of one branch: how often it was kept, what it lost, and what was seen.

Answers to a question that lost points are told one by one where there is something to tell, else counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from audit.domain.checklist.model import CLOSING, NOT_OBSERVED, Checklist, Question
from audit.domain.score import QuestionScore
from audit.reports.figures import AnswerLine, ScoredVisit, answer_line

MOST_SEEN = 5
MEASURES = ("number", "stopwatch")


@dataclass(frozen=True)
class Seen:
    """One visit's answer to a question that lost points."""

    visit: ScoredVisit
    line: AnswerLine

    @property
    def tells(self) -> bool:
        """Whether there is more to say than the answer: a sentence, facts, a photo, or that it was corrected."""
        return bool(self.line.comment or self.line.facts or self.line.photos or self.line.corrected)

    @property
    def day(self) -> date:
        return self.visit.day


@dataclass(frozen=True)
class SameAnswer:
    """The same bare answer in one or more visits, newest first; the most frequent answer comes first."""

    line: AnswerLine
    visits: tuple[ScoredVisit, ...]

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(visit.day for visit in self.visits)


@dataclass(frozen=True)
class QuestionLine:
    """One question over all visits of the part. `whys` is one word a visit, oldest first; `n` the visits in which it
    counted, `kept` those in which it earned everything. Points are sums over the visits. Of the answers that lost
    points, `seen` are the newest that tell what was seen, `more` says how many others do, `bare` are the rest."""

    id: str
    title: str
    section_id: str
    section: str
    whys: tuple[str, ...]
    n: int
    kept: int
    earned: Fraction
    possible: Fraction
    lost: Fraction
    critical: int
    seen: tuple[Seen, ...] = ()
    more: int = 0
    bare: tuple[SameAnswer, ...] = ()

    @property
    def not_observed(self) -> int:
        """In how many visits it was not observed."""
        return self.whys.count(NOT_OBSERVED)

    @property
    def measured(self) -> bool:
        """Whether its answers are figures, which read best side by side."""
        return any(same.line.question.kind.name in MEASURES for same in self.bare)


def question_lines(checklist: Checklist, visits: Sequence[ScoredVisit], language: str) -> Iterator[QuestionLine]:
    """Every question that counted in some visit, or was not observed, in the order of the checklist."""
    scores = [{question.id: question for question in v.score.questions} for v in visits]
    for section in checklist.sections:
        if section.id == CLOSING:
            continue
        title = section.title.in_language(language)
        for question in section.questions:
            of_question = [of_visit.get(question.id) for of_visit in scores]
            line = _line(question, (section.id, title), visits, of_question, language)
            if line.n or NOT_OBSERVED in line.whys:
                yield line


def _line(
    question: Question,
    section: tuple[str, str],
    visits: Sequence[ScoredVisit],
    scores: Sequence[QuestionScore | None],
    language: str,
) -> QuestionLine:
    counted = [score for score in scores if score is not None and score.possible > 0]
    newest_first = _missed(question, visits, scores, language)
    telling = [seen for seen in newest_first if seen.tells]
    return QuestionLine(
        id=question.id,
        title=question.title.in_language(language),
        section_id=section[0],
        section=section[1],
        whys=tuple(score.why if score else "hidden" for score in scores),
        n=len(counted),
        kept=sum(score.earned == score.possible for score in counted),
        earned=sum((score.earned for score in counted), Fraction(0)),
        possible=sum((score.possible for score in counted), Fraction(0)),
        lost=sum((score.lost for score in counted), Fraction(0)),
        critical=sum(question.id in visit.score.critical_failed for visit in visits),
        seen=tuple(telling[:MOST_SEEN]),
        more=max(0, len(telling) - MOST_SEEN),
        bare=_same_answers(seen for seen in newest_first if not seen.tells),
    )


def _missed(
    question: Question, visits: Sequence[ScoredVisit], scores: Sequence[QuestionScore | None], language: str
) -> list[Seen]:
    """The answers that lost points or failed a knock-out, newest first."""
    missed = [
        Seen(visit, answer_line(visit, visit.checklist.by_id[question.id], score, language, only_lost=True))
        for visit, score in zip(visits, scores, strict=True)
        if score is not None and (score.lost > 0 or question.id in visit.score.critical_failed)
    ]
    return sorted(missed, key=lambda seen: seen.day, reverse=True)


def _same_answers(bare: Iterable[Seen]) -> tuple[SameAnswer, ...]:
    groups: dict[str, list[Seen]] = {}
    for seen in bare:
        groups.setdefault(seen.line.shown, []).append(seen)
    same = (SameAnswer(group[0].line, tuple(seen.visit for seen in group)) for group in groups.values())
    return tuple(sorted(same, key=lambda one: -len(one.visits)))
