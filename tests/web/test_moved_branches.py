"""What stands beside the figures of branches: who changed beyond the luck of a list, and how much is behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests import cast
from tests.actions.test_measuring import BOTH, NONE, ONE, ROUND, visited
from tests.web.office import Office, open_office, text_of


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Mill Lane kept everything in October and nothing in November; the other branch did as before, visited by Sam."""
    office = open_office(tmp_path_factory.mktemp("moved"))
    november = office.clock.now
    for moment, kept in ((november.replace(month=10), BOTH), (november, NONE)):
        office.clock.now = moment
        for place in range(6):
            visited(office, cast.N01, ROUND[place % 2], kept)
            visited(office, cast.N02, cast.SAM if moment == november else ROUND[place % 2], ONE)
    yield office
    office.close()


def words(office: Office, address: str) -> str:
    page = office.browser(cast.AMIR).get(address)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text_of(page)))


def test_a_branch_that_one_shopper_visited_says_so(office: Office) -> None:
    november = "from=2026-11-01&to=2026-11-30"
    assert "All visits were made by one shopper:" in words(office, f"/branches/N02/report?{november}")
    assert "All visits were made by one shopper:" not in words(office, f"/branches/N01/report?{november}")


def test_a_section_has_its_own_number_of_visits(office: Office) -> None:
    page = words(office, "/branches/N01/report?from=2026-11-01&to=2026-11-30")
    assert "At the counter · 0 % · 6 visits" in page


def test_a_branch_that_fell_is_named_once_two_can_be_compared(office: Office) -> None:
    assert "Clearly down" not in words(office, "/?from=2026-11-01&to=2026-11-30")
    for kept in (ONE, ONE, BOTH):
        visited(office, cast.N02, ROUND[1], kept)
    page = words(office, "/?from=2026-11-01&to=2026-11-30")
    assert "Clearly down: Mill Lane. 2 were visited often enough in both periods to be compared" in page
    assert "Clearly up" not in page
    assert "Clearly" not in words(office, "/?from=2026-10-01&to=2026-10-31")
