"""PDF pages a second: warm branch reports of about nine pages, from our press beside Chromium's print of the same.

Both are warm: the press is running, the browser is open and has printed such a page before. Every round is another
branch, as when an area's reports are printed. Chromium gets the same words, styles, fonts and photos from a server of
its own, and keeps what it has seen in its cache.
"""

from __future__ import annotations

import io
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader

from audit.actions.reporting import read_branch_report
from audit.demo.filling import fill_demo
from audit.reports.paper import Desk, Sheet, draw_sheet, photo_name
from audit.reports.pdf import Printer
from audit.reports.period import Period
from audit.reports.press import STATIC, STYLES, TYPES
from audit.storage.store import Store, open_store
from audit.web.passwords import Passwords
from tests.bench.processes import cpu_of
from tests.bench.table import Row, print_table
from tests.browsers import chromium

PAGES = 9
THE_DAY = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)  # the demo is the same whenever it is made for the same moment
PERIODS = (
    Period(date(2026, 7, 1), THE_DAY.date()),
    Period(date(2026, 4, 1), THE_DAY.date()),
    Period(date(2026, 1, 1), THE_DAY.date()),
    Period(date(2025, 12, 1), THE_DAY.date()),
)
SCHEMES = ("static:", "photo:", "drawn:")


def measure(quick: bool) -> None:
    """Print the same report nine times with each, in turn; prints the table."""
    rounds = 1 if quick else 9
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "candour.sqlite", Path(folder) / "photos")
        printer = Printer()
        try:
            fill_demo(store, Passwords(memory_kib=64, time_cost=1), THE_DAY)
            sheets = _about_nine_pages(store, printer, rounds)
            _print(*_in_turn(store, sheets, printer), sum(len(sheet.photos) for sheet in sheets))
        finally:
            printer.close()
            store.close()


@dataclass(frozen=True)
class Printed:
    """How long each round took, the CPU seconds of a round on average, and the pages that came out in all."""

    seconds: tuple[float, ...]
    cpu: float
    pages: int

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def _in_turn(store: Store, sheets: Sequence[Sheet], printer: Printer) -> tuple[Printed, Printed]:
    ours, theirs, pages = [], [], [0, 0]
    with ExitStack() as opened:
        addresses = [opened.enter_context(_served(sheet, store)) for sheet in sheets]
        browser = opened.enter_context(chromium(opened.enter_context(sync_playwright()).chromium))
        page = browser.new_page()
        _print_with_chromium(page, addresses[0])
        _print_ours(store, sheets[0], printer)
        before = cpu_of("audit.reports.press"), cpu_of("chrom")
        for sheet, address in zip(sheets, addresses, strict=True):
            for which, seconds, work in (
                (0, ours, partial(_print_ours, store, sheet, printer)),
                (1, theirs, partial(_print_with_chromium, page, address)),
            ):
                begun = time.perf_counter()
                pdf = work()
                seconds.append(time.perf_counter() - begun)
                pages[which] += _pages_in(pdf)
        time.sleep(0.3)  # the press counts a child's time once it has taken leave of it
        press, chrome = cpu_of("audit.reports.press") - before[0], cpu_of("chrom") - before[1]
    rounds = len(sheets)
    return Printed(tuple(ours), press / rounds, pages[0]), Printed(tuple(theirs), chrome / rounds, pages[1])


def _print(ours: Printed, theirs: Printed, photos: int) -> None:
    def row(name: str, printed: Printed) -> Row:
        middle = printed.median
        figures = (
            f"{middle:.2f}",
            f"{max(printed.seconds):.2f}",
            f"{printed.cpu:.2f}",
            f"{printed.pages / sum(printed.seconds):.1f}",
        )
        return Row(name, str(printed.pages), *figures, f"{middle / theirs.median:.2f}")

    print_table(
        f"Warm branch reports on paper: {len(ours.seconds)} branches in turn, {photos} photos in all, medians",
        ("", "pages", "seconds", "slowest s", "CPU s", "pages/s", "x Chromium"),
        [row("our press", ours), row("Chromium's print", theirs)],
        "bin/bench paper",
        "Target: no slower than Chromium (at most 1.00). CPU of all processes that take part; the press is niced.",
    )


def _about_nine_pages(store: Store, printer: Printer, rounds: int) -> list[Sheet]:
    """The report of another branch for each round: those that come nearest to nine pages."""
    nearest: dict[str, tuple[int, int, Sheet]] = {}
    desk = Desk(keeps=store.photos.pictures.has)
    for branch in store.branches.list_all():
        for order, period in enumerate(PERIODS):
            sheet = draw_sheet(read_branch_report(store, None, branch.code, period), desk)
            away = abs(_pages_in(_print_ours(store, sheet, printer)) - PAGES)
            nearest[branch.code] = min(nearest.get(branch.code, (away, order, sheet)), (away, order, sheet), key=_first)
            if away == 0:
                break
    return [sheet for _, _, sheet in sorted(nearest.values(), key=_first)][:rounds]


def _print_ours(store: Store, sheet: Sheet, printer: Printer) -> bytes:
    return printer.print_sheet(sheet, lambda sha256: store.photos.read(sha256, "paper"))


def _first(found: tuple[int, int, Sheet]) -> tuple[int, int]:
    return found[:2]


def _pages_in(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def _print_with_chromium(page: Page, address: str) -> bytes:
    page.goto(address, wait_until="load")
    return page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)


@contextmanager
def _served(sheet: Sheet, store: Store) -> Iterator[str]:
    """The address of the document as Chromium reads it, with all that it asks for."""
    files = _files(sheet, store)

    class Serving(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, body = files.get(self.path, ("text/plain", b""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-cache" if self.path == "/" else "max-age=31536000, immutable")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is said."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Serving)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def _files(sheet: Sheet, store: Store) -> Mapping[str, tuple[str, bytes]]:
    styles = "\n".join((STATIC / name).read_text("utf-8") for name in STYLES)
    document = _with_addresses(sheet.xhtml).replace("<html", '<html xmlns="http://www.w3.org/1999/xhtml"', 1)
    document = document.replace("</head>", '<link rel="stylesheet" href="/style.css"/></head>', 1)
    named = {
        **sheet.drawings,
        **{photo_name(sha256): store.photos.read(sha256, "paper") for sha256 in sheet.photos},
        **{f"static:fonts/{font.name}": font.read_bytes() for font in (STATIC / "fonts").glob("*.ttf")},
    }
    return {
        "/": ("application/xhtml+xml; charset=utf-8", document.encode()),
        "/style.css": ("text/css; charset=utf-8", _with_addresses(styles).encode()),
        **{f"/{name.replace(':', '/')}": (TYPES[Path(name).suffix], body) for name, body in named.items()},
    }


def _with_addresses(text: str) -> str:
    """Names that only our press knows, as addresses of the server: `photo:x.jpg` becomes `/photo/x.jpg`."""
    for scheme in SCHEMES:
        text = text.replace(f'"{scheme}', f'"/{scheme[:-1]}/').replace(f"({scheme}", f"(/{scheme[:-1]}/")
    return text
