"""Two processes at their edges: told to end over and over, kept waiting by another program, one message many times."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from audit.storage.turns import Turns
from audit.web.supervisor import can_fork
from tests import cast
from tests.served import ROOT, Installation
from tests.soak.acknowledged import served_after
from tests.soak.outbox import (
    ALL_IS_TAKEN,
    Line,
    MortalServer,
    Phones,
    Queued,
    furnished,
    must_all_be_there_once,
    queue_visits,
    tokens,
)
from tests.waiting import wait_until

ENDS = int(os.environ.get("CANDOUR_ENDS", "50"))
ROUNDS = int(os.environ.get("CANDOUR_PARALLEL_ROUNDS", "40"))
CALLERS, AT_ONCE, PHONES, PAGES, BRANCHES = 6, 50, 30, 20, 10_000
MOST_SECONDS = 60
KNOWS_NONE_AGAIN = "from audit.actions import submitting; submitting._replayed = lambda *_, **__: None"

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not can_fork(), reason="several processes at one port need Linux"),
]


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """An installation that two processes are to serve."""
    monkeypatch.setenv("AUDIT_PROCESSES", "2")
    with furnished(tmp_path) as installation:
        yield installation


@dataclass
class Callers:
    """People who ask for a page over and over, each time on a new connection; whoever got through must be answered."""

    port: int
    token: str
    answered: list[int] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def call(self) -> None:
        while not self.over.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=MOST_SECONDS)
            try:
                connection.connect()
            except OSError:  # nobody is there between two lives
                time.sleep(0.01)
                continue
            try:
                connection.request("GET", "/me", headers={"Cookie": f"candour={self.token}"})
                self.answered.append(connection.getresponse().status)
            except (OSError, http.client.HTTPException) as error:
                self.unanswered.append(repr(error))
            finally:
                connection.close()

    def wait_for(self, number: int) -> None:
        """Until so many more were answered."""
        goal = len(self.answered) + number
        wait_until(lambda: len(self.answered) >= goal)


def test_a_server_that_is_told_to_end_over_and_over_answers_whoever_got_through(
    ours: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    server = MortalServer(ours)
    callers = Callers(server.port, tokens(ours, 1)[0])
    threads = [threading.Thread(target=callers.call, daemon=True) for _ in range(CALLERS)]
    try:
        for thread in threads:
            thread.start()
        for _ in range(ENDS):
            callers.wait_for(CALLERS)
            server.close()  # SIGTERM, and waits for the end
            server.live()
    finally:
        callers.over.set()
        for thread in threads:
            thread.join(MOST_SECONDS)
        server.close()
    with capsys.disabled():
        print(f"\n{ENDS} times told to end, {len(callers.answered)} answered")
    assert callers.unanswered == []
    assert set(callers.answered) == {200}


def test_pages_are_answered_while_another_program_writes_and_all_phones_stand_in_line(ours: Installation) -> None:
    queued, signed_in, ada = queue_visits(ours, PHONES), tokens(ours, PHONES), ours.token(cast.ADA)
    server = MortalServer(ours)
    try:
        with Turns(ours.store.path).taken(MOST_SECONDS):
            phones = Phones(server.port, signed_in, queued)
            line = Line(server.port, ada)
            for _ in range(PAGES):
                assert line.fetch("/people") == 200
            assert phones.receipts == {}, "the other program was still writing"
        phones.wait_until_all_is_sent()
    finally:
        server.close()
    must_all_be_there_once(ours, queued, phones.receipts)
    assert len(phones.receipts) == PHONES


def test_ten_thousand_branches_are_imported_while_phones_send_and_pages_are_read(
    ours: Installation, tmp_path: Path
) -> None:
    queued, signed_in, ada = queue_visits(ours, 20 * PHONES), tokens(ours, PHONES), ours.token(cast.ADA)
    listed = tmp_path / "branches.csv"
    rows = [f"B{number:05},Branch {number},North" for number in range(BRANCHES)]
    listed.write_text("\n".join(["code,name,area", *rows]))
    server = MortalServer(ours)
    try:
        phones = Phones(server.port, signed_in, queued)
        assert phones.wait_for(PHONES)
        settings = {"AUDIT_DATABASE": str(ours.store.path), "AUDIT_PHOTOS": str(ours.folder / "photos")}
        command = [sys.executable, "-c", "from audit.cli import main; main()", "branches", "import", str(listed)]
        with subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.DEVNULL
        ) as importing:
            try:
                while importing.poll() is None:
                    assert Line(server.port, ada).fetch("/people") == 200
            finally:
                importing.kill()
        phones.wait_until_all_is_sent()
    finally:
        server.close()
    assert importing.returncode == 0
    assert ours.store.branches.count() == BRANCHES + 3
    must_all_be_there_once(ours, queued, phones.receipts)
    assert len(phones.receipts) == len(queued)


def put(one: Queued, line: Line) -> tuple[int, object]:
    return line.insist("PUT", f"/visits/{one.visit_id}/submission", one.raw)


def test_one_message_that_comes_fifty_times_at_once_is_one_row(ours: Installation) -> None:
    queued, signed_in = queue_visits(ours, ROUNDS), tokens(ours, AT_ONCE)
    server = MortalServer(ours)
    lines = [Line(server.port, token) for token in signed_in]
    told: list[set[str]] = []
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for one in queued:
                answers = list(pool.map(partial(put, one), lines))
                assert sorted(status for status, _ in answers) == [200] * (AT_ONCE - 1) + [201]
                told.append({str(tree) for _, tree in answers})
    finally:
        for line in lines:
            line.hang_up()
        server.close()
    assert [len(receipts) for receipts in told] == [1] * ROUNDS
    assert [len(ours.store.submissions.of_visit(one.visit_id)) for one in queued] == [1] * ROUNDS


def test_one_message_that_comes_fifty_times_to_whoever_knows_none_again_is_not_one_answer(ours: Installation) -> None:
    (one,), signed_in = queue_visits(ours, 1), tokens(ours, AT_ONCE)
    with served_after(KNOWS_NONE_AGAIN):
        server = MortalServer(ours)
    lines = [Line(server.port, token) for token in signed_in]
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(partial(put, one), lines))
    finally:
        for line in lines:
            line.hang_up()
        server.close()
    assert {status for status, _ in answers} > {201}
    assert not {status for status, _ in answers} <= set(ALL_IS_TAKEN)
