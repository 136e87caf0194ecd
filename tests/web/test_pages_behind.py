"""The visits behind a figure, however many: a page at a time, and all of them in a file."""

from __future__ import annotations

import re
from html import unescape

import pytest

from audit.domain.people import Person
from audit.storage import figures
from audit.web import areas
from tests import cast
from tests.web.handed_out import book_of, lines_of
from tests.web.office import Browser, Office, text_of
from tests.web.rounds import two_rounds as two_rounds

OF_ALL = "/figures/visits?checklist=corner-shop&from=2026-01-01&to=2026-12-31"
WARM = f"{OF_ALL}&dimension=warmth"
NORTH = f"{OF_ALL}&area=NORTH"


def pages(browser: Browser, address: str) -> list[str]:
    found = [text_of(browser.get(address))]
    while older := re.search(r'href="([^"]+)">Older visits', found[-1]):
        found.append(text_of(browser.get(unescape(older[1]))))
    return found


def visits_on(page: str) -> list[str]:
    return re.findall(r'href="/visits/([^/]+)/report"', page)


@pytest.mark.parametrize(("person", "address"), [(cast.ADA, OF_ALL), (cast.RITA, WARM), (cast.AMIR, NORTH)])
def test_every_visit_behind_a_figure_stands_on_one_of_its_pages_newest_first(
    office: Office, monkeypatch: pytest.MonkeyPatch, person: Person, address: str
) -> None:
    browser = office.browser(person)
    whole = visits_on(text_of(browser.get(address)))
    monkeypatch.setattr(areas, "PAGE", 7)
    found = pages(browser, address)
    assert [visit for page in found for visit in visits_on(page)] == whole
    assert len(found) == -(-len(whole) // 7)
    figure = re.compile(r"<b>\d+ %</b> <span>the mean of \d+ visits")
    assert {figure.findall(page)[0] for page in found} == {figure.findall(found[0])[0]}
    assert f"The newest 7 of {len(whole)}." in found[0]
    assert not any("The newest 7" in page for page in found[1:])
    assert all("Back to the newest visits" in page for page in found[1:])
    assert all("A file holds all visits, not this page alone." in page for page in found)


@pytest.mark.parametrize("address", [OF_ALL, WARM])
def test_the_file_of_the_programme_holds_all_visits_and_their_exact_mean(
    office: Office, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    browser = office.browser(cast.ADA)
    page = text_of(browser.get(address))
    monkeypatch.setattr(areas, "PAGE", 5)
    monkeypatch.setattr(figures, "AT_ONCE", 3)
    last = pages(browser, address)[-1]
    ways = {kind: unescape(way) for way, kind in re.findall(r'href="(/figures/visits/figures\.(\w+)\?[^"]+)"', last)}
    rows = lines_of(browser.get(ways["csv"]))
    assert len(rows) == len(visits_on(page)) > 30
    assert [row["Day"] for row in rows] == sorted((row["Day"] for row in rows), reverse=True)
    assert {row["Branch code"] for row in rows} >= {"N01", "S01"}
    book = book_of(browser.get(ways["xlsx"]))
    headings, figure = book["Figures"].iter_rows(values_only=True)
    told = dict(zip(headings, figure, strict=True))
    scores = [float(row["Score"]) for row in rows]
    assert told["Score"] == pytest.approx(sum(scores) / len(scores), abs=1e-12)
    assert (told["Visits with a score"], book["Visits"].max_row) == (len(rows), len(rows) + 1)
    assert told["Dimension"] == ("Warmth" if address is WARM else None)


def test_a_period_without_visits_is_a_file_of_headings(office: Office) -> None:
    address = "/figures/visits/figures.{}?checklist=corner-shop&from=2020-01-01&to=2020-12-31"
    browser = office.browser(cast.ADA)
    assert lines_of(browser.get(address.format("csv"))) == []
    _, figure = book_of(browser.get(address.format("xlsx")))["Figures"].iter_rows(values_only=True)
    assert figure[-2:] == (None, 0)


@pytest.mark.parametrize("person", [cast.AMIR, cast.OTTO_AREA, cast.BEA])
def test_the_file_of_the_programme_is_not_there_for_whoever_may_not_see_all_of_it(
    office: Office, person: Person
) -> None:
    file = OF_ALL.replace("visits?", "visits/figures.csv?")
    assert office.browser(person).get(file).status_code == 404


def test_otto_cannot_page_on_from_a_visit_that_is_not_his(office: Office) -> None:
    (first, *_) = visits_on(text_of(office.browser(cast.ADA).get(NORTH)))
    south = office.browser(cast.OTTO_AREA)
    answers = [south.get(f"{OF_ALL}&area=SOUTH&after={after}") for after in (first, "no-such")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].get_data() == answers[1].get_data()
