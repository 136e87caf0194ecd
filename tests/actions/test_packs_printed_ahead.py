"""The pack of an area that somebody asked for lately is put together anew ahead of whoever asks for it next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from audit.actions.printing import PACK_DELAY, PrintShop, print_now
from audit.storage.editions import AHEAD, LATELY, READY, Paper
from tests import cast
from tests.actions.ink import OF_N02, PACK, press_of, print_all, state_of
from tests.web.office import Office


def print_what_is_due(shop: PrintShop, office: Office) -> list[Paper]:
    office.clock.go_on(seconds=PACK_DELAY.total_seconds())
    return print_all(shop, office)


@pytest.fixture
def asked(office: Office, shop: PrintShop) -> str:
    """The pack of the north as somebody took it away a while ago: the key of its file."""
    office.published()
    office.published(branch=cast.N02)
    print_now(shop, PACK, office.clock())
    print_what_is_due(shop, office)
    return key_of(office)


def key_of(office: Office) -> str:
    order = office.store.orders.of(PACK)
    assert order is not None
    return order.key


def test_a_pack_asked_for_lately_is_there_whole_before_the_next_who_asks(
    office: Office, shop: PrintShop, asked: str
) -> None:
    office.published()
    print_what_is_due(shop, office)
    assert key_of(office) != asked
    count = len(press_of(shop).printed)
    for ending in (".zip", ".pdf"):
        assert shop.file_of(office.store.orders.of(PACK), ending) is not None
    print_now(shop, PACK, office.clock())
    assert len(press_of(shop).printed) == count


def test_reports_of_other_branches_that_a_visit_moved_are_printed_ahead_with_their_pack(
    office: Office, shop: PrintShop, asked: str
) -> None:
    with office.store.transaction():
        office.store.branches.save(replace(cast.N02, name="Called otherwise"))
        office.store.journal.write(None, "branch.changed", "N02", office.clock())
    office.published()
    assert OF_N02 in print_what_is_due(shop, office)


def test_the_files_of_a_pack_take_the_place_of_those_before(office: Office, shop: PrintShop, asked: str) -> None:
    office.published()
    print_what_is_due(shop, office)
    assert not [path for path in shop.drawer.folder.iterdir() if path.stem == asked]


def test_many_visits_published_in_a_row_are_one_pack(office: Office, shop: PrintShop, asked: str) -> None:
    for _ in range(3):
        office.published()
        office.clock.go_on(seconds=PACK_DELAY.total_seconds() / 4)
        assert PACK not in print_all(shop, office)
    assert PACK in print_what_is_due(shop, office)
    assert print_what_is_due(shop, office) == []


def test_a_pack_is_not_put_together_for_nobody(office: Office, shop: PrintShop) -> None:
    office.published()
    print_what_is_due(shop, office)
    assert office.store.orders.of(PACK) is None


def test_a_pack_nobody_asked_for_since_long_is_left_as_it_is(office: Office, shop: PrintShop) -> None:
    of_long = replace(PACK, last=date(2027, 12, 31))
    print_now(shop, of_long, office.clock())
    office.clock.go_on(days=LATELY.days + 1)
    office.published()
    assert of_long not in print_what_is_due(shop, office)


def test_a_pack_of_other_days_is_left_as_it_is(office: Office, shop: PrintShop, asked: str) -> None:
    office.clock.go_on(days=60)  # in another quarter
    office.published()
    assert PACK not in print_what_is_due(shop, office)
    assert state_of(office, PACK) == READY


def test_no_pack_waits_for_longer_than_a_clock_that_was_set_back() -> None:
    assert timedelta(0) < PACK_DELAY < AHEAD
