"""The workings behind the figures as files: each question, each difference, exactly; for the programme office alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from audit.actions.reckoning import await_workings
from audit.domain.people import Person
from audit.reports.period import read_period
from tests import cast
from tests.web.corner_shop import twelve_visits
from tests.web.handed_out import book_of, lines_of
from tests.web.office import Office, text_of

YEARS = "from=2026-01-01&to=2026-12-31"
ASKED = f"{YEARS}&checklist=corner-shop"
PAGES = ("workings", "shoppers", "planning")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Twelve visits to Mill Lane."""
    with twelve_visits(tmp_path_factory.mktemp("workings")) as office:
        period = read_period({"from": "2026-01-01", "to": "2026-12-31"}, office.clock().date())
        await_workings(office.store, cast.ADA, period, "corner-shop")
        yield office


def rows_of(office: Office, page: str, person: Person = cast.ADA) -> list[dict[str, str]]:
    answer = office.browser(person).get(f"/programme/{page}/figures.csv?{ASKED}")
    return lines_of(answer)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_each_page_leads_to_its_files(office: Office, page: str, kind: str) -> None:
    ada = office.browser(cast.ADA)
    address = f"/programme/{page}/figures.{kind}?{ASKED}"
    assert f'href="{address.replace("&", "&amp;")}"' in text_of(ada.get(f"/programme/{page}?{YEARS}"))
    answer = ada.get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    name = f'attachment; filename="candour-{page}-corner-shop-2026-01-01-2026-12-31.{kind}"'
    assert answer.headers["Content-Disposition"] == name


def test_every_question_has_its_visits_and_its_range(office: Office) -> None:
    rows = rows_of(office, "workings")
    assert {row["Question"] for row in rows} == {"Did someone greet you?", "Did someone thank you?"}
    for row in rows:
        passed, visits = int(row["Passed"]), int(row["Visits"])
        assert visits == 12
        assert 0 <= float(row["Likely range, lower end"]) <= 100 * passed / visits
        assert 100 * passed / visits <= float(row["Likely range, upper end"]) <= 100


def test_the_plan_says_of_each_difference_what_the_curve_says(office: Office) -> None:
    rows = rows_of(office, "planning")
    assert [row["A difference of so many points"] for row in rows] == [str(points) for points in range(5, 31)]
    page = text_of(office.browser(cast.ADA).get(f"/programme/planning?{YEARS}"))
    for row in rows:
        points, visits = row["A difference of so many points"], row["Visits"]
        assert f"To tell two branches {points} points apart you need {visits} visit" in page
    answer = office.browser(cast.ADA).get(f"/programme/planning/figures.xlsx?{ASKED}")
    book = book_of(answer)
    assert [sheet.title for sheet in book] == ["How many visits it takes", "For a range of this width"]


def test_where_no_shopper_can_be_compared_the_file_has_headings_alone(office: Office) -> None:
    assert rows_of(office, "shoppers") == []


@pytest.mark.parametrize("page", PAGES)
def test_where_nothing_was_published_there_is_no_file_and_no_way_to_one(office: Office, page: str) -> None:
    ada, nothing = office.browser(cast.ADA), "from=2020-01-01&to=2020-12-31"
    assert f"/programme/{page}/figures" not in text_of(ada.get(f"/programme/{page}?{nothing}"))
    assert ada.get(f"/programme/{page}/figures.csv?{nothing}&checklist=corner-shop").status_code == 404


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("person", [cast.AMIR, cast.BEA], ids=lambda person: person.role.value)
def test_no_figure_of_it_leaves_the_office(office: Office, page: str, person: Person) -> None:
    assert office.browser(person).get(f"/programme/{page}/figures.csv?{ASKED}").status_code == 403
