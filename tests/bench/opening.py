"""One page opened on a poor phone: bytes as they came over the wire, and when its first question could be used.

Chromium at 360x740, CPU four times slower, "slow 4G" as Lighthouse has it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserType, CDPSession, Page

from tests.browsers import chromium

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
LISTED = """() => document.querySelector('[data-part=offline]')
    && [...document.querySelectorAll('[data-part=offline]')].every((place) => place.textContent)"""
KINDS = {"Document": "html", "Stylesheet": "css", "Script": "js"}
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "en-GB",
}
MOST_SECONDS = 120


@dataclass
class Arrival:
    """An answer that came over the wire: its kind, the bytes of its body, the seconds since the page was asked for."""

    kind: str
    bytes: int
    seconds: float


@dataclass
class Opening:
    """One opening of a page: what came, in the order in which it was complete, and what the probe saw."""

    arrivals: list[Arrival] = field(default_factory=list)
    usable_ms: float = 0
    script_ms: float = 0
    shift: float = 0

    @property
    def kilobytes(self) -> float:
        """All that came until the page was quiet."""
        return sum(arrival.bytes for arrival in self.arrivals) / 1024

    @property
    def kilobytes_to_first_question(self) -> float:
        """What was complete when the first question could be used."""
        return sum(arrival.bytes for arrival in self.arrivals if arrival.seconds * 1000 <= self.usable_ms) / 1024

    def kilobytes_of(self, kind: str) -> float:
        """All that came of one of the KINDS, or of `other`."""
        return sum(arrival.bytes for arrival in self.arrivals if arrival.kind == kind) / 1024


def open_twice(browsers: BrowserType, url: str, cookie: str, between: str = "") -> tuple[Opening, Opening]:
    """The page in a fresh profile, then once more; `between` is the list that leads to it, opened in the meantime until
    it says that all of it is on the phone."""
    with chromium(browsers) as browser:
        context = browser.new_context(**PHONE)  # type: ignore[arg-type]
        context.add_cookies([{"name": "candour", "value": cookie, "domain": "127.0.0.1", "path": "/"}])
        context.add_init_script(path=PROBE)
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Performance.enable")
        session.send("Network.emulateNetworkConditions", SLOW_4G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        first = _open(page, session, url)
        if between:
            page.goto(between, timeout=MOST_SECONDS * 1000)
            _wait(page, LISTED, f"{between} brought no visit to the phone")
        return first, _open(page, session, url)


class Wire:
    """What comes over the wire while a page is opened."""

    def __init__(self) -> None:
        self.begun: float | None = None
        self.kinds: dict[str, str] = {}
        self.lengths: dict[str, int] = {}
        self.arrivals: list[Arrival] = []

    def ask(self, event: Mapping[str, Any]) -> None:
        """A request goes out; the first is for the page itself."""
        self.begun = event["timestamp"] if self.begun is None else self.begun
        self.kinds[event["requestId"]] = KINDS.get(str(event.get("type")), "other")

    def hear(self, event: Mapping[str, Any]) -> None:
        """The head of an answer, which tells how long its body is. What was kept before comes over no wire."""
        answer = event["response"]
        if not answer.get("fromDiskCache") and not answer.get("fromServiceWorker"):
            headers = {name.lower(): value for name, value in answer["headers"].items()}
            self.lengths[event["requestId"]] = int(headers.get("content-length", 0))

    def finish(self, event: Mapping[str, Any]) -> None:
        """The last byte of a body."""
        length = self.lengths.pop(event["requestId"], None)
        if length is not None and self.begun is not None:
            kind = self.kinds.get(event["requestId"], "other")
            self.arrivals.append(Arrival(kind, length, event["timestamp"] - self.begun))


def _open(page: Page, session: CDPSession, url: str) -> Opening:
    wire = Wire()
    hearing = {
        "Network.requestWillBeSent": wire.ask,
        "Network.responseReceived": wire.hear,
        "Network.loadingFinished": wire.finish,
    }
    for name, hear in hearing.items():
        session.on(name, hear)
    before = _script_seconds(session)
    page.goto(url, wait_until="commit", timeout=MOST_SECONDS * 1000)
    _wait(page, QUIET, f"{url} showed no question that can be used")
    usable, shift = page.evaluate("[candourBench.usable, candourBench.shift]")
    for name, hear in hearing.items():
        session.remove_listener(name, hear)
    return Opening(wire.arrivals, usable, (_script_seconds(session) - before) * 1000, shift)


def _wait(page: Page, holds: str, otherwise: str) -> None:
    deadline = time.monotonic() + MOST_SECONDS
    while not page.evaluate(holds):  # asked from outside, since the page's own policy forbids it to evaluate anything
        if time.monotonic() > deadline:
            raise RuntimeError(otherwise)
        page.wait_for_timeout(200)


def _script_seconds(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(float(metric["value"]) for metric in metrics if metric["name"] == "ScriptDuration")
