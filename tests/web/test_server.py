"""The server under people who dawdle: deadlines, caps, and an ending that loses nothing."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest

from audit.web.server import Limits, Server, fall_silent, listen, turn_away
from audit.web.sharing_out import Connected, Share
from audit.web.supervisor import can_fork
from tests.served import free_port, serve_in_thread, talking
from tests.waiting import turns, wait_until

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MOST_SECONDS = 60
HASTY = Limits(header_seconds=0.5, body_bytes_a_second=4096, idle_seconds=0.6, look_every_seconds=0.1)
PATIENT = Limits(header_seconds=600, idle_seconds=600, look_every_seconds=0.1)


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body) + 2))])
    return [b"ok", body]


@contextmanager
def serving(limits: Limits = HASTY, app: object = echo) -> Iterator[Server]:
    server, thread = serve_in_thread(app, limits)  # type: ignore[arg-type]
    try:
        yield server
    finally:
        server.stop()
        thread.join(MOST_SECONDS)
        assert not thread.is_alive()


def probe(server: Server) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=MOST_SECONDS)
    connection.request("GET", "/")
    status = connection.getresponse().status
    connection.close()
    return status


def connect(server: Server, begin: bytes) -> socket.socket:
    slow = socket.create_connection(("127.0.0.1", server.port), timeout=MOST_SECONDS)
    slow.sendall(begin)
    return slow


def is_closed_by_server(slow: socket.socket, within: float = MOST_SECONDS) -> bool:
    slow.settimeout(within)
    try:
        while slow.recv(4096):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


SLOW = {
    "says nothing": b"",
    "does not end its headers": b"GET / HTTP/1.1\r\nHost: x\r\n",
    "does not send its body": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc",
    "asks once and stays": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("begin", SLOW.values(), ids=SLOW.keys())
def test_whoever_dawdles_is_let_go(begin: bytes) -> None:
    with serving() as server:
        assert is_closed_by_server(connect(server, begin))


@pytest.mark.parametrize("begin", SLOW.values(), ids=SLOW.keys())
def test_sixty_who_dawdle_keep_nobody_waiting(begin: bytes) -> None:
    with serving(PATIENT) as server:
        slow = [connect(server, begin) for _ in range(60)]
        assert [probe(server) for _ in range(20)] == [200] * 20
        assert len(server._waitress.active_channels) >= 60  # so that nobody was waited for
        for each in slow:
            each.close()


class Clock:
    """A monotonic clock that stands until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


def test_a_body_that_comes_steadily_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("audit.web.server.time", clock)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 12000\r\n\r\n"
    with serving() as server:
        steady = connect(server, head)
        for n in range(12):  # some 9 KB a second, for longer than the headers may take
            wait_until(lambda n=n: came(server) == len(head) + 1000 * n)
            clock.now += 0.11
            steady.sendall(b"x" * 1000)
        answer = b""
        while chunk := steady.recv(65536):
            answer += chunk
        assert answer.startswith(b"HTTP/1.1 200")
        assert answer.endswith(b"x" * 1000)


def came(server: Server) -> int:
    """The bytes that the server has of the request that is coming in."""
    return sum(channel.came for channel in list(server._waitress.active_channels.values()))


def test_one_address_gets_so_many_connections_and_the_newest_are_kept() -> None:
    limits = Limits(most_for_address=10, look_every_seconds=0.1, drain_seconds=0.2)
    with serving(limits) as server:
        slow = [connect(server, b"GET / HTTP/1.1\r\n") for _ in range(30)]
        assert is_closed_by_server(slow[0])
        assert not is_closed_by_server(slow[-1], within=0.3)
        assert probe(server) == 200


