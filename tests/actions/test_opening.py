"""A page of figures begins with the quarter that runs, or with the one that has something to say."""

from __future__ import annotations

from datetime import date

from audit.actions.opening import Opening, Place, open_quarter
from audit.domain.programme import Branch
from audit.reports.period import quarter_of
from tests import cast
from tests.web.office import Office
from tests.web.office import office as office
from tests.web.rounds import ONE, ROUND, visited

TODAY = date(2026, 11, 21)
AUTUMN, SUMMER, SPRING = (quarter_of(date(2026, month, 1)) for month in (10, 7, 4))
NORTH = Place(area="NORTH")


def visit_times(office: Office, branch: Branch, month: int, times: int) -> None:
    """So many published visits, by two shoppers in turn, on the 20th."""
    today = office.clock.now
    office.clock.now = today.replace(month=month, day=20)
    for number in range(times):
        visited(office, branch, ROUND[number % 2], ONE)
    office.clock.now = today


def opened(office: Office, place: Place = NORTH) -> Opening:
    return open_quarter(office.store, TODAY, place)


def test_before_the_first_visit_a_page_begins_with_the_quarter_that_runs(office: Office) -> None:
    assert opened(office) == Opening(AUTUMN, AUTUMN, 0)


def test_without_a_visit_in_it_a_page_begins_with_the_quarter_of_the_latest(office: Office) -> None:
    visit_times(office, cast.N01, 4, 1)
    assert opened(office) == Opening(SPRING, AUTUMN, 0)
    assert opened(office, Place("N01")).quarter == opened(office, Place()).quarter == SPRING
    assert opened(office, Place(area="SOUTH")).quarter == opened(office, Place("N02")).quarter == AUTUMN
    assert not opened(office).is_running


def test_a_quarter_that_can_rank_nobody_yet_leaves_the_page_to_the_one_before(office: Office) -> None:
    visit_times(office, cast.N01, 7, 3)
    visit_times(office, cast.N01, 11, 2)
    assert opened(office) == Opening(SUMMER, AUTUMN, 2)
    visit_times(office, cast.N01, 11, 1)
    assert opened(office) == Opening(AUTUMN, AUTUMN, 3)


def test_half_as_many_ranked_as_before_are_enough(office: Office) -> None:
    for branch in (cast.N01, cast.N02):
        visit_times(office, branch, 7, 3)
    visit_times(office, cast.N02, 11, 1)
    assert opened(office).quarter == SUMMER
    visit_times(office, cast.N01, 11, 3)
    assert opened(office).quarter == AUTUMN


def test_where_nobody_was_ranked_before_either_the_quarter_that_runs_is_shown(office: Office) -> None:
    visit_times(office, cast.N01, 7, 2)
    visit_times(office, cast.N02, 11, 1)
    assert opened(office) == Opening(AUTUMN, AUTUMN, 1)


def test_a_branch_alone_is_compared_with_nobody_and_begins_with_its_newest_visits(office: Office) -> None:
    visit_times(office, cast.N01, 7, 3)
    visit_times(office, cast.N01, 11, 1)
    assert opened(office, Place("N01")) == Opening(AUTUMN, AUTUMN, 1)


def test_a_test_visit_opens_no_quarter(office: Office) -> None:
    today = office.clock.now
    office.clock.now = today.replace(month=7, day=20)
    visited(office, cast.N01, cast.SAM, ONE, test=True)
    office.clock.now = today
    assert opened(office) == Opening(AUTUMN, AUTUMN, 0)
