"""Groups and places: who is told apart, who is not admitted, and how often the promise of nine in ten is kept."""

from collections.abc import Sequence

import pytest

from audit.domain.statistics.draws import Draws
from audit.domain.statistics.groups import ABOVE, ALIKE, BELOW, NOT_RANKED, group_of, is_at_ceiling, learn_levels
from audit.domain.statistics.measuring import AreaFigures, ScoredVisit, measure_visits
from audit.domain.statistics.places import expected_places, place_ranges, settle_places, strict_places
from tests.domain.statistics.waves import MIXED, area_of, simulated_wave


def groups_of(scores: dict[str, Sequence[float]], standard: float | None = None) -> dict[str, str]:
    return {each.branch: each.group for each in area_of(scores, standard).branches}


def test_a_branch_far_off_is_told_apart_and_the_middle_is_not() -> None:
    found = groups_of(MIXED)
    assert found["harbour"] == ABOVE
    assert found["quayside"] == BELOW
    assert {found[branch] for branch in ("market", "mill-lane", "old-bridge")} == {ALIKE}


def test_a_branch_needs_three_visits_and_two_shoppers() -> None:
    assert group_of(0.99, visits=2, shoppers=2) == NOT_RANKED
    assert group_of(0.99, visits=3, shoppers=1) == NOT_RANKED
    assert group_of(0.99, visits=3, shoppers=2) == ABOVE
    assert group_of(0.10, visits=3, shoppers=2) == BELOW
    assert group_of(0.50, visits=3, shoppers=2) == ALIKE


def test_nobody_is_called_below_on_few_visits_where_scores_pile_up_at_100() -> None:
    assert group_of(0.01, visits=5, shoppers=5, at_ceiling=True) == ALIKE
    assert group_of(0.01, visits=6, shoppers=6, at_ceiling=True) == BELOW
    assert group_of(0.99, visits=3, shoppers=3, at_ceiling=True) == ABOVE
    assert not is_at_ceiling([100, 90, 90, 90])
    assert is_at_ceiling([100, 100, 90, 90, 90])


def test_visits_by_one_shopper_do_not_rank_a_branch() -> None:
    visits = [ScoredVisit(branch, score, shopper="sam") for branch, scores in MIXED.items() for score in scores]
    (area,) = measure_visits(visits).areas
    assert {each.group for each in area.branches} == {NOT_RANKED}
    assert {each.shoppers for each in area.branches} == {1}


def test_an_area_of_four_branches_is_held_against_a_standard_alone() -> None:
    few = {branch: MIXED[branch] for branch in ("harbour", "market", "old-bridge", "quayside")}
    area = area_of(few)
    assert {each.group for each in area.branches} == {NOT_RANKED}
    assert {each.p_above for each in area.branches} == {None}
    assert groups_of(few, standard=80) == {
        "harbour": ABOVE,
        "market": ALIKE,
        "old-bridge": ALIKE,
        "quayside": BELOW,
    }


def test_a_branch_that_is_not_ranked_still_has_its_probability_in_a_large_area() -> None:
    area = area_of({**MIXED, "station": [81]})
    (station,) = [each for each in area.branches if each.branch == "station"]
    assert station.group == NOT_RANKED
    assert station.p_above is not None


def test_a_single_branch_can_be_held_against_a_standard() -> None:
    assert groups_of({"harbour": [97, 95, 98]}, standard=60) == {"harbour": ABOVE}
    assert groups_of({"harbour": [97, 95, 98]}, standard=99.5) != {"harbour": ABOVE}


def test_branches_that_are_all_perfect_cannot_be_told_apart() -> None:
    perfect = {f"branch-{number}": [100, 100, 100] for number in range(6)}
    assert set(groups_of(perfect).values()) == {ALIKE}
    assert [each.p_above for each in area_of(perfect).branches] == pytest.approx([0.5] * 6)


