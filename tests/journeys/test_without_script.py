"""The same walk where no script runs: one long form, saved section by section, follow-ups after saving."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from audit.domain.visit import VisitState
from tests import cast
from tests.journeys.conftest import PHONE, Site
from tests.journeys.walking import NO_LOOK, WALK, answer, begin, fill_section, photo, save_section, step

PLAIN = {**PHONE, "java_script_enabled": False}


def test_a_visit_is_walked_and_sent_without_script(site: Site) -> None:
    site.installation.assign("six-secrets", "return-goods")
    phone = site.page(cast.SAM, PLAIN)
    visit = begin(phone)
    for section in WALK:
        expect(step(phone, section)).to_be_visible()
    see_what_answers_call_for(phone)
    for section in list(WALK)[3:]:
        answer_what_is_seen(phone, section)
        save_section(phone, section)
        if phone.url.endswith(f"#s-{section}"):  # the answers call for more in the same section
            answer_what_is_seen(phone, section)
            save_section(phone, section)
    expect(phone.get_by_text("Every question is answered")).to_be_visible()
    phone.get_by_role("button", name="Send the visit").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(re.compile(r"Received at \d\d:\d\d, 1 photo"))
    kept = site.installation.store.visits.find(visit)
    assert (kept.state, kept.flags) == (VisitState.SUBMITTED, ())
    assert kept.answers["attention"].comment == NO_LOOK


def test_a_link_to_a_mistake_shows_the_question_and_the_mend_and_not_the_field_alone(site: Site) -> None:
    site.installation.assign("six-secrets", "return-goods")
    phone = site.page(cast.SAM, PLAIN)
    begin(phone)
    answer(phone, "queue", "a few")
    step(phone, "arriving").get_by_role("button", name="Save and go on").click()
    phone.get_by_role("alert").get_by_role("link", name=re.compile("Write a number")).click()
    expect(phone.locator("#q-queue")).to_have_value("a few")
    expect(phone.locator("#q-queue--wrong")).to_be_in_viewport(ratio=1)
    expect(phone.locator('label[for="q-queue"]')).to_be_in_viewport(ratio=1)


def see_what_answers_call_for(phone: Page) -> None:
    """A follow-up is not there until its answer is saved; the page says so and stays in the section."""
    phone.locator('button[value="mark:enter"]').click()
    phone.locator('input[name="q-front_photo--photos"]').last.set_input_files([photo()])
    fill_section(phone, "outside")
    save_section(phone, "outside")
    expect(phone.get_by_role("img", name="Photo 1")).to_be_visible()

    expect(phone.locator("#q-greeting_wait")).to_be_hidden()
    answer(phone, "greeted", "yes")
    answer(phone, "queue", "2")
    save_section(phone, "arriving")
    expect(phone.locator("#q-greeting_wait")).to_be_visible()
    fill_section(phone, "arriving")
    save_section(phone, "arriving")

    expect(phone.locator('[name="q-attention--comment"]')).to_be_hidden()
    for question, value in WALK["served"].items():
        answer(phone, question, value[0] if question == "attention" else value)
    save_section(phone, "served")
    phone.locator('[name="q-attention--comment"]').fill(NO_LOOK)
    save_section(phone, "served")


def answer_what_is_seen(phone: Page, section: str) -> None:
    for question, value in WALK[section].items():
        if phone.locator(f"#q-{question}").is_visible():
            answer(phone, question, value)
