"""Behind the figures: for the programme office alone, worked out beside the page, and nothing typed is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from audit.actions.reckoning import await_workings
from audit.reports.period import Period
from tests import cast
from tests.web.corner_shop import twelve_visits
from tests.web.office import Office, text_of
from tests.web.rounds import YEAR

TYPED = "affected=150&leaving=5&representative=35000&share=25&won=20&representatives=40&advertising=1600000"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Twelve visits to Mill Lane: thanked in eight."""
    with twelve_visits(tmp_path_factory.mktemp("workings")) as office:
        yield office


def words(office: Office, query: str) -> str:
    page = office.browser(cast.ADA).get(f"/programme/workings?from=2026-01-01&to=2026-12-31&{query}")
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text_of(page)))


def test_the_office_reads_what_so_few_visits_can_show(office: Office) -> None:
    page = words(office, "")
    assert "Corner shop: 12 visits, 1 branch" in page
    assert "To tell two branches 10 points apart you need" in page
    assert "Shoppers cannot be compared yet" in page
    assert "passed 8 of 12 times, probably 43 to 85 % · with the rest of the visit: " in page


def test_all_questions_are_drawn_for_the_office(office: Office) -> None:
    page = text_of(office.browser(cast.ADA).get("/programme/workings?from=2026-01-01&to=2026-12-31"))
    drawing = page.partition('class="chart questions"')[2].partition("</svg>")[0]
    assert "<title>2 questions: " in drawing
    assert 'class="na"' in drawing


def test_a_lost_customer_is_reckoned_from_what_was_typed_and_nothing_is_written(office: Office) -> None:
    before = office.store.journal.last_id()
    page = words(office, f"failing=thanked&{TYPED}")
    assert "about 24,000 EUR a year (12,000 to 42,000)" in page
    assert "Winning one customer costs 2,437.50 EUR" in page
    assert office.store.journal.last_id() <= before + 1  # the sign-in of this browser


@pytest.mark.parametrize(
    "typed",
    [
        "failing=thanked&affected=150",
        f"failing=nothing&{TYPED}",
        f"failing=thanked&{TYPED.replace('won=20', 'won=0')}",
        f"failing=thanked&{TYPED.replace('35000', 'NaN')}",
        f"failing=thanked&{TYPED.replace('35000', '1e999')}",
        f"failing=thanked&{TYPED.replace('35000', 'sNaN')}",
        f"failing=thanked&{TYPED.replace('35000', '1e-9999')}",
        f"failing=thanked&{TYPED.replace('leaving=5', 'leaving=x')}",
    ],
)
def test_what_cannot_be_reckoned_is_complained_about_beside_its_field(office: Office, typed: str) -> None:
    page = words(office, typed)
    assert "a year (" not in page
    assert "Work it out" in page


def test_a_period_is_worked_out_beside_the_page(office: Office) -> None:
    address = "/programme/workings?from=2026-11-01&to=2026-11-30"
    page = text_of(office.browser(cast.ADA).get(address))
    assert "This is being worked out." in page or "12 visits" in page
    november = Period(YEAR.first.replace(month=11), YEAR.first.replace(month=11, day=30))
    await_workings(office.store, cast.ADA, november, "corner-shop")
    page = text_of(office.browser(cast.ADA).get(address))
    assert "This is being worked out." not in page
    assert "12 visits" in page


def test_a_period_without_visits_has_no_workings(office: Office) -> None:
    page = text_of(office.browser(cast.ADA).get("/programme/workings?from=2020-01-01&to=2020-12-31"))
    assert "No visit was published in this period." in page
