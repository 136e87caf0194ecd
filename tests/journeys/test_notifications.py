"""A phone that is told: turned on by its shopper, one neutral sentence in the reader's language, a tap opens the list.

The browser's own push service is out of reach here: its answer is played, and the push is handed to the worker."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Worker, expect

from tests import cast
from tests.browsers import until
from tests.journeys.conftest import Site
from tests.journeys.looking import wrongs_of
from tests.waiting import MOST_SECONDS, turns

ADDRESS = "https://fcm.googleapis.com/fcm/send/played"
PLAYED = """
const ADDRESS = "https://fcm.googleapis.com/fcm/send/played";
const played = { endpoint: ADDRESS, unsubscribe: async () => (sessionStorage.removeItem("on"), true) };
PushManager.prototype.getSubscription = async () => (sessionStorage.getItem("on") ? played : null);
PushManager.prototype.subscribe = async (options) => {
  if (self.unreachable) throw new DOMException("Registration failed - push service not available", "AbortError");
  if (!options.userVisibleOnly || options.applicationServerKey.length !== 87) throw new TypeError("asked wrongly");
  sessionStorage.setItem("on", "1");
  return played;
};
"""
MOVED = """void (PushManager.prototype.subscribe = async (options) => {
  if (!options.userVisibleOnly || options.applicationServerKey.length !== 87) throw new TypeError("asked wrongly");
  return { endpoint: "https://fcm.googleapis.com/fcm/send/played/moved" };
})"""
COUNTING = """void (self.shown ??= (() => {
  const show = ServiceWorkerRegistration.prototype.showNotification;
  ServiceWorkerRegistration.prototype.showNotification = async function (...said) {
    await show.apply(this, said);
    self.shown += 1;
  };
  return 0;
})())"""
SHOWN = """navigator.serviceWorker.ready.then((worker) => worker.getNotifications())
  .then((all) => all.map((one) => one.title))"""


def phone(site: Site, *, granted: bool = True, **more: object) -> Page:
    """Sam's phone, which has asked, or been refused, what a shopper is asked."""
    page = site.page(cast.SAM, **more)  # type: ignore[arg-type]
    page.add_init_script(PLAYED)
    if granted:
        page.context.grant_permissions(["notifications"], origin=site.address)
    return page


def turn_on(page: Page) -> None:
    page.goto("/notifications")
    page.locator("[data-part=off] button").click()
    expect(page.locator("[data-part=on]")).to_be_visible()
    page.wait_for_load_state()  # before the script is there, a press reaches the server and not the browser


def push(site: Site, page: Page) -> None:
    """Hand the worker a push without a word, as the browser does, and wait until it has been shown.

    The worker is asked for that: whoever asks Chromium meanwhile which ones are shown has it forget, now and then, the
    one that is on its way to the screen."""
    worker = worker_of(page.context)
    worker.evaluate(COUNTING)
    before = worker.evaluate("self.shown")
    session = page.context.new_cdp_session(page)
    versions: list[dict[str, str]] = []
    session.on("ServiceWorker.workerVersionUpdated", lambda event: versions.extend(event["versions"]))
    session.send("ServiceWorker.enable")
    wait_for(page, lambda: any(one["status"] == "activated" for one in versions))
    registration = next(one["registrationId"] for one in versions if one["status"] == "activated")
    session.send(
        "ServiceWorker.deliverPushMessage", {"origin": site.address, "registrationId": registration, "data": ""}
    )
    session.detach()
    wait_for(page, lambda: worker.evaluate("self.shown") > before)


def wait_for(page: Page, came: Callable[[], bool]) -> None:
    """The page is asked for the time: what it hears of meanwhile is told to whoever listens."""
    for _ in turns(MOST_SECONDS):
        if came():
            return
        page.wait_for_timeout(20)
    raise AssertionError("it did not come to pass")


def worker_of(context: BrowserContext) -> Worker:
    return context.service_workers[0]


def on_at_the_server(site: Site) -> bool:
    return site.installation.store.notifications.at_address(ADDRESS) is not None


