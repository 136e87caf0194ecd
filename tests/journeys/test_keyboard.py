"""A whole visit with nothing but a keyboard: every stop can be seen, nothing is out of reach, nobody is trapped."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from audit.domain.visit import VisitState
from tests import cast
from tests.journeys.conftest import DESK, Site
from tests.journeys.walking import begin_button
from tests.served import WELCOME

MOST_STOPS = 60
WITHOUT_OUTLINE = """() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const seen = element.matches('input[type=radio], input[type=checkbox]') ? element.closest('label') : element;
    const shown = [element, seen].some((one) => {
        const style = getComputedStyle(one);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    });
    return shown ? null : element.outerHTML.slice(0, 200);
}"""


@pytest.fixture(autouse=True)
def checklist(served: Site) -> None:
    served.installation.publish(WELCOME)


def test_the_first_stop_leads_past_the_masthead(site: Site) -> None:
    desk = site.page(cast.ADA, DESK)
    desk.goto("/visits")
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    desk.keyboard.press("Enter")
    expect(desk.locator("main")).to_be_focused()


def test_a_visit_is_walked_and_sent_by_keyboard_alone(site: Site) -> None:
    site.installation.assign("welcome")
    page = site.page(cast.SAM)
    page.goto("/")
    press(page, page.get_by_role("link", name="Mill Lane"))
    press(page, begin_button(page))
    expect(page.locator("form#visit")).to_have_attribute("data-ready", "kept")
    press_here(page, page.locator('button[value="mark:enter"]'))
    choose(page, "greeted", "yes")
    choose(page, "by_name", "no")
    write(page, "people", "4")
    press_here(page, page.locator('button[value="save:arrival"]'))
    for question, word in (("listened", "yes"), ("asked_back", "no"), ("solved", "not_observed"), ("till", "yes")):
        choose(page, question, word)
    press_here(page, page.locator('button[value="save:counter"]'))
    choose(page, "customer_state", "satisfied")
    write(page, "narrative", "They were quick and kind.")
    press_here(page, page.get_by_role("button", name="Check your answers"))
    press_here(page, page.get_by_role("button", name="Send the visit"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Received at")
    visit = site.installation.store.visits.of_shopper(cast.SAM.id)[0]
    assert (visit.state, visit.flags) == (VisitState.SUBMITTED, ())
    assert visit.answers["by_name"].value == "no"


def test_the_address_that_is_heard_of_late_does_not_take_the_focus_away(site: Site) -> None:
    visit = site.installation.begin(site.installation.assign("welcome"))
    page = site.page(cast.SAM)
    page.goto(f"/visits/{visit.id}/form#q-narrative")
    expect(page.locator("form#visit")).to_have_attribute("data-ready", "kept")
    page.get_by_role("button", name="Check your answers").click()
    change = page.locator("#check dl a").first
    change.focus()
    page.evaluate("dispatchEvent(new HashChangeEvent('hashchange'))")
    expect(change).to_be_focused()


def press(page: Page, target: Locator) -> None:
    tab_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press_here(page: Page, target: Locator) -> None:
    """A button that the phone answers by itself."""
    tab_to(page, target)
    page.keyboard.press("Enter")


def choose(page: Page, question: str, word: str) -> None:
    """Tab into the rows of a question, then arrow keys to the row, as with any group of radio buttons."""
    rows = page.locator(f'input[name="q-{question}"]')
    tab_to(page, rows.first)
    page.keyboard.press("Space")
    for _ in range(rows.count()):
        if page.locator(f'input[name="q-{question}"][value="{word}"]').is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrow keys do not reach {word} of {question}")


def write(page: Page, question: str, words: str) -> None:
    tab_to(page, page.locator(f"#q-{question}"))
    page.keyboard.type(words)


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus; every stop on the way must be seen to have it."""
    expect(target).to_be_visible()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        plain = page.evaluate(WITHOUT_OUTLINE)
        assert plain is None, f"no outline: {plain}"
        if target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"not reached with Tab: {target}")
