"""The visit's page on a poor phone: bytes as served and time to the first usable question, beside the floor page.

Chromium at 360x740, CPU four times slower, "slow 4G" as Lighthouse has it; cold in a fresh profile, then warm.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserType, CDPSession, Page, sync_playwright

from tests import cast
from tests.bench.submissions import VISIT24
from tests.bench.table import Row, print_table
from tests.browsers import chromium
from tests.served import SIX_SECRETS, free_port, installed, running

PROBE = Path(__file__).parent / "probe.js"
SLOW_4G = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1_474_560 / 8,
    "uploadThroughput": 675_000 / 8,
    "connectionType": "cellular4g",
}
SLOWER = 4
QUIET = """() => self.candourBench?.usable != null && document.readyState === 'complete' && performance.now()
    - Math.max(candourBench.usable, ...candourBench.tasks.map(([start, length]) => start + length)) > 1500"""
KINDS = {"Document": "html", "Stylesheet": "css", "Script": "js"}
MOST_KILOBYTES = 40
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "en-GB",
}


@dataclass
class Opening:
    """One opening of a page: body bytes by kind as they came over the wire, requests, and what the probe saw."""

    bytes: dict[str, int] = field(default_factory=dict)
    requests: int = 0
    usable_ms: float = 0
    script_ms: float = 0
    shift: float = 0

    @property
    def kilobytes(self) -> float:
        return sum(self.bytes.values()) / 1024


def measure(quick: bool) -> None:
    """Open each page, cold and warm, in turn; prints the table."""
    rounds = 1 if quick else 5
    with tempfile.TemporaryDirectory() as name, installed(Path(name)) as ours:
        ours.publish(VISIT24)
        ours.publish(SIX_SECRETS)
        drafts = [ours.begin(ours.assign(id)) for id in ("visit24", "six-secrets")]
        cookie = ours.token(cast.SAM)
        port = free_port()
        floor = [sys.executable, "-m", "tests.bench.floor_page", str(port)]
        at = f"http://127.0.0.1:{port}/floor/"
        with running(floor, at, Path(name) / "floor.log"), ours.serving() as address, sync_playwright() as playwright:
            pages = {
                "floor page, 24 questions": at,
                **{f"{visit.checklist_id}": f"{address}/visits/{visit.id}/form" for visit in drafts},
            }
            opened: dict[str, list[tuple[Opening, Opening]]] = {name: [] for name in pages}
            for _ in range(rounds):
                for page, url in pages.items():
                    opened[page].append(_open_twice(playwright.chromium, url, cookie))
    _print(opened, rounds)


def _print(opened: Mapping[str, list[tuple[Opening, Opening]]], rounds: int) -> None:
    floor = next(iter(opened.values()))
    rows = []
    for page, openings in opened.items():
        cold, warm = [first for first, _ in openings], [second for _, second in openings]
        whole = cold[0].kilobytes
        rows.append(
            Row(
                page,
                *(f"{cold[0].bytes.get(kind, 0) / 1024:.1f}" for kind in ("html", "css", "js")),
                f"{whole:.1f}",
                f"{whole / floor[0][0].kilobytes:.1f}",
                str(cold[0].requests),
                f"{_seconds(cold):.2f}",
                f"{_seconds(warm):.2f}",
                f"{_seconds(cold) / _seconds([first for first, _ in floor]):.2f}",
                f"{statistics.median(one.script_ms for one in cold):.0f}",
                f"{max(one.shift for one in cold):.3f}",
            )
        )
    print_table(
        f"The visit's page on a slow phone (KB as compressed on the wire, medians of {rounds})",
        ("", "HTML", "CSS", "JS", "all KB", "x floor", "requests", "cold s", "warm s", "x floor", "script ms", "shift"),
        rows,
        "bin/bench bytes",
        f"Target: under {MOST_KILOBYTES} KB in all. Seconds are to the first usable question.",
    )


def _seconds(openings: list[Opening]) -> float:
    return statistics.median(one.usable_ms for one in openings) / 1000


def _open_twice(browsers: BrowserType, url: str, cookie: str) -> tuple[Opening, Opening]:
    with chromium(browsers) as browser:
        context = browser.new_context(**PHONE)
        context.add_cookies([{"name": "candour", "value": cookie, "domain": "127.0.0.1", "path": "/"}])
        context.add_init_script(path=PROBE)
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Performance.enable")
        session.send("Network.emulateNetworkConditions", SLOW_4G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        return _open(page, session, url), _open(page, session, url)


def _open(page: Page, session: CDPSession, url: str) -> Opening:
    opening, kinds = Opening(), {}

    def begun(event: dict[str, object]) -> None:
        kinds[event["requestId"]] = KINDS.get(str(event.get("type")), "other")

    def received(event: dict[str, object]) -> None:
        if event["response"].get("fromDiskCache") or event["response"].get("fromServiceWorker"):  # type: ignore[attr-defined]
            kinds.pop(event["requestId"], None)
            return
        length = {k.lower(): v for k, v in event["response"]["headers"].items()}.get("content-length", "0")  # type: ignore[index]
        kind = kinds.get(event["requestId"], "other")
        opening.bytes[kind] = opening.bytes.get(kind, 0) + int(length)
        opening.requests += 1

    session.on("Network.requestWillBeSent", begun)
    session.on("Network.responseReceived", received)
    before = _script_seconds(session)
    page.goto(url, wait_until="commit", timeout=60_000)
    deadline = time.monotonic() + 60
    while not page.evaluate(QUIET):  # asked from outside, since the page's own policy forbids it to evaluate anything
        if time.monotonic() > deadline:
            raise RuntimeError(f"{url} showed no question that can be used")
        page.wait_for_timeout(200)
    opening.usable_ms, opening.shift = page.evaluate("[candourBench.usable, candourBench.shift]")
    opening.script_ms = (_script_seconds(session) - before) * 1000
    session.remove_listener("Network.requestWillBeSent", begun)
    session.remove_listener("Network.responseReceived", received)
    return opening


def _script_seconds(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(float(metric["value"]) for metric in metrics if metric["name"] == "ScriptDuration")
