"""The laws of ranges: within 0 and 100, wider with fewer visits, and of one branch whatever the others do."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit.domain.statistics.dispersion import Dispersion, measure_dispersion, repeated_shoppers_factor
from audit.domain.statistics.draws import Draws
from audit.domain.statistics.measuring import ScoredVisit, measure_visits
from audit.domain.statistics.ranges import (
    Range,
    effective_of_weights,
    effective_visits,
    likely_range,
    rate_range,
    weighted_mean,
)

points = some.floats(0, 100)
counts = some.lists(some.integers(1, 8), min_size=1, max_size=6)
dispersions = some.builds(Dispersion, some.floats(0.001, 2), some.integers(0, 5000))


@given(points, some.floats(1, 500), dispersions)
def test_a_range_stays_within_0_and_100_and_holds_its_mean(mean: float, visits: float, dispersion: Dispersion) -> None:
    reach = likely_range(mean, visits, dispersion)
    assert 0 <= reach.low <= mean <= reach.high <= 100


@given(points, some.floats(1, 500), some.floats(1.01, 20), dispersions)
def test_a_range_widens_with_fewer_visits(mean: float, visits: float, times: float, dispersion: Dispersion) -> None:
    assert likely_range(mean, visits, dispersion).width > likely_range(mean, visits * times, dispersion).width


@given(counts, some.floats(0, 1))
def test_repeated_shoppers_are_worth_less_but_at_least_one_visit(by_shopper: list[int], share: float) -> None:
    worth = effective_visits(by_shopper, share)
    assert 1 - 1e-9 <= worth <= sum(by_shopper) + 1e-9


@given(some.lists(counts, min_size=1, max_size=5), some.floats(0, 0.9))
def test_repeated_shoppers_hide_spread_and_never_add_it(groups: list[list[int]], share: float) -> None:
    assert repeated_shoppers_factor(groups, share) >= 1 - 1e-12


def test_one_shopper_alone_hides_the_whole_share_of_the_shoppers() -> None:
    assert repeated_shoppers_factor([[4], [3]], 0.1) == pytest.approx(1 / 0.9)
    assert repeated_shoppers_factor([[1, 1, 1]], 0.1) == 1


@given(some.integers(0, 40), some.integers(1, 40))
def test_the_range_of_a_rate_holds_it_to_the_last_digit(times: int, visits: int) -> None:
    assert rate_range(min(times, visits), visits).holds(min(times, visits) / visits)


def test_a_perfect_branch_still_has_a_range() -> None:
    reach = likely_range(100, 2, Dispersion(0.09, 11))
    assert reach.high == 100
    assert reach.low < 90


def test_print_rounds_the_ends_outwards_and_forgives_the_dust_of_arithmetic() -> None:
    assert Range(67.2, 90.1).shown == "67-91"
    assert Range(70 - 1e-13, 90 + 1e-13).shown == "70-90"
    assert Range(88.3, 100.0).shown == "88-100"


def test_dispersion_without_a_second_visit_is_the_prior() -> None:
    assert measure_dispersion([[84], [91]]) == Dispersion(0.10, 0)


def test_scores_that_are_all_perfect_say_nothing_about_dispersion() -> None:
    found = measure_dispersion([[100, 100, 100]] * 40)
    assert (found.phi, found.raw, found.degrees_of_freedom) == (0.10, None, 80)


@given(some.lists(some.lists(points, min_size=1, max_size=6), max_size=8))
def test_dispersion_is_positive_and_its_quantile_finite(groups: list[list[float]]) -> None:
    found = measure_dispersion(groups)
    assert found.phi > 0
    assert 1.6 < found.t < 2


def test_a_trend_between_waves_does_not_inflate_the_dispersion() -> None:
    waves = [("spring", 60), ("spring", 62), ("autumn", 90), ("autumn", 92)]
    apart = [ScoredVisit("mill-lane", score, wave=wave) for wave, score in waves]
    mixed = [visit._replace(wave="") for visit in apart]
    assert measure_visits(apart).dispersion.phi < measure_visits(mixed).dispersion.phi


def test_a_rate_of_critical_failures_has_a_range_even_at_none() -> None:
    reach = rate_range(0, 12)
    assert reach.low == 0
    assert 0.1 < reach.high < 0.25


def test_weights_cost_visits() -> None:
    assert effective_of_weights([1, 1, 1]) == 3
    assert effective_of_weights([2, 1, 1]) == pytest.approx(16 / 6)
    assert effective_of_weights([]) == 0
    assert weighted_mean([80, 90], [3, 1]) == 82.5


def test_nine_ranges_of_ten_hold_the_true_level_at_the_top_too() -> None:
    """Checklists of 24 questions that nearly always pass, three visits to each of fifty branches: where a range of two
    standard deviations fails."""
    draws, held, number = Draws("coverage"), 0, 0
    for _ in range(12):
        levels = [min(0.995, max(0.5, 0.93 + 0.05 * z)) for z in draws.normals(50)]
        made = [
            ScoredVisit(f"{branch:02}", 100 * sum(share < level for share in draws.shares(24)) / 24)
            for branch, level in enumerate(levels)
            for _ in range(3)
        ]
        (area,) = measure_visits(made).areas
        number += len(levels)
        held += sum(each.likely_range.holds(100 * at) for each, at in zip(area.branches, levels, strict=True))
    assert 0.87 <= held / number <= 0.95


def test_an_area_has_a_range_that_one_shopper_in_all_branches_widens() -> None:
    scores = [(f"b{place % 6}", 70 + 5 * (place % 5)) for place in range(30)]
    one, many = (
        measure_visits([ScoredVisit(branch, score, shopper=f"s{place * spread}") for place, (branch, score) in made])
        for made, spread in ((list(enumerate(scores)), 0), (list(enumerate(scores)), 1))
    )
    assert one.areas[0].mean == many.areas[0].mean == pytest.approx(80)
    assert one.areas[0].likely_range.width > many.areas[0].likely_range.width
    assert many.areas[0].likely_range.width < many.areas[0].branches[0].likely_range.width


visits = some.lists(
    some.builds(
        ScoredVisit,
        some.sampled_from(["mill-lane", "quayside", "old-bridge", "harbour", "market", "station"]),
        some.integers(0, 400).map(lambda quarters: quarters / 4),
        some.sampled_from(["North", "South"]),
        some.sampled_from(["spring", "autumn"]),
        some.sampled_from(["", "sam", "sue", "sid"]),
    ),
    min_size=1,
    max_size=40,
)


@given(visits, some.randoms(use_true_random=False), some.none() | points)
def test_the_order_of_visits_changes_nothing(made: list[ScoredVisit], chance: object, standard: float | None) -> None:
    shuffled = list(made)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert measure_visits(shuffled, standard) == measure_visits(made, standard)


@given(visits, points)
def test_a_visit_to_another_branch_changes_no_mean(made: list[ScoredVisit], score: float) -> None:
    before, after = measure_visits(made), measure_visits([*made, ScoredVisit("elsewhere", score, "North")])
    figures = {(area.area, each.branch): (each.mean, each.visits) for area in after.areas for each in area.branches}
    for area in before.areas:
        for each in area.branches:
            assert figures[area.area, each.branch] == (each.mean, each.visits)


@given(visits)
def test_every_figure_is_finite_and_in_bounds(made: list[ScoredVisit]) -> None:
    for area in measure_visits(made, 80).areas:
        for each in area.branches:
            assert each.p_above is not None
            assert 0 <= each.p_above <= 1
            assert 0 <= each.likely_range.low <= each.likely_range.high <= 100
            assert math.isfinite(each.mean)


@pytest.mark.parametrize("score", [-1, 100.5, math.nan])
def test_a_score_outside_0_to_100_is_refused(score: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        measure_visits([ScoredVisit("mill-lane", score)])
