"""One choice out of several."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Self

from audit.domain.checklist.fields import Fields, Key
from audit.domain.checklist.model import Option, Value
from audit.domain.checklist.questions.kind import OPTIONS, Kind, check_shares, one_word, read_options, shares_of


@dataclass(frozen=True)
class Choice(Kind):
    options: tuple[Option, ...]

    name: ClassVar[str] = "choice"
    keys: ClassVar[tuple[Key, ...]] = (
        Key("options", OPTIONS, "the answers to choose from; unscored if none has a share", needed=True, default=()),
    )

    @cached_property
    def shares(self) -> dict[str, Fraction | None]:
        """What each option earns."""
        return shares_of(self.options)

    @classmethod
    def read(cls, fields: Fields) -> Self:
        options = read_options(fields["options"])
        check_shares(fields, "options", options)
        return cls(options)

    def clean(self, raw: object) -> Value:
        return one_word(raw, self.shares)

    def points(self, value: Value) -> Fraction | None:
        return self.shares.get(value) if isinstance(value, str) else None

    def show(self, value: Value, language: str) -> str:
        return next((o.title.in_language(language) for o in self.options if o.id == value), str(value))

    def words(self) -> tuple[str, ...]:
        return tuple(self.shares)

    def samples(self, words: Collection[str]) -> tuple[Value, ...]:
        return tuple(self.shares)

    @property
    def scored(self) -> bool:
        return any(share is not None for share in self.shares.values())
