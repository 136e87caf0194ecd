"""Which printed reports still hold: known without drawing a sheet, and never taken for granted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from audit.actions import holding, printing
from audit.actions.holding import Drawn, Memory, made_of
from audit.actions.printing import PrintShop, print_now
from audit.actions.verifying import verify_edition
from audit.domain.statistics.groups import ABOVE, BELOW
from audit.domain.statistics.ranges import Range
from audit.formatting import ENGLISH
from audit.reports.branch import BranchReport, ChecklistPart
from audit.reports.paper import Sheet, draw_sheet
from audit.storage.editions import Paper
from tests import cast
from tests.actions.ink import FIRST, LAST, OF_N01, OF_N02, Press
from tests.reports.reference import organisation
from tests.web.office import Office, open_office

PACK = Paper("pack", "NORTH", FIRST, LAST, "en")
KEY = "a" * 64


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_office(tmp_path)
    opened.published()
    opened.published(branch=cast.N02)
    yield opened
    opened.close()


@pytest.fixture
def shop(office: Office) -> PrintShop:
    return open_shop(office)


def open_shop(office: Office) -> PrintShop:
    opened = printing.open_shop(office.store, lambda tag: ENGLISH, "https://audit.example")
    return replace(opened, printer=Press(opened))  # type: ignore[arg-type]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of all sheets that are drawn."""
    titles: list[str] = []

    def draw(report: object, *more: object) -> Sheet:
        sheet = draw_sheet(report, *more)  # type: ignore[arg-type]
        titles.append(sheet.xhtml.partition("<title>")[2].partition("<")[0].partition(" · ")[0])
        return sheet

    monkeypatch.setattr(printing, "draw_sheet", draw)
    return titles


def rename(office: Office, name: str) -> None:
    with office.store.transaction():
        office.store.branches.save(replace(cast.N01, name=name))
        office.store.journal.write(None, "branch.changed", "N01", office.clock())


def test_of_a_pack_only_the_report_that_changed_is_drawn_again(
    office: Office, shop: PrintShop, drawn: list[str]
) -> None:
    before = print_now(shop, PACK, office.clock())
    assert set(drawn) == {"North", "Mill Lane", "Old Bridge"}
    drawn.clear()
    rename(office, "Mill Street")
    assert print_now(shop, PACK, office.clock()) != before
    assert set(drawn) == {"North", "Mill Street"}


def test_another_process_that_remembers_nothing_draws_all_and_prints_none(
    office: Office, shop: PrintShop, drawn: list[str]
) -> None:
    before = print_now(shop, PACK, office.clock())
    office.clock.go_on(days=60)
    office.published()  # in another quarter
    other = open_shop(office)
    drawn.clear()
    assert print_now(other, PACK, office.clock()) == before
    assert set(drawn) == {"North", "Mill Lane", "Old Bridge"}
    assert isinstance(other.printer, Press)
    assert other.printer.printed == []


def test_what_holds_is_handed_out_as_things_stand(office: Office, shop: PrintShop) -> None:
    print_now(shop, PACK, office.clock())
    rename(office, "Mill Street")
    assert shop.file_of(office.store.orders.of(OF_N02)) is None  # it has to be looked at
    printing.confirm_what_holds(shop, [OF_N01, OF_N02])
    assert shop.file_of(office.store.orders.of(OF_N02)) is not None
    assert shop.file_of(office.store.orders.of(OF_N01)) is None


def test_what_was_asked_for_anew_is_not_confirmed(office: Office, shop: PrintShop) -> None:
    print_now(shop, OF_N01, office.clock())
    order = office.store.orders.find(OF_N01.id)
    with office.store.transaction():
        office.store.orders.ask(OF_N01, office.clock())
        office.store.orders.confirm(order, order.revision + 1)
    assert office.store.orders.find(OF_N01.id).revision == order.revision


