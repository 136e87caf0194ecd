"""A language that is chosen later: what the phone shows without a network speaks it too."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browsers import until
from tests.journeys.shops import READY, Shop, phone_with_the_list
from tests.journeys.shops import shop as shop

KEPT = """caches.match('/offline', { cacheName: 'pages' })
  .then(async (page) => (await page?.text())?.includes('<html lang="fr"'))"""


@pytest.mark.soak
def test_without_a_network_the_phone_speaks_the_language_that_was_chosen_last(shop: Shop) -> None:
    page = phone_with_the_list(shop)
    page.goto("/devices")
    page.get_by_label("Language").select_option("fr")
    page.get_by_role("button", name="Use this language").click()
    page.goto("/")
    expect(page.locator("[data-part=offline]")).not_to_be_empty()
    until(page, KEPT)
    shop.shut()
    page.goto("/devices")
    expect(page.get_by_role("heading", name="Pas de réseau")).to_be_visible()
    page.goto(f"/visits/{shop.visit().id}/form")
    page.wait_for_selector(READY)
    page.locator("form#visit").evaluate("form => form.requestSubmit(form.querySelector('button[value=check]'))")
    expect(page.locator("#check h1")).to_have_text("Vérifiez vos réponses")
