"""What is lost on the phone itself: its database, its room, its tabs, its pages; and what was half typed."""

from __future__ import annotations

from playwright.sync_api import APIResponse, Page, Route, expect

from tests.journeys.walking import photo
from tests.losses.conftest import Shop, check, says
from tests.losses.phone import NO_WORKER, ready, saved
from tests.losses.troubles import (
    NARRATIVE,
    PEOPLE,
    choose,
    fill_up,
    keep_no_copy,
    kept,
    large_photo,
    limit_room,
    with_scripts,
)
from tests.losses.wire import BEFORE, SUBMISSION
from tests.waiting import wait_until
from tests.world import GOOD

STORY = "They were quick and kind, and nobody looked at the clock."
REMEMBER_DATABASES = """
const open = IDBFactory.prototype.open;
self.databases = [];
IDBFactory.prototype.open = function (...named) {
  const asked = open.apply(this, named);
  asked.addEventListener("success", () => self.databases.push(asked.result));
  return asked;
};
"""
FAIL_AT_THE_END = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...row) {
  const asked = put.apply(this, row);
  if (self.failing && this.name === "answer") asked.addEventListener("success", () => this.transaction.abort());
  return asked;
};
"""
NEVER_COMPLETE = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...row) {
  const asked = put.apply(this, row);
  const hold = () => self.holding && (this.count().onsuccess = hold);
  if (this.name === "answer") asked.addEventListener("success", hold);
  return asked;
};
"""
COUNT_REQUESTS_TO_STAY = """
self.asked = 0;
StorageManager.prototype.persist = () => (self.asked++, Promise.resolve(true));
"""
FOUR_DAYS_LATER = "const now = Date.now; Date.now = () => now() + 4 * 86_400_000;"
AWAY = "Object.defineProperty(document, 'hidden', { get: () => Boolean(self.away) });"
NO_CHANNEL = "delete self.BroadcastChannel;"


def test_all_that_was_typed_is_there_after_a_reload_and_after_going_back_and_forward(shop: Shop) -> None:
    keep_no_copy(shop)
    visit = shop.visit()
    page = shop.phone.walk(visit, "#s-arrival")
    page.locator(PEOPLE).fill("7")
    page.reload()
    expect(ready(page).locator(PEOPLE)).to_have_value("7")
    page.locator('[name="q-greeted"][value="no"]').check()
    saved(page)
    page.goto(f"/assignments/{shop.found(visit).assignment_id}")
    page.go_back()
    expect(ready(page).locator('[name="q-greeted"][value="no"]')).to_be_checked()
    page.go_back()
    page.go_forward()
    expect(ready(page).locator(PEOPLE)).to_have_value("7")


def test_a_reload_in_the_instant_in_which_a_letter_is_written_does_not_lose_it(shop: Shop) -> None:
    keep_no_copy(shop)
    visit = shop.visit()
    page = with_scripts(shop.phone, NEVER_COMPLETE)
    page.on("dialog", lambda asked: asked.accept())
    shop.phone.walk(visit, "#s-arrival", page)
    page.evaluate("self.holding = true")
    page.locator(PEOPLE).fill("7")
    page.reload()
    expect(ready(page).locator(PEOPLE)).to_have_value("7")
    wait_until(lambda: kept(shop, visit, page).get("people") == {"value": "7"})


def test_a_phone_that_forgets_everything_finds_its_words_on_the_server(shop: Shop) -> None:
    visit = shop.visit()
    page = shop.phone.walk(visit, "#s-closing")
    page.locator(NARRATIVE).fill(STORY)
    wait_until(lambda: "narrative" in shop.found(visit).answers)
    shop.phone.forget()
    shop.phone.open()
    expect(shop.phone.walk(visit, "#s-closing").locator(NARRATIVE)).to_have_value(STORY)


def test_with_the_first_word_the_browser_is_asked_not_to_forget(shop: Shop) -> None:
    page = with_scripts(shop.phone, COUNT_REQUESTS_TO_STAY)
    shop.phone.walk(shop.visit(), "#s-arrival", page)
    page.locator(PEOPLE).fill("7")
    saved(page)
    wait_until(lambda: page.evaluate("self.asked"))


def test_a_visit_that_waits_for_more_than_three_days_is_told_in_words(shop: Shop) -> None:
    visit = shop.visit()
    page = shop.phone.walk(visit, "#s-arrival")
    page.locator(PEOPLE).fill("7")
    saved(page)
    page.goto("/")
    expect(page.locator(f'[data-visit="{visit}"]')).to_contain_text("Draft saved on this phone")
    page.add_init_script(FOUR_DAYS_LATER)
    page.goto("/")
    expect(page.locator(f'[data-visit="{visit}"]')).to_contain_text("more than three days")


