"""Corrections as every reader of a report sees them: what stood there before, since when it does not, and why.

Owns what is said of them outside the programme office: never by whom, and never the words that were taken out, since
they may have been taken out because nobody should read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from audit.domain.checklist.model import NOT_APPLICABLE, NOT_OBSERVED, Answer, Question
from audit.domain.checklist.questions.writing import WrittenText
from audit.domain.correction import Correction, Outcome, without_words
from audit.formatting import day_part

if TYPE_CHECKING:
    from audit.reports.figures import ScoredVisit


@dataclass(frozen=True)
class CorrectedLine:
    """One correction in words. `answer` is what stood there before, without anybody's words; `shown` and `facts` are
    the same for people. `answered` says that the answer itself was corrected, `words` that the shopper's words were.
    Scores are whole percent, empty if unscored."""

    question: Question
    title: str
    answer: Answer
    shown: str
    facts: tuple[str, ...]
    answered: bool
    words: bool
    day: date
    reason: str
    score_before: str
    score_after: str

    @property
    def was(self) -> str:
        """What stood there, for the content of a report: the absence, the answer in words, or empty."""
        value = self.answer.value
        return str(value) if value in (NOT_APPLICABLE, NOT_OBSERVED) else self.shown


@dataclass(frozen=True)
class CorrectedAnswer:
    """A correction in the report of many visits, with the day of its visit."""

    day: date
    line: CorrectedLine


def corrected_lines(scored: ScoredVisit, question: Question, language: str) -> tuple[CorrectedLine, ...] | None:
    """The corrections of one answer, oldest first; None if there are none."""
    found = (one for one in scored.corrections if one.question_id == question.id)
    return tuple(_line(scored, question, one, language) for one in found) or None


def corrected_anywhere(scored: ScoredVisit, language: str) -> tuple[CorrectedLine, ...]:
    """All corrections of a visit, oldest first."""
    by_id = scored.checklist.by_id
    return tuple(_line(scored, by_id[one.question_id], one, language) for one in scored.corrections)


def in_words(question: Question, answer: Answer, language: str) -> str:
    """The value in words, of a clock time only its part of the day, since no minute leaves the programme office;
    absences and nothing at all are left to the template, which knows the reader's words."""
    if answer.absent or answer.value in (None, "", ()):
        return ""
    if question.kind.name == "clock_time":
        return day_part(datetime.strptime(str(answer.value), "%H:%M"))  # noqa: DTZ007 - a time of no day
    return question.kind.show(answer.value, language)


def facts_in_words(question: Question, answer: Answer, language: str) -> tuple[str, ...]:
    """The observed facts of an answer in the words of the pick-list."""
    titles = {fact.id: fact.title.in_language(language) for demand in question.demands for fact in demand.facts}
    return tuple(titles.get(fact, fact) for fact in answer.facts)


def _line(scored: ScoredVisit, question: Question, one: Correction, language: str) -> CorrectedLine:
    before = without_words(question, one.before)
    return CorrectedLine(
        question=question,
        title=question.title.in_language(language),
        answer=before,
        shown=in_words(question, before, language),
        facts=facts_in_words(question, before, language),
        answered=_answered(question, before, without_words(question, one.after)),
        words=one.words,
        day=one.at.astimezone(scored.zone).date(),
        reason=one.reason,
        score_before=_percent(one.score_before),
        score_after=_percent(one.score_after),
    )


def _answered(question: Question, before: Answer, after: Answer) -> bool:
    """Whether more than words was corrected. Of a question that is answered in words, only an absence can be told."""
    if isinstance(question.kind, WrittenText):
        return before.absent
    return (before.value, before.facts) != (after.value, after.facts)


def _percent(outcome: Outcome) -> str:
    return "" if outcome.shown is None else str(outcome.shown)