def test_an_edition_that_came_back_is_noted_anew_and_not_only_confirmed(office: Office, shop: PrintShop) -> None:
    print_now(shop, OF_N01, office.clock())
    first = office.store.orders.find(OF_N01.id).number
    rename(office, "Mill Street")
    print_now(shop, replace(OF_N01, archive=True), office.clock())
    assert not verify_edition(office.store, None, first).is_newest
    rename(office, "Mill Lane")
    print_now(shop, PACK, office.clock())
    assert verify_edition(office.store, None, first).is_newest


@pytest.fixture
def report(tmp_path: Path) -> BranchReport:
    """Of a branch in an area with a mean of 71.3, which it is held against."""
    with organisation(tmp_path) as opened:
        found = opened.report("branch")
    assert isinstance(found, BranchReport)
    (part,) = found.parts
    assert part.standing is not None
    return with_part(found, replace(part, standing=replace(part.standing, tick=Fraction(713, 10))))


def with_part(report: BranchReport, part: ChecklistPart) -> BranchReport:
    return replace(report, parts=(part,))


def blurred(part: ChecklistPart) -> ChecklistPart:
    """The same, but of all that was measured over the area only what is told is as it was."""
    assert part.shift
    assert part.shift.change
    assert part.sure
    assert part.standing
    change, told = part.shift.change, part.sure.likely_range.ends
    whole = {name: Range(*getattr(change, name).ends) for name in ("range", "before", "after")}
    change = replace(change, **whole, points=change.points / 2, needed=float(part.shift.needed or 0))
    compared = tuple(float(dot) for dot, _ in part.shift.dots)
    standing = replace(
        part.standing, range=Range(*part.standing.range.ends), branches={}, tick=part.standing.tick_drawn
    )
    sure = replace(part.sure, likely_range=Range(*told), mean=50.0, effective_visits=1.0, p_above=0.5)
    return replace(part, sure=sure, standing=standing, shift=replace(part.shift, compared=compared, change=change))


def test_the_sheet_of_a_branch_is_the_same_whatever_was_measured_behind_what_it_is_told(report: BranchReport) -> None:
    other = with_part(report, blurred(report.parts[0]))
    assert other != report
    assert made_of(other) == made_of(report)
    assert draw_sheet(other).key == draw_sheet(report).key


def test_what_a_sheet_is_told_of_its_area_makes_it_be_drawn_again(report: BranchReport) -> None:
    (part,) = report.parts
    assert part.standing
    assert part.sure
    others = (
        replace(part, standing=replace(part.standing, tick=Fraction(717, 10))),
        replace(part, sure=replace(part.sure, group=ABOVE if part.sure.group != ABOVE else BELOW)),
        replace(part, sure=replace(part.sure, likely_range=Range(0.0, 100.0))),
    )
    assert len({made_of(with_part(report, each)) for each in (part, *others)}) == 1 + len(others)


def test_a_photo_that_arrived_or_went_makes_a_report_be_drawn_again() -> None:
    memory, report = Memory(), ("what", "it says")
    memory.note("n01", Drawn(made_of(report), {KEY: False}, KEY))
    assert memory.holds("n01", KEY, lambda: report, lambda sha256: False)
    assert not memory.holds("n01", KEY, lambda: report, lambda sha256: True)
    assert not memory.holds("n01", KEY, lambda: ("what", "it said"), lambda sha256: False)
    assert not memory.holds("n01", "b" * 64, lambda: report, lambda sha256: False)
    assert not memory.holds("n02", KEY, lambda: report, lambda sha256: False)


def test_what_was_drawn_long_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "MOST_REMEMBERED", 2)
    memory = Memory()
    for id in ("n01", "n02", "n01", "n03"):
        memory.note(id, Drawn(made_of(()), {}, KEY))
    held = [id for id in ("n01", "n02", "n03") if memory.holds(id, KEY, tuple, bool)]
    assert held == ["n01", "n03"]
