"""Charts: drawn to scale, told apart without colour, with the message in words."""

import re
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.reports import charts
from tests.reports.drawings import parts

SVG = "{http://www.w3.org/2000/svg}"
SHARES = st.fractions(0, 1)


def kept_width(drawing: str) -> float:
    return sum(float(part.get("width", "0")) for part in parts(drawing) if part.get("class") == "kept")


@given(SHARES, SHARES)
def test_a_bar_is_as_long_as_its_score_in_the_part_that_applied(score: Fraction, left_out: Fraction) -> None:
    drawing = charts.bar(score * 100, "", left_out=left_out, width=1000)
    assert abs(kept_width(drawing) - 1000 * float(score * (1 - left_out))) < 0.01


def test_what_did_not_apply_is_hatched_and_not_only_grey() -> None:
    without, hatched = charts.bar(Fraction(50), ""), charts.bar(Fraction(50), "", left_out=Fraction(1, 5))
    lines = [part.get("d", "") for part in parts(hatched) if part.get("class") == "na"]
    assert lines[0].count("M") > 10
    assert not [part for part in parts(without) if part.get("class") == "na"]


def test_a_bar_without_a_score_is_an_empty_rail() -> None:
    assert [part.get("class") for part in parts(charts.bar(None, ""))] == ["rail"]


def test_where_nothing_applied_there_is_no_target() -> None:
    drawing = charts.bar(None, "", left_out=Fraction(1), target=Fraction(80))
    assert "target" not in [part.get("class") for part in parts(drawing)]


@pytest.mark.parametrize("ink", [charts.INK, charts.ACCENT, charts.WRONG, charts.UNSEEN, charts.LINE])
def test_what_a_drawing_says_stands_out_from_white(ink: str) -> None:
    # Three to one: success criterion 1.4.11 of WCAG.
    red, green, blue = (int(ink[at : at + 2], 16) / 255 for at in (1, 3, 5))
    light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    assert 1.05 / (luminance + 0.05) >= 3


def test_every_mark_has_a_shape_of_its_own() -> None:
    words = ("full", "partly", "nothing", "not_observed", "not_applicable")
    shapes = {re.sub(r'(fill|stroke|class)="[^"]*"', "", charts.strip([word], "")) for word in words}
    assert len(shapes) == len(words)


def test_the_title_is_the_message_and_cannot_break_out() -> None:
    drawing = charts.strip(["full"], "<script>&")
    title = ElementTree.fromstring(drawing).find(f"{SVG}title")
    assert title is not None
    assert title.text == "<script>&"


def test_sixty_visits_stand_in_rows() -> None:
    root = ElementTree.fromstring(charts.strip(["full"] * 59 + ["nothing"], ""))
    assert (root.get("width"), root.get("height")) == ("160", "40")
    discs, cross = [part.get("d", "") for part in root]
    assert discs.count("M") == 59
    assert cross.startswith("M112 32")


def test_each_of_sixty_visits_has_a_dot_of_its_own_although_many_scored_alike() -> None:
    visits = [Fraction(100 * (n % 9), 9) for n in range(60)]
    drawing = charts.reach(Fraction(50), 40, 60, "", visits=visits)
    dots = next(part.get("d", "") for part in parts(drawing) if part.get("class") == "visit")
    assert len(set(re.findall(r"M[\d.]+ [\d.]+", dots))) == 60


LEVELS = st.fractions(0, 100)


@given(LEVELS, LEVELS, LEVELS)
def test_a_range_is_drawn_to_scale_with_its_figure_inside(one: Fraction, other: Fraction, third: Fraction) -> None:
    low, score, high = sorted((one, other, third))
    drawing = charts.reach(score, float(low), float(high), "", width=1018)
    named = {part.get("class", ""): part for part in parts(drawing)}
    band = named["soft"]
    start, length = float(band.get("x", "")), float(band.get("width", ""))
    assert abs(start - (9 + 10 * float(low))) < 0.02
    assert abs(start + length - (9 + 10 * float(high))) < 0.02
    (dot,) = re.findall(r"M([\d.]+) ", named["level"].get("d", ""))
    assert start - 0.02 <= float(dot) <= start + length + 0.02


def test_band_dot_and_mean_differ_by_shape_and_the_mean_is_left_out_where_there_is_none() -> None:
    drawing = charts.reach(Fraction(84), 70, 92, "", mean=Fraction(78))
    assert [part.get("class") for part in parts(drawing)] == ["scale", "soft", "ends", "mean", "level"]
    assert "stroke-dasharray" in drawing
    assert "mean" not in charts.reach(Fraction(84), 70, 92, "")
