"""What stands beside the figures of branches: who changed beyond the luck of a list, and how much is behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from audit.actions.reporting import read_branch_report
from audit.reports.period import month_of
from tests import cast
from tests.web.office import Office, open_office, text_of
from tests.web.rounds import BOTH, NONE, ONE, ROUND, visited


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


def test_each_question_of_a_branch_says_what_became_of_it(office: Office) -> None:
    page = words(office, "/branches/N01/report?from=2026-11-01&to=2026-11-30")
    assert "2 of 2 questions that were asked in both periods clearly changed." in page
    assert "Did someone greet you? kept in 6 of 6 before, in 0 of 6 now: a clear decline" in page
    assert "Did someone thank you? before 6 of 6: a clear decline" in page
    other = words(office, "/branches/N02/report?from=2026-11-01&to=2026-11-30")
    assert "Of 2 questions that were asked in both periods none clearly changed." in other
    assert "Did someone greet you? before 6 of 6 " in other
    first = words(office, "/branches/N01/report?from=2026-10-01&to=2026-10-31")
    assert "asked in both periods" not in first
    assert "before" not in first.partition("Every question")[2]


def test_what_is_said_of_before_is_what_the_report_of_before_says(office: Office) -> None:
    october, november = month_of(date(2026, 10, 1)), month_of(date(2026, 11, 1))
    visited(office, cast.N01, cast.SAM, ("not_observed", "yes"))
    office.clock.now, now = office.clock.now.replace(month=10), office.clock.now
    visited(office, cast.N01, cast.SAM, ("not_observed", "no"))
    visited(office, cast.N01, cast.SAM, BOTH, test=True)
    office.clock.now = now
    (earlier,) = read_branch_report(office.store, cast.BEA, "N01", october).parts
    (part,) = read_branch_report(office.store, cast.BEA, "N01", november).parts
    assert part.moved is not None
    said = {id: (each.kept_before, each.visits_before) for id, each in part.moved.by_question.items()}
    assert said == {line.id: (line.kept, line.n) for line in earlier.questions}
    assert said == {"greeted": (6, 6), "thanked": (6, 7)}
    shown = {id: (each.kept, each.visits) for id, each in part.moved.by_question.items()}
    assert shown == {line.id: (line.kept, line.n) for line in part.questions}


def test_a_branch_that_fell_is_named_once_two_can_be_compared(office: Office) -> None:
    assert "Clearly down" not in words(office, "/?from=2026-11-01&to=2026-11-30")
    for kept in (ONE, ONE, BOTH):
        visited(office, cast.N02, ROUND[1], kept)
    page = words(office, "/?from=2026-11-01&to=2026-11-30")
    assert "Clearly down: Mill Lane. 2 were visited often enough in both periods to be compared" in page
    assert "Clearly up" not in page
    assert "Clearly" not in words(office, "/?from=2026-10-01&to=2026-10-31")
