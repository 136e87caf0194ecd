"""The keys of the mappings in a checklist file: one table of keys for each mapping, one shape for each value.

Owns how a table reads a mapping, and the same table as JSON Schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
            reading.complain(path, f"{self.what} is {described(tree)}. Write keys and values: {wanted}.")
            return None
        known = {key.name for key in self.table}
        for name in tree:
            if name not in known:
                mend = did_you_mean(str(name), known)
                reading.complain((*path, name), f"{self.what} has no key {quoted(name)}. {mend}")
        values: dict[str, Any] = {}
        flawed: set[str] = set()
        for key in self.table:
            errors = reading.errors
            values[key.name] = self._value(reading, path, key, tree)
            if reading.errors > errors:
                flawed.add(key.name)
        return Fields(reading, path, values, frozenset(known.intersection(tree)), frozenset(flawed))

    def _value(self, reading: Reading, path: Path, key: Key, tree: Mapping[str, object]) -> Any:
        raw = tree.get(key.name)
        if raw is None:
            if key.needed:
                problem = "is empty" if key.name in tree else "is missing"
                place = (*path, key.name) if key.name in tree else path
                reading.complain(place, f"{self.what}: {key.name} {problem}. Write {key.meaning}.")
            return key.default
        value = key.shape.read(reading, (*path, key.name), raw)
        return key.default if value is None else value

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
