"""What is at stake in a question: the markings that are made beforehand are those that would be made each time."""

from dataclasses import replace
from fractions import Fraction

import pytest

from audit.domain.checklist.answers import clean_answer
from audit.domain.checklist.model import CLOSING, NO_ANSWER, NOT_APPLICABLE, Answer, Checklist, Circumstances
from audit.domain.checklist.visibility import passes, visible
from audit.domain.score import HIDDEN, UNSCORED, Marking, score_seen, score_visit, weight_factor
from audit.domain.score.stakes import WITHOUT_A_SHARE, Stake, stakes_of
from tests.builders import build_checklist, good_answers
from tests.domain.checklist.small import asked, read, section, tree_of, tree_with


@pytest.fixture(scope="module")
def checklist() -> Checklist:
    return build_checklist()


def weighed(checklist: Checklist) -> Stake:
    """A scored question, made to weigh three sevenths of a point."""
    scored = next(stake for stake in stakes_of(checklist) if stake.scored)
    return replace(scored, weight=Fraction(3, 7))


@pytest.mark.parametrize("share", [Fraction(0), Fraction(1, 3), Fraction(1)])
def test_a_share_earns_that_part_of_the_weight(checklist: Checklist, share: Fraction) -> None:
    stake = weighed(checklist)
    for _ in range(2):  # the second time it may have been made beforehand
        marking = stake.earning(share)
        assert (marking.id, marking.weight, marking.share) == (stake.question.id, Fraction(3, 7), share)
        assert marking.score.earned == share * Fraction(3, 7)
        assert marking.score.lost == (1 - share) * Fraction(3, 7)
        assert marking.score.why == {0: "nothing", 1: "full"}.get(share, "partly")


def test_a_question_without_a_share_says_why_and_earns_nothing(checklist: Checklist) -> None:
    markings = weighed(checklist).without_a_share
    assert set(markings) == set(WITHOUT_A_SHARE)
    for absence, marking in markings.items():
        assert marking == Marking(
            marking.id, Fraction(3, 7), None, absence, marking.dimensions, marking.section, marking.bonus
        )
        assert (marking.score.why, marking.score.possible, marking.score.lost) == (absence, 0, 0)


def test_a_question_of_no_weight_is_measured_and_not_scored(checklist: Checklist) -> None:
    stake = replace(weighed(checklist), weight=Fraction(0))
    assert not stake.scored
    assert stake.without_a_share[UNSCORED].left_out == 0


def test_the_stakes_follow_the_checklist_and_the_weight_of_each_section(checklist: Checklist) -> None:
    stakes = {stake.question.id: stake for stake in stakes_of(checklist)}
    asked = [(section, one) for section in checklist.sections if section.id != CLOSING for one in section.questions]
    assert list(stakes) == [question.id for _, question in asked]
    for where, question in asked:
        assert stakes[question.id].weight == question.weight * weight_factor(where)


def test_a_bonus_is_no_part_of_the_weight_of_its_section() -> None:
    questions = (asked("till"), asked("shelf"), asked("extra", bonus=True, weight=2), asked("story", "long_text"))
    small = read(tree_of(section("counter", *questions, weight=10)))
    assert weight_factor(small.sections[0]) == 5
    weights = {stake.question.id: stake.weight for stake in stakes_of(small)}
    assert (weights["till"], weights["shelf"], weights["extra"]) == (5, 5, 10)


def test_the_weight_of_a_section_leaves_bonuses_alone_where_there_is_nothing_else() -> None:
    small = read(
        tree_of(section("counter", asked("extra", bonus=True, weight=2), weight=10), section("till", asked("a")))
    )
    assert [stake.weight for stake in stakes_of(small) if stake.question.id == "extra"] == [2]


@pytest.mark.parametrize(("said", "failed"), [("yes", ()), ("no", ("till",)), (NOT_APPLICABLE, ()), (None, ())])
def test_only_an_answer_fails_a_critical_question(said: str | None, failed: tuple[str, ...]) -> None:
    small = read(tree_with(asked("till", critical={"is_not": "yes"}, offer=[NOT_APPLICABLE]), asked("shelf")))
    score = score_visit(small, {"till": Answer(said), "shelf": Answer("yes")}, Circumstances())
    assert score.critical_failed == failed


def test_a_version_is_worked_out_once(checklist: Checklist) -> None:
    assert checklist.once(stakes_of) is checklist.once(stakes_of)
    assert checklist.once(stakes_of) == stakes_of(checklist)


def test_one_visit_leaves_nothing_behind_in_the_score_of_the_next(checklist: Checklist) -> None:
    good = good_answers()
    bad = {id: Answer("no") if answer.value == "yes" else answer for id, answer in good.items()}
    first = score_visit(checklist, good, Circumstances())
    assert score_visit(checklist, bad, Circumstances()) != first
    assert (
        score_visit(checklist, good, Circumstances()) == first == score_visit(build_checklist(), good, Circumstances())
    )


def test_questions_known_to_be_unseen_are_marked_as_hidden(checklist: Checklist) -> None:
    assert {question.why for question in score_seen(checklist, good_answers(), ()).questions} == {HIDDEN}
    seen = visible(checklist, {}, Circumstances()).questions
    answers = dict.fromkeys(seen, NO_ANSWER)
    assert score_seen(checklist, answers, seen) == score_visit(checklist, {}, Circumstances())


def test_an_answer_in_a_word_earns_what_its_kind_says(checklist: Checklist) -> None:
    everything = frozenset(checklist.by_id)
    for stake in stakes_of(checklist):
        question = stake.question
        for word in question.kind.words():
            answer = clean_answer(question, word)
            score = score_seen(checklist, {question.id: answer}, everything)
            (ours,) = [one for one in score.questions if one.id == question.id]
            share = question.kind.points(answer.value) if stake.scored else None
            assert ours.earned == (0 if share is None else share * stake.weight), (question.id, word)
            failed = question.critical is not None and passes(question.critical, answer.value)
            assert (question.id in score.critical_failed) is failed
