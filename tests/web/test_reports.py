"""Reports as pages and PDFs, the homes of those who read them, and the stranger at each door."""

import html
import re
from dataclasses import replace

import pytest

from audit.domain.people import Person
from audit.domain.visit import Visit
from tests import cast
from tests.reports.reading import words_of
from tests.web.office import Office, text_of


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page))


def test_amir_reads_the_same_figures_on_the_page_and_on_paper(office: Office, visit: Visit) -> None:
    browser = office.browser(cast.AMIR)
    page = plain(text_of(browser.get("/branches/N01/report")))
    paper = words_of(browser.get("/branches/N01/report.pdf").data)
    for said in ("50 %", "from 1 visit", "1 of 1 points lost", "He looked at his telephone.", "Quick, but cold."):
        assert said in page
        assert said in paper


def test_bea_reads_one_visit_point_by_point(office: Office, visit: Visit) -> None:
    browser = office.browser(cast.BEA)
    page = plain(text_of(browser.get(f"/visits/{visit.id}/report")))
    paper = words_of(browser.get(f"/visits/{visit.id}/report.pdf").data)
    for said in ("1 of 2 points = 50 %", "Did someone thank you?", "Shopper 7"):
        assert said in page
        assert said in paper


def test_the_periods_of_a_branch_with_an_odd_code_lead_to_that_branch(office: Office) -> None:
    with office.store.transaction():
        office.store.branches.save(replace(cast.N01, code="%2e%2e?x", name="Behind the wall"))
    browser = office.browser(cast.AMIR)
    page = text_of(browser.get("/branches/%252e%252e%3Fx/report"))
    [year] = re.findall(r'href="([^"]*period=year)"', page)
    assert "Behind the wall" in text_of(browser.get(year))


@pytest.mark.parametrize("reader", [cast.AMIR, cast.BEA], ids=lambda person: person.name)
def test_outside_the_office_the_shopper_has_no_name(office: Office, visit: Visit, reader: Person) -> None:
    browser = office.browser(reader)
    for address in ("/", "/branches/N01/report", f"/visits/{visit.id}/report"):
        assert "Whitaker" not in text_of(browser.get(address))
    assert "Whitaker" not in words_of(browser.get("/branches/N01/report.pdf").data)


@pytest.mark.parametrize("otto", [cast.OTTO_AREA, cast.OTTO_BRANCH, cast.OTTO_SHOPPER], ids=lambda p: p.role)
def test_otto_cannot_tell_a_strangers_report_from_a_missing_one(office: Office, visit: Visit, otto: Person) -> None:
    browser = office.browser(otto)
    for ending in ("report", "report.pdf"):
        theirs, missing = browser.get(f"/branches/N01/{ending}"), browser.get(f"/branches/N99/{ending}")
        assert theirs.status_code == missing.status_code >= 403
        assert len(theirs.data) == len(missing.data)
        theirs = browser.get(f"/visits/{visit.id}/{ending}")
        missing = browser.get(f"/visits/{visit.id[:-1]}0/{ending}")
        assert theirs.status_code == missing.status_code >= 403
        assert len(theirs.data) == len(missing.data)


def test_a_visit_that_waits_to_be_published_is_in_no_report_outside_the_office(office: Office) -> None:
    waiting = office.submitted()
    browser = office.browser(cast.AMIR)
    assert browser.get(f"/visits/{waiting.id}/report").status_code == 404
    assert "No visit was published in this period." in text_of(browser.get("/branches/N01/report"))
    assert office.browser(cast.ADA).get(f"/visits/{waiting.id}/report").status_code == 200


