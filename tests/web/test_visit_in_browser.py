"""The visit in a real browser, phone-sized: by script, by keyboard, at 320 px and 200 %, under the headers, by axe."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect
from werkzeug.serving import make_server

from audit.domain.checklist.model import Answer
from tests import browsers, cast
from tests.waiting import wait_until
from tests.web.office import Office, open_office
from tests.web.walking import Walk, begin_walk, picture

pytestmark = pytest.mark.journey

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    if browsers.chromium_path() is None:
        pytest.skip("no Chromium was found; bin/test installs one")
    with browsers.chromium(playwright.chromium) as browser:
        yield browser


@pytest.fixture
def office(tmp_path: Any) -> Iterator[Office]:
    server = make_server("127.0.0.1", 0, lambda environ, start: office.app(environ, start), threaded=True)
    office = open_office(tmp_path, AUDIT_URL=f"http://127.0.0.1:{server.port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield office
    server.shutdown()
    thread.join()
    office.close()


@pytest.fixture
def walk(office: Office) -> Walk:
    return begin_walk(office)


class Phone:
    """Sam's phone: one page, and what its console complained about."""

    def __init__(self, chromium: Browser, walk: Walk, **settings: Any) -> None:
        self.walk, self.scripted = walk, True
        self.origin = walk.office.app.extensions["config"].url
        self.context = chromium.new_context(**{"viewport": PHONE, "reduced_motion": "reduce", **settings})
        cookie = walk.browser.get_cookie("candour")
        assert cookie
        self.context.add_cookies([{"name": "candour", "value": cookie.value, "url": self.origin}])
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda words: self.complaints.append(words.text) if words.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, address: str) -> Page:
        """The page, with the form in the phone's own hands if it is one."""
        self.page.goto(self.origin + address)
        if self.scripted and "/form" in self.page.url:
            self.page.wait_for_selector("form[data-ready=kept]")
        return self.page

    def press(self, do: str) -> None:
        self.page.click(f'button[value="{do}"]:visible')

    def copied(self, question: str) -> Answer:
        """What the server's copy of the draft holds, as soon as it is there."""
        return wait_until(lambda: self.walk.visit.answers.get(question))


@pytest.fixture
def phone(chromium: Browser, walk: Walk) -> Iterator[Phone]:
    phone = Phone(chromium, walk)
    yield phone
    phone.context.close()


def marks_with(page: Page, part: str) -> list[dict[str, Any]]:
    """The marks that the phone keeps, if any of them has this part."""
    kept: list[dict[str, Any]] = page.evaluate("Phone.reading(['mark'], (marks) => Phone.answerOf(marks.getAll()))")
    return kept if any(part in mark for mark in kept) else []


def must_be_at(page: Page, section: str) -> None:
    expect(page.locator(".step[aria-current]")).to_have_id(f"s-{section}")


def must_say(page: Page, progress: str) -> None:
    expect(page.locator(".progress [data-part=words]")).to_have_text(progress)


def test_sam_walks_section_by_section_and_sends(phone: Phone, walk: Walk) -> None:
    page = phone.open(walk.address("form"))
    must_be_at(page, "arrival")
    must_say(page, "Section 1 of 3 – 1 left")
    page.check("[name=q-greeted][value=yes]")
    must_say(page, "Section 1 of 3 – nothing left")
    expect(page.locator("[data-part=saved]")).to_have_text(re.compile(r"Saved on this phone \d\d:\d\d"))
    phone.press("save:arrival")
    must_be_at(page, "counter")
    page.check("[name=q-manner][value='3']")
    picture_file, name = picture()
    page.set_input_files("#q-shelf--photos", {"name": name, "mimeType": "image/jpeg", "buffer": picture_file.read()})
    expect(page.locator("[data-ask=shelf] .tray img")).to_be_visible()
    phone.press("save:counter")
    must_be_at(page, "closing")
    page.check("[name=q-customer_state][value=delighted]")
    page.fill("#q-narrative", "They were quick and kind.")
    phone.press("check")
    expect(page.locator("#check").get_by_text("You have not marked")).to_be_visible()
    page.click("[data-part=send]")
    expect(page.locator("#sent h1")).to_have_text(re.compile(r"Received at \d\d:\d\d, 1 photo"))
    expect(page.locator("#sent")).to_contain_text("Nothing more is asked of you. Thank you.")
    expect(page.locator("#sent").get_by_text("It sends itself")).to_be_hidden()
    assert walk.visit.answers["manner"].value == 3
    assert [words for words in phone.complaints if "424" not in words] == [], "but that a photo was asked for"


