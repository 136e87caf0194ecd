"""Pages and finished visits while two PDFs are printed and four photos come in; memory and cold start of the server.

Pages and visits are asked for at a steady pace, and each is timed from the moment at which it was due: whoever waits
because the one before was slow waits too. Two readers ask for one report after the other that nobody has printed, and
four phones send one photo after the other. The installation is the demo, with the cast of the tests in it.
"""

from __future__ import annotations

import http.client
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path

from audit.demo.filling import fill_demo
from audit.demo.organisation import BRANCHES
from audit.domain.people import Person
from audit.storage.store import open_store
from audit.web.passwords import Passwords
from audit.web.push_keys import make_key
from tests import cast
from tests.bench.camera import a_photo
from tests.bench.load import Load, Work, all_at_once
from tests.bench.processes import Peak
from tests.bench.submissions import VISIT24, begun, envelope_body, must_all_be_scored
from tests.bench.table import Row, print_table
from tests.served import Installation

A_SECOND, CALLERS, READERS, PHONES = 10, 4, 2, 4
PAGES = ("/", "/branches", "/visits", "/areas/COAST", "/branches/C01/report")
PHOTOS_OF_A_VISIT = 30
PERIODS = 60
LOOK_AGAIN_SECONDS = 0.2
MOST_P99_MS, MOST_WEB_MIB, MOST_PRESS_MIB, MOST_COLD_SECONDS = 250, 76, 286, 2.0  # 80 and 300 MB


@dataclass(frozen=True)
class Took:
    """How long the pages took, and the visits."""

    pages: Load
    visits: Load


def measure(quick: bool) -> None:
    """Print the two tables."""
    seconds, starts = (4, 1) if quick else (20, 3)
    with tempfile.TemporaryDirectory() as folder, _demo(Path(folder)) as ours:
        ours.publish(VISIT24)
        cold = statistics.median(_cold_start(ours) for _ in range(starts))
        with ours.serving() as address:
            port = int(address.rsplit(":", 1)[1])
            _call(ours, port, A_SECOND)  # not counted: a server has files to read and statements to prepare
            with Peak("audit.cli") as quiet:
                alone = _call(ours, port, seconds * A_SECOND)
            with Peak("audit.cli") as web, Peak("audit.reports.press") as press, _busy(ours, port) as done:
                beside = _call(ours, port, seconds * A_SECOND)
    _print_calls(alone, beside, done)
    _print_sizes(cold, quiet, web, press)


