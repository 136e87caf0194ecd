"""Filmed scenes: how far shoppers mark alike, whoever they are and in whatever order their markings come."""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit.domain.statistics.scenes import FEW_SCENES, MarkingRow, ScenesCompared, compare_markings, sort_markings
from tests.domain.statistics.filmed import E04, FILMED, rows_of

ANY_FILM = some.lists(
    some.lists(some.sampled_from(["yes", "no", "a little", None]), min_size=4, max_size=4), min_size=1, max_size=12
)


def test_a_table_brings_the_figures_of_other_peoples_libraries() -> None:
    found = compare_markings(FILMED)
    assert found.together.alpha == pytest.approx(E04["expected"]["alpha"], abs=E04["tolerance"])
    assert found.together.ac1 == pytest.approx(E04["expected"]["ac1"], abs=E04["tolerance"])
    assert (found.together.scenes, found.together.shoppers) == (8, 4)
    assert (found.markings, found.missing, found.alone) == (28, 4, 0)
    assert found.questions == (found.together,)


def test_the_scenes_marked_most_differently_come_first_and_those_marked_alike_not_at_all() -> None:
    found = compare_markings(FILMED)
    assert [each.scene for each in found.unlike] == ["Scene 2", "Scene 8", "Scene 1", "Scene 4"]
    assert found.unlike[0].markings == (("y", 2), ("n", 1))


def test_the_tenth_scene_stands_behind_the_second() -> None:
    found = compare_markings(rows_of([["y", "n"]] * 10))
    assert [each.scene for each in found.unlike] == [f"Scene {number}" for number in range(1, 11)]


@given(ANY_FILM, some.randoms(use_true_random=False))
def test_the_order_of_rows_and_the_names_of_shoppers_change_nothing(
    scenes: list[list[str | None]], dice: Random
) -> None:
    rows = rows_of(scenes)
    named = {row.shopper: f"someone else {place}" for place, row in enumerate(reversed(rows[:4]))}
    other = [replace(row, shopper=named[row.shopper]) for row in rows]
    dice.shuffle(other)
    assert compare_markings(other) == compare_markings(rows)


@given(ANY_FILM)
def test_shares_and_ranges_stay_between_none_and_all(scenes: list[list[str | None]]) -> None:
    found = compare_markings(rows_of(scenes))
    for each in (found.together, *found.questions):
        assert (each.share is None) == (each.range is None) == (each.scenes == 0)
        if each.share is not None and each.range is not None:
            assert 0 <= each.range.low <= each.share + 1e-12
            assert each.share - 1e-12 <= each.range.high <= 1
            assert each.ac1 is None or each.ac1 <= 1 + 1e-12
    assert all(0 <= each.share < 1 for each in found.unlike)


@given(ANY_FILM)
def test_a_scene_that_a_single_shopper_marked_changes_no_share(scenes: list[list[str | None]]) -> None:
    rows = rows_of(scenes)
    alone = MarkingRow(1000, "Scene 99", "Shopper 1", "yes")
    before, after = compare_markings(rows), compare_markings([*rows, alone])
    assert (after.together.share, after.together.range) == (before.together.share, before.together.range)
    assert after.unlike == before.unlike
    assert after.alone == before.alone + 1


def test_more_scenes_narrow_the_range_and_more_questions_of_the_same_scenes_do_not() -> None:
    def width(found: ScenesCompared) -> float:
        assert found.together.range is not None
        return found.together.range.width

    once = [["y", "y"], ["y", "n"]] * 5
    few, many = compare_markings(rows_of(once)), compare_markings(rows_of(once * 4))
    twice = compare_markings(rows_of(once, "greeted") + rows_of(once, "thanked"))
    assert width(many) < width(few)
    assert width(twice) == pytest.approx(width(few))
    assert few.few
    assert not many.few
    assert not compare_markings(rows_of([["y", "y"]] * FEW_SCENES)).few


def test_markings_of_different_questions_are_never_held_against_each_other() -> None:
    greeted = rows_of([["yes", "yes"], ["no", "no"], ["yes", "no"]], "greeted")
    found = compare_markings(greeted + rows_of([["4", "4"], ["2", "2"], ["5", "5"]], "warmth"))
    assert [(each.question, each.share) for each in found.questions] == [
        ("greeted", pytest.approx(2 / 3)),
        ("warmth", 1),
    ]
    assert found.questions[0] == compare_markings(greeted).together
    assert found.together.share == pytest.approx(5 / 6)
    assert found.together.scenes == 3
    assert (found.together.ac1, found.together.alpha) == (None, None)
    assert [(each.scene, each.question) for each in found.unlike] == [("Scene 3", "greeted")]


def test_capitals_and_spaces_make_no_other_marking_scene_or_shopper() -> None:
    spelled = (("Scene 1", "Ann", "Yes"), ("SCENE 1", "Ben", "yes "), ("scene 1", "ann", "YES"))
    rows = [MarkingRow(number, *row) for number, row in enumerate(spelled, 2)]
    taken, refused = sort_markings(rows)
    assert [row.number for row in taken] == [2, 3]
    assert [(row.row, row.why) for row in refused] == [
        (4, "The same marking stands in row 2 already. Leave one of them out.")
    ]
    assert compare_markings(taken).together.share == 1


def test_rows_that_contradict_each_other_are_none_of_them_taken() -> None:
    again = MarkingRow(99, "Scene 1", "Shopper 1", "n")
    taken, refused = sort_markings([*FILMED, again])
    assert [row.row for row in refused] == [2, 99]
    assert refused[0].why.endswith("otherwise in row 99. Keep the row that holds.")
    assert refused[1].why.endswith("otherwise in row 2. Keep the row that holds.")
    assert len(taken) == len(FILMED) - 1


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (MarkingRow(7, "", "A", "y"), "There is no scene. Write which scene was marked."),
        (MarkingRow(7, "1", "", "y"), "There is no shopper. Write who marked it; any sign for the person will do."),
        (MarkingRow(7, "1", "A", "y", ""), "There is no question. Write which question was marked."),
        (MarkingRow(7, "1", "A", "y" * 201), "A text has more than 200 letters. Check that"),
    ],
)
def test_a_row_that_cannot_be_compared_is_refused_with_its_mend(row: MarkingRow, why: str) -> None:
    taken, refused = sort_markings([row])
    assert taken == ()
    ((number, said),) = ((each.row, each.why) for each in refused)
    assert number == 7
    assert said.startswith(why)


def test_without_two_shoppers_there_is_no_figure() -> None:
    found = compare_markings(rows_of([["y"], ["n"]]))
    assert (found.together.share, found.together.ac1, found.together.alpha) == (None, None, None)
    assert (found.together.scenes, found.alone) == (0, 2)
    assert compare_markings([]).questions == ()


def test_thousands_of_scenes_with_a_kind_of_marking_each_are_compared_at_once() -> None:
    began = time.process_time()
    found = compare_markings(rows_of([[f"{scene} this", f"{scene} that"] for scene in range(8_000)]))
    assert time.process_time() - began < 10  # a minute, if every kind is looked for in every scene
    assert found.together.share == 0
    assert found.together.ac1 == pytest.approx(-1 / 15_999)
