"""Tables for spreadsheet programs: words stay words, numbers stay exact, and rows may be many."""

import csv
import io
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audit.reports import cells
from audit.reports.cells import FORMULA, Cell, Column, Table, csv_lines, safe_text, write_workbook

HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1+1",
    "\u00a0=1",
    "\uff1d1+1",
    "fine;=1+1",
    "fine\n=1+1",
    "=cmd|' /C calc'!A0",
    '"=1+1',
    'fine;"=1+1',
    'fine;" "=1+1',
    'fine\n"=1+1',
    "#N/A",
)
NAMES = ("Mill Lane", "مطعم البحر", "日本橋", "Épicerie “Chez Léa”, 2", "007", "")


def table(*rows: Sequence[Cell]) -> Table:
    return Table("Branches", (Column("Name", 30), Column("Score")), rows)


def read_csv(made: Table) -> list[list[str]]:
    text = "".join(csv_lines(made))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def workbook_of(*tables: Table) -> bytes:
    file = io.BytesIO()
    write_workbook(tables, file)
    return file.getvalue()


def sheet_of(made: Table) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook_of(made))).active


@pytest.mark.parametrize("words", HOSTILE)
def test_no_text_begins_a_formula_whatever_stands_between_cells(words: str) -> None:
    for between in (",", ";", "\t"):
        for line in csv.reader(io.StringIO("".join(csv_lines(table([words, words]))), newline=""), delimiter=between):
            assert not any(FORMULA.match(cell) for cell in line if cell != "-1")


@pytest.mark.parametrize("words", ["\n" * 10_000, "\t" * 30_000, '\n"' * 5_000, ";" * 30_000])
def test_a_long_run_of_line_breaks_costs_a_long_text_no_more_than_letters_do(words: str) -> None:
    began = time.perf_counter()
    safe_text(words)
    assert time.perf_counter() - began < 0.5


@given(st.text(max_size=60))
@example("=1+1")
@example("a;\t =b")
def test_what_is_safe_stays_safe_and_hides_no_letter(words: str) -> None:
    once = safe_text(words)
    once.encode("utf-8")  # would raise for half a sign, which no file can hold
    assert not FORMULA.match(once)
    assert safe_text(once) == once
    assert [sign for sign in once if sign.isalnum()] == [sign for sign in words if sign.isalnum()]


@pytest.mark.parametrize("words", NAMES)
def test_honest_words_come_out_as_they_went_in(words: str) -> None:
    assert read_csv(table([words, 1]))[1] == [words, "1"]
    assert (sheet_of(table([words, 1]))["A2"].value or "") == words


@pytest.mark.parametrize("words", HOSTILE)
def test_in_a_workbook_every_text_is_a_text(words: str) -> None:
    cell = sheet_of(table([words, 1]))["A2"]
    assert cell.data_type == "s"
    assert cell.value.replace("\r", "\n") == words.replace("\r", "\n")
    assert cell.quotePrefix == bool(FORMULA.match(words))


def test_numbers_are_not_rounded_and_whole_ones_have_no_point() -> None:
    rows: list[Sequence[Cell]] = [["third", Fraction(250, 3)], ["whole", Fraction(80)], ["money", Decimal("2.25")]]
    assert [line[1] for line in read_csv(table(*rows))[1:]] == ["83.33333333333333", "80", "2.25"]
    sheet = sheet_of(table(*rows))
    assert [sheet[f"B{n}"].value for n in (2, 3, 4)] == [250 / 3, 80, 2.25]


def test_a_negative_number_is_no_formula() -> None:
    assert read_csv(table(["loss", -3]))[1] == ["loss", "-3"]


def test_nothing_is_an_empty_cell() -> None:
    assert read_csv(table(["", None]))[1] == ["", ""]
    assert sheet_of(table(["", None]))["B2"].value is None


def test_days_are_days() -> None:
    made = table(["day", date(2026, 11, 12)])
    assert read_csv(made)[1] == ["day", "2026-11-12"]
    cell = sheet_of(made)["B2"]
    assert (cell.value.date(), cell.is_date, cell.number_format) == (date(2026, 11, 12), True, "yyyy-mm-dd")


def test_headings_stay_in_sight_and_columns_are_as_wide_as_they_say() -> None:
    sheet = sheet_of(table(["Mill Lane", 1]))
    assert sheet.freeze_panes == "A2"
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [30, 12]
    assert sheet["A1"].font.b


def test_an_arabic_sheet_runs_from_right_to_left() -> None:
    made = Table("فروع", (Column("الفرع"),), [["مطعم"]], right_to_left=True)
    assert sheet_of(made).sheet_view.rightToLeft


