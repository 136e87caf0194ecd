"""Turns at writing: one process at a time, nobody passed over, and none lost with a process that was killed."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from audit.domain.errors import TooMany
from audit.storage import connections
from audit.storage.store import open_store
from audit.storage.turns import Turns, files_of
from audit.storage.upgrading import bring_up_to_date
from tests.served import ROOT
from tests.waiting import wait_until

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
        wait_until(lambda: is_held(database.with_name("candour.sqlite-next")))
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


def test_threads_of_one_process_wait_no_longer_than_one_of_them(database: Path) -> None:
    others, ours = Turns(database), Turns(database)
    refused: list[float] = []

    def want() -> None:
        with pytest.raises(TooMany), ours.taken(1):
            pass
        refused.append(time.monotonic())

    threads = [Thread(target=want) for _ in range(40)]
    with others.taken(MOST_SECONDS):
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert max(refused) - began < 20  # and not forty seconds, one after the other


def test_files_that_were_deleted_meanwhile_part_nobody(database: Path) -> None:
    early, late = Turns(database), Turns(database)
    with early.taken(0):
        pass
    for file in files_of(database):
        file.unlink()
    with late.taken(0), pytest.raises(TooMany), early.taken(0.01):
        pass
    with early.taken(0):
        pass


def test_one_database_under_two_names_has_one_turn(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database.touch()
    link = database.with_name("link.sqlite")
    link.symlink_to(database)
    monkeypatch.chdir(database.parent)
    by_its_name = Turns(Path(database.name))
    for beside in (Turns(link), Turns(database)):
        with by_its_name.taken(0), pytest.raises(TooMany), beside.taken(0.01):
            pass


def test_whoever_may_write_the_database_may_take_turns(database: Path) -> None:
    database.touch()
    database.chmod(0o660)
    with Turns(database).taken(0):
        assert {file.stat().st_mode & 0o777 for file in files_of(database)} == {0o660}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_a_command_of_root_does_not_shut_the_owner_of_the_database_out(database: Path) -> None:
    database.touch()
    os.chown(database, 65534, 65534)
    with Turns(database).taken(0):
        assert {file.stat().st_uid for file in files_of(database)} == {65534}


@pytest.mark.parametrize("planted", [Path.symlink_to, Path.hardlink_to])
def test_a_file_from_elsewhere_under_the_name_of_a_turn_is_not_opened_to_others(
    database: Path, planted: Callable[[Path, Path], None]
) -> None:
    """Whoever owns the folder must not have a command of root's give away what is root's."""
    database.touch()
    database.chmod(0o666)
    elsewhere = database.with_name("elsewhere")
    elsewhere.touch(0o600)
    if os.geteuid() == 0:
        os.chown(database, 65534, 65534)
    before = elsewhere.stat()
    planted(files_of(database)[0], elsewhere)
    with suppress(OSError), Turns(database).taken(0):
        pass
    after = elsewhere.stat()
    assert (after.st_mode, after.st_uid) == (before.st_mode, before.st_uid)


def test_a_link_to_nowhere_under_the_name_of_a_turn_makes_no_file_there(database: Path) -> None:
    files_of(database)[0].symlink_to(database.with_name("nowhere"))
    with pytest.raises(OSError, match="sqlite-turn"), Turns(database).taken(0):
        pass
    assert not database.with_name("nowhere").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc what the child has open")
def test_a_child_does_not_hold_on_to_the_turn_of_its_parent(tmp_path: Path) -> None:
    store = open_store(tmp_path / "candour.sqlite", tmp_path / "photos")
    turn, _ = files_of(store.path)
    with store.transaction():
        pid = os.fork()
        if pid == 0:
            held = [os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]
            os._exit(int(str(turn.resolve()) in held))
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        assert is_held(turn)
    store.close()


def test_opening_what_lacks_nothing_waits_for_nobody(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BUSY_MILLISECONDS", 0)
    store = open_store(database, database.parent)
    with store.transaction():
        assert bring_up_to_date(database) == []
    store.close()


def test_whoever_builds_tables_waits_for_a_turn(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.storage.upgrading.BUSY_MILLISECONDS", 10)
    with Turns(database).taken(0), pytest.raises(TooMany):
        bring_up_to_date(database)
    assert bring_up_to_date(database)
