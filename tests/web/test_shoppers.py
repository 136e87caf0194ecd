"""Who marks kindly and who severely: for the programme office alone, with both figures of a branch side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from audit.actions.measuring import measure_period
from audit.actions.reckoning import await_workings
from audit.domain.people import Person
from audit.reports.period import Period
from audit.web.shoppers import half_of
from tests import cast
from tests.reports.severities import severity
from tests.web.handed_out import book_of
from tests.web.office import Office, open_office, text_of
from tests.web.rounds import BOTH, NONE, ONE, YEAR, visited

ALL = Period(YEAR.first, YEAR.last)
CREW = tuple(
    replace(cast.SAM, id=f"shopper-{n}", name=f"Shopper {n}", email=None, pseudonym=f"Bird {n}") for n in range(1, 7)
)
YEARS = "from=2026-01-01&to=2026-12-31"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Six shoppers with fifteen visits each in the same three branches: the first sees everything kept, others half.
    The first comes to Mill Lane most often."""
    office = open_office(tmp_path_factory.mktemp("shoppers"))
    places = (cast.N01, cast.N02, cast.S01)
    for number, shopper in enumerate(CREW):
        with office.store.transaction():
            office.store.people.save(shopper)
        for visit in range(15):
            branch = cast.N01 if number == 0 and visit % 5 < 3 else places[visit % 3]
            visited(office, branch, shopper, BOTH if number == 0 else (ONE, ONE, BOTH, NONE)[(visit + number) % 4])
    await_workings(office.store, cast.ADA, ALL, "corner-shop")
    yield office
    office.close()


def words(office: Office, person: Person, address: str = f"/programme/shoppers?{YEARS}") -> str:
    page = office.browser(person).get(address)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text_of(page)))


def test_who_is_sure_to_mark_kindly_is_drawn_on_a_scale_around_zero(office: Office) -> None:
    page = text_of(office.browser(cast.RITA).get(f"/programme/shoppers?{YEARS}"))
    drawn = re.findall(r'class="zero".*?</svg>', page)
    found = await_workings(office.store, cast.ADA, ALL, "corner-shop")
    assert len(drawn) == len(found.clear) > 0
    assert re.search(r"Shopper 1 marks about \d+ points more kindly than colleagues", page)
    assert "no shopper is ranked" in page


def test_both_figures_of_a_branch_stand_side_by_side_and_the_recorded_one_is_that_of_its_report(office: Office) -> None:
    page = words(office, cast.ADA)
    said = re.search(r"Mill Lane (\d+) % (\d+)–(\d+) (\d+) (\d+) %", page)
    assert said, page
    recorded, _, _, n, calibrated = map(int, said.groups())
    assert calibrated < recorded
    report = words(office, cast.BEA, f"/branches/N01/report?{YEARS}")
    assert f"{recorded} % from {n} visits" in report
    assert f"{calibrated} %" not in report
    assert "Calibrated" not in report


def test_nothing_that_was_recorded_is_changed_by_it(office: Office) -> None:
    before = office.store.journal.last_id(), measure_period(office.store, ALL)
    office.browser(cast.ADA).get(f"/programme/shoppers?{YEARS}")
    after = office.store.journal.last_id(), measure_period(office.store, ALL)
    assert after[0] <= before[0] + 1  # the sign-in of this browser
    assert after[1] == before[1]


@pytest.mark.parametrize("person", [cast.AMIR, cast.BEA], ids=lambda person: person.name)
def test_managers_do_not_read_it(office: Office, person: Person) -> None:
    assert office.browser(person).get("/programme/shoppers").status_code == 403


def test_a_period_without_visits_draws_nothing(office: Office) -> None:
    page = text_of(office.browser(cast.ADA).get("/programme/shoppers?from=2020-01-01&to=2020-12-31"))
    assert "No visit was published in this period." in page
    assert "<svg" not in page


def test_the_scale_ends_beyond_the_farthest_bar_at_a_multiple_of_five() -> None:
    assert half_of((severity(5.1), severity(-9.0))) == 15
    assert half_of(()) == 5


def test_both_figures_of_each_branch_and_the_shoppers_whose_direction_is_sure_go_along_as_a_workbook(
    office: Office,
) -> None:
    answer = office.browser(cast.ADA).get(f"/programme/shoppers/figures.xlsx?{YEARS}&checklist=corner-shop")
    both, clear, left_out = book_of(answer).worksheets
    recorded = {row[1]: row[2] for row in both.iter_rows(min_row=2, values_only=True)}
    calibrated = {row[1]: row[6] for row in both.iter_rows(min_row=2, values_only=True)}
    for branch in ("Mill Lane", "Old Bridge", "Quayside"):
        assert recorded[branch] != calibrated[branch]
        assert 0 <= float(str(calibrated[branch])) <= 100
    ((shopper, visits, points, low, high),) = clear.iter_rows(min_row=2, values_only=True)
    assert (shopper, visits) == ("Shopper 1", 15)
    assert 0 < float(str(low)) < float(str(points)) < float(str(high))
    assert left_out.title == "Answers that say it does not ap"
