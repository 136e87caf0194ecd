"""Which letters no font on this machine has, found as the press finds it: by printing them, in a process like its own.

Owns the names of writing systems and the letters that stand for each.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from html import escape

MOST_SECONDS = 120
SYSTEMS = {
    "Latin": "aßłšÅ",
    "Greek": "αΩώ",
    "Cyrillic": "аЯїћ",
    "Arabic": "عپۋ",
    "Hebrew": "אשם",
    "Armenian": "աՖև",
    "Georgian": "აჰყ",
    "Ethiopic": "ሀፐመ",
    "Devanagari": "कहऋ",
    "Bengali": "কহঋ",
    "Gurmukhi": "ਕਹੜ",
    "Gujarati": "કહઋ",
    "Tamil": "கஹழ",
    "Telugu": "కహఋ",
    "Kannada": "ಕಹಋ",
    "Malayalam": "കഹഋ",
    "Sinhala": "කහඍ",
    "Thai": "กฮฤ",
    "Lao": "ກຮອ",
    "Khmer": "កហឥ",
    "Myanmar": "ကဟအ",
    "Chinese": "中国语漢",
    "Japanese": "あアー畑",
    "Korean": "가힣한",
}
_NAMED = {"CJK": "Chinese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean"}


class NoPress(Exception):
    """Nothing can be printed at all; says why."""


def missing_letters(texts: Iterable[str]) -> str:
    """The letters of these texts that would be printed as empty boxes, each once. NoPress if nothing is printed."""
    letters = "".join(sorted({letter for text in texts for letter in text if unicodedata.category(letter)[0] in "LM"}))
    try:
        ended = subprocess.run(
            [sys.executable, "-I", "-m", "audit.reports.letters"],
            env={"LC_ALL": "C.UTF-8", "PATH": os.defpath},
            input=letters.encode("utf-8", "ignore"),
            capture_output=True,
            timeout=MOST_SECONDS,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise NoPress(error.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:300]) from None
    except subprocess.TimeoutExpired:
        raise NoPress(f"it takes longer than {MOST_SECONDS} seconds") from None
    return ended.stdout.decode("utf-8")


def systems_without_font(missing: str) -> list[str]:
    """The writing systems of which one of the letters that stand for them is missing."""
    return [system for system, letters in SYSTEMS.items() if set(letters) & set(missing)]


def system_of(letter: str) -> str:
    """What the writing system of a letter is called: Latin, Tamil, Chinese ..."""
    first = unicodedata.name(letter, "another").replace("-", " ").split()[0]
    return _NAMED.get(first, first.capitalize())


class _Boxes(logging.Handler):
    """Collects the letters for which WeasyPrint had to draw an empty box."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.letters: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(".notdef glyph") and isinstance(record.args, tuple):
            self.letters.add(str(record.args[0]))


def _print(letters: str) -> str:
    """Print them, and say which came out as boxes."""
    from audit.reports.page import Page
    from audit.reports.press import Locked, Type

    type_, boxes = Type(), _Boxes()
    logging.getLogger("weasyprint").addHandler(boxes)
    words = escape(" ".join(letters))
    sheet = f'<html lang="en"><head><title>Letters</title></head><body><p>{words}</p></body></html>'
    Page(sheet, Locked({})).write_pdf(stylesheets=type_.styles, font_config=type_.fonts)
    return "".join(sorted(boxes.letters))


if __name__ == "__main__":
    sys.stdout.buffer.write(_print(sys.stdin.buffer.read().decode()).encode())
