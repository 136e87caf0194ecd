"""The shopper's pages in Arabic: they fit a narrow phone, keep the rules, run from right to left, change at a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import cast
from tests.browsers import until
from tests.journeys.conftest import Site
from tests.journeys.looking import wrongs_of

Paths = Mapping[str, str]
ARABIC: dict[str, Any] = {"locale": "ar"}
COPIES = """async (path) => {
    const copy = await caches.match(path, { cacheName: "pages", ignoreVary: true });
    return copy ? /<html lang="([a-z]+)"/.exec(await copy.text())[1] : "";
}"""

ENDS = """(place) => [0, place.firstChild.length - 1].map((at) => {
    const letter = document.createRange();
    letter.setStart(place.firstChild, at);
    letter.setEnd(place.firstChild, at + 1);
    return letter.getBoundingClientRect().x;
})"""


@pytest.fixture(scope="module")
def paths(served: Site) -> Paths:
    visit = served.installation.begin(served.installation.assign("six-secrets", "return-goods"))
    return {
        "the list": "/",
        "the devices": "/devices",
        "the brief": f"/assignments/{visit.assignment_id}",
        "the form": f"/visits/{visit.id}/form",
        "the check": f"/visits/{visit.id}/check",
        "stop and leave": f"/visits/{visit.id}/stop",
    }


@pytest.mark.parametrize("name", ["the list", "the devices", "the brief", "the form", "the check", "stop and leave"])
def test_a_page_in_arabic_keeps_the_rules(site: Site, paths: Paths, name: str) -> None:
    page = site.page(cast.SAM, **ARABIC)
    page.goto(paths[name])
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert not wrongs_of(page)


def test_an_address_keeps_its_number_in_front_and_hours_stand_apart_from_the_day(site: Site, paths: Paths) -> None:
    store = site.installation.store
    with store.transaction():
        store.branches.save(replace(cast.N01, address="12 Mill Lane", locality="Ormsey"))
    assignment = site.installation.assign("six-secrets", hours="between 14 and 17")
    page = site.page(cast.SAM, **ARABIC)
    page.goto(f"/assignments/{assignment.id}")
    number, town = page.get_by_text("12 Mill Lane, Ormsey").evaluate(ENDS)
    assert number < town
    expect(page.locator("bdi", has_text="between 14 and 17")).to_be_visible()
    page.goto("/")
    expect(page.locator("p", has_text="between 14 and 17")).to_contain_text("، between")


def test_the_form_is_laid_out_and_counted_from_right_to_left(site: Site, paths: Paths) -> None:
    page = site.page(cast.SAM, **ARABIC)
    page.goto(f"{paths['the form']}#s-arriving")
    greeted = page.locator('[data-ask="greeted"]')
    expect(greeted.locator("legend")).to_have_text("هل حيّاك أحد العاملين قبل أن تتكلم؟")
    expect(page.locator(".progress [data-part=words]")).to_have_text("القسم 2 من 9 – المتبقي 2")
    yes, no = (greeted.locator(f"label:has([value={word}])").bounding_box() for word in ("yes", "no"))
    assert yes is not None
    assert no is not None
    assert yes["x"] > no["x"]
    stands = greeted.locator("label:has([value=yes])").evaluate(
        "(label) => label.querySelector('input').getBoundingClientRect().x - label.getBoundingClientRect().x"
    )
    assert stands > yes["width"] / 2  # the button of the choice is on the right
    queue = page.locator('[name="q-queue"]')
    queue.fill("٣")
    expect(page.locator('[data-ask="seen_in_queue"]')).to_be_visible()  # a rule compares the digits of any keyboard


def test_another_language_brings_the_phones_copies_anew(site: Site, paths: Paths) -> None:
    page = site.page(cast.SAM)
    page.goto("/")
    copied(page, paths["the form"], "en")
    page.goto("/devices")
    page.get_by_label("Language").select_option("ar")
    page.get_by_role("button", name="Use this language").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("قائمتك")
    copied(page, paths["the form"], "ar")
    page.goto(paths["the form"])
    expect(page.locator("html")).to_have_attribute("lang", "ar")


def copied(page: Page, path: str, language: str) -> None:
    """Wait until the phone has a copy of the page in that language."""
    until(page, f"async () => (await ({COPIES})({path!r})) === {language!r}")
