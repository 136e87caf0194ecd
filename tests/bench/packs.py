"""The pack of an area: all its branches cold, once more when nothing changed, after one change, and handed out again.

The yardstick A is the computing time that plain WeasyPrint takes for the same documents (PDF/UA-1, nothing kept between
two of them), one after the other on one core.
"""

from __future__ import annotations

import io
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import weasyprint
from pypdf import PdfReader
from weasyprint.text.fonts import FontConfiguration

from audit.actions.binding import bind_area, read_paper
from audit.actions.packing import pack_of
from audit.actions.printing import PrintShop, open_shop, print_now
from audit.demo.filling import fill_demo
from audit.reports.paper import Desk, draw_sheet, photo_name
from audit.reports.period import Period
from audit.reports.press import STATIC, STYLES, Locked
from audit.storage.editions import Paper
from audit.storage.store import Store, open_store
from audit.web.languages import catalogue
from audit.web.passwords import Passwords
from tests.bench.processes import cpu_of
from tests.bench.table import Row, print_table

THE_DAY = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PERIOD = Period(date(2026, 7, 1), date(2026, 9, 30))
DOWNLOADS = 30


@dataclass(frozen=True)
class Took:
    """Seconds of wall clock, and CPU seconds of this process and of the press."""

    seconds: float
    cpu: float


def measure(quick: bool) -> None:
    """Print the two tables."""
    with tempfile.TemporaryDirectory() as folder, _one_area(Path(folder), 8 if quick else 24) as shop:
        paper = Paper("pack", AREA, PERIOD.first, PERIOD.last, "en")
        branches = len(shop.store.branches.of_area(AREA))
        cold = _timed(lambda: print_now(shop, paper, THE_DAY))
        warm = _timed(lambda: print_now(shop, paper, THE_DAY))
        _rename_one(shop.store)
        changed = _timed(lambda: print_now(shop, paper, THE_DAY))
        again = _download(shop, paper)
        plain = sum(_plain(shop, part.paper) for part in pack_of(shop.store, paper).parts)
        _print(branches, plain, {"cold": cold, "nothing changed": warm, "one branch changed": changed}, again)
        _print_growth(shop, (1, 4, 8) if quick else (1, 8, 24))


AREA = "COAST"


def _print(branches: int, plain: float, took: dict[str, Took], again: float) -> None:
    rows = [
        Row(name, f"{each.seconds:.2f}", f"{each.cpu:.2f}", f"{each.seconds / plain:.3f}")
        for name, each in took.items()
    ]
    rows.append(Row("handed out again", f"{again:.5f}", f"{again:.5f}", f"{again / plain:.6f}"))
    print_table(
        f"The pack of an area: {branches} branches with their reports, and the report of the area",
        ("", "seconds", "CPU s", "x A"),
        rows,
        "bin/bench paper",
        f"A, the same through plain WeasyPrint: {plain:.2f} s of computing. Targets: cold 0.40, again 1/500.",
    )


def _print_growth(shop: PrintShop, sizes: tuple[int, ...]) -> None:
    """How the time grows with the pages of one document: the report of an area with so many leaves."""
    whole = bind_area(shop.store, AREA, PERIOD)
    desk = Desk(keeps=shop.store.photos.pictures.has)
    rows = []
    for leaves in sizes:
        sheet = draw_sheet(replace(whole, leaves=whole.leaves[:leaves]), desk)
        begun = time.perf_counter()
        pdf = shop.printer.render_pdf(sheet.xhtml, {**sheet.drawings, **_photos(shop.store, sheet.photos)})
        seconds = time.perf_counter() - begun
        pages = len(PdfReader(io.BytesIO(pdf)).pages)
        rows.append(Row(f"{leaves} leaves", str(pages), f"{seconds:.2f}", f"{1000 * seconds / pages:.0f}"))
    print_table("Growth: the report of an area", ("", "pages", "seconds", "ms a page"), rows, "bin/bench paper")


def _timed(work: Callable[[], object]) -> Took:
    cpu, begun = time.process_time() + cpu_of("audit.reports.press"), time.perf_counter()
    work()
    seconds = time.perf_counter() - begun
    time.sleep(0.3)  # the press counts a child's time once it has taken leave of it
    return Took(seconds, time.process_time() + cpu_of("audit.reports.press") - cpu)


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
    fonts = {f"static:fonts/{font.name}": font.read_bytes() for font in (STATIC / "fonts").glob("*.ttf")}
    fetcher = Locked({**sheet.drawings, **_photos(shop.store, sheet.photos), **fonts})
    begun = time.process_time()
    config = FontConfiguration()
    styles = [
        weasyprint.CSS(string=(STATIC / name).read_text("utf-8"), font_config=config, url_fetcher=fetcher)
        for name in STYLES
    ]
    page = weasyprint.HTML(string=sheet.xhtml, url_fetcher=fetcher)
    page.write_pdf(stylesheets=styles, font_config=config, pdf_variant="pdf/ua-1")
    return time.process_time() - begun


def _photos(store: Store, photos: tuple[str, ...]) -> dict[str, bytes]:
    return {photo_name(sha256): store.photos.read(sha256, "paper") for sha256 in photos}


def _rename_one(store: Store) -> None:
    branch = store.branches.of_area(AREA)[0]
    with store.transaction():
        store.branches.save(replace(branch, name=f"{branch.name}, renamed"))
        store.journal.write(None, "branch.changed", branch.code, THE_DAY)


@contextmanager
def _one_area(folder: Path, branches: int) -> Iterator[PrintShop]:
    """The demo with so many of its branches in one area, and a warm press."""
    store = open_store(folder / "candour.sqlite", folder / "photos")
    try:
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
