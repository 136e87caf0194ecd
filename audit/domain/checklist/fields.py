"""The keys of the mappings in a checklist file: one table of keys for each mapping, one shape for each value.

Owns how a table reads a mapping, and the same table as JSON Schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from audit.domain.checklist.reading import Path, Reading, described, did_you_mean, path_words, quoted

Schema = dict[str, Any]


class Shape(Protocol):
    """What a value looks like: how it is read, and the same as JSON Schema."""

    def read(self, reading: Reading, path: Path, tree: object) -> Any:
        """The value, or None after a complaint."""

    def schema(self) -> Schema:
        """The shape in the words of JSON Schema."""


@dataclass(frozen=True)
class Key:
    """One key of a mapping: its shape, and its meaning in a sentence."""

    name: str
    shape: Shape
    meaning: str
    needed: bool = False
    default: Any = None


@dataclass(frozen=True)
class Fields:
    """What stood in one mapping, key by key. A key that was left out, or could not be read, has its default.

    `given` are the keys that were there, `flawed` those with an error somewhere inside.
    """

    reading: Reading
    path: Path
    values: Mapping[str, Any]
    given: frozenset[str]
    flawed: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def complain(self, name: str, message: str, *, error: bool = True) -> None:
        """Note a complaint at the line of one key."""
        self.reading.complain((*self.path, name), message, error=error)


@dataclass(frozen=True)
class Keys:
    """A mapping with a table of keys; a `what` names it in complaints."""

    what: str
    table: tuple[Key, ...]

    def read(self, reading: Reading, path: Path, tree: object) -> Fields | None:
        if not isinstance(tree, dict):
            wanted = ", ".join(key.name for key in self.table if key.needed) or "keys and values"
            reading.complain(path, f"{self._subject} is {described(tree)}. Write keys and values: {wanted}.")
            return None
        for name in tree:
            if name not in self._by_name:
                mend = did_you_mean(str(name), self._by_name)
                reading.complain((*path, name), f"{self._subject} has no key {quoted(name)}. {mend}")
            elif tree[name] is None and not self._by_name[name].needed:
                problem = f"{self._subject}: {name} is empty, so it counts as left out."
                reading.complain((*path, name), f"{problem} Give it a value, or take the line out.", error=False)
        given = [name for name in self._by_name if tree.get(name) is not None]
        values = dict(self._defaults)
        flawed = {key.name for key in self._needed if self._is_missing(reading, path, key, tree)}
        for name in given:
            errors = reading.errors
            value = self._by_name[name].shape.read(reading, (*path, name), tree[name])
            if value is not None:
                values[name] = value
            if reading.errors > errors:
                flawed.add(name)
        return Fields(reading, path, values, frozenset(given), frozenset(flawed))

    def _is_missing(self, reading: Reading, path: Path, key: Key, tree: Mapping[str, object]) -> bool:
        if tree.get(key.name) is not None:
            return False
        problem = "is empty" if key.name in tree else "is missing"
        place = (*path, key.name) if key.name in tree else path
        reading.complain(place, f"{self._subject}: {key.name} {problem}. Write {key.meaning}.")
        return True

    @property
    def _subject(self) -> str:
        return self.what[0].upper() + self.what[1:]

    @cached_property
    def _by_name(self) -> dict[str, Key]:
        return {key.name: key for key in self.table}

    @cached_property
    def _defaults(self) -> dict[str, Any]:
        return {key.name: key.default for key in self.table}

    @cached_property
    def _needed(self) -> tuple[Key, ...]:
        return tuple(key for key in self.table if key.needed)

    def schema(self) -> Schema:
        return {
            "type": "object",
            "properties": {key.name: {**key.shape.schema(), "description": key.meaning} for key in self.table},
            "required": [key.name for key in self.table if key.needed],
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class ListOf:
    """A list of one shape. `least` and `most` count its members."""

    shape: Shape
    least: int = 1
    most: int = 250

    def read(self, reading: Reading, path: Path, tree: object) -> tuple[Any, ...] | None:
        if not isinstance(tree, list):
            reading.complain(path, f"{path_words(path)} is {described(tree)}. Write a list, with a dash before each.")
            return None
        if not self.least <= len(tree) <= self.most:
            bounds = f"at least {self.least}" if len(tree) < self.least else f"at most {self.most}"
            reading.complain(path, f"{path_words(path)} has {len(tree)} in its list. There may be {bounds}.")
        read = (self.shape.read(reading, (*path, place), member) for place, member in enumerate(tree[: self.most]))
        return tuple(member for member in read if member is not None)

    def schema(self) -> Schema:
        return {"type": "array", "items": self.shape.schema(), "minItems": self.least, "maxItems": self.most}
