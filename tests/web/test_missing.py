"""Where nothing is, a page names what is not there and leads on; in the same words, missing or not mine."""

from __future__ import annotations

import re

import pytest

from audit.domain.people import Person
from audit.domain.visit import Visit
from audit.web.missing import BEHIND
from tests import cast
from tests.web.office import Office, text_of

SOMEBODY_ELSES = [
    (cast.OTTO_AREA, "/branches/N01/report", "/branches/Z99/report", "There is no such branch"),
    (cast.OTTO_AREA, "/areas/NORTH", "/areas/NOWHERE", "There is no such area"),
    (cast.OTTO_AREA, "/visits/{id}/report", "/visits/none/report", "There is no such visit"),
    (
        cast.OTTO_AREA,
        "/figures/visits?branch=N01&checklist=corner-shop",
        "/figures/visits?branch=Z99&checklist=corner-shop",
        "There are no such figures",
    ),
    (cast.OTTO_BRANCH, "/branches/N01/report.pdf", "/branches/Z99/report.pdf", "There is no such branch"),
]


def main_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page.partition("<main")[2].partition("</main>")[0]))


@pytest.mark.parametrize(("person", "own", "nowhere", "title"), SOMEBODY_ELSES)
def test_what_is_somebody_elses_is_missing_in_the_same_words_and_the_thing_is_named(
    office: Office, visit: Visit, person: Person, own: str, nowhere: str, title: str
) -> None:
    browser = office.browser(person)
    strange, missing = browser.get(own.format(id=visit.id)), browser.get(nowhere)
    assert (strange.status_code, missing.status_code) == (404, 404)
    assert strange.get_data() == missing.get_data()
    assert title in main_of(text_of(strange))


@pytest.mark.parametrize(
    ("address", "title", "way"),
    [
        ("/branches/Z99", "There is no such branch", "/branches"),
        ("/visits/none", "There is no such visit", "/visits"),
        ("/checklists/corner-shop/99", "There is no such checklist", "/checklists"),
        ("/printing/none", "There is no such report", "/"),
        ("/programme/figures.csv?checklist=none", "There are no such figures", "/"),
        ("/nowhere", "There is no such page", "/"),
    ],
)
def test_ada_is_led_to_the_list_in_which_it_would_stand(office: Office, address: str, title: str, way: str) -> None:
    browser = office.browser(cast.ADA)
    answer = browser.get(address)
    page = text_of(answer).partition("<main")[2]
    assert answer.status_code == 404
    assert f"<h1>{title}</h1>" in page
    assert f'href="{way}"' in page
    assert browser.get(way).status_code in (200, 303)


def test_nobody_is_led_to_a_page_that_is_closed_to_them(office: Office) -> None:
    page = text_of(office.browser(cast.AMIR).get("/branches/Z99/report")).partition("<main")[2]
    assert 'href="/branches"' not in page
    assert "To the home page" in page


def test_whoever_opens_a_link_that_has_ended_is_told_to_ask_for_a_new_one(office: Office) -> None:
    ended, nowhere = (office.browser().get(path) for path in ("/shared/ended", "/nowhere"))
    assert ended.get_data() == nowhere.get_data()
    assert "it may have ended or been taken back: ask for a new one" in main_of(text_of(ended))


def test_the_words_stand_for_doors_that_there_are(office: Office) -> None:
    rules = [rule.rule for rule in office.app.url_map.iter_rules()]
    for beginning in BEHIND:
        assert any(rule.startswith(beginning) for rule in rules), beginning
