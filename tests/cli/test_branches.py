"""`audit branches`: lists from anywhere are taken row by row, and a second time changes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audit.storage.store import Store
from tests.cli.conftest import Prompt, Said
from tests.intake.workbook_samples import saved, workbook

FIXTURES = Path(__file__).parents[2].parent / "shared" / "fixtures" / "branches"
GOOD_LIST = "Branch code;Branch name;Region;Town\n007;Mill Lane;North;Ashby\n008;Old Bridge;North;Ashby\n"
MIXED_LIST = GOOD_LIST + ";No Code;North;Ashby\n007;Mill Lane again;North;Ashby\n009;Quayside;South;Holm\n"


@pytest.fixture(autouse=True)
def _installed(prompt: Prompt) -> None:
    assert prompt.audit("init").status == 0


def listed(prompt: Prompt) -> list[dict[str, Any]]:
    said = prompt.audit("branches", "list", "--json")
    assert (said.status, said.err) == (0, "")
    branches: list[dict[str, Any]] = json.loads(said.out)
    return branches


def brought(said: Said) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(said.out)
    assert set(tree) == {"columns", "taken", "refused"}
    assert all(set(row) == {"row", "why"} for row in tree["refused"])
    return tree


def test_a_list_is_taken_and_its_columns_are_shown(prompt: Prompt) -> None:
    said = prompt.audit_outside("branches", "import", prompt.file("branches.csv", GOOD_LIST))
    assert (said.status, said.err) == (0, "")
    assert "code: column “Branch code”" in said.out
    assert said.out.endswith("2 taken, 0 refused\n")
    assert [(branch["code"], branch["name"], branch["locality"]) for branch in listed(prompt)] == [
        ("007", "Mill Lane", "Ashby"),
        ("008", "Old Bridge", "Ashby"),
    ]
    assert {branch["area"] for branch in listed(prompt)} == {"North"}


def test_good_rows_are_taken_and_bad_ones_named_by_row_with_the_mend(prompt: Prompt) -> None:
    said = prompt.audit_outside("branches", "import", prompt.file("branches.csv", MIXED_LIST))
    assert said.status == 1
    assert said.out.endswith("3 taken, 2 refused\n")
    assert said.err.splitlines() == [
        "row 4: There is no code. Give the branch a code of its own.",
        "row 5: The code 007 stands in row 2 already. Give each branch a code of its own.",
    ]
    assert [branch["code"] for branch in listed(prompt)] == ["007", "008", "009"]


def test_a_program_reads_the_same_as_json(prompt: Prompt) -> None:
    said = prompt.audit("branches", "import", prompt.file("branches.csv", MIXED_LIST), "--json")
    tree = brought(said)
    assert said.status == 1
    assert tree["columns"]["code"] == "Branch code"
    assert tree["taken"] == 3
    assert [row["row"] for row in tree["refused"]] == [4, 5]
    assert [f"row {row['row']}: {row['why']}" for row in tree["refused"]] == said.err.splitlines()


def test_a_dry_run_says_the_same_and_takes_nothing(prompt: Prompt) -> None:
    file = prompt.file("branches.csv", MIXED_LIST)
    dry = prompt.audit("branches", "import", file, "--dry-run", "--json")
    assert listed(prompt) == []
    real = prompt.audit("branches", "import", file, "--json")
    assert (dry.status, dry.out, dry.err) == (real.status, real.out, real.err)
    assert "3 would be taken, 2 refused" in prompt.audit("branches", "import", file, "--dry-run").out


def test_a_second_import_changes_nothing(prompt: Prompt) -> None:
    file = prompt.file("branches.csv", GOOD_LIST)
    first, before = prompt.audit("branches", "import", file), listed(prompt)
    assert prompt.audit("branches", "import", file) == first
    assert listed(prompt) == before


def test_a_workbook_is_a_list_too_and_its_codes_stay_text(prompt: Prompt) -> None:
    book = workbook(("Filialnummer", "Filiale", "Gebiet"), ("0012", "Mühlgasse", "Nord"), ("0013", "Kai", "Süd"))
    assert prompt.audit("branches", "import", prompt.file("filialen.xlsx", saved(book))).status == 0
    assert {branch["code"]: branch["area"] for branch in listed(prompt)} == {"0012": "Nord", "0013": "Süd"}


def test_a_list_of_headings_alone_is_refused(prompt: Prompt) -> None:
    file = prompt.file("branches.csv", "code;name\n")
    said = prompt.audit("branches", "import", file)
    assert (said.status, said.out) == (1, "")
    assert said.err == f"There is no branch in {file}: nothing stands below its headings.\n"


def test_the_list_for_people_says_whose_staff_were_told(prompt: Prompt, world: Store) -> None:
    said = prompt.audit("branches", "list")
    assert (said.status, said.err) == (0, "")
    assert "N01\tMill Lane\tNORTH\tstaff told " in said.out
    prompt.audit("branches", "import", prompt.file("branches.csv", "code;name\nX1;New Street\n"))
    assert "X1\tNew Street\t-\tstaff not told yet\n" in prompt.audit("branches", "list").out


# Of each list, how many rows it holds and which of them have no code: counted outside, with a spreadsheet.
REAL_LISTS = {
    "dz_bna_bank.csv": (216, []),
    "dz_ciar_insurance.csv": (319, [175, 192, 314]),
    "dz_ciar_sepline_semicolon.csv": (59, []),
    "jp_mizuho_utf8.csv": (300, []),
    "lk_post_offices.csv": (2111, []),
}


@pytest.mark.parametrize("name", REAL_LISTS)
def test_lists_that_others_made_are_taken(prompt: Prompt, name: str) -> None:
    file = FIXTURES / name
    if not file.exists():
        pytest.skip(f"the shared fixtures are not here: {name}")
    rows, without_code = REAL_LISTS[name]
    said = prompt.audit("branches", "import", file, "--json")
    tree = brought(said)
    assert (said.status, tree["taken"]) == (1 if without_code else 0, rows - len(without_code))
    assert [row["row"] for row in tree["refused"]] == without_code
    before = listed(prompt)
    assert len(before) == tree["taken"]
    assert prompt.audit("branches", "import", file, "--json") == said
    assert listed(prompt) == before
