"""Laws for all checklists: what is well-formed is read as it was meant, and nothing at all makes the reader stumble."""

import json
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from ruamel.yaml import YAML

from audit.domain.checklist.canonical import canonical, digest, read_canonical
from audit.domain.checklist.model import Answer, Circumstances
from audit.domain.checklist.parsing import checklist_from_tree, parse_checklist
from audit.domain.checklist.questions import QUESTION_KINDS
from audit.domain.checklist.rules import OPERATORS, SUBJECTS
from audit.domain.checklist.structure import CHECKLIST_KEYS, QUESTION_KEYS, SECTION_KEYS
from audit.domain.checklist.visibility import missing, rules_tree, visible
from audit.intake.yaml_trees import read_yaml
from tests.domain.checklist.any_checklist import checklists


def as_yaml(tree: object) -> str:
    """The tree as somebody might write it: JSON is YAML too."""
    return json.dumps(tree, default=float, ensure_ascii=len(str(tree)) % 2 == 0)


@given(checklists())
def test_a_checklist_is_read_as_it_was_written(tree: dict[str, Any]) -> None:
    checklist = checklist_from_tree(tree)
    assert [(s.id, [q.id for q in s.questions]) for s in checklist.sections[:-1]] == [
        (s["id"], [q["id"] for q in s["questions"]]) for s in tree["sections"]
    ]
    for written in (question for part in tree["sections"] for question in part["questions"]):
        question = checklist.question(written["id"])
        assert question.kind.name == written["kind"]
        assert question.weight == Fraction(written["weight"])
        assert (question.show_if is not None) is ("show_if" in written)
    assert rules_tree(checklist)[:-1] == [
        {"id": s["id"], "questions": [{k: q[k] for k in ("id", "show_if") if k in q} for q in s["questions"]]}
        for s in tree["sections"]
    ]


@given(checklists())
def test_a_checklist_survives_every_way_of_writing_it_down(tree: dict[str, Any]) -> None:
    meant = checklist_from_tree(tree)
    assert checklist_from_tree(read_canonical(canonical(tree))) == meant
    assert checklist_from_tree(read_yaml(as_yaml(tree), "any.yaml").tree) == meant
    block = StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.dump(json.loads(canonical(tree)), block)
    from_block = read_yaml(block.getvalue(), "any.yaml").tree
    assert checklist_from_tree(from_block) == meant
    assert digest(from_block) == digest(tree)


@given(
    checklists(), some.dictionaries(some.from_regex("q[0-2]-[0-3]", fullmatch=True), some.sampled_from(["yes", "no"]))
)
def test_what_is_seen_never_depends_on_hidden_answers(tree: dict[str, Any], words: dict[str, str]) -> None:
    checklist = checklist_from_tree(tree)
    answers = {id: Answer(word) for id, word in words.items()}
    seen = visible(checklist, answers, Circumstances())
    of_seen = {id: answer for id, answer in answers.items() if id in seen.questions}
    assert visible(checklist, of_seen, Circumstances()) == seen
    assert {lack.question_id for lack in missing(checklist, answers, Circumstances())} <= seen.questions


keys = [key.name for table in (CHECKLIST_KEYS, SECTION_KEYS, QUESTION_KEYS) for key in table]
keys += [key.name for kind in QUESTION_KINDS.values() for key in kind.keys]
keys += [*OPERATORS, *SUBJECTS, "and", "or", "not", "point", "share", "title", "up_to", "when", "facts", "en", "??"]
odd_words = some.sampled_from([*QUESTION_KINDS, "yes", "no", "a", "b", "id", "en", "", "x" * 70, "\0", "\ud800"])
odd_numbers = some.sampled_from(
    [0, 1, -1, 2, 10**4000, Decimal("0.5"), Decimal("NaN"), Decimal("1e400"), Decimal("-Infinity")]
)
odd = some.recursive(
    some.none() | some.booleans() | odd_words | odd_numbers | some.text(max_size=5) | some.floats(),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.sampled_from(keys), inner, max_size=6),
    max_leaves=30,
)


@given(odd)
def test_no_tree_makes_the_reader_stumble(tree: object) -> None:
    parsed = parse_checklist(tree, {})
    assert (parsed.checklist is None) is any(complaint.error for complaint in parsed.complaints)


@settings(max_examples=200)
@given(checklists(), some.data())
def test_no_wrong_value_anywhere_makes_the_reader_stumble(tree: dict[str, Any], data: some.DataObject) -> None:
    spot: Any = tree
    for _ in range(data.draw(some.integers(0, 6))):
        inside = [
            key for key in (spot if isinstance(spot, dict) else range(len(spot))) if isinstance(spot[key], dict | list)
        ]
        if not inside:
            break
        spot = spot[data.draw(some.sampled_from(inside))]
    if isinstance(spot, dict):
        spot[data.draw(some.sampled_from(keys))] = data.draw(odd)
    else:
        spot.append(data.draw(odd))
    parsed = parse_checklist(tree, {})
    assert parsed.checklist is not None or parsed.complaints


STRUCTURES = Path(__file__).parents[4] / "shared" / "fixtures" / "mystery_shopping" / "structures"


@pytest.mark.skipif(not STRUCTURES.is_dir(), reason="the folder of real structures is not beside the repository")
def test_real_structures_in_yaml_are_read_and_told_what_a_checklist_needs() -> None:
    files = sorted(STRUCTURES.glob("*.yaml"))
    assert files
    for path in files:
        read = read_yaml(path.read_bytes(), path.name)
        parsed = parse_checklist(read.tree, read.lines, read.complaints)
        assert parsed.checklist is None
        assert all(1 <= complaint.line <= len(path.read_text().splitlines()) for complaint in parsed.complaints)


def test_a_small_foreign_structure_is_told_what_a_checklist_needs() -> None:
    foreign = "name: Store walk\nareas:\n  - title: Entrance\n    items: [Door clean, Lights on]\n"
    read = read_yaml(foreign, "walk.yaml")
    messages = [complaint.message for complaint in parse_checklist(read.tree, read.lines).complaints]
    assert any("no key “areas”" in message for message in messages)
    assert any("sections is missing" in message for message in messages)
