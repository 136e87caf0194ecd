"""Backup while people write, and restore that trusts nothing."""

import json
import threading
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from audit.domain.errors import Conflict, NotFound
from audit.domain.programme import Area
from audit.storage.archive import read_archive
from audit.storage.backup import backup
from audit.storage.connections import sqlite3
from audit.storage.restoring import restore
from audit.storage.store import Store, open_store
from tests import cast
from tests.builders import build_score, build_visit
from tests.storage.conftest import NOW, Picture, begun, wrong

EARLIER = Path(__file__).parent / "earlier"


@pytest.fixture
def lived_in(programme: Store) -> Store:
    """A store with a visit, its score and a photo."""
    programme.photos.add(Picture(), NOW)
    with programme.transaction():
        visit = begun(programme, 1)
        programme.visits.save(build_visit(1))
        programme.scores.save(visit.id, build_score(build_visit(1)))
        programme.photos.attach(visit.id, "shelf", "a" * 64, NOW)
    return programme


def beside(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_was_backed_up_comes_back_whole(lived_in: Store, tmp_path: Path) -> None:
    archive = backup(lived_in, tmp_path / "b.zip", NOW)
    assert (archive.visits, archive.photos, archive.missing_photos) == (1, 1, ())
    assert restore(tmp_path / "b.zip", tmp_path / "new" / "a.db", tmp_path / "new" / "photos") == archive
    again = open_store(tmp_path / "new" / "a.db", tmp_path / "new" / "photos")
    assert again.visits.find(build_visit(1).id) == build_visit(1)
    assert again.photos.read("a" * 64, "paper") == b"a small picture"
    assert wrong(again) == []
    again.close()
    assert beside(tmp_path / "new") == {"a.db", "photos"}
    assert beside(tmp_path / "new" / "photos") == {"aa"}


@pytest.mark.parametrize("dump", sorted(EARLIER.glob("*.sql")), ids=lambda path: path.stem)
def test_a_backup_of_an_earlier_version_comes_back_and_is_brought_up_to_date(dump: Path, tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "old.db")
    old.executescript(dump.read_text(encoding="utf-8"))
    old.close()
    as_it_was = Store(tmp_path / "old.db", tmp_path / "photos")  # not opened: nothing is brought up to date
    assert backup(as_it_was, tmp_path / "b.zip", NOW).visits == 1
    as_it_was.close()
    restore(tmp_path / "b.zip", tmp_path / "new.db", tmp_path / "new")
    again = open_store(tmp_path / "new.db", tmp_path / "new")
    assert again.visits.latest(1)[0].answers["greeted"].value == "yes"
    assert wrong(again) == []
    again.close()


def test_a_database_that_lost_a_table_is_no_earlier_one(lived_in: Store, tmp_path: Path) -> None:
    lived_in.connections.mine().conn.execute("drop table share")
    with pytest.raises(Conflict, match="no such table: share"):
        backup(lived_in, tmp_path / "b.zip", NOW)


def test_a_backup_while_people_write_holds_every_change_acknowledged_before_it(lived_in: Store, tmp_path: Path) -> None:
    done = threading.Event()
    acknowledged: list[str] = []

    def write() -> None:
        while not done.is_set():
            area = Area(f"W{len(acknowledged)}", "x")
            lived_in.write(partial(lived_in.areas.save, area))
            acknowledged.append(area.code)

    writing = threading.Thread(target=write)
    writing.start()
    try:
        while len(acknowledged) < 20:
            assert writing.is_alive()
            time.sleep(0.001)
        before = set(acknowledged)
        backup(lived_in, tmp_path / "b.zip", NOW)
    finally:
        done.set()
        writing.join()
    restore(tmp_path / "b.zip", tmp_path / "c.db", tmp_path / "c")
    again = open_store(tmp_path / "c.db", tmp_path / "c")
    codes = {area.code for area in again.areas.list_all()}
    again.close()
    assert before <= codes


def test_a_database_that_is_there_is_replaced_only_when_asked_and_then_set_aside(
    lived_in: Store, tmp_path: Path
) -> None:
    backup(lived_in, tmp_path / "b.zip", NOW)
    with lived_in.transaction():
        lived_in.areas.save(Area("LATER", "Later"))
    path, folder = lived_in.path, lived_in.photos.pictures.folder
    lived_in.close()
    with pytest.raises(Conflict, match="--replace"):
        restore(tmp_path / "b.zip", path, folder)
    restore(tmp_path / "b.zip", path, folder, replace=True)
    now, aside = open_store(path, folder), open_store(path.with_name("candour.db.replaced-1"), folder)
    assert [area.code for area in now.areas.list_all()] == ["NORTH", "SOUTH"]
    assert "LATER" in [area.code for area in aside.areas.list_all()]
    now.close()
    aside.close()


def test_a_database_in_use_is_not_replaced(lived_in: Store, tmp_path: Path) -> None:
    backup(lived_in, tmp_path / "b.zip", NOW)
    with pytest.raises(Conflict, match="in use"):
        restore(tmp_path / "b.zip", lived_in.path, lived_in.photos.pictures.folder, replace=True)
    assert lived_in.branches.count() == 3
    assert not list(tmp_path.glob("*.replaced*"))


def test_a_damaged_database_can_be_replaced(lived_in: Store, tmp_path: Path) -> None:
    backup(lived_in, tmp_path / "b.zip", NOW)
    lived_in.close()
    lived_in.path.write_bytes(b"nothing that was a database" * 999)
    restore(tmp_path / "b.zip", lived_in.path, tmp_path / "photos", replace=True)
    again = open_store(lived_in.path, tmp_path / "photos")
    assert again.programme.find() == cast.PROGRAMME
    again.close()


def test_a_database_whose_schema_is_no_text_any_more_can_be_replaced(lived_in: Store, tmp_path: Path) -> None:
    backup(lived_in, tmp_path / "b.zip", NOW)
    lived_in.connections.mine().execute("pragma wal_checkpoint(truncate)")
    lived_in.close()
    content = lived_in.path.read_bytes()
    at = content.lower().index(b"create table visit (") + len("create tab")
    lived_in.path.write_bytes(content[:at] + b"\xff" + content[at + 1 :])
    restore(tmp_path / "b.zip", lived_in.path, tmp_path / "photos", replace=True)
    again = open_store(lived_in.path, tmp_path / "photos")
    assert again.programme.find() == cast.PROGRAMME
    again.close()


def cut(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-200])


