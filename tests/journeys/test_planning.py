"""The slider of a plan in a browser: it moves the dot and changes the sentence, and works as a form without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from audit.actions.publishing import publish_visit
from audit.actions.reckoning import await_workings
from audit.reports.period import year_of
from tests import cast
from tests.journeys.conftest import PHONE, Site
from tests.journeys.sending import send
from tests.served import now

PLAIN = {**PHONE, "java_script_enabled": False}


@pytest.fixture(scope="module", autouse=True)
def _two_published_visits(served: Site) -> None:
    ours = served.installation
    for _ in range(2):
        visit = ours.begin(ours.assign("six-secrets"))
        send(ours, visit)
        publish_visit(ours.store, cast.ADA, visit.id, now())
    await_workings(ours.store, cast.ADA, year_of(now().date()), "six-secrets")


def open_plan(page: Page) -> None:
    """Where the server has not worked it out yet, ask again."""
    page.goto("/programme/planning?period=year")
    while page.get_by_text("This is being worked out.").count():
        page.reload()


def at(page: Page) -> str:
    """Where the dot is."""
    return page.locator(".curve .level").get_attribute("d") or ""


def test_a_key_on_the_slider_moves_the_dot_along_the_curve_and_changes_the_sentence(site: Site) -> None:
    page = site.page(cast.ADA)
    open_plan(page)
    said, before = page.locator("output"), at(page)
    expect(said).to_have_text(re.compile("10 points apart"))
    slider = page.get_by_role("slider", name="A difference of so many points")
    slider.press("ArrowRight")
    expect(said.get_by_text("11 points apart")).to_be_visible()
    expect(said.get_by_text("10 points apart")).to_be_hidden()
    assert float(at(page)[1:].split()[0]) > float(before[1:].split()[0])
    assert page.get_by_role("button", name="Show").count() == 0  # that of the period is folded away


def test_without_script_the_slider_is_a_form(site: Site) -> None:
    page = site.page(cast.ADA, PLAIN)
    open_plan(page)
    slider = page.get_by_role("slider", name="A difference of so many points")
    slider.press("ArrowRight")
    with page.expect_navigation():
        page.get_by_role("button", name="Show").last.click()
    expect(page.locator("output").get_by_text("11 points apart")).to_be_visible()
    expect(slider).to_have_value("11")
