"""A wire between phone and server that can be told which requests to lose, before or after the server had them."""

from __future__ import annotations

import http.client
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BEFORE, AFTER, HANG, STATUS = "lost before it arrived", "lost after it was stored", "never answered", "refused"
LATE = "passed on late"
HOP_BY_HOP = ("connection", "keep-alive", "transfer-encoding", "content-length")
PATIENCE = 60
SUBMISSION = r"/visits/[^/]+/submission"
DRAFT = r"/visits/[^/]+/draft"
PHOTO = r"/visits/[^/]+/photos/.+"


@dataclass
class Fault:
    """What becomes of the next `times` requests that fit. `met` is set once one did; `then` is called then. What is
    LATE waits until it `may_go_on`."""

    method: str
    path: str
    kind: str
    times: int = 1
    status: int = 503
    then: Callable[[], object] = lambda: None
    met: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Call:
    """One request that the wire saw."""

    method: str
    path: str
    body: bytes


class Wire:
    """Passes requests on to the server at `port`, one answer each. `down`: nothing gets through."""

    def __init__(self, port: int) -> None:
        self.port, self.down = port, False
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.ending = threading.Event()
        self._lock = threading.Lock()
        self.server = _Ends(("127.0.0.1", 0), _Line)
        self.server.wire = self
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"

    def lose(self, method: str, path: str, kind: str, times: int = 1, **more: Any) -> Fault:
        """From now on, that many requests that fit come to this end."""
        fault = Fault(method, path, kind, times, **more)
        with self._lock:
            self.faults.append(fault)
        return fault

    def heal(self) -> None:
        """From now on, everything gets through."""
        with self._lock:
            self.faults.clear()
        self.down = False

    def made(self, method: str, path: str) -> list[Call]:
        """The requests of that kind so far, in their order."""
        return [call for call in self.calls if call.method == method and re.fullmatch(path, call.path)]

    def fault_for(self, method: str, path: str) -> Fault | None:
        with self._lock:
            for fault in self.faults:
                if fault.times and fault.method == method and re.fullmatch(fault.path, path):
                    fault.times -= 1
                    return fault
        return None


class _Ends(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    wire: Wire

    def handle_error(self, request: object, client_address: object) -> None:
        """A phone that was killed hangs up in the middle of a word: nothing to tell."""


class _Line(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Ends

    def _pass_on(self) -> None:
        wire = self.server.wire
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.split("?")[0]
        fault = wire.fault_for(self.command, path)
        wire.calls.append(Call(self.command, path, body))  # before anybody can know of it by the answer
        self._answer(wire, fault, body)
        if fault:
            fault.met.set()

    def _answer(self, wire: Wire, fault: Fault | None, body: bytes) -> None:
        kind = fault.kind if fault else None
        if kind == HANG:
            fault.met.set()  # type: ignore[union-attr]
            wire.ending.wait()
        if kind == LATE:
            fault.met.set()  # type: ignore[union-attr]
            fault.may_go_on.wait(PATIENCE)  # type: ignore[union-attr]
        if kind == STATUS:
            return self._say(fault.status, [("Retry-After", "1")], b"")  # type: ignore[union-attr]
        if kind in (BEFORE, HANG) or wire.down:
            return self._cut(fault)
        try:
            status, headers, answer = self._ask(wire.port, body)
        except (OSError, http.client.HTTPException):
            return self._cut(fault)
        if kind == AFTER:
            return self._cut(fault)
        self._say(status, headers, answer)

    def _ask(self, port: int, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            line.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in HOP_BY_HOP[:3]:
                    line.putheader(name, value)
            line.endheaders(body)
            answer = line.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            line.close()

    def _say(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _cut(self, fault: Fault | None) -> None:
        if fault:
            fault.then()
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_HEAD = do_POST = do_PUT = _pass_on

    def log_message(self, format: str, *args: object) -> None:
        """The calls are kept; nothing is printed."""


@contextmanager
def wired(port: int) -> Iterator[Wire]:
    """A wire to the server at that port, until the end of the block."""
    wire = Wire(port)
    threading.Thread(target=wire.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield wire
    finally:
        wire.ending.set()
        wire.server.shutdown()
        wire.server.server_close()
