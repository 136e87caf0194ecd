"""PDFs beside those of other presses: branch reports of about nine pages and visit reports of about three.

All are warm for the seconds in the middle: the press is running, the browser is open, and each has printed such a page
before. Every round is another branch or visit, as when an area's reports are printed. Chromium gets the same words,
styles, fonts and photos from a server of its own, and keeps what it has seen in its cache; plain WeasyPrint (A) keeps
nothing; other presses get the words, tables and pictures as plain blocks, without our styles.
"""

from __future__ import annotations

import gc
import io
import re
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import weasyprint
from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader
from weasyprint.text.fonts import FontConfiguration

from audit.actions.reporting import read_branch_report, read_visit_report
from audit.demo.filling import fill_demo
from audit.reports.paper import Desk, Sheet, draw_sheet, photo_name
from audit.reports.pdf import Printer
from audit.reports.period import Period
from audit.reports.press import STATIC, STYLES, TYPES, Locked
from audit.storage.store import Store, open_store
from audit.web.passwords import Passwords
from tests.bench.processes import Peak, cpu_of
from tests.bench.rivals import RIVALS, Rival, fetch_rivals, lay_out_jobs, run_rival
from tests.bench.table import Row, print_table
from tests.bench.weight import weigh
from tests.browsers import chromium

PAGES, VISIT_PAGES = 9, 3
OURS, PLAIN, CHROMIUM = "our press", "plain WeasyPrint (A)", "Chromium's print"
PLAINEST = "A, drawings in the page"
DRAWN = re.compile(r'<img class="([^"]*)" src="(drawn:[^"]*)" alt="([^"]*)"/>')
THE_DAY = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)  # the demo is the same whenever it is made for the same moment
PERIODS = (
    Period(date(2026, 7, 1), THE_DAY.date()),
    Period(date(2026, 4, 1), THE_DAY.date()),
    Period(date(2026, 1, 1), THE_DAY.date()),
    Period(date(2025, 12, 1), THE_DAY.date()),
)
SCHEMES = ("static:", "photo:", "drawn:")


def measure(quick: bool, peers: bool = False) -> None:
    """Print nine reports of each kind with each press, in turn, and print a table for each kind; with `peers` beside
    presses that have to be fetched once."""
    rounds = 1 if quick else 9
    left_out = fetch_rivals() if peers else ""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "candour.sqlite", Path(folder) / "photos")
        printer = Printer()
        try:
            fill_demo(store, Passwords(memory_kib=64, time_cost=1), THE_DAY)
            for kind, sheets in (
                ("branch reports", _nearest(store, printer, _branch_sheets(store), PAGES, rounds)),
                ("visit reports", _nearest(store, printer, _visit_sheets(store), VISIT_PAGES, rounds)),
            ):
                printed = _in_turn(store, sheets, printer)
                if peers and not left_out:
                    printed |= {rival.title: _rival(store, sheets, rival) for rival in RIVALS}
                _print(kind, printed, left_out)
                if kind == "branch reports":
                    weigh(sheets, printer)
        finally:
            printer.close()
            store.close()


@dataclass(frozen=True)
class Printed:
    """Seconds until the first print of a press that was not there before, and those of each round; CPU seconds of a
    round on average; the most memory in MiB; pages that came out in all, and KiB of a print in the middle."""

    cold: float
    seconds: tuple[float, ...]
    cpu: float
    peak_mib: float
    pages: int
    kib: float

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


Print = Callable[[Sheet], bytes]


