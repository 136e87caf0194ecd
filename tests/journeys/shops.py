"""A shop whose server comes and goes, and the phones in it: what every journey without a network begins with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from audit.domain.people import Person
from audit.domain.visit import Visit
from tests import cast
from tests.browsers import MOST_SECONDS
from tests.journeys import markup
from tests.journeys.conftest import PHONE, STILL
from tests.journeys.walking import begin_button
from tests.served import SERVE, WELCOME, Installation, free_port, installed, running

SHIFTS = """self.shifted = 0;
new PerformanceObserver((list) => list.getEntries().forEach((one) => { if (!one.hadRecentInput) shifted += one.value }))
    .observe({ type: 'layout-shift', buffered: true });"""
READY = "form[data-ready=kept]"


class Shop:
    """An installation whose server comes and goes, and phones that stay at one address."""

    def __init__(self, installation: Installation, browser: Browser) -> None:
        self.installation = installation
        self.browser = browser
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.server = ExitStack()
        self.contexts: list[BrowserContext] = []
        self.open()

    def open(self) -> None:
        """Start the server."""
        command = [*SERVE, "--host", "127.0.0.1", "--port", str(self.port)]
        settings = self.installation._settings(self.port)
        log = self.installation.folder / "server.log"
        self.server.enter_context(running(command, f"{self.address}/health", log, settings))

    def shut(self) -> None:
        """Stop the server: from here on there is no network."""
        self.server.close()

    def phone(self, person: Person = cast.SAM, **more: Any) -> Page:
        """A phone with an empty memory, signed in."""
        context = self.browser.new_context(**{**STILL, "base_url": self.address, **PHONE, **more})
        self.contexts.append(context)
        self.sign_in(context, person)
        page = context.new_page()
        page.set_default_timeout(MOST_SECONDS * 1000)
        markup.listen(page)
        return page

    def sign_in(self, context: BrowserContext, person: Person) -> None:
        cookie = {"name": "candour", "value": self.installation.token(person), "url": self.address}
        context.add_cookies([cookie])  # type: ignore[list-item]

    def visit(self) -> Visit:
        """Sam's newest visit."""
        return self.installation.store.visits.of_shopper(cast.SAM.id)[-1]


@pytest.fixture
def shop(browser: Browser, tmp_path: Path) -> Iterator[Shop]:
    with installed(tmp_path) as installation:
        installation.publish(WELCOME)
        shop = Shop(installation, browser)
        yield shop
        for context in shop.contexts:
            context.close()
        shop.shut()


def fetch_the_list(page: Page) -> None:
    """Open the list while there is a network, until all of it is on the phone."""
    page.goto("/")
    for place in page.locator("[data-part=offline]").all():
        expect(place).to_have_text("On this phone: opens without a network")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def phone_with_the_list(shop: Shop) -> Page:
    """Sam's phone with a visit to Mill Lane on it."""
    shop.installation.assign("welcome")
    page = shop.phone()
    fetch_the_list(page)
    return page


def open_visit(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Mill Lane").click()
    begin_button(page).click()
    page.wait_for_selector(READY)


def answer_all(page: Page) -> None:
    for question, word in (("greeted", "yes"), ("by_name", "yes")):
        page.locator(f'input[name="q-{question}"][value="{word}"]').check()
    page.locator('button[value="save:arrival"]').click()
    for question, word in (("listened", "yes"), ("asked_back", "yes"), ("solved", "not_observed"), ("till", "yes")):
        page.locator(f'input[name="q-{question}"][value="{word}"]').check()
    page.locator('button[value="save:counter"]').click()
    page.locator('input[name="q-customer_state"][value="satisfied"]').check()
    page.fill("#q-narrative", "They were quick and kind.")
    page.get_by_role("button", name="Check your answers").click()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send the visit").click()


def told(page: Page, words: str) -> None:
    expect(page.locator("#sent h1")).to_have_text(re.compile(words))


def saved(page: Page) -> None:
    expect(page.locator("[data-part=saved]")).to_have_text(re.compile("Saved on this phone"))
