"""Several choices at once. What they earn adds up, and is held between nothing and the whole weight."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import ClassVar, Self

from audit.domain.checklist.fields import Fields, Key, Keys, ListOf
from audit.domain.checklist.model import Option, Value
from audit.domain.checklist.questions.kind import OPTION_KEYS, SET_TESTS, Kind, one_word, read_options, shares_of
from audit.domain.checklist.shapes import Exact
from audit.domain.errors import InvalidAnswer

SIGNED_OPTION_KEYS = (
    *OPTION_KEYS[:2],
    Key("share", Exact(-1, 1), "what part of the weight it adds, or takes away if below 0; nothing if left out"),
)
MOST_SAMPLED = 7


@dataclass(frozen=True)
class Choices(Kind):
    options: tuple[Option, ...]

    name: ClassVar[str] = "choices"
    operators: ClassVar[tuple[str, ...]] = SET_TESTS
    keys: ClassVar[tuple[Key, ...]] = (
        Key(
            "options",
            ListOf(Keys("an option", SIGNED_OPTION_KEYS), 2, 100),
            "what can be ticked; unscored if nothing has a share",
            needed=True,
            default=(),
        ),
    )

    @cached_property
    def shares(self) -> dict[str, Fraction | None]:
        """What each option adds or takes away."""
        return shares_of(self.options)

    @classmethod
    def read(cls, fields: Fields) -> Self:
        return cls(read_options(fields["options"]))

    def clean(self, raw: object) -> Value:
        members = raw if isinstance(raw, list | tuple) else [raw]
        if len(members) > 2 * len(self.options):
            raise InvalidAnswer("Choose one of the answers on offer.")
        chosen = {one_word(member, self.shares) for member in members}
        return tuple([id for id in self.shares if id in chosen]) or None

    def points(self, value: Value) -> Fraction | None:
        if not self.scored or not isinstance(value, tuple):
            return None
        total = sum((share or Fraction(0) for id, share in self.shares.items() if id in value), Fraction(0))
        return min(max(total, Fraction(0)), Fraction(1))

    def show(self, value: Value, language: str) -> str:
        chosen = value if isinstance(value, tuple) else ()
        return "; ".join(option.title.in_language(language) for option in self.options if option.id in chosen)

    def words(self) -> tuple[str, ...]:
        return tuple(self.shares)

    def word(self, raw: object) -> str:
        word = one_word(raw, self.shares)
        if word is None:
            raise InvalidAnswer("Choose one of the answers on offer.")
        return word

    def samples(self, words: Collection[str]) -> tuple[Value, ...] | None:
        """Every mixture of the ids that are named, with and without one that is not."""
        other = next((id for id in self.shares if id not in words), None)
        named = [id for id in self.shares if id in words or id == other]
        if len(named) > MOST_SAMPLED:
            return None
        return tuple(mixture for size in range(1, len(named) + 1) for mixture in combinations(named, size))

    @property
    def scored(self) -> bool:
        return any(share is not None for share in self.shares.values())