def flip_in_database(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    content[len(content) // 3] ^= 4
    archive.write_bytes(content)


def rewrite(archive: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    with zipfile.ZipFile(archive) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    change(files)
    with zipfile.ZipFile(archive, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)


def lose_a_photo(archive: Path) -> None:
    rewrite(archive, lambda files: files.pop(f"photos/{'a' * 64}.jpg"))


def change_a_photo(archive: Path) -> None:
    rewrite(archive, lambda files: files.update({f"photos/{'a' * 64}.jpg": b"another"}))


def forget_a_photo(archive: Path) -> None:
    """In the manifest as well, so that only the database knows."""

    def forget(files: dict[str, bytes]) -> None:
        manifest = json.loads(files["manifest.json"])
        for name in [f"photos/{'a' * 64}.jpg"]:
            del manifest["digests"][name], files[name]
        files["manifest.json"] = json.dumps(manifest).encode()

    rewrite(archive, forget)


def smuggle(archive: Path) -> None:
    def add(files: dict[str, bytes]) -> None:
        manifest = json.loads(files["manifest.json"])
        manifest["digests"]["photos/../../evil.jpg"] = "0" * 64
        files["photos/../../evil.jpg"] = b"evil"
        files["manifest.json"] = json.dumps(manifest).encode()

    rewrite(archive, add)


def lose_the_manifest(archive: Path) -> None:
    rewrite(archive, lambda files: files.pop("manifest.json"))


def be_something_else(archive: Path) -> None:
    archive.write_bytes(b"not an archive")


def be_newer(archive: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["manifest.json"] = files["manifest.json"].replace(b'"format": 1', b'"format": 2')

    rewrite(archive, change)


DAMAGES = [
    cut, flip_in_database, lose_a_photo, change_a_photo, forget_a_photo, smuggle,
    lose_the_manifest, be_something_else, be_newer,
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_archive_never_replaces_a_good_database(
    lived_in: Store, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    archive = tmp_path / "b.zip"
    backup(lived_in, archive, NOW)
    path, folder = lived_in.path, lived_in.photos.pictures.folder
    lived_in.close()
    damage(archive)
    before = (path.read_bytes(), beside(tmp_path), beside(folder))
    with pytest.raises(Conflict):
        restore(archive, path, folder, replace=True)
    assert (path.read_bytes(), beside(tmp_path), beside(folder)) == before


@pytest.mark.soak
def test_no_flipped_bit_of_an_archive_gets_into_a_database(lived_in: Store, tmp_path: Path) -> None:
    archive = tmp_path / "b.zip"
    backup(lived_in, archive, NOW)
    sound = archive.read_bytes()
    for spot in range(0, len(sound), max(1, len(sound) // 1000)):
        flipped = bytearray(sound)
        flipped[spot] ^= 1 << (spot % 8)
        archive.write_bytes(flipped)
        target = tmp_path / "target.db"
        try:
            restore(archive, target, tmp_path / "target")
        except Conflict:
            assert not target.exists()
            continue
        again = open_store(target, tmp_path / "target")  # a bit that means nothing, such as a time in the archive
        assert again.visits.find(build_visit(1).id) == build_visit(1)
        again.close()
        for file in tmp_path.glob("target.db*"):
            file.unlink()


def test_a_damaged_database_never_replaces_a_good_backup(lived_in: Store, tmp_path: Path) -> None:
    archive = tmp_path / "b.zip"
    backup(lived_in, archive, NOW)
    good = archive.read_bytes()
    raw = sqlite3.connect(lived_in.path, isolation_level=None)
    raw.execute("update branch set name = 'Changed behind our back'")
    raw.close()
    with pytest.raises(Conflict, match="digest"):
        backup(lived_in, archive, NOW)
    assert archive.read_bytes() == good
    assert beside(tmp_path) & {"b.zip.unfinished", "b.zip.copying"} == set()


def test_a_photo_that_was_lost_already_is_named_and_hinders_nothing(lived_in: Store, tmp_path: Path) -> None:
    lived_in.photos.pictures.path("a" * 64).unlink()
    archive = backup(lived_in, tmp_path / "b.zip", NOW)
    assert archive.missing_photos == (f"{'a' * 64}.jpg",)
    restore(tmp_path / "b.zip", tmp_path / "c.db", tmp_path / "c")
    assert read_archive(tmp_path / "b.zip") == archive


def test_an_archive_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        restore(tmp_path / "none.zip", tmp_path / "a.db", tmp_path / "photos")
    assert not (tmp_path / "a.db").exists()


def test_a_backup_is_for_its_owner_alone(lived_in: Store, tmp_path: Path) -> None:
    backup(lived_in, tmp_path / "b.zip", NOW)
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0