def test_the_second_download_is_not_printed_again(office: Office, visit: Visit) -> None:
    browser = office.browser(cast.AMIR)
    first = browser.get("/branches/N01/report.pdf")
    again = browser.get("/branches/N01/report.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert browser.get("/branches/N01/report.pdf").data == first.data


def test_a_new_visit_makes_a_new_report(office: Office, visit: Visit) -> None:
    browser = office.browser(cast.AMIR)
    first = browser.get("/branches/N01/report.pdf").headers["ETag"]
    office.published()
    assert browser.get("/branches/N01/report.pdf").headers["ETag"] != first


def test_the_pdf_has_a_name_that_says_what_it_is(office: Office, visit: Visit) -> None:
    headers = office.browser(cast.AMIR).get("/branches/N01/report.pdf?from=2026-11-01&to=2026-11-30").headers
    assert headers["Content-Disposition"] == 'attachment; filename="candour-N01-2026-11-01-2026-11-30.pdf"'
    assert headers["Content-Type"] == "application/pdf"
    assert "no-cache" in headers["Cache-Control"]


def test_amirs_home_lists_his_branches_by_name_with_figure_n_and_pdf(office: Office, visit: Visit) -> None:
    page = text_of(office.browser(cast.AMIR).get("/"))
    assert "50 %" in page
    assert "from 1 visit" in page
    assert 'href="/branches/N01/report.pdf?from=2026-10-01&amp;to=2026-12-31"' in page
    assert "Without a published visit in this period" in page
    assert "Old Bridge" in page
    assert "Quayside" not in page


def test_beas_home_is_her_branch_alone(office: Office, visit: Visit) -> None:
    page = text_of(office.browser(cast.BEA).get("/"))
    assert "Mill Lane" in page
    assert "50 %" in page
    assert "Old Bridge" not in page


def offered_at(office: Office, address: str) -> dict[str, str]:
    """The periods on offer, each with its address; the one that is shown with a star behind its words."""
    page = office.browser(cast.ADA).get(address).get_data(as_text=True)
    picker = page.split('class="period"')[1].split("</ul>")[0]
    found = re.findall(r'<a href="([^"]*)"( aria-current="true")?>([^<]*)</a>', picker)
    return {words + "*" * bool(chosen): html.unescape(address) for address, chosen, words in found}


@pytest.mark.parametrize("address", ["/branches/N01/report", "/areas/NORTH", "/areas/NORTH/report", "/programme"])
def test_last_quarter_and_the_last_twelve_months_are_on_offer_wherever_a_period_is_chosen(
    office: Office, visit: Visit, address: str
) -> None:
    words = ["This month", "This quarter*", "Last quarter", "This year", "Last 12 months"]
    offered = offered_at(office, address)
    assert list(offered) == words
    for each in ("Last quarter", "Last 12 months"):
        assert f"{each}*" in offered_at(office, offered[each])


def test_a_period_is_said_and_days_of_ones_own_are_a_fold_away(office: Office) -> None:
    page = office.browser(cast.ADA).get("/areas/NORTH").get_data(as_text=True)
    before, folded = page.split('class="period"')[1].split("</section>")[0].split("<details>")
    assert "1 October – 31 December 2026" in before
    assert all(f'name="{day}"' in folded for day in ("from", "to"))


def test_a_page_that_begins_with_another_quarter_says_why_and_its_paper_is_of_the_same_days(office: Office) -> None:
    today = office.clock.now
    office.clock.now = today.replace(month=7)
    office.published()
    office.clock.now = today
    for person, address in (
        (cast.AMIR, "/"),
        (cast.BEA, "/"),
        (cast.AMIR, "/branches/N01/report"),
        (cast.AMIR, "/areas/NORTH/report"),
        (cast.ADA, "/programme"),
    ):
        page = text_of(office.browser(person).get(address))
        assert "1 July – 30 September 2026" in page, address
        assert "This quarter has no visit so far. Here is the quarter of the latest one." in page, address
        assert "from=2026-07-01&amp;to=2026-09-30" in page, address
    asked = text_of(office.browser(cast.AMIR).get("/?period=quarter"))
    assert "The latest was on 21 July 2026." in asked
    assert "so far" not in asked
    paper = office.browser(cast.AMIR).get("/branches/N01/report.pdf")
    assert "N01-2026-07-01-2026-09-30" in paper.headers["Content-Disposition"]


def test_where_no_visit_was_ever_published_no_other_period_is_promised(office: Office) -> None:
    for person, address in (
        (cast.AMIR, "/"),
        (cast.BEA, "/"),
        (cast.ADA, "/programme"),
        (cast.ADA, "/programme/planning"),
    ):
        page = text_of(office.browser(person).get(address))
        assert "Nor was any before." in page, address
        assert "Choose another period" not in page, address


def test_what_came_before_twelve_months_is_on_offer_unless_it_is_there_by_another_name(office: Office) -> None:
    assert "The one before" not in offered_at(office, "/areas/NORTH?period=quarter")
    assert "The one before" in offered_at(office, "/areas/NORTH?period=twelve-months")


def test_the_period_that_is_shown_is_the_period_that_was_asked_for(office: Office, visit: Visit) -> None:
    browser = office.browser(cast.AMIR)
    page = text_of(browser.get("/?from=2026-01-01&to=2026-03-31"))
    assert "1 January – 31 March 2026" in page
    assert "No visit was published in this period." in page
    assert 'value="2026-01-01"' in page


@pytest.mark.parametrize("query", ["from=2026-02-30", "from=2026-03-01&to=2026-02-01", "period=age"])
def test_a_period_that_cannot_be_is_refused_in_words(office: Office, query: str) -> None:
    response = office.browser(cast.AMIR).get(f"/branches/N01/report?{query}")
    assert response.status_code == 422
    assert "Traceback" not in text_of(response)


def test_a_test_visit_is_in_no_report(office: Office) -> None:
    tried = replace(office.published(), test=True)
    with office.store.transaction():
        office.store.visits.save(tried)
    browser = office.browser(cast.AMIR)
    assert "No visit was published in this period." in text_of(browser.get("/"))
    assert "No visit was published in this period." in text_of(browser.get("/branches/N01/report"))
