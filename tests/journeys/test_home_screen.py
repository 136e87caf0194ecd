"""The word about the home screen: after the first received visit, once, and never on the page of a visit."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from audit.domain.visit import VisitState
from tests.browsers import until
from tests.journeys.shops import (
    READY,
    Shop,
    answer_all,
    fetch_the_list,
    open_visit,
    phone_with_the_list,
    saved,
    send,
    told,
)
from tests.journeys.shops import shop as shop

OFFER = """
const offer = new Event("beforeinstallprompt", { cancelable: true });
offer.prompt = () => ((self.prompted = true), Promise.resolve());
dispatchEvent(offer);
"""
SAFARI = "Object.defineProperty(Navigator.prototype, 'standalone', { get: () => false });"


def hint(page: Page) -> Locator:
    return page.locator("[data-part=install]")


def make_a_visit(shop: Shop, page: Page) -> None:
    open_visit(page)
    answer_all(page)
    send(page)
    told(page, "Received at")


@pytest.mark.soak
def test_the_list_offers_the_home_screen_after_the_first_received_visit_and_takes_a_no(shop: Shop) -> None:
    page = phone_with_the_list(shop)
    page.evaluate(OFFER)
    expect(hint(page)).to_be_hidden()
    make_a_visit(shop, page)
    page.evaluate(OFFER)
    expect(page.get_by_text("home screen").first).to_be_hidden()
    page.goto("/")
    page.evaluate(OFFER)
    expect(hint(page)).to_be_visible()
    expect(hint(page).get_by_text("Press the share button")).to_be_hidden()
    page.get_by_role("button", name="Put this list on the home screen").click()
    expect(hint(page)).to_be_hidden()
    assert page.evaluate("self.prompted")
    page.goto("/")
    page.evaluate(OFFER)
    until(page, "!!document.querySelector('#outbox li')")  # the phone's memory was read meanwhile
    expect(hint(page)).to_be_hidden()


@pytest.mark.soak
def test_where_the_browser_has_no_window_for_it_plain_words_say_how(shop: Shop) -> None:
    shop.installation.assign("welcome")
    page = shop.phone()
    page.add_init_script(SAFARI)
    fetch_the_list(page)
    make_a_visit(shop, page)
    page.goto("/")
    expect(hint(page).get_by_text("Press the share button")).to_be_visible()
    expect(page.get_by_role("button", name="Put this list on the home screen")).to_be_hidden()
    assert shop.visit().state is VisitState.SUBMITTED
    shop.installation.assign("welcome")
    fetch_the_list(page)
    form = f"/visits/{page.locator('[data-assignment]').get_attribute('data-visit')}/form"
    page.goto(form)
    page.wait_for_selector(READY)
    page.evaluate("location.hash = '#s-closing'")
    page.fill("#q-narrative", "They were")
    saved(page)
    page.goto("/")
    expect(page.get_by_text("Draft saved on this phone")).to_be_visible()
    expect(hint(page)).to_be_hidden()
    page.goto(form)
    expect(page.get_by_text("home screen").first).to_be_hidden()
