"""What a page still knows after a reload, and after its browser was killed while somebody typed.

In Chromium with a profile of its own, at full speed. The browser dies by `kill -9` as soon as the last key was pressed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, Playwright
from playwright.sync_api import TimeoutError as TooSlow

from tests.losses.phone import Phone

STORY = "Short dark hair, glasses, a blue shirt with the sleeves rolled up; never looked."
LETTERS = len(STORY)
MS_A_KEY = 25
SETTLED_MS = 4000
FIRST_TEXT = "textarea:visible"


@dataclass(frozen=True)
class Kept:
    """`reload`: whether what was typed is there again after a reload. `killed`: how many of LETTERS letters are there
    after a kill, counted from the first."""

    reload: bool
    killed: int


def try_keeping(playwright: Playwright, folder: Path, address: str, token: str, settled_ms: int = SETTLED_MS) -> Kept:
    """Type into the first long text of the page at this address, once for each of the two ends; wait for so long before
    the page is taken to be ready, and after the last letter before it is loaded again."""
    reloaded = _type(Phone(playwright, folder / "reloaded", address, token), settled_ms, kill=False)
    killed = _type(Phone(playwright, folder / "killed", address, token), settled_ms, kill=True)
    return Kept(reloaded == LETTERS, killed)


def letters_kept(text: str) -> int:
    """How many letters of the story stand there, counted from the first."""
    return next((n for n in range(LETTERS, 0, -1) if text.startswith(STORY[:n])), 0)


def _type(phone: Phone, settled_ms: int, *, kill: bool) -> int:
    try:
        page = phone.open()
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(phone.address)
        text = page.locator(FIRST_TEXT).first
        text.wait_for()
        page.wait_for_timeout(settled_ms)
        text.press_sequentially(STORY, delay=MS_A_KEY)
        address = page.url
        if kill:
            phone.kill()
            page = phone.open()
            page.goto(address)
        else:
            page.wait_for_timeout(settled_ms)
            page.reload()
        return letters_kept(_found(page, settled_ms))
    finally:
        phone.close()


def _found(page: Page, settled_ms: int) -> str:
    text = page.locator(FIRST_TEXT).first
    try:
        text.wait_for()
    except TooSlow:
        return ""
    page.wait_for_timeout(settled_ms)
    return text.input_value()
