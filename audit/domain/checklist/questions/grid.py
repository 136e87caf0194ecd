"""A grid: several rows on one scale. Every row counts alike; rows that do not apply leave the count."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import ClassVar, Self

from audit.domain.checklist.fields import Fields, Key, Keys, ListOf
from audit.domain.checklist.model import ABSENCES, Option, Text, Value
from audit.domain.checklist.questions.kind import (
    OPTIONS,
    SET_TESTS,
    Kind,
    check_shares,
    one_word,
    read_options,
    shares_of,
)
from audit.domain.checklist.reading import quoted
from audit.domain.checklist.shapes import Id, Words
from audit.domain.checklist.wording import ABSENCE_TITLES
from audit.domain.errors import InvalidAnswer

ROW_KEYS = (
    Key("id", Id(), "a short name of its own", needed=True),
    Key("title", Words(), "what the row is about", needed=True),
)
TAKEN_ROWS = ("value", "comment", "facts", "photos", "absent", "kept")
MOST_SAMPLED = 7


@dataclass(frozen=True)
class GridRow:
    id: str
    title: Text


@dataclass(frozen=True)
class Grid(Kind):
    """`offers` are the absences that each row may take."""

    rows: tuple[GridRow, ...]
    scale: tuple[Option, ...]
    offers: tuple[str, ...] = ()

    name: ClassVar[str] = "grid"
    operators: ClassVar[tuple[str, ...]] = SET_TESTS
    keys: ClassVar[tuple[Key, ...]] = (
        Key("rows", ListOf(Keys("a row", ROW_KEYS), 1, 50), "the rows, from top to bottom", needed=True, default=()),
        Key("scale", OPTIONS, "the answers of every row; unscored if none has a share", needed=True, default=()),
    )

    @cached_property
    def shares(self) -> dict[str, Fraction | None]:
        """What each answer of the scale earns."""
        return shares_of(self.scale)

    @classmethod
    def read(cls, fields: Fields) -> Self:
        rows: dict[str, GridRow] = {}
        for row in fields["rows"]:
            id, title = row["id"], row["title"]
            if id in rows:
                row.complain("id", f"{quoted(id)} stands in this list already. Give each a name of its own.")
            elif id in TAKEN_ROWS:
                row.complain("id", f"{quoted(id)} is taken. Give the row another name.")
            elif id is not None and title is not None:
                rows[id] = GridRow(id, title)
        scale = read_options(fields["scale"])
        check_shares(fields, "scale", scale)
        return cls(tuple(rows.values()), scale, tuple(fields["offer"]))

    def clean(self, raw: object) -> Value:
        if raw in (None, ""):
            return None
        if not isinstance(raw, Mapping):
            raise InvalidAnswer("Choose an answer in each row.")
        ids = {row.id for row in self.rows}
        unknown = [row for row in raw if row not in ids]
        if unknown:
            raise InvalidAnswer("There is no row {row}.", row=quoted(unknown[0]))
        words = self.words()
        points = {row.id: one_word(raw.get(row.id), words) for row in self.rows}
        given = {row: point for row, point in points.items() if point is not None}
        alike = set(given.values()) if len(given) == len(self.rows) else set()
        return next((absence for absence in ABSENCES if alike == {absence}), given or None)

    def points(self, value: Value) -> Fraction | None:
        """The mean share of the rows that have one."""
        if not isinstance(value, Mapping):
            return None
        earned = [share for point in value.values() if (share := self.shares.get(point)) is not None]
        return sum(earned, Fraction(0)) / len(earned) if earned else None

    def complete(self, value: Value) -> bool:
        return not isinstance(value, Mapping) or len(value) == len(self.rows)

    def show(self, value: Value, language: str) -> str:
        if not isinstance(value, Mapping):
            return str(value)
        titles = {absence: title.in_language(language) for absence, title in ABSENCE_TITLES.items()}
        titles |= {option.id: option.title.in_language(language) for option in self.scale}
        return "; ".join(
            f"{row.title.in_language(language)}: {titles.get(value[row.id], value[row.id])}"
            for row in self.rows
            if row.id in value
        )

    def words(self) -> tuple[str, ...]:
        return (*self.shares, *self.offers)

    def word(self, raw: object) -> str:
        word = one_word(raw, self.words())
        if word is None:
            raise InvalidAnswer("Choose one of the answers on offer.")
        return word

    def samples(self, words: Collection[str]) -> tuple[Value, ...] | None:
        points = self.words()
        if len(points) > MOST_SAMPLED:
            return None
        ids = [row.id for row in self.rows]
        return tuple(
            {row: mixture[min(place, len(mixture) - 1)] for place, row in enumerate(ids)}
            for size in range(1, min(len(ids), len(points)) + 1)
            for mixture in combinations(points, size)
            if len(mixture) > 1 or mixture[0] not in ABSENCES  # one absence alone is that of the whole answer
        )

    @property
    def scored(self) -> bool:
        return any(share is not None for share in self.shares.values())
