"""Printing: reports are printed ahead or when they are asked for, kept, and handed out again in no time.

Owns when a printed report still says how things stand: as long as the journal tells of nothing that could change it, it
is handed out unread; after that it is written anew, and printed anew only if it says something else. What is to be
printed are rows, which outlive every process. Refuses to print in a web thread: whoever calls `print_next` is none.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import IO

from audit.actions.binding import read_paper
from audit.actions.holding import Asking, Drawn, Memory, made_of
from audit.actions.keeping import HARMLESS, HARMLESS_VISITS
from audit.actions.packing import pack_of
from audit.actions.reporting import open_drawer
from audit.domain.errors import CandourError, NoSpace, TooMany
from audit.domain.visit import Visit
from audit.reports.drawer import Drawer
from audit.reports.paper import Catalogue, Desk, Keeps, Sheet, draw_sheet, program_shape
from audit.reports.pdf import NotPrinted, NotWhole, Printer
from audit.reports.period import quarter_of
from audit.storage.connections import NO_SPACE
from audit.storage.editions import FAILED, PRINTING, READY, Edition, Order, Paper, lacking_at
from audit.storage.store import Store

MOST_WAITED_FOR = 100
AT_ONCE = 3  # one more than the press: it writes the next sheet meanwhile
ZIP, VOLUME = ".zip", ".pdf"  # the two files of a pack
AREA_DELAY, PROGRAMME_DELAY, PACK_DELAY = timedelta(seconds=20), timedelta(seconds=60), timedelta(seconds=120)

NOT_KEPT = NoSpace(
    "The report could not be kept: the disk is full, or its folder cannot be written to. Tell the programme office, and"
    " try again later."
).message

# A photo may arrive after its visit was published: it moves no figure, but it is printed.
_HARMLESS = (*HARMLESS, *sorted(HARMLESS_VISITS - {"visit.photo_kept"}))


@dataclass(frozen=True)
class PrintShop:
    """All that printing takes: the store, the press with its drawer, the words of each language, the public address.
    `unnoted` is what became of orders while the disk was too full to note it."""

    store: Store
    printer: Printer
    drawer: Drawer
    words: Callable[[str], Catalogue]
    address: str
    memory: Memory = field(default_factory=Memory)
    unnoted: deque[Callable[[], None]] = field(default_factory=deque)

    @cached_property
    def shape(self) -> str:
        """Of program and address: what was printed with another one is looked at again."""
        return hashlib.sha256(f"{program_shape()}\0{self.address}".encode()).hexdigest()

    def desk(self, language: str) -> Desk:
        return Desk(language, self.words(language), self.keeps, self.address)

    @property
    def keeps(self) -> Keeps:
        """Whether a photo is still kept, by its sha256."""
        return self.store.photos.pictures.has

    def file_of(self, order: Order | None, ending: str = "") -> Path | None:
        """Where the printed report lies, if it still says how things stand; reads one line of the journal. A pack has
        two files: `.zip`, and `.pdf`."""
        if order is None or order.state != READY or order.shape != self.shape:
            return None
        if order.revision < revision_of(self.store):
            return None
        return self.drawer.file(order.key, ending or ending_of(order.paper))


def open_shop(store: Store, words: Callable[[str], Catalogue], address: str) -> PrintShop:
    """The shop of a store; its press starts with the first sheet."""
    drawer = open_drawer(store)
    return PrintShop(store, Printer(drawer), drawer, words, address)


def ending_of(paper: Paper) -> str:
    """Of its file's name; the first of two for a pack."""
    return ZIP if paper.what == "pack" else ".pdf"


def revision_of(store: Store) -> int:
    """The last line of the journal that tells of something that may stand in a report."""
    return store.journal.last_but(_HARMLESS)


def ask_for_paper(store: Store, paper: Paper, now: datetime) -> None:
    """Somebody waits for it. TooMany if very many wait already."""
    with store.transaction():
        if store.orders.count_waited_for() >= MOST_WAITED_FOR:
            raise TooMany("Many reports are being printed. Try again in a moment.", retry_after_seconds=5)
        store.orders.ask(paper, now)


def want_reports_of(store: Store, visit: Visit, now: datetime) -> None:
    """In the transaction that publishes a visit: print anew what tells of it, the branch first. That are the reports of
    its quarter, and all others over its day that were asked for lately, the packs of its area among them."""
    branch = store.branches.find(visit.branch_code)
    day = visit.visited_on or visit.started_at.date()
    quarter, language = quarter_of(day), store.programme.find().language
    subjects = [("branch", branch.code), ("programme", "")]
    if branch.area_code:
        subjects.insert(1, ("area", branch.area_code))
    own = [Paper(what, subject, quarter.first, quarter.last, language) for what, subject in subjects]
    others = store.orders.covering([*subjects, ("visit", visit.id), ("pack", branch.area_code or "")], day, now)
    delays = {"area": AREA_DELAY, "programme": PROGRAMME_DELAY, "pack": PACK_DELAY}
    for paper in dict.fromkeys((*own, *others)):
        store.orders.want(paper, now, now + delays.get(paper.what, timedelta(0)))


