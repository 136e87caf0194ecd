"""Charts of many figures: drawn to scale, broken where the checklist changed, told apart without colour."""

import re
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as some

from audit.domain.statistics.planning import visits_to_tell_apart
from audit.domain.statistics.questions import AGAINST, UNCLEAR, UNDEFINED, WITH
from audit.domain.statistics.ranges import Range
from audit.reports import charts, plots
from audit.reports.overview import put_in_a_row
from audit.reports.period import month_of
from tests.reports.drawings import parts

DECEMBER = month_of(date(2026, 12, 1))


@given(some.integers(1, 60).flatmap(lambda n: some.tuples(some.integers(1, n), some.integers(1, n), some.just(n))))
def test_a_bar_of_places_covers_them_and_no_other(drawn: tuple[int, int, int]) -> None:
    (best, worst), branches = sorted(drawn[:2]), drawn[2]
    bar = {part.get("class"): part for part in parts(plots.place((best, worst), branches, "", width=600))}["places"]
    start, end = re.findall(r"[MH]([\d.]+)", bar.get("d", ""))
    assert abs(float(start) - (best - 1) * 600 / branches) < 0.01
    assert abs(float(end) - worst * 600 / branches) < 0.01


def test_a_drawing_without_words_of_its_own_is_passed_over_by_readers_aloud() -> None:
    silent, telling = plots.place((1, 3), 6, ""), plots.place((1, 3), 6, "probably place 1 to 3 of 6")
    assert ('aria-hidden="true"' in silent, "role=" in silent) == (True, False)
    assert ("aria-hidden" in telling, 'role="img"' in telling) == (False, True)


def test_before_is_a_ring_and_now_is_a_dot() -> None:
    drawing = plots.shift((80, Range(70, 88)), (90, Range(82, 96)), "From 80 to 90")
    marks = [part.get("class") for part in parts(drawing)]
    assert (marks.count("before"), marks.count("level")) == (1, 1)
    assert "<title>From 80 to 90</title>" in drawing


def a_year(*jumps: tuple[int, float]) -> list[tuple[date, int, float]]:
    means = dict.fromkeys(range(1, 13), 80.0) | {month: 80 + month % 2 for month in range(1, 13)} | dict(jumps)
    return [(date(2026, month, 3), 1 if month < 4 else 2, mean) for month, mean in means.items()]


def test_the_line_is_broken_where_a_new_version_begins() -> None:
    drawing = plots.row(put_in_a_row(DECEMBER, a_year()), "")
    (line,) = [part.get("d", "") for part in parts(drawing) if part.get("class") == "line"]
    assert (line.count("M"), line.count("L")) == (2, 10)
    limits = [part.get("d", "") for part in parts(drawing) if part.get("class") == "limit"]
    assert len(limits) == 2
    assert all(not limit.startswith("M0 ") for limit in limits)


def test_a_wave_outside_the_limits_is_a_cross() -> None:
    drawing = plots.row(put_in_a_row(DECEMBER, a_year((12, 40.0))), "")
    marks = [part.get("class") for part in parts(drawing)]
    assert (marks.count("level"), marks.count("lost")) == (11, 1)


SPOTS = [(0.5, 0.4, WITH), (0.9, 0.1, UNCLEAR), (0.7, -0.2, AGAINST), (1.0, None, UNDEFINED), (0.0, None, UNDEFINED)]


def test_questions_are_told_apart_by_their_shape_and_what_is_not_defined_stands_apart() -> None:
    drawing = plots.questions(SPOTS, "Five questions")
    drawn = {part.get("class", ""): part.get("d", "") for part in parts(drawing)}
    assert "<title>Five questions</title>" in drawing
    assert (drawn["ring"].count("M"), drawn["lost"].count("M"), drawn["na"].count("M")) == (1, 1, 2)
    zero = float(re.findall(r"M0 ([\d.]+)", drawn["centre"])[0])
    x, y = map(float, re.findall(r"M([\d.]+) ([\d.]+)", drawn["level"])[0])
    assert (x, y) == (180, zero - 40)
    squares = [(float(left), float(top)) for left, top in re.findall(r"M([\d.]+) ([\d.]+)", drawn["na"])]
    assert [left > 180 for left, _ in squares] == [True, False]
    assert min(top for _, top in squares) > zero + 50  # below all that goes against, and not at zero


