"""One reading of one checklist file: its lines, its languages, its complaints, and how they are worded.

Refuses to stop at the first complaint.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

Path = tuple[str | int, ...]
Lines = Mapping[Path, int]

ID_LENGTH = 64


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
