"""The kinds of question, one class and one file each. This table is the only list of them."""

from __future__ import annotations

from typing import ClassVar, Protocol, Self

from audit.domain.checklist.fields import Fields, Key
from audit.domain.checklist.model import QuestionKind
from audit.domain.checklist.questions.choice import Choice
from audit.domain.checklist.questions.choices import Choices
from audit.domain.checklist.questions.clock_time import ClockTime
from audit.domain.checklist.questions.day import Day
from audit.domain.checklist.questions.grid import Grid
from audit.domain.checklist.questions.long_text import LongText
from audit.domain.checklist.questions.number import Number
from audit.domain.checklist.questions.photo import Photos
from audit.domain.checklist.questions.rating import Rating
from audit.domain.checklist.questions.short_text import ShortText
from audit.domain.checklist.questions.stopwatch import Stopwatch
from audit.domain.checklist.questions.yes_no import YesNo


class KindOfFile(QuestionKind, Protocol):
    """A kind with the keys it has of its own in a checklist file, and how it is made of them."""

    keys: ClassVar[tuple[Key, ...]]

    @classmethod
    def read(cls, fields: Fields) -> Self: ...


QUESTION_KINDS: dict[str, type[KindOfFile]] = {
    "yes_no": YesNo,
    "rating": Rating,
    "choice": Choice,
    "choices": Choices,
    "number": Number,
    "stopwatch": Stopwatch,
    "clock_time": ClockTime,
    "date": Day,
    "short_text": ShortText,
    "long_text": LongText,
    "photo": Photos,
    "grid": Grid,
}
