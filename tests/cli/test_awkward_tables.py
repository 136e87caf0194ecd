"""`audit measure` on tables that are none, or hold what is no score: refused in words, with the row and the mend."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Prompt
from tests.intake.workbook_samples import saved, workbook

SCORES = Path(__file__).parents[2].parent / "shared" / "fixtures" / "scores"
TABLES = ("sf_businesses_latin1.csv", "sf_chains_visits.csv", "sf_inspections.csv", "sf_score_legend.csv")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "There is nothing in this file."),
        (b"\n\n\n", "There is nothing in this file."),
        (b"branch,score\n", "No visit could be read from"),
        (b"A,87\nB,90\n", "There is no column \u201cbranch\u201d."),
        (b"branch,score,score\nA,1,2\n", "stands over several columns. Rename one of them."),
        (b'branch,score\n"A,87\nB,90\n', "line 2: A quotation mark is opened here and never closed."),
        (b"branch,score\nA\0B,88\n", "This file is not a table of text."),
        (b"PK\x03\x04rubbish", "This Excel file is broken and cannot be read."),
        (b"%PDF-1.7", "This is a PDF document."),
        (b"branch,score\nA," + b"9" * 5000, "row 2: The score 9999999999999999999999999999999999999999 lies outside"),
        (b"branch,score\n" + b"x" * 200_000 + b",5\n", "line 2: This line cannot be read: a cell is too long."),
    ],
    ids=["empty", "blank", "a heading", "no heading", "twice", "quoted", "nul", "zip", "pdf", "endless", "long"],
)
@pytest.mark.parametrize("options", [(), ("--json",)], ids=["words", "json"])
def test_what_is_no_table_of_scores_is_refused_with_the_mend(
    prompt: Prompt, content: bytes, words: str, options: tuple[str, ...]
) -> None:
    said = prompt.audit("measure", prompt.file("visits.csv", content), *options)
    assert (said.status, said.out) == (1, "")
    assert words in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "score", ["NaN", "inf", "-inf", "1e308", "1e1", "0x10", "1_0", "-1", "100.01", "", "good", "--"]
)
def test_what_is_no_score_is_named_with_its_row_and_the_others_are_measured(prompt: Prompt, score: str) -> None:
    said = prompt.audit("measure", prompt.file("v.csv", f"branch,score\nA,50\nB,{score}\n,60\nC,70 %\n"), "--json")
    tree = json.loads(said.out, parse_constant=pytest.fail)
    assert said.status == 1
    assert [each["row"] for each in tree["refused"]] == [3, 4]
    assert all(each["why"].count(".") >= 2 for each in tree["refused"])
    assert [each["branch"] for each in tree["areas"][0]["branches"]] == ["A", "C"]


@pytest.mark.parametrize("row", ["C,87,5", "C,1.234,5", "Cross Street, 3,80", "C,80,2026-03-01,,kind"])
def test_a_row_that_a_separator_too_many_has_moved_is_named_and_not_measured(prompt: Prompt, row: str) -> None:
    head = "branch,score,date\n" if row.count(",") > 2 else "branch,score\n"
    said = prompt.audit("measure", prompt.file("v.csv", f"{head}A,50\n{row}\n"), "--json")
    tree = json.loads(said.out)
    assert said.status == 1
    assert [each["row"] for each in tree["refused"]] == [3]
    assert "Put quotation marks around a cell" in tree["refused"][0]["why"]
    assert [each["branch"] for each in tree["areas"][0]["branches"]] == ["A"]


def test_a_word_beside_the_table_moves_nothing_in_a_workbook(prompt: Prompt) -> None:
    file = prompt.file("v.xlsx", saved(workbook(("branch", "score"), ("A", 50, "why?"))))
    said = prompt.audit("measure", file, "--json")
    assert said.status == 0
    assert [each["branch"] for each in json.loads(said.out)["areas"][0]["branches"]] == ["A"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252"])
def test_a_name_is_read_in_whatever_letters_it_was_saved(prompt: Prompt, encoding: str) -> None:
    file = prompt.file("v.csv", "branch,score\nZürich,88\nZürich,90\n".encode(encoding))
    (area,) = json.loads(prompt.audit("measure", file, "--json").out)["areas"]
    assert [(each["branch"], each["visits"]) for each in area["branches"]] == [("Zürich", 2)]


@pytest.mark.parametrize(
    ("columns", "status", "words"),
    [
        (("branch=code", "branch=place"), 2, "branch is named 2 times."),
        (("branch=score",), 1, "The column \u201cscore\u201d cannot be both branch and score. Name another one"),
        (("branch=code", "area=code"), 1, "The column \u201ccode\u201d cannot be both branch and area."),
        (("branch=code", "area=nowhere"), 1, "No column is headed \u201cnowhere\u201d."),
        (("=code",), 2, "write FIELD=HEADING"),
        (("branch=",), 2, "write FIELD=HEADING"),
        (("town=code",), 2, "write FIELD=HEADING"),
    ],
)
def test_a_column_that_cannot_be_meant_is_refused(
    prompt: Prompt, columns: tuple[str, ...], status: int, words: str
) -> None:
    file = prompt.file("v.csv", "code,place,score\nA,B,50\n")
    said = prompt.audit("measure", file, *(word for each in columns for word in ("--column", each)))
    assert (said.status, said.out) == (status, "")
    assert words in said.err


def test_a_day_may_be_a_wave_as_well(prompt: Prompt) -> None:
    file = prompt.file("v.csv", "branch,date,score\nA,2026-05-04,50\nA,2026-05-05,60\n")
    said = prompt.audit("measure", file, "--json", "--column", "wave=date")
    assert (said.status, json.loads(said.out)["degrees_of_freedom"]) == (0, 0)


@pytest.mark.skipif(not SCORES.exists(), reason="the shared fixtures are not here: scores")
@pytest.mark.parametrize("name", TABLES)
def test_a_table_whose_headings_are_others_says_which_there_are(prompt: Prompt, name: str) -> None:
    said = prompt.audit("measure", SCORES / name, "--json")
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("There is no column \u201cbranch\u201d. Say which one it is, such as --column branch=")
    assert "The headings are" in said.err
