"""What is lost to whoever answers in the server's name: the page of a hotel's network, a proxy whose server is gone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from audit.domain.visit import VisitState
from tests.losses.conftest import Shop, says
from tests.losses.phone import NO_WORKER, ready
from tests.losses.troubles import PEOPLE, with_scripts
from tests.losses.wire import DRAFT, STATUS
from tests.waiting import wait_until

STOP = r"/visits/[^/]+/stop"
ON_THE_PHONE = "On this phone: opens without a network"


def test_a_copy_that_a_stranger_took_in_the_servers_name_is_brought_again(shop: Shop) -> None:
    page = with_scripts(shop.phone, NO_WORKER)
    visit = shop.visit()
    shop.phone.walk(visit, "#s-arrival", page)
    stranger = shop.wire.lose("PUT", DRAFT, STATUS, times=50, status=200)
    page.locator(PEOPLE).fill("7")
    wait_until(stranger.met.is_set)
    page.wait_for_timeout(500)
    shop.wire.heal()
    page.reload()
    expect(ready(page).locator(PEOPLE)).to_have_value("7")
    wait_until(lambda: "people" in shop.found(visit).answers)
    expect(page.locator(PEOPLE)).to_have_value("7")


def test_a_visit_is_stopped_only_where_the_server_says_so(shop: Shop) -> None:
    page = with_scripts(shop.phone, NO_WORKER)
    visit = shop.visit()
    shop.phone.walk(visit, page=page)
    stranger = shop.wire.lose("POST", STOP, STATUS, times=50, status=200)
    page.get_by_role("button", name="Stop and leave").first.click()
    page.get_by_role("button", name="Stop the visit").click()
    wait_until(stranger.met.is_set)
    wait_until(lambda: shop.phone.rows("outbox")[0]["tries"])
    says(page, "Waiting to send")
    shop.wire.heal()
    page.evaluate("dispatchEvent(new Event('online'))")
    says(page, "The visit is stopped")
    assert shop.found(visit).state is VisitState.STOPPED


def test_where_the_server_is_gone_behind_its_door_the_list_is_that_of_the_phone(shop: Shop) -> None:
    visit = shop.visit()
    page = shop.phone.page
    page.goto("/")
    place = page.locator(f'[data-visit="{visit}"] [data-part=offline]')
    expect(place).to_have_text(ON_THE_PHONE)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    shop.wire.lose("GET", "/", STATUS, times=50, status=502)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your list")
    page.goto("/devices")
    shop.wire.lose("POST", "/sign-out", STATUS, times=50, status=502)
    page.get_by_role("button", name="Sign out", exact=True).click()
    wait_until(lambda: shop.wire.made("POST", "/sign-out"))
    page.wait_for_timeout(500)
    page.goto("/devices")
    assert page.evaluate("caches.has('pages')"), "nobody was signed out"


@pytest.mark.parametrize("status", [403, 429, 502])
def test_an_answer_that_says_nothing_of_a_visit_takes_its_copy_away_no_more_than_silence(
    shop: Shop, status: int
) -> None:
    visit = shop.visit()
    page = shop.phone.page
    page.goto("/")
    expect(page.locator(f'[data-visit="{visit}"] [data-part=offline]')).to_have_text(ON_THE_PHONE)
    refused = shop.wire.lose("GET", f"/visits/{visit}/form", STATUS, times=50, status=status)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    shop.phone.walk(visit)
    wait_until(refused.met.is_set)
    page.wait_for_timeout(300)
    shop.wire.down = True
    page.reload()
    ready(page)
