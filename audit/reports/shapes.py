"""What the shapes of our typefaces stand for, where WeasyPrint loses it: a shape that it first meets in one piece with
another, as a letter with a mark upon it, is noted as standing for nothing in the whole report, and is then neither
heard nor found nor copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

from fontTools import agl  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
# As a PDF calls them, after its six letters and a plus.
FACES = {
    "Candour-Sans": "IBMPlexSans-Regular.ttf",
    "Candour-Sans-Italic": "IBMPlexSans-Italic.ttf",
    "Candour-Sans-Semi-Bold": "IBMPlexSans-SemiBold.ttf",
    "Candour-Arabic": "IBMPlexSansArabic-Regular.ttf",
    "Candour-Arabic-Semi-Bold": "IBMPlexSansArabic-SemiBold.ttf",
    "Candour-Japanese": "MTLc3m.ttf",
    "Candour-Emoji": "NotoEmoji-Regular.ttf",
    "Candour-Emoji-Oblique": "NotoEmoji-Regular.ttf",
    "Candour-Emoji-Bold": "NotoEmoji-Regular.ttf",
}
EMOJI = {face for face, file in FACES.items() if "Emoji" in file}
_NOTHING = re.compile(rb"<([0-9a-f]{4})> <>")


def finish_shapes(pdf: Any) -> None:
    """Write beside each shape of ours that stands for nothing what it stands for; `pdf` is a `pydyf.PDF`."""
    for face, lines in _noted(pdf):
        for at, line in enumerate(lines):
            lost = _NOTHING.fullmatch(line) if isinstance(line, bytes) else None
            if lost and (letters := _letters(face, int(lost[1], 16))):
                lines[at] = b"<%s> <%s>" % (lost[1], letters.encode("utf-16-be").hex().encode())


def _noted(pdf: Any) -> Iterator[tuple[str, list[Any]]]:
    """Of each typeface of ours the lines of its ToUnicode (ISO 32000-1, 9.10.3)."""
    for font in pdf.objects:
        if isinstance(font, dict) and "ToUnicode" in font:
            face = bytes(font["BaseFont"]).decode().rpartition("+")[2]
            if face in FACES:
                yield face, pdf.objects[int(font["ToUnicode"].split()[0])].stream


def _letters(face: str, shape: int) -> str:
    """The letters of a shape by its name, such as uniFEFC; empty if it has no telling one."""
    names, standing_for = _face(face)
    if shape >= len(names):
        return ""
    return standing_for.get(names[shape]) or normalize("NFKC", agl.toUnicode(names[shape]))


@cache
def _face(face: str) -> tuple[list[str], dict[str, str]]:
    with TTFont(FONTS / FACES[face], lazy=True) as font:
        letters: dict[int, str] = font.getBestCmap()
        standing_for = {name: normalize("NFKC", chr(letter)) for letter, name in letters.items()}
        return font.getGlyphOrder(), {**standing_for, **(_joined(font, standing_for) if face in EMOJI else {})}


def _joined(font: TTFont, standing_for: dict[str, str]) -> dict[str, str]:
    """The letters of each shape that stands for several (OpenType 1.9, GSUB lookup type 4): the names of emoji tell of
    numbers that one telephone company gave them."""
    ligatures = (
        (first, ligature)
        for lookup in font["GSUB"].table.LookupList.Lookup
        for part in lookup.SubTable
        for first, found in getattr(part, "ligatures", {}).items()
        for ligature in found
    )
    return {
        ligature.LigGlyph: "".join(standing_for.get(name, "") for name in (first, *ligature.Component))
        for first, ligature in ligatures
    }
