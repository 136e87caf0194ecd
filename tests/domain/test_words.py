"""What a message says: an answer in a word is worked out once for all visits, and is the one that judging it gives."""

from pathlib import Path

import pytest

from audit.domain.checklist.answers import clean_answer
from audit.domain.checklist.model import ABSENCES, Answer, Checklist, Question
from audit.domain.checklist.parsing import parse_checklist
from audit.domain.errors import InvalidAnswer
from audit.domain.submission import Odd, Word, read_answers, read_words, read_words_beside
from audit.intake.yaml_trees import read_yaml
from tests.domain.checklist.small import asked, read, tree_with

SHIPPED = sorted((Path(__file__).parents[2] / "checklists").glob("*.yaml"))
STRANGE = ("", " ", "yes ", "Yes", "no", "3", "-1", "nobody", "not_applicable\n", "__class__")


def judged(question: Question, tree: object) -> Word:
    try:
        return clean_answer(question, tree)
    except InvalidAnswer:
        return Odd(tree)


@pytest.fixture(params=SHIPPED, ids=lambda file: file.stem)
def checklist(request: pytest.FixtureRequest) -> Checklist:
    yaml = read_yaml(request.param.read_bytes(), request.param.name)
    found = parse_checklist(yaml.tree, yaml.lines).checklist
    assert found is not None
    return found


def test_an_answer_in_a_word_is_the_one_that_judging_it_gives(checklist: Checklist) -> None:
    for _ in range(2):  # the second time it was worked out before
        for id, question in checklist.by_id.items():
            for word in (*question.kind.words(), *ABSENCES, *STRANGE):
                for tree in (word, {"value": word}, {"value": word, "comment": "So it was."}, {"comment": word}):
                    assert read_words(checklist, {id: tree}) == {id: judged(question, tree)}, (id, tree)


def test_what_no_question_asks_for_is_odd(checklist: Checklist) -> None:
    assert read_words(checklist, {"nobody-asks": "yes"}) == {"nobody-asks": Odd("yes")}


@pytest.mark.parametrize("tree", [None, {}])
def test_nothing_said_about_what_no_question_asks_for_is_nothing(tree: object, checklist: Checklist) -> None:
    assert read_answers(checklist, {"nobody-asks": tree}) == ({}, {})


def test_an_answer_that_was_taken_back_is_none(checklist: Checklist) -> None:
    assert read_answers(checklist, {id: {} for id in checklist.by_id}) == ({}, {})


@pytest.mark.parametrize(
    "sent", [1, True, 1.0, "1", {"value": 1}, {"value": True}, {"value": 1.0}, {"value": 1, "x": 2}]
)
def test_what_stands_already_is_judged_as_if_it_did_not(sent: object) -> None:
    checklist = read(tree_with(asked("smile", "rating"), asked("till")))
    here, trees = {"smile": Answer(1)}, {"till": "yes", "smile": sent}
    assert read_words_beside(here, checklist, trees) == read_words(checklist, trees)
    assert list(read_words_beside(here, checklist, trees)) == list(trees)
