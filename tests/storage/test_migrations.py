"""Building the tables: raced, foreign, newer, and from an earlier state."""

import subprocess
import sys
from pathlib import Path

import pytest

from audit.domain.errors import Conflict
from audit.storage import migrations as chapters
from audit.storage.connections import sqlite3
from audit.storage.integrity import examine
from audit.storage.migrations import migrations
from audit.storage.seals import broken_seals
from audit.storage.shares import Share, _to_row
from audit.storage.store import open_store
from audit.storage.upgrading import bring_up_to_date
from tests import cast
from tests.storage.conftest import NOW

EARLIER = Path(__file__).parent / "earlier"
OPEN = (
    "import sys; from audit.storage.store import open_store; open_store(sys.argv[1], sys.argv[1] + '-photos').close()"
)


def test_four_processes_that_start_at_once_all_start(tmp_path: Path) -> None:
    for round in range(3):
        command = [sys.executable, "-c", OPEN, str(tmp_path / f"{round}.db")]
        running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]
        assert [(process.wait(60), process.communicate()[1]) for process in running] == [(0, b"")] * 4


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    assert bring_up_to_date(tmp_path / "a.db")
    assert bring_up_to_date(tmp_path / "a.db") == []


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.db"
    bring_up_to_date(path)

    def broken(db: object) -> None:
        db.conn.execute("create table half_done (id text)")  # type: ignore[attr-defined]
        raise ZeroDivisionError

    monkeypatch.setattr(migrations, "_migrations", list(migrations._migrations))
    migrations(name="m999_broken")(broken)
    with pytest.raises(ZeroDivisionError):
        bring_up_to_date(path)
    tables = [row[0] for row in sqlite3.connect(path).execute("select name from sqlite_schema")]
    assert "half_done" not in tables


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    theirs = sqlite3.connect(path)
    theirs.execute("create table recipe (name text)")
    theirs.close()
    with pytest.raises(Conflict, match="another program"):
        open_store(path, tmp_path)
    assert [row[0] for row in sqlite3.connect(path).execute("select name from sqlite_schema")] == ["recipe"]


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database at all, but a longer text than its first page's header is" * 100)
    before = path.read_bytes()
    with pytest.raises(Conflict, match="not a database"):
        open_store(path, tmp_path)
    assert path.read_bytes() == before


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    bring_up_to_date(path)
    newer = sqlite3.connect(path)
    newer.execute("insert into _sqlite_migrations values (99, 'audit', 'm099_next_year', '2027-01-01')")
    newer.commit()
    newer.close()
    with pytest.raises(Conflict, match="newer version"):
        open_store(path, tmp_path)


@pytest.mark.parametrize("dump", sorted(EARLIER.glob("*.sql")), ids=lambda path: path.stem)
def test_a_database_of_an_earlier_version_opens_with_all_that_it_held(dump: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    old = sqlite3.connect(path)
    old.executescript(dump.read_text(encoding="utf-8"))
    old.close()
    store = open_store(path, tmp_path / "photos")
    visit = store.visits.latest(1)[0]
    assert visit.answers["greeted"].value == "yes"
    assert store.people.find(visit.shopper_id).pseudonym == "Shopper 7"
    assert store.checklists.find(visit.checklist_id, visit.version).checklist.by_id["greeted"]
    assert [finding.what for finding in examine(store) if not finding.ok and "digest" in finding.what] == []
    store.close()


def test_a_link_made_before_areas_could_be_shared_is_kept_and_sealed_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = list(migrations._migrations)
    until = [step.name for step in steps].index("m012_shares_of_areas")
    monkeypatch.setattr(migrations, "_migrations", steps[:until])
    share = Share("s1", "N01", "en", cast.AMIR.id, NOW, NOW, "the landlord", None, NOW.date(), NOW.date(), uses=3)
    row = {"token_hash": "hash of s1", **_to_row(share)}
    del row["area_code"], row["signed_with"]
    store = open_store(tmp_path / "a.db", tmp_path / "photos")
    with store.transaction():
        cast.seat_the_cast(store)
        store.shares._add("share", row)
    store.close()
    monkeypatch.setattr(migrations, "_migrations", steps)
    store = open_store(tmp_path / "a.db", tmp_path / "photos")
    assert store.shares.by_token_hash("hash of s1") == share
    assert broken_seals(store.connections.mine().conn) == []
    store.close()


def test_every_chapter_of_the_steps_is_read_and_they_stand_in_the_order_of_their_numbers() -> None:
    names = [step.name for step in migrations._migrations]
    assert [int(name[1:4]) for name in names] == list(range(1, len(names) + 1))
    folder = Path(chapters.__file__ or "").parent
    written = {path.stem for path in folder.glob("m*.py")}
    assert {chapter.__name__.rpartition(".")[2] for chapter in chapters.CHAPTERS} == written
