"""The Chromium of the machine, for journeys and bench: the one that CHROMIUM names, or the first that is found."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserType, Page, expect

from tests.waiting import wait_until

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",  # a container has no users to keep apart
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MOST_SECONDS = 20  # for which a page is waited for; one that is right is there at once where nothing else runs
expect.set_options(timeout=MOST_SECONDS * 1000)


def chromium_path() -> str | None:
    """Where the browser is, or None."""
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


def until(page: Page, expression: str, seconds: float = 30) -> None:
    """Once this expression, or function, gives something true on the page; AssertionError if it never does.

    Playwright's own `wait_for_function` looks again from inside the page, where our content policy forbids it."""
    wait_until(lambda: page.evaluate(expression), seconds, expression)


@contextmanager
def chromium(browsers: BrowserType) -> Iterator[Browser]:
    """A fresh, headless browser with an empty profile."""
    browser = browsers.launch(executable_path=chromium_path(), args=FLAGS, headless=True)
    try:
        yield browser
    finally:
        browser.close()
