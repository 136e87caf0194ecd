"""Turns at writing: one process at a time, nobody passed over, and none lost with a process that was killed."""

from __future__ import annotations

import fcntl
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest

from audit.domain.errors import TooMany
from audit.storage.turns import Turns
from tests.served import ROOT

MOST_SECONDS = 60
HOLDER = """
import sys, time
from pathlib import Path
from audit.storage.turns import Turns
with Turns(Path(sys.argv[1])).taken(10):
    print("mine", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "candour.sqlite"


def is_held(file: Path) -> bool:
    with file.open() as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def test_whoever_waits_comes_before_one_who_wants_another_turn(database: Path) -> None:
    first, second = Turns(database), Turns(database)
    came: list[str] = []

    def wait() -> None:
        with second.taken(MOST_SECONDS):
            came.append("who waited")

    waiting = Thread(target=wait)
    with first.taken(MOST_SECONDS):
        waiting.start()
        deadline = time.monotonic() + MOST_SECONDS
        while not is_held(database.with_name("candour.sqlite-next")):
            assert time.monotonic() < deadline
    with first.taken(MOST_SECONDS):
        came.append("who had a turn")
    waiting.join()
    assert came == ["who waited", "who had a turn"]


def test_the_turn_of_a_process_that_is_killed_goes_on(database: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(database)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "mine\n"
        mine = Turns(database)
        with pytest.raises(TooMany), mine.taken(0.01):
            pass
        holder.send_signal(signal.SIGKILL)
        with mine.taken(MOST_SECONDS):
            assert is_held(database.with_name("candour.sqlite-turn"))
    mine.close()


def test_whoever_was_refused_keeps_nobody_else_waiting(database: Path) -> None:
    writing, hasty, patient = Turns(database), Turns(database), Turns(database)
    with writing.taken(MOST_SECONDS), pytest.raises(TooMany), hasty.taken(0.01):
        pass
    with patient.taken(0):
        assert not is_held(database.with_name("candour.sqlite-next"))


def test_an_error_inside_gives_the_turn_back(database: Path) -> None:
    turns = Turns(database)
    with pytest.raises(ZeroDivisionError), turns.taken(MOST_SECONDS):
        raise ZeroDivisionError
    with Turns(database).taken(0):
        pass
