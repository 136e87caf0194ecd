"""The main job on a phone: a link, a walk through six-secrets with every mistake once, and a PDF to trace it by."""

from __future__ import annotations

import re
from io import BytesIO

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from audit.domain.people import Person
from tests import cast
from tests.journeys.conftest import DESK, Site
from tests.journeys.walking import (
    NO_LOOK,
    STORY,
    WALK,
    answer,
    begin,
    fill_section,
    photo,
    save_section,
    step,
)
from tests.served import PASSWORD


def test_from_the_invitation_to_the_answers_in_the_pdf(site: Site) -> None:
    site.installation.assign("six-secrets", "return-goods", note="The side entrance is closed.")
    phone = site.page()
    sign_in_by_link(site, phone)
    visit = begin(phone)
    send_nothing(phone, visit)
    make_every_mistake(phone)
    other_tab = edit_in_two_tabs(site, phone, visit)
    finish(phone)
    go_back_and_try_again(phone, other_tab, visit)
    publish(site, visit)
    read_the_pdf(site)


def sign_in_by_link(site: Site, phone: Page) -> None:
    link = site.installation.link(cast.SAM)
    phone.goto(link)
    phone.reload()  # a messenger's preview has opened it before: nothing is used up
    phone.get_by_role("button", name="Sign in on this phone").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your list")
    stranger = site.page()
    stranger.goto(link)
    expect(stranger.locator("main")).to_contain_text("used already")


def send_nothing(phone: Page, visit: str) -> None:
    phone.goto(f"/visits/{visit}/check")
    expect(phone.get_by_role("heading", level=2).first).to_have_text(re.compile(r"^\d+ questions are still open$"))
    expect(phone.get_by_role("button", name="Send the visit")).to_have_count(0)
    phone.get_by_role("link", name="Go to the first open question").click()
    expect(step(phone, "outside")).to_be_visible()
    expect(step(phone, "arriving")).to_be_hidden()


def make_every_mistake(phone: Page) -> None:
    phone.locator('button[value="mark:enter"]').click()
    expect(phone.get_by_text(re.compile(r"Went in \d\d:\d\d")).first).to_be_visible()

    fill_section(phone, "outside")
    text = {"name": "front.jpg", "mimeType": "image/jpeg", "buffer": b"This is no picture, only a letter about one."}
    phone.locator('input[name="q-front_photo--photos"]').last.set_input_files([text])  # type: ignore[list-item]
    save_section(phone, "outside")
    expect(phone.get_by_role("alert")).to_contain_text("mend")
    expect(phone.locator("#q-front_photo--wrong")).to_be_visible()
    expect(phone.locator('input[name="q-ready"][value="hours"]')).to_be_checked()
    phone.locator('input[name="q-front_photo--photos"]').last.set_input_files([photo()])
    save_section(phone, "outside")

    fill_section(phone, "arriving")
    answer(phone, "queue", "a few")
    save_section(phone, "arriving")
    expect(phone.get_by_role("alert").get_by_role("link")).to_have_count(1)
    phone.get_by_role("alert").get_by_role("link").click()
    expect(phone.locator("#q-queue")).to_be_focused()
    expect(phone.locator("#q-queue")).to_have_value("a few")
    expect(phone.locator("#q-greeting_wait")).to_have_value(re.compile("75|1:15"))
    fill_section(phone, "arriving")
    save_section(phone, "arriving")

    fill_section(phone, "served")
    phone.locator("#q-attention--comment").fill("")
    save_section(phone, "served")
    expect(step(phone, "served")).to_be_visible()
    expect(phone.get_by_role("status").filter(has_text="a little more")).to_be_visible()
    paste_too_much(phone, '[name="q-attention--comment"]')
    save_section(phone, "served")
    expect(phone.locator("#q-attention--wrong")).to_contain_text("10000")
    phone.locator('[name="q-attention--comment"]').fill(NO_LOOK)
    save_section(phone, "served")


def paste_too_much(phone: Page, box: str) -> None:
    """More than the box would let a finger type: some keyboards and scripts do not ask."""
    phone.locator(box).evaluate(
        "(box, words) => { box.value = words; box.dispatchEvent(new Event('input', {bubbles: true})) }", "x" * 10_001
    )


def edit_in_two_tabs(site: Site, phone: Page, visit: str) -> Page:
    other = site.tab(phone.context)
    other.goto(f"/visits/{visit}/form#s-leaving")
    phone.goto(f"/visits/{visit}/form#s-name")
    fill_section(phone, "name")
    save_section(phone, "name")
    expect(step(other, "leaving")).to_be_visible()
    fill_section(other, "leaving")
    save_section(other, "leaving")
    phone.reload()
    for section, question in (("name", "staff_name"), ("leaving", "anything_else")):
        value = WALK[section][question]
        expect(phone.locator(f'input[name="q-{question}"][value="{value}"]')).to_be_checked()
    return other


def finish(phone: Page) -> None:
    phone.bring_to_front()
    for section in ("bending", "putting_right", "looking_back", "closing"):
        phone.goto(re.sub("#.*|$", f"#s-{section}", phone.url, count=1))
        fill_section(phone, section)
        save_section(phone, section)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(phone.get_by_text("Every question is answered")).to_be_visible()
    phone.get_by_role("button", name="Send the visit").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(re.compile(r"Received at \d\d:\d\d, 1 photo"))


def go_back_and_try_again(phone: Page, other_tab: Page, visit: str) -> None:
    phone.go_back()
    button = phone.get_by_role("button", name="Send the visit")
    if button.count():  # the browser may have kept the page as it was
        button.click()
    phone.goto(f"/visits/{visit}/form")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Received at")
    other_tab.bring_to_front()
    answer(other_tab, "same_person", "1")
    save_section(other_tab, "looking_back")
    expect(other_tab.locator("main")).to_contain_text("sent already")


def publish(site: Site, visit: str) -> None:
    desk = sign_in(site, cast.ADA)
    desk.get_by_role("link", name="Visits").first.click()
    desk.get_by_role("main").get_by_role("link", name="Mill Lane").first.click()
    expect(desk.get_by_text(NO_LOOK)).to_be_visible()
    expect(desk).to_have_url(re.compile(visit))
    desk.get_by_role("button", name="Publish this visit").click()
    expect(desk.get_by_role("status").first).to_contain_text("is published")


def read_the_pdf(site: Site) -> None:
    desk = sign_in(site, cast.AMIR)
    figure = re.search(r"(\d+) %", desk.locator(".figure").first.inner_text())
    assert figure
    with desk.expect_download() as downloading:
        desk.get_by_role("link", name=re.compile("PDF.*Mill Lane")).click()
    text = text_of(downloading.value.path().read_bytes())
    for words in (NO_LOOK, STORY, "Mill Lane", f"{figure[1]} %", "from 1 visit", "For coaching"):
        assert words in text, words
    for secret in (cast.SAM.name, cast.SAM.id):
        assert secret not in text


def sign_in(site: Site, person: Person) -> Page:
    desk = site.page(settings=DESK)
    desk.goto("/")
    desk.get_by_label("E-mail address").fill(person.email or "")
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Sign in").click()
    expect(desk.get_by_role("button", name="Sign out")).to_be_visible()
    return desk


def text_of(pdf: bytes) -> str:
    """The words of a PDF, with one space between them."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
