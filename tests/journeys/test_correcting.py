"""The office corrects an answer of a published visit on a phone without script, and the branch reads it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from audit.actions.publishing import publish_visit
from tests import cast
from tests.journeys.conftest import DESK, PHONE, Site
from tests.journeys.sending import send
from tests.served import now

PLAIN = {**PHONE, "java_script_enabled": False}
WHY = "The camera at the door shows it."


def test_ada_corrects_an_answer_and_bea_reads_what_stood_there_and_why(site: Site) -> None:
    ours = site.installation
    visit = ours.begin(ours.assign("six-secrets"))
    send(ours, visit)
    publish_visit(ours.store, cast.ADA, visit.id, now())
    greeted = ours.store.visits.find(visit.id).answers["greeted"].value
    right, wrong = ("No", "Yes") if greeted == "yes" else ("Yes", "No")

    ada = site.page(cast.ADA, PLAIN)
    ada.goto(f"/visits/{visit.id}")
    ada.locator("#a-greeted").get_by_role("link", name=re.compile("Correct this answer")).click()
    expect(ada.get_by_role("radio", name=wrong, exact=True)).to_be_checked()
    ada.get_by_text(right, exact=True).click()
    ada.get_by_role("button", name="Correct the answer").click()
    expect(ada.get_by_role("alert")).to_contain_text("Say in a sentence why the answer is corrected.")
    expect(ada.get_by_role("radio", name=right, exact=True)).to_be_checked()
    ada.get_by_label("Why is it corrected?").fill(WHY)
    ada.get_by_role("button", name="Correct the answer").click()
    expect(ada.get_by_role("status").get_by_text("The answer is corrected.")).to_be_visible()
    expect(ada.locator("#a-greeted")).to_contain_text(f"was “{wrong}”. Reason: {WHY}")
    expect(ada.locator("#a-greeted")).to_contain_text("Ada Berger")

    bea = site.page(cast.BEA, DESK)
    bea.goto(f"/visits/{visit.id}/report")
    expect(bea.get_by_role("main")).to_contain_text(f"was “{wrong}”. Reason: {WHY}")
    expect(bea.get_by_role("main")).not_to_contain_text("Ada")
