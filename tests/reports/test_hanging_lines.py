"""In the report of a visit the lines of a long answer stand below one another, beside its mark."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from audit.reports.pdf import Printer
from tests.reports.reference import organisation

pytestmark = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="needs pdftotext (apt-get install poppler-utils)"
)
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


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
    said = subprocess.run(
        ["pdftotext", "-bbox", str(tmp_path / "visit.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    lines: dict[str, list[float]] = defaultdict(list)
    for word in WORD.findall(said):
        if word[4] == "Longanswer":
            lines[word[1]].append(float(word[begins_at]))
    begins = [max(line) if begins_at else min(line) for line in lines.values()]
    assert len(begins) > 4
    assert max(begins) - min(begins) < 1, begins
