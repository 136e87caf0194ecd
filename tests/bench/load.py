"""Sixteen clients that post one message after another, each on a connection of its own, and note how long each took."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

Work = Callable[[], object]
CLIENTS = 16


@dataclass(frozen=True)
class Load:
    """What came of it: how many were answered, in how many seconds, and the milliseconds that each took, in order."""

    seconds: float
    milliseconds: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.milliseconds) / self.seconds

    def quantile(self, share: float) -> float:
        """Milliseconds within which this share was answered."""
        return self.milliseconds[min(len(self.milliseconds) - 1, int(len(self.milliseconds) * share))]


def post_all(port: int, requests: Sequence[bytes], expected: bytes) -> Load:
    """Send every request, whole bytes of HTTP, from CLIENTS connections; RuntimeError at an answer that does not begin
    as `expected`."""
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(CLIENTS)]
    for connection in connections:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        return run_all(requests, [lambda raw, c=connection: _post(c, raw, expected) for connection in connections])
    finally:
        for connection in connections:
            connection.close()


def run_all(work: Sequence[object], workers: Sequence[Callable[..., object]]) -> Load:
    """Share the work out among the workers, each in a thread, in turn; the first failure is raised."""
    taken: list[float] = []

    def toil(number: int) -> None:
        for one in work[number :: len(workers)]:
            begun = time.perf_counter()
            workers[number](one)
            taken.append((time.perf_counter() - begun) * 1000)

    begun = time.perf_counter()
    all_at_once([partial(toil, number) for number in range(len(workers))])
    return Load(time.perf_counter() - begun, tuple(sorted(taken)))


def all_at_once(work: Sequence[Work]) -> None:
    """Each in a thread of its own; the first failure is raised."""
    failures: list[BaseException] = []

    def toil(one: Work) -> None:
        try:
            one()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=toil, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def request_of(path: str, body: bytes, headers: dict[str, str], method: str = "POST") -> bytes:
    """The bytes of a request, as a browser sends it on a connection that stays open."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Sec-Fetch-Site: same-origin",
        f"Content-Length: {len(body)}",
    ]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _post(connection: socket.socket, raw: bytes, expected: bytes) -> None:
    connection.sendall(raw)
    answer = b""
    while (end := answer.find(b"\r\n\r\n")) < 0:
        answer += _more(connection)
    head = answer[:end].lower()
    mark = head.find(b"content-length:")
    left = int(head[mark + 15 :].split(b"\r\n", 1)[0]) - len(answer) + end + 4 if mark >= 0 else 0
    while left > 0:
        left -= len(_more(connection))
    if not answer.startswith(expected):
        raise RuntimeError(f"expected {expected!r}, got {answer[:2000]!r}")


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(1 << 16)
    if not part:
        raise RuntimeError("the server hung up")
    return part
