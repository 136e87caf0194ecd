"""`audit agreement`: how far shoppers agree on filmed scenes, from anybody's table."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Prompt
from tests.domain.statistics.filmed import E04, FILMED
from tests.intake.workbook_samples import saved, workbook

HEAD = "scene,shopper,marking\n"
MIXED = HEAD + "".join(f"{row.scene},{row.shopper},{row.marking}\n" for row in FILMED)


def compared(out: str) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(out)
    assert list(tree) == (
        "columns scenes shoppers markings missing alone agreement likely_range questions unlike notes refused".split()
    )
    for each in tree["questions"]:
        assert list(each) == "question scenes shoppers agreement likely_range ac1 alpha".split()
    return tree


def test_figures_are_printed_unrounded_and_need_no_database(prompt: Prompt) -> None:
    said = prompt.audit("agreement", prompt.file("scenes.csv", MIXED), "--json")
    assert (said.status, said.err) == (0, "")
    tree = compared(said.out)
    (only,) = tree["questions"]
    assert only["alpha"] == pytest.approx(E04["expected"]["alpha"], abs=1e-12)
    assert only["ac1"] == pytest.approx(E04["expected"]["ac1"], abs=E04["tolerance"])
    assert tree["agreement"] == only["agreement"] == pytest.approx(17 / 24, abs=1e-12)
    assert (tree["scenes"], tree["shoppers"], tree["markings"], tree["missing"], tree["alone"]) == (8, 4, 28, 4, 0)
    assert tree["unlike"][0] == {
        "scene": "Scene 2", "question": "", "agreement": pytest.approx(1 / 3), "markings": {"y": 2, "n": 1},
    }  # fmt: skip
    assert not prompt.database.exists()


def test_a_person_reads_sentences_and_nobodys_name(prompt: Prompt) -> None:
    said = prompt.audit("agreement", prompt.file("scenes.csv", MIXED.replace("Shopper 1", "Ann Archer")))
    assert said.status == 0
    assert said.out.startswith(
        "scene: column “scene”\nshopper: column “shopper”\nmarking: column “marking”\n8 scenes, "
    )
    assert "mark it alike in 71 of 100 cases, from 8 scenes." in said.out
    assert "So few scenes say little" in said.out
    assert "Scene “Scene 2”: 2 × y and 1 × n" in said.out
    assert "Archer" not in said.out


def test_each_question_is_compared_by_itself(prompt: Prompt) -> None:
    lines = ["scene;question;shopper;marking", *(f"{s};{q};{w};{m}" for s in "12" for q, w, m in
             (("greeted", "A", "yes"), ("greeted", "B", s), ("warmth", "A", s), ("warmth", "B", s)))]  # fmt: skip
    file = prompt.file("scenes.csv", "\n".join(lines))
    tree = compared(prompt.audit("agreement", file, "--json").out)
    assert [(each["question"], each["agreement"]) for each in tree["questions"]] == [("greeted", 0), ("warmth", 1)]
    assert tree["agreement"] == 0.5
    assert "\ngreeted: Two shoppers" in prompt.audit("agreement", file).out


def test_a_workbook_standard_input_and_columns_of_other_names_are_read(prompt: Prompt) -> None:
    rows = (("Take", "Panel", "Verdict given"), (1, "A", "yes"), (1, "B", "no"))
    named = ("--column", "scene=take", "--column", "shopper=Panel", "--column", "marking=Verdict given", "--json")
    from_book = prompt.audit("agreement", prompt.file("scenes.xlsx", saved(workbook(*rows))), *named)
    text = "\n".join(";".join(map(str, row)) for row in rows)
    from_pipe = prompt.audit("agreement", "-", *named, input=text)
    assert (from_book.status, from_pipe.status) == (0, 0)
    assert compared(from_book.out)["agreement"] == compared(from_pipe.out)["agreement"] == 0


def test_good_rows_are_compared_and_bad_ones_named_with_their_mend(prompt: Prompt) -> None:
    said = prompt.audit("agreement", prompt.file("scenes.csv", MIXED + ",Shopper 1,y\nScene 3,Shopper 4,y\n"), "--json")
    assert said.status == 1
    assert said.err.splitlines() == [
        "row 13: The same shopper marked the same scene otherwise in row 35. Keep the row that holds.",
        "row 34: There is no scene. Write which scene was marked.",
        "row 35: The same shopper marked the same scene otherwise in row 13. Keep the row that holds.",
    ]
    tree = compared(said.out)
    assert [f"row {row['row']}: {row['why']}" for row in tree["refused"]] == said.err.splitlines()
    assert tree["markings"] == 27


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "There is nothing in this file."),
        (HEAD, "There is no marking in this file"),
        ("who,what\nA,y\n", "There is no column “scene”"),
        (HEAD + "1,A,y\n2,A,n\n", "no scene was marked by two shoppers"),
        (HEAD + "1,,y\n", "row 2: There is no shopper."),
        ("%PDF-1.7", "This is a PDF document."),
        ("<html><body>", "This is a web page"),
        (HEAD + '1,A,"y\n', "A quotation mark is opened here and never closed."),
        (HEAD + "1,A,y\n" * 50_001, "There are more than 50000 rows."),
    ],
)
def test_a_table_that_cannot_be_compared_is_refused_without_a_figure(prompt: Prompt, text: str, why: str) -> None:
    said = prompt.audit("agreement", prompt.file("scenes.csv", text), "--json")
    assert (said.status, said.out) == (1, "")
    assert why in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("wrong", [["--column", "branch=Shop"], ["--column", "scene"], ["--standard", "80"], []])
def test_wrong_usage_is_told_apart(prompt: Prompt, wrong: list[str]) -> None:
    file = [prompt.file("scenes.csv", MIXED)] if wrong else []
    assert prompt.audit("agreement", *file, *wrong).status == 2
