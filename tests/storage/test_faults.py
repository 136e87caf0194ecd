"""Killed in the middle, and out of space: what was acknowledged is there, once, and nothing is half there."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.domain.errors import CandourError, NoSpace
from audit.domain.programme import Area
from audit.storage.archive import read_archive
from audit.storage.backup import backup
from audit.storage.connections import sqlite3
from audit.storage.integrity import Finding
from audit.storage.store import Store, open_store
from tests.builders import id_number
from tests.storage.conftest import NOW, wrong
from tests.storage.writing import send

ROOT = Path(__file__).resolve().parents[2]


def killed_while_writing(store: Store, first: int, acknowledgements: int) -> set[int]:
    """Let a process write until it has acknowledged so many visits, kill it, and return those it acknowledged."""
    command = [sys.executable, "-m", "tests.storage.writing", store.path, store.photos.pictures.folder, str(first)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    said = [int(process.stdout.readline() or b"it ended by itself") for _ in range(acknowledgements)]
    process.kill()
    rest = process.stdout.read().decode().splitlines(keepends=True)
    process.wait()
    process.stdout.close()
    return {*said, *(int(line) for line in rest if line.endswith("\n"))}


def lost_or_damaged(store: Store) -> list[Finding]:
    """What is wrong, but for pictures without a row: they go first, and a purge sweeps up those that a kill left."""
    return [finding for finding in wrong(store) if not finding.what.startswith("files that belong to no photo")]


def kill_and_look(store: Store, kills: int) -> None:
    chance = random.Random(11)
    acknowledged: set[int] = set()
    for kill in range(kills):
        acknowledged |= killed_while_writing(store, 100_000 * kill + 1, chance.randrange(1, 30))
    assert lost_or_damaged(store) == []
    stored = {visit.id for visit in store.visits.latest(10**6)}
    assert {id_number(n) for n in acknowledged} <= stored
    for n in acknowledged:  # nobody heard the answer, so it is sent again
        assert send(store, n) == "replayed"
    assert len(store.visits.latest(10**6)) == len(stored)
    rows = "select count(*) from visit where id not in (select visit_id from score)"
    assert store.connections.rows(rows)[0][0] == 0


def test_what_was_acknowledged_before_a_kill_is_there_once(programme: Store) -> None:
    kill_and_look(programme, 2)


@pytest.mark.soak
def test_two_hundred_kills_lose_nothing_and_double_nothing(programme: Store) -> None:
    kill_and_look(programme, 200)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of sixteen megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = sys.platform == "linux" and os.geteuid() == 0
    if mounted:
        mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    if not mounted:
        pytest.skip("needs the right to mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.soak
def test_a_disk_that_fills_up_anywhere_loses_nothing_and_heals(
    programme: Store, small_disk: Path, request: pytest.FixtureRequest
) -> None:
    programme.connections.mine().execute("vacuum into ?", (str(small_disk / "candour.db"),))
    store = open_store(small_disk / "candour.db", small_disk / "photos")
    request.addfinalizer(store.close)
    ballast = small_disk / "ballast"
    sent: list[int] = []
    refused = 0
    for n in range(1, 201):
        free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
        ballast.write_bytes(b"x" * max(0, free - 2_000 * (n % 40)))
        for attempt in (1, 2):
            try:
                send(store, n)
                sent.append(n)
                break
            except NoSpace:
                refused += 1
                assert store.photos.pictures.unfinished() == []
                assert attempt == 1, "it must heal once there is space"
                ballast.unlink()
        ballast.unlink(missing_ok=True)
        store.connections.mine().execute("pragma wal_checkpoint(truncate)")
    assert refused > 20
    assert lost_or_damaged(store) == []
    assert len(store.visits.latest(999)) == 200
    assert sent == list(range(1, 201))


def test_a_backup_that_finds_no_room_leaves_nothing_behind(programme: Store, small_disk: Path) -> None:
    with programme.transaction():
        for n in range(3_000):  # more than SQLite holds back before it writes a copy down
            programme.areas.save(Area(f"A{n}", "far away " * 200))
    ballast = small_disk / "ballast"
    for room in (0, 8_192, 60_000, 3_000_000):
        free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
        ballast.write_bytes(b"x" * (free - room))
        with pytest.raises(NoSpace):
            backup(programme, small_disk / "b.zip", NOW)
        assert [path.name for path in small_disk.iterdir()] == ["ballast"], room
        ballast.unlink()
    assert backup(programme, small_disk / "b.zip", NOW) == read_archive(small_disk / "b.zip")


@pytest.mark.soak
@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where processes fork")
def test_a_limit_on_the_size_of_files_is_an_error_and_no_loss(programme: Store) -> None:
    import resource

    ended = set()
    for kilobytes in range(200, 900, 20):
        child = os.fork()
        if not child:
            resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))
            n = kilobytes * 1000
            try:
                while n < kilobytes * 1000 + 30:
                    send(programme, n)
                    n += 1
            except (CandourError, OSError, sqlite3.DatabaseError):
                os._exit(3)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        ended.add(status)
        assert lost_or_damaged(programme) == []
    assert ended <= {0, 3}
    assert 3 in ended
