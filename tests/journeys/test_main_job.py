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
    go_on,
    photo,
    step,
)
from tests.served import PASSWORD

MOST_MILLISECONDS = 120_000  # for a report that is printed first


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
    expect(phone.locator("form#visit")).to_have_attribute("data-ready", "kept")
    phone.locator('button[value="mark:enter"]').click()
    expect(phone.get_by_text(re.compile(r"Went in \d\d:\d\d")).first).to_be_visible()

    fill_section(phone, "outside")
    text = {"name": "front.jpg", "mimeType": "image/jpeg", "buffer": b"This is no picture, only a letter about one."}
    phone.locator('input[name="q-front_photo--photos"]').last.set_input_files([text])  # type: ignore[list-item]
    expect(phone.locator('[data-ask="front_photo"] [data-part="counted"]')).to_contain_text("no photo")
    phone.locator('input[name="q-front_photo--photos"]').last.set_input_files([photo()])
    expect(phone.get_by_role("img", name="Photo 1")).to_be_visible()
    go_on(phone, "outside")

    fill_section(phone, "arriving")
    answer(phone, "queue", "a few")
    go_on(phone, "arriving")
    phone.get_by_role("button", name="Next unanswered").click()
    expect(phone.locator("#q-front_photo")).to_be_hidden()
    phone.goto(re.sub("#.*|$", "#q-queue", phone.url, count=1))
    phone.locator("#q-greeting_wait").focus()
    expect(phone.locator('[data-ask="queue"] [data-part="odd"]')).to_be_visible()
    expect(phone.locator("#q-queue")).to_have_value("a few")
    fill_section(phone, "arriving")
    go_on(phone, "arriving")

    fill_section(phone, "served")
    phone.locator("#q-attention--comment").fill("")
    expect(phone.locator(".progress [data-part=words]")).to_have_text(re.compile("1 left"))
    phone.locator('[name="q-attention--comment"]').fill(NO_LOOK)
    expect(phone.locator(".progress [data-part=words]")).to_have_text(re.compile("nothing left"))
    go_on(phone, "served")


def edit_in_two_tabs(site: Site, phone: Page, visit: str) -> Page:
    other = site.tab(phone.context)
    other.goto(f"/visits/{visit}/form#s-leaving")
    phone.goto(f"/visits/{visit}/form#s-name")
    fill_section(phone, "name")
    go_on(phone, "name")
    expect(step(other, "leaving")).to_be_visible()
    fill_section(other, "leaving")
    go_on(other, "leaving")
    for section, question in (("name", "staff_name"), ("leaving", "anything_else")):
        value = WALK[section][question]
        for tab in (phone, other):
            expect(tab.locator(f'input[name="q-{question}"][value="{value}"]')).to_be_checked()
    return other


def finish(phone: Page) -> None:
    phone.bring_to_front()
    for section in ("bending", "putting_right", "looking_back", "closing"):
        phone.goto(re.sub("#.*|$", f"#s-{section}", phone.url, count=1))
        fill_section(phone, section)
        go_on(phone, section)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(phone.get_by_text("Every question is answered")).to_be_visible()
    phone.get_by_role("button", name="Send the visit").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(re.compile(r"Received at \d\d:\d\d, 1 photo"))


def go_back_and_try_again(phone: Page, other_tab: Page, visit: str) -> None:
    phone.go_back()
    expect(phone.get_by_role("button", name="Send the visit")).to_have_count(0)
    phone.goto(f"/visits/{visit}/form")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Received at")
    other_tab.bring_to_front()
    expect(other_tab.get_by_role("heading", level=1)).to_contain_text("Received at")
    expect(other_tab.locator("form#visit")).to_be_hidden()


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
    with desk.expect_download(timeout=MOST_MILLISECONDS) as downloading:
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
