"""What is lost while it waits: sign-ins, clocks, new versions, stuck neighbours, a worker that never comes."""

from __future__ import annotations

import json
import time

from playwright.sync_api import Page, expect

from tests import cast
from tests.browsers import until
from tests.journeys.walking import photo
from tests.losses.conftest import Shop, check, says
from tests.losses.phone import NO_WORKER
from tests.losses.troubles import ONLINE, TWO_DAYS, choose, keep_no_copy, waiting, with_scripts
from tests.losses.wire import BEFORE, HANG, LATE, PHOTO, SUBMISSION
from tests.waiting import wait_until
from tests.world import GOOD

QUICK_TIMER = "const every = setInterval; self.setInterval = (work, ms) => every(work, ms / 50);"
NO_TIMER = "self.setInterval = () => 0;"
SHIFTED = "const now = Date.now; Date.now = () => now() + Number(localStorage.getItem('shift') ?? 0);"
MOMENTS = 24


def test_signed_out_while_it_waits_the_visit_stays_and_asks_for_a_sign_in(shop: Shop) -> None:
    with_scripts(shop.phone, NO_TIMER, NO_WORKER)
    visit, page = waiting(shop)
    page.wait_for_load_state("networkidle")  # an answer that is on its way would bring the cookie back
    shop.phone.sign_in("")
    shop.wire.heal()
    page.evaluate(ONLINE)
    says(page, "please sign in again")
    assert len(shop.phone.rows("outbox")) == 1
    expect(page.locator("#sent").get_by_text("It sends itself")).to_be_hidden()
    expect(page.locator("#sent").get_by_role("link", name="Sign in")).to_be_visible()
    shop.phone.sign_in(shop.token(cast.SAM))
    page.evaluate(ONLINE)
    says(page, "Received at")
    expect(page.locator("#sent").get_by_role("link", name="Sign in")).to_be_hidden()
    shop.must_arrive_once(visit)


def test_who_signs_out_takes_the_pages_along_and_leaves_the_outbox(shop: Shop) -> None:
    visit, page = waiting(shop)
    assert all_brought(page)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in*")
    wait_until(lambda: not pages_kept(page))
    assert [row["visit"] for row in shop.phone.rows("outbox")] == [visit]
    shop.phone.sign_in(shop.token(cast.SAM))
    shop.wire.heal()
    page.goto("/")
    page.evaluate(ONLINE)
    shop.must_arrive_once(visit)


def test_who_presses_sign_out_without_a_network_keeps_the_pages(shop: Shop) -> None:
    visit, page = waiting(shop)
    kept = all_brought(page)
    shop.wire.down = True
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No network")
    assert pages_kept(page) >= kept
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator("#outbox")).to_be_visible()
    assert [row["visit"] for row in shop.phone.rows("outbox")] == [visit]


def test_a_page_from_before_the_server_was_started_again_still_sends(shop: Shop) -> None:
    visit = shop.visit(**GOOD)
    page = shop.phone.walk(visit)
    check(page)
    shop.server.kill()
    shop.server.start()
    page.get_by_role("button", name="Send the visit").click()
    says(page, "Received at")
    shop.must_arrive_once(visit)


def test_a_wait_that_a_changed_clock_made_too_long_counts_as_over(shop: Shop) -> None:
    page = with_scripts(shop.phone, SHIFTED, NO_TIMER, NO_WORKER)
    page.goto("/health")
    page.evaluate(f"localStorage.setItem('shift', {TWO_DAYS})")
    visit, page = waiting(shop)
    assert shop.phone.rows("outbox")[0]["next"] > time.time() * 1000 + TWO_DAYS / 2
    page.evaluate("localStorage.setItem('shift', 0)")
    shop.wire.heal()
    page.goto("/")
    shop.must_arrive_once(visit)


def test_a_clock_two_days_ahead_dates_nothing_on_the_server(shop: Shop) -> None:
    page = with_scripts(shop.phone, SHIFTED)
    page.goto("/health")
    page.evaluate(f"localStorage.setItem('shift', {TWO_DAYS})")
    visit = shop.visit(**GOOD)
    shop.queue(visit)
    found = shop.must_arrive_once(visit)
    assert found.submitted_at is not None
    assert abs(found.submitted_at.timestamp() - time.time()) < 600


