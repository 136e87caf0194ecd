"""`audit checklist`: what is wrong with a file, what a visit earns, and versions that are frozen."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from audit.storage.store import Store
from tests.cli.conftest import Prompt
from tests.world import GOOD, WELCOME

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "checklists").glob("*.yaml"))
COMPLAINT = re.compile(r"(?P<file>.+):(?P<line>\d+): (?P<warning>warning: )?(?P<message>.+)")

BROKEN = """\
id: broken
title: Broken
languages: [en]
estimated_minutes: 10
dimensions:
  - {id: warmth, title: Warmth}
sections:
  - id: arrival
    title: Arriving
    questions:
      - {id: greeted, ask: Greeted?, kind: yesno}
      - {id: greeted, ask: Greeted again?, kind: yes_no, dimension: cold}
      - {id: thanked, ask: Thanked?, kind: yes_no, weight: -1, show_if: {question: later, is: yes}}
      - {id: later, ask: Later?, kind: yes_no, colour: red}
"""
UNWISE = """\
id: unwise
title: Unwise
languages: [en]
estimated_minutes: 90
dimensions:
  - {id: warmth, title: Warmth}
sections:
  - id: arrival
    title: Arriving
    weight: 60
    questions:
      - {id: greeted, ask: Greeted?, kind: yes_no, dimension: warmth}
  - id: counter
    title: At the counter
    weight: 41
    questions:
      - {id: thanked, ask: Thanked?, kind: yes_no}
"""

SEATS = """\
id: seats
title: Seats
sections:
  - id: arrival
    title: Arriving
    questions:
      - {id: greeted, ask: Greeted?, kind: yes_no}
      - {id: shown, ask: Shown to one?, kind: yes_no, show_if: {branch: seats, at_least: 12.5}}