class Caller:
    """Somebody who is signed in, on a connection that stays open."""

    def __init__(self, ours: Installation, port: int, person: Person) -> None:
        self._cookie = f"candour={ours.token(person)}"
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, raw: bytes | None = None) -> int:
        """The status, once all of the answer is there; RuntimeError unless it is one that was hoped for."""
        headers = {"Cookie": self._cookie, "Sec-Fetch-Site": "same-origin"}
        self._connection.request(method, path, raw, headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status not in (200, 201, 303):
            raise RuntimeError(f"{method} {path}: {answer.status}")
        return answer.status


@contextmanager
def _demo(folder: Path) -> Iterator[Installation]:
    store = open_store(folder / "candour.sqlite", folder / "photos")
    make_key(folder / "push.pem")
    try:
        fill_demo(store, Passwords(memory_kib=64, time_cost=1), datetime.now(UTC))
        with store.transaction():
            cast.seat_the_cast(store)
        yield Installation(folder, store)
    finally:
        store.close()


def _cold_start(ours: Installation) -> float:
    """Seconds until a server that did not run answers."""
    begun_at = time.perf_counter()
    with ours.serving():
        return time.perf_counter() - begun_at


def _call(ours: Installation, port: int, number: int) -> Took:
    """So many pages and as many finished visits, at a steady pace."""
    visits = begun(ours, number)
    office = [Caller(ours, port, cast.ADA) for _ in range(CALLERS)]
    phones = [Caller(ours, port, cast.SAM) for _ in range(CALLERS)]
    bodies = [envelope_body(visit) for visit in visits]

    def read(place: int) -> None:
        office[place % CALLERS].ask("GET", PAGES[place % len(PAGES)])

    def send(place: int) -> None:
        phones[place % CALLERS].ask("PUT", f"/visits/{visits[place].id}/submission", bodies[place])

    times: dict[str, list[float]] = {"read": [], "send": []}
    started = time.perf_counter()
    work = [
        _paced(who, one, times[name], started, number)
        for name, one in (("read", read), ("send", send))
        for who in range(CALLERS)
    ]
    all_at_once(work)
    seconds = time.perf_counter() - started
    must_all_be_scored(ours, visits)
    return Took(*(Load(seconds, tuple(sorted(milliseconds))) for milliseconds in times.values()))


def _paced(who: int, one: Callable[[int], None], times: list[float], started: float, number: int) -> Work:
    """What one of the callers does: every CALLERS-th call, when it is due."""

    def work() -> None:
        for place in range(who, number, CALLERS):
            due = started + place / A_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            one(place)
            times.append((time.perf_counter() - due) * 1000)

    return work


@contextmanager
def _busy(ours: Installation, port: int) -> Iterator[dict[str, int]]:
    """Reports are printed and photos sent until the end of the block; how many of each."""
    over, done = threading.Event(), {"PDFs": 0, "photos": 0}
    photo, drafts, numbers = a_photo(), begun(ours, 8 * PHONES), count()
    papers = iter(_not_printed_yet())

    def print_one(reader: Caller) -> None:
        path = next(papers)
        while reader.ask("GET", path) == 303 and not over.wait(LOOK_AGAIN_SECONDS):
            pass

    def send_one(phone: Caller) -> None:
        number = next(numbers)
        raw, visit = _another(photo, number), drafts[number // PHOTOS_OF_A_VISIT % len(drafts)]
        phone.ask("PUT", f"/visits/{visit.id}/photos/{sha256(raw).hexdigest()}", raw)

    def again(what: str, one: Callable[[Caller], None], person: Person) -> Work:
        caller = Caller(ours, port, person)

        def work() -> None:
            while not over.is_set():
                one(caller)
                done[what] += 1

        return work

    work = [again("PDFs", print_one, cast.ADA) for _ in range(READERS)]
    work += [again("photos", send_one, cast.SAM) for _ in range(PHONES)]
    crowd = threading.Thread(target=all_at_once, args=(work,))
    crowd.start()
    try:
        yield done
    finally:
        over.set()
        crowd.join()
    if not all(done.values()):
        raise RuntimeError(f"nothing was printed or sent meanwhile: {done}")


def _not_printed_yet() -> list[str]:
    """Where reports are asked for that differ in their branch or in their first day."""
    today = datetime.now(UTC).date()
    first_days = [today - timedelta(days=200 + day) for day in range(PERIODS)]
    return [
        f"/branches/{branch.code}/report.pdf?from={first}&to={today}" for first in first_days for branch in BRANCHES
    ]


def _another(photo: bytes, number: int) -> bytes:
    """The same picture in other bytes: a comment after the first marker of the file."""
    return photo[:2] + b"\xff\xfe\x00\x0a" + f"{number:08}".encode() + photo[2:]


def _print_calls(alone: Took, beside: Took, done: dict[str, int]) -> None:
    rows = [
        Row(name, str(len(load.milliseconds)), *(f"{load.quantile(share):.0f}" for share in (0.5, 0.99, 1)))
        for name, load in (
            ("pages, alone", alone.pages),
            ("visits, alone", alone.visits),
            ("pages, beside", beside.pages),
            ("visits, beside", beside.visits),
        )
    ]
    print_table(
        f"{A_SECOND} pages and {A_SECOND} visits a second, beside {READERS} PDFs and {PHONES} photos at any moment",
        ("", "calls", "p50 ms", "p99 ms", "slowest ms"),
        rows,
        "bin/bench together",
        f"Meanwhile {done['PDFs']} PDFs and {done['photos']} photos. Target beside them: p99 at most {MOST_P99_MS} ms.",
    )


def _print_sizes(cold: float, quiet: Peak, web: Peak, press: Peak) -> None:
    rows = [
        Row("largest process that answers: pages and visits alone, MiB", f"{quiet.largest_mib:.0f}", str(MOST_WEB_MIB)),
        Row("the same beside PDFs and photos, MiB", f"{web.largest_mib:.0f}", str(MOST_WEB_MIB)),
        Row("largest process of the press, MiB", f"{press.largest_mib:.0f}", str(MOST_PRESS_MIB)),
        Row("cold start, seconds", f"{cold:.2f}", f"{MOST_COLD_SECONDS:.0f}"),
    ]
    print_table(
        "What the server takes meanwhile (memory: Linux only, what is shared counted in parts)",
        ("", "figure", "at most"),
        rows,
        "bin/bench together",
    )