def test_the_same_id_with_other_words_is_kept_on_both_sides_and_told(shop: Shop) -> None:
    visit, page = waiting(shop)
    first = shop.phone.rows("outbox")[0]
    shop.wire.heal()
    page.evaluate(ONLINE)
    says(page, "Received at")
    shop.phone.put("outbox", {**first, "body": first["body"].replace("quick", "slow"), "next": 0})
    page.goto("/")
    expect(page.locator("#outbox")).to_contain_text("The office has it already with other words. Both are kept there.")
    assert len(shop.phone.rows("outbox")) == 1
    assert len(shop.installation.store.submissions.conflicts_of(visit)) == 1
    assert shop.found(visit).answers["narrative"].value == GOOD["narrative"]


def test_a_visit_is_received_only_with_its_photos(shop: Shop) -> None:
    visit = shop.visit(**GOOD)
    shop.wire.lose("PUT", PHOTO, BEFORE, times=50)
    page = shop.phone.walk(visit, "#s-counter")
    choose(page, photo())
    expect(page.locator("[data-ask=shelf] .tray li")).to_have_count(1)
    check(page)
    page.get_by_role("button", name="Send the visit").click()
    wait_until(lambda: shop.wire.made("PUT", PHOTO) and shop.wire.made("PUT", SUBMISSION))
    wait_until(lambda: shop.phone.rows("outbox")[0]["tries"])
    assert len(shop.phone.rows("photo")) == 1
    shop.wire.heal()
    page.evaluate(ONLINE)
    says(page, "1 photo")
    assert len(shop.installation.store.photos.of_visit(visit)) == 1
    shop.must_arrive_once(visit)


def test_one_visit_that_is_refused_holds_up_no_other_and_can_be_saved_as_a_file(shop: Shop) -> None:
    with_scripts(shop.phone, NO_TIMER, NO_WORKER)  # nobody else sends the row while it is being spoilt
    _, page = waiting(shop)
    shop.queue(shop.visit(**GOOD))
    wait_until(lambda: len(shop.phone.rows("outbox")) == 2)
    page.goto("/devices")
    row, next_row = shop.phone.rows("outbox")  # in the order in which they are sent
    stuck, other = row["visit"], next_row["visit"]
    shop.phone.put("outbox", {**row, "body": '{"rubbish": true}', "next": 0})
    shop.wire.heal()
    page.goto("/")
    page.evaluate(ONLINE)
    shop.must_arrive_once(other)
    expect(page.locator("#outbox")).to_contain_text("The office did not take it")
    with page.expect_download() as downloading:
        page.locator("#outbox").get_by_role("button", name="Save as a file").click()
    file = json.loads(downloading.value.path().read_text())
    assert downloading.value.suggested_filename == f"visit-{stuck}.json"
    assert file["message"] == '{"rubbish": true}'
    # The answer may have been cut off when the page was left: then it is asked for again, and the receipt is the same.
    page.evaluate(ONLINE)
    wait_until(lambda: [left["visit"] for left in shop.phone.rows("outbox")] == [stuck], seconds=45)


def test_the_queue_moves_by_itself_without_a_reload(shop: Shop) -> None:
    with_scripts(shop.phone, QUICK_TIMER, NO_WORKER)
    visit, page = waiting(shop)
    shop.wire.heal()
    says(page, "Received at")
    shop.must_arrive_once(visit)


def test_the_queue_moves_when_the_network_comes_back(shop: Shop) -> None:
    with_scripts(shop.phone, NO_TIMER, NO_WORKER)
    visit, page = waiting(shop)
    page.context.set_offline(True)
    shop.wire.heal()
    page.context.set_offline(False)
    says(page, "Received at")
    shop.must_arrive_once(visit)


def test_a_worker_that_never_comes_holds_up_nothing(shop: Shop) -> None:
    shop.wire.lose("GET", "/sw.js", HANG, times=50)
    visit = shop.visit(**GOOD)
    page = shop.queue(visit)
    says(page, "Received at")
    shop.must_arrive_once(visit)


def test_two_tabs_that_wake_at_once_send_a_visit_once(shop: Shop) -> None:
    visit, page = waiting(shop)
    second = shop.phone.tab()
    second.goto("/")
    expect(second.locator("#outbox")).to_contain_text("Waiting to send")
    shop.wire.heal()
    before = len(shop.wire.made("PUT", SUBMISSION))
    hanging = shop.wire.lose("PUT", SUBMISSION, HANG)
    page.evaluate(ONLINE)
    wait_until(hanging.met.is_set)
    second.evaluate(ONLINE)
    wait_until(lambda: second.evaluate("navigator.locks.query().then((locks) => locks.pending.length)"))
    shop.wire.ending.set()
    shop.must_arrive_once(visit)
    assert len(shop.wire.made("PUT", SUBMISSION)) - before <= 2


