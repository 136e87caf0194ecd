"""What is typed on a page that has not all come yet: the first script keeps it, and none of it is lost meanwhile."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.walking import photo
from tests.losses.conftest import Shop
from tests.losses.phone import NO_WORKER, ready, saved
from tests.losses.troubles import KEEPER, PEOPLE, hold, keep_no_copy, kept, with_scripts
from tests.served import SIX_SECRETS
from tests.waiting import wait_until

FIRST_SCRIPT = "**/js/visit.js"
SLOW_DATABASE = """
const open = IDBFactory.prototype.open;
self.held = [];
IDBFactory.prototype.open = function (...named) {
  const asked = open.apply(this, named);
  const whenDone = (then) => (asked.readyState === "done" ? then() : asked.addEventListener("success", then));
  const set = (then) => self.held.push(() => whenDone(then));
  if (localStorage.slow) Object.defineProperty(asked, "onsuccess", { set });
  return asked;
};
self.letGo = () => (localStorage.clear(), self.held.splice(0).forEach((then) => then()));
"""


def test_letters_typed_before_anything_can_keep_them_stay_and_are_kept_once_it_can(shop: Shop) -> None:
    keep_no_copy(shop)
    visit = shop.visit()
    page = shop.phone.walk(visit, "#s-arrival", with_scripts(shop.phone, SLOW_DATABASE))
    page.locator(PEOPLE).fill("4")
    saved(page)
    open_slowly(page, f"/visits/{visit}/form#s-arrival")
    page.locator(PEOPLE).fill("7")
    page.locator('[name="q-greeted"][value="no"]').check()
    page.evaluate("self.letGo()")
    saved(ready(page))
    expect(page.locator(PEOPLE)).to_have_value("7")
    expect(page.locator('[name="q-greeted"][value="no"]')).to_be_checked()
    wait_until(lambda: kept(shop, visit, page) == {"people": {"value": "7"}, "greeted": {"value": "no"}})


def test_letters_typed_before_anything_can_keep_them_are_there_after_a_reload(shop: Shop) -> None:
    keep_no_copy(shop)
    visit = shop.visit()
    page = with_scripts(shop.phone, SLOW_DATABASE)
    open_slowly(page, f"/visits/{visit}/form#s-arrival")
    page.locator(PEOPLE).fill("7")
    for _ in range(2):
        page.reload()
        expect(page.locator(PEOPLE)).to_have_value("7")
    page.locator('[name="q-greeted"][value="no"]').check()
    page.evaluate("self.letGo()")
    saved(ready(page))
    wait_until(lambda: kept(shop, visit, page) == {"people": {"value": "7"}, "greeted": {"value": "no"}})
    page.reload()
    expect(ready(page).locator(PEOPLE)).to_have_value("7")
    assert page.evaluate("Object.keys(sessionStorage)") == []


def test_letters_typed_before_any_script_came_are_kept_by_the_first_that_comes(shop: Shop) -> None:
    keep_no_copy(shop)
    visit = shop.visit()
    page = shop.phone.walk(visit, "", with_scripts(shop.phone, NO_WORKER))
    first, rest = hold(page, FIRST_SCRIPT), hold(page, KEEPER)
    page.goto("/offline")
    page.goto(f"/visits/{visit}/form", wait_until="commit")
    page.locator('[name="q-greeted"][value="no"]').check()
    wait_until(lambda: first)
    first.pop().continue_()
    wait_until(lambda: kept(shop, visit, page) == {"greeted": {"value": "no"}})
    assert rest, "and nothing else has come"


def test_killed_while_only_the_first_script_has_come_all_that_was_typed_is_there(shop: Shop) -> None:
    keep_no_copy(shop)
    visit = shop.visit()
    page = with_scripts(shop.phone, NO_WORKER)
    rest = hold(page, KEEPER)
    page.goto(f"/visits/{visit}/form#s-arrival")
    page.locator(PEOPLE).fill("7")
    saved(page)
    wait_until(lambda: rest)
    shop.phone.kill()
    shop.phone.open()
    expect(shop.phone.walk(visit, "#s-arrival").locator(PEOPLE)).to_have_value("7")


def test_what_the_server_has_seen_is_not_shown_over_its_page_until_there_is_who_asks_it_what_changed(
    shop: Shop,
) -> None:
    visit = shop.visit(people="4")
    page = shop.phone.walk(visit, "", with_scripts(shop.phone, NO_WORKER))
    page.goto("/offline")
    shop.draft(shop.found(visit), {"people": "12"}, n=2)
    rest = hold(page, KEEPER)
    page.goto(f"/visits/{visit}/form#s-arrival")
    page.locator('[name="q-greeted"][value="no"]').check()
    saved(page)
    expect(page.locator(PEOPLE)).to_have_value("12")
    wait_until(lambda: rest)
    rest.pop().continue_()
    expect(ready(page).locator(PEOPLE)).to_have_value("12")
    wait_until(lambda: shop.found(visit).answers.get("greeted"))
    assert shop.found(visit).answers["people"].value == "12"


def test_a_photo_stays_with_an_answer_that_is_changed_before_anything_can_keep_it(shop: Shop) -> None:
    keep_no_copy(shop)
    shop.installation.publish(SIX_SECRETS)
    visit = shop.installation.begin(shop.installation.assign("six-secrets")).id
    page = shop.phone.walk(visit, "#q-receipt", with_scripts(shop.phone, SLOW_DATABASE))
    page.locator("#q-receipt--photos").set_input_files(photo())
    wait_until(lambda: "receipt" in kept(shop, visit, page))
    photos = kept(shop, visit, page)["receipt"]["photos"]
    open_slowly(page, f"/visits/{visit}/form#q-receipt")
    page.locator('[name="q-receipt--absent"]').check()
    page.evaluate("self.letGo()")
    ready(page)
    wait_until(lambda: kept(shop, visit, page)["receipt"] == {"value": "not_applicable", "photos": photos})


def open_slowly(page: Page, address: str) -> None:
    """Open a form whose database does not open until `self.letGo()`; the page has run SLOW_DATABASE before."""
    page.goto("/offline")
    page.evaluate("localStorage.slow = 'yes'")
    page.goto(address)
    wait_until(lambda: page.evaluate("self.held.length"))
