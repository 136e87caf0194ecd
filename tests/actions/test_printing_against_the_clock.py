"""A clock that was set back keeps nothing waiting, and has nothing printed over and over."""

from __future__ import annotations

from itertools import islice

from audit.actions.printing import PrintShop, ask_for_paper, print_next
from audit.storage.editions import READY
from tests.actions.ink import OF_N01, OF_N02, OF_NORTH, PACK, press_of, print_all, state_of
from tests.web.office import Office


def test_a_clock_that_was_set_back_keeps_no_report_waiting_until_it_has_caught_up(
    office: Office, shop: PrintShop
) -> None:
    office.published()
    ask_for_paper(office.store, OF_N02, office.clock())
    waiting = {order.paper for order in map(office.store.orders.of, (OF_N01, OF_N02, OF_NORTH)) if order}
    office.clock.go_on(hours=-2)
    assert office.store.orders.is_any_due(office.clock())
    assert waiting <= set(print_all(shop, office))
    assert not office.store.orders.is_any_due(office.clock())


def test_who_asks_after_the_clock_was_set_back_comes_before_who_asked_later(office: Office, shop: PrintShop) -> None:
    ask_for_paper(office.store, OF_N01, office.clock())
    office.clock.go_on(hours=-2)
    ask_for_paper(office.store, OF_N01, office.clock())
    office.clock.go_on(minutes=1)
    ask_for_paper(office.store, OF_N02, office.clock())
    assert print_all(shop, office) == [OF_N01, OF_N02]


def test_what_a_killed_process_was_printing_before_the_clock_was_set_back_is_printed_by_the_next_who_asks(
    office: Office, shop: PrintShop
) -> None:
    ask_for_paper(office.store, OF_N01, office.clock())
    with office.store.transaction():
        office.store.orders.take(office.clock())
    office.clock.go_on(hours=-2)
    ask_for_paper(office.store, OF_N01, office.clock())
    assert print_all(shop, office) == [OF_N01]


def test_a_part_that_fails_after_the_clock_was_set_back_is_not_printed_over_and_over(
    office: Office, shop: PrintShop
) -> None:
    ask_for_paper(office.store, PACK, office.clock())
    office.clock.go_on(hours=-2)
    press_of(shop).broken = True
    done = list(islice(iter(lambda: print_next(shop, office.clock()), None), 20))
    assert [order.paper for order in done if order][-1] == PACK
    assert state_of(office, PACK) == READY
