"""Words that are longer than a column is wide are broken: on no page does a word stand upon another."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest

from audit.reports.pdf import Printer
from tests.reports.boards import Names, programme_of

pytestmark = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="needs pdftotext (apt-get install poppler-utils)"
)
LONG = "Kundendienstvereinbarungsgesprächsort"
WIDE = "W" * 47
NAMES = Names(
    (f"{LONG} {{}}", f"{WIDE} {{}}", f"{LONG}-{LONG} {{}}"), (LONG, WIDE), (LONG, WIDE, f"{LONG} and {WIDE}", "Short")
)
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
TOUCH = 1.5  # points: boxes of letters are a little larger than the letters


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    word: str

    def covers(self, other: Box) -> bool:
        """Whether both stand in one place. Boxes are as high as a line, so that lines touch."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > TOUCH and down > 0.5 * min(self.bottom - self.top, other.bottom - other.top)


def words_upon_words(pdf: bytes, folder: Path) -> list[str]:
    file = folder / "words.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(["pdftotext", "-bbox", str(file), "-"], capture_output=True, text=True, check=True).stdout
    found = []
    for page in said.split("<page ")[1:]:
        boxes = [Box(*map(float, word[:4]), word[4]) for word in WORD.findall(page)]
        found += [f"{one.word} {other.word}" for one, other in combinations(boxes, 2) if one.covers(other)]
    return found


@pytest.mark.parametrize(
    ("kind", "checklists", "areas"), [("programme", 5, 12), ("programme", 2, 3), ("area", 2, 3), ("branch", 2, 3)]
)
def test_no_word_stands_upon_another(printer: Printer, tmp_path: Path, kind: str, checklists: int, areas: int) -> None:
    with programme_of(tmp_path, checklists, areas, names=NAMES) as programme:
        pdf = programme.print_sheet(printer, programme.sheet(kind, branch="B001"))
    assert not words_upon_words(pdf, tmp_path)
