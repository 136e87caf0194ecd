"""The phone without a network: the server is not there at all, and nothing that was written is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from audit.actions.importing import import_visit_file
from audit.domain.visit import VisitState
from tests import cast
from tests.browsers import until
from tests.journeys.looking import wrongs_of
from tests.journeys.shops import (
    READY,
    SHIFTS,
    Shop,
    answer_all,
    fetch_the_list,
    open_visit,
    phone_with_the_list,
    saved,
    send,
    told,
)
from tests.journeys.shops import shop as shop
from tests.journeys.walking import photo
from tests.served import now


def test_a_visit_is_made_from_the_list_to_the_outbox_without_a_network_and_arrives_once(shop: Shop) -> None:
    page = phone_with_the_list(shop)
    shop.shut()
    open_visit(page)
    page.click('button[value="mark:enter"]')
    answer_all(page)
    send(page)
    told(page, "Waiting to send")
    page.goto("/")
    expect(page.locator("#outbox")).to_contain_text("Waiting to send")
    shop.open()
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("#outbox")).to_contain_text(re.compile(r"Received at \d\d:\d\d"))
    visit = shop.visit()
    assert (visit.state, visit.flags) == (VisitState.SUBMITTED, ())
    assert visit.answers["narrative"].value == "They were quick and kind."
    assert [kept.outcome for kept in shop.installation.store.submissions.of_visit(visit.id)] == ["submitted"]
    page.goto(f"/visits/{visit.id}/form")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Received at"))


@pytest.mark.soak
def test_what_was_typed_stands_there_again_after_a_reload_and_on_another_phone(shop: Shop) -> None:
    page = phone_with_the_list(shop)
    open_visit(page)
    page.locator('input[name="q-greeted"][value="no"]').check()
    page.fill("#q-greeted--comment", "She slept.")
    saved(page)
    page.reload()
    page.wait_for_selector(READY)
    expect(page.locator("#q-greeted--comment")).to_have_value("She slept.")
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.url.endswith("/draft")):
        page.fill("#q-people", "7")
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.url.endswith("/draft")):
        page.fill("#q-people", "")
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.url.endswith("/draft")):
        page.locator('input[name="q-greeted"][value="no"]').check()
        page.locator('input[name="q-greeted--facts"]').check()
    other = shop.phone()
    other.goto(f"/visits/{shop.visit().id}/form")
    other.wait_for_selector(READY)
    expect(other.locator("#q-greeted--comment")).to_have_value("She slept.")
    expect(other.locator("#q-people")).to_have_value("")
    expect(other.locator('input[name="q-greeted--facts"]')).to_be_checked()


@pytest.mark.soak
def test_a_photo_taken_without_a_network_arrives_with_its_visit(shop: Shop) -> None:
    page = phone_with_the_list(shop)
    shop.shut()
    open_visit(page)
    answer_all(page)
    page.evaluate("history.back()")
    page.evaluate("location.hash = 's-counter'")
    page.locator('input[name="q-front--photos"], input[type=file]').last.set_input_files([photo()])
    expect(page.get_by_role("img", name="Photo 1")).to_be_visible()
    page.reload()
    page.wait_for_selector(READY)
    page.goto(re.sub("#.*", "", page.url) + "#s-closing")
    page.get_by_role("button", name="Check your answers").click()
    send(page)
    told(page, "Waiting to send")
    shop.open()
    page.evaluate("dispatchEvent(new Event('online'))")
    told(page, "Received at")
    assert len(shop.visit().photos) == 1
    assert shop.visit().flags == ("no_enter_mark",)


@pytest.mark.soak
def test_stop_and_leave_needs_no_network(shop: Shop) -> None:
    page = phone_with_the_list(shop)
    shop.shut()
    open_visit(page)
    page.get_by_role("button", name="Stop and leave").first.click()
    page.get_by_label("What happened?").fill("Somebody recognised me.")
    page.get_by_role("button", name="Stop the visit").click()
    told(page, "Waiting to send")
    shop.open()
    page.evaluate("dispatchEvent(new Event('online'))")
    told(page, "The visit is stopped")
    expect(page.get_by_text("It was right to stop.")).to_be_visible()
    assert (shop.visit().state, shop.visit().stopped_reason) == (VisitState.STOPPED, "Somebody recognised me.")


@pytest.mark.soak
def test_another_shopper_on_the_same_phone_does_not_send_what_sam_wrote(shop: Shop) -> None:
    page = phone_with_the_list(shop)
    shop.shut()
    open_visit(page)
    answer_all(page)
    send(page)
    told(page, "Waiting to send")
    shop.open()
    shop.sign_in(page.context, cast.OTTO_SHOPPER)
    page.evaluate("dispatchEvent(new Event('online'))")
    told(page, "somebody else is signed in")
    assert shop.visit().state is VisitState.DRAFT
    shop.sign_in(page.context, cast.SAM)
    page.evaluate("dispatchEvent(new Event('online'))")
    told(page, "Received at")


@pytest.mark.soak
def test_a_sign_in_that_expired_meanwhile_loses_nothing(shop: Shop) -> None:
    page = phone_with_the_list(shop)
    open_visit(page)
    answer_all(page)
    page.wait_for_load_state("networkidle")  # an answer that is on its way would bring the cookie back
    page.context.clear_cookies()
    send(page)
    told(page, "please sign in again")
    shop.sign_in(page.context, cast.SAM)
    page.goto("/")
    expect(page.locator("#outbox")).to_contain_text("Received at")


@pytest.mark.soak
def test_signing_out_takes_the_pages_along_but_never_the_outbox(shop: Shop) -> None:
    page = phone_with_the_list(shop)
    open_visit(page)
    shop.shut()
    answer_all(page)
    send(page)
    told(page, "Waiting to send")
    shop.open()
    page.context.route("**/visits/*/submission", lambda route: route.abort())
    page.goto("/devices")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page).to_have_url(re.compile("/sign-in"))
    assert not page.evaluate("caches.has('pages')")
    shop.sign_in(page.context, cast.SAM)
    page.context.unroute_all()
    page.goto("/")
    page.evaluate("dispatchEvent(new Event('online'))")  # no button: it may be on its way by itself
    expect(page.locator("#outbox")).to_contain_text("Received at")


@pytest.mark.soak
def test_what_the_office_did_not_take_is_saved_as_a_file_and_taken_in_by_hand(shop: Shop) -> None:
    page = phone_with_the_list(shop)
    open_visit(page)
    answer_all(page)
    page.context.route("**/visits/*/submission", lambda route: route.fulfill(status=422, body="{}"))
    send(page)
    told(page, "needs attention")
    page.goto("/")
    expect(page.locator("#outbox")).to_contain_text("Needs attention")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as a file").click()
    import_visit_file(shop.installation.store, cast.ADA, saving.value.path().read_bytes(), now())
    assert shop.visit().state is VisitState.SUBMITTED
    page.context.unroute_all()
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("#outbox")).to_contain_text("Received at")
    assert len(shop.installation.store.submissions.of_visit(shop.visit().id)) == 1


@pytest.mark.soak
def test_a_page_that_the_camera_closed_comes_back_at_its_question_with_a_clear_word(shop: Shop) -> None:
    page = phone_with_the_list(shop)
    open_visit(page)
    page.evaluate("location.hash = 's-counter'")
    with page.expect_file_chooser():
        page.locator("#q-shelf").click()
    # A camera takes longer to open than the phone to note it.
    until(page, "Phone.reading(['meta'], (meta) => Phone.answerOf(meta.get('camera')))")
    page.goto(f"/visits/{shop.visit().id}/form")
    expect(page.locator('[data-ask="shelf"]')).to_contain_text("closed this page while the camera was open")
    expect(page.locator("#q-shelf")).to_be_in_viewport()
    page.reload()
    page.wait_for_selector(READY)
    expect(page.locator('[data-ask="shelf"]')).not_to_contain_text("camera was open")


@pytest.mark.soak
def test_a_watch_runs_on_through_a_reload(shop: Shop) -> None:
    shop.installation.publish(Path(__file__).parent.parent / "samples" / "watch.yaml")
    shop.installation.assign("watch")
    page = shop.phone()
    fetch_the_list(page)
    shop.shut()
    open_visit(page)
    page.clock.install()
    page.get_by_role("button", name="Came in").click()
    for _ in ("before", "after the reload"):
        expect(page.get_by_role("button", name=re.compile("Came in"))).to_have_attribute("aria-disabled", "true")
        page.reload()
        page.wait_for_selector(READY)
    page.locator("[value='stamp:wait:stop']").click()
    expect(page.locator("#q-wait")).to_have_value(re.compile(r"\d"))


@pytest.mark.soak
def test_every_state_of_the_phone_is_within_everybodys_reach_and_nothing_jumps(shop: Shop) -> None:
    page = phone_with_the_list(shop)
    page.add_init_script(SHIFTS)
    open_visit(page)
    page.wait_for_timeout(300)
    assert page.evaluate("self.shifted") == 0
    page.get_by_role("button", name="Hide").click()
    assert not wrongs_of(page), "quiet"
    page.get_by_text("Milk").click()
    page.locator('input[name="q-greeted"][value="no"]').check()
    page.get_by_role("link", name="All sections").or_(page.get_by_text("All sections")).first.click()
    page.evaluate("location.hash = 's-closing'")
    page.get_by_role("button", name="Check your answers").click()
    assert not wrongs_of(page), "checking, with something open"
    page.get_by_role("link", name="Back to the form").click()
    page.get_by_role("button", name="Stop and leave").first.click()
    assert not wrongs_of(page), "stopping"
    shop.shut()
    page.get_by_role("button", name="Stop the visit").click()
    told(page, "Waiting to send")
    assert not wrongs_of(page), "waiting"
    page.goto("/")
    expect(page.locator("#outbox")).to_be_visible()
    assert not wrongs_of(page), "the list with something waiting"


@pytest.mark.soak
def test_one_tap_hides_the_visit_and_one_tap_brings_it_back(shop: Shop) -> None:
    page = phone_with_the_list(shop)
    open_visit(page)
    page.get_by_role("button", name="Hide").click()
    expect(page.get_by_text("Milk")).to_be_visible()
    expect(page.get_by_role("heading", name="Mill Lane")).to_be_hidden()
    page.get_by_text("Milk").click()
    expect(page.get_by_role("heading", name="Mill Lane")).to_be_visible()
    expect(page.get_by_text("Milk")).to_be_hidden()
