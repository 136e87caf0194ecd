"""The report of an area, or of the whole programme, by a link: by the same rules as that of a branch."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from audit.domain.people import Person
from audit.domain.visit import Visit
from tests import cast
from tests.reports.reading import words_of
from tests.web.links import DAYS, is_like_no_page, share, take_back
from tests.web.office import Office, text_of

AREA, PROGRAMME = f"/areas/NORTH/shares?{DAYS}", f"/programme/shares?{DAYS}"
MADE = pytest.mark.parametrize(
    ("maker", "about"), [(cast.AMIR, AREA), (cast.ADA, AREA), (cast.ADA, PROGRAMME)], ids=["Amir", "Ada", "programme"]
)


@MADE
def test_a_stranger_reads_it_on_page_and_paper_and_finds_no_way_to_anything_else(
    office: Office, visit: Visit, maker: Person, about: str
) -> None:
    path = share(office.browser(maker), about)
    stranger = office.browser()
    page, paper = text_of(stranger.get(path)), words_of(stranger.get(f"{path}/report.pdf").data)
    for said in ("50 %", "1 visit", "Corner shop"):
        assert said in re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page))
        assert said in paper
    assert ("Mill Lane" in page, "Mill Lane" in paper) == ((about == AREA,) * 2)
    assert "Whitaker" not in page + paper
    ways = set(re.findall(r'(?:href|src|action)="([^"]+)"', page))
    assert {way for way in ways if not way.startswith((path, "/static/", "#"))} == set()
    assert "<form" not in page


@MADE
def test_taken_back_or_past_its_end_it_is_like_a_page_that_never_was(
    office: Office, visit: Visit, maker: Person, about: str
) -> None:
    browser = office.browser(maker)
    taken, over = share(browser, about), share(browser, about, days="7")
    office.clock.go_on(minutes=1)
    newest = share(browser, about)
    take_back(browser)
    assert is_like_no_page(office, newest)
    assert office.browser().get(taken).status_code == 200
    office.clock.go_on(days=7)
    assert is_like_no_page(office, over)
    assert is_like_no_page(office, f"{over}/report.pdf")


def test_who_leads_another_area_now_shows_nothing_of_the_old_one(office: Office, visit: Visit) -> None:
    path = share(office.browser(cast.AMIR), AREA)
    with office.store.transaction():
        office.store.people.save(replace(cast.AMIR, area_code="SOUTH"))
    assert is_like_no_page(office, path)


def test_a_link_to_an_area_opens_none_of_its_branches_nor_their_pack(office: Office, visit: Visit) -> None:
    path, stranger = share(office.browser(cast.AMIR), AREA), office.browser()
    stranger.get(path)
    for door in ("/branches/N01/report", f"/areas/NORTH/reports.zip?{DAYS}", f"/areas/NORTH/report?{DAYS}"):
        assert stranger.get(door).status_code == 303
    assert is_like_no_page(office, f"{path}/photos/{visit.id}/{'0' * 64}")


@pytest.mark.parametrize(
    ("stranger", "about"), [(cast.OTTO_AREA, AREA), (cast.OTTO_AREA, PROGRAMME), (cast.AMIR, PROGRAMME)]
)
def test_what_is_not_ones_own_to_read_is_not_ones_own_to_share(office: Office, stranger: Person, about: str) -> None:
    browser = office.browser(stranger)
    for answer in (browser.get(about), browser.post(about, data={"days": "7"})):
        assert answer.status_code == 404
    assert office.store.shares.list_all() == []


def test_the_way_to_share_stands_beside_each_report_and_the_list_names_what_was_shared(
    office: Office, visit: Visit
) -> None:
    ada = office.browser(cast.ADA)
    for path in ("/areas/NORTH", "/programme"):
        assert f'href="{path}/shares?' in text_of(ada.get(f"{path}/report?{DAYS}"))
        share(ada, f"{path}/shares?{DAYS}")
    page = text_of(ada.get("/shares"))
    assert "<b>North</b>" in page
    assert "<b>The whole programme</b>" in page
    assert "programme/shares" not in text_of(office.browser(cast.RITA).get(f"/programme/report?{DAYS}"))