def test_a_visit_that_was_sent_more_than_three_days_ago_and_never_left_is_told_too(shop: Shop) -> None:
    shop.wire.lose("PUT", SUBMISSION, BEFORE, times=1000)
    visit = shop.visit(**GOOD)
    page = with_scripts(shop.phone, NO_WORKER)
    shop.queue(visit, page)
    page.goto("/")
    expect(page.locator(f'[data-visit="{visit}"]')).to_contain_text("Waiting to send")
    page.add_init_script(FOUR_DAYS_LATER)
    page.goto("/")
    expect(page.locator(f'[data-visit="{visit}"]')).to_contain_text("more than three days")
    expect(page.locator("#outbox")).to_contain_text("4 days ago")


def test_a_database_that_was_closed_under_our_hands_is_opened_again(shop: Shop) -> None:
    keep_no_copy(shop)
    visit = shop.visit()
    page = with_scripts(shop.phone, REMEMBER_DATABASES)
    shop.phone.walk(visit, "#s-arrival", page)
    page.locator(PEOPLE).fill("7")
    saved(page)
    page.evaluate("for (const database of self.databases) database.close()")
    page.locator(PEOPLE).fill("12")
    wait_until(lambda: kept(shop, visit, page).get("people") == {"value": "12"})


def test_saved_is_said_only_once_it_is_complete(shop: Shop) -> None:
    page = with_scripts(shop.phone, FAIL_AT_THE_END)
    visit = shop.visit()
    shop.phone.walk(visit, "#s-arrival", page)
    page.evaluate("self.failing = true")
    page.locator(PEOPLE).fill("7")
    expect(page.locator("[data-part=saved]")).to_have_text("Not saved yet. Trying again.")
    assert kept(shop, visit, page) == {}
    page.evaluate("self.failing = false")
    saved(page)
    assert kept(shop, visit, page)["people"] == {"value": "7"}


def test_photos_are_kept_as_bytes_and_never_as_blobs(shop: Shop) -> None:
    page = shop.phone.walk(shop.visit(), "#s-counter")
    choose(page, photo())
    expect(page.locator("#q-shelf .tray li, [data-ask=shelf] .tray li")).to_have_count(1)
    assert [row["bytes"] for row in shop.phone.rows("photo")] == ["ArrayBuffer"]


def test_a_full_phone_says_so_keeps_the_words_on_the_screen_and_saves_them_when_there_is_room(shop: Shop) -> None:
    visit = shop.visit()
    page = shop.phone.page
    limit_room(shop, page, 400_000)
    shop.phone.walk(visit, "#s-closing")
    fill_up(page)
    page.locator(NARRATIVE).fill("Word. " * 1600)
    expect(page.locator("[data-part=saved]")).to_contain_text("this phone is full")
    expect(page.locator(NARRATIVE)).to_have_value("Word. " * 1600)
    limit_room(shop, page, 50_000_000)
    saved(page)
    assert kept(shop, visit, page)["narrative"]["value"] == ("Word. " * 1600).strip()


def test_a_photo_that_finds_no_room_stays_chosen_and_takes_no_answer_with_it(shop: Shop) -> None:
    visit = shop.visit()
    page = shop.phone.page
    limit_room(shop, page, 400_000)
    shop.phone.walk(visit, "#s-counter")
    page.locator('[name="q-till"][value="yes"]').check()
    saved(page)
    choose(page, large_photo())
    expect(page.locator("[data-ask=shelf] [data-part=counted]")).to_contain_text("this phone is full")
    assert page.locator("#q-shelf--photos").evaluate("(input) => input.files.length") == 1
    page.locator('[name="q-listened"][value="yes"]').check()
    wait_until(lambda: set(kept(shop, visit, page)) == {"till", "listened"})


def test_two_tabs_write_into_one_visit_and_neither_overwrites_the_other(shop: Shop) -> None:
    keep_no_copy(shop)
    visit = shop.visit()
    first = with_scripts(shop.phone, NO_CHANNEL)
    shop.phone.walk(visit, "#s-arrival", first)
    second = shop.phone.walk(visit, "#s-closing", shop.phone.tab())
    first.locator(PEOPLE).fill("7")
    saved(first)
    second.locator(NARRATIVE).fill(STORY)
    saved(second)
    assert kept(shop, visit, first) == {"people": {"value": "7"}, "narrative": {"value": STORY}}


def test_what_is_typed_in_one_tab_is_seen_in_the_other(shop: Shop) -> None:
    keep_no_copy(shop)
    visit = shop.visit()
    first = shop.phone.walk(visit, "#s-arrival")
    second = shop.phone.walk(visit, "#s-arrival", shop.phone.tab())
    first.locator(PEOPLE).fill("7")
    expect(second.locator(PEOPLE)).to_have_value("7")


def test_a_tab_that_nobody_looks_at_follows_another_even_where_its_cursor_stands(shop: Shop) -> None:
    keep_no_copy(shop)
    visit = shop.visit()
    first = with_scripts(shop.phone, AWAY)
    shop.phone.walk(visit, "#s-arrival", first)
    first.locator(PEOPLE).focus()
    first.evaluate("self.away = true")
    second = shop.phone.walk(visit, "#s-arrival", shop.phone.tab())
    second.locator(PEOPLE).fill("7")
    expect(first.locator(PEOPLE)).to_have_value("7")


