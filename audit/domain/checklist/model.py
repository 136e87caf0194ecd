"""What a checklist is: sections with questions, dimensions across them, rules, scenarios, bands.

Owns the nouns alone. Reading them from a file is `parsing`, deciding what is seen is `visibility`, and what each kind
of question takes and earns stands in `questions`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, NamedTuple, Protocol, TypeVar, cast

T = TypeVar("T")

NOT_APPLICABLE = "not_applicable"
NOT_OBSERVED = "not_observed"
ABSENCES = (NOT_APPLICABLE, NOT_OBSERVED)

CUSTOMER_STATE = "customer_state"
NARRATIVE = "narrative"
CLOSING = "closing"

Value = str | int | tuple[str, ...] | Mapping[str, str] | None
"""What stands in an answer. By kind: a word for yes/no and one choice, a whole number for a rating (the point) and a
stopwatch (seconds), a decimal written as text for a number, words for several choices, `HH:MM`, `YYYY-MM-DD`, plain
text, and row -> point for a grid. `not_applicable` and `not_observed` may stand in place of any of them."""


@dataclass(frozen=True)
class Text:
    """The same words in one or more languages; the first is the checklist's own."""

    versions: Mapping[str, str]

    def in_language(self, language: str) -> str:
        """The words in that language, else in its parent (`pt` for `pt-BR`), else in the checklist's own."""
        for tag in (language, language.split("-")[0]):
            if tag in self.versions:
                return self.versions[tag]
        return next(iter(self.versions.values()), "")

    def __str__(self) -> str:
        return self.in_language("")


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen. `share` is what it earns, from 0 to 1 of the question's weight; None: unscored."""

    id: str
    title: Text
    share: Fraction | None = None


@dataclass(frozen=True)
class ValueTest:
    """One test of one value. `operator`: is, is_not, any_of, all_of, at_least, at_most, answered.

    `operand` is one word, a tuple of words, or True/False for `answered`.
    """

    operator: str
    operand: str | tuple[str, ...] | bool

    @cached_property
    def words(self) -> frozenset[str]:
        """What it compares with, as words."""
        return frozenset(map(str, self.operand if isinstance(self.operand, tuple) else (self.operand,)))


@dataclass(frozen=True)
class Condition:
    """A test of an earlier answer (`subject` "question"), an attribute of the branch, or the scenario."""

    subject: str
    name: str
    test: ValueTest


@dataclass(frozen=True)
class Combination:
    """`connective`: and, or, not. `not` has exactly one part."""

    connective: str
    parts: tuple[Rule, ...]


Rule = Condition | Combination


@dataclass(frozen=True)
class Demand:
    """What a given answer asks for on the spot: a comment, a photo, observed facts from a pick-list."""

    when: ValueTest
    prompt: Text | None = None
    comment: bool = False
    photo: bool = False
    facts: tuple[Option, ...] = ()


class QuestionKind(Protocol):
    """What every kind of question can do; the classes stand in `questions/`, one file each."""

    name: ClassVar[str]  # the word in the checklist file: yes_no, rating, choice ...
    operators: ClassVar[tuple[str, ...]]  # the tests that rules may put to its answers

    def clean(self, raw: object) -> Value:
        """The value in its one canonical shape, or InvalidAnswer with the mend. None if nothing was answered."""

    def points(self, value: Value) -> Fraction | None:
        """The share of the weight that this value earns, 0 to 1; None if this kind, or this value, is unscored."""

    def show(self, value: Value, language: str) -> str:
        """The value in words for people."""

    def complete(self, value: Value) -> bool:
        """Whether a value that was given leaves nothing open, such as a row of a grid."""

    def words(self) -> tuple[str, ...]:
        """The words that can be answered, where they are few, for rules to name."""

    def word(self, raw: object) -> str:
        """What a rule compares with, in the canonical words; InvalidAnswer if no answer can look like that."""

    def samples(self, words: Collection[str]) -> tuple[Value, ...] | None:
        """Values among which every test that names only `words` finds one that meets it, if any answer does.

        None if that would be too many.
        """

    @property
    def scored(self) -> bool:
        """Whether any value of it can earn points."""

    @property
    def photos_needed(self) -> int:
        """How many photos an answer needs to be complete, whatever its value."""

    @property
    def photos_taken(self) -> int:
        """How many photos an answer may have."""

    @property
    def photos_for_office(self) -> bool:
        """Whether nobody but the programme office sees the photos of an answer."""


