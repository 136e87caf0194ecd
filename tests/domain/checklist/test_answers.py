"""Answers: the parts beside the value, and what of a visit is still missing."""

import pytest

from audit.domain.checklist.answers import clean_answer, show_answer
from audit.domain.checklist.model import NO_ANSWER, Answer, Answers, Checklist, Circumstances
from audit.domain.checklist.visibility import Missing, demands_of, missing
from audit.domain.errors import InvalidAnswer
from tests.domain.checklist.small import asked, question_of, read, tree_with

PHOTO = "ab" * 32
FAILED = {
    "when": {"is": "no"},
    "prompt": "What did you see instead?",
    "comment": True,
    "facts": [{"id": "busy", "title": "All were busy"}, {"id": "phone", "title": "On the phone"}],
}


def test_a_bare_value_is_an_answer() -> None:
    question = question_of({"kind": "yes_no"})
    assert clean_answer(question, "yes") == Answer("yes")
    assert clean_answer(question, None) == NO_ANSWER
    assert not clean_answer(question, "").given


def test_comment_facts_and_photos_stand_beside_the_value() -> None:
    question = question_of({"kind": "yes_no", "demands": [FAILED]})
    raw = {"value": "no", "comment": " Nobody\r\nlooked up ", "facts": ["phone", "busy"], "photos": [PHOTO, PHOTO]}
    assert clean_answer(question, raw) == Answer("no", "Nobody\nlooked up", ("busy", "phone"), (PHOTO,))


@pytest.mark.parametrize(
    "raw",
    [
        {"value": "no", "facts": ["asleep"]},
        {"value": "no", "photos": ["holiday.jpg"]},
        {"value": "no", "photos": [f"{n:064x}" for n in range(31)]},
        {"value": "no", "comment": "x" * 10_001},
        {"value": "no", "comment": 7},
        {"value": "no", "facts": [7]},
        {"value": "no", "points": 1},
        {"walue": "no"},
    ],
    ids=str,
)
def test_what_is_wrong_beside_a_value_is_refused_at_its_question(raw: object) -> None:
    with pytest.raises(InvalidAnswer) as refusal:
        clean_answer(question_of({"kind": "yes_no", "demands": [FAILED]}), raw)
    assert refusal.value.place == "asked"


def test_a_grid_is_read_row_by_row_without_a_value_around_it() -> None:
    keys = asked("asked", "grid", offer=["not_applicable"])
    question = question_of({key: keys[key] for key in ("kind", "rows", "scale", "offer")})
    assert clean_answer(question, {"table": "dirty", "floor": "clean"}).value == {"floor": "clean", "table": "dirty"}
    assert clean_answer(question, {"floor": "not_applicable", "table": "not_applicable"}).absent


def test_a_grid_whose_rows_are_absent_for_different_reasons_keeps_each() -> None:
    keys = asked("asked", "grid", offer=["not_applicable", "not_observed"])
    question = question_of({key: keys[key] for key in ("kind", "rows", "scale", "offer")})
    mixed = {"floor": "not_applicable", "table": "not_observed"}
    answer = clean_answer(question, mixed)
    assert answer.value == mixed
    assert not answer.absent
    assert clean_answer(question, dict.fromkeys(mixed, "not_observed")).value == "not_observed"


def test_an_absence_and_yes_are_shown_in_the_readers_language() -> None:
    question = question_of({"kind": "yes_no", "offer": ["not_observed"]})
    assert show_answer(question, Answer("not_observed"), "de-CH") == "Nicht beobachtet"
    assert show_answer(question, Answer("yes"), "fr") == "Oui"
    assert show_answer(question, Answer("yes"), "mi") == "Yes"
    assert show_answer(question, NO_ANSWER, "en") == ""


def test_a_question_takes_no_more_photos_than_it_says() -> None:
    question = question_of({"kind": "photo", "most": 2})
    digests = [f"{n:064x}" for n in range(3)]
    assert clean_answer(question, {"value": None, "photos": digests[:2]}).given
    with pytest.raises(InvalidAnswer, match="Keep to 2 photos"):
        clean_answer(question, {"value": None, "photos": digests})


def of(checklist: Checklist, answers: Answers) -> list[Missing]:
    closing = {"customer_state": Answer("satisfied"), "narrative": Answer("All went well.")}
    return missing(checklist, {**closing, **answers}, Circumstances())


def test_the_closing_questions_are_missing_from_an_empty_visit() -> None:
    lacking = missing(read(tree_with(asked("greeted", required=False))), {}, Circumstances())
    assert lacking == [Missing("customer_state", "answer"), Missing("narrative", "answer")]


def test_a_failed_answer_lacks_what_it_demands_until_it_is_there() -> None:
    checklist = read(tree_with(asked("greeted", demands=[FAILED, {"when": {"any_of": ["no"]}, "photo": True}])))
    assert of(checklist, {}) == [Missing("greeted", "answer")]
    assert of(checklist, {"greeted": Answer("yes")}) == []
    lacking = [Missing("greeted", what) for what in ("comment", "photo", "facts")]
    assert of(checklist, {"greeted": Answer("no")}) == lacking
    assert of(checklist, {"greeted": Answer("no", "Nobody", ("busy",), (PHOTO,))}) == []
    assert len(demands_of(checklist.question("greeted"), Answer("no"))) == 2
    assert demands_of(checklist.question("greeted"), NO_ANSWER) == ()


def test_a_hidden_question_lacks_nothing() -> None:
    checklist = read(tree_with(asked("greeted"), asked("name", show_if={"question": "greeted", "is": "yes"})))
    assert of(checklist, {"greeted": Answer("no")}) == []
    assert of(checklist, {"greeted": Answer("yes")}) == [Missing("name", "answer")]


def test_a_grid_with_an_open_row_is_not_answered() -> None:
    checklist = read(tree_with(asked("clean", "grid")))
    assert of(checklist, {"clean": Answer({"floor": "clean"})}) == [Missing("clean", "answer")]
    assert of(checklist, {"clean": Answer({"floor": "clean", "table": "dirty"})}) == []


def test_photos_are_counted() -> None:
    checklist = read(tree_with(asked("receipt", "photo", least=2, offer=["not_applicable"])))
    assert of(checklist, {}) == [Missing("receipt", "answer")]
    assert of(checklist, {"receipt": Answer(photos=(PHOTO,))}) == [Missing("receipt", "photo")]
    assert of(checklist, {"receipt": Answer(photos=(PHOTO, "cd" * 32))}) == []
    assert of(checklist, {"receipt": Answer("not_applicable")}) == []


def test_one_photo_meets_every_wish_for_one() -> None:
    receipt = asked("receipt", "photo", demands=[{"when": {"answered": True}, "photo": True}])
    assert of(read(tree_with(receipt)), {"receipt": Answer(photos=(PHOTO,))}) == []
