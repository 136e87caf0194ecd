"""The page about the format and the schema for editors say what the reader does: no more and no less."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from audit.domain.checklist import structure
from audit.domain.checklist.parsing import parse_checklist
from audit.domain.checklist.questions import QUESTION_KINDS
from audit.domain.checklist.questions.kind import BAND_KEYS, OPTION_KEYS, Kind
from audit.domain.checklist.questions.rating import POINT_KEYS
from audit.domain.checklist.rules import CONNECTIVES, OPERATORS, SUBJECTS
from audit.domain.checklist.schema import json_schema
from audit.intake.yaml_trees import read_yaml
from tests.domain.checklist.any_checklist import checklists
from tests.domain.checklist.small import asked, tree_with

FOLDER = Path(__file__).parents[3] / "checklists"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
NEVER_SCORED = [name for name, kind in QUESTION_KINDS.items() if kind.scored is Kind.scored]
TABLES = {
    "The checklist": structure.CHECKLIST_KEYS,
    "A scenario": structure.SCENARIO_KEYS,
    "A section": structure.SECTION_KEYS,
    "A question": structure.QUESTION_KEYS,
    "A demand": structure.DEMAND_KEYS,
}


def rows_of(heading: str) -> list[list[str]]:
    """The cells of every row of the tables below a heading."""
    body = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in body.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def plain(tree: Any) -> Any:
    """The tree as a JSON reader would give it to a validator."""
    return json.loads(json.dumps(tree, default=lambda number: float(number) if isinstance(number, Decimal) else None))


def complaints_of_schema(tree: object) -> list[str]:
    validator = jsonschema.Draft202012Validator(json_schema())
    return [error.message for error in validator.iter_errors(plain(tree))]


@pytest.mark.parametrize("heading", TABLES)
def test_the_page_names_every_key_in_its_order_and_says_which_are_needed(heading: str) -> None:
    rows = rows_of(heading)
    assert [row[0].strip("`") for row in rows] == [key.name for key in TABLES[heading]]
    assert [row[0].strip("`") for row in rows if "*(needed)*" in row[1]] == [
        key.name for key in TABLES[heading] if key.needed
    ]


def test_the_page_names_every_kind_with_its_own_keys() -> None:
    rows = {row[0].strip("`"): row for row in rows_of("The kinds")}
    assert list(rows) == list(QUESTION_KINDS)
    for name, kind in QUESTION_KINDS.items():
        own = re.findall(r"`([a-z_]+)`", rows[name][2])
        missing = [key.name for key in kind.keys if key.name not in own]
        assert not missing, f"{name} leaves out {missing}"
        nested = {key.name for table in (OPTION_KEYS, BAND_KEYS, POINT_KEYS) for key in table}
        assert set(own) <= {key.name for key in kind.keys} | nested | {"yes"}
        assert (rows[name][3] == "unscored") is (name in NEVER_SCORED)


def test_the_page_names_every_subject_test_and_combination() -> None:
    assert [row[0].strip("`") for row in rows_of("Rules and tests")] == [*SUBJECTS, *OPERATORS, *CONNECTIVES]


def test_the_example_of_the_page_is_without_complaint() -> None:
    example = README.split("```yaml\n")[1].split("```")[0]
    read = read_yaml(example, "corner-shop.yaml")
    assert parse_checklist(read.tree, read.lines, read.complaints).complaints == ()
    assert complaints_of_schema(read.tree) == []


def test_the_page_stays_one_page() -> None:
    assert len(README.splitlines()) < 200
    assert str(structure.MOST_QUESTIONS) in README


def test_the_schema_in_the_folder_is_the_one_made_from_the_tables() -> None:
    kept = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    assert kept == json_schema(), "Write it anew: audit checklist schema > checklists/schema.json"


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_schema_takes_every_checklist_that_we_ship(path: Path) -> None:
    assert complaints_of_schema(read_yaml(path.read_bytes(), path.name).tree) == []


@given(checklists())
def test_the_schema_takes_what_the_reader_takes(tree: dict[str, Any]) -> None:
    assert complaints_of_schema(tree) == []


@pytest.mark.parametrize(
    "tree",
    [
        tree_with(asked("a"), tittle="A"),
        tree_with(asked("a", "yesno")),
        tree_with(asked("a", "yes_no", options=[])),
        tree_with(asked("a", weight=-1)),
        tree_with(asked("a"), asked("b", show_if={"question": "a"})),
        tree_with(asked("a"), asked("b", show_if={"question": "a", "is": "yes", "is_not": "no"})),
        tree_with(asked("a"), asked("b", show_if={"question": "a", "equals": "yes"})),
        tree_with(asked("a", offer=["never"])),
        tree_with(asked("a"), target=101),
        tree_with(asked("A a")),
        {"id": "a", "title": "A"},
    ],
    ids=range(11),
)
def test_the_schema_refuses_what_the_reader_refuses(tree: dict[str, Any]) -> None:
    assert complaints_of_schema(tree)
    assert parse_checklist(tree, {}).checklist is None