def print_next(shop: PrintShop, now: datetime) -> Order | None:
    """Print what comes next, and note how it ended; None if nothing is due. Several may do this at once. NoSpace if the
    disk is too full to note anything: what is `unnoted` is noted first the next time."""
    _note_the_rest(shop)
    with shop.store.transaction():
        order = shop.store.orders.take(now)
    return _print(shop, order, now) if order else None


def print_now(shop: PrintShop, paper: Paper, now: datetime, ending: str = "") -> Path:
    """The file of a paper, printed by whoever calls and not by a page; of a pack several at a time, and with the
    `ending` `.pdf` its volume. NotPrinted if that failed, with the reason as its words."""
    if paper.what == "pack":
        parts = [part.paper for part in pack_of(shop.store, paper).parts]
        confirm_what_holds(shop, parts)
        with ThreadPoolExecutor(AT_ONCE) as hands:
            list(hands.map(lambda part: _print_this(shop, part, now), parts))
    order = _print_this(shop, paper, now)
    file = shop.drawer.file(order.key, ending or ending_of(paper)) if order.state == READY else None
    must_be_whole(order, ending)
    if file is None:
        raise NotPrinted(order.why or "Many reports are being printed. Try again in a moment.")
    return file


def must_be_whole(order: Order | None, ending: str) -> None:
    """NotWhole for the volume of a pack that lacks a report: a book does not say which page is torn out."""
    if order is not None and order.is_incomplete and ending == VOLUME:
        raise NotWhole("Not every report could be printed, so they are not bound into one PDF. The ZIP has the others.")


def why_failed(order: Order) -> CandourError:
    """What is said to whoever waited for an order that failed; what may tell of the inside is for no reader."""
    if order.why in (NOT_KEPT, NO_SPACE):
        return NoSpace(order.why)
    return NotPrinted("The report could not be printed: {reason}", reason=order.why)


def _print_this(shop: PrintShop, paper: Paper, now: datetime) -> Order:
    known = shop.store.orders.of(paper)
    if known and shop.file_of(known):
        return known
    with shop.store.transaction():
        shop.store.orders.ask(paper, now)
        order = shop.store.orders.take_this(paper, now)
    return _print(shop, order, now)


def _print(shop: PrintShop, order: Order, now: datetime) -> Order:
    try:
        done = _print_pack(shop, order, now) if order.paper.what == "pack" else print_paper(shop, order, now)
    except TooMany:
        done = None  # the press is full, or somebody writes for long: its turn comes again
    except Exception as error:
        # Only our own refusals are worded for readers; what else was said may tell of the inside.
        why = str(error) if isinstance(error, CandourError) else type(error).__name__
        _note(shop, lambda: shop.store.orders.fail(order.paper, why))
        return replace(order, state=FAILED, why=why)
    except BaseException:  # Ctrl-C: its turn comes again
        with shop.store.transaction():
            shop.store.orders.wait(order.paper, now)
        raise
    if done is None:
        _note(shop, lambda: shop.store.orders.wait(order.paper, now))
        return order
    _note(shop, lambda: shop.store.orders.finish(done))
    return done


def _note(shop: PrintShop, change: Callable[[], None]) -> None:
    """However long somebody else writes: what is not let go of would be taken for something that is being printed."""
    shop.unnoted.append(change)
    while True:
        with suppress(TooMany):
            return _note_the_rest(shop)


def _note_the_rest(shop: PrintShop) -> None:
    if not shop.unnoted:
        return
    taken: list[Callable[[], None]] = []
    try:
        with shop.store.transaction():
            while shop.unnoted:
                taken.append(shop.unnoted.popleft())
                taken[-1]()
    except BaseException:
        shop.unnoted.extendleft(reversed(taken))
        raise


