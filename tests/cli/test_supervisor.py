"""Several processes that answer at one port: one that dies is replaced, and all of them end with their supervisor."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from audit.web.supervisor import can_fork
from tests.served import ROOT, Installation, free_port, installed
from tests.waiting import wait_until

MOST_SECONDS = 60

pytestmark = pytest.mark.skipif(not can_fork(), reason="several processes at one port need Linux")


@pytest.fixture
def crew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an installation that three processes are to serve."""
    monkeypatch.setenv("AUDIT_PROCESSES", "3")
    return tmp_path


def children_of(process: int) -> set[int]:
    return {int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()}


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def is_there(process: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):  # it may go between the opening and the reading
        return False


def test_a_process_that_dies_is_replaced_and_the_log_says_so(crew: Path) -> None:
    with installed(crew) as ours, ours.serving_at(free_port()) as supervisor:
        wait_until(lambda: len(children_of(supervisor)) == 3)
        before = children_of(supervisor)
        os.kill(min(before), signal.SIGKILL)
        wait_until(lambda: len(children_of(supervisor) - {min(before)}) == 3)
        assert len(children_of(supervisor) & before) == 2
    said = lines_of(ours)
    assert [line["status"] for line in said if line["says"] == "a process died and is started again"] == [-9]


def test_a_supervisor_that_is_killed_takes_all_with_it_and_leaves_the_port_free(crew: Path) -> None:
    port = free_port()
    with installed(crew) as ours:
        with ours.serving_at(port) as supervisor:
            wait_until(lambda: len(children_of(supervisor)) == 3)
            processes = children_of(supervisor)
            os.kill(supervisor, signal.SIGKILL)
            wait_until(lambda: not any(map(is_there, processes)))
        with ours.serving_at(port):
            assert answers(port)


@pytest.mark.soak
def test_a_supervisor_that_is_told_to_stop_waits_for_all(crew: Path) -> None:
    with installed(crew) as ours:
        with ours.serving_at(free_port()) as supervisor:
            wait_until(lambda: len(children_of(supervisor)) == 3)
            processes = children_of(supervisor)
        assert not any(map(is_there, processes))


@pytest.fixture
def at_a_terminal() -> Iterator[None]:
    """Whoever runs these tests may have chosen to outlive the terminal, as `nohup` does; its children inherit that."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.soak
def test_a_terminal_that_is_closed_ends_all_in_good_order(crew: Path) -> None:
    with installed(crew) as ours, ours.serving_at(free_port()) as supervisor:
        wait_until(lambda: len(children_of(supervisor)) == 3)
        processes = children_of(supervisor)
        os.kill(supervisor, signal.SIGHUP)
        wait_until(lambda: not is_there(supervisor))
    assert not any(map(is_there, processes))
    assert not lines_of(ours)


FOR_LIFE = """
import ctypes, os, subprocess, sys, time
from audit.web import supervisor
ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: who is left behind comes to us, as in a container
supervisor.BREATH_SECONDS = 0.01
def work(number):
    press = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)  # ends with its owner
    print(os.getpid(), flush=True)
    time.sleep(600)
supervisor.supervise(work, 1)
"""

TOLD_AT_ONCE = """
import os, signal
from audit.web import supervisor
from audit.web.server import Early
supervisor.BREATH_SECONDS = 0.01
fork = os.fork
def forked():
    pid = fork()
    if pid == 0:
        os.kill(os.getpid(), signal.SIGTERM)
    else:
        print(os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT).si_status, flush=True)
        os.kill(os.getpid(), signal.SIGTERM)
    return pid
os.fork = forked
supervisor.supervise(lambda number: print(Early().is_told, flush=True), 3)
print("over", flush=True)
"""

NOBODY_CAN = """
from audit.web import supervisor
supervisor.BREATH_SECONDS = 0.01
supervisor.supervise(lambda number: 1 / 0, 2)
"""


@contextmanager
def playing(script: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with process:
        try:
            yield process
        finally:
            process.kill()


def test_what_a_killed_process_leaves_behind_does_not_confuse_the_supervisor() -> None:
    with playing(FOR_LIFE) as supervisor:
        assert supervisor.stdout is not None
        lives = []
        for _ in range(3):
            lives.append(int(supervisor.stdout.readline()))
            os.kill(lives[-1], signal.SIGKILL)
        assert len(set(lives)) == 3
        assert supervisor.poll() is None


def test_a_process_that_is_told_to_end_before_it_has_begun_knows_of_it_and_ends_by_itself() -> None:
    with playing(TOLD_AT_ONCE) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.read().split() == ["True", "0", "over"]
        assert supervisor.wait(MOST_SECONDS) == 0


@pytest.mark.soak
def test_when_none_can_go_on_the_supervisor_says_so_and_ends() -> None:
    with playing(NOBODY_CAN) as supervisor:
        assert supervisor.wait(MOST_SECONDS) == 1


def lines_of(ours: Installation) -> list[dict[str, object]]:
    log = (ours.folder / "server.log").read_text()
    return [json.loads(line) for line in log.splitlines() if line.startswith("{")]
