"""The pack of an area, the ZIP and the volume: all its branches cold, once more when nothing changed, after a branch
was renamed, after a visit was published, at once and after what is printed ahead, and handed out again.

The yardstick A is the computing time that plain WeasyPrint takes for the same documents (PDF/UA-1, nothing kept between
two of them), one after the other on one core.
"""

from __future__ import annotations

import io
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import cycle, islice
from pathlib import Path
from unittest.mock import patch

from pypdf import PdfReader

from audit.actions.binding import read_paper
from audit.actions.packing import pack_of
from audit.actions.printing import (
    PACK_DELAY,
    VOLUME,
    PrintShop,
    open_shop,
    print_next,
    print_now,
    want_reports_of,
)
from audit.demo import calendar, organisation, temper, to_come
from audit.demo.filling import fill_demo
from audit.demo.organisation import BRANCHES
from audit.domain.visit import Visit, VisitState
from audit.reports.paper import Desk, Sheet, draw_sheet, photo_name
from audit.reports.pdf import NotPrinted
from audit.reports.period import Period
from audit.reports.volume import Binder
from audit.storage.editions import Paper
from audit.storage.store import Store, open_store
from audit.web.languages import catalogue
from audit.web.passwords import Passwords
from tests.bench.paper import leave_the_bench_alone, print_plain
from tests.bench.processes import cpu_of
from tests.bench.table import Row, print_table

THE_DAY = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PERIOD = Period(date(2026, 7, 1), date(2026, 9, 30))
DOWNLOADS = 30
BODY = re.compile(r"(?<=>\n)<article.*</article>", re.S)


@dataclass(frozen=True, order=True)
class Took:
    """CPU seconds of this process and of the press, and seconds of wall clock."""

    cpu: float
    seconds: float