def _in_turn(store: Store, sheets: Sequence[Sheet], printer: Printer) -> dict[str, Printed]:
    """Ours, plain WeasyPrint and Chromium, each sheet with one after the other."""
    with ExitStack() as opened:
        addresses = {sheet.key: opened.enter_context(_served(sheet, store)) for sheet in sheets}
        cold = {OURS: _cold_press(store, sheets[0]), CHROMIUM: _cold_chromium(addresses[sheets[0].key])}
        browser = opened.enter_context(chromium(opened.enter_context(sync_playwright()).chromium))
        page = browser.new_page()
        presses: dict[str, Print] = {
            OURS: lambda sheet: _print_ours(store, sheet, printer),
            PLAIN: lambda sheet: print_plain(store, sheet),
            PLAINEST: lambda sheet: print_plain(store, sheet, drawings_in_page=True),
            CHROMIUM: lambda sheet: _print_with_chromium(page, addresses[sheet.key]),
        }
        for press in presses.values():
            press(sheets[0])
        leave_the_bench_alone()
        words = {OURS: "audit.reports.press", CHROMIUM: "chrom"}
        peaks = {name: opened.enter_context(Peak(word)) for name, word in words.items()}
        rounds: dict[str, list[Round]] = {name: [] for name in presses}
        for sheet in sheets:
            for name, press in presses.items():
                rounds[name].append(_round(press, sheet, words.get(name, "")))
    return {
        name: Printed(
            cold.get(name, 0.0),
            tuple(one.seconds for one in made),
            statistics.fmean(one.cpu for one in made),
            peaks[name].mib if name in peaks else 0.0,
            sum(_pages_in(one.pdf) for one in made),
            statistics.median(len(one.pdf) for one in made) / 1024,
        )
        for name, made in rounds.items()
    }


@dataclass(frozen=True)
class Round:
    """One print, and what it took."""

    pdf: bytes
    seconds: float
    cpu: float


def _round(press: Print, sheet: Sheet, word: str) -> Round:
    """`word` stands in the command lines of the press; without one it is this thread, and not the others that serve
    files and watch memory meanwhile."""
    begun, cpu = time.perf_counter(), cpu_of(word) if word else time.thread_time()
    pdf = press(sheet)
    seconds = time.perf_counter() - begun
    time.sleep(0.3)  # the press counts a child's time once it has taken leave of it
    return Round(pdf, seconds, (cpu_of(word) if word else time.thread_time()) - cpu)


def _cold_press(store: Store, sheet: Sheet) -> float:
    begun, printer = time.perf_counter(), Printer()
    try:
        _print_ours(store, sheet, printer)
        return time.perf_counter() - begun
    finally:
        printer.close()


def _cold_chromium(address: str) -> float:
    with sync_playwright() as playwright:
        begun = time.perf_counter()
        with chromium(playwright.chromium) as browser:
            _print_with_chromium(browser.new_page(), address)
            return time.perf_counter() - begun


def _rival(store: Store, sheets: Sequence[Sheet], rival: Rival) -> Printed:
    with tempfile.TemporaryDirectory() as folder:
        lay_out_jobs(store, [sheets[0], *sheets], Path(folder))
        run = run_rival(rival, Path(folder))
    prints = run.prints[1:]
    size = statistics.median(map(len, prints)) / 1024
    pages = sum(map(_pages_in, prints))
    return Printed(run.cold, run.seconds, statistics.fmean(run.cpu), run.peak_mib, pages, size)


def _print(kind: str, printed: Mapping[str, Printed], left_out: str) -> None:
    plain, theirs = printed[PLAIN], printed[CHROMIUM]

    def row(name: str, one: Printed) -> Row:
        figures = (
            f"{one.pages / len(one.seconds):.1f}",
            f"{one.cold:.2f}" if one.cold else "",
            f"{one.median:.2f}",
            f"{max(one.seconds):.2f}",
            f"{one.cpu:.2f}",
            f"{one.cpu / plain.cpu:.2f}",
            f"{one.median / theirs.median:.2f}",
            f"{one.peak_mib:.0f}" if one.peak_mib else "",
            f"{one.kib:.0f}",
        )
        return Row(name, *figures)

    head = ("", "pages", "cold s", "seconds", "slowest s", "CPU s", "CPU x A", "x Chromium", "peak MiB", "KiB")
    ours, plainest = printed[OURS].cpu, printed[PLAINEST].cpu
    note = (
        f"Ours takes {ours / plain.cpu:.2f} of A, and {ours / plainest:.2f} of A with its drawings in the page.\n  "
        "A: the same HTML through plain WeasyPrint. Target: no slower than Chromium (at most 1.00). CPU of all\n"
        "  processes that take part; the press is niced. Typst and ReportLab, with --peers, print plain blocks."
    )
    print_table(
        f"{kind.capitalize()} on paper: {len(theirs.seconds)} in turn, medians, warm but for the first column",
        head,
        [row(name, one) for name, one in printed.items()],
        "bin/bench paper",
        note,
    )
    for rival in RIVALS if left_out else ():
        print(f"  Left out: {rival.title}: {left_out}")


