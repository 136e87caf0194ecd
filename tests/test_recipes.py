"""The recipes: whoever adds a question kind, an operator, a report, a role or a checklist is told what they forgot."""

import json
import re
from pathlib import Path

import pytest

from audit.domain.checklist.model import QuestionKind
from audit.domain.checklist.parsing import parse_checklist
from audit.domain.checklist.questions import QUESTION_KINDS
from audit.domain.people import ROLES, May, Role
from audit.intake.yaml_trees import read_yaml
from audit.reports.paper import REPORTS

ROOT = Path(__file__).parent.parent
FORMAT = (ROOT / "checklists" / "README.md").read_text(encoding="utf-8")
OPERATORS = ("is", "is_not", "any_of", "all_of", "at_least", "at_most", "answered")
CHECKLISTS = sorted((ROOT / "checklists").glob("*.yaml"))


@pytest.mark.parametrize("name", QUESTION_KINDS)
def test_a_question_kind_is_asked_shown_tried_and_described(name: str) -> None:
    kind: type[QuestionKind] = QUESTION_KINDS[name]
    assert kind.name == name
    for offered in ("read", "clean", "points", "show", "scored"):
        assert hasattr(kind, offered), f"{kind.__name__} lacks `{offered}`"
    for needed in (
        f"templates/questions/{name}.html",
        f"templates/answers/{name}.html",
        f"tests/cases/questions/{name}.json",
    ):
        assert (ROOT / needed).is_file(), f"write {needed}"
    assert json.loads((ROOT / f"tests/cases/questions/{name}.json").read_text(encoding="utf-8"))
    assert re.search(rf"^\|\s*`{name}`", FORMAT, re.MULTILINE), f"add a row for `{name}` to checklists/README.md"


def test_nothing_is_left_of_a_question_kind_that_is_gone() -> None:
    for folder in ("templates/questions", "templates/answers", "tests/cases/questions"):
        kinds = {path.stem for path in (ROOT / folder).iterdir() if not path.name.startswith("_")}
        assert kinds == set(QUESTION_KINDS), folder


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_rule_operator_has_its_cases_its_twin_and_its_line(operator: str) -> None:
    cases = (ROOT / "tests/cases/visibility.json").read_text(encoding="utf-8")
    twin = (ROOT / "static/js/visit/visibility.js").read_text(encoding="utf-8")
    assert cases.count(f'"{operator}"') >= 5, f"add cases for `{operator}`"
    assert re.search(rf"\b{operator}\b", twin), f"visibility.js does not know `{operator}`"
    assert f"`{operator}`" in FORMAT, f"describe `{operator}` in checklists/README.md"


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.__name__)
def test_a_report_has_its_module_and_its_template(report: type) -> None:
    assert report.__module__.startswith("audit.reports.")
    assert (ROOT / "templates" / REPORTS[report]).is_file()


@pytest.mark.parametrize("role", Role)
def test_a_role_has_its_row_and_its_home(role: Role) -> None:
    assert May.HAVE_A_HOME in ROLES[role].permissions
    assert (ROOT / "templates" / "home" / f"{role.value}.html").is_file()


@pytest.mark.parametrize("path", CHECKLISTS, ids=lambda path: path.stem)
def test_a_checklist_is_named_like_its_file_and_has_nothing_to_complain_of(path: Path) -> None:
    read = read_yaml(path.read_bytes(), path.name)
    parsed = parse_checklist(read.tree, read.lines, read.complaints)
    assert [complaint.message for complaint in parsed.complaints] == []
    assert parsed.checklist is not None
    assert parsed.checklist.id == path.stem
