"""How the keys of a checklist file are read: one table of keys for each mapping, one shape for each value.

Owns complaints and their lines, and the same tables as JSON Schema. Refuses to stop at the first complaint.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from audit.domain.checklist.model import Text

Path = tuple[str | int, ...]
Lines = Mapping[Path, int]
Schema = dict[str, Any]

ID_PATTERN = "^[a-z0-9]+([-_][a-z0-9]+)*$"
ID_LENGTH = 64
LANGUAGE_PATTERN = "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
NUMBER_LIMIT = 10**9
DECIMAL_PLACES = 6
FLAGS = {"yes": True, "no": False}


@dataclass(frozen=True, order=True)
class Complaint:
    """One thing wrong with a checklist: the line of the file (from 1), what is wrong and the mend."""

    line: int
    message: str
    error: bool = True


@dataclass
class Reading:
    """One reading of one file: its lines, its languages (own first), and the complaints so far."""

    lines: Lines
    languages: tuple[str, ...] = ("en",)
    complaints: list[Complaint] = field(default_factory=list)
    errors: int = 0

    def complain(self, path: Path, message: str, *, error: bool = True) -> None:
        """Note a complaint at the line of that path; what has no line of its own has that of what it stands in."""
        self.complaints.append(Complaint(self.line_of(path), message, error))
        self.errors += error

    def line_of(self, path: Path) -> int:
        for length in range(len(path), -1, -1):
            line = self.lines.get(path[:length])
            if line is not None:
                return line
        return 1


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


@dataclass(frozen=True)
class Words:
    """A text for people: plain words, or a mapping of languages to words. `most` counts characters."""

    most: int = 1_000

    def read(self, reading: Reading, path: Path, tree: object) -> Text | None:
        if not isinstance(tree, dict):
            words = plain_words(reading, path, tree, self.most)
            return None if words is None else Text({reading.languages[0]: words})
        own = reading.languages[0]
        for language in tree:
            if language not in reading.languages:
                mend = f"The checklist's languages are {', '.join(reading.languages)}."
                reading.complain(
                    (*path, language), f"{path_words(path)}: {quoted(language)} is no language of it. {mend}"
                )
        if own not in tree:
            reading.complain(path, f"{path_words(path)} has no words in {own}, the checklist's own language. Add them.")
        versions = {
            language: words
            for language in reading.languages
            if language in tree
            and (words := plain_words(reading, (*path, language), tree[language], self.most)) is not None
        }
        return Text(versions) if own in versions else None

    def schema(self) -> Schema:
        return {"$ref": "#/$defs/text"}


@dataclass(frozen=True)
class PlainWords:
    """Words that are the same in every language, such as the name of a file."""

    pattern: str
    example: str
    most: int = 200

    def read(self, reading: Reading, path: Path, tree: object) -> str | None:
        words = plain_words(reading, path, tree, self.most)
        if words is not None and not re.fullmatch(self.pattern.strip("^$"), words):
            reading.complain(path, f"{path_words(path)}: {quoted(words)} cannot be used. Write it like {self.example}.")
            return None
        return words

    def schema(self) -> Schema:
        return {"type": "string", "pattern": self.pattern, "maxLength": self.most}


@dataclass(frozen=True)
class Id:
    """A name for the machine: small letters, digits, and single hyphens or underscores between them."""

    def read(self, reading: Reading, path: Path, tree: object) -> str | None:
        if isinstance(tree, int) and not isinstance(tree, bool) and 0 <= tree < NUMBER_LIMIT:
            return str(tree)
        if not isinstance(tree, str):
            reading.complain(path, f"{path_words(path)} is {described(tree)}. Write a short name, put in quotes.")
            return None
        if len(tree) > ID_LENGTH or not re.fullmatch(ID_PATTERN.strip("^$"), tree):
            rule = f"small letters a-z, digits and single hyphens or underscores between them, at most {ID_LENGTH}"
            reading.complain(path, f"{path_words(path)}: {quoted(tree)} cannot be a name. Use {rule}.")
            return None
        return tree

    def schema(self) -> Schema:
        return {"type": ["string", "integer"], "pattern": ID_PATTERN, "maxLength": ID_LENGTH, "minimum": 0}


@dataclass(frozen=True)
class Exact:
    """An exact decimal number between two bounds, both included. `places` after the point at most."""

    least: int = 0
    most: int = NUMBER_LIMIT
    places: int = DECIMAL_PLACES

    def read(self, reading: Reading, path: Path, tree: object) -> Fraction | None:
        number = exact_number(tree)
        if number is None:
            mend = "Write a plain number such as 2 or 0.25."
            reading.complain(path, f"{path_words(path)} is {described(tree)}. {mend}")
            return None
        if not self.least <= number <= self.most:
            bound = f"below {self.least}" if number < self.least else f"above {self.most}"
            mend = f"Write a number from {self.least} to {self.most}."
            reading.complain(path, f"{path_words(path)} is {bound}. {mend}")
            return None
        if (number * 10**self.places).denominator != 1:
            mend = (
                "Write a whole number." if not self.places else f"Write at most {self.places} digits after the point."
            )
            reading.complain(path, f"{path_words(path)} has too many digits after the point. {mend}")
            return None
        return number

    def schema(self) -> Schema:
        return {"type": "number" if self.places else "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class Whole:
    """A whole number between two bounds, both included."""

    least: int = 0
    most: int = NUMBER_LIMIT

    def read(self, reading: Reading, path: Path, tree: object) -> int | None:
        number = Exact(self.least, self.most, places=0).read(reading, path, tree)
        return None if number is None else int(number)

    def schema(self) -> Schema:
        return Exact(self.least, self.most, places=0).schema()


@dataclass(frozen=True)
class Flag:
    """true or false; yes and no are taken too."""

    def read(self, reading: Reading, path: Path, tree: object) -> bool | None:
        if isinstance(tree, bool):
            return tree
        if isinstance(tree, str) and tree in FLAGS:
            return FLAGS[tree]
        reading.complain(path, f"{path_words(path)} is {described(tree)}. Write true or false.")
        return None

    def schema(self) -> Schema:
        return {"enum": [True, False, *FLAGS]}


@dataclass(frozen=True)
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, reading: Reading, path: Path, tree: object) -> str | None:
        if isinstance(tree, str) and tree in self.words:
            return tree
        if isinstance(tree, str):
            mend = did_you_mean(tree, self.words)
            reading.complain(path, f"{path_words(path)}: there is no {quoted(tree)}. {mend}")
        else:
            mend = f"Write one of: {', '.join(self.words)}."
            reading.complain(path, f"{path_words(path)} is {described(tree)}. {mend}")
        return None

    def schema(self) -> Schema:
        return {"enum": list(self.words)}


def plain_words(reading: Reading, path: Path, tree: object, most: int) -> str | None:
    """The words at a path, NFC and without spaces around them; None after a complaint."""
    if not isinstance(tree, str):
        hint = "Put it in quotes." if isinstance(tree, int | float | Decimal) else "Write words."
        reading.complain(path, f"{path_words(path)} is {described(tree)}. {hint}")
        return None
    if not tree.strip():
        reading.complain(path, f"{path_words(path)} is empty. Write the words, or leave the key out.")
        return None
    if len(tree) > most:
        reading.complain(path, f"{path_words(path)} has {len(tree)} characters. Keep it to {most}.")
        return None
    if not tree.isprintable():
        strange = next(
            (sign for sign in tree if unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t"), None
        )
        if strange is not None:
            mend = "Delete it, or type it again."
            reading.complain(
                path, f"{path_words(path)} has a sign that cannot be printed (U+{ord(strange):04X}). {mend}"
            )
            return None
    return unicodedata.normalize("NFC", tree.strip())


def exact_number(tree: object) -> Fraction | None:
    """The exact value of a number as a file or a JSON text brings it; None if it is none, or infinite, or monstrous.

    A binary fraction is taken as the shortest decimal that is written like it.
    """
    if isinstance(tree, bool) or not isinstance(tree, int | Decimal | float):
        return None
    if isinstance(tree, int):
        return Fraction(tree) if abs(tree) < 10**40 else None
    number = Decimal(repr(tree)) if isinstance(tree, float) else tree
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(number.adjusted()) > 40 or exponent < -40:
        return None
    return Fraction(number)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The mend for an unknown word: the nearest known one, or all of them."""
    choices = sorted(known)
    near = difflib.get_close_matches(word, choices, n=1) if len(word) <= ID_LENGTH else []
    if near:
        return f"Did you mean {near[0]}?"
    if not choices:
        return "There is none to name."
    return f"It may be: {', '.join(choices[:20])}{' ...' if len(choices) > 20 else ''}."


def described(tree: object) -> str:
    """What a value is, in words for people."""
    if tree is None:
        return "empty"
    if isinstance(tree, bool):
        return "true or false"
    if isinstance(tree, dict):
        return "a mapping of keys"
    if isinstance(tree, list):
        return "a list"
    if isinstance(tree, str):
        return quoted(tree)
    if exact_number(tree) is None:
        return "no number that can be used"
    return f"the number {tree}"


def quoted(words: object) -> str:
    """Words in quotes, cut short and made printable."""
    text = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in str(words)[:60])
    return f"“{text}{'…' if len(str(words)) > 60 else ''}”"


def path_words(path: Path) -> str:
    """Where a value stands, by its key: `title`, or `points 2` for the second of a list."""
    if not path:
        return "The checklist"
    if isinstance(path[-1], int):
        return f"{path_words(path[:-1])} {path[-1] + 1}" if len(path) > 1 else f"{path[-1] + 1}"
    return str(path[-1])
