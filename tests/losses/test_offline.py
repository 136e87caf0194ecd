"""What is lost without any network, and what is lost when the program or the checklist changes under a visit."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browsers import until
from tests.journeys.walking import answer, photo
from tests.losses.conftest import Shop, check, says
from tests.losses.phone import ready, saved
from tests.losses.server import change, copy_tree
from tests.losses.troubles import NARRATIVE, ONLINE, PEOPLE, TWO_DAYS, choose, waiting
from tests.losses.wire import BEFORE, SUBMISSION
from tests.served import SIX_SECRETS, WELCOME
from tests.waiting import wait_until
from tests.world import GOOD

STORE = "static/js/phone/store.js"
SECTION = {"greeted": "arrival", "by_name": "arrival", "customer_state": "closing", "narrative": "closing"}
CLOCK_THAT_JUMPS = """
const real = Date;
self.Date = class extends real {
  constructor(...at) {
    super(...(at.length ? at : [real.now() + (self.shift ?? 0)]));
  }
};
"""
COPIED = "caches.match('%s', { ignoreVary: true }).then(Boolean)"
WAITS = "navigator.serviceWorker.ready.then((worker) => Boolean(worker.waiting))"
DISMISS_THE_WORKER = """
navigator.serviceWorker.getRegistrations().then((all) => Promise.all(all.map((one) => one.unregister())))
"""
OTHER_LOOK = ("static/css/tokens.css", "@layer reset,", "/* other */\n@layer reset,")
HERE = "On this phone: opens without a network"


def test_a_whole_visit_without_any_network_from_the_list_to_the_receipt(shop: Shop) -> None:
    visit = shop.visit()
    page = downloaded(shop, visit)
    shop.server.kill()
    shop.wire.down = True
    shop.phone.kill()
    page = shop.phone.open()
    page.goto("/")
    page.locator(f'[data-visit="{visit}"] a.title').click()
    page.locator(f'a[href="/visits/{visit}/form"]').or_(page.get_by_role("button", name="Go on")).first.click()
    ready(page)
    answer_all(page)
    page.evaluate("location.hash = '#s-counter'")
    choose(page, photo())
    expect(page.locator("[data-ask=shelf] .tray li")).to_have_count(1)
    check(page)
    page.get_by_role("button", name="Send the visit").click()
    says(page, "Waiting to send")
    shop.phone.kill()
    page = shop.phone.open()
    page.goto("/")
    expect(page.locator("#outbox")).to_contain_text("Waiting to send")
    shop.server.start()
    shop.wire.heal()
    page.evaluate(ONLINE)
    expect(page.locator("#outbox")).to_contain_text(re.compile(r"Received at \d\d:\d\d, 1 photo"))
    shop.must_arrive_once(visit)
    assert len(shop.installation.store.photos.of_visit(visit)) == 1


def test_who_left_the_list_before_it_had_brought_anything_finds_list_and_visit_without_a_network(shop: Shop) -> None:
    visit = shop.visit()
    page = shop.phone.page
    brief, form = f"/assignments/{shop.found(visit).assignment_id}", f"/visits/{visit}/form"
    page.goto(brief)
    page.locator(f'a[href="{form}"]').or_(page.get_by_role("button", name="Go on")).first.click()
    ready(page)
    for path in ("/", brief, form):
        wait_until(lambda path=path: page.evaluate(COPIED % path))  # type: ignore[misc]
    page.locator(PEOPLE).fill("7")
    saved(page)
    shop.server.kill()
    shop.wire.down = True
    shop.phone.kill()
    page = shop.phone.open()
    page.goto("/")
    expect(page.locator(f'[data-visit="{visit}"]')).to_contain_text("Draft saved on this phone")
    page.locator(f'[data-visit="{visit}"] a.title').click()
    page.locator(f'a[href="{form}"]').or_(page.get_by_role("button", name="Go on")).first.click()
    expect(ready(page).locator(PEOPLE)).to_have_value("7")


def test_what_was_received_leaves_the_list_that_is_open(shop: Shop) -> None:
    other, visit = shop.visit(), shop.visit(**GOOD)
    shop.wire.lose("PUT", SUBMISSION, BEFORE, times=1000)
    page = shop.queue(visit)
    page.goto("/")
    expect(page.locator(f'[data-visit="{visit}"]')).to_contain_text("Waiting to send")
    shop.wire.heal()
    page.evaluate(ONLINE)
    expect(page.locator("#outbox")).to_contain_text("Received at")
    expect(page.locator(f'#list [data-visit="{visit}"]')).to_be_hidden()
    expect(page.locator(f'#list [data-visit="{other}"]')).to_be_visible()


def test_a_new_version_of_the_program_waits_and_the_open_form_goes_on(shop: Shop) -> None:
    visit = shop.visit(**GOOD)
    downloaded(shop, visit)
    page = shop.phone.walk(visit, "#s-closing")
    until(page, "!!navigator.serviceWorker.controller")
    page.evaluate("navigator.serviceWorker.addEventListener('controllerchange', () => { self.taken = true })")
    update_the_program(shop, OTHER_LOOK)
    page.evaluate("navigator.serviceWorker.ready.then((worker) => worker.update())")
    wait_until(lambda: page.evaluate(WAITS))
    page.locator(NARRATIVE).fill("Written by the old program.")
    saved(page)
    assert not page.evaluate("self.taken")
    check(page)
    page.get_by_role("button", name="Send the visit").click()
    says(page, "Received at")
    assert shop.must_arrive_once(visit).answers["narrative"].value == "Written by the old program."


def test_after_an_update_the_copy_of_a_form_still_opens_without_a_network(shop: Shop) -> None:
    visit = shop.visit(**GOOD)
    page = downloaded(shop, visit)
    update_the_program(shop, OTHER_LOOK)
    until(page, "!!navigator.serviceWorker.controller")
    page.evaluate("navigator.serviceWorker.ready.then((worker) => worker.update())")
    wait_until(lambda: page.evaluate(WAITS))
    shop.wire.down = True
    forget_the_browsers_own_copies(page)
    with page.expect_navigation():
        page.locator("[data-part=update]").click()
    assert not page.evaluate(WAITS)
    page.wait_for_timeout(500)  # the new worker tidies up; nothing on the page tells
    shop.phone.walk(visit, "#s-closing")
    page.locator(NARRATIVE).fill("Without a network, after an update.")
    saved(page)
    check(page)


def test_a_phone_full_of_the_first_edition_loses_nothing_to_the_next(shop: Shop) -> None:
    other = shop.visit()
    shop.phone.walk(other, "#s-arrival").locator(PEOPLE).fill("7")
    saved(shop.phone.page)
    visit, page = waiting(shop)
    shelves = ("draft", "answer", "outbox")
    before = {name: shop.phone.rows(name) for name in shelves}
    update_the_program(
        shop,
        (STORE, "const EDITION = 1;", "const EDITION = 2;"),
        (STORE, '  receipt: "visit",\n', '  receipt: "visit",\n  notice: "id",\n'),
    )
    shop.phone.close()
    page = shop.phone.open()
    page.goto("/offline")
    page.evaluate(DISMISS_THE_WORKER)
    page.goto("/")
    wait_until(lambda: page.evaluate("indexedDB.databases().then((all) => all[0]?.version)") == 2)
    after = {name: shop.phone.rows(name) for name in shelves}
    assert {n: [_lasting(row) for row in after[n]] for n in shelves} == {
        n: [_lasting(row) for row in before[n]] for n in shelves
    }
    shop.wire.heal()
    page.evaluate(ONLINE)
    shop.must_arrive_once(visit)
    expect(shop.phone.walk(other, "#s-arrival").locator(PEOPLE)).to_have_value("7")


def test_a_draft_stays_with_the_version_of_the_checklist_that_it_was_begun_with(shop: Shop, tmp_path: Path) -> None:
    visit = shop.visit()
    page = downloaded(shop, visit)
    shop.phone.walk(visit, "#s-arrival").locator(PEOPLE).fill("7")
    saved(page)
    newer = tmp_path / "welcome.yaml"
    newer.write_text(WELCOME.read_text().replace("      - id: people\n", "      - id: crowd\n"))
    assert shop.installation.publish(newer) == 2
    try:
        expect(ready(shop.phone.walk(visit, "#s-arrival")).locator(PEOPLE)).to_have_value("7")
        answer_all(page)
        check(page)
        page.get_by_role("button", name="Send the visit").click()
        says(page, "Received at")
        found = shop.must_arrive_once(visit)
        assert (found.version, str(found.answers["people"].value)) == (1, "7")
        assert json.loads(shop.wire.made("PUT", SUBMISSION)[-1].body)["version"] == 1
    finally:
        shop.installation.publish(WELCOME)


def test_a_stopwatch_does_not_believe_a_clock_that_was_changed_while_it_ran(shop: Shop) -> None:
    shop.installation.publish(SIX_SECRETS)
    visit = shop.installation.begin(shop.installation.assign("six-secrets")).id
    page = shop.phone.page
    page.add_init_script(CLOCK_THAT_JUMPS)
    shop.phone.walk(visit, "#s-arriving")
    answer(page, "greeted", "yes")
    page.locator('button[value="stamp:greeting_wait:start"]').click()
    expect(page.locator('button[value="stamp:greeting_wait:start"]')).to_have_attribute("aria-disabled", "true")
    page.evaluate(f"self.shift = {TWO_DAYS}")
    page.locator('button[value="stamp:greeting_wait:stop"]').click()
    expect(page.locator("#q-greeting_wait")).to_have_value(re.compile(r"^\d{1,2}$"))


def answer_all(page: Page) -> None:
    """Every question, each in its section."""
    for question, value in GOOD.items():
        page.evaluate(f"location.hash = '#s-{SECTION.get(question, 'counter')}'")
        answer(page, question, value)


def downloaded(shop: Shop, visit: str) -> Page:
    """The list, once this visit is on the phone and the worker has what it needs."""
    page = shop.phone.page
    page.goto("/")
    expect(page.locator(f'[data-visit="{visit}"]')).to_contain_text(HERE)
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.goto("/", wait_until="networkidle")
    until(page, "!!navigator.serviceWorker.controller")
    return page


def forget_the_browsers_own_copies(page: Page) -> None:
    """As a full phone does: what is left is what the worker keeps."""
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")


def update_the_program(shop: Shop, *changes: tuple[str, str, str]) -> None:
    """The server is started again, from a tree in which something is different."""
    root = copy_tree(shop.folder / "other")
    for file, old, new in changes:
        change(root, file, old, new)
    shop.server.kill()
    shop.server.root = root
    shop.server.start()


def _lasting(row: dict[str, object]) -> dict[str, object]:
    """Without what every try changes."""
    return {name: value for name, value in row.items() if name not in ("tries", "next", "attention")}