def test_whoever_marked_coming_and_going_is_not_reminded_of_it(phone: Phone, walk: Walk) -> None:
    page = phone.open(walk.address("form"))
    reminder = page.locator("#check").get_by_text("You have not marked")
    for mark, reminded in (("enter", True), ("leave", False)):
        phone.press(f"mark:{mark}")
        expect(page.locator(f'button[value="unmark:{mark}"]')).to_be_visible()
        page.evaluate("document.getElementById('visit').requestSubmit(document.querySelector('button[value=check]'))")
        expect(page.locator("#check")).to_be_visible()
        expect(reminder).to_be_visible(visible=reminded)
        page.go_back()


def test_follow_ups_and_hidden_questions_come_and_go_without_the_server(phone: Phone, walk: Walk) -> None:
    page = phone.open(walk.address("form"))
    comment, queue = page.locator("#q-greeted--comment"), page.locator("[data-ask=queue]")
    expect(comment).to_be_hidden()
    page.check("[name=q-greeted][value=no]")
    expect(comment).to_be_visible()
    expect(page.locator("#q-greeted--photos")).to_be_visible()
    comment.fill("He slept.")
    page.check("[name=q-greeted][value=yes]")
    expect(comment, "words that were written stay in sight").to_be_visible()
    page.fill("#q-people", "2,5")
    expect(queue).to_be_hidden()
    page.fill("#q-people", "03")
    expect(queue).to_be_visible()
    must_say(page, "Section 1 of 3 – 1 left")


def test_going_on_needs_no_network(phone: Phone, walk: Walk) -> None:
    page = phone.open(walk.address("form"))
    phone.context.set_offline(True)
    page.check("[name=q-greeted][value=yes]")
    page.click('button[value="save:arrival"]')
    must_be_at(page, "counter")
    page.click("#s-counter [data-part=back]")
    must_be_at(page, "arrival")
    page.go_back()
    page.wait_for_selector("#s-counter[aria-current]")


def test_what_another_device_wrote_meanwhile_comes_in_with_the_next_copy(phone: Phone, walk: Walk) -> None:
    page = phone.open(walk.address("form"))
    page.check("[name=q-greeted][value=yes]")
    phone.copied("greeted")
    walk.post("save", greeted="yes", words="From the tablet")
    page.fill("#q-people", "2")
    phone.copied("people")
    expect(page.locator("#q-words")).to_have_value("From the tablet")
    assert walk.visit.answers["words"].value == "From the tablet"


def test_next_unanswered_goes_round_the_whole_visit(phone: Phone, walk: Walk) -> None:
    page = phone.open(walk.address("form") + "#s-counter")
    page.click("[data-part=next-open]")
    must_be_at(page, "closing")
    page.click("[data-part=next-open]")
    must_be_at(page, "arrival")
    expect(page.locator("#q-greeted")).to_be_focused()


def test_a_mistake_opens_its_section_with_the_summary_in_focus_and_its_link_leads_there(
    phone: Phone, walk: Walk
) -> None:
    walk.post("save", people="a few")
    phone.page.route("**/js/keeping.js", lambda route: route.abort())
    phone.scripted = False
    page = phone.open(walk.address("form") + "#s-closing")
    page.wait_for_selector("form[data-ready=plain]")
    page.fill("#q-narrative", "Kept.")
    page.evaluate("location.hash = 's-arrival'")
    with page.expect_navigation():
        phone.press("save:arrival")
    expect(page.locator(".summary")).to_be_focused()
    must_be_at(page, "arrival")
    page.click(".summary a")
    expect(page.locator("#q-people")).to_be_focused()
    expect(page.locator("#q-people")).to_have_value("a few")


