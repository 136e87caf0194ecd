"""Requests that try to hide another one behind themselves: each is refused, and nothing after it is read."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pytest

from audit.web.server import Server, listen

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MOST_SECONDS = 60
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@pytest.fixture
def asked_for() -> list[str]:
    """The paths that reached the application."""
    return []


@pytest.fixture
def server(asked_for: list[str]) -> Iterator[Server]:
    def note(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.input"].read()
        asked_for.append(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Length", "0")])
        return []

    serving = Server(note, listen("127.0.0.1", 0))
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    yield serving
    serving.stop()
    thread.join(MOST_SECONDS)
    assert not thread.is_alive()


def answered(server: Server, request: bytes) -> bytes:
    """All that is said until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=MOST_SECONDS) as connection:
        connection.sendall(request)
        said = b""
        while came := connection.recv(4096):
            said += came
    return said


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 6\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nContent-Length: 6",
        b"Content-Length: 0\r\nTransfer-Encoding: chunked",
        b"Content-Length: 5\r\nContent-Length: 50",
        b"Content-Length: 5, 5",
        b"Transfer-Encoding: chunked, identity",
        b"Transfer-Encoding: xchunked",
    ],
)
def test_a_request_that_ends_in_two_places_is_refused_with_all_that_follows(
    server: Server, asked_for: list[str], framing: bytes
) -> None:
    said = answered(server, b"POST / HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n\r\n0\r\n\r\n" + HIDDEN)
    assert said.startswith((b"HTTP/1.1 400", b"HTTP/1.1 501", b"HTTP/1.0 400")), said
    assert said.count(b"HTTP/1.") == 1
    assert asked_for == []


def test_a_request_in_chunks_and_the_one_after_it_are_both_read(server: Server, asked_for: list[str]) -> None:
    chunks = b"POST /chunks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    said = answered(server, chunks + HIDDEN)
    assert said.count(b"HTTP/1.1 200") == 2
    assert asked_for == ["/chunks", "/hidden"]
