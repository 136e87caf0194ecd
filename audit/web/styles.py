"""Stylesheets joined for the wire, and parted: what the first screen of a phone needs goes into its page.

A file says `/* Below: ... */` in a line of its own; what stands above that line is the first screen's. Without such a
line all of it is. Left out: comments, spaces that mean nothing, and the walls of the layers, since a browser of before
March 2022 heeds nothing that stands in one: the rules stand in the order of their layers instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

BELOW = re.compile(r"^/\* Below: .*\*/\n", re.MULTILINE)
COMMENT = re.compile(r"/\*[^*]*\*/")
STRING = re.compile(r'("[^"]*")')
# A colon with a space behind it stands before a value, one without begins the name of a state.
MEANINGLESS = (
    (re.compile(r"\s+"), " "),
    (re.compile(r" ?([{};,>]) ?"), r"\1"),
    (re.compile(r"(?<=[\w-]): "), ":"),
    (re.compile(r"(?<=[ :,(])0\.(?=\d)"), "."),
)
ORDER = re.compile(r"@layer ([\w, ]+);")
LAYER = re.compile(r"@layer (\w+)")
SIGN = re.compile(r'"[^"]*"|[{}]')


def join(sheets: Iterable[str]) -> bytes:
    """All of them, in this order."""
    return _joined(list(sheets), str)


def join_first(sheets: Iterable[str]) -> bytes:
    """What the first screen needs of each."""
    return _joined(list(sheets), lambda sheet: parted(sheet)[0])


def join_rest(sheets: Iterable[str]) -> bytes:
    """All else."""
    return _joined(list(sheets), lambda sheet: parted(sheet)[1])


def parted(sheet: str) -> tuple[str, str]:
    """What the first screen needs, and all else."""
    first, *rest = BELOW.split(sheet, maxsplit=1)
    return first, "".join(rest)


def _joined(sheets: list[str], part: Callable[[str], str]) -> bytes:
    named = ORDER.search("".join(sheets))
    layers = named[1].split(", ") if named else []
    parts = STRING.split(COMMENT.sub("", ORDER.sub("", "".join(map(part, sheets)))))
    narrowed = "".join(text if at % 2 else _narrowed(text) for at, text in enumerate(parts))
    return _unlayered(narrowed.strip(), layers).replace(";}", "}").encode()


def _narrowed(code: str) -> str:
    for pattern, kept in MEANINGLESS:
        code = pattern.sub(kept, code)
    return code


def _unlayered(sheet: str, order: Iterable[str]) -> str:
    """The rules of the first layer, those of the next, and at last those in none, as they follow each other in the
    cascade (CSS Cascading and Inheritance 5, 6.4.3). A rule that outweighed a more specific one by its layer alone does
    so no longer: the journeys compare how each page looks with how it would look in layers."""
    layers = dict.fromkeys(order, "")
    loose = ""
    for head, rules in _blocks(sheet):
        if layer := LAYER.fullmatch(head):
            layers[layer[1]] = layers.get(layer[1], "") + rules
        else:
            loose += f"{head}{{{rules}}}"
    return "".join(layers.values()) + loose


def _blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """What stands before each outermost brace, and what stands within it."""
    depth = begun = opened = 0
    for sign in SIGN.finditer(sheet):
        if sign[0] == "{":
            depth += 1
            opened = sign.end() if depth == 1 else opened
        elif sign[0] == "}":
            depth -= 1
            if not depth:
                yield sheet[begun : opened - 1], sheet[opened : sign.start()]
                begun = sign.end()
