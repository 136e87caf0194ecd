"""Photos that are lost because somebody was quicker than the phone: than its scripts, or than the worker."""

from __future__ import annotations

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.intake.photo_samples import encoded
from tests.journeys.walking import photo
from tests.losses.conftest import Shop, check, says
from tests.losses.phone import NO_WORKER, ready
from tests.losses.troubles import KEEPER, choose, hold, keep_no_copy, large_photo, with_scripts
from tests.losses.wire import HANG, LATE, PHOTO
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
KILLED_AFTER_THE_PHOTO = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...row) {
  const asked = put.apply(this, row);
  if (this.name === "photo") this.transaction.addEventListener("complete", () => {
    self.killed = true;
    IDBDatabase.prototype.transaction = () => { throw new Error("killed"); };
  });
  return asked;
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


def test_killed_as_soon_as_a_photo_is_kept_the_photo_is_there(shop: Shop) -> None:
    keep_no_copy(shop)
    visit = shop.visit()
    page = with_scripts(shop.phone, NO_WORKER, KILLED_AFTER_THE_PHOTO)
    shop.phone.walk(visit, "#s-counter", page)
    choose(page, photo())
    wait_until(lambda: page.evaluate("Boolean(self.killed)"))
    shop.phone.kill()
    shop.phone.open()
    expect(shop.phone.walk(visit, "#s-counter").locator(IN_THE_TRAY)).to_have_count(1)


def test_who_checks_is_led_once_to_a_photo_that_could_not_be_kept_and_it_counts_as_none(shop: Shop) -> None:
    page = with_scripts(shop.phone, NO_WORKER, DYING_WORKER)
    visit = shop.visit(**GOOD)
    shop.phone.walk(visit, "#s-counter", page)
    choose(page, photo())
    said = page.locator("[data-ask=shelf] [data-part=counted]")
    expect(said).to_contain_text("Please add it again")
    page.evaluate("location.hash = '#s-closing'")
    page.evaluate(PRESS_CHECK)
    expect(said).to_be_in_viewport()
    expect(page.locator("#check")).to_be_hidden()
    check(page)
    expect(page.locator("#check")).not_to_contain_text("1 photo")


def test_on_a_slow_line_each_photo_goes_once(shop: Shop) -> None:
    page = with_scripts(shop.phone, NO_WORKER)
    shop.phone.walk(shop.visit(), "#s-counter", page)
    slow = shop.wire.lose("PUT", PHOTO, LATE)
    choose(page, photo())
    wait_until(slow.met.is_set)
    choose(page, large_photo())
    expect(page.locator(IN_THE_TRAY)).to_have_count(2)
    page.wait_for_timeout(500)
    slow.may_go_on.set()
    wait_until(lambda: len({call.path for call in shop.wire.made("PUT", PHOTO)}) == 2)
    page.wait_for_timeout(300)
    assert len(shop.wire.made("PUT", PHOTO)) == 2


def test_a_large_photo_is_given_the_time_that_the_slowest_line_needs_which_the_server_takes(shop: Shop) -> None:
    page = with_scripts(shop.phone, NO_WORKER)
    page.clock.install()
    visit = shop.visit(**GOOD)
    shop.phone.walk(visit, "#s-counter", page)
    slow = shop.wire.lose("PUT", PHOTO, LATE)
    choose(page, camera_photo())
    wait_until(slow.met.is_set)
    page.clock.fast_forward(300_000)  # 2 MB at 7 kB a second
    slow.may_go_on.set()
    wait_until(lambda: [row["known"] for row in shop.phone.rows("photo", page)] == [1])
    assert len(shop.wire.made("PUT", PHOTO)) == 1


def test_a_photo_whose_line_died_is_not_waited_for_for_ever(shop: Shop) -> None:
    page = with_scripts(shop.phone, NO_WORKER)
    page.clock.install()
    visit = shop.visit(**GOOD)
    shop.phone.walk(visit, "#s-counter", page)
    dead = shop.wire.lose("PUT", PHOTO, HANG)
    choose(page, photo())
    wait_until(dead.met.is_set)
    page.clock.fast_forward(60_000)
    check(page)
    must_send_one_photo(shop, visit, page)


def camera_photo() -> FilePayload:
    """2 MB in a kind that Chromium cannot open, so that it goes as it is."""
    return {
        "name": "IMG_1.HEIC",
        "mimeType": "image/heic",
        "buffer": encoded(Image.effect_noise((1600, 1200), 90).convert("RGB"), "HEIF"),
    }


def must_send_one_photo(shop: Shop, visit: str, page: Page) -> None:
    """Send from the page that shows what was answered; the office has the one photo."""
    page.get_by_role("button", name="Send the visit").click()
    says(page, "Received at")
    shop.must_arrive_once(visit)
    assert len(shop.installation.store.photos.of_visit(visit)) == 1
