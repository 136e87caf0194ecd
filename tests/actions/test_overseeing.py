"""What stands beside the figures of an area and of the programme: of the same visits, kept until they change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from threading import Event

import pytest

from audit.actions import overseeing
from audit.actions.binding import bind_programme
from audit.actions.measuring import areas_in, measure_period, whole_in
from audit.actions.overseeing import branch_shifts, oversee_area, oversee_programme, read_areas
from audit.actions.placing import await_places, find_places
from audit.actions.reporting import read_branch_report
from audit.domain.errors import NotFound
from audit.domain.people import Person
from audit.reports.paper import draw_sheet
from audit.reports.period import Period, month_of
from audit.storage.store import Store
from tests import cast
from tests.web.office import Office
from tests.web.rounds import KEPT, ONE, YEAR, visited
from tests.web.rounds import two_rounds as two_rounds

NOVEMBER = month_of(YEAR.first.replace(month=11))


def test_the_dimensions_of_an_area_are_the_means_of_its_visits(office: Office) -> None:
    overview = oversee_area(office.store, YEAR, "NORTH")["corner-shop"]
    (warmth,) = overview.dimensions
    figure = areas_in(measure_period(office.store, YEAR), "NORTH")["corner-shop"]
    # In this checklist warmth is all there is.
    assert warmth.n == figure.visits == 33
    assert warmth.score is not None
    assert float(warmth.score) == pytest.approx(figure.mean)
    assert overview.week.visits == 33
    assert overview.critical == (0, 33)


def test_a_branch_that_fell_in_a_month_is_held_against_the_month_before(office: Office) -> None:
    shift = branch_shifts(office.store, NOVEMBER, "N01", "NORTH")["corner-shop"]
    assert (shift.before, shift.after, shift.visits_before, shift.visits) == ("100", "17", 8, 3)
    assert shift.change is not None
    assert shift.change.range.high < 0
    assert branch_shifts(office.store, NOVEMBER, "N02", "NORTH") == {}


def test_the_report_of_a_branch_says_what_changed_on_page_and_paper_alike(office: Office) -> None:
    (part,) = read_branch_report(office.store, cast.BEA, "N01", NOVEMBER).parts
    assert part.shift == branch_shifts(office.store, NOVEMBER, "N01", "NORTH")["corner-shop"]
    assert len(part.bases) == part.figure.n == 3
    sheet = draw_sheet(read_branch_report(office.store, cast.BEA, "N01", NOVEMBER))
    page = office.browser(cast.BEA).get("/branches/N01/report?period=month").get_data(as_text=True)
    for made in (sheet.xhtml, page):
        assert "From 100 in 1–31 October 2026 to 17: a clear decline (−" in made
        assert "8 before and 3 visits now can only show changes of about" in made
    for made in (*sheet.drawings.values(), page.encode()):
        dots = re.findall(rb'<path d="([^"]*)" class="visit"', made)
        assert [each.count(b"M") for each in dots] in ([], [3])
    assert 'class="visit"' in page


def test_the_programme_is_its_areas_each_as_if_it_were_a_branch(office: Office) -> None:
    whole = whole_in(measure_period(office.store, YEAR))["corner-shop"]
    assert [(area.branch, area.visits) for area in whole.branches] == [("NORTH", 33), ("SOUTH", 3)]
    overview = oversee_programme(office.store, YEAR)["corner-shop"]
    assert (overview.week.visits, overview.places) == (36, {})


def test_a_page_about_the_programme_goes_on_without_what_is_being_worked_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = Event()
    work = overseeing._facts

    def held_up(store: Store, period: Period, area: str | None) -> Mapping[str, overseeing._Facts]:
        may_end.wait(60)
        return work(store, period, area)

    monkeypatch.setattr(overseeing, "_facts", held_up)
    period = Period(YEAR.first, NOVEMBER.last)
    try:
        assert oversee_programme(office.store, period, waits=False) == {}
        page = office.browser(cast.ADA).get(f"/programme?from={period.first}&to={period.last}").get_data(as_text=True)
        assert "are being worked out. Open this page again in a moment." in page
        report = office.browser(cast.ADA).get(f"/programme/report?from={period.first}&to={period.last}")
        assert "This page is not whole yet." in report.get_data(as_text=True)
        assert "from 36 visits" in report.get_data(as_text=True)
    finally:
        may_end.set()
    assert oversee_programme(office.store, period)["corner-shop"].week.visits == 36
    assert bind_programme(office.store, cast.ADA, period).is_whole
    whole = office.browser(cast.ADA).get(f"/programme/report?from={period.first}&to={period.last}")
    assert "This page is not whole yet." not in whole.get_data(as_text=True)
    assert "Did someone thank you?" in whole.get_data(as_text=True)


def test_places_are_worked_out_beside_the_page_once_and_drawn_alike_again(office: Office) -> None:
    area = areas_in(measure_period(office.store, YEAR), "NORTH")["corner-shop"]
    places = await_places(area)
    assert set(places) == set(KEPT)
    assert all(1 <= best <= worst <= 6 for best, worst in places.values())
    assert find_places(area) is places
    assert places["N02"][0] > 1
    overview = oversee_area(office.store, YEAR, "NORTH", find=await_places)["corner-shop"]
    assert overview.places == places


def test_a_small_area_has_no_places(office: Office) -> None:
    assert oversee_area(office.store, YEAR, "SOUTH")["corner-shop"].places == {}


def test_what_stands_beside_a_figure_is_not_gathered_again_until_a_visit_is_published(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = []
    work = overseeing._facts

    def counted(store: Store, period: Period, area: str | None) -> Mapping[str, overseeing._Facts]:
        times.append(area)
        return work(store, period, area)

    monkeypatch.setattr(overseeing, "_facts", counted)
    before = oversee_area(office.store, NOVEMBER, "SOUTH")
    assert oversee_area(office.store, NOVEMBER, "SOUTH") == before == {}
    visited(office, cast.S01, cast.SAM, ONE)
    assert oversee_area(office.store, NOVEMBER, "SOUTH")["corner-shop"].week.visits == 1
    assert times == ["SOUTH", "SOUTH"]


def test_ada_reads_the_areas_by_name_and_nobody_compares_two(office: Office) -> None:
    report = read_areas(office.store, cast.ADA, YEAR)
    (part,) = report.parts
    assert [line.area.name for line in part.lines] == ["North", "South"]
    assert (part.standing.compared, part.elsewhere) == (False, 0)
    assert part.figure.n == sum(line.sure.visits for line in part.lines)


@pytest.mark.parametrize("person", [cast.AMIR, cast.BEA, cast.OTTO_AREA, cast.OTTO_BRANCH], ids=lambda p: p.name)
def test_only_the_programme_office_reads_the_whole_programme(office: Office, person: Person) -> None:
    with pytest.raises(NotFound):
        read_areas(office.store, person, YEAR)
