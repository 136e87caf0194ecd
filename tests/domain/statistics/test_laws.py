"""Laws that hold for every figure: the order in which visits come changes nothing, other branches change nothing of
one's own, what is said twice is not said better, and no range leaves what there is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from audit.domain.statistics.agreement import gwet_ac1, krippendorff_alpha, percent_agreement
from audit.domain.statistics.change import (
    Level,
    benjamini_hochberg,
    change_between,
    change_p_value,
    clear_changes,
    holm,
    rate_change,
    rate_verdicts,
)
from audit.domain.statistics.coverage import cover
from audit.domain.statistics.dispersion import (
    Dispersion,
    measure_dispersion,
    pool_dispersions,
    repeated_shoppers_factor,
)
from audit.domain.statistics.draws import Draws
from audit.domain.statistics.groups import NOT_RANKED, learn_levels
from audit.domain.statistics.measuring import AreaFigures, ScoredVisit, measure_visits
from audit.domain.statistics.places import expected_places, place_ranges, settle_places
from audit.domain.statistics.questions import halo, most_failures, question_figures, relations
from audit.domain.statistics.ranges import effective_visits, rate_range
from audit.domain.statistics.severity import Marked, connected_parts, severities, shopper_share, variance_components
from audit.domain.statistics.suppression import Colleague, suppress
from audit.domain.statistics.together import LEAST_VISITS, find_together
from audit.domain.statistics.traffic import WEEK, TimedVisit, Traffic, weigh
from audit.domain.statistics.versions import VersionedVisit, version_offset
from audit.reports.overview import find_moved, put_in_a_row, spread_over_week
from audit.reports.period import quarter_of, year_of

dice = some.randoms(use_true_random=False)
# Scores as checklists bring them: thirds and sevenths of a hundred, which no floating-point number hits.
scores = some.tuples(some.integers(0, 21), some.sampled_from([3, 7, 9, 13, 21])).map(
    lambda pair: 100 * min(1, pair[0] / pair[1])
)
branches = some.sampled_from(["harbour", "market", "mill-lane", "old-bridge", "quayside", "station"])
shoppers = some.sampled_from(["", "sam", "sue", "sid"])
visits = some.lists(
    some.builds(
        ScoredVisit,
        branches,
        scores,
        some.sampled_from(["North", "South", ""]),
        some.sampled_from(["spring", "autumn"]),
        shoppers,
        some.sampled_from([1, 2]),
    ),
    min_size=1,
    max_size=40,
)
markings = some.lists(
    some.lists(some.none() | some.sampled_from([0.0, 1 / 3, 2 / 3, 1.0]), min_size=4, max_size=4), max_size=30
)
levels = some.builds(Level, some.floats(0, 100), some.floats(1, 50))
dispersions = some.builds(Dispersion, some.floats(0.001, 2), some.integers(0, 5000))
counts = some.tuples(some.integers(0, 12), some.integers(0, 12)).filter(any)


def shuffled(things: Sequence[Any], chance: Random) -> list[Any]:
    other = list(things)
    chance.shuffle(other)
    return other


# The order in which visits come changes nothing, to the last digit.


@given(visits, dice, some.none() | some.floats(0, 100), some.sampled_from([0.0, 0.1, 0.4]))
def test_of_areas_programme_places_and_the_offset_of_a_version(
    made: list[ScoredVisit], chance: Random, standard: float | None, share: float
) -> None:
    first, second = (measure_visits(each, standard, share) for each in (made, shuffled(made, chance)))
    assert first == second
    for one, other in zip(first.areas, second.areas, strict=True):
        assert settle_places(one) == settle_places(other)
        assert expected_places(one.levels) == expected_places(other.levels)
        assert place_ranges(one.levels, "seed", number=20) == place_ranges(other.levels, "seed", number=20)


@given(visits, visits, dice)
def test_of_what_changed_in_a_list(before: list[ScoredVisit], after: list[ScoredVisit], chance: Random) -> None:
    def moved(*periods: Sequence[ScoredVisit]) -> object:
        then, now = (measure_visits(each) for each in periods)
        assert then.whole
        assert now.whole
        return find_moved(year_of(date(2026, 1, 1)), then, now, then.whole, now.whole)

    assert moved(before, after) == moved(shuffled(before, chance), shuffled(after, chance))


@given(some.lists(some.lists(scores, max_size=6), max_size=8), dice)
def test_of_the_dispersion(groups: list[list[float]], chance: Random) -> None:
    other = shuffled([shuffled(group, chance) for group in groups], chance)
    assert measure_dispersion(groups) == measure_dispersion(other)
    by_shopper = [[1 + len(group) % 3, len(group)] for group in groups]
    assert repeated_shoppers_factor(by_shopper) == repeated_shoppers_factor(shuffled(by_shopper, chance))


versioned = some.builds(VersionedVisit, branches, some.booleans(), scores, shoppers)


@given(some.lists(versioned, max_size=30), dice)
def test_of_versions(made: list[VersionedVisit], chance: Random) -> None:
    assert version_offset(made) == version_offset(shuffled(made, chance))


DAYS = some.integers(0, 700).map(lambda day: date(2025, 1, 1) + timedelta(days=day))


@given(some.lists(some.tuples(DAYS, some.sampled_from([1, 2]), scores), max_size=40), dice)
def test_of_a_row_of_waves(made: list[tuple[date, int, float]], chance: Random) -> None:
    quarter = quarter_of(date(2026, 11, 1))
    assert put_in_a_row(quarter, made) == put_in_a_row(quarter, shuffled(made, chance))


@given(some.lists(some.tuples(DAYS, some.integers(0, 30)), max_size=20), dice)
def test_of_a_week(made: list[tuple[date, int]], chance: Random) -> None:
    zone = ZoneInfo("Europe/Berlin")
    moments = [
        (day, datetime(day.year, day.month, day.day, hour, tzinfo=UTC) if hour < 24 else None, zone)
        for day, hour in made
    ]
    assert spread_over_week(moments) == spread_over_week(shuffled(moments, chance))


@given(some.lists(some.builds(TimedVisit, some.sampled_from([None, *WEEK]), scores, shoppers), min_size=1), dice)
def test_of_visits_weighed_by_customers(made: list[TimedVisit], chance: Random) -> None:
    traffic = Traffic({part: 1 + place % 5 for place, part in enumerate(WEEK[::3])})  # type: ignore[misc]
    assert weigh(traffic, made) == weigh(traffic, shuffled(made, chance))


@given(some.lists(some.lists(some.sampled_from(["y", "n", "?", None]), min_size=3, max_size=3), max_size=20), dice)
def test_of_scenes_and_of_those_who_mark_them(scenes: list[list[str | None]], chance: Random) -> None:
    other = shuffled([shuffled(scene, chance) for scene in scenes], chance)
    for figure in (percent_agreement, gwet_ac1, krippendorff_alpha):
        assert figure(scenes) == figure(other)


@given(markings, dice)
def test_of_questions(rows: list[list[float | None]], chance: Random) -> None:
    first, second = (question_figures(each) for each in (rows, shuffled(rows, chance)))
    assert first == second
    assert relations(first) == relations(second)


@given(some.lists(some.tuples(branches, shoppers, some.lists(scores, min_size=3, max_size=3)), max_size=30), dice)
def test_of_one_impression_behind_all(made: list[tuple[str, str, list[float]]], chance: Random) -> None:
    assert halo(made) == halo(shuffled(made, chance))


@settings(max_examples=15)
@given(dice)
def test_of_what_goes_together(chance: Random) -> None:
    draws = Draws("what goes together")
    made = [
        (f"b{place % 7}", [share * 100 / 3 for share in draws.shares(3)], 50.0 * (place % 3))
        for place in range(LEAST_VISITS)
    ]
    assert find_together(made, "seed", 10) == find_together(shuffled(made, chance), "seed", 10)


def net(shoppers: int = 8, each: int = 24, where: str = "") -> list[Marked]:
    draws = Draws(f"a net {where}")
    kindly = [5 * z for z in draws.normals(shoppers)]
    return [
        (f"{where}b{branch}", f"{where}s{shopper}", 70 + branch % 5 + kindly[shopper] + 8 * z)
        for shopper in range(shoppers)
        for branch, z in zip(draws.below(20, each), draws.normals(each), strict=True)
    ]


@settings(max_examples=15)
@given(dice)
def test_of_shoppers(chance: Random) -> None:
    made = net()
    other = shuffled(made, chance)
    first, second = severities(made), severities(other)
    assert [each.shopper for each in first] == [each.shopper for each in second]
    assert [each.points for each in first] == pytest.approx([each.points for each in second])
    assert [each.is_clear for each in first] == [each.is_clear for each in second]
    assert shopper_share(made) == shopper_share(other)
    assert len(connected_parts(made)) == len(connected_parts(other))
    one, two = variance_components(made), variance_components(other)
    assert one
    assert two
    assert (one.sigma2, one.omega2, one.tau2) == pytest.approx((two.sigma2, two.omega2, two.tau2))


# Nor does the order of what is looked at together: each keeps what was said of it.


@given(some.lists(some.tuples(counts, counts), max_size=12), dice)
def test_of_questions_that_changed(pairs: list[Any], chance: Random) -> None:
    order = shuffled(range(len(pairs)), chance)
    verdicts = rate_verdicts(pairs)
    assert rate_verdicts([pairs[place] for place in order]) == [verdicts[place] for place in order]


@given(some.lists(some.tuples(levels, levels), max_size=12), dispersions, dice)
def test_of_branches_that_changed(pairs: list[Any], dispersion: Dispersion, chance: Random) -> None:
    order = shuffled(range(len(pairs)), chance)
    clear = clear_changes(pairs, dispersion)
    assert clear_changes([pairs[place] for place in order], dispersion) == [clear[place] for place in order]


@given(some.lists(some.floats(0, 1), max_size=12), dice)
def test_of_chances_made_safe_together(values: list[float], chance: Random) -> None:
    order = shuffled(range(len(values)), chance)
    for adjust in (holm, benjamini_hochberg):
        adjusted = adjust(values)
        assert adjust([values[place] for place in order]) == [adjusted[place] for place in order]


@given(some.lists(some.tuples(scores, some.sampled_from([8.0, 20.0, 55.0])), min_size=1, max_size=12), dice)
def test_of_branches_told_apart(area: list[tuple[float, float]], chance: Random) -> None:
    order = shuffled(range(len(area)), chance)
    first = learn_levels(*zip(*area, strict=True))
    second = learn_levels(*zip(*(area[place] for place in order), strict=True))
    for one, other in (
        (first.above_average(), second.above_average()),
        (first.above_standard(80), second.above_standard(80)),
        (first.best_estimates(), second.best_estimates()),
    ):
        assert other == pytest.approx([one[place] for place in order], abs=1e-9)


@given(some.lists(some.integers(0, 9), max_size=8), dice)
def test_of_colleagues(seen: list[int], chance: Random) -> None:
    staff = [Colleague(f"c{place}", many, 3, 2) for place, many in enumerate(seen)]
    first, second = suppress(staff), suppress(shuffled(staff, chance))
    assert set(first.hidden) == set(second.hidden)
    assert first.hides_total == second.hides_total


# What others do changes nothing of one's own.


def own(area: AreaFigures, branch: str) -> tuple[object, ...]:
    return next((each.mean, each.visits, each.effective_visits) for each in area.branches if each.branch == branch)


@given(visits, visits)
def test_visits_to_another_area_change_nothing_that_was_seen_in_this_one(
    made: list[ScoredVisit], others: list[ScoredVisit]
) -> None:
    elsewhere = [visit._replace(area="Elsewhere") for visit in others]
    before, after = measure_visits(made), measure_visits([*made, *elsewhere])
    now = {area.area: area for area in after.areas}
    for area in before.areas:
        found = now[area.area]
        assert (found.mean, found.visits, found.effective_visits) == (area.mean, area.visits, area.effective_visits)
        assert found.at_ceiling == area.at_ceiling
        for each in area.branches:
            assert own(found, each.branch) == own(area, each.branch)
            assert (each.group == NOT_RANKED) == (own_group(found, each.branch) == NOT_RANKED)


def own_group(area: AreaFigures, branch: str) -> str:
    return next(each.group for each in area.branches if each.branch == branch)


def test_an_island_of_few_shoppers_changes_no_severity_elsewhere() -> None:
    alone, beside = severities(net()), severities([*net(), *net(4, where="island-")])
    assert alone
    assert [(each.shopper, each.visits) for each in beside] == [(each.shopper, each.visits) for each in alone]
    assert [each.points for each in beside] == pytest.approx([each.points for each in alone])


@given(some.lists(versioned, max_size=20), some.lists(scores, max_size=5))
def test_a_branch_with_one_version_alone_says_nothing_about_another(
    made: list[VersionedVisit], alone: list[float]
) -> None:
    others = (VersionedVisit("new town", True, score) for score in alone)
    assert version_offset([*made, *others]) == version_offset(made)


@given(markings, some.integers(1, 5))
def test_visits_in_which_a_question_did_not_count_change_nothing_of_it(
    rows: list[list[float | None]], more: int
) -> None:
    unseen: list[list[float | None]] = [[None, 1.0, 0.0, 1.0]] * more
    before, after = question_figures([*rows, [1.0] * 4]), question_figures([*rows, [1.0] * 4, *unseen])
    assert after[0] == before[0]


# What is said twice is not said better; fewer visits say less.


@given(visits)
def test_a_table_that_is_pasted_twice_moves_no_mean(made: list[ScoredVisit]) -> None:
    for area, twice in zip(measure_visits(made).areas, measure_visits([*made, *made]).areas, strict=True):
        assert (twice.mean, twice.visits) == (area.mean, 2 * area.visits)
        assert [each.mean for each in twice.branches] == [each.mean for each in area.branches]


@given(some.integers(0, 40), some.integers(1, 40), some.integers(2, 9))
def test_a_rate_from_fewer_visits_has_a_wider_range(times: int, visits: int, more: int) -> None:
    times = min(times, visits)
    assert rate_range(times * more, visits * more).width < rate_range(times, visits).width
    assert most_failures(visits * more) < most_failures(visits)


@given(levels, levels, dispersions, some.floats(1.01, 20))
def test_a_change_from_fewer_visits_has_a_wider_range_and_takes_more(
    before: Level, after: Level, dispersion: Dispersion, more: float
) -> None:
    few = change_between(before, after, dispersion)
    many = change_between(Level(before.mean, before.visits * more), Level(after.mean, after.visits * more), dispersion)
    assert many.range.width < few.range.width
    assert many.needed <= few.needed
    assert -100 - 1e-9 <= few.range.low <= few.points <= few.range.high <= 100 + 1e-9
    assert 0 <= change_p_value(before, after, dispersion) <= 1


@given(some.lists(some.integers(1, 8), max_size=6), some.floats(0, 1))
def test_a_visit_by_one_more_shopper_is_always_worth_something(by_shopper: list[int], share: float) -> None:
    if by_shopper:
        assert effective_visits([*by_shopper, 1], share) >= effective_visits(by_shopper, share) - 1e-9


@given(counts, counts)
def test_the_mid_p_of_a_question_never_passes_fishers(before: tuple[int, int], after: tuple[int, int]) -> None:
    found = rate_change(before, after)
    assert 0 < found.mid <= found.fisher <= 1


@given(dispersions, dispersions)
def test_two_periods_together_have_a_dispersion_between_or_beside_their_own(
    first: Dispersion, second: Dispersion
) -> None:
    found = pool_dispersions(first, second)
    assert found.degrees_of_freedom == first.degrees_of_freedom + second.degrees_of_freedom
    assert pool_dispersions(second, first) == found


@given(
    some.dictionaries(some.sampled_from(WEEK), some.floats(0.1, 9), min_size=1),
    some.dictionaries(some.sampled_from(WEEK), some.integers(0, 9)),
)
def test_coverage_lies_between_none_and_all_and_weights_cost_visits(
    traffic: dict[Any, float], made: dict[Any, int]
) -> None:
    found = cover(traffic, made)
    assert -1e-9 <= found.covered <= 1 + 1e-9
    assert -1e-9 <= found.distance <= 1 + 1e-9
    assert found.effective_visits <= found.visits + 1e-9
    assert math.isfinite(sum(found.weights.values()))


@given(visits, some.floats(0, 100))
def test_no_figure_of_the_programme_leaves_0_to_100(made: list[ScoredVisit], standard: float) -> None:
    found = measure_visits(made, standard)
    assert found.whole
    for area in (*found.areas, found.whole):
        assert 0 <= area.likely_range.low <= area.mean <= area.likely_range.high <= 100
        assert 1 - 1e-9 <= area.effective_visits <= area.visits + 1e-9
        for best, worst in place_ranges(area.levels, "seed", number=20):
            assert 1 <= best <= worst <= len(area.branches)
