"""What is lost when there is no room on the phone, at the moments at which a shopper counts on it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.losses.conftest import Shop, check, says
from tests.losses.troubles import fill_up, limit_room
from tests.world import GOOD

LINE = "[data-part=saved]"


def test_a_visit_that_finds_no_room_in_the_outbox_says_so_and_is_sent_once_there_is(shop: Shop) -> None:
    page = shop.phone.page
    limit_room(shop, page, 400_000)
    visit = shop.visit(**{**GOOD, "narrative": "Word. " * 1600})
    shop.phone.walk(visit)
    check(page)
    fill_up(page)
    page.get_by_role("button", name="Send the visit").click()
    expect(page.locator(LINE)).to_contain_text("this phone is full")
    expect(page.locator(LINE)).to_be_in_viewport()
    assert shop.phone.rows("outbox") == []
    limit_room(shop, page, 50_000_000)
    check(page)
    page.get_by_role("button", name="Send the visit").click()
    says(page, "Received at")
    shop.must_arrive_once(visit)


def test_a_moment_that_finds_no_room_is_told_and_can_be_marked_again(shop: Shop) -> None:
    page = shop.phone.page
    limit_room(shop, page, 400_000)
    visit = shop.visit()
    shop.phone.walk(visit)
    page.locator("[name=refused]").evaluate("(box) => { box.value = 'Why not. '.repeat(55) }")
    fill_up(page)
    page.locator("button[value='mark:enter']").click()
    expect(page.locator(LINE)).to_contain_text("this phone is full")
    assert shop.phone.rows("mark") == []
    limit_room(shop, page, 50_000_000)
    page.locator("button[value='mark:enter']").click()
    expect(page.locator("button[value='unmark:enter']")).to_be_visible()
    assert [mark["name"] for mark in shop.phone.rows("mark")] == ["enter"]