def test_a_title_that_no_sheet_may_have_becomes_one_that_it_may() -> None:
    made = Table("a/b\\c?*[d]:" + "e" * 40, (Column("x"),), [])
    (name,) = openpyxl.load_workbook(io.BytesIO(workbook_of(made))).sheetnames
    assert name == "a b c d " + "e" * 23


def test_what_is_more_than_a_sheet_holds_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "MOST_ROWS", 4)
    made = Table("Visits", (Column("n"),), ([n] for n in range(7)))
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(made, table())))
    said = {sheet.title: [row[0] for row in sheet.iter_rows(values_only=True)] for sheet in book}
    assert said["Visits"] == ["n", 0, 1, 2]
    assert said["Visits 2"] == ["n", 3, 4, 5]
    assert said["Visits 3"] == ["n", 6]
    assert said["Branches"] == ["Name"]


def test_a_sheet_that_is_just_full_needs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "MOST_ROWS", 4)
    made = Table("Visits", (Column("n"),), ([n] for n in range(3)))
    assert openpyxl.load_workbook(io.BytesIO(workbook_of(made))).sheetnames == ["Visits"]


@settings(max_examples=30)  # each makes a workbook
@given(st.lists(st.text(max_size=40), min_size=1, max_size=6))
@example(["Visits", "visits", "VISITS"])
@example(["x" * 40] * 12)
@example(["'[]:*?/\\'", ""])
@example(["x" * 30 + " y", "x" * 30])
def test_sheets_have_names_that_spreadsheet_programs_take_and_no_two_alike(titles: list[str]) -> None:
    made = workbook_of(*(replace(table(), title=title) for title in titles))
    names = openpyxl.load_workbook(io.BytesIO(made), read_only=True).sheetnames
    assert len({name.casefold() for name in names}) == len(titles)
    for name in names:
        assert 1 <= len(name) <= 31
        assert not set(name) & set("[]:*?/\\'")


@pytest.mark.parametrize("sign", ["x", "\U0001f600", "="])
def test_a_text_is_no_longer_than_a_cell_so_that_nothing_of_it_begins_another_row(sign: str) -> None:
    words = sign * 40_000
    ((read, _),) = read_csv(table([words, 1]))[1:]
    assert len(read.encode("utf-16-le")) // 2 <= 32_767
    shown = sheet_of(table([words, 1]))["A2"].value
    assert len(shown.encode("utf-16-le")) // 2 <= 32_767
    assert read.removeprefix("'")[:1000] == shown[:1000] == words[:1000]


def test_what_nothing_can_print_is_left_away() -> None:
    made = table(["a\x00b\ud800c\x1b", 1])
    assert read_csv(made)[1][0] == "abc"
    assert sheet_of(made)["A2"].value == "abc"


def test_rows_are_asked_for_as_they_are_written() -> None:
    asked = []

    def rows() -> Iterator[Sequence[Cell]]:
        for n in range(1000):
            asked.append(n)
            yield [f"B{n}", n]

    lines = csv_lines(Table("many", (Column("Code"), Column("n")), rows()))
    next(lines)
    assert len(asked) < 1000
    assert sum(piece.count("\r\n") for piece in lines) + 200 == 1000


def test_libreoffice_reads_what_was_written(tmp_path: Path) -> None:
    """Both files, opened by a real spreadsheet program and written out again as what its cells show."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed (Debian: libreoffice-calc-nogui)")
    words = [word for word in (*HOSTILE, *NAMES) if word.strip() == word and "\n" not in word and word]
    made = Table("Branches", (Column("Name", 30), Column("Score")), [[word, Fraction(250, 3)] for word in words])
    (tmp_path / "made.xlsx").write_bytes(workbook_of(made))
    (tmp_path / "made.csv").write_text("".join(csv_lines(made)), encoding="utf-8", newline="")
    comma_and_utf8 = "--infilter=Text - txt - csv (StarCalc):44,34,76"
    from_workbook, from_csv = (
        shown_by(office, tmp_path, "made.xlsx"),
        shown_by(office, tmp_path, "made.csv", comma_and_utf8),
    )
    assert [safe_text(cell) for cell in from_workbook] == [safe_text(word) for word in words]
    # What CSV cannot say: that a code of digits is no number.
    assert from_csv == [safe_text(word).lstrip("0") for word in words]


def shown_by(office: str, folder: Path, file: str, *how: str) -> list[str]:
    """What the first column of a file shows in LibreOffice, without the heading."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    as_shown = ("--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false", "--outdir", "shown")
    command = [office, profile, "--headless", *how, *as_shown, file]
    subprocess.run(command, cwd=folder, env={**os.environ, "HOME": str(folder)}, check=True, timeout=300)
    read = (folder / "shown" / "made.csv").read_text(encoding="utf-8-sig")
    return [line[0] for line in csv.reader(io.StringIO(read))][1:]