def test_sam_turns_them_on_is_told_one_sentence_and_a_tap_opens_the_list(site: Site) -> None:
    page = phone(site)
    page.goto("/devices")
    page.get_by_role("link", name="Be told on this phone").click()
    expect(page.get_by_text("Turned off for this phone.", exact=True)).to_be_visible()
    expect(page.get_by_text("cannot show them")).to_have_count(0)
    assert not wrongs_of(page)
    turn_on(page)
    assert on_at_the_server(site)
    assert not wrongs_of(page)
    push(site, page)
    assert page.evaluate(SHOWN) == ["There is something new on your list."]
    worker = worker_of(page.context)
    worker.evaluate("self.clients.openWindow = async (address) => { self.opened = address; }")
    worker.evaluate(
        "registration.getNotifications().then(([notification]) =>"
        " { dispatchEvent(new NotificationEvent('notificationclick', { notification })) })"
    )
    until(page, f"{SHOWN}.then((titles) => !titles.length)")
    assert worker.evaluate("self.opened") == "/"


def test_a_browser_that_takes_messages_elsewhere_from_now_on_tells_the_server_where(site: Site) -> None:
    page = phone(site)
    turn_on(page)
    worker = worker_of(page.context)
    worker.evaluate(MOVED)
    worker.evaluate("dispatchEvent(new ExtendableEvent('pushsubscriptionchange'))")
    wait_for(page, lambda: site.installation.store.notifications.at_address(f"{ADDRESS}/moved") is not None)
    assert not on_at_the_server(site)
    page.reload()
    expect(page.locator("[data-part=on]")).to_be_visible()


@pytest.mark.soak
def test_a_second_push_takes_the_place_of_the_first(site: Site) -> None:
    page = phone(site)
    turn_on(page)
    for _ in range(2):
        push(site, page)
    assert page.evaluate(SHOWN) == ["There is something new on your list."]


@pytest.mark.parametrize(
    ("locale", "sentence"), [("de-CH", "Auf Ihrer Liste steht etwas Neues."), ("ar", "هناك جديد في قائمتك.")]
)
@pytest.mark.soak
def test_the_sentence_speaks_the_readers_language(site: Site, locale: str, sentence: str) -> None:
    page = phone(site, locale=locale)
    turn_on(page)
    push(site, page)
    assert page.evaluate(SHOWN) == [sentence]


@pytest.mark.soak
def test_turning_them_off_ends_it_at_the_server_and_in_the_browser(site: Site) -> None:
    page = phone(site)
    turn_on(page)
    page.get_by_role("button", name="Turn off").click()
    expect(page.get_by_text("Turned off for this phone.", exact=True)).to_be_visible()
    assert not on_at_the_server(site)
    assert page.evaluate("sessionStorage.getItem('on')") is None


@pytest.mark.soak
def test_a_browser_that_was_told_not_to_says_so_and_sends_nothing(site: Site) -> None:
    page = phone(site, granted=False)
    page.add_init_script("Notification.requestPermission = async () => 'denied';")
    page.goto("/notifications")
    page.get_by_role("button", name="Turn on for this phone").click()
    expect(page.get_by_text("does not let this page tell you")).to_be_visible()
    assert not on_at_the_server(site)
    assert not wrongs_of(page)


@pytest.mark.soak
def test_a_push_service_out_of_reach_is_told_and_a_second_try_is_taken(site: Site) -> None:
    page = phone(site)
    page.goto("/notifications")
    page.evaluate("self.unreachable = true")
    page.get_by_role("button", name="Turn on for this phone").click()
    expect(page.get_by_text("This did not work.")).to_be_visible()
    assert not on_at_the_server(site)
    page.evaluate("self.unreachable = false")
    page.get_by_role("button", name="Turn on for this phone").click()
    expect(page.get_by_text("Turned on for this phone.", exact=True)).to_be_visible()


@pytest.mark.parametrize("without", ["PushManager", "Notification"])
@pytest.mark.soak
def test_a_browser_that_cannot_is_told_so_and_offered_nothing(site: Site, without: str) -> None:
    page = phone(site)
    page.add_init_script(f"delete self.{without};")
    page.goto("/notifications")
    expect(page.get_by_text("This browser cannot show them")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Turn on"))).to_have_count(0)
    assert not wrongs_of(page)


@pytest.mark.soak
def test_without_script_the_page_says_that_it_cannot(site: Site) -> None:
    page = phone(site, java_script_enabled=False)
    page.goto("/notifications")
    expect(page.get_by_text("This browser cannot show them")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Turn on"))).to_have_count(0)
