"""A network that fails at the worst moment: the visit arrives once, whoever sends it again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from audit.actions.submitting import save_draft
from audit.domain.submission import Submission, canonical
from audit.domain.visit import Visit, VisitState
from audit.storage.identifiers import new_id
from tests import cast
from tests.journeys.conftest import Site
from tests.journeys.shops import SHIFTS
from tests.journeys.wire import Wire, wired
from tests.served import ROOT, SIX_SECRETS, WELCOME, now
from tests.world import GOOD

SEND = "Send the visit"
VISIT24 = ROOT / "tests" / "bench" / "visit24.yaml"
CORNERS = """() => [...document.body.querySelectorAll("*")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.top < 740 && getComputedStyle(one).clipPath === "none")
  .map(([one, box]) => [one.tagName, Math.round(document.dir === "rtl" ? box.right : box.left), Math.round(box.top)])
"""
SLOW_LINE = {"offline": False, "latency": 400, "downloadThroughput": -1, "uploadThroughput": -1}  # ms to each answer


@pytest.fixture
def wire(site: Site) -> Iterator[Wire]:
    site.installation.publish(WELCOME)
    with wired(site.address) as laid:
        yield laid


def test_the_browser_sends_again_by_itself_when_a_used_line_is_cut(site: Site, wire: Wire) -> None:
    visit = saved_visit(site)
    phone = phone_at(site, wire, visit)
    wire.lose_answers = 1
    phone.get_by_role("button", name=SEND).click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Received at")
    assert wire.posts == 2
    assert_arrived_once(site, visit)


def test_a_shopper_who_saw_nothing_come_back_sends_again(site: Site, wire: Wire) -> None:
    visit = saved_visit(site)
    phone = phone_at(site, wire, visit)
    wire.lose_answers = 10
    with pytest.raises(Error, match="ERR_"), phone.expect_navigation():
        phone.get_by_role("button", name=SEND).click()
    wire.lose_answers = 0
    again = site.tab(phone.context)
    again.goto(f"/visits/{visit.id}/check")
    expect(again.get_by_role("heading", level=1)).to_contain_text("Received at")
    assert_arrived_once(site, visit)


def test_an_impatient_shopper_who_presses_twice_sends_once(site: Site, wire: Wire) -> None:
    visit = saved_visit(site)
    phone = phone_at(site, wire, visit)
    phone.get_by_role("button", name=SEND).dblclick(no_wait_after=True)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Received at")
    assert_arrived_once(site, visit)


def test_a_draft_saved_over_a_cut_line_is_there_when_the_form_is_opened_again(site: Site, wire: Wire) -> None:
    visit = saved_visit(site)
    phone = phone_at(site, wire, visit)
    phone.route(
        "**/js/keeping.js",
        lambda route: route.fulfill(body="export const keepVisit = async () => false;", content_type="text/javascript"),
    )
    phone.goto(f"/visits/{visit.id}/form#s-arrival")
    expect(phone.locator("form#visit")).to_have_attribute("data-ready", "plain")
    phone.locator("#q-people").fill("7")
    wire.lose_answers = 10
    with pytest.raises(Error, match="ERR_"), phone.expect_navigation():
        phone.locator('button[value="save:arrival"]').click()
    wire.lose_answers = 0
    another = site.page(cast.SAM, base_url=wire.address)
    another.goto(f"/visits/{visit.id}/form#s-arrival")
    expect(another.locator("#q-people")).to_have_value("7")


def test_nothing_jumps_when_the_scripts_come_late(site: Site, wire: Wire) -> None:
    visit = saved_visit(site)
    phone = phone_at(site, wire, visit)
    phone.add_init_script(SHIFTS)
    line = phone.context.new_cdp_session(phone)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_LINE)
    phone.goto(f"/visits/{visit.id}/form", wait_until="commit")
    expect(phone.get_by_role("button", name="Hide")).to_be_visible()
    phone.wait_for_timeout(200)
    assert phone.evaluate("self.shifted") == 0


def test_nothing_jumps_on_the_list_when_it_says_that_it_opens_without_a_network(site: Site, wire: Wire) -> None:
    for _ in range(2):
        site.installation.assign("welcome")
    phone = site.page(cast.SAM, base_url=wire.address)
    phone.add_init_script(SHIFTS)
    phone.goto("/")
    for place in phone.locator("[data-part=offline]").all():
        expect(place).to_have_text("On this phone: opens without a network")
    phone.wait_for_timeout(200)
    assert phone.evaluate("self.shifted") == 0


@pytest.mark.parametrize("locale", ["en-GB", "ar"])
@pytest.mark.parametrize("checklist", [VISIT24, SIX_SECRETS, WELCOME], ids=lambda file: file.stem)
def test_the_first_screen_stands_where_it_will_stand_before_the_rest_of_the_looks_is_there(
    site: Site, checklist: Path, locale: str
) -> None:
    site.installation.publish(checklist)
    visit = site.installation.begin(site.installation.assign(checklist.stem))
    phone = site.page(cast.SAM, java_script_enabled=False, locale=locale)
    phone.goto(f"/visits/{visit.id}/form")
    whole = places_on_the_first_screen(phone)
    phone.route("**/css/phone.css", lambda route: route.abort())
    phone.reload()
    assert places_on_the_first_screen(phone) == whole
    assert len(whole) > 20
    assert phone.evaluate("getComputedStyle(document.querySelector('.button.quiet')).borderTopWidth") == "2px"


def places_on_the_first_screen(page: Page) -> list[list[object]]:
    """What can be seen there without scrolling: its kind, and where its corner is, in pixels."""
    return page.evaluate(CORNERS)  # type: ignore[no-any-return]


def saved_visit(site: Site) -> Visit:
    """A draft of Sam's with everything answered."""
    visit = site.installation.begin(site.installation.assign("welcome"))
    message = Submission(new_id(), visit.id, "phone", 1, "welcome", visit.version, answers=GOOD)
    return save_draft(site.installation.store, cast.SAM, message, canonical(message.to_tree()), now())


def phone_at(site: Site, wire: Wire, visit: Visit) -> Page:
    """Sam's phone at the other end of the wire, about to send; its line to the server has been used before."""
    phone = site.page(cast.SAM, base_url=wire.address)
    phone.goto(f"/visits/{visit.id}/check")
    return phone


def assert_arrived_once(site: Site, visit: Visit) -> None:
    store = site.installation.store
    outcomes = [message.outcome for message in store.submissions.of_visit(visit.id)]
    assert outcomes == ["draft", "submitted"]
    kept = store.visits.find(visit.id)
    assert kept.state is VisitState.SUBMITTED
    assert [flag.value for flag in kept.flags] == ["no_enter_mark"]
    assert store.submissions.conflicts_of(visit.id) == []
