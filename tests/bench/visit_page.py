"""The visit's page on a poor phone, beside the floor page and, where they are asked for, other form tools.

Bytes as served, time to the first usable question cold and warm, and what is kept through a reload and a `kill -9`.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from tests import cast
from tests.bench.keeping import LETTERS, SETTLED_MS, Kept, try_keeping
from tests.bench.lighthouse import Marks, marks_of
from tests.bench.opening import SLOWER, Opening, open_twice
from tests.bench.peers import Peers, build_peers
from tests.bench.static_pages import FLOOR
from tests.bench.submissions import VISIT24
from tests.bench.table import Row, print_table
from tests.served import SIX_SECRETS, Installation, free_port, installed, running

MOST_KILOBYTES = 40
COMMAND = "bin/bench bytes --peers"
NO_PEERS = Peers(Path(), Path(), (), {})


@dataclass(frozen=True)
class Shown:
    """A page that is measured; `place` leads to its first long text, `home` is the page that leads to it."""

    name: str
    url: str
    place: str = ""
    home: str = ""

    def open_twice(self, playwright: Playwright, cookie: str) -> tuple[Opening, Opening]:
        """Cold, and then as whoever comes back to it by its home."""
        return open_twice(playwright.chromium, self.url, cookie, self.home)


@dataclass(frozen=True)
class Measured:
    """What was measured of one page: each round cold and then warm, and what it keeps."""

    page: Shown
    opened: Sequence[tuple[Opening, Opening]]
    kept: Kept
    marks: Marks | None = None

    @property
    def cold(self) -> list[Opening]:
        return [first for first, _ in self.opened]

    @property
    def warm(self) -> list[Opening]:
        return [second for _, second in self.opened]


def measure(quick: bool, with_peers: bool = False) -> None:
    """Open each page, cold and warm, in turn; prints the tables."""
    rounds = 1 if quick else 5
    peers = build_peers() if with_peers else NO_PEERS
    with (
        tempfile.TemporaryDirectory() as name,
        installed(Path(name)) as ours,
        _served(ours, peers) as pages,
        sync_playwright() as playwright,
    ):
        cookie = ours.token(cast.SAM)
        opened = {page: [page.open_twice(playwright, cookie)] for page in pages}
        for page in [*pages] * (rounds - 1):
            opened[page].append(page.open_twice(playwright, cookie))
        marks = {page: marks_of(peers.packages, page.url, cookie) if with_peers else None for page in pages}
        # What a page keeps is tried last, since it is kept on the server too, and an empty visit is what was opened.
        settled_ms = SETTLED_MS // 2 if quick else SETTLED_MS
        kept = {page: _kept(playwright, page, cookie, settled_ms) for page in pages}
        measured = [Measured(page, opened[page], kept[page], marks[page]) for page in pages]
    print_pages(measured)
    print_beside(measured, rounds, peers.left_out)


@contextmanager
def _served(ours: Installation, peers: Peers) -> Iterator[list[Shown]]:
    """The floor page, ours, and those of the peers that are there."""
    ours.publish(VISIT24)
    ours.publish(SIX_SECRETS)
    short, long = (ours.begin(ours.assign(id)) for id in ("visit24", "six-secrets"))
    port = free_port()
    folders = [FLOOR, *(peers.pages / peer.folder for peer in peers.there)]
    command = [sys.executable, "-m", "tests.bench.static_pages", str(port), *map(str, folders)]
    at = f"http://127.0.0.1:{port}"
    with running(command, f"{at}/floor/", ours.folder / "pages.log"), ours.serving() as address:
        yield [
            Shown("floor page, 24 questions", f"{at}/floor/"),
            Shown("Candour, visit24", f"{address}/visits/{short.id}/form", "#s-s3", f"{address}/"),
            Shown("Candour, six-secrets", f"{address}/visits/{long.id}/form", "#s-closing", f"{address}/"),
            *(Shown(peer.title, f"{at}/{peer.folder}/") for peer in peers.there),
        ]


def _kept(playwright: Playwright, page: Shown, cookie: str, settled_ms: int) -> Kept:
    with tempfile.TemporaryDirectory() as profiles:
        return try_keeping(playwright, Path(profiles), page.url + page.place, cookie, settled_ms)


def print_pages(measured: list[Measured]) -> None:
    """What each page weighs, by kind."""
    floor = measured[0].cold[0].kilobytes
    rows = [
        Row(
            one.page.name,
            *(f"{one.cold[0].kilobytes_of(kind):.1f}" for kind in ("html", "css", "js", "other")),
            f"{one.cold[0].kilobytes:.1f}",
            f"{one.cold[0].kilobytes / floor:.1f}",
            str(len(one.cold[0].arrivals)),
            f"{max(opening.shift for opening in one.cold):.3f}",
        )
        for one in measured
    ]
    print_table(
        "What a visit's page weighs (KB as compressed on the wire, until the page is quiet)",
        ("", "HTML", "CSS", "JS", "other", "all KB", "x floor", "requests", "shift"),
        rows,
        "bin/bench bytes",
        f"Target: under {MOST_KILOBYTES} KB in all.",
    )


def print_beside(measured: list[Measured], rounds: int, left_out: Mapping[str, str]) -> None:
    """How soon it can be used, and what it keeps; those that could not be measured are named with the reason."""
    floor = _seconds(measured[0].cold)
    rows = [
        Row(
            one.page.name,
            f"{statistics.median(opening.kilobytes_to_first_question for opening in one.cold):.1f}",
            f"{_seconds(one.cold):.2f}",
            f"{_seconds(one.warm):.2f}",
            f"{_seconds(one.cold) / floor:.2f}",
            f"{statistics.median(opening.script_ms for opening in one.cold):.0f}",
            "yes" if one.kept.reload else "no",
            str(one.kept.killed),
            *([str(one.marks or "")] if any(each.marks for each in measured) else []),
        )
        for one in measured
    ]
    head = ("", "KB to it", "cold s", "warm s", "x floor", "script ms", "reload keeps", f"kept of {LETTERS}, killed")
    why = "".join(f" Left out: {title}, since {reason}." for title, reason in left_out.items())
    print_table(
        f"The first usable question on a slow phone (CPU x{SLOWER}, slow 4G, 360x740, medians of {rounds})",
        (*head, "Lighthouse speed / reach") if len(rows[0]) > len(head) else head,
        rows,
        COMMAND,
        f"KB complete when it could be used.{why}",
    )


def _seconds(openings: list[Opening]) -> float:
    return statistics.median(one.usable_ms for one in openings) / 1000
