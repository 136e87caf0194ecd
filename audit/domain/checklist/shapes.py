"""The shapes of single values in a checklist file: words, names, exact numbers, flags. Refuses binary fractions."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from audit.domain.checklist.fields import Schema
from audit.domain.checklist.model import Text
from audit.domain.checklist.reading import (
    ID_LENGTH,
    Path,
    Reading,
    described,
    did_you_mean,
    exact_number,
    path_words,
    quoted,
)

ID_PATTERN = "^[a-z0-9]+([-_][a-z0-9]+)*$"
LANGUAGE_PATTERN = "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
NUMBER_LIMIT = 10**9
DECIMAL_PLACES = 6
FLAGS = {"yes": True, "no": False}


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
            mend = f"Write a plain number such as {'2 or 0.25' if self.places else '2'}."
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