def test_branches_that_are_known_exactly_and_are_alike_cannot_be_told_apart() -> None:
    assert learn_levels([80.0] * 6, [0.0] * 6).above_average() == pytest.approx([0.5] * 6)


def test_perfect_scores_are_not_proof_of_perfection() -> None:
    (alone,) = area_of({"harbour": [100, 100, 100]}, standard=99).branches
    assert alone.group == ALIKE


def test_the_same_seed_draws_the_same_places_and_another_seed_others() -> None:
    levels = learn_levels([91, 88, 84, 80, 72, 64], [160 / 3] * 6)
    assert place_ranges(levels, "North, spring") == place_ranges(levels, "North, spring")
    assert Draws("North").shares(5) != Draws("South").shares(5)


def test_draws_are_the_same_for_ever() -> None:
    assert Draws("candour").shares(3) == [0.4021367340783478, 0.22044739177367545, 0.8239566340065453]


def test_draws_do_not_depend_on_how_they_are_asked_for() -> None:
    together, apart = Draws("North").shares(9000), Draws("North")
    assert apart.shares(4000) + apart.shares(5000) == together


def test_draws_are_even_and_never_at_an_end() -> None:
    shares = Draws("evenness").shares(20_000)
    assert all(0 < share < 1 for share in shares)
    assert sum(shares) / len(shares) == pytest.approx(0.5, abs=0.01)
    normals = Draws("evenness").normals(20_000)
    assert sum(normals) / len(normals) == pytest.approx(0, abs=0.03)
    assert sum(z * z for z in normals) / len(normals) == pytest.approx(1, abs=0.03)


def test_place_ranges_lie_within_the_area_and_follow_the_means() -> None:
    levels = learn_levels([95, 84, 82, 80, 72, 50], [5.0] * 6)
    found = place_ranges(levels, "North")
    assert all(1 <= best <= worst <= 6 for best, worst in found)
    assert found[0] == (1, 1)
    assert found[-1] == (6, 6)
    assert sum(expected_places(levels)) == pytest.approx(21)


def test_places_that_are_drawn_are_those_that_are_exactly_to_be_expected() -> None:
    levels = learn_levels([91, 88, 84, 84, 80, 72], [40.0, 60.0, 20.0, 80.0, 40.0, 60.0])
    each_time = [place_ranges(levels, f"wave {each}", level=0.0, number=1) for each in range(1_000)]
    drawn = ([places[branch][0] for places in each_time] for branch in range(6))
    for places, expected in zip(drawn, expected_places(levels), strict=True):
        assert sum(places) / len(places) == pytest.approx(expected, abs=0.2)


def test_strict_places_tell_apart_only_what_three_visits_can_carry() -> None:
    means = [91, 88, 86, 84, 82, 80, 79, 77, 72, 64]
    assert strict_places(means, [160 / 3] * 10) == [(1, 10)] * 10
    apart = strict_places([95, 94, 50], [1.0] * 3)
    assert apart == [(1, 2), (1, 2), (3, 3)]
    assert strict_places([80], [10.0]) == [(1, 1)]


# The promise, simulated: branches differ by `tau` points, visits by 12, shoppers by 4.


def share_of_waves_with_a_label(waves: int, branches: int = 50, visits: int = 3) -> float:
    draws = Draws(f"identical, {branches} branches, {visits} visits")
    told = 0
    for _ in range(waves):
        _, area = simulated_wave(draws, branches, visits, tau=0)
        told += any(each.group in (ABOVE, BELOW) for each in area.branches)
    return told / waves


def share_on_the_wrong_side(waves: int, visits: int) -> tuple[float, float]:
    """(share of labels on the wrong side of the area's true mean, labels in a wave)."""
    draws = Draws(f"different, {visits} visits")
    labels = wrong = 0
    for _ in range(waves):
        levels, area = simulated_wave(draws, 50, visits, tau=6)
        mean = sum(levels) / len(levels)
        for level, each in zip(levels, area.branches, strict=True):
            labels += each.group in (ABOVE, BELOW)
            wrong += (each.group == ABOVE and level < mean) or (each.group == BELOW and level > mean)
    return wrong / max(1, labels), labels / waves


