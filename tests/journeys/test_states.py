"""Every state of a shopper's visit for everybody: by axe and the HTML standard, by light and in the dark, 320 px wide,
text at 200 %, in forced colours, by keyboard, read aloud; from left to right and from right to left.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.looking import wrongs_of
from tests.journeys.sending import send_back
from tests.journeys.senses import wrongs_without_sight
from tests.journeys.shops import READY, Shop
from tests.journeys.shops import shop as shop
from tests.journeys.walking import photo

pytestmark = pytest.mark.soak
DIRECTIONS = {"en-GB": "ltr", "ar": "rtl"}
COMPLAINED = "a number that is none, and a demand"
ARRIVAL = {"greeted": "yes", "by_name": "yes"}
COUNTER = {"listened": "yes", "asked_back": "yes", "solved": "not_observed", "till": "yes"}

READ_OUT = """
- heading "Mill Lane" [level=1]
- button "Hide"
- group "Coming and going":
  - button "Going in now"
  - button "Greeted"
  - button "Served"
  - button "I have left"
  - button "Stop and leave"
- status: /Section 1 of 3 – 2 left Saved on this phone \\d+:\\d+/
- button "Next unanswered"
- region "Arriving":
  - heading "Arriving" [level=2]
  - group "Did someone greet you within a minute?":
    - radio "Yes"
    - radio "No" [checked]
    - radio "Does not apply"
    - paragraph: What did you see?
    - group "What did you see?":
      - checkbox "Everyone was busy"
    - textbox "In your own words"
  - group "How many people waited? (optional)":
    - textbox "How many people waited?" [invalid]: several
    - status: Write a number with digits, such as 12.
  - button "Save and go on"
"""


@pytest.mark.parametrize("locale", DIRECTIONS)
def test_every_state_of_a_visit_is_within_everybodys_reach(shop: Shop, locale: str) -> None:
    page = shop.phone(locale=locale)
    wrongs: list[str] = []
    for state in walk(shop, page):
        expect(page.locator("html")).to_have_attribute("dir", DIRECTIONS[locale])
        wrongs += [f"{state}: {wrong}" for wrong in [*wrongs_of(page), *wrongs_without_sight(page)]]
    assert not wrongs, "\n".join(wrongs)


def test_a_voice_reads_each_question_its_choices_its_demand_and_its_complaint_in_the_order_of_the_page(
    shop: Shop,
) -> None:
    page = shop.phone()
    next(state for state in walk(shop, page) if state == COMPLAINED)
    expect(page.locator("main")).to_match_aria_snapshot(READ_OUT)


def walk(shop: Shop, page: Page) -> Iterator[str]:
    """From the list to a visit that came back; the name of each state, once the page is in it."""
    visit = shop.installation.begin(shop.installation.assign("welcome")).id
    form = f"/visits/{visit}/form"
    page.goto("/")
    expect(page.locator(f'[data-visit="{visit}"] [data-part=offline]')).not_to_be_empty()
    yield "the list"
    open_form(page, form)
    yield "empty"
    page.locator('input[name="q-greeted"][value="no"]').check()
    page.fill("#q-people", "several")
    page.locator("#q-people").blur()
    expect(page.locator('[data-ask="people"] [data-part=odd]')).to_be_visible()
    yield COMPLAINED
    page.fill("#q-people", "3")
    choose(page, ARRIVAL)
    page.evaluate("location.hash = '#s-counter'")
    page.set_input_files("#q-shelf--photos", [photo()])
    expect(page.locator("[data-ask=shelf] .tray img")).to_be_visible()
    yield "with a photo"
    page.locator('button[value="check"]').dispatch_event("click")
    expect(page.locator("#check [data-part=unmarked]")).to_be_visible()
    yield "checked, with something open"
    page.evaluate("location.hash = '#stop'")
    expect(page.locator("#stop")).to_be_visible()
    yield "before stopping"
    shop.shut()
    page.goto("/devices")
    yield "a page that is not on the phone"
    open_form(page, form)
    yield "without a network"
    page.evaluate("location.hash = '#s-counter'")
    choose(page, COUNTER)
    page.evaluate("location.hash = '#s-closing'")
    choose(page, {"customer_state": "satisfied"})
    page.fill("#q-narrative", "They were quick and kind.")
    page.locator('button[value="check"]').click()
    expect(page.locator("#check [data-part=send]")).to_be_visible()
    yield "checked"
    page.locator("#check [data-part=send]").click()
    expect(page.locator("#sent")).to_be_visible()
    yield "waiting"
    page.goto("/")
    expect(page.locator("#outbox li")).to_be_visible()
    yield "the list while a visit waits"
    shop.open()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#outbox li button")).to_have_count(0)
    heading = page.locator(f'#list h2:has(+ ul > [data-visit="{visit}"])')
    expect(heading).to_have_count(1)
    expect(heading).to_be_hidden()
    yield "received"
    send_back(shop)
    page.goto("/")
    expect(page.locator(f'[data-visit="{visit}"] [data-part=offline]')).not_to_be_empty()
    yield "the list with a visit that came back"
    open_form(page, form)
    yield "returned"


def open_form(page: Page, form: str) -> None:
    page.goto(form)
    page.wait_for_selector(READY)


def choose(page: Page, words: dict[str, str]) -> None:
    for question, word in words.items():
        page.locator(f'input[name="q-{question}"][value="{word}"]').check()
