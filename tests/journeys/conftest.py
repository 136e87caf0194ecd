"""One Chromium for a process, one installation behind `audit serve` for a module; and nothing may go wrong unseen.

A page that breaks its own policy, throws in its script, or asks for a file that is not there fails the test.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Response

from audit.domain.people import Person
from tests.browsers import MOST_SECONDS, chromium, chromium_path
from tests.journeys import markup
from tests.served import SIX_SECRETS, Installation, installed

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
STILL = {"locale": "en-GB", "reduced_motion": "reduce"}  # nothing to wait for while a page glides
DESK = {"viewport": {"width": 1280, "height": 800}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = str(__file__).rsplit("/", 1)[0]
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.journey)


@dataclass
class Site:
    """A served installation, and the browsers that people hold. `wrongs` are what pages complained of."""

    installation: Installation
    address: str
    browser: Browser
    wrongs: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def page(self, person: Person | None = None, settings: dict[str, Any] = PHONE, **more: Any) -> Page:
        """A fresh browser of somebody's, with the person signed in already if one is named."""
        context = self.browser.new_context(**{**STILL, "base_url": self.address, **settings, **more})
        self.contexts.append(context)
        if person is not None:
            cookie = {"name": "candour", "value": self.installation.token(person), "url": self.address}
            context.add_cookies([cookie])  # type: ignore[list-item]
        return self.tab(context)

    def tab(self, context: BrowserContext) -> Page:
        """One more tab in the same browser."""
        page = context.new_page()
        page.set_default_timeout(MOST_SECONDS * 1000)
        markup.listen(page)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.wrongs.append(f"{page.url}: {error}"))
        page.on("response", self._look)
        return page

    def close_browsers(self) -> None:
        while self.contexts:
            self.contexts.pop().close()

    def _listen(self, message: ConsoleMessage) -> None:
        refused = message.text.startswith("Failed to load resource")  # told by `_look`, which knows what it was
        if message.type in ("error", "warning") and not refused:
            self.wrongs.append(f"{message.location.get('url')}: {message.text}")

    def _look(self, response: Response) -> None:
        if response.status == 424:
            return  # "the words are kept, now send the photos": no wrong
        if response.status >= 500 or (response.status >= 400 and response.request.resource_type != "document"):
            self.wrongs.append(f"{response.request.method} {response.url}: {response.status}")


@pytest.fixture(scope="module", autouse=True)
def valid_markup(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """With --all, whatever the tests of a module looked at is held against the HTML standard when they are over."""
    markup.forget()
    yield
    if "not soak" not in request.config.getoption("markexpr") and not markup.missing():
        wrongs = markup.wrongs(tmp_path_factory.mktemp("markup"))
        assert not wrongs, "\n".join(wrongs)


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    if chromium_path() is None:
        pytest.fail("The journeys need Chromium: run bin/test, which finds or installs it, or name one in CHROMIUM.")
    with chromium(playwright.chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def served(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with installed(tmp_path_factory.mktemp("installation")) as installation:
        installation.publish(SIX_SECRETS)
        with installation.serving() as address:
            yield Site(installation, address, browser)


@pytest.fixture
def site(served: Site) -> Iterator[Site]:
    """The module's installation; when the test is over, no page may have complained."""
    served.wrongs.clear()
    yield served
    served.close_browsers()
    assert not served.wrongs, "\n".join(served.wrongs)