def measure(quick: bool) -> None:
    """Print the two tables."""
    with tempfile.TemporaryDirectory() as folder, _one_area(Path(folder), 8 if quick else 50) as shop:
        paper = Paper("pack", AREA, PERIOD.first, PERIOD.last, "en")
        branches = len(shop.store.branches.of_area(AREA))
        changed = 1 if quick else 5
        held_back = _hold_back(shop.store, 2 * changed)
        cold = _timed(lambda: print_now(shop, paper, THE_DAY))
        warm = _timed(lambda: print_now(shop, paper, THE_DAY))
        changes = sorted(_changed(shop, paper, number) for number in range(changed))
        published = sorted(_published(shop, paper, visit) for visit in held_back[:changed])
        ahead = sorted(_printed_ahead(shop, paper, visit) for visit in held_back[changed:])
        again = _download(shop, paper)
        leave_the_bench_alone()
        plain = sum(_plain(shop, part.paper) for part in pack_of(shop.store, paper).parts)
        took = {
            "cold": cold,
            "nothing changed": warm,
            "one branch renamed": changes[len(changes) // 2],
            "one visit published": published[len(published) // 2],
            "at most": published[-1],
            "once printed ahead": ahead[len(ahead) // 2],
        }
        _print(branches, plain, took, again)
        _print_sizes(shop, print_now(shop, paper, THE_DAY, VOLUME))
        _print_growth(shop, paper, (1, 4, 8) if quick else (2, 20, 70))


AREA, CHECKLIST = "COAST", "six-secrets"


def _print(branches: int, plain: float, took: dict[str, Took], again: float) -> None:
    rows = [
        Row(
            name,
            f"{each.seconds:.2f}",
            f"{each.cpu:.2f}",
            f"{each.seconds / plain:.3f}",
            f"1/{took['cold'].seconds / each.seconds:.0f}",
            f"1/{took['cold'].cpu / each.cpu:.0f}",
        )
        for name, each in took.items()
    ]
    rows.append(Row("handed out again", f"{again:.5f}", f"{again:.5f}", f"{again / plain:.6f}"))
    print_table(
        f"The pack of an area, ZIP and volume: {branches} branches with their reports, and the report of the area",
        ("", "seconds", "CPU s", "x A", "of cold", "CPU of cold"),
        rows,
        "bin/bench paper",
        f"A, the same through plain WeasyPrint: {plain:.2f} s of computing. Targets: cold 0.40, again 1/500; "
        "one changed 1/40 of cold.",
    )


def _print_sizes(shop: PrintShop, volume: Path) -> None:
    """How large the volume is beside its parts, and how long binding takes."""
    paper = Paper("pack", AREA, PERIOD.first, PERIOD.last, "en")
    pack = pack_of(shop.store, paper)
    files = [file for part in pack.parts if (file := shop.file_of(shop.store.orders.of(part.paper)))]
    begun = time.process_time()
    pack.bind(files, io.BytesIO())
    seconds = time.process_time() - begun
    whole = sum(file.stat().st_size for file in files)
    cells = f"{volume.stat().st_size / 1024:.0f}", f"{volume.stat().st_size / whole:.3f}", f"{seconds:.2f}"
    rows = [Row("volume", str(len(PdfReader(volume).pages)), *cells)]
    print_table("The volume", ("", "pages", "KiB", "x its parts", "CPU s to bind"), rows, "bin/bench paper")


def _print_growth(shop: PrintShop, paper: Paper, sizes: tuple[int, ...]) -> None:
    """How the time grows with the pages of one document: the reports of so many branches laid out as one, and bound."""
    desk = Desk(keeps=shop.store.photos.pictures.has)
    branches = [part.paper for part in pack_of(shop.store, paper).parts if part.paper.what == "branch"]
    sheets = [draw_sheet(read_paper(shop.store, each), desk) for each in branches]
    prints = [print_now(shop, each, THE_DAY).read_bytes() for each in branches]
    rows = []
    for size in sizes:
        some = list(islice(cycle(sheets), size))
        bound, bind_seconds = _bind(islice(cycle(prints), size))
        begun = time.perf_counter()
        try:
            pdf = shop.printer.render_pdf(_as_one(some), _assets(shop.store, some))
            seconds = time.perf_counter() - begun
            pages = len(PdfReader(io.BytesIO(pdf)).pages)
            figures = (str(pages), f"{seconds:.2f}", f"{1000 * seconds / pages:.0f}")
        except NotPrinted:
            figures = ("", "past the limits", "")
        rows.append(Row(f"{size} reports", *figures, str(len(PdfReader(bound).pages)), f"{bind_seconds:.2f}"))
    head = ("", "pages laid out", "seconds", "ms a page", "pages bound", "seconds")
    print_table("Growth: reports laid out as one document, and bound", head, rows, "bin/bench paper")


def _as_one(sheets: Sequence[Sheet]) -> str:
    articles = "".join(found[0] for sheet in sheets if (found := BODY.search(sheet.xhtml)))
    before, _, after = BODY.sub("\0", sheets[0].xhtml, count=1).partition("\0")
    return before + articles + after


def _assets(store: Store, sheets: Sequence[Sheet]) -> dict[str, bytes]:
    drawings = {name: body for sheet in sheets for name, body in sheet.drawings.items()}
    return drawings | _photos(store, tuple(dict.fromkeys(photo for sheet in sheets for photo in sheet.photos)))


def _bind(prints: Iterable[bytes]) -> tuple[io.BytesIO, float]:
    made, begun = io.BytesIO(), time.perf_counter()
    binder = Binder(made)
    for pdf in prints:
        binder.add("", pdf)
    binder.finish()
    return made, time.perf_counter() - begun


def _timed(work: Callable[[], object]) -> Took:
    cpu, begun = time.process_time() + cpu_of("audit.reports.press"), time.perf_counter()
    work()
    seconds = time.perf_counter() - begun
    time.sleep(0.3)  # the press counts a child's time once it has taken leave of it
    return Took(time.process_time() + cpu_of("audit.reports.press") - cpu, seconds)


def _download(shop: PrintShop, paper: Paper) -> float:
    """What stands between the request and the file when nothing has changed."""
    took = []
    for _ in range(DOWNLOADS):
        begun = time.perf_counter()
        file = shop.file_of(shop.store.orders.of(paper))
        took.append(time.perf_counter() - begun)
        assert file is not None
    return statistics.median(took)


def _plain(shop: PrintShop, paper: Paper) -> float:
    sheet = draw_sheet(read_paper(shop.store, paper), Desk(keeps=shop.store.photos.pictures.has))
    begun = time.process_time()
    print_plain(shop.store, sheet)
    return time.process_time() - begun


def _photos(store: Store, photos: tuple[str, ...]) -> dict[str, bytes]:
    return {photo_name(sha256): store.photos.read(sha256, "paper") for sha256 in photos}


def _changed(shop: PrintShop, paper: Paper, number: int) -> Took:
    """What the pack takes once one of its branches has another name."""
    store = shop.store
    branch = store.branches.of_area(AREA)[number]
    with store.transaction():
        store.branches.save(replace(branch, name=f"{branch.name}, renamed"))
        store.journal.write(None, "branch.changed", branch.code, THE_DAY)
    return _timed(lambda: print_now(shop, paper, THE_DAY))


def _hold_back(store: Store, most: int) -> list[Visit]:
    """One visit of each of so many branches, as it was before it was published."""
    found: list[Visit] = []
    for branch in store.branches.of_area(AREA):
        visits = store.visits.of_branch(branch.code, PERIOD.first, PERIOD.last)
        own = [visit for visit in visits if visit.state is VisitState.PUBLISHED and visit.checklist_id == CHECKLIST]
        found += own[-1:]
    with store.transaction():
        for visit in found[:most]:
            store.visits.save(replace(visit, state=VisitState.APPROVED))
    return found[:most]


def _published(shop: PrintShop, paper: Paper, visit: Visit) -> Took:
    """What the pack takes once one of the visits behind it is published."""
    with shop.store.transaction():
        shop.store.visits.save(visit)
        shop.store.journal.write(None, "visit.published", visit.id, THE_DAY)
    return _timed(lambda: print_now(shop, paper, THE_DAY))


def _printed_ahead(shop: PrintShop, paper: Paper, visit: Visit) -> Took:
    """What is left to be done for the pack where somebody asks for it once the print room has nothing to do any more:
    that prints the branch, the area and the programme as soon as a visit is published, and puts the pack together,
    since somebody asked for it before."""
    with shop.store.transaction():
        shop.store.visits.save(visit)
        shop.store.journal.write(None, "visit.published", visit.id, THE_DAY)
        want_reports_of(shop.store, visit, THE_DAY)
    while print_next(shop, THE_DAY + PACK_DELAY):
        pass
    return _timed(lambda: print_now(shop, paper, THE_DAY))


@contextmanager
def _one_area(folder: Path, branches: int) -> Iterator[PrintShop]:
    """The demo with so many branches in one area, and a warm press."""
    store = open_store(folder / "candour.sqlite", folder / "photos")
    more = tuple(
        replace(branch, code=f"X{number:02}", name=f"{branch.name} {number}")
        for number, branch in enumerate(islice(cycle(BRANCHES), max(0, branches - len(BRANCHES))))
    )
    try:
        with ExitStack() as patched:
            for chapter in (organisation, calendar, temper, to_come):
                patched.enter_context(patch.object(chapter, "BRANCHES", BRANCHES + more))
            fill_demo(store, Passwords(memory_kib=64, time_cost=1), THE_DAY)
        with store.transaction():
            for number, branch in enumerate(store.branches.list_all()):
                store.branches.save(replace(branch, area_code=AREA if number < branches else None))
        shop = open_shop(store, catalogue, "https://audit.example.org")
        shop.printer.render_pdf("<html lang='en'><head><title>Warm</title></head><body><p>Warm</p></body></html>", {})
        yield shop
        shop.printer.close()
    finally:
        store.close()
