"""What has to be told apart when prints stand in one file: numbers of parts, keys of tags, names of cells and fonts.

Reads the spelling of the press token by token, so that words which only look like one of these stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_TOKEN = re.compile(
    rb"(?P<reference>\d+) 0 R"
    rb"|/StructParent(?P<what>s?) (?P<key>\d+)"
    rb"|/ID \((?P<cell>\d+)(?=-\d+-\d+\))"
    rb"|/Headers \[(?P<heads>[^\]]*)"
    rb"|/(?P<subset>[A-Z]{6})(?=\+)"
    rb"|\((?:[^\\()]|\\.)*\)",
    re.S,
)
_CELL = re.compile(rb"\((\d+)(?=-)")
_LETTERS = 26


def renumbering(numbers: Mapping[int, int], first_key: int, place: int) -> Callable[[bytes], bytes]:
    """What spells a part of a print anew: `numbers` are those of the parts in the print and in the volume, `first_key`
    is added to each key of the parent tree, and `place` tells the subsets of a font apart (ISO 32000-1, 9.6.4).

    A name of a cell begins with the number of its table, so it is renumbered like a reference. KeyError for a reference
    to a part that is not in `numbers`."""
    spelled = {b"%d" % old: b"%d" % new for old, new in numbers.items()}
    references = {old: b"%b 0 R" % new for old, new in spelled.items()}

    def cell(found: re.Match[bytes]) -> bytes:
        return b"(" + spelled[found[1]]

    def token(found: re.Match[bytes]) -> bytes:
        kind = found.lastgroup
        if kind == "reference":
            return references[found[1]]
        if kind == "cell":
            return b"/ID (" + spelled[found["cell"]]
        if kind == "heads":
            return b"/Headers [" + _CELL.sub(cell, found["heads"])
        if kind == "subset":
            return b"/" + _subset(found["subset"], place)
        if kind == "key":
            return b"/StructParent%b %d" % (found["what"], int(found["key"]) + first_key)
        return found[0]

    return lambda said: _TOKEN.sub(token, said)


def _subset(tag: bytes, place: int) -> bytes:
    """The six letters of a subset, counted on by `place`: never the same at two places."""
    letters = []
    for letter in reversed(tag):
        place, rest = divmod(letter - ord("A") + place, _LETTERS)
        letters.append(ord("A") + rest)
    return bytes(reversed(letters))