def leave_the_bench_alone() -> None:
    """What the bench itself holds is nothing for plain WeasyPrint's garbage collector to look through: it would be
    called dearer than it is."""
    gc.collect()
    gc.freeze()


def print_plain(store: Store, sheet: Sheet, *, drawings_in_page: bool = False) -> bytes:
    """The yardstick A: PDF/UA-1 by WeasyPrint as it comes, nothing kept from one document to the next: fonts, styles
    and photos are fetched and read anew, the page is parsed as HTML, and garbage is collected. The very sheet that our
    press gets, lean as it is; with `drawings_in_page` the drawings stand in it, as most pages would have them."""
    fonts = {f"static:fonts/{font.name}": font.read_bytes() for font in (STATIC / "fonts").glob("*.ttf")}
    photos = {photo_name(sha256): store.photos.read(sha256, "paper") for sha256 in sheet.photos}
    fetcher = Locked({**sheet.drawings, **photos, **fonts})
    config = FontConfiguration()
    texts = [(STATIC / name).read_text("utf-8") for name in STYLES]
    xhtml = sheet.xhtml
    if drawings_in_page:
        texts = [re.sub(r"\bimg(?=[.:, {])", ":is(img, svg)", text) for text in texts]
        xhtml = DRAWN.sub(lambda found: _in_page(sheet.drawings[found[2]].decode(), found[1], found[3]), xhtml)
    styles = [weasyprint.CSS(string=text, font_config=config, url_fetcher=fetcher) for text in texts]
    page = weasyprint.HTML(string=xhtml, url_fetcher=fetcher)
    pdf: bytes = page.write_pdf(stylesheets=styles, font_config=config, pdf_variant="pdf/ua-1")
    return pdf


def _in_page(drawing: str, kind: str, alt: str) -> str:
    """The drawing as an element, with its message as its title."""
    begin, _, rest = re.sub(r' (class|role)="[^"]*"', "", drawing, count=2).partition(">")
    return f'{begin} class="{kind}" role="img"><title>{alt}</title>{rest}'


def _branch_sheets(store: Store) -> Iterator[tuple[str, Sheet]]:
    desk = Desk(keeps=store.photos.pictures.has)
    for branch in store.branches.list_all():
        for period in PERIODS:
            yield branch.code, draw_sheet(read_branch_report(store, None, branch.code, period), desk)


def _visit_sheets(store: Store) -> Iterator[tuple[str, Sheet]]:
    desk = Desk(keeps=store.photos.pictures.has)
    for branch in store.branches.list_all():
        for visit in store.visits.of_branch(branch.code, PERIODS[-1].first, PERIODS[-1].last)[:2]:
            yield visit.id, draw_sheet(read_visit_report(store, None, visit.id), desk)


def _nearest(
    store: Store, printer: Printer, named: Iterable[tuple[str, Sheet]], pages: int, rounds: int
) -> list[Sheet]:
    """For each round the report of another branch or visit: those that come nearest to so many pages."""
    nearest: dict[str, tuple[int, Sheet]] = {}
    for name, sheet in named:
        if name in nearest and nearest[name][0] == 0:
            continue
        away = abs(_pages_in(_print_ours(store, sheet, printer)) - pages)
        if name not in nearest or away < nearest[name][0]:
            nearest[name] = away, sheet
        if sum(found == 0 for found, _ in nearest.values()) == rounds:
            break
    return [sheet for _, sheet in sorted(nearest.values(), key=lambda found: found[0])][:rounds]


def _print_ours(store: Store, sheet: Sheet, printer: Printer) -> bytes:
    return printer.print_sheet(sheet, lambda sha256: store.photos.read(sha256, "paper"))


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
