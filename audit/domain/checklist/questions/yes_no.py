"""Yes or no. The good answer earns the weight."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

from audit.domain.checklist.fields import Fields, Key
from audit.domain.checklist.model import Option, Value
from audit.domain.checklist.questions.kind import Kind, one_word
from audit.domain.checklist.shapes import OneOf
from audit.domain.checklist.wording import NO, YES

ALL, NOTHING = Fraction(1), Fraction(0)


@dataclass(frozen=True)
class YesNo(Kind):
    good: str = "yes"

    name: ClassVar[str] = "yes_no"
    keys: ClassVar[tuple[Key, ...]] = (
        Key(
            "good", OneOf(("yes", "no")), "the answer that earns the weight: yes, unless said otherwise", default="yes"
        ),
    )

    @classmethod
    def read(cls, fields: Fields) -> Self:
        return cls(fields["good"])

    def options(self) -> tuple[Option, ...]:
        """The two answers, with what they earn."""
        return tuple(Option(word, title, Fraction(word == self.good)) for word, title in (("yes", YES), ("no", NO)))

    def clean(self, raw: object) -> Value:
        if isinstance(raw, bool):
            return "yes" if raw else "no"
        return one_word(raw, ("yes", "no"))

    def points(self, value: Value) -> Fraction | None:
        return ALL if value == self.good else NOTHING

    def show(self, value: Value, language: str) -> str:
        return next((option.title.in_language(language) for option in self.options() if option.id == value), str(value))

    def words(self) -> tuple[str, ...]:
        return ("yes", "no")

    def samples(self, words: Collection[str]) -> tuple[Value, ...]:
        return ("yes", "no")

    @property
    def scored(self) -> bool:
        return True
