"""Several processes that answer at one port: one that dies is replaced, and all of them end with their supervisor."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from audit.web.supervisor import can_fork
from tests.served import Installation, free_port, installed

MOST_SECONDS = 60

pytestmark = pytest.mark.skipif(not can_fork(), reason="several processes at one port need Linux")


@pytest.fixture
def crew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an installation that three processes are to serve."""
    monkeypatch.setenv("AUDIT_PROCESSES", "3")
    return tmp_path


def children_of(process: int) -> set[int]:
    return {int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()}


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + MOST_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def is_there(process: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False


def test_a_process_that_dies_is_replaced_and_the_log_says_so(crew: Path) -> None:
    with installed(crew) as ours, ours.serving_at(free_port()) as supervisor:
        until(lambda: len(children_of(supervisor)) == 3)
        before = children_of(supervisor)
        os.kill(min(before), signal.SIGKILL)
        until(lambda: len(children_of(supervisor) - {min(before)}) == 3)
        assert len(children_of(supervisor) & before) == 2
    said = lines_of(ours)
    assert [line["status"] for line in said if line["says"] == "a process died and is started again"] == [-9]


def test_a_supervisor_that_is_killed_takes_all_with_it_and_leaves_the_port_free(crew: Path) -> None:
    port = free_port()
    with installed(crew) as ours:
        with ours.serving_at(port) as supervisor:
            until(lambda: len(children_of(supervisor)) == 3)
            processes = children_of(supervisor)
            os.kill(supervisor, signal.SIGKILL)
            until(lambda: not any(map(is_there, processes)))
        with ours.serving_at(port):
            assert answers(port)


def test_a_supervisor_that_is_told_to_stop_waits_for_all(crew: Path) -> None:
    with installed(crew) as ours:
        with ours.serving_at(free_port()) as supervisor:
            until(lambda: len(children_of(supervisor)) == 3)
            processes = children_of(supervisor)
        assert not any(map(is_there, processes))


def lines_of(ours: Installation) -> list[dict[str, object]]:
    log = (ours.folder / "server.log").read_text()
    return [json.loads(line) for line in log.splitlines() if line.startswith("{")]
