"""Backups while others write: each holds all that was acknowledged before it, to the last digest."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from audit.storage.connections import sqlite3
from audit.storage.restoring import restore
from audit.storage.seals import SEALED
from audit.storage.store import Store, open_store
from tests.builders import id_number
from tests.cast import seat_the_cast
from tests.served import ROOT
from tests.soak.acknowledged import damaged
from tests.soak.disk import folder_in_memory
from tests.storage.conftest import publish

BACKUPS = int(os.environ.get("CANDOUR_BACKUPS", "3"))
VISITS_A_SECOND, BETWEEN, COPIES, MOST_SECONDS = 200, 40, 4, 120

pytestmark = pytest.mark.soak


class Writing:
    """A process whose threads write visits with photos, without end, and say each aloud once it was acknowledged."""

    def __init__(self, store: Store) -> None:
        places = (str(store.path), str(store.photos.pictures.folder))
        command = [sys.executable, "-m", "tests.storage.writing", *places, "1", str(VISITS_A_SECOND)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
        self.said: list[str] = []
        self._more = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()

    def wait_for(self, more: int) -> list[str]:
        """The visits that were acknowledged so far, once there are so many more."""
        with self._more:
            goal = len(self.said) + more
            assert self._more.wait_for(lambda: len(self.said) >= goal, MOST_SECONDS)
            return list(self.said)

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._more:
                self.said.append(id_number(int(line)))
                self._more.notify_all()


@pytest.fixture
def store() -> Iterator[Store]:
    with folder_in_memory() as folder, closing(open_store(folder / "candour.db", folder / "photos")) as store:
        with store.transaction():
            seat_the_cast(store)
            publish(store)
        yield store


@pytest.fixture
def archives() -> Iterator[Path]:
    """Where backups go, and what is restored from them."""
    with folder_in_memory() as folder:
        yield folder


@contextmanager
def written_to(store: Store) -> Iterator[Writing]:
    writing = Writing(store)
    try:
        yield writing
    finally:
        writing.process.kill()
        writing.process.wait()


def digests(store: Store) -> set[tuple[str, int, str]]:
    """Of every sealed row: its table, its number and its digest."""
    return {
        (table, number, digest)
        for table in SEALED
        for number, digest in store.connections.rows(f"select rowid, digest from {table}")
    }


def test_each_of_many_backups_under_writes_holds_all_that_was_acknowledged_before_it(
    store: Store, archives: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = {"AUDIT_DATABASE": str(store.path), "AUDIT_PHOTOS": str(store.photos.pictures.folder)}
    program = "from audit.cli import main; main()"
    acknowledged: list[set[str]] = []
    with written_to(store) as writing:
        writing.wait_for(BETWEEN)
        begun, so_far = time.monotonic(), len(writing.said)
        for number in range(BACKUPS):
            acknowledged.append(set(writing.wait_for(BETWEEN)))
            command = [sys.executable, "-c", program, "backup", str(archives / f"{number}.zip")]
            ended = subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True)
            assert ended.returncode == 0, ended.stderr
        rate = (len(writing.said) - so_far) / (time.monotonic() - begun)
    with capsys.disabled():
        print(f"\n{BACKUPS} backups under {rate:.0f} visits a second, {len(acknowledged[-1])} before the last")
    live = digests(store)
    for number, before in enumerate(acknowledged):
        folder = archives / str(number)
        restore(archives / f"{number}.zip", folder / "candour.db", folder / "photos")
        with closing(open_store(folder / "candour.db", folder / "photos")) as restored:
            assert before <= {visit.id for visit in restored.visits.latest(10**6)}
            assert digests(restored) <= live
            assert damaged(restored) == []
        shutil.rmtree(folder)


def test_a_database_that_is_only_copied_under_writes_lacks_what_was_acknowledged(store: Store, tmp_path: Path) -> None:
    lacking = 0
    with written_to(store) as writing:
        for number in range(COPIES):
            before = set(writing.wait_for(BETWEEN))
            copy = tmp_path / f"{number}.db"
            shutil.copyfile(store.path, copy)
            lacking += not before <= visits_in(copy)
    assert lacking > 0


def visits_in(copy: Path) -> set[str]:
    try:
        with closing(sqlite3.connect(copy)) as connection:
            return {id for (id,) in connection.execute("select id from visit")}
    except sqlite3.DatabaseError:  # torn, or not even the tables were in the file yet
        return set()
