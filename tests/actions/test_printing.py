"""Reports are printed ahead, kept and handed out again; what is to be printed outlives whoever was to print it."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from audit.actions import printing
from audit.actions.printing import VOLUME, PrintShop, ask_for_paper, print_next, print_now, revision_of
from audit.actions.verifying import plain_number, verify_edition
from audit.domain.errors import NotFound, TooMany
from audit.reports.pdf import NotPrinted, NotWhole
from audit.storage.editions import FAILED, PRINTING, READY, WAITING, Order, OrderShelf, Paper
from tests import cast
from tests.actions.ink import FIRST, LAST, OF_N01, OF_N02, press_of, print_all, state_of
from tests.web.office import Office


def test_publishing_a_visit_has_the_report_of_its_branch_printed_ahead(office: Office, shop: PrintShop) -> None:
    office.published()
    assert OF_N01 in print_all(shop, office)
    assert shop.file_of(office.store.orders.of(OF_N01)) is not None


def test_what_was_printed_is_handed_out_without_being_written_again(office: Office, shop: PrintShop) -> None:
    office.published()
    first = print_now(shop, OF_N01, office.clock())
    office.browser(cast.AMIR)  # signing in changes no report
    office.submitted()
    assert shop.file_of(office.store.orders.of(OF_N01)) == first


def test_only_a_report_that_says_something_else_is_printed_anew(office: Office, shop: PrintShop) -> None:
    office.published()
    office.published(branch=cast.N02)
    before = [print_now(shop, paper, office.clock()) for paper in (OF_N01, OF_N02)]
    office.clock.go_on(days=60)
    office.published()  # in another quarter
    assert shop.file_of(office.store.orders.of(OF_N01)) is None  # it has to be looked at
    count = len(press_of(shop).printed)
    assert [print_now(shop, paper, office.clock()) for paper in (OF_N01, OF_N02)] == before
    assert len(press_of(shop).printed) == count


def test_what_was_being_printed_when_the_machine_went_down_is_printed_again(office: Office, shop: PrintShop) -> None:
    office.published()
    with office.store.transaction():
        office.store.orders.ask(OF_N01, office.clock())
        taken = office.store.orders.take(office.clock())
    assert taken is not None
    assert taken.paper == OF_N01
    assert state_of(office, OF_N01) == PRINTING
    with office.store.transaction():
        assert office.store.orders.begin_again() == 1
    assert OF_N01 in print_all(shop, office)
    assert state_of(office, OF_N01) == READY


def test_what_a_killed_process_was_printing_is_printed_by_the_next_who_asks_a_while_later(
    office: Office, shop: PrintShop
) -> None:
    ask_for_paper(office.store, OF_N01, office.clock())
    with office.store.transaction():
        office.store.orders.take(office.clock())
    ask_for_paper(office.store, OF_N01, office.clock())
    assert print_all(shop, office) == []  # whoever took it may still be at it
    office.clock.go_on(minutes=16)
    ask_for_paper(office.store, OF_N01, office.clock())
    assert print_all(shop, office) == [OF_N01]


def test_what_somebody_interrupts_is_printed_by_the_next_who_comes_by(office: Office, shop: PrintShop) -> None:
    press_of(shop).interrupted = True
    with pytest.raises(KeyboardInterrupt):
        print_now(shop, OF_N01, office.clock())
    press_of(shop).interrupted = False
    assert print_all(shop, office) == [OF_N01]


def test_who_waits_comes_before_what_is_printed_ahead(office: Office, shop: PrintShop) -> None:
    office.published()
    ask_for_paper(office.store, OF_N02, office.clock())
    assert print_all(shop, office)[0] == OF_N02


def test_a_visit_published_while_its_report_is_printed_has_it_printed_again(office: Office, shop: PrintShop) -> None:
    office.published()
    with office.store.transaction():
        order = office.store.orders.take(office.clock())
    assert order is not None
    office.clock.go_on(minutes=1)
    office.published()
    with office.store.transaction():
        office.store.orders.finish(order)
    assert state_of(office, order.paper) == WAITING


def test_a_report_that_fails_says_why_and_can_be_asked_for_again(office: Office, shop: PrintShop) -> None:
    office.published()
    press_of(shop).broken = True
    ask_for_paper(office.store, OF_N01, office.clock())
    ended = print_next(shop, office.clock())
    assert ended is not None
    assert (ended.state, ended.why) == (FAILED, "The report could not be printed: the ink is out")
    press_of(shop).broken = False
    ask_for_paper(office.store, OF_N01, office.clock())
    assert print_next(shop, office.clock()).state == READY  # type: ignore[union-attr]


def test_nobody_can_queue_without_end(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "MOST_WAITED_FOR", 2)
    for day in range(2):
        ask_for_paper(office.store, replace(OF_N01, first=FIRST + timedelta(days=day)), office.clock())
    with pytest.raises(TooMany):
        ask_for_paper(office.store, OF_N02, office.clock())


def test_what_nobody_fetched_for_days_is_left_until_somebody_asks(office: Office, shop: PrintShop) -> None:
    office.published()
    office.clock.go_on(days=4)
    assert print_all(shop, office) == []
    ask_for_paper(office.store, OF_N01, office.clock())
    assert print_all(shop, office) == [OF_N01]


def test_a_pack_is_put_together_although_its_reports_were_left_lying_for_days(office: Office, shop: PrintShop) -> None:
    office.published()
    office.clock.go_on(days=4)
    pack = Paper("pack", "NORTH", FIRST, LAST, "en")
    ask_for_paper(office.store, pack, office.clock())
    for _ in range(6):  # the pack, its two reports, the pack again; one that never ends is not waited for
        print_next(shop, office.clock())
    assert (state_of(office, pack), state_of(office, OF_N01)) == (READY, READY)


def test_the_revision_moves_with_what_can_stand_in_a_report_and_with_nothing_else(office: Office) -> None:
    before = revision_of(office.store)
    office.browser(cast.AMIR)
    office.submitted()
    assert revision_of(office.store) == before
    office.published()
    published = revision_of(office.store)
    assert published > before
    with office.store.transaction():
        office.store.journal.write(cast.SAM.id, "visit.photo_kept", "a visit", office.clock())
    assert revision_of(office.store) > published  # late, but printed


def test_a_printed_number_tells_whether_there_is_a_later_edition(office: Office, shop: PrintShop) -> None:
    office.published()
    print_now(shop, OF_N01, office.clock())
    first = office.store.orders.find(OF_N01.id).number
    assert verify_edition(office.store, None, first).is_newest
    office.clock.go_on(days=1)
    office.published()
    print_now(shop, OF_N01, office.clock())
    verdict = verify_edition(office.store, None, first)
    assert not verdict.is_newest
    assert verdict.newest.number == office.store.orders.find(OF_N01.id).number
    assert (verdict.edition.visits, verdict.newest.visits) == (1, 2)


def test_only_its_readers_are_told_what_an_edition_is_about(office: Office, shop: PrintShop) -> None:
    office.published()
    print_now(shop, OF_N01, office.clock())
    number = office.store.orders.find(OF_N01.id).number
    told = {
        person.name: verify_edition(office.store, person, number).told
        for person in (cast.ADA, cast.AMIR, cast.BEA, cast.OTTO_AREA, cast.OTTO_BRANCH, cast.SAM)
    }
    assert [name for name, may in told.items() if may] == [cast.ADA.name, cast.AMIR.name, cast.BEA.name]


def test_a_number_is_read_as_it_was_meant() -> None:
    assert plain_number("7kq2m-x9d4f-otrwi") == "7KQ2M-X9D4F-0TRW1"
    assert plain_number("7KQ2MX9D4F0TRW1") == "7KQ2M-X9D4F-0TRW1"
    for copied in (
        "7KQ2M\u2010X9D4F\u20110TRW1",
        "7KQ2M\u2013X9D4F\u22120TRW1\n",
        "\u20667KQ2M\u00a0X9D4F\t0TRW1.\u2069",
    ):
        assert plain_number(copied) == "7KQ2M-X9D4F-0TRW1"
    for wrong in ("", "7KQ2M-X9D4F", "7KQ2M-X9D4F-0TRWU", "7KQ2M-X9D4F-0TRW\u0391", "%s" * 8, "-" * 15):
        with pytest.raises(NotFound):
            plain_number(wrong)


def test_the_archive_copy_is_the_same_edition(office: Office, shop: PrintShop) -> None:
    office.published()
    paper, archive = OF_N01, replace(OF_N01, archive=True)
    assert print_now(shop, paper, office.clock()) != print_now(shop, archive, office.clock())
    orders = [office.store.orders.find(each.id) for each in (paper, archive)]
    assert orders[0].number == orders[1].number


def test_emptied_by_retention_the_drawer_is_filled_again(office: Office, shop: PrintShop) -> None:
    office.published()
    first = print_now(shop, OF_N01, office.clock())
    shop.drawer.empty()
    assert shop.file_of(office.store.orders.of(OF_N01)) is None
    assert print_now(shop, OF_N01, office.clock()) == first


def names_in(file: Path) -> list[str]:
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def test_codes_that_look_alike_in_file_names_get_files_of_their_own(office: Office, shop: PrintShop) -> None:
    with office.store.transaction():
        for code in ("A/1", "A 1", "東京"):
            office.store.branches.save(replace(cast.N01, code=code, name=code))
    names = names_in(print_now(shop, Paper("pack", "NORTH", FIRST, LAST, "en"), office.clock()))
    assert len(names) == len(set(names)) == 1 + len(office.store.branches.of_area("NORTH"))
    assert not any("/" in name or " " in name for name in names)
    assert "candour-東京-2026-10-01-2026-12-31.pdf" in names


def test_a_pack_whose_reports_change_while_it_is_put_together_is_asked_for_again(
    office: Office, shop: PrintShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_together = printing._print_pack

    def amid_a_publication(shop: PrintShop, order: Order, now: datetime) -> Order | None:
        office.published()
        return put_together(shop, order, now)

    office.published()
    monkeypatch.setattr(printing, "_print_pack", amid_a_publication)
    pack = Paper("pack", "NORTH", FIRST, LAST, "en")
    with pytest.raises(NotPrinted, match="Try again in a moment"):
        print_now(shop, pack, office.clock())
    monkeypatch.undo()
    assert print_now(shop, pack, office.clock()).suffix == ".zip"


def test_a_pack_says_which_report_could_not_be_printed(office: Office, shop: PrintShop) -> None:
    office.published()
    pack = Paper("pack", "NORTH", FIRST, LAST, "en")
    print_now(shop, OF_N01, office.clock())
    press_of(shop).broken = True
    file = print_now(shop, pack, office.clock())
    with zipfile.ZipFile(file) as archive:
        assert set(archive.namelist()) == {"candour-N01-2026-10-01-2026-12-31.pdf", "not-printed.txt"}
        assert b"candour-N02" in archive.read("not-printed.txt")
    with pytest.raises(NotWhole):
        print_now(shop, pack, office.clock(), VOLUME)
    press_of(shop).broken = False
    assert "not-printed.txt" not in names_in(print_now(shop, pack, office.clock()))
    assert len(PdfReader(print_now(shop, pack, office.clock(), VOLUME)).pages) == 3


def test_a_volume_that_was_taken_out_of_the_drawer_is_bound_again_from_what_is_there(
    office: Office, shop: PrintShop
) -> None:
    office.published()
    pack = Paper("pack", "NORTH", FIRST, LAST, "en")
    volume = print_now(shop, pack, office.clock(), VOLUME)
    before, count = volume.read_bytes(), len(press_of(shop).printed)
    volume.unlink()
    assert shop.file_of(office.store.orders.of(pack), VOLUME) is None
    ask_for_paper(office.store, pack, office.clock())
    print_all(shop, office)
    assert volume.read_bytes() == before
    assert len(press_of(shop).printed) == count


def test_what_cannot_be_bound_leaves_no_half_volume(office: Office, shop: PrintShop) -> None:
    office.published()
    press_of(shop).page = b"%PDF of another make %%EOF"
    with pytest.raises(NotPrinted, match="NotOurs"):
        print_now(shop, Paper("pack", "NORTH", FIRST, LAST, "en"), office.clock(), VOLUME)
    assert {path.suffix for path in shop.drawer.folder.iterdir()} == {".pdf", ".zip", ".sha256"}


def test_what_is_printed_while_another_program_writes_for_long_is_ready_after_that(
    office: Office, shop: PrintShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = OrderShelf.finish
    refused: list[Order] = []

    def in_the_end(shelf: OrderShelf, done: Order) -> None:
        if len(refused) < 2:
            refused.append(done)
            raise TooMany("Another program is writing.", retry_after_seconds=5)
        finish(shelf, done)

    monkeypatch.setattr(OrderShelf, "finish", in_the_end)
    ask_for_paper(office.store, OF_N01, office.clock())
    print_next(shop, office.clock())
    assert state_of(office, OF_N01) == READY
    assert len(press_of(shop).printed) == 1