def test_a_trusted_proxy_gets_as_many_as_it_needs() -> None:
    server = Server(
        echo,
        listen("127.0.0.1", 0),
        Limits(most_for_address=2, look_every_seconds=0.1, drain_seconds=0.2),
        [ip_network("127.0.0.0/8")],
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    many = [connect(server, b"GET / HTTP/1.1\r\n") for _ in range(6)]
    assert not is_closed_by_server(many[0], within=0.5)
    server.stop()
    thread.join(MOST_SECONDS)


def test_a_full_house_still_answers_whoever_asks_properly() -> None:
    with serving(Limits(most_connections=50, look_every_seconds=0.1, drain_seconds=0.2)) as server:
        slow = [connect(server, b"GET / HTTP/1.1\r\n") for _ in range(120)]
        assert probe(server) == 200
        assert len(slow) == 120


def test_a_header_or_a_body_beyond_all_measure_is_refused() -> None:
    with serving(Limits(largest_header=2000, largest_body=1000)) as server:
        large = connect(server, b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 5000 + b"\r\n\r\n")
        assert b"431" in large.recv(4096)
        heavy = connect(server, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n")
        assert b"413" in heavy.recv(4096)


@pytest.mark.skipif(not can_fork(), reason="several processes at one port need Linux")
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_port_that_is_silent_is_nobodys_but_ours_and_answers_when_we_listen(host: str) -> None:
    with listen(host, free_port()) as ours:
        port = ours.getsockname()[1]
        fall_silent(ours)
        for others in ("127.0.0.1", "0.0.0.0"):  # another server that begins in this instant
            with pytest.raises(OSError, match="in use"):
                listen(others, port)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
        ours.listen()
        socket.create_connection(("127.0.0.1", port)).close()
    listen(host, port).close()


@contextmanager
def serving_beside(listening: socket.socket, share: Share) -> Iterator[Server]:
    server = Server(echo, listening.dup(), Limits(drain_seconds=0.2), share=share)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server
    server.stop()
    thread.join(MOST_SECONDS)


def test_callers_are_shared_out_evenly_among_those_who_answer_at_one_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.web.sharing_out.PATIENCE_SECONDS", 0.1)  # the other one may have to wait for a core
    connected = Connected(2)
    with listen("127.0.0.1", 0) as port, ExitStack() as open_servers:
        first, second = (open_servers.enter_context(serving_beside(port, Share(connected, n))) for n in range(2))
        callers = [connect(first, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(16)]
        for caller in callers:
            assert caller.recv(100).startswith(b"HTTP/1.1 200")
        here = [len(server._waitress.active_channels) for server in (first, second)]
        assert sum(here) == 16
        assert min(here) >= 3  # on a busy machine one of them may come too late for some


def test_who_is_left_to_a_process_that_does_not_come_is_answered_all_the_same() -> None:
    connected = Connected(2)  # the other one is stopped, and has nobody
    with listen("127.0.0.1", 0) as port, serving_beside(port, Share(connected, 0)) as server:
        for _ in range(5):
            with connect(server, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") as caller:
                assert caller.recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.skipif(not can_fork(), reason="several processes at one port need Linux")
def test_who_starts_again_at_once_gets_the_port_though_callers_of_before_still_linger() -> None:
    port = 0
    for _ in range(2):
        with listen("127.0.0.1", port) as ours:
            fall_silent(ours)
            with serving_beside(ours, Share(Connected(1), 0)) as server:
                port = server.port
                with connect(server, b"GET / HTTP/1.0\r\nHost: x\r\n\r\n") as caller:
                    while caller.recv(4096):  # the server hangs up first, so that its end of the line lingers
                        pass


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can turn away")
def test_who_came_before_the_end_is_kept_and_who_comes_after_is_turned_away() -> None:
    with listen("127.0.0.1", 0) as port:
        with socket.create_connection(port.getsockname()) as early:
            turn_away(port)
            with pytest.raises(TimeoutError):
                socket.create_connection(port.getsockname(), timeout=0.2)
            early.sendall(b"here")
            taken, _ = port.accept()
            with taken:
                assert taken.recv(10) == b"here"
        port.setblocking(False)
        with pytest.raises(BlockingIOError):
            port.accept()


SLEEPY = """
import time
from audit.web.server import listen, serve
def app(environ, start_response):
    body = environ["wsgi.input"].read()
    print("begun\\n", end="", flush=True)  # at once, or two threads share a line
    time.sleep(0.5)
    start_response("200 OK", [("Content-Length", "4")])
    return [b"done"]
listening = listen("127.0.0.1", 0)
print(listening.getsockname()[1], flush=True)
serve(app, listening)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM")
def test_whoever_is_on_the_way_at_the_end_is_answered() -> None:
    with talking([sys.executable, "-c", SLEEPY]) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        answers: list[int] = []
        all_asked = threading.Barrier(9)

        def ask() -> None:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=MOST_SECONDS)
            connection.request("POST", "/", body=b"x" * 50_000)
            all_asked.wait(MOST_SECONDS)
            answers.append(connection.getresponse().status)

        asking = [threading.Thread(target=ask) for _ in range(8)]
        for each in asking:
            each.start()
        all_asked.wait(MOST_SECONDS)
        assert process.stdout.readline() == "begun\n"
        os.kill(process.pid, signal.SIGTERM)
        for each in asking:
            each.join(MOST_SECONDS)
        assert answers == [200] * 8
        assert process.wait(MOST_SECONDS) == 0


def test_whoever_got_through_just_before_the_end_may_still_say_what_is_wanted() -> None:
    server, thread = serve_in_thread(echo)
    came = [connect(server, b"") for _ in range(20)]
    server.stop()
    until_nobody_listens(server)
    for each in came:
        each.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    answers = [read_all(each) for each in came]
    assert [answer[:15] for answer in answers] == [b"HTTP/1.1 200 OK"] * 20
    thread.join(MOST_SECONDS)
    assert not thread.is_alive()


def test_whoever_got_through_and_says_nothing_does_not_hold_the_end_up() -> None:
    server, thread = serve_in_thread(echo, Limits(newcomer_seconds=0.2, drain_seconds=600))
    silent = connect(server, b"")
    server.stop()
    thread.join(MOST_SECONDS)
    assert not thread.is_alive()
    silent.close()


TOLD_EARLY = """
import os, signal
from audit.web.server import Early, listen, serve
early, listening = Early(), listen("127.0.0.1", 0)
print(listening.getsockname()[1], flush=True)
input()
os.kill(os.getpid(), signal.SIGTERM)
def app(environ, start_response):
    start_response("200 OK", [("Content-Length", "0")])
    return []
serve(app, listening, early=early)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM")
def test_who_called_before_a_server_was_ready_that_is_told_to_end_is_answered() -> None:
    with talking([sys.executable, "-c", TOLD_EARLY]) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        called = socket.create_connection(("127.0.0.1", int(process.stdout.readline())))
        called.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        process.stdin.write("\n")
        process.stdin.flush()
        assert read_all(called).startswith(b"HTTP/1.1 200 OK")
        assert process.wait(MOST_SECONDS) == 0


def test_the_last_answer_says_that_it_is_the_last() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def held(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        begun.set()
        assert may_end.wait(MOST_SECONDS)
        start_response("200 OK", [("Content-Length", "0")])
        return []

    server, thread = serve_in_thread(held)
    asked = connect(server, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert begun.wait(MOST_SECONDS)
    server.stop()
    until_nobody_listens(server)
    may_end.set()
    assert b"\r\nConnection: close\r\n" in read_all(asked)
    thread.join(MOST_SECONDS)


def until_nobody_listens(server: Server) -> None:
    with suppress(ConnectionRefusedError):
        for _ in turns(MOST_SECONDS):
            socket.create_connection(("127.0.0.1", server.port)).close()
            time.sleep(0.01)
        pytest.fail("the port is still open")


def read_all(connection: socket.socket) -> bytes:
    connection.settimeout(MOST_SECONDS)
    answer = b""
    with connection:
        while part := connection.recv(65536):
            answer += part
    return answer


@pytest.mark.soak
@pytest.mark.parametrize("begin", SLOW.values(), ids=SLOW.keys())
def test_a_thousand_who_dawdle_keep_nobody_waiting(begin: bytes) -> None:
    with serving(Limits()) as server:
        slow = [connect(server, begin) for _ in range(1000)]
        over = time.monotonic() + 25
        while time.monotonic() < over:
            started = time.monotonic()
            assert probe(server) == 200
            assert time.monotonic() - started < server.limits.header_seconds / 2
            time.sleep(0.2)
        for each in slow:
            each.close()