"""


def complaints(err: str) -> list[dict[str, Any]]:
    found = [COMPLAINT.fullmatch(line) for line in err.splitlines()]
    assert all(found), err
    return [match.groupdict() for match in found if match]


def test_everything_that_is_wrong_is_told_at_once_with_its_line(prompt: Prompt) -> None:
    said = prompt.audit_outside("checklist", "check", prompt.file("broken.yaml", BROKEN))
    assert (said.status, said.out) == (1, "")
    found = complaints(said.err)
    errors = {int(one["line"]) for one in found if not one["warning"]}
    assert errors >= {11, 12, 13, 14}
    assert {Path(one["file"]).name for one in found} == {"broken.yaml"}
    for wrong in ("yesno", "greeted", "cold", "later", "colour"):
        assert any(wrong in one["message"] for one in found), wrong


def test_warnings_alone_leave_the_status_0_and_are_told_on_standard_error(prompt: Prompt) -> None:
    said = prompt.audit("checklist", "check", prompt.file("unwise.yaml", UNWISE))
    assert said.status == 0
    found = complaints(said.err)
    assert found
    assert all(one["warning"] for one in found)
    messages = " ".join(one["message"] for one in found)
    assert "101" in messages
    assert "90" in messages
    assert said.out == f"{prompt.folder / 'unwise.yaml'}: can be used; 4 questions, {len(found)} warnings\n"


def test_of_several_files_every_one_is_looked_at(prompt: Prompt) -> None:
    files = [
        prompt.file("one.yaml", BROKEN),
        prompt.file("two.yaml", "a: [\n"),
        prompt.file("welcome.yaml", WELCOME.read_bytes()),
    ]
    said = prompt.audit("checklist", "check", *files)
    assert said.status == 1
    assert {Path(one["file"]).name for one in complaints(said.err)} == {"one.yaml", "two.yaml"}
    assert said.out == f"{files[2]}: can be used; 11 questions, 0 warnings\n"


def test_the_shipped_checklists_can_be_used(prompt: Prompt) -> None:
    said = prompt.audit("checklist", "check", *SHIPPED)
    assert (said.status, len(said.out.splitlines())) == (0, 8)


def score(prompt: Prompt, answers: object, **circumstances: object) -> dict[str, Any]:
    file = prompt.file("answers.json", json.dumps({"answers": answers, **circumstances}))
    said = prompt.audit("checklist", "score", WELCOME, file)
    assert (said.status, said.err) == (0, "")
    tree: dict[str, Any] = json.loads(said.out)
    return tree


def test_a_score_is_printed_exactly_with_every_part_of_the_contract(prompt: Prompt) -> None:
    tree = score(prompt, {**GOOD, "by_name": "no", "solved": "yes"}, branch={}, scenario=None)
    # by_name loses 2 of 3 + 2 + 2 + 1 + 2 + 1 points.
    assert tree["base"] == tree["with_bonus"] == tree["official"] == [900, 11]
    assert (tree["status"], tree["shown"], tree["band"], tree["critical_failed"]) == ("ok", 82, "good", [])
    assert (tree["na_share"], tree["low_if_na_failed"], tree["high_if_na_passed"]) == ([0, 1], [900, 11], [900, 11])
    assert {name: part["score"] for name, part in tree["dimensions"].items()} == {
        "warmth": [60, 1],
        "listening": [100, 1],
        "recovery": [100, 1],
    }
    assert {name: (part["earned"], part["possible"]) for name, part in tree["sections"].items()} == {
        "arrival": ([3, 1], [5, 1]),
        "counter": ([6, 1], [6, 1]),
    }
    by_name = next(question for question in tree["questions"] if question["id"] == "by_name")
    assert by_name == {
        "id": "by_name",
        "earned": [0, 1],
        "possible": [2, 1],
        "lost": [2, 1],
        "why": "nothing",
        "bonus": False,
    }
    lost = sum((Fraction(*question["lost"]) for question in tree["questions"]), Fraction())
    assert lost == Fraction(*tree["possible"]) - Fraction(*tree["earned"]) == 2


def test_answers_come_from_standard_input_too(prompt: Prompt) -> None:
    said = prompt.audit_outside("checklist", "score", WELCOME, "-", input=json.dumps({"answers": GOOD}))
    assert (said.status, said.err) == (0, "")
    assert json.loads(said.out) == score(prompt, GOOD)


def test_a_byte_order_mark_before_the_answers_does_no_harm(prompt: Prompt) -> None:
    marked = json.dumps({"answers": GOOD}).encode("utf-8-sig")
    said = prompt.audit("checklist", "score", WELCOME, prompt.file("answers.json", marked))
    assert json.loads(said.out) == score(prompt, GOOD)


def test_an_answer_in_full_counts_like_the_bare_one(prompt: Prompt) -> None:
    whole = {id: {"value": value, "comment": "As I saw it."} for id, value in GOOD.items()}
    assert score(prompt, whole) == score(prompt, GOOD)


def test_the_scenario_decides_what_is_asked(prompt: Prompt) -> None:
    without, planted = score(prompt, GOOD), score(prompt, {**GOOD, "apologised": "no"}, scenario="wrong-bill")
    why = {tree["possible"][0]: {q["id"]: q["why"] for q in tree["questions"]} for tree in (without, planted)}
    assert why[9]["apologised"] == "hidden"
    assert why[10]["apologised"] == "nothing"
    assert planted["base"] == [90, 1]


def test_an_attribute_of_the_branch_may_be_a_number(prompt: Prompt) -> None:
    seats = prompt.file("seats.yaml", SEATS)
    why = {}
    for name, branch in (("text", {"seats": "12.50"}), ("number", {"seats": 12.5}), ("few", {"seats": 12})):
        case = prompt.file("answers.json", json.dumps({"answers": {}, "branch": branch}))
        tree = json.loads(prompt.audit("checklist", "score", seats, case).out)
        why[name] = next(asked["why"] for asked in tree["questions"] if asked["id"] == "shown")
    assert why == {"text": "unanswered", "number": "unanswered", "few": "hidden"}


def test_a_knock_out_answer_caps_the_score(prompt: Prompt) -> None:
    tree = score(prompt, {**GOOD, "till": "no"})
    assert (tree["base"], tree["official"], tree["critical_failed"]) == ([800, 9], [49, 1], ["till"])


def test_nothing_answered_is_unscored(prompt: Prompt) -> None:
    tree = score(prompt, {})
    assert (tree["status"], tree["base"], tree["shown"], tree["band"]) == ("unscored", None, None, None)


def test_answers_that_cannot_be_taken_are_each_refused_with_the_reason(prompt: Prompt) -> None:
    odd = {"greeted": "perhaps", "nowhere": "yes", "people": "many", "till": "not_applicable", "listened": "yes"}
    file = prompt.file("answers.json", json.dumps({"answers": odd}))
    said = prompt.audit("checklist", "score", WELCOME, file)
    assert (said.status, said.out) == (1, "")
    assert [line.split(": ")[0] for line in said.err.splitlines()] == ["greeted", "nowhere", "people", "till"]
    assert "nowhere: There is no such question in welcome.\n" in said.err
    assert "This question does not offer “Does not apply”" in said.err


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("[]", "Write an object like"),
        ('{"answers": []}', "Write an object like"),
        ('{"greeted": "yes"}', "Write an object like"),
        ('{"answers": {}, "answer": {}}', "There may be no field “answer”"),
        ('{"answers": {}, "branch": ["kiosk"]}', "The attributes of the branch are texts by name."),
        ('{"answers": {}, "branch": {"size": true}}', "The attributes of the branch are texts by name."),
        ('{"answers": {}, "scenario": 7}', "The scenario is the id of a scenario"),
        ('{"answers": {}, "scenario": "wrong-bil"}', "Did you mean wrong-bill?"),
        ('{"answers": {"greeted": "yes", "greeted": "no"}}', "a name stands twice in one object"),
        ('{"answers": {"people": NaN}}', "NaN is not a number"),
        ('{"answers": {', "not JSON that can be read"),
    ],
)
def test_a_malformed_file_of_answers_is_refused_by_its_name(prompt: Prompt, content: str, why: str) -> None:
    said = prompt.audit("checklist", "score", WELCOME, prompt.file("answers.json", content))
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith(f"{prompt.folder / 'answers.json'}: ")
    assert why in said.err


def test_a_checklist_with_errors_scores_nothing(prompt: Prompt) -> None:
    file = prompt.file("broken.yaml", BROKEN)
    said = prompt.audit("checklist", "score", file, prompt.file("answers.json", '{"answers": {}}'))
    assert (said.status, said.out) == (1, "")
    assert f"{file}:11: " in said.err
    assert said.err.endswith(f"{file} cannot be used until these errors are mended.\n")


def test_the_same_content_stays_the_same_version(prompt: Prompt, world: Store) -> None:
    again = prompt.audit("checklist", "publish", WELCOME)
    assert (again.status, again.out.split(",")[0]) == (0, "welcome version 1")
    commented = prompt.file("welcome.yaml", "# Only a comment more.\n" + WELCOME.read_text())
    assert prompt.audit("checklist", "publish", commented).out == again.out
    changed = prompt.file("welcome.yaml", WELCOME.read_text().replace("within a minute", "at once"))
    assert prompt.audit("checklist", "publish", changed).out.startswith("welcome version 2, digest ")
    assert prompt.audit("checklist", "publish", WELCOME).out == again.out


def test_a_checklist_in_utf_16_is_published_like_any_other(prompt: Prompt, world: Store) -> None:
    file = prompt.file("welcome.yaml", WELCOME.read_text().encode("utf-16"))
    assert prompt.audit("checklist", "publish", file).out.startswith("welcome version 1, ")


def test_a_checklist_with_errors_is_not_published(prompt: Prompt, world: Store) -> None:
    said = prompt.audit("checklist", "publish", prompt.file("broken.yaml", BROKEN))
    assert (said.status, said.out) == (1, "")
    assert len(complaints(said.err.rsplit("\n", 2)[0])) > 3
    assert [published.checklist.id for published in world.checklists.list_latest()] == ["welcome"]


def test_the_schema_is_the_one_that_editors_are_given(prompt: Prompt) -> None:
    said = prompt.audit("checklist", "schema")
    tree = json.loads(said.out)
    jsonschema.Draft202012Validator.check_schema(tree)
    assert tree == json.loads((ROOT / "checklists" / "schema.json").read_text())
