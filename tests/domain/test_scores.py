"""The score of one visit: the acceptance vectors, and the laws that no visit may break."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit.domain.checklist.model import NOT_APPLICABLE, NOT_OBSERVED, Band, Text
from audit.domain.score import (
    HIDDEN,
    UNANSWERED,
    UNSCORED,
    Marking,
    Score,
    mean_score,
    round_half_up,
    score_markings,
)

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "statistics.json").read_text())["vectors"]


def vector(id: str) -> dict:
    return next(vector for vector in VECTORS if vector["id"] == id)


def markings_of(id: str) -> list[Marking]:
    return [marking_of(row) for row in vector(id)["inputs"]["items"]]


def marking_of(row: dict) -> Marking:
    share = None if row["earned"] is None else Fraction(row["earned"], row["max"])
    return Marking(
        row["id"],
        Fraction(row["weight"]),
        share,
        absence=NOT_APPLICABLE if share is None else "",
        dimensions=(row["dim"],),
        bonus=row.get("bonus", False),
        failed_critical=row.get("critical", False) and share == 0,
    )


def exact(pair: list[int]) -> Fraction:
    return Fraction(*pair)


def test_weights_and_a_partial_mark_are_exact() -> None:
    score, expected = score_markings(markings_of("a01")), vector("a01")["expected"]
    assert score.base == exact(expected["base"])
    assert score.status == expected["status"]
    assert round_half_up(score.base, 1) == expected["shown_1dp"]
    assert str(score.shown) == expected["shown_0dp"]
    assert {id: part.score for id, part in score.dimensions.items()} == {
        id: exact(pair) for id, pair in expected["dims"].items()
    }


def test_what_does_not_apply_leaves_the_score_and_widens_its_bounds() -> None:
    score, expected = score_markings(markings_of("a02")), vector("a02")["expected"]
    for name in ("base", "na_share", "low_if_na_failed", "high_if_na_passed"):
        assert getattr(score, name) == exact(expected[name]), name
    assert str(score.shown) == expected["shown_0dp"]
    assert score.status == expected["status"]


@pytest.mark.parametrize("absence", [NOT_APPLICABLE, UNANSWERED])
def test_what_was_left_unanswered_counts_like_what_does_not_apply(absence: str) -> None:
    score = score_markings([Marking("told", Fraction(3), Fraction(1)), Marking("open", Fraction(1), None, absence)])
    assert (score.base, score.na_share) == (100, Fraction(1, 4))
    assert (score.low_if_na_failed, score.high_if_na_passed) == (75, 100)


def test_a_bonus_that_was_not_observed_is_counted_with_the_others() -> None:
    extra = Marking("extra", Fraction(1), None, NOT_OBSERVED, bonus=True)
    other = Marking("other", Fraction(1), None, NOT_OBSERVED)
    assert score_markings([Marking("told", Fraction(3), Fraction(1)), extra, other]).not_observed == 2


def test_a_visit_is_partial_above_a_fifth_and_unscored_above_a_half() -> None:
    statuses = []
    for case in vector("a03")["inputs"]["cases"]:
        answered = Marking("answered", Fraction(case["weights_answered"]), Fraction(1))
        absent = Marking("absent", Fraction(case["weights_na"]), None, NOT_APPLICABLE)
        statuses.append(score_markings([answered, absent]).status)
    assert statuses == vector("a03")["expected"]["status"]


def test_a_bonus_adds_to_what_was_earned_and_stops_at_a_hundred() -> None:
    score, expected = score_markings(markings_of("a05")), vector("a05")["expected"]
    for name in ("base", "with_bonus", "official"):
        assert getattr(score, name) == exact(expected[name]), name


def test_a_failed_critical_question_caps_the_official_score_alone() -> None:
    given_ = vector("a06")
    score = score_markings(markings_of("a06"), Fraction(given_["inputs"]["critical_cap"]))
    assert score.base == exact(given_["expected"]["base"])
    assert score.official == exact(given_["expected"]["official"])
    assert list(score.critical_failed) == given_["expected"]["critical_failed"]


def test_a_failed_critical_question_lifts_no_score_up_to_the_cap() -> None:
    visit = [
        Marking("till", Fraction(7), Fraction(0), failed_critical=True),
        Marking("shelf", Fraction(3), Fraction(1)),
    ]
    assert score_markings(visit, Fraction(49)).official == 30


def test_the_band_and_the_shown_figure_are_those_of_the_official_score() -> None:
    title = Text({"en": "Any"})
    bands = (Band("low", title, Fraction(0)), Band("high", title, Fraction(80)))
    failed = Marking("till", Fraction(1), Fraction(0), failed_critical=True)
    capped = score_markings([failed, Marking("shelf", Fraction(9), Fraction(1))], Fraction(49), bands=bands)
    assert (capped.with_bonus, capped.official, capped.shown, capped.band) == (90, 49, 49, "low")
    reached = score_markings([Marking("till", Fraction(5), Fraction(4, 5))], bands=bands)
    assert (reached.official, reached.band) == (80, "high")


def test_the_shown_figure_never_reaches_a_target_that_the_score_did_not() -> None:
    visit = [Marking("till", Fraction(1), Fraction(796, 1000))]
    assert (score_markings(visit).shown, score_markings(visit, target=Fraction(80)).shown) == (80, 79)


def test_a_score_that_reaches_its_target_is_rounded_like_any_other() -> None:
    assert round_half_up(Fraction(169, 2), 0, Fraction(169, 2)) == "85"


def test_a_partial_score_enters_averages_and_an_unscored_one_does_not() -> None:
    told = Marking("told", Fraction(6), Fraction(1))
    partial, unscored = (
        score_markings([told, Marking("absent", Fraction(weight), None, NOT_APPLICABLE)]) for weight in (3, 9)
    )
    assert [(score.status, score.counts) for score in (partial, unscored)] == [("partial", True), (UNSCORED, False)]


def test_what_stands_in_no_section_makes_none() -> None:
    placed = Marking("till", Fraction(1), Fraction(1), section="counter")
    assert list(score_markings([placed, Marking("told", Fraction(1), Fraction(1))]).sections) == ["counter"]


def test_halves_are_rounded_up_on_the_exact_value() -> None:
    inputs, expected = vector("a08")["inputs"], vector("a08")["expected"]
    shown = [round_half_up(exact(v), places) for v, places in zip(inputs["values"], inputs["places"], strict=True)]
    assert shown == expected["shown"]


def test_rounding_never_lifts_a_score_over_the_target() -> None:
    inputs, expected = vector("a09")["inputs"], vector("a09")["expected"]
    value, target = exact(inputs["value"]), Fraction(inputs["target"])
    assert [round_half_up(value, places, target) for places in inputs["places"]] == expected["shown"]


def test_the_mean_of_visits_is_of_exact_scores() -> None:
    assert mean_score([Fraction(1605, 20), Fraction(1615, 20)]) == Fraction(161, 2)
    assert mean_score([]) is None


shares = some.fractions(min_value=0, max_value=1, max_denominator=12)
weights = some.fractions(min_value=0, max_value=20, max_denominator=4)


@some.composite
def markings(draw: some.DrawFn) -> Marking:
    absence = draw(some.sampled_from(["", "", "", NOT_APPLICABLE, NOT_OBSERVED, UNANSWERED, HIDDEN]))
    applies, not_applicable = draw(some.sampled_from([(6, 0), (6, 0), (4, 2), (3, 1)]))  # sixths of a grid's rows
    return Marking(
        draw(some.from_regex(r"[a-z]{1,6}", fullmatch=True)),
        draw(weights),
        None if absence else draw(shares),
        absence,
        dimensions=tuple(draw(some.sets(some.sampled_from(["warmth", "name", "recovery"]), max_size=2))),
        section=draw(some.sampled_from(["arrival", "counter"])),
        bonus=draw(some.integers(0, 9)) == 0,
        failed_critical=not absence and draw(some.integers(0, 9)) == 0,
        applies=Fraction(applies, 6),
        not_applicable=Fraction(not_applicable, 6),
    )


visits = some.lists(markings(), max_size=12)


def added_up(visit: list[Marking]) -> tuple[Fraction, Fraction]:
    """What these questions earned and could have earned, fraction by fraction."""
    counted = [marking for marking in visit if not marking.bonus and marking.share is not None]
    possible = [marking.weight * marking.applies for marking in counted]
    return sum(m.share * one for m, one in zip(counted, possible, strict=True)), sum(possible)


@given(visits)
def test_a_score_and_its_parts_are_what_the_fractions_of_their_questions_add_up_to(visit: list[Marking]) -> None:
    score = score_markings(visit)
    assert (score.earned, score.possible) == added_up(visit)
    assert score.base == (100 * score.earned / score.possible if score.possible else None)
    for id, part in score.dimensions.items():
        assert (part.earned, part.possible) == added_up([one for one in visit if id in one.dimensions])
    for id, part in score.sections.items():
        inside = [one for one in visit if one.section == id]
        assert (part.earned, part.possible) == added_up(inside)
        assert part.n == sum(bool(one.share is not None and one.weight and not one.bonus) for one in inside)


@given(visits)
def test_every_score_lies_between_nothing_and_a_hundred_and_within_its_bounds(visit: list[Marking]) -> None:
    score = score_markings(visit)
    for value in (score.base, score.with_bonus, score.official, score.low_if_na_failed, score.high_if_na_passed):
        assert value is None or 0 <= value <= 100
    if score.base is not None:
        assert score.low_if_na_failed <= score.base <= score.high_if_na_passed
        assert score.base <= score.with_bonus


@given(visits, weights)
def test_a_hidden_question_never_changes_a_score(visit: list[Marking], weight: Fraction) -> None:
    hidden = Marking("hidden", weight, None, HIDDEN, ("warmth",), "arrival")
    assert without_lists(score_markings([*visit, hidden])) == without_lists(score_markings(visit))


@given(visits, weights)
def test_what_was_not_observed_enters_neither_score_nor_share_nor_bounds(
    visit: list[Marking], weight: Fraction
) -> None:
    before = score_markings(visit)
    after = score_markings([*visit, Marking("unseen", weight, None, NOT_OBSERVED)])
    assert without_lists(after) == {**without_lists(before), "not_observed": before.not_observed + 1}


@given(visits, some.randoms())
def test_the_order_of_questions_never_changes_a_score(visit: list[Marking], chance: object) -> None:
    shuffled = list(visit)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert without_lists(score_markings(shuffled)) == without_lists(score_markings(visit))


@given(visits, some.integers(1, 9))
def test_scaling_every_weight_alike_never_changes_a_score(visit: list[Marking], factor: int) -> None:
    scaled = [replace(marking, weight=marking.weight * factor) for marking in visit]
    assert score_markings(scaled).official == score_markings(visit).official


@given(visits)
def test_every_point_lost_is_explained_by_a_question(visit: list[Marking]) -> None:
    score = score_markings(visit)
    assert sum(question.lost for question in score.questions) == score.possible - score.earned
    for question in score.questions:
        assert question.lost == 0 or question.why in ("partly", "nothing")


@given(visits)
def test_a_better_answer_never_lowers_a_score(visit: list[Marking]) -> None:
    for place, marking in enumerate(visit):
        if marking.share is not None:
            better = replace(marking, share=Fraction(1))
            raised = score_markings([*visit[:place], better, *visit[place + 1 :]])
            assert raised.official is None or raised.official >= score_markings(visit).official


@given(visits)
def test_a_score_survives_being_written_down(visit: list[Marking]) -> None:
    score = score_markings(visit)
    assert Score.from_tree(json.loads(json.dumps(score.to_tree()))) == score


@given(some.fractions(min_value=0, max_value=100), some.integers(0, 3), some.integers(0, 100))
def test_rounding_is_right_to_half_a_unit_and_never_crosses_the_target(
    value: Fraction, places: int, target: int
) -> None:
    shown = Fraction(round_half_up(value, places, Fraction(target)))
    assert abs(shown - value) < Fraction(1, 10**places)
    assert (shown >= target) == (value >= target)


def without_lists(score: Score) -> dict:
    """What a score says, without the lists that naturally grow with each question."""
    tree = score.to_tree()
    del tree["questions"], tree["dimensions"], tree["sections"]
    tree["critical_failed"] = sorted(tree["critical_failed"])
    return tree


@pytest.mark.parametrize("value", [Fraction(-1, 2), Fraction(-5, 4)])
def test_a_negative_change_is_written_with_its_sign(value: Fraction) -> None:
    assert Fraction(round_half_up(value, 1)) <= 0
