"""Stylesheets joined for the wire, and parted: what the first screen of a phone needs goes into its page.

A file says `/* Below: ... */` in a line of its own; what stands above that line is the first screen's. Without such a
line all of it is. Left out: comments, spaces that mean nothing, and layers that end where they begin again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

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
SEAM = re.compile(r"(@layer (\w+)\{(?:[^@]|@(?!layer))*)\}@layer \2\{")


def join(sheets: Iterable[str]) -> bytes:
    """All of them, in this order."""
    return _pressed("".join(sheets))


def join_first(sheets: Iterable[str]) -> bytes:
    """What the first screen needs of each."""
    return _pressed("".join(_parted(sheet)[0] for sheet in sheets))


def join_rest(sheets: Iterable[str]) -> bytes:
    """All else."""
    return _pressed("".join(_parted(sheet)[1] for sheet in sheets))


def _parted(sheet: str) -> tuple[str, str]:
    first, *rest = BELOW.split(sheet, maxsplit=1)
    return first, "".join(rest)


def _pressed(text: str) -> bytes:
    parts = STRING.split(COMMENT.sub("", text))
    joined = "".join(part if at % 2 else _narrowed(part) for at, part in enumerate(parts))
    joined = joined.strip().replace(";}", "}")
    while (sewn := SEAM.sub(r"\1", joined)) != joined:
        joined = sewn
    return joined.encode()


def _narrowed(code: str) -> str:
    for pattern, kept in MEANINGLESS:
        code = pattern.sub(kept, code)
    return code