def test_a_list_that_is_opened_while_another_tab_sends_tells_what_came_of_it(shop: Shop) -> None:
    with_scripts(shop.phone, NO_TIMER, NO_WORKER)
    visit = shop.visit(**GOOD)
    late = shop.wire.lose("PUT", SUBMISSION, LATE)
    shop.queue(visit)
    wait_until(late.met.is_set)
    second = shop.phone.tab()
    second.goto("/")
    expect(second.locator("#outbox")).to_contain_text("Waiting to send")
    wait_until(lambda: second.evaluate("navigator.locks.query().then((locks) => locks.pending.length)"))
    late.may_go_on.set()
    expect(second.locator("#outbox")).to_contain_text("Received at")
    shop.must_arrive_once(visit)


def test_a_server_that_is_held_still_gets_the_visit_once_it_goes_on(shop: Shop) -> None:
    visit = shop.visit(**GOOD)
    page = shop.phone.walk(visit)
    check(page)
    shop.server.hold()
    page.get_by_role("button", name="Send the visit").click()
    wait_until(lambda: len(shop.phone.rows("outbox")) == 1)
    shop.server.let_go()
    says(page, "Received at")
    shop.must_arrive_once(visit)


def test_answers_to_questions_that_are_gone_are_kept_and_sent(shop: Shop) -> None:
    visit = shop.visit(**GOOD)
    page = shop.phone.walk(visit)
    shop.phone.put("answer", {"draft": visit, "question": "long_gone", "tree": {"value": "yes"}, "edit": 1, "fresh": 1})
    check(page)
    page.get_by_role("button", name="Send the visit").click()
    says(page, "Received at")
    found = shop.must_arrive_once(visit)
    assert "odd_answers" in [flag.value for flag in found.flags]
    raw = shop.wire.made("PUT", SUBMISSION)[-1].body
    assert json.loads(raw)["answers"]["long_gone"] == {"value": "yes"}


def test_killed_at_24_moments_of_queueing_a_visit_is_always_in_exactly_one_place(shop: Shop) -> None:
    visits, found = [], []
    for moment in range(MOMENTS):
        visits.append(shop.visit(**GOOD))
        keep_no_copy(shop)
        shop.wire.lose("PUT", SUBMISSION, BEFORE, times=1000)
        page = shop.phone.walk(visits[-1])
        check(page)
        if moment:  # the first is killed before anybody pressed
            page.evaluate("setTimeout(() => document.querySelector('#check [data-part=send]').click())")
        if moment == MOMENTS - 1:
            expect(page.locator("#sent")).to_be_visible()
        else:
            time.sleep(moment * 0.004)  # the moment itself is what is tried
        shop.phone.kill()
        page = shop.phone.open()
        page.goto("/offline")
        found.append(place_of(shop, visits[-1]))
    assert set(found) == {"draft", "queued"}, found
    shop.wire.heal()
    for visit, place in zip(visits, found, strict=True):
        if place == "draft":
            shop.queue(visit)
        else:
            shop.phone.page.goto("/")
            shop.phone.page.evaluate(ONLINE)
        shop.must_arrive_once(visit)


def place_of(shop: Shop, visit: str) -> str:
    """Where the phone has the visit: "draft" or "queued". AssertionError if it is in both places, or in none."""
    states = [row["state"] for row in shop.phone.rows("draft") if row["id"] == visit]
    queued = [row for row in shop.phone.rows("outbox") if row["visit"] == visit]
    assert states in (["draft"], ["queued"])
    assert len(queued) == (states == ["queued"])
    assert len([row for row in shop.phone.rows("answer") if row["draft"] == visit]) >= len(GOOD)
    return states[0]


def all_brought(page: Page) -> set[str]:
    """The list, opened by the worker, once it has brought all that belongs to it: the pages that the phone keeps."""
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")  # a page from before it stood ready is not its own
    page.goto("/")
    until(page, "!!navigator.serviceWorker.controller")
    expect(page.locator("[data-part=offline]").first).to_have_text("On this phone: opens without a network")
    wait_until(lambda: {"/", "/offline"} <= pages_kept(page))
    return pages_kept(page)


def pages_kept(page: Page) -> set[str]:
    """The paths of the pages that the phone has a copy of."""
    keys = "caches.open('pages').then((pages) => pages.keys())"
    return set(page.evaluate(f"{keys}.then((keys) => keys.map((key) => new URL(key.url).pathname))"))