@dataclass(frozen=True)
class Question:
    """One thing the shopper is asked.

    `weight` is exact; 0 means measured, not scored. `critical` is the test that a knock-out answer meets.
    `subjective` marks an impression as opposed to a fact. `offers` are the absences on offer.
    """

    id: str
    title: Text
    kind: QuestionKind
    weight: Fraction = Fraction(1)
    dimensions: tuple[str, ...] = ()
    required: bool = True
    offers: tuple[str, ...] = ()
    critical: ValueTest | None = None
    bonus: bool = False
    hint: Text | None = None
    picture: str | None = None
    demands: tuple[Demand, ...] = ()
    show_if: Rule | None = None
    subjective: bool = False

    @property
    def scored(self) -> bool:
        """Whether this question can move the score."""
        return self.weight > 0 and self.kind.scored


@dataclass(frozen=True)
class Section:
    """A place or a moment of the visit. `weight`, where given, is what the weights of its questions are scaled to."""

    id: str
    title: Text
    questions: tuple[Question, ...]
    intro: Text | None = None
    weight: Fraction | None = None
    show_if: Rule | None = None


@dataclass(frozen=True)
class Dimension:
    id: str
    title: Text


@dataclass(frozen=True)
class Scenario:
    """What the shopper pretends, and the small, safe, legal request or problem that is planted.

    `spending_limit` is in the programme's currency; `risk` says why it is safe and when to stop.
    """

    id: str
    title: Text
    pretend: Text
    plants: tuple[str, ...] = ()
    spending_limit: Fraction | None = None
    risk: Text | None = None


@dataclass(frozen=True)
class Band:
    """A verdict on a score: from this many points on, exact, 0 to 100."""

    id: str
    title: Text
    from_score: Fraction


def highest_band(bands: Iterable[Band], score: Fraction) -> Band | None:
    """The highest band whose threshold the exact score reaches."""
    reached = [band for band in bands if score >= band.from_score]
    return max(reached, key=lambda band: band.from_score, default=None)


@dataclass(frozen=True)
class Checklist:
    """A checklist as it was written. `remember` are the three things to remember; `channel`: visit, phone, online."""

    id: str
    title: Text
    languages: tuple[str, ...]
    sections: tuple[Section, ...]
    dimensions: tuple[Dimension, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    bands: tuple[Band, ...] = ()
    target: Fraction | None = None
    critical_cap: Fraction = Fraction(49)
    brief: Text | None = None
    remember: tuple[Text, ...] = ()
    estimated_minutes: int = 0
    channel: str = "visit"

    @cached_property
    def by_id(self) -> dict[str, Question]:
        """Every question by its id, in the order of the checklist."""
        return {question.id: question for question in self.questions()}

    @cached_property
    def _worked_out(self) -> dict[Callable[[Checklist], object], object]:
        return {}

    def once(self, work_out: Callable[[Checklist], T]) -> T:
        """What `work_out` makes of this checklist. A checklist never changes, so it is made once and kept."""
        if work_out not in self._worked_out:
            self._worked_out[work_out] = work_out(self)
        return cast("T", self._worked_out[work_out])

    def questions(self) -> Iterator[Question]:
        """Every question, closing ones too, in the order in which they are asked."""
        for section in self.sections:
            yield from section.questions

    def question(self, id: str) -> Question:
        return self.by_id[id]

    def scenario(self, id: str | None) -> Scenario | None:
        return next((scenario for scenario in self.scenarios if scenario.id == id), None)

    def band_of(self, score: Fraction) -> Band | None:
        """The highest band whose threshold the exact score reaches."""
        return highest_band(self.bands, score)


@dataclass(frozen=True)
class PublishedChecklist:
    """A version, frozen: `digest` is the sha256, in hex, of its canonical content."""

    checklist: Checklist
    version: int
    digest: str
    published_at: datetime


class Answer(NamedTuple):
    """What the shopper said to one question. `photos` are sha256 of the bytes as sent; `facts` ids of the pick-list."""

    value: Value = None
    comment: str = ""
    facts: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()

    @property
    def given(self) -> bool:
        """Whether there is an answer at all; an absence ("does not apply") is one."""
        return self.value not in (None, "", (), {}) or bool(self.photos)

    @property
    def absent(self) -> bool:
        return self.value in ABSENCES

    def with_photos(self, photos: Iterable[str]) -> Answer:
        """The same answer with these photos, each once, in place of its own."""
        return self._replace(photos=tuple(dict.fromkeys(photos)))


Answers = Mapping[str, Answer]
NO_ANSWER = Answer()


@dataclass(frozen=True)
class Circumstances:
    """What rules may ask about besides answers: attributes of the branch, and the scenario's id."""

    branch: Mapping[str, str] = field(default_factory=dict)
    scenario: str | None = None
