"""An answer of a sent visit is put right: which ones, what moves with it, and what is said of it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit.domain.checklist.model import NO_ANSWER, Answer, Circumstances
from audit.domain.correction import (
    MOST_OF_REASON,
    Correction,
    as_sent,
    correct,
    correction_of,
    reason_in_words,
    without_words,
)
from audit.domain.errors import InvalidAnswer, InvalidField, NotFound, TooLate
from audit.domain.score import Score, score_visit
from audit.domain.visit import Flag, Visit, VisitState
from tests.builders import build_checklist, build_score, build_visit, good_answers
from tests.domain.checklist.small import asked, read, tree_with

WELCOME = build_checklist()
ANYWHERE = Circumstances()
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
SENT = {VisitState.SUBMITTED, VisitState.APPROVED, VisitState.PUBLISHED}
# One that hides: without a greeting nobody is asked whether it came with a name; and one that counts for nothing.
HIDING = read(
    tree_with(
        asked("greeted"),
        asked("by_name", show_if={"question": "greeted", "is": "yes"}),
        asked("listened"),
        asked("queue", "number", weight=0, required=False),
    )
)


def put_right(visit: Visit, question: str, value: object, **parts: object) -> tuple[Visit, Score]:
    done = correct(visit, WELCOME, ANYWHERE, question, {"value": value, **parts})
    return done.visit, done.score


def hiding(**answers: Any) -> Visit:
    return build_visit(answers={id: Answer(value) for id, value in answers.items()})


def kept(visit: Visit, after: Visit, question: str, reason: str = "She was greeted.") -> Correction:
    scores = build_score(visit), build_score(after)
    return correction_of(WELCOME.by_id[question], visit, after, scores, (reason, "ada", NOON))


@pytest.mark.parametrize("state", VisitState)
def test_only_a_visit_that_was_sent_and_is_not_with_its_shopper_is_corrected(state: VisitState) -> None:
    visit = build_visit(state=state)
    if state in SENT:
        assert put_right(visit, "greeted", "no")[0].answers["greeted"].value == "no"
    else:
        with pytest.raises(TooLate):
            put_right(visit, "greeted", "no")
        with pytest.raises(TooLate):
            visit.corrected("greeted", Answer("no"))


def test_a_corrected_answer_is_scored_as_if_the_shopper_had_given_it() -> None:
    visit, score = put_right(build_visit(), "greeted", "no")
    assert score == build_score(build_visit(answers=good_answers(greeted="no")))
    assert (score.shown, Flag.CORRECTED in visit.flags) == (70, True)
    assert visit.state is VisitState.PUBLISHED


def test_an_absence_takes_the_place_of_an_answer_where_it_is_offered() -> None:
    assert put_right(build_visit(), "listened", "not_observed")[1].not_observed == 1
    with pytest.raises(InvalidAnswer) as refusal:
        put_right(build_visit(), "till", "not_observed")
    assert refusal.value.place == "till"


@pytest.mark.parametrize(
    ("question", "tree"),
    [
        ("greeted", {"value": "perhaps"}),
        ("smile", {"value": 9}),
        ("greeted", {"value": "no", "facts": ["never heard of"]}),
        ("greeted", {"value": "no", "comment": 7}),
        ("greeted", {"value": ""}),
        ("greeted", {}),
        ("shelf", {"value": "not_applicable"}),
    ],
)
def test_what_the_question_cannot_take_is_refused_and_placed(question: str, tree: dict[str, object]) -> None:
    with pytest.raises(InvalidAnswer) as refusal:
        correct(build_visit(), WELCOME, ANYWHERE, question, tree)
    assert refusal.value.place == question


def test_a_question_that_is_not_there_and_one_that_was_not_asked_are_not_corrected() -> None:
    with pytest.raises(NotFound):
        put_right(build_visit(), "unheard", "no")
    with pytest.raises(InvalidAnswer, match="not asked") as refusal:
        correct(hiding(greeted="no", listened="yes"), HIDING, ANYWHERE, "by_name", {"value": "yes"})
    assert refusal.value.place == "by_name"


def test_the_answer_to_a_question_that_goes_is_kept_and_costs_nothing() -> None:
    done = correct(hiding(greeted="yes", by_name="no", listened="yes"), HIDING, ANYWHERE, "greeted", {"value": "no"})
    assert done.visit.answers["by_name"] == Answer("no")
    assert (done.score.shown, done.score.possible) == (50, 2)
    again = correct(done.visit, HIDING, ANYWHERE, "greeted", {"value": "yes"})
    assert again.score == score_visit(HIDING, hiding(greeted="yes", by_name="no", listened="yes").answers, ANYWHERE)


def test_a_question_that_appears_stands_unanswered_until_it_is_corrected_too() -> None:
    done = correct(hiding(greeted="no", listened="yes"), HIDING, ANYWHERE, "greeted", {"value": "yes"})
    assert "by_name" not in done.visit.answers
    assert Flag.INCOMPLETE in done.visit.flags
    assert done.score.possible == 2
    closed = {"customer_state": Answer("satisfied"), "narrative": Answer("Well.")}
    whole = replace(done.visit, answers={**done.visit.answers, **closed})
    after = correct(whole, HIDING, ANYWHERE, "by_name", {"value": "yes"})
    assert Flag.INCOMPLETE not in after.visit.flags
    assert after.score.possible == 3


def test_photos_stay_and_facts_of_another_answer_go_with_it() -> None:
    missed = Answer("no", "All three talked.", ("busy",), ("a" * 64,))
    visit = build_visit(answers=good_answers(greeted=missed))
    parts = {"comment": "They nodded.", "facts": ["busy"], "photos": []}
    assert put_right(visit, "greeted", "yes", **parts)[0].answers["greeted"] == Answer(
        "yes", "They nodded.", (), ("a" * 64,)
    )
    assert put_right(visit, "greeted", "no", **parts)[0].answers["greeted"] == missed._replace(comment="They nodded.")


def test_an_answer_that_could_not_be_read_is_replaced_and_remembered() -> None:
    visit = build_visit(answers=good_answers(), odd={"smile": {"value": "wide"}}, flags=(Flag.ODD_ANSWERS,))
    visit = replace(visit, answers={id: one for id, one in visit.answers.items() if id != "smile"})
    after, score = put_right(visit, "smile", 5)
    assert (after.odd, after.flags, score.shown) == ({}, (Flag.CORRECTED,), 100)
    correction = kept(visit, after, "smile")
    assert (correction.before, correction.unread) == (NO_ANSWER, {"value": "wide"})
    assert as_sent(after, (correction,)).odd == visit.odd


def test_nothing_is_changed_by_what_stands_there_already() -> None:
    visit = build_visit()
    assert not correct(visit, WELCOME, ANYWHERE, "greeted", {"value": "yes"}).changed
    assert correct(visit, WELCOME, ANYWHERE, "greeted", {"value": "yes", "comment": "At once."}).changed


def test_a_correction_of_what_does_not_count_changes_no_score() -> None:
    visit = hiding(greeted="yes", by_name="yes", listened="yes", queue="4")
    done = correct(visit, HIDING, ANYWHERE, "queue", {"value": "7"})
    assert done.changed
    assert done.score == score_visit(HIDING, visit.answers, ANYWHERE)
    assert correct(visit, HIDING, ANYWHERE, "queue", {}).visit.answers.get("queue") is None


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_a_correction_without_a_reason_is_refused(reason: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        reason_in_words(reason)
    assert refusal.value.place == "reason"


def test_a_reason_is_no_novel() -> None:
    assert len(reason_in_words("x" * MOST_OF_REASON)) == MOST_OF_REASON
    with pytest.raises(InvalidField) as refusal:
        reason_in_words("x" * (MOST_OF_REASON + 1))
    assert refusal.value.place == "reason"


def test_words_of_the_shopper_are_told_from_what_was_chosen() -> None:
    visit = build_visit(answers=good_answers(greeted=Answer("no", "Maria looked away.")))
    sentence = kept(visit, put_right(visit, "greeted", "no", comment="She looked away.")[0], "greeted")
    choice = kept(visit, put_right(visit, "greeted", "yes", comment="Maria looked away.")[0], "greeted")
    told = kept(visit, put_right(visit, "narrative", "Kind.")[0], "narrative")
    assert (sentence.words, choice.words, told.words) == (True, False, True)
    assert without_words(WELCOME.by_id["greeted"], sentence.before) == Answer("no")
    assert without_words(WELCOME.by_id["narrative"], told.before) == NO_ANSWER


VALUES = {
    "greeted": ("yes", "no", "not_applicable"),
    "smile": (1, 3, 5),
    "listened": ("yes", "no", "not_observed", "not_applicable"),
    "solved": ("yes", "no", "not_observed"),
    "till": ("yes", "no"),
}
corrections = some.lists(
    some.sampled_from(sorted(VALUES)).flatmap(
        lambda id: some.tuples(some.just(id), some.sampled_from(VALUES[id]), some.sampled_from(["", "Seen."]))
    ),
    max_size=6,
)


@given(corrections)
def test_correcting_and_correcting_back_gives_the_visit_and_the_score_of_before(
    chosen: list[tuple[str, object, str]],
) -> None:
    first = visit = build_visit()
    made: list[Correction] = []
    for question, value, comment in chosen:
        after, score = put_right(visit, question, value, comment=comment)
        assert score == build_score(after)
        made.append(kept(visit, after, question))
        visit = after
    assert as_sent(visit, tuple(made)).answers == first.answers
    for question in VALUES:
        visit, score = put_right(visit, question, first.answers[question].value, comment="")
    assert visit.answers == first.answers
    assert score == build_score(first)
