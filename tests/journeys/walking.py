"""How a shopper walks `six-secrets`: what is answered where, and how an answer is put into the page."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Locator, Page, expect

NO_LOOK = "She read a delivery note all the time and answered over her shoulder."
STORY = "I brought back a lamp that did not fit. She took it at once, but never looked at me."
ABSENCES = ("not_applicable", "not_observed")

# section -> question -> what is chosen or written; pairs are a value and the comment that it calls for
WALK: Mapping[str, Mapping[str, Any]] = {
    "outside": {"ready": ["hours", "free_way"]},
    "arriving": {
        "greeted": "yes",
        "greeting_wait": "1:15",
        "greeting_manner": "3",
        "queue": "2",
        "seen_in_queue": "no",
    },
    "served": {
        "served_by": "counter",
        "attention": ("2", NO_LOOK),
        "need_asked": "yes",
        "heard_out": "3",
        "fit": "most",
        "manner": {"looked": "never", "faced": "sometimes", "plain": "always", "pause": "always"},
        "slighting": "no",
    },
    "name": {"name_known": "never", "staff_name": "yes"},
    "bending": {"request_answer": "not_observed"},
    "putting_right": {
        "problem_outcome": "solved",
        "problem_minutes": "4",
        "sorry": "3",
        "blame": ["nobody"],
        "told_again": "1",
    },
    "leaving": {
        "anything_else": "yes",
        "goodbye": "3",
        "extra": "no",
        "receipt": "not_applicable",
        "receipt_time": "not_applicable",
    },
    "looking_back": {"same_person": "3", "small_change": "A look up before the first word."},
    "closing": {"customer_state": "satisfied", "narrative": STORY},
}


def photo(words: str = "Mill Lane", colour: str = "#8a6") -> FilePayload:
    """A small JPEG of a shop front, unlike any other with other words."""
    picture = Image.new("RGB", (640, 480), colour)
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle((120, 160, 520, 460), fill="#543", outline="white", width=6)
    drawing.text((260, 180), words, fill="white")
    file = BytesIO()
    picture.save(file, "JPEG", quality=85)
    return {"name": f"{words}.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def answer(page: Page, question: str, value: Any) -> None:
    """Put one answer in, as a finger or a keyboard would."""
    comment = None
    if isinstance(value, tuple):
        value, comment = value
    if isinstance(value, dict):
        for row, point in value.items():
            page.locator(f'input[name="q-{question}--{row}"][value="{point}"]').check()
    elif isinstance(value, list):
        for word in value:
            page.locator(f'input[name="q-{question}"][value="{word}"]').check()
    elif value in ABSENCES and page.locator(f'input[name="q-{question}--absent"]').count():
        page.locator(f'input[name="q-{question}--absent"][value="{value}"]').check()
    elif page.locator(f'input[name="q-{question}"][type="radio"]').count():
        page.locator(f'input[name="q-{question}"][value="{value}"]').check()
    else:
        page.locator(f'[name="q-{question}"]').fill(value)
    if comment is not None:
        page.locator(f'[name="q-{question}--comment"]').fill(comment)


def fill_section(page: Page, section: str) -> None:
    """Answer every question of a section, in its order."""
    for question, value in WALK[section].items():
        answer(page, question, value)


def save_section(page: Page, section: str) -> None:
    """Press the section's button and wait for the next page."""
    last = list(WALK)[-1] == section
    with page.expect_navigation():
        step(page, section).get_by_role("button", name="Check your answers" if last else "Save and go on").click()


def step(page: Page, section: str) -> Any:
    return page.locator(f"#s-{section}")


def begin_button(page: Page) -> Locator:
    """A button while the visit is only on offer; a link once a phone has fetched it to have it offline."""
    return page.get_by_role("main").get_by_text("Begin the visit", exact=True)


def go_on(page: Page, section: str) -> None:
    """Press the section's button where the phone keeps what is written: nothing has to be waited for."""
    expect(page.locator("form#visit")).to_have_attribute("data-ready", "kept")
    last = list(WALK)[-1] == section
    step(page, section).get_by_role("button", name="Check your answers" if last else "Save and go on").click()
    expect(step(page, section)).to_be_hidden()


def begin(page: Page, branch: str = "Mill Lane") -> str:
    """From the list to the form of a visit; its id."""
    page.goto("/")
    page.get_by_role("link", name=branch).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(branch)
    begin_button(page).click()
    expect(page.locator("form#visit")).to_be_visible()
    return page.url.split("/visits/")[1].split("/")[0]