@given(some.integers(0, 250), some.integers(0, 250))
def test_however_many_questions_are_constant_their_squares_stand_apart_and_inside(always: int, never: int) -> None:
    spots = [(1.0, None, UNDEFINED)] * always + [(0.0, None, UNDEFINED)] * never + [(0.5, None, UNDEFINED)]
    drawing = plots.questions([*spots, (0.5, -0.9, AGAINST)], "")
    (d,) = [part.get("d", "") for part in parts(drawing) if part.get("class") == "na"]
    squares = [(float(x), float(y)) for x, y in re.findall(r"M([\d.]+) ([\d.]+)", d)]
    assert len(set(squares)) == always + never + 1
    assert all(0 <= x <= 360 - 5 and 5 <= y <= float(re.findall(r'height="([\d.]+)"', drawing)[0]) for x, y in squares)
    (cross,) = [part.get("d", "") for part in parts(drawing) if part.get("class") == "lost"]
    deepest = float(re.findall(r"M[\d.]+ ([\d.]+)", cross)[0]) + 6
    assert all(deepest < y - 5 for _, y in squares)


def test_one_wave_is_drawn_without_a_line() -> None:
    assert "NaN" not in plots.row(put_in_a_row(DECEMBER, a_year()[-1:]), "")


def test_visits_that_would_hide_each_other_stand_below_one_another() -> None:
    visits = [Fraction(80), Fraction(80), Fraction(20), Fraction(81)]
    drawing = charts.reach(Fraction(65), 50, 78, "", visits=visits)
    (dots,) = [part.get("d", "") for part in parts(drawing) if part.get("class") == "visit"]
    marks = [(x, float(y)) for x, y in re.findall(r"M([\d.]+) ([\d.]+)h", dots)]
    assert len(set(marks)) == 4
    assert len({y for _, y in marks}) == 3
    (height,) = re.findall(r'viewBox="0 0 360 ([\d.]+)"', drawing)
    assert max(y for _, y in marks) < float(height)


@given(some.floats(-20, 20), some.floats(0.5, 10))
def test_a_shopper_is_drawn_around_zero_and_to_scale(points: float, reach: float) -> None:
    drawing = plots.severity(points, Range(points - reach, points + reach), 30, "", width=600)
    drawn = {part.get("class"): part for part in parts(drawing)}
    (zero,) = re.findall(r"M([\d.]+) 0V", drawn["zero"].get("d", ""))
    (dot,) = re.findall(r"M([\d.]+) ", drawn["level"].get("d", ""))
    assert float(zero) == 300
    assert abs((float(dot) - 300) / (300 - 9) - points / 30) < 0.001
    assert abs(float(drawn["soft"].get("width", "")) - 2 * reach * 291 / 30) < 0.02


def test_the_dot_lies_on_the_curve_and_the_line_of_what_one_has_crosses_where_it_should() -> None:
    steps = [(points, visits_to_tell_apart(points, 160)) for points in range(5, 31)]
    drawn = {part.get("class"): part.get("d", "") for part in parts(plots.curve(steps, 10, 21, "", width=600))}
    spots = re.findall(r"[ML]([\d.]+ [\d.]+)", drawn["line"])
    assert len(spots) == len(steps)
    assert drawn["level"] == f"M{spots[5]}h.01"
    # Ten points take 21 visits, which is what one has: the dot lies on the dashed line.
    assert drawn["centre"].split("H")[0] == f"M0 {spots[5].split()[1]}"


def test_more_visits_than_the_curve_shows_draw_no_line() -> None:
    steps = [(points, visits_to_tell_apart(points, 160)) for points in range(5, 31)]
    assert "centre" not in [part.get("class") for part in parts(plots.curve(steps, 5, 81, ""))]
    assert "centre" not in [part.get("class") for part in parts(plots.curve(steps, 5, 0, ""))]