def test_a_position_is_added_only_if_it_was_ticked(chromium: Browser, walk: Walk) -> None:
    place = {"latitude": 47.5, "longitude": 8.72, "accuracy": 14}
    phone = Phone(chromium, walk, geolocation=place, permissions=["geolocation"])
    page = phone.open(walk.address("form"))
    phone.press("mark:enter")
    page.click("text=With your position?")
    page.check("[name=offer]")
    phone.press("mark:served")
    expect(page.locator(".pair div:has([value='mark:served']) .mark")).to_have_text(re.compile(r"Served \d\d:\d\d"))
    phone.press("mark:leave")
    expect(page.locator(".pair div:has([value='mark:leave']) .mark")).to_have_text(re.compile(r"Left \d\d:\d\d"))
    enter, leave, served = wait_until(lambda: marks_with(page, "position"))
    assert "position" not in enter
    assert not {"position", "refused"} & set(served), "a place belongs to coming and going"
    assert leave["position"] == {"latitude": 47.5, "longitude": 8.72, "accuracy_m": 14}
    phone.context.close()


def test_a_position_that_the_phone_refuses_marks_the_moment_all_the_same(phone: Phone, walk: Walk) -> None:
    page = phone.open(walk.address("form"))
    page.click("text=With your position?")
    page.check("[name=offer]")
    phone.press("mark:enter")
    (enter,) = wait_until(lambda: marks_with(page, "refused"))
    assert enter["refused"] == "position not allowed on this phone"
    assert "position" not in enter


def test_the_whole_first_section_can_be_answered_by_keyboard(phone: Phone, walk: Walk) -> None:
    page = phone.open(walk.address("form"))
    page.focus("#q-greeted")
    page.keyboard.press("Space")
    page.focus("#q-people")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    must_be_at(page, "counter")
    assert phone.copied("people").value == "4"
    assert walk.visit.answers["greeted"].value == "yes"
    assert not marks_with(page, "name"), "Enter goes on; it never marks a moment"


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (320, "34px"),
        *(pytest.param(*size, marks=pytest.mark.soak) for size in ((320, "17px"), (360, "34px"))),
    ],
)
def test_nothing_scrolls_sideways(chromium: Browser, walk: Walk, width: int, text: str) -> None:
    phone = Phone(chromium, walk, viewport={"width": width, "height": 640})
    walk.post("save", greeted="no", people="9", shelf__photos=[picture()])
    for address in ("/", f"/assignments/{walk.visit.assignment_id}", *map(walk.address, ("form", "check", "stop"))):
        page = phone.open(address)
        for step in page.locator(".step:not([hidden])").all() or [None]:
            if step:
                page.evaluate("id => { location.hash = id }", step.get_attribute("id"))
            page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    phone.context.close()


@pytest.mark.parametrize(
    "settings",
    [
        {},
        pytest.param({"color_scheme": "dark"}, marks=pytest.mark.soak),
        pytest.param({"java_script_enabled": False}, marks=pytest.mark.soak),
    ],
    ids=["light", "dark", "plain"],
)
def test_axe_finds_nothing_wrong(chromium: Browser, walk: Walk, settings: dict[str, Any]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    walk.post("save", greeted="no", people="a few", shelf__photos=[picture()])
    scripted = settings.pop("java_script_enabled", True)
    phone = Phone(chromium, walk, **settings, bypass_csp=True)
    phone.scripted = scripted
    if not scripted:
        phone.page.route("**/*.js", lambda route: route.abort())
    for address in ("/", f"/assignments/{walk.visit.assignment_id}", *map(walk.address, ("form", "check", "stop"))):
        page = phone.open(address)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == [], address
    phone.context.close()


def test_every_target_is_large_enough_for_a_thumb(phone: Phone, walk: Walk) -> None:
    page = phone.open(walk.address("form"))
    heights = page.eval_on_selector_all(
        "main :is(button, .choice, input.box, textarea, summary):not([aria-hidden])",
        "all => all.filter(e => e.offsetParent).map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])",
    )
    assert heights
    assert [one for one in heights if one[1] < 44] == []


def test_a_stranger_on_the_same_phone_does_not_see_the_visit(chromium: Browser, office: Office, walk: Walk) -> None:
    walk.browser = office.browser(cast.OTTO_SHOPPER)
    phone = Phone(chromium, walk)
    phone.scripted = False
    assert "There is no such page" in phone.open(walk.address("form")).inner_text("main")
    phone.context.close()
