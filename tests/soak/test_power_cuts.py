"""The power fails at any moment: what was acknowledged is there and whole, and without our waiting it would be lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from audit.domain.errors import CandourError
from audit.storage.connections import sqlite3
from audit.storage.photos import PhotoStore
from audit.storage.store import open_store
from tests.served import ROOT
from tests.soak.acknowledged import Photographed, damaged, lost, queue_photographed, served_after
from tests.soak.disk import Notes, Step, built_watch, everything_watched, folder_in_memory, read_record, watching
from tests.soak.outbox import ALL_IS_TAKEN, Line, MortalServer, furnished, tokens
from tests.soak.power import Disk, Laid, cuts

CUTS = int(os.environ.get("CANDOUR_POWER_CUTS", "300"))
VISITS, PHONES, FEW, SEED = 36, 4, 60, 41

# As `audit serve`, but that changes are worked into the file a hundred times as often: those are the dangerous moments.
OFTEN = "import audit.storage.connections as connections; connections.LOG_PAGES = 40"
NOT_WAITING_FOR_ROWS = f"""{OFTEN}
open_connection = connections.open_connection
def open_hastily(path):
    connection = open_connection(path)
    connection.execute("pragma synchronous=normal")
    return connection
connections.open_connection = open_hastily"""
NOT_WAITING_FOR_PHOTOS = f"""{OFTEN}
import os
os.fsync = lambda file: None"""
# Small programs that work in the folder of their first argument, and say in the record, their second, that it is done.
BEGIN = """
import sys
from pathlib import Path
from tests.soak.disk import Notes
folder, notes = Path(sys.argv[1]), Notes(Path(sys.argv[2]))
"""
FIRST_PHOTO = f"""{BEGIN}
from audit.storage.photos import PhotoStore
PhotoStore(folder / "new" / "photos").keep("a" * 64, "full", b"a picture")
notes.say("kept")"""
FIRST_START = f"""{BEGIN}
from audit.storage.store import open_store
from tests.cast import seat_the_cast
store = open_store(folder / "new" / "candour.sqlite", folder / "photos")
with store.transaction():
    seat_the_cast(store)
notes.say("seated")"""

pytestmark = pytest.mark.soak


@dataclass
class Tally:
    """How many cuts there were, after how many acknowledgements in all, and what was wrong after each that did harm."""

    cuts: int = 0
    said: int = 0
    harm: list[list[object]] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.cuts:,} power cuts, {self.said:,} acknowledgements looked up: {len(self.harm)} did harm"


@pytest.fixture
def image() -> Iterator[Path]:
    """Where what a cut left is laid out."""
    with folder_in_memory() as folder:
        yield folder


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_watch(tmp_path_factory.mktemp("watch"))


@dataclass(frozen=True)
class Season:
    """A server's work, written down: its disk as it was before, and every step and acknowledgement since."""

    disk: Disk
    record: Path
    sent: dict[str, Photographed]

    def cut(self, number: int, image: Path) -> Tally:
        """Cut the power so many times, and look each time at what is left, as a server does that starts again."""
        tally = Tally()
        laid: Laid = {}
        for chance, said in cuts(self.disk, read_record(self.record), number, SEED):
            self.disk.lay_out(image, chance, laid)
            for path in [path for path in laid if path.parent == image]:
                del laid[path]  # looking at a database changes its files
            tally.cuts += 1
            tally.said += len(said)
            if wrong := self.wrong(image, said):
                tally.harm.append(wrong)
        return tally

    def wrong(self, image: Path, said: list[str]) -> list[object]:
        try:
            with closing(open_store(image / "candour.sqlite", image / "photos")) as store:
                return [*lost(store, said, self.sent), *damaged(store)]
        except (CandourError, sqlite3.DatabaseError) as error:
            return [error]


def season(folder: Path, watch: Path, before: str) -> Season:
    """Phones that send photos and visits to a server whose disk is watched."""
    work, record = folder / "work", folder / "record"
    work.mkdir()
    with furnished(work) as ours:
        queued, signed_in = queue_photographed(ours, VISITS), tokens(ours, PHONES)
        ours.store.connections.mine().execute("pragma wal_checkpoint(truncate)")
        disk, notes = Disk(work), Notes(record)
        with everything_watched(watching(watch, work, record)), served_after(before):
            server = MortalServer(ours)
        try:
            with ThreadPoolExecutor(PHONES) as pool:
                sending = [
                    pool.submit(send_all, Line(server.port, token), queued[place::PHONES], notes)
                    for place, token in enumerate(signed_in)
                ]
                for one in sending:
                    one.result()
        finally:
            server.close()
            notes.close()
    return Season(disk, record, {word: one for one in queued for word in one.words})


def send_all(line: Line, queued: list[Photographed], notes: Notes) -> None:
    for one in queued:
        for send, word in zip((one.send_photo, one.send_visit), one.words, strict=True):
            assert send(line) in ALL_IS_TAKEN
            notes.say(word)
    line.hang_up()


def test_no_power_cut_loses_what_was_acknowledged(
    tmp_path: Path, watch: Path, image: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = season(tmp_path, watch, OFTEN).cut(CUTS, image)
    with capsys.disabled():
        print(f"\n{tally}")
    assert tally.said > CUTS
    assert tally.harm == []


@pytest.mark.parametrize("before", [NOT_WAITING_FOR_ROWS, NOT_WAITING_FOR_PHOTOS], ids=["rows", "photos"])
def test_power_cuts_lose_what_nobody_waited_for(tmp_path: Path, watch: Path, image: Path, before: str) -> None:
    tally = season(tmp_path, watch, before).cut(FEW, image)
    assert len(tally.harm) > FEW / 10


def recorded(program: str, folder: Path, watch: Path) -> tuple[Disk, list[Step]]:
    """The steps of a small program that works in a folder of its own, where there is nothing so far."""
    work, record = folder / "work", folder / "record"
    work.mkdir()
    disk = Disk(work)
    command = [sys.executable, "-c", program, str(work), str(record)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **watching(watch, work, record)}, check=True)
    return disk, read_record(record)


def test_the_first_photo_of_all_lasts_with_every_folder_above_it(tmp_path: Path, watch: Path, image: Path) -> None:
    disk, steps = recorded(FIRST_PHOTO, tmp_path, watch)
    said_before = 0
    for chance, said in cuts(disk, steps, 2 * FEW, SEED):
        disk.lay_out(image, chance, {})
        pictures = PhotoStore(image / "new" / "photos")
        assert not said or pictures.read("a" * 64) == b"a picture"
        said_before += bool(said)
        shutil.rmtree(image)
    assert 0 < said_before < 2 * FEW


def test_a_power_cut_during_the_first_start_leaves_what_can_be_started_again(
    tmp_path: Path, watch: Path, image: Path
) -> None:
    disk, steps = recorded(FIRST_START, tmp_path, watch)
    for chance, said in cuts(disk, steps, 2 * FEW, SEED):
        disk.lay_out(image, chance, {})
        store = open_store(image / "new" / "candour.sqlite", image / "photos")
        assert damaged(store) == []
        assert store.areas.list_all() or not said
        store.close()
        shutil.rmtree(image)
