"""The print room begins and ends whatever holds it up: a disk that is full, a report that takes its time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from threading import Event, Thread

import pytest

from audit.actions.printing import PrintShop, open_shop, print_next
from audit.domain.errors import NoSpace, TooMany
from audit.formatting import ENGLISH
from audit.reports.paper import Sheet
from audit.reports.pdf import NotPrinted
from audit.storage.editions import FAILED, PRINTING, READY, WAITING, Order, OrderShelf, Paper
from audit.storage.turns import Turns
from audit.web import print_room
from audit.web.print_room import PrintRoom
from tests.actions.ink import Press
from tests.waiting import wait_until
from tests.web.office import Office

OF_N01 = Paper("branch", "N01", date(2026, 10, 1), date(2026, 12, 31), "en")
MOST_SECONDS = 60


@pytest.fixture
def room(office: Office) -> PrintRoom:
    shop = open_shop(office.store, lambda tag: ENGLISH, "https://audit.example")
    return PrintRoom(replace(shop, printer=Press(shop)), office.clock)  # type: ignore[arg-type]


def test_a_room_that_cannot_write_when_it_opens_prints_as_soon_as_it_can(
    office: Office, room: PrintRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office.store.transaction():
        office.store.orders.ask(OF_N01, office.clock())
        office.store.orders.take(office.clock())  # by a process that ended
    work, tried = OrderShelf.begin_again, Event()

    def full_at_first(shelf: OrderShelf) -> int:
        if not tried.is_set():
            tried.set()
            raise NoSpace("The disk is full.")
        return work(shelf)

    monkeypatch.setattr(OrderShelf, "begin_again", full_at_first)
    monkeypatch.setattr(print_room, "IDLE_SECONDS", 0.01)
    try:
        order = room.fetch(OF_N01, MOST_SECONDS)
        assert tried.is_set()
        assert order is not None
        assert order.state == READY
    finally:
        room.close()


@pytest.mark.parametrize("noted", ["finish", "fail", "wait"])
def test_a_report_whose_end_could_not_be_noted_on_a_full_disk_is_let_go_as_soon_as_there_is_space(
    office: Office, room: PrintRoom, monkeypatch: pytest.MonkeyPatch, noted: str
) -> None:
    work, tried = getattr(OrderShelf, noted), Event()

    def full_at_first(shelf: OrderShelf, *told: object) -> None:
        if not tried.is_set():
            tried.set()
            raise NoSpace("The disk is full.")
        work(shelf, *told)

    def does_not_print(sheet: Sheet, picture: Callable[[str], bytes]) -> bytes:
        if not tried.is_set():
            raise NotPrinted("The ink is out.") if noted == "fail" else TooMany("The press is full.")
        return press(sheet, picture)

    press = room.shop.printer.print_sheet
    monkeypatch.setattr(OrderShelf, noted, full_at_first)
    monkeypatch.setattr(print_room, "IDLE_SECONDS", 0.01)
    if noted != "finish":
        monkeypatch.setattr(room.shop.printer, "print_sheet", does_not_print)
    try:
        room.fetch(OF_N01, 0.01)
        assert tried.wait(MOST_SECONDS)
        wait_until(lambda: office.store.orders.find(OF_N01.id).state == (FAILED if noted == "fail" else READY))
        assert not room.shop.unnoted
    finally:
        room.close()


def test_a_page_whose_report_cannot_be_written_down_says_so_in_time_and_the_report_is_printed_later(
    office: Office, room: PrintRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_room, "WRITING_SECONDS", 0.01)
    room.open()
    try:
        with Turns(office.store.path).taken(MOST_SECONDS), pytest.raises(TooMany):
            room.fetch(OF_N01, MOST_SECONDS)
        wait_until(lambda: office.store.orders.of(OF_N01) is not None)
    finally:
        room.close()


def test_a_room_that_is_closed_does_not_wait_for_a_report_that_takes_its_time(
    office: Office, room: PrintRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office.store.transaction():
        office.store.orders.ask(OF_N01, office.clock())
    begun, may_end = Event(), Event()

    def held_up(shop: PrintShop, now: datetime) -> None:
        begun.set()
        may_end.wait()

    monkeypatch.setattr(print_room, "print_next", held_up)
    monkeypatch.setattr(print_room, "CLOSING_SECONDS", 0.01)
    room.open()
    closing = Thread(target=room.close, daemon=True)
    try:
        assert begun.wait(MOST_SECONDS)
        closing.start()
        closing.join(MOST_SECONDS)
        assert not closing.is_alive()
    finally:
        may_end.set()
        monkeypatch.setattr(print_room, "CLOSING_SECONDS", MOST_SECONDS)
        room.close()


def test_a_page_of_another_process_hears_of_what_the_printing_one_has_done(office: Office, room: PrintRoom) -> None:
    beside = PrintRoom(room.shop, office.clock)
    beside.open(prints=False)
    room.open()
    try:
        order = beside.fetch(OF_N01, MOST_SECONDS)
        assert order is not None
        assert order.state == READY
    finally:
        beside.close()
        room.close()


def test_a_room_that_does_not_print_leaves_what_waits_and_what_another_is_printing(
    office: Office, room: PrintRoom
) -> None:
    with office.store.transaction():
        office.store.orders.ask(OF_N01, office.clock())
        office.store.orders.take(office.clock())  # by the process that prints
    room.open(prints=False)
    try:
        assert room.fetch(replace(OF_N01, subject="N02"), 0.5) is None
        states = {id: office.store.orders.find(id).state for id in (OF_N01.id, replace(OF_N01, subject="N02").id)}
        assert list(states.values()) == [PRINTING, WAITING]
    finally:
        room.close()


@pytest.mark.parametrize(("changes", "printed"), [("its own visits", 2), ("those of another quarter", 1)])
def test_who_waits_for_a_report_is_handed_what_holds_though_something_changed_while_it_was_printed(
    office: Office, room: PrintRoom, monkeypatch: pytest.MonkeyPatch, changes: str, printed: int
) -> None:
    office.published()
    press, ended = room.shop.printer.print_sheet, list[Order]()

    def overtaken(sheet: Sheet, picture: Callable[[str], bytes]) -> bytes:
        if not ended:
            if changes != "its own visits":
                office.clock.go_on(days=60)
            office.published()
        return press(sheet, picture)

    def noted(shop: PrintShop, now: datetime) -> Order | None:
        done = print_next(shop, now)
        if done and done.paper == OF_N01:
            ended.append(done)
        return done

    monkeypatch.setattr(room.shop.printer, "print_sheet", overtaken)
    monkeypatch.setattr(print_room, "print_next", noted)
    try:
        order = room.fetch(OF_N01, MOST_SECONDS)
        assert order is not None
        assert len(ended) == printed
        assert order.key == ended[-1].key
        assert room.shop.file_of(office.store.orders.of(OF_N01)) is not None
    finally:
        room.close()


def test_what_changes_all_the_time_is_handed_out_after_a_few_tries(
    office: Office, room: PrintRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_room, "is_overtaken", lambda shop, order: order.state == READY)
    try:
        order = room.fetch(OF_N01, MOST_SECONDS)
        assert order is not None
        assert order.state == READY
    finally:
        room.close()
