"""One choice out of several."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

from audit.domain.checklist.fields import Fields, Key
from audit.domain.checklist.model import Option, Value
from audit.domain.checklist.questions.kind import OPTIONS, Kind, check_shares, one_word, read_options


@dataclass(frozen=True)
class Choice(Kind):
    options: tuple[Option, ...]

    name: ClassVar[str] = "choice"
    keys: ClassVar[tuple[Key, ...]] = (
        Key("options", OPTIONS, "the answers to choose from; unscored if none has a share", needed=True, default=()),
    )

    @classmethod
    def read(cls, fields: Fields) -> Self:
        options = read_options(fields["options"])
        check_shares(fields, "options", options)
        return cls(options)

    def clean(self, raw: object) -> Value:
        return one_word(raw, [option.id for option in self.options])

    def points(self, value: Value) -> Fraction | None:
        return next((option.share for option in self.options if option.id == value), None)

    def show(self, value: Value, language: str) -> str:
        return next((o.title.in_language(language) for o in self.options if o.id == value), str(value))

    def words(self) -> tuple[str, ...]:
        return tuple(option.id for option in self.options)

    def samples(self, words: Collection[str]) -> tuple[Value, ...]:
        return tuple(option.id for option in self.options)

    @property
    def scored(self) -> bool:
        return any(option.share is not None for option in self.options)
