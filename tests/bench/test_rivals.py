"""Other presses get the same words, tables and pictures; without a network they are left out by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bench import rivals
from tests.bench.presses.blocks import blocks_of, file_of
from tests.bench.rivals import RIVALS, fetch_rivals, run_rival

SHEET = """<html lang="en"><head><title>T</title></head><body><article><header><h1>Mill <b>Lane</b></h1></header>
<p class="reach"><img src="drawn:a.svg" alt="from 70 to 90"/></p><table>
<thead><tr><th>Part</th><th>Kept</th></tr></thead>
<tbody><tr><th>Warmth</th><td><img src="drawn:b.svg" alt="80 %"/></td></tr><tr><td colspan="2">none</td></tr></tbody>
</table><ul><li>One <i>kind</i> word</li></ul>
<figure><img src="photo:c.jpg" alt="The door"/><figcaption>The door</figcaption></figure>
<p class="no-font">Some letters stand as boxes.</p></article></body></html>"""


def test_a_sheet_becomes_blocks_in_its_order() -> None:
    assert [(block["kind"], block.get("text", block.get("file"))) for block in blocks_of(SHEET)] == [
        ("heading", "Mill Lane"),
        ("picture", "drawn-a.svg"),
        ("table", None),
        ("point", "One kind word"),
        ("picture", "photo-c.jpg"),
        ("text", "The door"),
    ]


def test_the_cells_of_a_table_hold_words_or_a_picture_and_every_row_is_as_wide() -> None:
    [table] = [block for block in blocks_of(SHEET) if block["kind"] == "table"]
    assert table["rows"] == [
        [{"kind": "text", "text": "Part"}, {"kind": "text", "text": "Kept"}],
        [{"kind": "text", "text": "Warmth"}, {"kind": "picture", "file": file_of("drawn:b.svg"), "alt": "80 %"}],
        [{"kind": "text", "text": ""}, {"kind": "text", "text": "none"}],
    ]


def test_without_a_network_they_are_left_out_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rivals, "PIP", ("false",))
    assert "cannot be fetched" in fetch_rivals(tmp_path)


def test_what_is_there_at_the_pinned_version_is_not_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rivals, "PIP", ("false",))
    (tmp_path / "pins.txt").write_bytes(rivals.PINS.read_bytes())
    assert fetch_rivals(tmp_path) == ""
    assert [rival.title.split()[0] for rival in RIVALS] == ["Typst", "ReportLab"]
    assert all(rival.title.split()[1][0].isdigit() for rival in RIVALS)


def test_a_press_that_fails_says_why(tmp_path: Path) -> None:
    (tmp_path / "000.json").write_text(json.dumps(blocks_of(SHEET)), "utf-8")
    with pytest.raises(RuntimeError, match="typst"):
        run_rival(RIVALS[0], tmp_path, tmp_path)  # where no package is
