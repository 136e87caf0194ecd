"""What of a checklist is seen. The cases are the same that the page's script must meet."""

import json
from pathlib import Path
from typing import Any

import pytest

from audit.domain.checklist.model import (
    Answer,
    Checklist,
    Circumstances,
    Combination,
    Condition,
    Question,
    Rule,
    Section,
    Text,
)
from audit.domain.checklist.questions.long_text import LongText
from audit.domain.checklist.reading import Reading
from audit.domain.checklist.rules import CONNECTIVES, OPERATORS, SUBJECTS, RuleShape, WrittenCondition, WrittenRule
from audit.domain.checklist.visibility import holds, rule_tree, rules_tree, visible

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "cases" / "visibility.json").read_text())


def answer(tree: dict[str, Any]) -> Answer:
    value = tree["value"]
    return Answer(
        tuple(value) if isinstance(value, list) else value,
        tree.get("comment", ""),
        tuple(tree.get("facts", ())),
        tuple(tree.get("photos", ())),
    )


def read_rule(tree: object) -> Rule | None:
    if tree is None:
        return None
    reading = Reading({})
    written = RuleShape().read(reading, (), tree)
    assert written is not None, reading.complaints
    return as_written(written)


def as_written(written: WrittenRule) -> Rule:
    """The rule with the operands as they stand in the case, not in the words of any question."""
    if isinstance(written, WrittenCondition):
        return Condition(written.subject, written.name, written.test.test)
    return Combination(written.connective, tuple(map(as_written, written.parts)))


def checklist_of(sections: list[dict[str, Any]]) -> Checklist:
    title = Text({"en": "Any"})
    return Checklist(
        "small",
        title,
        ("en",),
        tuple(
            Section(
                section["id"],
                title,
                tuple(
                    Question(question["id"], title, LongText(), show_if=read_rule(question.get("show_if")))
                    for question in section["questions"]
                ),
                show_if=read_rule(section.get("show_if")),
            )
            for section in sections
        ),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_same_is_seen_everywhere(case: dict[str, Any]) -> None:
    answers = {id: answer(tree) for id, tree in case["answers"].items()}
    circumstances = Circumstances(case["branch"], case["scenario"])
    if "rule" in case:
        rule = read_rule(case["rule"])
        assert rule is not None
        assert holds(rule, answers, circumstances) is case["expect"]
    else:
        seen = visible(checklist_of(case["sections"]), answers, circumstances)
        assert list(seen.sections) == case["expect"]["sections"]
        assert sorted(seen.questions) == sorted(case["expect"]["questions"])


def test_the_cases_leave_out_no_operator_subject_or_connective() -> None:
    told = json.dumps(CASES)
    assert not [word for word in (*OPERATORS, *SUBJECTS, *CONNECTIVES) if f'"{word}": ' not in told]


@pytest.mark.parametrize("case", [case for case in CASES if "rule" in case], ids=lambda case: case["name"])
def test_a_rule_goes_to_the_page_as_it_was_written(case: dict[str, Any]) -> None:
    rule = read_rule(case["rule"])
    assert rule is not None
    assert rule_tree(rule) == case["rule"]


def test_the_page_is_told_ids_and_rules_alone() -> None:
    sections = next(
        case["sections"] for case in CASES if case["name"].startswith("a section and a question with rules")
    )
    assert rules_tree(checklist_of(sections)) == sections
