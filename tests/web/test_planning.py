"""Planning visits: one curve, one difference on it, and the same by a form where no script runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests import cast
from tests.web.corner_shop import twelve_visits
from tests.web.office import Office, text_of

YEARS = "from=2026-01-01&to=2026-12-31"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Twelve visits to Mill Lane."""
    with twelve_visits(tmp_path_factory.mktemp("planning")) as office:
        yield office


def page_of(office: Office, query: str = "") -> str:
    page = office.browser(cast.ADA).get(f"/programme/planning?{YEARS}&{query}")
    assert page.status_code == 200
    return text_of(page)


def shown(page: str) -> list[str]:
    """The differences whose sentence can be read."""
    return re.findall(r'<span data-points="(\d+)" data-at="[\d. ]+">', page)


def test_the_difference_that_was_asked_for_is_said_and_marked_on_the_curve(office: Office) -> None:
    page = page_of(office, "points=15")
    assert shown(page) == ["15"]
    assert page.count("data-points=") == 26
    (at,) = re.findall(r'data-points="15" data-at="([\d. ]+)"', page)
    (dot,) = re.findall(r'<path d="M([\d.]+ [\d.]+)h.01" class="level"', page)
    assert [float(each) for each in dot.split()] == [float(each) for each in at.split()]
    assert re.search(r"To tell two branches 15 points apart you need \d+ visits to each; you have about 12\.", page)
    assert re.search(r"For 1 branch that is \d+ visits\.", page)


@pytest.mark.parametrize("asked", ["", "points=10", "points=4", "points=31", "points=ten", "points=-5", "points=1e9"])
def test_what_is_no_difference_on_the_curve_is_taken_for_the_usual_one(office: Office, asked: str) -> None:
    assert shown(page_of(office, asked)) == ["10"]


def test_a_larger_difference_never_takes_more_visits(office: Office) -> None:
    needed = [int(n) for n in re.findall(r"points apart you need (\d+) visit", page_of(office))]
    assert needed == sorted(needed, reverse=True)
    assert needed[0] > needed[-1]


def test_the_office_finds_its_way_there_from_behind_the_figures(office: Office) -> None:
    page = text_of(office.browser(cast.ADA).get(f"/programme/workings?{YEARS}"))
    assert f'href="/programme/planning?{YEARS.replace("&", "&amp;")}&amp;checklist=corner-shop"' in page


def test_where_nothing_was_published_there_is_nothing_to_plan_with(office: Office) -> None:
    page = text_of(office.browser(cast.ADA).get("/programme/planning?from=2020-01-01&to=2020-12-31"))
    assert "No visit was published in this period." in page
    assert "<form" in page
    assert "data-points" not in page
    assert "planning.js" not in page
