"""Change, trend and versions: what is called clear, what is called luck, and what is not said at all."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit.domain.statistics.change import (
    IMPROVED,
    UNCLEAR,
    WORSENED,
    Level,
    benjamini_hochberg,
    change_between,
    change_p_value,
    clear_changes,
    could_show_one,
    holm,
    rate_change,
    rate_verdicts,
)
from audit.domain.statistics.dispersion import Dispersion
from audit.domain.statistics.draws import Draws
from audit.domain.statistics.measuring import ScoredVisit, measure_visits
from audit.domain.statistics.trend import draw_run_chart
from audit.domain.statistics.versions import Offset, VersionedVisit, version_offset

USUAL = Dispersion(0.09, 100)
levels = some.builds(Level, some.floats(0, 100), some.floats(1, 50))
p_values = some.lists(some.floats(0, 1), max_size=12)


@given(levels, levels)
def test_a_change_read_backwards_is_the_same_change_with_the_other_sign(before: Level, after: Level) -> None:
    there, back = change_between(before, after, USUAL), change_between(after, before, USUAL)
    assert there.points == pytest.approx(-back.points)
    assert there.range.low == pytest.approx(-back.range.high, abs=1e-9)
    assert there.range.holds(there.points)
    assert change_p_value(before, after, USUAL) == pytest.approx(change_p_value(after, before, USUAL))


def test_many_visits_make_the_same_change_clear() -> None:
    assert change_between(Level(80, 3), Level(90, 3), USUAL).verdict == UNCLEAR
    assert change_between(Level(80, 40), Level(90, 40), USUAL).verdict == IMPROVED
    assert change_between(Level(90, 40), Level(80, 40), USUAL).verdict == WORSENED


def test_the_size_that_could_be_seen_is_said_beside_the_change() -> None:
    found = change_between(Level(80, 3), Level(90, 3), USUAL)
    assert 15 < found.needed < 18
    assert change_between(Level(80, 12), Level(90, 12), USUAL).needed < found.needed / 1.9


def test_two_perfect_periods_did_not_change() -> None:
    assert change_p_value(Level(100, 3), Level(100, 3), USUAL) == 1
    assert change_between(Level(100, 3), Level(100, 3), USUAL).verdict == UNCLEAR


@pytest.mark.parametrize("level", [0, 0.1, 99.9, 100])
@pytest.mark.parametrize("visits", [3, 6, 12])
def test_two_perfect_periods_do_not_promise_that_any_change_would_be_seen(level: float, visits: int) -> None:
    needed = change_between(Level(level, visits), Level(level, visits), USUAL).needed
    smaller, larger = (abs(level - points) for points in (needed / 2, needed * 1.5))
    assert change_between(Level(level, visits), Level(smaller, visits), USUAL).verdict == UNCLEAR
    assert change_between(Level(level, visits), Level(larger, visits), USUAL).verdict != UNCLEAR


def test_what_was_taken_off_by_a_guess_makes_a_change_less_sure() -> None:
    known, guessed = (change_between(Level(80, 40), Level(90, 40, unsure), USUAL) for unsure in (0, 6))
    assert (known.verdict, guessed.verdict) == (IMPROVED, UNCLEAR)
    assert guessed.range.low < known.range.low < known.range.high < guessed.range.high
    assert guessed.needed > known.needed
    pairs = [(Level(80, 40), Level(90, 40, unsure)) for unsure in (0, 6)]
    assert [clear_changes([pair], USUAL) for pair in pairs] == [[True], [False]]


def test_a_change_that_is_clear_alone_may_be_luck_in_a_long_list() -> None:
    moved = (Level(80, 6), Level(90, 6))
    still = (Level(80, 6), Level(80.5, 6))
    assert clear_changes([moved], Dispersion(0.05, 100)) == [True]
    assert clear_changes([moved, *[still] * 40], Dispersion(0.05, 100)) == [False] * 41


def test_identical_periods_are_called_changed_no_more_often_than_promised() -> None:
    draws, called = Draws("no change"), 0
    for _ in range(1000):
        seen = [80 + 12 * z for z in draws.normals(12)]
        change = change_between(Level(sum(seen[:6]) / 6, 6), Level(sum(seen[6:]) / 6, 6), USUAL)
        called += change.verdict != UNCLEAR
    assert called / 1000 <= 0.12


@given(p_values)
def test_adjusted_values_are_larger_keep_the_order_and_holm_is_the_stricter(values: list[float]) -> None:
    strict, mild = holm(values), benjamini_hochberg(values)
    for raw, one, other in zip(values, mild, strict, strict=True):
        assert raw - 1e-12 <= one <= other + 1e-12
        assert other <= 1
    order = sorted(range(len(values)), key=values.__getitem__)
    for adjusted in (strict, mild):
        ordered = [adjusted[place] for place in order]
        assert ordered == sorted(ordered)


def test_a_question_asked_a_few_times_more_did_not_change_clearly() -> None:
    found = rate_change((3, 3), (5, 1))
    assert found.fisher == pytest.approx(0.545, abs=0.001)
    assert found.verdict == UNCLEAR
    assert rate_change((10, 2), (3, 9)).verdict == WORSENED


def test_a_change_that_luck_makes_once_in_ten_is_called_the_same_alone_and_on_a_page() -> None:
    never_then_always = ((0, 1), (4, 0))
    found = rate_change(*never_then_always)
    assert (found.mid, found.verdict) == (0.1, IMPROVED)
    assert rate_verdicts([never_then_always]) == [found.verdict]


STILL = ((9, 3), (9, 3))


def test_a_question_that_is_clear_alone_may_be_luck_among_forty() -> None:
    moved = ((3, 9), (10, 2))
    assert rate_verdicts([moved]) == [IMPROVED]
    assert rate_verdicts([moved, *[STILL] * 10]) == [IMPROVED, *[UNCLEAR] * 10]
    assert rate_verdicts([moved, *[STILL] * 39]) == [UNCLEAR] * 40
    assert rate_verdicts([((10, 2), (3, 9)), ((0, 12), (0, 12))]) == [WORSENED, UNCLEAR]
    assert rate_verdicts([]) == []


def test_a_page_says_when_its_visits_could_not_show_one_question_change() -> None:
    # From never to always in 3 and 3 visits: one way of twenty on either side.
    assert could_show_one(3, 3, questions=2)
    assert not could_show_one(3, 3, questions=3)
    assert not could_show_one(4, 4, questions=40)
    assert could_show_one(8, 8, questions=40)
    assert not could_show_one(1, 1, questions=1)


counts = some.tuples(some.integers(0, 12), some.integers(0, 12)).filter(any)


@given(some.lists(some.tuples(counts, counts), max_size=12))
def test_questions_looked_at_together_are_never_clearer_than_alone(
    pairs: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    for pair, together in zip(pairs, rate_verdicts(pairs), strict=True):
        assert together in (UNCLEAR, rate_change(*pair).verdict)
        (backwards,) = rate_verdicts([pair[::-1]])
        assert (backwards == UNCLEAR) == (rate_verdicts([pair]) == [UNCLEAR])


def share_of_pages_that_cry_wolf(pages: int, visits: int, questions: int = 40) -> float:
    """Questions that are kept in 50 to 98 % of visits, and did not change."""
    draws, cried = Draws(f"no question changed, {visits} visits"), 0
    rates = [0.5 + 0.48 * place / (questions - 1) for place in range(questions)]
    for _ in range(pages):
        shares = iter(draws.shares(2 * visits * questions))
        kept = [[sum(next(shares) < rate for _ in range(visits)) for _ in range(2)] for rate in rates]
        pairs = [((before, visits - before), (after, visits - after)) for before, after in kept]
        cried += any(verdict != UNCLEAR for verdict in rate_verdicts(pairs))
    return cried / pages


def test_forty_questions_that_did_not_change_seldom_cry_wolf() -> None:
    assert share_of_pages_that_cry_wolf(60, visits=12) <= 0.1


@pytest.mark.soak
@pytest.mark.parametrize("visits", [6, 12, 60])
def test_questions_that_did_not_change_cry_wolf_no_more_often_than_promised(visits: int) -> None:
    assert share_of_pages_that_cry_wolf(400, visits) <= 0.1


def test_a_series_needs_eight_waves_for_limits() -> None:
    assert draw_run_chart([80, 82, 81, 83, 80, 82, 81]) is None
    assert draw_run_chart([80, 82, 81, 83, 80, 82, 81, 82]) is not None


def test_eight_in_a_row_on_one_side_are_a_sign() -> None:
    low, high = [80, 81, 80, 79, 80, 81, 80, 79], [84, 85, 84, 83, 84, 85, 84, 83]
    found = draw_run_chart([*low, *high])
    assert found is not None
    assert found.run_starts == (0, 8)
    assert found.is_moving


def test_a_shaking_series_is_no_trend() -> None:
    found = draw_run_chart([80, 82] * 6)
    assert found is not None
    assert not found.is_moving


@pytest.mark.parametrize("level", [80, 100, 5 / 3, 250 / 3, 1000 / 11, 260 / 7])
@pytest.mark.parametrize("waves", [8, 9, 10, 11, 12])
def test_a_level_series_has_no_run_whatever_its_level_is_divided_by(level: float, waves: int) -> None:
    found = draw_run_chart([level] * waves)
    assert found is not None
    assert (found.run_starts, found.outside) == ((), ())
    assert not found.is_moving


def test_a_wave_at_the_middle_ends_a_run_although_the_middle_is_rounded() -> None:
    shaking = [250 / 3 + step for step in (1, -1, 1, -1, 1, -1, 1, -1)]
    found = draw_run_chart([*shaking, 250 / 3, *shaking[:2], 250 / 3])
    assert found is not None
    assert not found.is_moving


def offset_of(visits: Iterable[tuple[Any, ...]]) -> Offset | None:
    return version_offset(VersionedVisit(*visit) for visit in visits)


def test_the_offset_of_a_version_does_not_depend_on_who_got_it_first() -> None:
    strong = [("harbour", False, 95.0), ("harbour", True, 92.0)]
    weak = [("quayside", False, 60.0), ("quayside", True, 57.0), ("quayside", True, 57.0)]
    new_alone = [("market", True, 20.0)] * 5
    found = offset_of([*strong, *weak, *new_alone])
    assert found is not None
    assert found.points == pytest.approx(-3)
    assert (found.branches, found.visits) == (2, 5)
    assert not found.is_usable


def test_an_offset_may_be_used_from_ten_branches_and_thirty_visits() -> None:
    visits = [(branch, new, 80.0 + new) for branch in range(10) for new in (False, True, True)]
    found = offset_of(visits)
    assert found is not None
    assert found.is_usable
    assert found.points == pytest.approx(1)


def test_branches_with_one_version_say_nothing_about_the_other() -> None:
    assert offset_of([("harbour", False, 90.0), ("market", True, 80.0)]) is None


def test_the_offset_of_a_version_has_a_range_that_is_wider_where_one_shopper_made_all_its_visits() -> None:
    branches = range(12)
    anybody = [VersionedVisit(branch, new, 80.0 + 3 * new) for branch in branches for new in (False, True, True)]
    by_sam = [visit._replace(shopper="Sam" if visit.is_new else "") for visit in anybody]
    known, of_sam = (version_offset(visits) for visits in (anybody, by_sam))
    assert known is not None
    assert of_sam is not None
    dispersion = Dispersion(0.10, 120)
    sure, unsure = (each.with_range(dispersion.visit_variance(80), dispersion).range for each in (known, of_sam))
    assert sure is not None
    assert unsure is not None
    assert sure.low == pytest.approx(3 - dispersion.t * (160 / (12 * 2 / 3)) ** 0.5)
    assert sure.width < unsure.width
    assert unsure.holds(3)


def test_an_offset_that_may_not_be_used_has_no_range() -> None:
    found = offset_of([("harbour", False, 90.0), ("harbour", True, 80.0)])
    assert found is not None
    assert found.with_range(160, Dispersion(0.10, 120)).range is None


@pytest.mark.parametrize("severity", [0.0, 4.0, 8.0])
def test_the_range_of_an_offset_holds_the_truth_nine_times_out_of_ten(severity: float) -> None:
    """Twenty shoppers who mark otherwise by so many points; each branch is visited by two of them, three times by each
    of two versions that differ by five points. Their share of the spread is known."""
    draws, held, waves = Draws(f"offset {severity}"), 0, 200
    for _ in range(waves):
        marks = [severity * each for each in draws.normals(20)]
        visits = [
            ScoredVisit(f"{branch}", min(100, max(0, 70 + 5 * new + marks[who] + 12 * luck)), "", "", f"{who}", new)
            for branch, start in zip(range(20), draws.shares(20), strict=True)
            for at, luck in enumerate(draws.normals(6))
            for new, who in [(at % 2, (int(20 * start) + at // 3) % 20)]
        ]
        offset = measure_visits(visits, shopper_share=severity**2 / (severity**2 + 144)).offset
        assert offset is not None
        assert offset.range is not None
        held += offset.range.holds(5)
    assert 0.86 <= held / waves <= 0.96
