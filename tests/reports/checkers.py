"""What checkers of PDFs say of a file: outloud for what can be heard (PDF/UA-1), qpdf for the file itself."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import outloud

# Not held against a report, where message and evidence are like this, each for its reason.
EXCUSED = {
    "TBL-010": ("", "Guesses that headers were cut in two where a table has more of them than cells: a group of one."),
    "FIG-012": ("", "Guesses that words with many figures are no language: those of a run chart name its periods."),
    "TAG-002": (
        r"\(\d+ / \d+\b",
        "Knows a running line by its coming again, which it does not in a report of a page or two.",
    ),
    "TXT-004": (r"Candour-Arabic", "Wonders that letters have many shapes, as the letters of Arabic have."),
}


def complaints(pdf: bytes, folder: Path) -> list[str]:
    """Every error and warning of outloud that is not excused, as `RULE page: message`; and every rule that broke down
    instead of judging."""
    found = _check(pdf, folder)
    said = [
        f"{each.rule} page {each.page}: {each.message} ({each.evidence})"
        for each in found.findings
        if each.severity != "info"
    ]
    broken = [f"{run.rule} broke down: {run.reason}" for run in found.runs if run.status == "crashed"]
    return [each for each in said if not _is_excused(each)] + broken


def _is_excused(said: str) -> bool:
    like, _ = EXCUSED.get(said.split()[0], ("(?!)", ""))
    return re.search(like, said) is not None


def judged(pdf: bytes, folder: Path) -> set[str]:
    """The rules of outloud that had something to judge in this file."""
    return {run.rule for run in _check(pdf, folder).runs if run.status == "ran"}


def _check(pdf: bytes, folder: Path) -> outloud.Result:
    file = folder / "heard.pdf"
    file.write_bytes(pdf)
    found = outloud.check(str(file))
    assert found.error is None, found.error
    return found


def wrongs_of_file(pdf: bytes, folder: Path) -> str:
    """What qpdf complains of; empty if nothing."""
    file = folder / "sound.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)
    return "" if said.returncode == 0 else said.stdout + said.stderr