def test_a_copy_from_before_another_tab_brought_its_words_does_not_replace_them(shop: Shop) -> None:
    visit = shop.visit()
    second = shop.phone.walk(visit, "#s-arrival", with_scripts(shop.phone, NO_WORKER, NO_CHANNEL))
    first = shop.phone.tab()
    held: list[tuple[Route, APIResponse]] = []
    first.route("**/draft", lambda route: route.continue_() if held else held.append((route, route.fetch())))
    shop.phone.walk(visit, "#s-arrival", first)
    wait_until(lambda: first.evaluate("true") and held)
    second.locator(PEOPLE).fill("7")
    wait_until(lambda: [row["fresh"] for row in shop.phone.rows("answer", second)] == [0])
    route, early = held[0]
    with first.expect_response("**/draft"):
        route.fulfill(response=early)
    first.wait_for_timeout(500)
    assert kept(shop, visit, second) == {"people": {"value": "7"}}


def test_a_phone_that_forgets_everything_while_a_visit_is_open_keeps_anew_what_stands_on_the_screen(
    shop: Shop,
) -> None:
    keep_no_copy(shop)
    visit = shop.visit()
    page = shop.phone.walk(visit, "#s-arrival")
    page.locator('[name="q-greeted"][value="yes"]').check()
    saved(page)
    forget_now(shop, page)
    page.locator(PEOPLE).fill("7")
    wait_until(lambda: kept(shop, visit, page) == {"greeted": {"value": "yes"}, "people": {"value": "7"}})
    expect(page.locator("#sent")).to_be_hidden()


def test_a_phone_that_forgets_everything_while_answers_are_checked_sends_them_all_the_same(shop: Shop) -> None:
    visit = shop.visit(**GOOD)
    page = shop.phone.walk(visit)
    check(page)
    forget_now(shop, page)
    page.get_by_role("button", name="Send the visit").click()
    says(page, "Received at")
    shop.must_arrive_once(visit)


def test_once_a_visit_is_queued_no_other_tab_changes_it(shop: Shop) -> None:
    shop.wire.lose("PUT", SUBMISSION, BEFORE, times=50)
    visit = shop.visit(**GOOD)
    first = with_scripts(shop.phone, NO_CHANNEL)
    second = shop.phone.walk(visit, "#s-closing", shop.phone.tab())
    shop.queue(visit, first)
    second.locator(NARRATIVE).fill(STORY)
    says(second, "Waiting to send")
    assert kept(shop, visit, first)["narrative"]["value"] == GOOD["narrative"]


def test_killed_while_somebody_types_a_quarter_of_a_second_is_lost_at_most(shop: Shop) -> None:
    keep_no_copy(shop)
    visit = shop.visit()
    page = shop.phone.walk(visit, "#s-closing")
    page.locator(NARRATIVE).press_sequentially(STORY, delay=25)
    shop.phone.kill()
    shop.phone.open()
    found = shop.phone.walk(visit, "#s-closing").locator(NARRATIVE).input_value()
    assert STORY.startswith(found.strip())
    assert len(STORY) - len(found) <= 10, f"ten letters are a quarter of a second; found {found!r}"


def test_when_the_camera_closes_the_page_all_is_there_and_the_right_question_says_what_happened(shop: Shop) -> None:
    keep_no_copy(shop)
    visit = shop.visit()
    page = shop.phone.walk(visit, "#s-arrival")
    page.locator(PEOPLE).fill("7")
    page.goto(f"/visits/{visit}/form#s-counter")
    with page.expect_file_chooser():
        ready(page).locator("#q-shelf").click()
    wait_until(lambda: shop.phone.rows("meta") and len(shop.phone.rows("meta")) > 1)
    shop.phone.kill()
    shop.phone.open()
    page = shop.phone.walk(visit)
    expect(page.locator("[data-ask=shelf] [data-part=counted]")).to_contain_text("take that photo again")
    expect(page.locator("[data-ask=shelf]")).to_be_visible()
    expect(page.locator(PEOPLE)).to_have_value("7")


def test_two_visits_with_the_same_checklist_are_two_drafts(shop: Shop) -> None:
    keep_no_copy(shop)
    first, second = shop.visit(), shop.visit()
    page = shop.phone.walk(first, "#s-arrival")
    page.locator(PEOPLE).fill("7")
    saved(page)
    shop.phone.walk(second, "#s-arrival")
    expect(page.locator(PEOPLE)).to_have_value("")
    page.locator(PEOPLE).fill("12")
    saved(page)
    shop.phone.walk(first, "#s-arrival")
    expect(page.locator(PEOPLE)).to_have_value("7")
    assert kept(shop, second) == {"people": {"value": "12"}}


def forget_now(shop: Shop, page: Page) -> None:
    """The browser throws away the database of a page that is open."""
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": shop.wire.address, "storageTypes": "indexeddb"})
