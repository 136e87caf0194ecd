"""Photos that are lost because somebody was quicker than the phone: than its scripts, or than the worker."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.walking import photo
from tests.losses.conftest import Shop, check, says
from tests.losses.phone import NO_WORKER, ready
from tests.losses.test_keeping import KEEPER, choose, hold, with_scripts
from tests.waiting import wait_until
from tests.world import GOOD

SLOW_WORKER = """
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (...words) {
  if (self.busy) self.goOn = () => post.apply(this, words);
  else post.apply(this, words);
};
"""
DYING_WORKER = """
const Real = self.Worker;
let first = true;
self.Worker = function (address) {
  const worker = new Real(address);
  if (first) worker.postMessage = () => setTimeout(() => worker.onerror());
  first = false;
  return worker;
};
"""
PRESS_CHECK = "document.querySelector('form#visit').requestSubmit(document.querySelector('button[value=check]'))"
IN_THE_TRAY = "[data-ask=shelf] .tray li"


def test_a_photo_that_is_still_being_made_small_is_waited_for_before_the_answers_are_checked(shop: Shop) -> None:
    page = with_scripts(shop.phone, SLOW_WORKER)
    visit = shop.visit(**GOOD)
    shop.phone.walk(visit, "#s-counter", page)
    page.evaluate("self.busy = true")
    choose(page, photo())
    wait_until(lambda: page.evaluate("Boolean(self.goOn)"))
    page.evaluate(PRESS_CHECK)
    expect(page.locator("#check")).to_be_hidden()
    page.evaluate("self.goOn()")
    expect(page.locator("#check")).to_contain_text("1 photo")
    must_send_one_photo(shop, visit, page)


def test_a_photo_that_is_still_being_made_small_goes_with_a_visit_that_was_checked_before(shop: Shop) -> None:
    page = with_scripts(shop.phone, SLOW_WORKER)
    visit = shop.visit(**GOOD)
    shop.phone.walk(visit, "#s-counter", page)
    check(page)
    page.go_back()
    expect(page.locator("#q-shelf")).to_be_visible()
    page.evaluate("self.busy = true")
    choose(page, photo())
    wait_until(lambda: page.evaluate("Boolean(self.goOn)"))
    page.go_forward()
    page.get_by_role("button", name="Send the visit").click()
    assert shop.phone.rows("outbox") == []
    page.evaluate("self.goOn()")
    says(page, "Received at")
    shop.must_arrive_once(visit)
    assert len(shop.installation.store.photos.of_visit(visit)) == 1


def test_a_photo_that_was_chosen_before_anything_could_keep_it_is_kept_once_it_can(shop: Shop) -> None:
    visit = shop.visit(**GOOD)
    page = with_scripts(shop.phone, NO_WORKER)
    held = hold(page, KEEPER)
    with page.expect_request(KEEPER):
        page.goto(f"/visits/{visit}/form#s-counter")
    choose(page, photo())
    held.pop().continue_()
    expect(ready(page).locator(IN_THE_TRAY)).to_have_count(1)
    assert page.locator("#q-shelf--photos").evaluate("(input) => input.files.length") == 0
    check(page)
    must_send_one_photo(shop, visit, page)


def test_after_a_worker_that_died_the_photo_stays_chosen_and_another_worker_takes_the_next(shop: Shop) -> None:
    page = with_scripts(shop.phone, DYING_WORKER)
    visit = shop.visit(**GOOD)
    shop.phone.walk(visit, "#s-counter", page)
    choose(page, photo())
    expect(page.locator("[data-ask=shelf] [data-part=counted]")).to_contain_text("Please add it again")
    assert page.locator("#q-shelf--photos").evaluate("(input) => input.files.length") == 1
    choose(page, photo())
    expect(page.locator(IN_THE_TRAY)).to_have_count(1)
    check(page)
    must_send_one_photo(shop, visit, page)


def must_send_one_photo(shop: Shop, visit: str, page: Page) -> None:
    """Send from the page that shows what was answered; the office has the one photo."""
    page.get_by_role("button", name="Send the visit").click()
    says(page, "Received at")
    shop.must_arrive_once(visit)
    assert len(shop.installation.store.photos.of_visit(visit)) == 1