def print_paper(shop: PrintShop, order: Order, now: datetime) -> Order:
    """Write the report as things stand, print it unless that very sheet lies in the drawer, and note the edition.

    NotFound if there is nothing to report on, NotPrinted if it cannot be printed, NoSpace if it cannot be kept."""
    paper, store, keeps = order.paper, shop.store, Asking(shop.keeps)
    with store.reading():
        revision = revision_of(store)
        report = read_paper(store, paper)
        source = made_of(report)
        sheet = draw_sheet(report, replace(shop.desk(paper.language), keeps=keeps), paper.archive)
    if shop.drawer.file(sheet.key) is None:
        shop.printer.print_sheet(sheet, lambda sha256: store.photos.read(sha256, "paper"))
    if shop.drawer.file(sheet.key) is None:
        raise NoSpace(NOT_KEPT)
    with store.transaction():
        store.editions.add(_edition(paper, sheet, report.provenance.visits, now))
    shop.memory.note(paper.id, Drawn(source, keeps.answers, sheet.key))
    number = sheet.content.number
    return replace(order, state=READY, key=sheet.key, number=number, revision=revision, shape=shop.shape)


def confirm_what_holds(shop: PrintShop, papers: Iterable[Paper]) -> None:
    """Note of what is printed and would be drawn the same that it holds as things stand, all at once; a sheet need not
    be drawn for that."""
    store = shop.store
    with store.reading():
        revision = revision_of(store)
        orders = [order for order in map(store.orders.of, papers) if order and _may_hold(shop, order, revision)]
        holding = [order for order in orders if _holds(shop, order)]
    if holding:
        with store.transaction():
            for order in holding:
                store.orders.confirm(order, revision)


def is_overtaken(shop: PrintShop, order: Order) -> bool:
    """Whether a paper that is ready says no longer how things stand: something changed while it was printed."""
    if order.state != READY or order.put_together_at >= revision_of(shop.store):
        return False
    confirm_what_holds(shop, [order.paper])
    known = shop.store.orders.of(order.paper)
    return known is None or known.put_together_at < revision_of(shop.store)


def _may_hold(shop: PrintShop, order: Order, revision: int) -> bool:
    is_behind = order.state == READY and order.shape == shop.shape and 0 <= order.revision < revision
    return is_behind and shop.drawer.file(order.key, ending_of(order.paper)) is not None


def _holds(shop: PrintShop, order: Order) -> bool:
    """An archive copy may have made another edition the newest since."""
    newest = shop.store.editions.newest(order.paper.series)
    if newest is None or newest.number != order.number:
        return False
    return shop.memory.holds(order.paper.id, order.key, lambda: read_paper(shop.store, order.paper), shop.keeps)


def _print_pack(shop: PrintShop, order: Order, now: datetime) -> Order | None:
    """Put the pack together once all its parts are printed; until then ask for those that are not, and None."""
    store = shop.store
    confirm_what_holds(shop, [part.paper for part in pack_of(store, order.paper).parts])
    with store.reading():
        revision = revision_of(store)
        pack = pack_of(store, order.paper)
        orders = [store.orders.of(part.paper) for part in pack.parts]
        files = [shop.file_of(part) for part in orders]
    found = list(zip(pack.parts, orders, files, strict=True))
    failed = [part.name for part, done, _ in found if done and _failed_since(done, order.asked_at, now)]
    lacking = [part.paper for part, done, file in found if file is None and part.name not in failed]
    if lacking:
        being_printed = [done.paper for done in orders if done and done.state == PRINTING]
        with store.transaction():
            for paper in lacking:
                if paper not in being_printed:
                    store.orders.want(paper, now, now)
        return None
    members = [(part.name, file) for part, _, file in found if file is not None]
    key = pack.key([(part.name, done.key) for part, done, file in found if done and file is not None], failed)
    _keep(shop.drawer, key, ZIP, partial(pack.write, members, failed))
    if not failed:
        _keep(shop.drawer, key, VOLUME, partial(pack.bind, [file for _, file in members]))
    if order.key and order.key != key:
        shop.drawer.discard(order.key)  # or packs put together ahead would crowd out what was printed
    # One that lacks a report is handed out, and not kept for the next who asks.
    return replace(order, state=READY, key=key, revision=lacking_at(revision) if failed else revision, shape=shop.shape)


def _keep(drawer: Drawer, key: str, ending: str, write: Callable[[IO[bytes]], None]) -> None:
    if drawer.file(key, ending) is None:
        drawer.keep(key, write, ending)
    if drawer.file(key, ending) is None:
        raise NoSpace(NOT_KEPT)


def _failed_since(order: Order, asked_at: datetime, now: datetime) -> bool:
    """If the clock was set back since it was asked, what failed is not tried over and over until it has caught up."""
    return order.state == FAILED and order.begun_at is not None and (order.begun_at >= asked_at or asked_at > now)


def _edition(paper: Paper, sheet: Sheet, visits: int, now: datetime) -> Edition:
    content = sheet.content
    return Edition(content.number, paper.series, replace(paper, archive=False), content.digest, visits, now)
