"""The pages of an area and of the programme: each figure with how sure it is, and open to the visits behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest

from audit.actions.binding import bind_area
from audit.actions.measuring import areas_in, measure_period
from audit.actions.overseeing import oversee_programme
from audit.actions.placing import await_places
from audit.actions.publishing import publish_checklist, read_checklist_file
from audit.actions.reporting import read_area_report, read_branch_report
from audit.domain.people import Person
from audit.reports.cells import Cell, Table
from audit.reports.exports import Exports
from audit.reports.paper import draw_sheet
from audit.reports.period import Period
from tests import cast
from tests.web.office import CHECKLIST, Office, open_office, text_of
from tests.web.rounds import ONE, YEAR, make_two_rounds, visited

OCTOBER = Period(YEAR.first.replace(month=10), YEAR.first.replace(month=10, day=31))
AUTUMN = "from=2026-10-01&to=2026-10-31"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Six branches in the North and one in the South, visited in October, and Mill Lane again in November."""
    office = open_office(tmp_path_factory.mktemp("areas"))
    with office.store.transaction():
        office.store.branches.save(replace(cast.N02, code="N07", name="Hill 7", staff_told_on=None))
    make_two_rounds(office)
    office.submitted()
    yield office
    office.close()


def words(office: Office, person: Person, address: str) -> str:
    page = office.browser(person).get(address)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text_of(page)))


def lines_of(table: Table) -> list[dict[str, Cell]]:
    return [dict(zip((column.title for column in table.columns), row, strict=True)) for row in table.rows]


def test_amir_reads_what_changed_and_how_little_his_visits_can_show(office: Office) -> None:
    page = words(office, cast.AMIR, "/?period=month")
    # All three visits are by Sam, and count for little more than two.
    assert "From 52 in 1–31 October 2026 to 17: could be luck (−" in page
    assert "30 before and 3 visits now can only show changes of about" in page


def test_amir_is_told_what_is_open_but_of_no_visit_to_come(office: Office) -> None:
    office.assignment()
    page = words(office, cast.AMIR, "/")
    assert "In 1 branch the staff have not been told that visits happen, so no visit can be assigned: Hill 7" in page
    assert "1 visit was made and waits to be read by the office" in page
    office.clock.go_on(days=30)
    late = words(office, cast.ADA, "/areas/NORTH?from=2026-10-01&to=2026-12-31")
    told = words(office, cast.AMIR, "/?from=2026-10-01&to=2026-12-31")
    office.clock.go_on(days=-30)
    assert "should have been made by now" in late
    assert "should have been made" not in told


@pytest.mark.parametrize(("person", "address"), [(cast.AMIR, "/"), (cast.ADA, "/programme")])
def test_what_a_drawing_means_is_said_where_the_drawings_begin(office: Office, person: Person, address: str) -> None:
    page = text_of(office.browser(person).get(f"{address}?{AUTUMN}"))
    assert page.count("The scale runs from 0 to 100") == 1
    assert re.search(r'The scale runs from 0 to 100(?:(?!<svg|<h3).)*<ul class="branches">', page, re.DOTALL)


def test_places_are_worked_out_behind_the_page_and_stand_there_the_next_time(office: Office) -> None:
    first = words(office, cast.AMIR, f"/?{AUTUMN}")
    assert "probably place" in first or "The places are being worked out." in first
    await_places(areas_in(measure_period(office.store, OCTOBER), "NORTH")["corner-shop"])
    page = words(office, cast.AMIR, f"/?{AUTUMN}")
    assert "being worked out" not in page
    assert page.count("probably place") == 5  # Hill 6 has two visits: not ranked, and without a place
    assert re.search(r"probably place \d to 6 of 6", page)
    report = words(office, cast.AMIR, f"/areas/NORTH/report?{AUTUMN}")
    assert report.count("probably place") == 5


def test_whether_a_bonus_may_be_paid_by_place_is_folded_away_and_answered(office: Office) -> None:
    page = text_of(office.browser(cast.AMIR).get(f"/?{AUTUMN}"))
    folded = page.partition('<details class="strict">')[2].partition("</details>")[0]
    strict = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", folded))
    assert "May a bonus be paid by place? Only as far as these places go. Every other of 6 branches" in strict
    # Always kept, and never: each is settled against the other alone.
    assert "Mill Lane place 1 to 5" in strict
    assert "Old Bridge place 2 to 6" in strict
    assert "Hill" not in strict
    report = words(office, cast.AMIR, f"/areas/NORTH/report?{AUTUMN}")
    assert "Mill Lane place 1 to 5" in report
    paper = draw_sheet(bind_area(office.store, "NORTH", OCTOBER)).xhtml
    assert "<h3>May a bonus be paid by place?</h3>" in paper
    assert "<details" not in paper


