"""A visit that the office sent back: one answer is mended where there is no network, and it arrives once more."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from audit.domain.visit import VisitState
from tests import cast
from tests.browsers import until
from tests.journeys.sending import send_back
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
from tests.journeys.walking import photo

BACK = "Sent back to you: please look at it again"
OLDEN = """async (form) => {
  const pages = await Phone.copies();
  const copy = await Phone.copyOf(form);
  const text = (await copy.text()).replace(" data-returned ", " ");
  await pages.put(form, new Response(text, { headers: copy.headers }));
}"""
MENDED = "They were quick and kind, and looked up before the first word."


@pytest.fixture
def page(shop: Shop) -> Page:
    """Sam's phone, whose visit with one photo was received and sent back by the office."""
    page = phone_with_the_list(shop)
    open_visit(page)
    answer_all(page)
    page.evaluate("location.hash = '#s-counter'")
    page.set_input_files("#q-shelf--photos", [photo()])
    expect(page.locator("[data-ask=shelf] .tray img")).to_be_visible()
    page.locator("form#visit").evaluate("form => form.requestSubmit(form.querySelector('button[value=check]'))")
    send(page)
    told(page, "Received at .*, 1 photo")
    send_back(shop)
    page.goto("/")
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.locator("#outbox")).to_be_hidden()
    fetch_the_list(page)
    return page


def open_again(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Mill Lane").click()
    page.wait_for_selector(READY)


def test_a_returned_visit_is_mended_from_the_list_to_the_receipt_without_a_network(shop: Shop, page: Page) -> None:
    shop.shut()
    open_again(page)
    expect(page.get_by_text("The office sent this visit back to you")).to_be_visible()
    expect(page.get_by_role("button", name="Stop and leave")).to_have_count(0)
    expect(page.locator('input[name="q-greeted"][value="yes"]')).to_be_checked()
    page.evaluate("location.hash = '#s-counter'")
    picture = page.locator("[data-ask=shelf] .tray img")
    expect(picture).to_be_visible()
    until(page, "document.querySelector('[data-ask=shelf] .tray img').naturalWidth > 0")
    page.evaluate("location.hash = '#s-closing'")
    page.fill("#q-narrative", MENDED)
    saved(page)
    page.reload()
    page.wait_for_selector(READY)
    expect(page.locator("#q-narrative")).to_have_value(MENDED)
    page.locator("form#visit").evaluate("form => form.requestSubmit(form.querySelector('button[value=check]'))")
    send(page)
    told(page, "Waiting to send")
    page.goto("/")
    expect(page.locator("#outbox")).to_contain_text("Waiting to send")
    assert shop.visit().state is VisitState.RETURNED
    shop.open()
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("#outbox")).to_contain_text(re.compile(r"Received at \d\d:\d\d, 1 photo"))
    visit = shop.visit()
    assert visit.state is VisitState.SUBMITTED
    assert visit.answers["narrative"].value == MENDED
    assert visit.answers["greeted"].value == "yes"
    assert len(visit.photos) == 1
    outcomes = [kept.outcome for kept in shop.installation.store.submissions.of_visit(visit.id)]
    assert outcomes.count("submitted") == 2
    assert not {"second", "sibling", "conflict"} & set(outcomes)


def test_a_copy_from_before_the_visit_came_back_is_not_taken_for_what_came_back(shop: Shop, page: Page) -> None:
    form = f"/visits/{shop.visit().id}/form"
    page.evaluate(OLDEN, form)
    fetch_the_list(page)
    until(page, f"Phone.copyOf('{form}').then((copy) => copy.text()).then((text) => text.includes('data-returned'))")
    shop.shut()
    open_again(page)
    expect(page.get_by_text("The office sent this visit back to you")).to_be_visible()


@pytest.mark.soak
def test_a_line_that_breaks_before_the_photos_promises_nothing_and_brings_all_of_it_the_next_time(
    shop: Shop, page: Page
) -> None:
    page.evaluate("caches.delete('pages')")
    page.context.route("**/photos/**", lambda route: route.abort())
    page.goto("/")
    until(page, f"Phone.copyOf('/assignments/{shop.visit().assignment_id}').then((copy) => !copy)")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-part=offline]")).to_be_empty()
    page.context.unroute_all()
    fetch_the_list(page)
    shop.shut()
    open_again(page)
    page.evaluate("location.hash = '#s-counter'")
    expect(page.locator("[data-ask=shelf] .tray img")).to_be_visible()
    until(page, "document.querySelector('[data-ask=shelf] .tray img').naturalWidth > 0")


@pytest.mark.soak
def test_a_returned_visit_goes_back_to_another_phone_as_well(shop: Shop, page: Page) -> None:
    other = shop.phone(cast.SAM)
    open_again(other)
    other.evaluate("location.hash = '#s-closing'")
    other.fill("#q-narrative", MENDED)
    other.locator("form#visit").evaluate("form => form.requestSubmit(form.querySelector('button[value=check]'))")
    send(other)
    told(other, "Received at")
    assert shop.visit().answers["narrative"].value == MENDED
    page.goto("/")
    expect(page.get_by_text(BACK)).to_have_count(0)


@pytest.mark.soak
def test_a_visit_that_was_changed_elsewhere_after_it_came_back_is_open_here_too(shop: Shop, page: Page) -> None:
    other = shop.phone(cast.SAM, java_script_enabled=False)
    other.goto(f"/visits/{shop.visit().id}/form")
    other.fill("#q-narrative", MENDED)
    other.locator('button[value="check"]').click()
    open_again(page)
    expect(page.locator("#q-narrative")).to_have_value(MENDED)
    expect(page.locator("#sent")).to_be_hidden()
