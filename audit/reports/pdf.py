"""A PDF from a document, made in a process of its own. Refuses to print in a web thread, or half a report."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from importlib.metadata import version

from audit.domain.errors import CandourError
from audit.reports.job import pack

ENGINE = f"WeasyPrint {version('weasyprint')}"
MOST_SECONDS = 120.0
MOST_BYTES = 200 << 20


class NotPrinted(CandourError):
    """The report could not be printed: too large, too slow, or a part of it failed."""


class Printer:
    """The way to the press. Starts it at the first job, again if it has died; `close` ends it. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None

    def render_pdf(self, xhtml: str, assets: Mapping[str, bytes], identifier: str) -> bytes:
        """The PDF/UA-1 of a well-formed document; `assets` are the only names it may ask for.

        The same arguments give the same bytes. NotPrinted if any part failed or a limit was reached.
        """
        job = pack(xhtml, assets, identifier)
        ours, theirs = socket.socketpair()
        with ours:
            ours.settimeout(MOST_SECONDS)
            with theirs:
                self._order(theirs)
            try:
                ours.sendall(job)
                ours.shutdown(socket.SHUT_WR)
                answer = _read(ours)
            except (TimeoutError, ConnectionError):
                answer = b""
        if answer[:2] != b"ok":
            reason = answer[2:].decode("utf-8", "replace") or "it took too long or too much memory"
            raise NotPrinted("The report could not be printed: {reason}", reason=reason)
        return answer[2:]

    def close(self) -> None:
        """End the press; a job that waits gets NotPrinted."""
        with self._lock:
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
                env={"LC_ALL": "C.UTF-8", "PATH": os.defpath},
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
