"""What was acknowledged is there, once: a server killed over and over, a whole fleet coming home, an orderly end."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.served import Installation
from tests.soak.outbox import (
    Line,
    MortalServer,
    Phones,
    Queued,
    furnished,
    must_all_be_there_once,
    queue_visits,
    tokens,
)

KILLS = int(os.environ.get("CANDOUR_KILLS", "40"))
QUEUED = int(os.environ.get("CANDOUR_QUEUED_VISITS", "2000"))
PHONES, FLEET, AT_ONCE, LINES = 6, 50, 50, 16
MOST_AT_A_TIME = 8  # acknowledgements before the next kill


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Installation]:
    with furnished(tmp_path) as installation:
        yield installation


def kill_and_look(ours: Installation, kills: int) -> None:
    chance = random.Random(17)
    queued = queue_visits(ours, kills * (MOST_AT_A_TIME + PHONES))
    server = MortalServer(ours)
    try:
        phones = Phones(server.port, tokens(ours, PHONES), queued, paced=True)
        for _ in range(kills):
            assert phones.wait_for(chance.randint(1, MOST_AT_A_TIME))
            server.die()
            server.live()
        phones.stop()
    finally:
        server.close()
    assert len(phones.receipts) >= kills
    must_all_be_there_once(ours, queued, phones.receipts)
    not_sent = [one for one in queued if one.msg_id not in phones.receipts]
    assert all(not ours.store.submissions.of_visit(one.visit_id) for one in not_sent), "taken, but never acknowledged"


def test_a_server_that_is_killed_while_six_phones_send_loses_nothing(ours: Installation) -> None:
    kill_and_look(ours, 2)


@pytest.mark.soak
def test_a_server_that_is_killed_over_and_over_loses_nothing_and_doubles_nothing(ours: Installation) -> None:
    kill_and_look(ours, KILLS)


def come_home(ours: Installation, number: int, batch: int) -> float:
    """A fleet of phones sends its queues, a fifth of it twice; the seconds that it takes."""
    queued = queue_visits(ours, number)
    signed_in = tokens(ours, max(1, number // FLEET))
    loads = [queued[place : place + batch] for place in range(0, number, batch)]
    doubled = random.Random(5).sample(loads, max(1, len(loads) // 5))
    server = MortalServer(ours)

    def send(lines: list[Line], load: list[Queued]) -> list[dict[str, object]]:
        body = b"[" + b",".join(one.raw for one in load) + b"]"
        line = lines.pop()
        status, told = line.insist("POST", "/submissions", body)
        lines.append(line)
        assert status == 200, told
        assert isinstance(told, list)
        return told

    lines = [Line(server.port, token) for token in signed_in]
    try:
        with ThreadPoolExecutor(min(LINES, len(lines))) as pool:
            started = time.monotonic()
            answers = list(pool.map(lambda load: send(lines, load), [*loads, *doubled]))
            seconds = time.monotonic() - started
    finally:
        for line in lines:
            line.hang_up()
        server.close()
    told = [one for answer in answers for one in answer]
    assert {one["status"] for one in told} <= {200, 201}
    assert [one["status"] for one in told].count(201) == number
    must_all_be_there_once(ours, queued, {str(one["msg_id"]): one["receipt"] for one in told})  # type: ignore[misc]
    return seconds


def test_a_fleet_that_comes_home_is_taken_in_once(ours: Installation) -> None:
    come_home(ours, 100, 20)


@pytest.mark.soak
def test_a_large_fleet_that_comes_home_at_once_is_taken_in_without_an_error(
    ours: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = come_home(ours, QUEUED, AT_ONCE)
    with capsys.disabled():
        print(f"\n{QUEUED} queued visits from {QUEUED // FLEET} phones, a fifth of them twice: {seconds:.1f} s")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM")
def test_whoever_is_sending_when_the_server_is_told_to_end_is_answered(ours: Installation) -> None:
    queued = queue_visits(ours, 24)
    token = tokens(ours, 1)[0]
    server = MortalServer(ours)
    try:
        under_way = [_almost_sent(server.port, token, one) for one in queued]
        # Connections are taken in their order: once this is answered, the server holds all the others.
        assert Line(server.port, token).insist("GET", "/me", b"")[0] == 200
        for connection, last in under_way:
            connection.sendall(last)
        os.kill(server.process, signal.SIGTERM)
        told = [_answer(connection) for connection, _ in under_way]
    finally:
        server.close()
    assert [status for status, _ in told] == [201] * 24
    must_all_be_there_once(ours, queued, {str(tree["receipt"]["id"]): tree["receipt"] for _, tree in told})


def _almost_sent(port: int, token: str, one: Queued) -> tuple[socket.socket, bytes]:
    connection = socket.create_connection(("127.0.0.1", port))
    head = (
        f"PUT /visits/{one.visit_id}/submission HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: candour={token}\r\n"
        f"Sec-Fetch-Site: same-origin\r\nConnection: close\r\nContent-Length: {len(one.raw)}\r\n\r\n"
    )
    connection.sendall(head.encode() + one.raw[:-1])
    return connection, one.raw[-1:]


def _answer(connection: socket.socket) -> tuple[int, dict[str, dict[str, object]]]:
    answer = b""
    while part := connection.recv(1 << 16):
        answer += part
    connection.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)
