"""A rating: a few points from low to high, each worded as an act that can be seen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Self

from audit.domain.checklist.fields import Fields, Key, Keys, ListOf, Schema
from audit.domain.checklist.model import Option, Text, Value
from audit.domain.checklist.questions.kind import SCALE_TESTS, SHARE, Kind, check_shares, one_word, shares_of
from audit.domain.checklist.questions.numbers import decimal_text, read_decimal
from audit.domain.checklist.reading import Path, Reading
from audit.domain.checklist.shapes import Exact, Whole, Words
from audit.domain.errors import InvalidAnswer

POINT_KEYS = (
    Key("point", Whole(0, 100), "the number of the point", needed=True),
    Key("title", Words(), "the act that can be seen at this point"),
    Key("share", Exact(0, 1), SHARE + "; evenly spaced if no point has one"),
)


WORDED_POINT = Keys("a point", POINT_KEYS)


class PointShape:
    """A point with its words, or without, down to a bare number: taken, and warned about."""

    def read(self, reading: Reading, path: Path, tree: object) -> Fields | None:
        if isinstance(tree, dict):
            return WORDED_POINT.read(reading, path, tree)
        bare = tree if not isinstance(tree, str) or not tree.isdecimal() or len(tree) > 3 else int(tree)
        number = Whole(0, 100).read(reading, path, bare)
        if number is None:
            return None
        return Fields(reading, path, {"point": number, "title": None, "share": None}, frozenset({"point"}))

    def schema(self) -> Schema:
        return {"anyOf": [WORDED_POINT.schema(), Whole(0, 100).schema(), {"type": "string", "pattern": "^[0-9]{1,3}$"}]}


@dataclass(frozen=True)
class Rating(Kind):
    """`points_worded` run from low to high; their ids are their numbers. `unworded` are the bare ones."""

    points_worded: tuple[Option, ...]
    unworded: tuple[str, ...] = ()

    name: ClassVar[str] = "rating"
    operators: ClassVar[tuple[str, ...]] = SCALE_TESTS
    keys: ClassVar[tuple[Key, ...]] = (
        Key("points", ListOf(PointShape(), 2, 11), "the points from low to high", needed=True, default=()),
    )

    @cached_property
    def shares(self) -> dict[str, Fraction | None]:
        """What each point earns, from low to high."""
        return shares_of(self.points_worded)

    @classmethod
    def read(cls, fields: Fields) -> Self:
        points: list[Option] = []
        unworded: list[str] = []
        for point in fields["points"]:
            number = point["point"]
            if points and number is not None and number <= int(points[-1].id):
                point.complain(
                    "point",
                    f"The points are out of order: {number} comes after {points[-1].id}. "
                    "Write the lowest first, each number once.",
                )
            elif number is not None and "title" not in point.flawed:
                title = point["title"] or Text({fields.reading.languages[0]: str(number)})
                cls._check_share(point, points)
                points.append(Option(str(number), title, point["share"]))
                if _is_bare(title):
                    unworded.append(str(number))
        check_shares(fields, "points", points)
        return cls(_with_even_shares(points), tuple(unworded))

    @staticmethod
    def _check_share(point: Fields, lower: list[Option]) -> None:
        before = lower[-1].share if lower else None
        if point["share"] is not None and before is not None and point["share"] < before:
            point.complain(
                "share",
                "The shares are out of order: a higher point earns less than the one before. "
                "Let them rise from low to high.",
            )

    def clean(self, raw: object) -> Value:
        if isinstance(raw, str):
            raw = raw.strip()
        word = one_word(raw, self.shares)
        return None if word is None else int(word)

    def points(self, value: Value) -> Fraction | None:
        return self.shares.get(str(value))

    def show(self, value: Value, language: str) -> str:
        return next((p.title.in_language(language) for p in self.points_worded if p.id == str(value)), str(value))

    def words(self) -> tuple[str, ...]:
        return tuple(self.shares)

    def word(self, raw: object) -> str:
        number = read_decimal(raw)
        if number is None or number.denominator != 1:
            raise InvalidAnswer("Choose one of the answers on offer.")
        return decimal_text(number)

    def samples(self, words: Collection[str]) -> tuple[Value, ...]:
        return tuple(int(point.id) for point in self.points_worded)

    @property
    def scored(self) -> bool:
        return True


def _is_bare(title: Text) -> bool:
    return all(not any(sign.isalpha() for sign in words) for words in title.versions.values())


def _with_even_shares(points: list[Option]) -> tuple[Option, ...]:
    if any(point.share is not None for point in points) or len(points) < 2:
        return tuple(points)
    steps = len(points) - 1
    return tuple(Option(point.id, point.title, Fraction(step, steps)) for step, point in enumerate(points))
