"""A PDF from a sheet, made in a process of its own. Refuses to print in a web thread, or half a report."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping

from audit.domain.errors import CandourError, TooMany
from audit.reports.drawer import Drawer
from audit.reports.job import Job, pack
from audit.reports.paper import Sheet, photo_name

MOST_SECONDS = 120.0
MOST_BYTES = 200 << 20
SOON_SECONDS = 20.0  # before any limit on time ends a job
MOST_WAITING = 4


class NotPrinted(CandourError):
    """The report could not be printed: too large, too slow, or a part of it failed."""


class NotWhole(NotPrinted):
    """A part of what was to be bound together could not be printed."""


class Printer:
    """The way to the press. Starts it at the first job, again if it has died; `close` ends it. Safe from any thread.

    What it has printed it keeps in its drawer. Only a few may wait at once, so that pages always find a thread."""

    def __init__(self, drawer: Drawer | None = None, most_waiting: int = MOST_WAITING) -> None:
        self.drawer = drawer
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(most_waiting)
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None
        self._closed = 0

    def print_sheet(self, sheet: Sheet, picture: Callable[[str], bytes]) -> bytes:
        """The PDF of a sheet, from the drawer if it is there; `picture` gives the JPEG of a photo by its sha256.

        PDF/UA-1, or PDF/A-3a with its attachments if it has some; the same sheet gives the same bytes. TooMany if too
        many wait already; NotPrinted if it cannot be printed."""
        kept = self.drawer.find(sheet.key) if self.drawer else None
        if kept is not None:
            return kept
        if not self._places.acquire(blocking=False):
            raise TooMany("Many reports are being printed. Try again in a moment.", retry_after_seconds=5)
        try:
            pictures = {photo_name(sha256): picture(sha256) for sha256 in sheet.photos}
            pdf = self.render_job(Job(sheet.xhtml, {**sheet.drawings, **pictures}, sheet.attachments, sheet.dated))
        finally:
            self._places.release()
        if self.drawer:
            self.drawer.keep(sheet.key, pdf)
        return pdf

    def render_pdf(self, xhtml: str, assets: Mapping[str, bytes]) -> bytes:
        """The PDF/UA-1 of a well-formed document; `assets` are the only names it may ask for.

        The same arguments give the same bytes. NotPrinted if any part failed or a limit was reached.
        """
        return self.render_job(Job(xhtml, assets))

    def render_job(self, job: Job) -> bytes:
        """The PDF of a job. NotPrinted if any part failed or a limit was reached.

        A system short of memory kills whom it likes: a job that says nothing and ends soon is printed once more."""
        packed, closed, began = pack(job), self._closed, time.monotonic()
        answer = self._ask(packed)
        if not answer and self._closed == closed and time.monotonic() - began < SOON_SECONDS:
            answer = self._ask(packed)
        if answer[:2] != b"ok":
            reason = answer[2:].decode("utf-8", "replace") or "it took too long or too much memory"
            raise NotPrinted("The report could not be printed: {reason}", reason=reason)
        return answer[2:]

    def _ask(self, packed: bytes) -> bytes:
        """What the press answers; nothing if the job ended without a word."""
        ours, theirs = socket.socketpair()
        with ours:
            ours.settimeout(MOST_SECONDS)
            with theirs:
                self._order(theirs)
            try:
                ours.sendall(packed)
                ours.shutdown(socket.SHUT_WR)
                return _read(ours)
            except (TimeoutError, ConnectionError):
                return b""

    def close(self) -> None:
        """End the press; a job that waits gets NotPrinted."""
        with self._lock:
            self._closed += 1
            if self._orders is not None:
                self._orders.close()
            if self._process is not None:
                self._process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(5)
            self._orders = self._process = None

    def _order(self, connection: socket.socket) -> None:
        with self._lock:
            for _attempt in range(2):
                if self._orders is None or self._process is None or self._process.poll() is not None:
                    self._start()
                assert self._orders is not None
                try:
                    socket.send_fds(self._orders, [b"."], [connection.fileno()])
                    return
                except OSError:
                    self._process = None
        raise NotPrinted("The report could not be printed: {reason}", reason="the press does not start")

    def _start(self) -> None:
        if self._orders is not None:
            self._orders.close()
        self._orders, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-m", "audit.reports.press", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={"LC_ALL": "C.UTF-8", "PATH": os.defpath, "TMPDIR": tempfile.gettempdir()},
                stdin=subprocess.DEVNULL,
            )


def _read(connection: socket.socket) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := connection.recv(1 << 20):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            return b"noit is too large"
    return b"".join(parts)
