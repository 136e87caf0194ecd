"""What stands beside a figure: a change with its caution, versions that are not mixed, and the hours nobody saw."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit.domain.score import round_half_up
from audit.domain.statistics import groups
from audit.domain.statistics.change import IMPROVED, UNCLEAR, false_arrow_rate
from audit.domain.statistics.dispersion import pool_dispersions
from audit.domain.statistics.draws import Draws
from audit.domain.statistics.measuring import Measurement, ScoredVisit, measure_visits
from audit.reports.overview import (
    Moved,
    Shift,
    compare,
    find_moved,
    points_shown,
    put_in_a_row,
    spread_over_week,
)
from audit.reports.period import Period, month_of, quarter_of
from audit.reports.standing import hold_against_target, stand
from tests.reports.visits import ZURICH

SPRING, SUMMER = quarter_of(date(2026, 4, 1)), quarter_of(date(2026, 7, 1))
WEEK = [date(2026, 11, 16) + timedelta(days=days) for days in range(7)]


def measured(levels: list[float], branches: int = 12, version: int = 1) -> Measurement:
    """In each of these branches the same visits, each by another shopper."""
    return measure_visits(
        ScoredVisit(f"b{branch}", level, "North", "", f"{branch}-{place}", version)
        for branch in range(branches)
        for place, level in enumerate(levels)
    )


def shift(before: Measurement, after: Measurement) -> Shift:
    """Of the first area."""
    return compare(SPRING, before, after, before.areas[0], after.areas[0])


def test_an_area_that_rose_in_many_visits_improved_and_one_branch_of_it_may_be_luck() -> None:
    before, after = measured([70, 80, 90]), measured([80, 90, 100])
    found = shift(before, after)
    assert found.change is not None
    assert (found.before, found.after, found.visits, found.change.verdict) == ("80", "90", 36, IMPROVED)
    one = compare(SPRING, before, after, before.areas[0].branches[0], after.areas[0].branches[0])
    assert one.change is not None
    assert one.change.verdict == UNCLEAR
    assert one.change.needed > 3 * found.change.needed


def test_a_figure_that_rounding_would_lift_to_the_target_is_the_same_in_its_change_and_as_the_mean_of_its_area() -> (
    None
):
    before, after = measured([70, 72, 74]), measured([79.2, 79.6, 80])
    found = compare(SPRING, before, after, before.areas[0], after.areas[0], Fraction(80))
    standing = stand(after.areas[0], Fraction(80))
    assert (found.before, found.after, standing.tick_shown) == ("72", "79", "79")
    assert stand(after.areas[0], None).tick_shown == "80"


def unevenly_visited(visits: int) -> Measurement:
    """Five branches at 90 with three visits each, and one at 40 with so many."""
    made = [(f"b{branch}", 90.0, place) for branch in range(5) for place in range(3)]
    made += [("quayside", 40.0, place) for place in range(visits)]
    return measure_visits(ScoredVisit(branch, score, "North", "", f"{branch}-{at}") for branch, score, at in made)


def test_what_branches_are_held_against_is_said_where_it_is_not_the_mean_that_is_drawn() -> None:
    even, uneven = (stand(unevenly_visited(visits).areas[0], None) for visits in (3, 12))
    assert (even.tick_shown, even.level_shown) == ("82", None)
    assert (uneven.tick_shown, uneven.level_shown) == ("68", "82")
    assert stand(replace(unevenly_visited(12).areas[0], area=""), None).level_shown is None


def test_a_branch_of_a_large_area_is_held_against_the_target_as_well() -> None:
    area = unevenly_visited(12).areas[0]
    found = {
        each: [hold_against_target(area, Fraction(target), each) for target in (20, 60, 92)]
        for each in ("b1", "quayside")
    }
    assert found == {
        "b1": [groups.ABOVE, groups.ABOVE, groups.ALIKE],
        "quayside": [groups.ABOVE, groups.BELOW, groups.BELOW],
    }
    assert [hold_against_target(area, None, "b1"), hold_against_target(area, Fraction(80), "nowhere")] == [None, None]
    assert hold_against_target(replace(area, area=""), Fraction(60), "b1") is None


def test_no_label_against_the_target_says_the_contrary_of_the_figure() -> None:
    made = [(f"b{branch}", score, place) for branch in range(30) for place, score in enumerate((40.0, 45.0, 50.0))]
    lucky = [("lucky", 65.0, place) for place in range(3)]
    area = measure_visits(ScoredVisit(b, score, "North", "", f"{b}-{at}") for b, score, at in made + lucky).areas[0]
    codes = [each.branch for each in area.branches]
    p = area.levels.above_standard(64.0)[codes.index("lucky")]
    assert p < 0.1  # such branches fall back
    assert hold_against_target(area, Fraction(64), "lucky") == groups.ALIKE


def test_a_branch_that_is_not_ranked_is_not_held_against_the_target() -> None:
    area = unevenly_visited(2).areas[0]
    assert hold_against_target(area, Fraction(60), "quayside") is None


def test_that_lost_answers_are_counted_is_said_where_it_held_a_branch_back() -> None:
    lost = [2, 1, 1, 1] + [0] * 46
    visits = [(f"b{each}", 95.0 if at < lost[each] else 100.0, at) for each in range(50) for at in range(12)]
    area = measure_visits(ScoredVisit(b, score, "North", "", f"{b}-{at}") for b, score, at in visits).areas[0]
    assert stand(area, None).few_lost
    assert stand(area, None).counted
    assert stand(unevenly_visited(12).areas[0], None).counted is None


def test_visits_by_two_versions_are_not_compared_while_nobody_knows_what_the_new_one_does() -> None:
    found = shift(measured([80, 90]), measured([70, 80], version=2))
    assert found.change is None
    assert (found.before, found.after) == ("85", "75")


def test_what_a_new_version_does_is_taken_off_once_it_was_seen_inside_branches() -> None:
    both = measure_visits(
        ScoredVisit(f"b{branch}", score, "North", "", f"{branch}-{place}", version)
        for branch in range(12)
        for place, (score, version) in enumerate([(85, 1), (75, 2), (75, 2)])
    )
    found = shift(measured([80, 90]), both)
    assert found.change is not None
    assert found.offset is not None
    assert found.offset.points == pytest.approx(-10)
    assert found.change.points == pytest.approx(0)
    assert (found.before, found.after) == ("85", "78")


def test_a_version_that_is_known_from_few_visits_alone_makes_no_area_seem_changed() -> None:
    """The newer version marks 5 points higher, and nothing changed; what it does is guessed from a visit to each branch
    with the older one. One clear change in ten would be luck."""
    draws, called = Draws("a new version, and no change"), 0
    for _ in range(150):
        chance = iter(draws.normals(12 * 7))
        before, after = (
            measure_visits(
                ScoredVisit(f"b{branch}", min(100, 65 + 5 * (version - 1) + 9 * next(chance)), "North", "", "", version)
                for branch in range(12)
                for version in versions
            )
            for versions in ((1, 1, 1), (1, 2, 2, 2))
        )
        found = shift(before, after)
        assert found.change is not None
        called += found.change.verdict != UNCLEAR
    assert called / 150 <= 0.13


def listed(levels: dict[str, float], visits: int = 6, version: int = 1) -> Measurement:
    """Branches at these levels, each visited so often, by other shoppers, a little up and down."""
    return measure_visits(
        ScoredVisit(branch, min(100, max(0, level + 6 * (place % 3 - 1))), "North", "", f"{branch}-{place}", version)
        for branch, level in levels.items()
        for place in range(visits)
    )


ALIKE = {f"b{place:02}": 70.0 for place in range(20)}


def moved(before: Measurement, after: Measurement) -> Moved:
    return find_moved(SPRING, before, after, before.areas[0], after.areas[0])


def test_of_a_list_only_branches_that_changed_beyond_the_luck_of_the_list_are_named() -> None:
    found = moved(listed(ALIKE), listed({**ALIKE, "b03": 95.0, "b07": 30.0}))
    assert (found.compared, found.up, found.down) == (20, ("b03",), ("b07",))
    still = moved(listed(ALIKE), listed(ALIKE))
    assert (still.compared, still.up, still.down) == (20, (), ())


def test_how_many_arrows_would_be_luck_is_reckoned_from_the_visits_at_hand() -> None:
    few, many = (moved(listed(ALIKE, visits=n), listed(ALIKE, visits=n)).by_luck for n in (3, 12))
    once = listed(ALIKE, visits=3).dispersion
    visit_sd = math.sqrt(pool_dispersions(once, once).visit_variance(70))
    assert few == pytest.approx(false_arrow_rate(5, visit_sd, 3, 3))
    assert 0 < many < few < 1


def test_where_nothing_varies_no_arrow_would_be_luck() -> None:
    perfect = listed(dict.fromkeys(ALIKE, 106.0))
    assert moved(perfect, perfect).by_luck == 0


def test_a_change_that_is_clear_alone_is_not_clear_among_twenty() -> None:
    before, after = listed(ALIKE, visits=3), listed({**ALIKE, "b03": 82.0}, visits=3)
    (own,) = (each for each in after.areas[0].branches if each.branch == "b03")
    (was,) = (each for each in before.areas[0].branches if each.branch == "b03")
    alone = compare(SPRING, before, after, was, own)
    assert alone.change is not None
    assert alone.change.verdict == IMPROVED
    assert moved(before, after).up == ()


def test_branches_with_too_few_visits_or_another_version_are_not_compared_in_a_list() -> None:
    few = listed({**ALIKE, "b03": 95.0})
    assert moved(listed(ALIKE, visits=2), few).compared == 0
    assert moved(listed(ALIKE), listed(ALIKE, version=2)) == Moved(0, (), ())
    assert moved(listed({"b01": 70.0, "b02": 70.0}), few).compared == 2


@given(some.integers(0, 1000), some.integers(1, 200))
def test_a_mean_is_printed_as_its_exact_fraction_would_be(earned: int, possible: int) -> None:
    exact = Fraction(100 * min(earned, possible), possible)
    assert points_shown(float(exact)) == round_half_up(exact, 0)


def test_a_week_names_the_days_and_the_parts_of_the_day_that_nobody_saw() -> None:
    at_nine = [(day, datetime(day.year, day.month, day.day, 8, tzinfo=UTC), ZURICH) for day in WEEK[:5]]
    week = spread_over_week(at_nine)
    assert (week.missing_days, week.missing_parts) == ((5, 6), ("afternoon", "evening"))
    assert week.cells == {(day, "morning"): 1 for day in range(5)}
    late = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)  # half past five in Zurich
    assert spread_over_week([*at_nine, (WEEK[5], late, ZURICH)]).missing_parts == ("afternoon",)


def test_visits_without_a_mark_say_nothing_about_the_hour() -> None:
    week = spread_over_week([(day, None, ZURICH) for day in WEEK])
    assert (week.untimed, week.missing_days, week.missing_parts) == (7, (), ())


def months(first_version: int, last_version: int) -> list[tuple[date, int, float]]:
    """Two visits a month for a year, at 80, by another version from May on."""
    return [
        (date(2026, month, day), first_version if month < 5 else last_version, 80 + day - 11)
        for month in range(1, 13)
        for day in (10, 12)
    ]


def test_a_run_of_twelve_months_has_limits_and_one_of_seven_has_none() -> None:
    december = month_of(date(2026, 12, 1))
    year = put_in_a_row(december, months(1, 1))
    assert [wave.visits for wave in year.waves] == [2] * 12
    assert year.chart is not None
    assert year.chart.centre == pytest.approx(80)
    assert put_in_a_row(december, months(1, 1)[10:]).chart is None


def test_a_new_version_breaks_the_line_and_the_limits_begin_anew() -> None:
    year = put_in_a_row(month_of(date(2026, 12, 1)), months(1, 2))
    assert (year.breaks, year.since) == ((4,), 4)
    assert year.chart is not None
    early = put_in_a_row(month_of(date(2026, 11, 1)), months(1, 2))
    assert early.chart is None


def test_days_that_somebody_typed_make_no_row() -> None:
    assert len(put_in_a_row(Period(date(2026, 3, 2), date(2026, 3, 30)), months(1, 1)).waves) == 1
