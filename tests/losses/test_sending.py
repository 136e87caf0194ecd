"""What is lost on the way: answers that do not come back, servers that die, lines that are cut, photos left behind."""

from __future__ import annotations

from playwright.sync_api import expect

from tests import cast
from tests.losses.conftest import Shop, says
from tests.losses.phone import NO_WORKER, saved
from tests.losses.wire import AFTER, BEFORE, DRAFT, HANG, STATUS, SUBMISSION
from tests.waiting import wait_until
from tests.world import GOOD


def test_an_answer_that_was_lost_on_the_way_back_brings_no_second_visit(shop: Shop) -> None:
    visit = shop.visit(**GOOD)
    lost = shop.wire.lose("PUT", SUBMISSION, AFTER, times=4)
    page = shop.queue(visit)
    wait_until(lost.met.is_set)
    shop.wire.heal()
    page.evaluate("dispatchEvent(new Event('online'))")
    says(page, "Received at")
    shop.must_arrive_once(visit)
    bodies = {call.body for call in shop.wire.made("PUT", SUBMISSION)}
    assert len(bodies) == 1, "every try sends the same bytes"
    assert shop.phone.rows("outbox") == []


def test_a_copy_of_a_draft_that_found_no_network_is_brought_when_there_is_one_though_nothing_more_is_typed(
    shop: Shop,
) -> None:
    visit = shop.visit()
    page = shop.phone.walk(visit, "#s-arrival")
    page.context.set_offline(True)
    page.locator('[name="q-people"]').fill("7")
    saved(page)
    page.wait_for_timeout(3_000)  # within which the copy would have gone
    page.context.set_offline(False)
    wait_until(lambda: "people" in shop.found(visit).answers, seconds=6)


def test_a_copy_of_a_draft_that_a_busy_server_did_not_take_is_brought_by_the_next_look(shop: Shop) -> None:
    visit = shop.visit()
    page = shop.phone.walk(visit, "#s-arrival")
    refused = shop.wire.lose("PUT", DRAFT, STATUS, times=50)
    page.locator('[name="q-people"]').fill("7")
    wait_until(refused.met.is_set)
    shop.wire.heal()

    def looked() -> bool:
        page.evaluate("dispatchEvent(new Event('online'))")
        return "people" in shop.found(visit).answers

    wait_until(looked)


def test_another_shopper_on_the_same_phone_sends_nothing_of_sams(shop: Shop) -> None:
    assert shop.phone.context is not None
    shop.phone.context.add_init_script(NO_WORKER)  # nobody but this page sends
    visit = shop.visit(**GOOD)
    shop.wire.lose("PUT", SUBMISSION, BEFORE, times=20)
    page = shop.queue(visit)
    wait_until(lambda: shop.wire.made("PUT", SUBMISSION))
    wait_until(lambda: shop.phone.rows("outbox")[0]["tries"])
    shop.phone.sign_in(shop.token(cast.OTTO_SHOPPER))
    shop.wire.heal()
    shop.wire.calls.clear()
    page.evaluate("dispatchEvent(new Event('online'))")
    says(page, "somebody else is signed in")
    assert shop.wire.made("PUT", SUBMISSION) == []
    assert len(shop.phone.rows("outbox")) == 1
    shop.phone.sign_in(shop.token(cast.SAM))
    page.evaluate("dispatchEvent(new Event('online'))")
    says(page, "Received at")
    shop.must_arrive_once(visit)


def test_killed_while_it_sends_the_phone_still_has_the_visit(shop: Shop) -> None:
    visit = shop.visit(**GOOD)
    hanging = shop.wire.lose("PUT", SUBMISSION, HANG, times=1)
    shop.queue(visit)
    wait_until(hanging.met.is_set)
    shop.phone.kill()
    shop.wire.heal()
    page = shop.phone.open()
    page.goto("/")
    shop.must_arrive_once(visit)
    expect(page.locator("#outbox")).to_contain_text("Received at")
    assert shop.phone.rows("outbox") == []


def test_the_browsers_own_second_try_brings_no_second_visit(shop: Shop) -> None:
    visit = shop.visit(**GOOD)
    shop.wire.lose("PUT", SUBMISSION, AFTER)
    page = shop.queue(visit)
    says(page, "Received at")
    assert len(shop.wire.made("PUT", SUBMISSION)) == 2
    shop.must_arrive_once(visit)


def test_the_server_is_killed_between_storing_and_answering(shop: Shop) -> None:
    visit = shop.visit(**GOOD)
    dying = shop.wire.lose("PUT", SUBMISSION, AFTER, then=shop.server.kill)
    page = shop.queue(visit)
    wait_until(dying.met.is_set)
    wait_until(lambda: shop.phone.rows("outbox")[0]["tries"])
    shop.server.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    says(page, "Received at")
    shop.must_arrive_once(visit)
    assert shop.phone.rows("outbox") == []