def test_what_branches_are_held_against_is_named_where_it_is_not_the_mean_that_is_drawn(office: Office) -> None:
    """Mill Lane was visited more often than others."""
    drawn = "The dashed line is the mean of the area, 48."
    said = f"{drawn} Branches are held against the mean of the branches, each counting alike: 50."
    for address in ("/?period=year", "/areas/NORTH/report?period=year", "/branches/N01/report?period=year"):
        assert said in words(office, cast.AMIR, address)
    assert said in draw_sheet(bind_area(office.store, "NORTH", YEAR)).xhtml


def test_strict_places_stand_in_the_file_too(office: Office) -> None:
    report = read_area_report(office.store, cast.AMIR, OCTOBER, code="NORTH")
    lines = {line["Branch"]: line for line in lines_of(Exports().of_area(report))}
    assert [lines["Mill Lane"][f"Strict place, {end}"] for end in ("best", "worst")] == [1, 5]
    assert [lines["Old Bridge"][f"Strict place, {end}"] for end in ("best", "worst")] == [2, 6]
    nowhere = (lines[name]["Strict place, best"] for name in ("Hill 6", "Hill 7"))  # not ranked, and not visited
    assert list(nowhere) == [None, None]


def test_what_became_of_the_questions_of_a_branch_stands_in_its_workbook(office: Office) -> None:
    november = Period(OCTOBER.first.replace(month=11), OCTOBER.last.replace(month=11, day=30))
    report = read_branch_report(office.store, cast.AMIR, "N01", november)
    _, questions, *_, about = Exports().tables(report)
    greeted, _thanked = lines_of(questions)
    assert (greeted["Visits in which it counted"], greeted["Kept in visits"]) == (3, 1)
    assert greeted["Visits in which it counted, period before"] == 8
    assert greeted["Since the period before"] == "before 8 of 8: a clear decline"
    assert about.title == "About these figures"


@pytest.mark.parametrize(
    ("person", "address"),
    [(cast.OTTO_AREA, f"/?{AUTUMN}"), (cast.ADA, f"/programme?{AUTUMN}"), (cast.AMIR, "/?period=month")],
)
def test_where_branches_are_not_compared_nothing_is_said_of_a_bonus(
    office: Office, person: Person, address: str
) -> None:
    assert "a bonus" not in words(office, person, address)


def test_a_figure_opens_to_the_visits_behind_it(office: Office) -> None:
    page = text_of(office.browser(cast.AMIR).get(f"/?{AUTUMN}"))
    behind = "/figures/visits?from=2026-10-01&amp;to=2026-10-31&amp;area=NORTH&amp;checklist=corner-shop"
    assert f'href="{behind}"' in page
    assert f'href="{behind}&amp;dimension=warmth"' in page
    visits = words(office, cast.AMIR, behind.replace("&amp;", "&") + "&dimension=warmth")
    assert "52 % the mean of 30 visits, each counting alike" in visits
    assert visits.count("20 Oct 2026") == 30
    assert "Whitaker" not in visits
    assert "North · Corner shop · Warmth" in visits