def test_identical_branches_are_seldom_told_apart() -> None:
    assert share_of_waves_with_a_label(waves=60) <= 0.15


def share_of_waves_that_name_someone_for_a_lost_question(waves: int, branches: int, visits: int, lost: float) -> float:
    """Branches that are alike and next to perfect: each of 20 questions is lost in `lost` of the visits."""
    draws, told = Draws(f"next to perfect, {branches} branches, {visits} visits, {lost}"), 0
    for _ in range(waves):
        shares = iter(draws.shares(branches * visits * 20))
        made = [
            ScoredVisit(f"{branch:02}", 100 - 5 * sum(next(shares) < lost for _ in range(20)), "North")
            for branch in range(branches)
            for _ in range(visits)
        ]
        (area,) = measure_visits(made).areas
        told += any(each.group in (ABOVE, BELOW) for each in area.branches)
    return told / waves


def test_where_hardly_a_question_is_ever_lost_one_that_is_lost_makes_no_branch_worse_than_its_equals() -> None:
    assert share_of_waves_that_name_someone_for_a_lost_question(60, branches=12, visits=12, lost=0.001) <= 0.15


@pytest.mark.parametrize(("visits", "lost"), [(6, 0.0005), (6, 0.001), (12, 0.001)])
def test_of_fifty_branches_that_lose_next_to_nothing_none_is_worse_for_the_luck_of_two_questions(
    visits: int, lost: float
) -> None:
    assert share_of_waves_that_name_someone_for_a_lost_question(40, 50, visits, lost) <= 0.05


def next_to_perfect(lost_by_one: int) -> AreaFigures:
    """Fifty branches with twelve visits of 20 questions each. The first lost so many questions, one a visit, three
    others one, and the rest none."""
    lost = [lost_by_one, 1, 1, 1] + [0] * 46
    return area_of({f"{branch:02}": [95.0] * each + [100.0] * (12 - each) for branch, each in enumerate(lost)})


def test_where_hardly_a_question_is_lost_two_are_luck_and_six_are_not() -> None:
    lucky, worse = next_to_perfect(2), next_to_perfect(6)
    assert {each.group for each in lucky.branches} == {ALIKE}
    assert lucky.holds_back
    assert [each.branch for each in worse.branches if each.group == BELOW] == ["00"]
    assert not worse.branches[0].few_lost


def test_an_area_that_loses_a_question_here_and_there_holds_nobody_back() -> None:
    assert not area_of(MIXED).holds_back
    assert not any(each.few_lost for each in area_of(MIXED).branches)
    assert not any(each.few_lost for each in area_of({"harbour": [100, 100, 100]}, standard=90).branches)


def test_two_lost_questions_settle_no_place_that_money_may_depend_on() -> None:
    lucky, worse = (settle_places(next_to_perfect(lost)) for lost in (2, 8))
    assert lucky is not None
    assert worse is not None
    assert not lucky.settled
    assert worse.places["00"] == (50, 50)


def test_labels_are_seldom_on_the_wrong_side() -> None:
    wrong, labels = share_on_the_wrong_side(waves=25, visits=6)
    assert wrong <= 0.10
    assert 6 < labels < 18


@pytest.mark.soak
@pytest.mark.parametrize(("branches", "visits", "most"), [(50, 3, 0.09), (50, 12, 0.06), (12, 3, 0.12)])
def test_identical_branches_are_told_apart_no_more_often_than_promised(branches: int, visits: int, most: float) -> None:
    assert share_of_waves_with_a_label(1000, branches, visits) <= most


@pytest.mark.soak
@pytest.mark.parametrize(("visits", "most"), [(3, 0.10), (6, 0.06), (12, 0.04)])
def test_labels_keep_the_promise_over_many_waves(visits: int, most: float) -> None:
    wrong, _ = share_on_the_wrong_side(500, visits)
    assert wrong <= most
