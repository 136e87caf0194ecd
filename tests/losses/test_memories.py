"""What is lost to memories: a phone's that never answers, a server's that is older than what it was told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from playwright.sync_api import expect

from audit.storage.connections import sqlite3
from tests.losses.conftest import Shop
from tests.losses.phone import NO_WORKER
from tests.losses.troubles import PEOPLE, kept, with_scripts
from tests.waiting import wait_until

NEVER_OPENS = "IDBFactory.prototype.open = () => ({});"
LONG_AGO = "2026-11-01T12:00:00.000Z"  # a moment that nobody takes back any more


def test_a_phone_whose_memory_never_answers_leaves_it_to_the_server_and_says_so(shop: Shop) -> None:
    visit = shop.visit()
    page = with_scripts(shop.phone, NO_WORKER, NEVER_OPENS)
    page.clock.install()
    page.goto(f"/visits/{visit}/form#s-arrival")
    page.locator(PEOPLE).fill("7")
    page.locator('button[value="save:arrival"]').click()
    page.clock.fast_forward(15_000)
    wait_until(lambda: "people" in shop.found(visit).answers)
    expect(page.locator('[name="q-listened"]').first).to_be_visible()
    page.clock.fast_forward(15_000)
    expect(page.locator("[data-part=saved]")).to_contain_text("cannot keep what you write")


def test_what_a_phone_cannot_keep_stays_on_the_screen_where_there_is_no_network(shop: Shop) -> None:
    visit = shop.visit()
    page = with_scripts(shop.phone, NO_WORKER, NEVER_OPENS)
    page.clock.install()
    page.goto(f"/visits/{visit}/form#s-arrival")
    page.clock.fast_forward(15_000)
    expect(page.locator("[data-part=saved]")).to_contain_text("cannot keep what you write")
    expect(page.locator("form#visit")).to_have_attribute("data-ready", "plain")
    page.locator(PEOPLE).fill("7")
    page.context.set_offline(True)
    page.locator('button[value="save:arrival"]').click()
    expect(page.locator("[data-part=saved]")).to_contain_text("needs a network")
    expect(page.locator(PEOPLE)).to_have_value("7")
    page.context.set_offline(False)
    page.reload()
    expect(page.locator(PEOPLE)).to_have_value("7")
    page.locator('button[value="save:arrival"]').click()
    page.clock.fast_forward(15_000)
    wait_until(lambda: "people" in shop.found(visit).answers)


def test_a_server_that_was_restored_from_an_older_archive_takes_back_no_word_that_the_phone_still_has(
    shop: Shop,
) -> None:
    visit = shop.visit()
    page = shop.phone.walk(visit, "#s-arrival")
    page.locator(PEOPLE).fill("7")
    wait_until(lambda: "people" in shop.found(visit).answers)
    with archived(shop):
        shop.phone.put("mark", {"draft": visit, "name": "enter", "at": LONG_AGO})
        page.locator(PEOPLE).fill("12")
        page.locator('[name="q-greeted"][value="yes"]').check()
        wait_until(lambda: "greeted" in shop.found(visit).answers)
        wait_until(lambda: shop.phone.rows("mark")[0].get("known"))
        page.goto("about:blank")
    assert set(shop.found(visit).answers) == {"people"}
    shop.phone.walk(visit, "#s-arrival", page)
    wait_until(lambda: "greeted" in shop.found(visit).answers)
    wait_until(lambda: not [row for row in shop.phone.rows("answer") if row["fresh"]])
    assert shop.found(visit).answers["people"].value == "12"
    assert [mark.name for mark in shop.found(visit).marks] == ["enter"]
    assert shop.found(visit).flags == ()
    assert kept(shop, visit) == {"people": {"value": "12"}, "greeted": {"value": "yes"}}
    expect(page.locator(PEOPLE)).to_have_value("12")


@contextmanager
def archived(shop: Shop) -> Iterator[None]:
    """What the server is told within the block it does not know afterwards: its database is that of before."""
    place = shop.installation.folder / "candour.sqlite"
    with closing(sqlite3.connect(shop.folder / "archive.sqlite")) as archive, closing(sqlite3.connect(place)) as now:
        now.backup(archive)
        yield
        shop.server.kill()
        archive.backup(now)
    shop.server.must_run()
