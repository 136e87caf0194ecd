"""The HTML checker itself: it is asked about every page that other tests look at, so it must be there, and must see."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys import markup

pytestmark = pytest.mark.soak


def test_wrong_markup_is_seen_as_it_was_sent_and_as_scripts_left_it(browser: Browser, tmp_path: Path) -> None:
    if lacks := markup.missing():
        pytest.skip(lacks)
    page = browser.new_page()
    try:
        markup.listen(page)
        mended_by_the_browser = "<!doctype html><html lang=en><title>Street</title><p>Mill Lane<div>7</div></p></html>"
        page.route("**/*", lambda route: route.fulfill(body=mended_by_the_browser, content_type="text/html"))
        page.goto("http://127.0.0.1/")
        page.evaluate("document.body.append(document.createElement('li'))")
        markup.remember(page)
        sent, scripted = sorted(markup.wrongs(tmp_path), key=lambda wrong: "after its scripts" in wrong)
        assert "No “p” element in scope" in sent
        assert "“li” not allowed as child of element “body”" in scripted
    finally:
        markup.forget()
        page.close()