@pytest.mark.parametrize(
    ("person", "address", "at_least"),
    [
        (cast.AMIR, f"/?{AUTUMN}", 8),
        (cast.BEA, f"/?{AUTUMN}", 1),
        (cast.ADA, "/programme?period=year", 4),
        (cast.AMIR, f"/areas/NORTH/report?{AUTUMN}", 8),
        (cast.ADA, "/programme/report?period=year", 4),
        (cast.BEA, f"/branches/N01/report?{AUTUMN}", 2),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_every_figure_opens_to_visits_whose_mean_it_is(
    office: Office, person: Person, address: str, at_least: int
) -> None:
    oversee_programme(office.store, YEAR)
    page = text_of(office.browser(person).get(address))
    figures = re.findall(r"<b>(\d+) %</b>\s*(?:<span>)?\s*(?:<a href=\"([^\"]+)\">)?from (\d+) visit", page)
    figures += re.findall(r'<td class="number">(\d+) %</td><td>(?:[^<·]* · )?(?:<a href="([^"]+)">)?(\d+) visit', page)
    assert len(figures) >= at_least
    for shown, behind, n in figures:
        visits = text_of(office.browser(person).get(unescape(behind)))
        assert re.search(rf"<b>{shown} %</b> <span>the mean of {n} visits?\b", visits), behind
        each = [int(one) for one in re.findall(r'<td class="number">(\d+) %', visits)]
        assert len(each) == int(n), behind
        assert abs(sum(each) / len(each) - int(shown)) <= 1, behind  # each was rounded, too


def test_a_manager_learns_nothing_of_a_checklist_with_which_nobody_visited_the_own_branches(office: Office) -> None:
    pilot = read_checklist_file(CHECKLIST.replace(b"corner-shop", b"pilot").replace(b"Corner shop", b"Pilot"), "p.yaml")
    publish_checklist(office.store, cast.ADA, pilot.tree, pilot.source, office.clock())
    for person, place in ((cast.AMIR, "area=NORTH"), (cast.BEA, "branch=N01")):
        browser = office.browser(person)
        for door in ("/figures/visits?", "/figures/visits/figures.csv?"):
            here, nowhere = (browser.get(f"{door}{place}&checklist={id}") for id in ("pilot", "no-such"))
            assert (here.status_code, nowhere.status_code) == (404, 404)
            assert here.get_data() == nowhere.get_data()
        long_ago = f"/figures/visits?{place}&checklist=corner-shop&from=2020-01-01&to=2020-12-31"
        assert browser.get(long_ago).status_code == 200


def test_the_visits_behind_the_programme_are_for_its_office_alone(office: Office) -> None:
    behind = "/figures/visits?period=year&checklist=corner-shop"
    assert "Old Bridge" in words(office, cast.RITA, behind)
    for person in (cast.AMIR, cast.BEA):
        assert office.browser(person).get(behind).status_code == 404
    browser = office.browser(cast.ADA)
    assert browser.get(f"{behind}&dimension=charm%22").status_code == 404
    assert browser.get("/figures/visits?period=year&checklist=no-such").status_code == 404
    assert browser.get("/figures/visits").status_code == 404


def test_the_days_nobody_saw_are_named_on_the_page(office: Office) -> None:
    assert "Visits on 1 day of the week alone." in words(office, cast.AMIR, f"/?{AUTUMN}")


def test_ada_reads_the_programme_and_opens_an_area(office: Office) -> None:
    page = text_of(office.browser(cast.ADA).get("/programme?period=year"))
    assert "Not ranked: fewer than 5 areas are not compared with one another." in page
    assert 'href="/areas/NORTH?from=2026-01-01&amp;to=2026-12-31&amp;checklist=corner-shop"' in page
    assert page.index("North") < page.index("South")
    assert "Mill Lane" in words(office, cast.RITA, "/areas/NORTH?period=year")


@pytest.mark.parametrize("person", [cast.AMIR, cast.BEA], ids=lambda person: person.name)
def test_the_programme_is_for_its_office_alone(office: Office, person: Person) -> None:
    assert office.browser(person).get("/programme").status_code == 404
    assert "/programme" not in text_of(office.browser(person).get("/"))


def test_bea_cannot_read_her_area(office: Office) -> None:
    for address in ("/areas/NORTH", "/figures/visits?area=NORTH&checklist=corner-shop"):
        assert office.browser(cast.BEA).get(address).status_code == 404


def test_a_period_without_visits_says_so_and_draws_nothing(office: Office) -> None:
    for person, address in ((cast.AMIR, "/"), (cast.ADA, "/programme"), (cast.ADA, "/areas/NORTH")):
        page = text_of(office.browser(person).get(f"{address}?from=2020-01-01&to=2020-12-31"))
        assert "No visit was published in this period." in page
        assert "<svg" not in page


def test_an_unknown_checklist_shows_the_first_one(office: Office) -> None:
    assert "Corner shop" in words(office, cast.AMIR, "/?period=year&checklist=%3Cb%3E")


def test_no_bar_is_explained_where_none_is_drawn(office: Office) -> None:
    """Last of all: it visits in a month of its own."""
    await_places(areas_in(measure_period(office.store, OCTOBER), "NORTH")["corner-shop"])
    assert "The lower bar of a branch" in text_of(office.browser(cast.AMIR).get(f"/?{AUTUMN}"))
    office.clock.go_on(days=30)
    for code in ("N01", "N02", "N03", "N04", "N05"):
        visited(office, office.store.branches.find(code), cast.SAM, ONE)
    page = words(office, cast.AMIR, "/?from=2026-12-01&to=2026-12-31")
    office.clock.go_on(days=-30)
    assert "5 branches are not ranked yet" in page
    assert "The lower bar of a branch" not in page
    assert "The places are being worked out." not in page


def test_bea_reads_that_her_staff_know_of_visits_only_where_that_is_on_file(office: Office) -> None:
    assert "Your staff know that visits happen." in words(office, cast.BEA, "/")
    with office.store.transaction():
        office.store.branches.save(replace(cast.N01, staff_told_on=None))
    try:
        assert "Your staff know" not in words(office, cast.BEA, "/")
    finally:
        with office.store.transaction():
            office.store.branches.save(cast.N01)
