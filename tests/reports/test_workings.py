"""The workings behind the figures: what the visits do not carry is not said, and nobody is named on thin evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from statistics import fmean as mean

import pytest
from babel.support import NullTranslations

from audit.domain.statistics.draws import Draws
from audit.domain.statistics.lost_customers import cost_of_winning, loss_of
from audit.domain.statistics.questions import AGAINST, UNCLEAR, UNDEFINED, WITH, question_figures
from audit.domain.statistics.severity import Components, Severity
from audit.domain.statistics.together import Shares, Together
from audit.formatting import Formats
from audit.reports.workings import LeftOut, Workings, compose
from audit.reports.workings_sentences import WorkingsSentences
from tests.builders import build_checklist
from tests.reports.severities import severity
from tests.reports.words import Listening, Shouting, collect_texts

CHECKLIST = build_checklist()
SAY = WorkingsSentences()
NOTHING = Workings(0, 0, None, (), (), (), (), (), 0, None)


@dataclass(frozen=True)
class Visit:
    branch: str
    shopper: str
    base: float
    questions: dict[str, float] = field(default_factory=dict)
    dimensions: dict[str, float] = field(default_factory=dict)
    answer: str = ""
    left_out: tuple[str, ...] = ()


def visits(n: int, kindly: float = 0.0) -> list[Visit]:
    """By eight shoppers in ten branches, in turn; shopper 0 marks so many points kindlier. Warmth makes the impression,
    listening does not; recovery is seldom seen."""
    made = []
    for k, (first, second, third) in enumerate(zip(*[iter(Draws("visits").normals(3 * n))] * 3, strict=True)):
        base = 60 + 5 * first + (kindly if k % 8 == 0 else 0)
        warmth, listening = 60 + 10 * second, 60 + 10 * third
        dimensions = {"warmth": warmth, "listening": listening} | ({"recovery": 50.0} if k % 10 == 0 else {})
        answer = "delighted" if warmth > 65 else "satisfied" if warmth > 55 else "dissatisfied"
        questions = {"greeted": 1.0, "till": 1.0, "listened": float(third > 0)}
        made.append(Visit(f"b{k // 8 % 10}", f"s{k % 8}", base, questions, dimensions, answer))
    return made


def test_few_visits_say_nothing() -> None:
    found = compose(visits(40), CHECKLIST, "few")
    assert (found.components, found.severities, found.together) == (None, (), None)
    assert compose([], CHECKLIST, "none").questions == ()
    assert SAY.together(found).startswith("40 visits marked these dimensions")
    assert SAY.nobody_is_clear(found.severities).startswith("Shoppers cannot be compared yet")


def test_a_shopper_who_marks_ten_points_kindly_is_named_and_nobody_beside() -> None:
    found = compose(visits(320, kindly=10), CHECKLIST, "kindly")
    assert [each.shopper for each in found.clear] == ["s0"]
    said = SAY.severity("Shopper 7", found.clear[0])
    assert said.startswith("Shopper 7 marks about ")
    assert "more kindly" in said
    assert found.components is not None
    assert found.components.omega2 > 0


def test_what_a_kind_shopper_adds_is_taken_off_in_a_second_figure_and_the_first_one_stays() -> None:
    even = visits(320, kindly=10)
    often = [replace(visit, branch="b0") if visit.shopper == "s0" and visit.branch < "b4" else visit for visit in even]
    before = list(often)
    found = compose(often, CHECKLIST, "kindly")
    second = {each.branch: each for each in found.calibrated}
    assert often == before
    assert len(second) == found.branches == 10
    recorded = mean(visit.base for visit in often if visit.branch == "b0")
    # Sixteen of its 44 visits are by the kind shopper.
    assert 1 < recorded - second["b0"].mean < 4
    assert second["b0"].visits == second["b0"].compared == 44


def test_where_all_shoppers_come_alike_both_figures_are_the_same() -> None:
    made = visits(320, kindly=10)
    for each in compose(made, CHECKLIST, "kindly").calibrated:
        assert each.mean == pytest.approx(mean(visit.base for visit in made if visit.branch == each.branch))


def test_where_nobody_can_be_compared_there_is_no_second_figure() -> None:
    assert compose(visits(40), CHECKLIST, "few").calibrated == ()


def test_a_branch_that_only_islanders_visited_has_no_second_figure() -> None:
    islander = [Visit("island", "islander", 50.0) for _ in range(20)]
    found = compose(visits(320, kindly=10) + islander, CHECKLIST, "island")
    assert "island" not in {each.branch for each in found.calibrated}


def test_the_second_figure_stays_between_nothing_and_all() -> None:
    kind = [replace(visit, base=min(100.0, visit.base + 35)) for visit in visits(320, kindly=-30)]
    found = compose(kind, CHECKLIST, "at the top")
    assert found.calibrated
    assert all(0 <= each.mean <= 100 for each in found.calibrated)


def test_shoppers_who_mark_alike_are_not_named() -> None:
    assert compose(visits(320), CHECKLIST, "alike").clear == ()


def test_a_question_that_nobody_fails_may_rest_unless_it_is_critical() -> None:
    found = compose(visits(120), CHECKLIST, "asked")
    assert [each.id for each in found.worn_out] == ["greeted"]
    assert [each.id for each in found.questions if each.critical] == ["till"]
    assert SAY.worn_out(found.worn_out[0].figure) == (
        "Passed 120 times out of 120: it no longer tells branches apart. Up to 3 % of visits might still fail it."
    )


def test_each_question_is_drawn_where_its_words_say() -> None:
    found = compose(visits(320), CHECKLIST, "drawn")
    greeted, listened, till = found.spots
    # Beside questions that nobody fails there is nothing that this one could go with.
    assert [greeted, till, listened[1:]] == [(1.0, None, UNDEFINED), (1.0, None, UNDEFINED), (None, UNDEFINED)]
    assert 0.4 < listened[0] < 0.6
    mixed = [replace(each, questions={**each.questions, "till": float(n % 9 > 0)}) for n, each in enumerate(visits(90))]
    found = compose(mixed, CHECKLIST, "mixed")
    assert found.by_relation == {WITH: 0, UNCLEAR: 2, AGAINST: 0, UNDEFINED: 1}
    assert SAY.relations(found) == (
        "3 questions: 0 with the rest of the visit, 2 where that could be luck, 0 against the rest, 1 where it is not "
        "defined"
    )


def test_what_is_seldom_observed_is_left_out_and_named() -> None:
    found = compose(visits(400), CHECKLIST, "seldom")
    assert [id for id, _ in found.compared] == ["warmth", "listening"]
    assert found.rarely_observed == ("Recovery",)
    assert found.together is not None
    assert found.together.leading == (0,)
    assert SAY.together(found) == "“Warmth” goes together most with a good overall impression."


def test_kind_and_severe_are_said_with_their_range() -> None:
    assert SAY.severity("Shopper 7", severity(5.1)) == (
        "Shopper 7 marks about 5 points more kindly than colleagues in the same branches (9 times out of 10: 2 to 9)."
    )
    assert "5 points more severely than colleagues in the same branches (9 times out of 10: 2 to 9)" in SAY.severity(
        "Shopper 7", severity(-5.1)
    )


def test_who_is_named_is_not_said_to_mark_like_all_others_for_being_rounded() -> None:
    slightly = Severity("s1", 0.4, 0.2, 400)
    assert slightly.is_clear
    assert SAY.severity("Shopper 7", slightly) == (
        "Shopper 7 marks about 1 point more kindly than colleagues in the same branches (9 times out of 10: just above "
        "0 to 1)."
    )


def test_a_drawing_says_what_its_sentence_says() -> None:
    assert SAY.drawn(severity(5.1)) == "+5, likely range +2 to +9"
    assert SAY.drawn(severity(-4.5)) == "\u22125, likely range \u22128 to \u22121"
    assert "about 5 points more severely" in SAY.severity("Shopper 7", severity(-4.5))


def test_planning_follows_the_spreads_of_the_programme() -> None:
    usual = Components(144.0, 16.0, 36.0, 100)
    assert SAY.taken(0.14).startswith("Ranges take 14 % of the spread between visits to be the shoppers'")
    assert SAY.components(usual).endswith(
        "about 12 between visits to the same branch, 4 between shoppers and 6 between branches."
    )
    assert SAY.reliable(usual, 3).endswith("70 % takes 11 visits.")
    assert "about 40 % of the differences" in SAY.reliable(usual, 3)
    assert SAY.reliable(Components(144.0, 16.0, -1.0, 100), 3) == ""
    assert SAY.reliable(Components(9.0, 1.0, 36.0, 100), 90).startswith("With 90 visits to each branch about 99 % of")
    assert SAY.reliable(Components(9.0, 1.0, 36.0, 100), 90).endswith("70 % takes 1 visit.")
    assert SAY.to_tell_apart("10", 21, 3) == (
        "To tell two branches 10 points apart you need 21 visits to each; you have about 3."
    )


def test_a_plan_says_what_it_takes_in_all_and_what_the_visits_at_hand_can_show() -> None:
    assert SAY.in_all(21, 58) == "For all 58 branches that is 1,218 visits."
    assert SAY.told_apart(26, 3, 30) == (
        "About 3 visits to each branch tell two branches apart where they differ by 26 points or more."
    )
    assert SAY.told_apart(None, 1, 30) == (
        "About 1 visit to each branch does not tell two branches apart, even where they differ by 30 points."
    )


def test_what_does_not_apply_is_counted_by_question_and_by_shopper() -> None:
    made = visits(40)
    for place, visit in enumerate(made):
        if visit.shopper == "s3":
            del visit.questions["listened"]
            made[place] = replace(visit, left_out=("listened", "never scored"))
    found = compose(made, CHECKLIST, "left out")
    assert {each.id: (each.left_out, each.asked) for each in found.questions} == {
        "greeted": (0, 40),
        "till": (0, 40),
        "listened": (5, 40),
    }
    assert found.left_out == (LeftOut("s3", 5, 15),)
    assert SAY.left_out(5, 40) == "did not apply 5 of 40 times"


def test_a_rate_comes_with_its_range() -> None:
    (figure,) = question_figures([[1.0]] * 8 + [[0.0]] * 4)
    assert SAY.passed(figure) == "passed 8 of 12 times, probably 43 to 85 %"


def test_shoppers_of_whom_nothing_can_be_said_are_counted_and_not_named() -> None:
    islander = [Visit("island", "islander", 50.0) for _ in range(20)]
    found = compose(visits(320, kindly=10) + islander, CHECKLIST, "island")
    assert (found.shoppers, len(found.severities), found.not_compared) == (9, 8, 1)
    assert SAY.not_compared(1).startswith("1 more shopper cannot be compared: fewer than 15 visits")
    assert compose(visits(40), CHECKLIST, "few").not_compared == 0


def test_large_numbers_are_written_as_the_reader_writes_them() -> None:
    assert "It could happen to 150,000 customers a year." in SAY.loss(LOSS, 150_000, "EUR")
    german = WorkingsSentences(formats=Formats("de"))
    assert "It could happen to 150.000 customers a year." in german.loss(LOSS, 150_000, "EUR")


COST = cost_of_winning(Fraction(35_000), Fraction(1, 4), Fraction(20), Fraction(1_600_000), Fraction(40))
LOSS = loss_of(4, 12, 150, Fraction(1, 5), COST.total)


def test_the_cost_of_a_lost_customer_comes_with_its_assumption() -> None:
    assert "Winning one customer costs 2,437.50 EUR: 437.50 for" in SAY.winning(COST, "EUR")
    said = SAY.loss(LOSS, 150, "EUR")
    assert "1 in 5 then leave" in said
    assert "about 24,000 EUR a year (12,000 to 42,000)" in said


def together(*leading: int) -> Workings:
    found = Together(200, Shares(0.5, (0.3, 0.2, 0.0)), (), leading)
    compared = (("warmth", "WARMTH"), ("listening", "LISTENING"), ("name", "NAME"))
    return Workings(200, 9, None, (), (), (), compared, (), 200, found)


def everything_said(words: NullTranslations) -> Iterable[str]:
    say = WorkingsSentences(words)
    (figure,) = question_figures([[1.0]] * 80)
    usual = Components(144.0, 16.0, 36.0, 100)
    yield say.taken(0.14)
    yield from (say.components(usual), say.reliable(usual, 3), say.to_tell_apart("10", 21, 3))
    yield from (say.in_all(21, 3), say.told_apart(15, 3, 30), say.told_apart(None, 3, 30))
    yield from (say.passed(figure), say.worn_out(figure), say.misread())
    yield from (say.together(each) for each in (NOTHING, together(0), together(0, 1), together(0, 1, 2)))
    yield from (say.severity("SHOPPER", severity(points)) for points in (5.0, -5.0))
    yield from (say.relation(each) for each in (WITH, AGAINST, UNCLEAR, UNDEFINED))
    yield say.relations(NOTHING)
    yield from (say.left_out(1, 3), say.not_compared(2), say.severities_scale(10), say.drawn(severity(-5)))
    yield from (say.calibrated(0, 3), say.calibrated(2, 3))
    yield from (say.nobody_is_clear(()), say.nobody_is_clear((severity(1),)), say.one_impression("SHOPPER"))
    yield from (say.winning(COST, "EUR"), say.loss(LOSS, 150, "EUR"))


def test_translators_are_given_every_sentence() -> None:
    listening = Listening()
    list(everything_said(listening))
    assert len(listening.heard) > 18
    assert listening.heard - set(collect_texts()) == set()


def test_every_sentence_comes_through_the_catalogue() -> None:
    wrong = [said for said in everything_said(Shouting()) if said.replace(" and ", " AND ") != said.upper()]
    assert wrong == []


@pytest.mark.parametrize("n", [119, 120])
def test_from_120_visits_on_something_is_said_of_the_impression(n: int) -> None:
    assert (compose(visits(n), CHECKLIST, "enough").together is None) == (n < 120)
