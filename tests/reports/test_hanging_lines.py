"""The lines of a long answer stand below one another, beside its mark; and so do those of a long question. Where the
figures come from never hangs alone on a page."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from audit.reports.pdf import Printer
from tests.reports.reference import KINDS, organisation

pytestmark = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="needs pdftotext (apt-get install poppler-utils)"
)
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


def begins_of(pdf: Path, word: str, begins_at: int = 0) -> list[float]:
    """Where the lines that repeat this word begin, in points, the first line first: at the left, or with 2 at the
    right."""
    lines = lines_of(pdf, word, begins_at).values()
    return [max(line) if begins_at else min(line) for line in lines]


def lines_of(pdf: Path, word: str, begins_at: int = 0) -> dict[str, list[float]]:
    """Where that word begins each time, by the height of its line on its page, in points."""
    said = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    lines: dict[str, list[float]] = defaultdict(list)
    for found in WORD.findall(said):
        if found[4] == word:
            lines[found[1]].append(float(found[begins_at]))
    return lines


@pytest.mark.parametrize(("language", "begins_at"), [("en", 0), ("ar", 2)])
def test_the_lines_of_a_long_answer_begin_at_one_place(
    printer: Printer, tmp_path: Path, language: str, begins_at: int
) -> None:
    with organisation(tmp_path, language) as opened:
        sheet = opened.sheet("visit")
        long = " ".join(["Longanswer"] * 60)
        xhtml, found = re.subn(r'(<p class="answer"><img[^>]*/>) [^<]+', rf"\1 {long}", sheet.xhtml, count=1)
        assert found
        (tmp_path / "visit.pdf").write_bytes(opened.print_sheet(printer, replace(sheet, xhtml=xhtml)))
    begins = begins_of(tmp_path / "visit.pdf", "Longanswer", begins_at)
    assert len(begins) > 4
    assert max(begins) - min(begins) < 1, begins


@pytest.mark.parametrize("visits", [1, 20, 60])
def test_a_long_question_goes_on_below_its_first_word(printer: Printer, tmp_path: Path, visits: int) -> None:
    with organisation(tmp_path, visits=visits) as opened:
        sheet = opened.sheet("branch")
        head, _, rest = sheet.xhtml.partition("Every question")
        long = " ".join(["Longquestion"] * 40)
        xhtml, found = re.subn(r"(<li>.*?&#8194;)[^<]+", rf"\1{long}", rest, count=1)
        assert found
        whole = replace(sheet, xhtml=f"{head}Every question{xhtml}")
        (tmp_path / "visit.pdf").write_bytes(opened.print_sheet(printer, whole))
    begins = begins_of(tmp_path / "visit.pdf", "Longquestion")
    assert len(begins) > 2
    assert max(begins[1:]) - min(begins[1:]) < 1, begins
    assert begins[0] - begins[1] < 60, begins
    heights = [float(height) for height in lines_of(tmp_path / "visit.pdf", "Longquestion")]
    assert heights[1] - heights[0] == pytest.approx(heights[2] - heights[1], abs=1), "no line stands below the marks"


@pytest.mark.parametrize("visits", [1, 6, 20, 60])
def test_where_the_figures_come_from_stands_below_something_else_on_its_page(
    printer: Printer, tmp_path: Path, visits: int
) -> None:
    with organisation(tmp_path, visits=visits) as opened:
        for kind in KINDS:
            last = PdfReader(io.BytesIO(opened.print_sheet(printer, opened.sheet(kind)))).pages[-1].extract_text()
            assert last.partition("Where these figures come from")[0].strip(), kind
            assert last.partition("Where these figures come from")[2], kind


def test_an_area_of_a_few_visits_fills_one_page(printer: Printer, tmp_path: Path) -> None:
    with organisation(tmp_path, visits=1) as opened:
        pdf = opened.print_sheet(printer, opened.sheet("area", branch="S01"))
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1


def test_how_sure_a_figure_is_stands_on_the_line_of_its_branch(printer: Printer, tmp_path: Path) -> None:
    with organisation(tmp_path) as opened:
        (tmp_path / "area.pdf").write_bytes(opened.print_sheet(printer, opened.sheet("area")))
    names, ranges = (baselines_of(tmp_path / "area.pdf", word) for word in (r"Lane|Bridge|Square|Acre", r"\d+–\d+"))
    assert len(ranges) == 4
    for line in ranges:
        assert min(abs(line - name) for name in names) < 0.2, (names, ranges)


def baselines_of(pdf: Path, words: str) -> list[float]:
    """How far below the head of its page the line of each such word stands, in points; our typeface rises 1.025 of its
    1.3 above the line."""
    said = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    found = (each for each in WORD.findall(said) if re.fullmatch(words, each[4]))
    return [float(top) + (float(bottom) - float(top)) * 1.025 / 1.3 for _, top, _, bottom, _ in found]
