"""Two lanes before the threads: while writers wait for long whoever only reads is answered, and nobody is forgotten."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from audit.storage.connections import BUSY_MILLISECONDS
from audit.web.lanes import MOST_WAITED_SECONDS, WAITED, Lanes
from audit.web.server import Limits, Server
from tests.cast import SAM
from tests.served import serve_in_thread
from tests.web.office import Office

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from waitress.channel import HTTPChannel

MOST_SECONDS = 60
TRACE = "audit_leaves_trace"  # what marks a view that may write, although it is safe to ask for
PHONE_SECONDS = 30  # after which a phone hangs up and tries again later: PATIENCE_MS of its sender


class Asking:
    """Stands in for a connection that asks for something; the answer takes until it `may_end`."""

    def __init__(self, method: str, *, path: str = "/", error: bool = False, fails: bool = False) -> None:
        self.requests = [SimpleNamespace(command=method, path=path, error=error, waited_seconds=None)]
        self.fails = fails
        self.begun, self.may_end, self.ended = threading.Event(), threading.Event(), threading.Event()

    def service(self) -> None:
        self.begun.set()
        assert self.may_end.wait(MOST_SECONDS)
        self.ended.set()
        if self.fails:
            raise ZeroDivisionError

    def cancel(self) -> None:
        self.may_end.set()

    def is_begun(self) -> bool:
        return self.begun.wait(MOST_SECONDS)

    def end(self) -> None:
        self.may_end.set()
        assert self.ended.wait(MOST_SECONDS)


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    """Three threads, two of them for writers."""
    made = Lanes(3, 2)
    yield made
    made.shutdown()


def come(lanes: Lanes, *asking: Asking) -> None:
    for each in asking:
        lanes.add_task(cast("HTTPChannel", each))


def read(lanes: Lanes, method: str = "GET") -> None:
    """Somebody reads, and is answered."""
    reader = Asking(method)
    come(lanes, reader)
    reader.end()


def test_while_many_wait_to_write_whoever_reads_is_answered(lanes: Lanes) -> None:
    writers = [Asking(method) for method in ("PUT", "POST", "DELETE", "PATCH", "PUT")]
    come(lanes, *writers)
    for method in ("GET", "HEAD", "OPTIONS"):
        read(lanes, method)
    assert [writer.begun.is_set() for writer in writers[2:]] == [False] * 3
    for writer in writers:
        assert writer.is_begun()
        writer.end()


def test_who_waits_to_write_comes_to_a_thread_in_turn_and_with_the_time_that_it_took(lanes: Lanes) -> None:
    first, second, third, fourth = writers = [Asking("PUT") for _ in range(4)]
    come(lanes, *writers)
    first.end()
    assert third.is_begun()
    read(lanes)
    assert not fourth.begun.is_set()
    for writer in (second, third, fourth):
        writer.end()
    waited = [writer.requests[0].waited_seconds for writer in writers]
    assert waited[:2] == [0, 0]
    assert min(waited[2:]) > 0


def test_a_writer_whose_answer_fails_gives_its_place_to_the_next(lanes: Lanes) -> None:
    writers = [Asking("PUT", fails=True) for _ in range(9)]
    come(lanes, *writers)
    for writer in writers:
        assert writer.is_begun()
        writer.end()
    read(lanes)


def test_what_could_not_be_understood_waits_for_nobody(lanes: Lanes) -> None:
    come(lanes, *(writers := [Asking("PUT") for _ in range(3)]))
    come(lanes, odd := Asking("PUT", error=True))
    odd.end()
    for writer in writers:
        writer.end()


def test_a_page_that_notes_that_it_was_opened_waits_with_those_who_write(lanes: Lanes, office: Office) -> None:
    views = office.app.view_functions
    noting = [rule.rule for rule in office.app.url_map.iter_rules() if hasattr(views[rule.endpoint], TRACE)]
    assert noting
    come(lanes, *(pages := [Asking("GET", path=rule) for rule in noting for _ in range(3)]))
    read(lanes)
    for page in pages:
        page.end()


class Desk:
    """An application whose writers wait until they are let go."""

    def __init__(self) -> None:
        self.may_write = threading.Event()
        self.came: list[tuple[str, float]] = []
        self.two_came = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.came.append((environ["REQUEST_METHOD"], environ[WAITED]))
        if len(self.came) == 2:
            self.two_came.set()
        if environ["REQUEST_METHOD"] != "GET":
            assert self.may_write.wait(MOST_SECONDS)
        start_response("200 OK", [("Content-Length", "0")])
        return []


def ask(server: Server, *methods: str) -> list[int]:
    """The statuses of requests that are made one after the other on one connection."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=MOST_SECONDS)
    statuses = []
    for method in methods:
        connection.request(method, "/")
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()
    return statuses


def test_the_server_answers_readers_while_writers_wait_and_then_all_in_whatever_order_they_asked() -> None:
    desk = Desk()
    server, thread = serve_in_thread(desk, Limits(threads=3, writing_threads=2))
    with ThreadPoolExecutor(9) as pool:
        try:
            asked = [pool.submit(ask, server, "PUT", "GET", "PUT") for _ in range(9)]
            assert desk.two_came.wait(MOST_SECONDS)
            assert ask(server, "GET", "GET") == [200, 200]
            assert [method for method, _ in desk.came] == ["PUT", "PUT", "GET", "GET"]
            desk.may_write.set()
            assert [each.result(MOST_SECONDS) for each in asked] == [[200, 200, 200]] * 9
            assert {waited for method, waited in desk.came if method == "GET"} == {0}
        finally:
            desk.may_write.set()
            server.stop()
            thread.join(MOST_SECONDS)


def test_who_waited_too_long_is_told_so_and_when_to_come_back(office: Office) -> None:
    def send(waited: float) -> tuple[int, str | None]:
        answer = office.browser(SAM).post("/submissions", data=b"[]", environ_overrides={WAITED: waited})
        return answer.status_code, answer.headers.get("Retry-After")

    assert send(MOST_WAITED_SECONDS) == (200, None)
    assert send(MOST_WAITED_SECONDS + 0.1) == (429, "5")


def test_whoever_stood_behind_one_that_was_refused_is_refused_too_before_a_phone_hangs_up() -> None:
    for_a_turn = BUSY_MILLISECONDS / 1000
    assert for_a_turn > MOST_WAITED_SECONDS
    assert for_a_turn + MOST_WAITED_SECONDS < PHONE_SECONDS
