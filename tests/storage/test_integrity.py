"""What is wrong is found, said with its mend, and nothing is changed by looking."""

import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from audit.domain.errors import Conflict
from audit.domain.statistics.traffic import Traffic
from audit.domain.visit import Mark, Position
from audit.storage.connections import sqlite3
from audit.storage.editions import Edition, Paper
from audit.storage.integrity import examine
from audit.storage.seals import SEALED, broken_seals
from audit.storage.shares import Share
from audit.storage.store import Store, open_store
from audit.storage.visits import answers_text
from tests import cast
from tests.builders import build_score, build_visit, good_answers
from tests.storage.conftest import NOW, Picture, begun, message, wrong
from tests.storage.corrected import GREETED, QUESTIONS

FLIPS = 1000
DAMAGED = (sqlite3.DatabaseError, UnicodeDecodeError)  # the latter where the word for the damage is damaged itself


@pytest.fixture
def lived_in(programme: Store) -> Store:
    """A store with a row in every sealed table."""
    programme.photos.add(Picture(), NOW)
    with programme.transaction():
        visit = begun(programme, 1)
        marks = (Mark("enter", NOW, Position(47.37, 8.54, 12.5)),)
        programme.visits.save(replace(build_visit(1), answers=good_answers(), marks=marks))
        programme.scores.save(visit.id, build_score(build_visit(1)))
        programme.submissions.keep(message(1, visit), b"\x00\xff raw", "submitted", NOW, answers_text(good_answers()))
        programme.submissions.keep_conflict(message(1, visit), b"other", NOW)
        programme.submissions.keep_unreadable(visit.id, visit.shopper_id, b"{", "It cannot be read.", NOW)
        programme.photos.attach(visit.id, "shelf", "a" * 64, NOW)
        programme.journal.write("system", "visit.published", visit.id, NOW, before="submitted", after=["published"])
        paper = Paper("branch", "N01", NOW.date(), NOW.date(), "en")
        share = Share("s1", "N01", "en", cast.AMIR.id, NOW, NOW, "the landlord", None, NOW.date(), NOW.date())
        programme.shares.create("h" * 64, share)
        programme.traffic.save(Traffic({(5, "midday"): Fraction(12)}))
        programme.corrections.add(GREETED, QUESTIONS["greeted"])
        programme.editions.add(Edition("7KQ2M-X9D4F-0TRW1", paper.series, paper, "d" * 64, 1, NOW))
    return programme


def test_a_sound_store_has_nothing_wrong(lived_in: Store) -> None:
    assert wrong(lived_in) == []
    assert all(finding.mend for finding in examine(lived_in))


def test_every_table_with_a_digest_is_sealed_and_lived_in(lived_in: Store) -> None:
    db = lived_in.connections.mine()
    assert {table.name for table in db.tables if "digest" in table.columns_dict} == set(SEALED)
    assert all(db[table].count for table in SEALED)


@pytest.mark.parametrize("table", sorted(SEALED))
def test_a_changed_letter_in_any_column_is_found(lived_in: Store, table: str) -> None:
    path = lived_in.path
    lived_in.close()
    raw = sqlite3.connect(path, isolation_level=None)
    raw.row_factory = sqlite3.Row
    raw.execute("pragma ignore_check_constraints=on")
    for (trigger,) in raw.execute("select name from sqlite_schema where type = 'trigger'").fetchall():
        raw.execute(f"drop trigger {trigger}")
    columns = [row["name"] for row in raw.execute(f"pragma table_info({table})") if row["name"] not in SEALED[table]]
    for column in columns:
        before = raw.execute(f"select {column} from {table} order by rowid").fetchone()[0]
        after = before + 1 if isinstance(before, int | float) else f"{before}x" if isinstance(before, str) else b"x"
        if isinstance(before, int) and column in ("demo", "test", "active"):
            after = 1 - before
        if before is None:
            continue
        number = raw.execute(f"select min(rowid) from {table}").fetchone()[0]
        raw.execute("begin")
        raw.execute(f"update {table} set {column} = ? where rowid = ?", (after, number))
        found = [name for name, _ in broken_seals(raw)]
        raw.execute("rollback")
        assert found == [table], column
    raw.close()


def test_flipped_bits_that_change_what_is_shown_are_found(lived_in: Store) -> None:
    lived_in.connections.mine().execute("pragma wal_checkpoint(truncate)")
    path = lived_in.path
    lived_in.close()
    sound = path.read_bytes()
    words = [word.encode() for word in ("Mill Lane", "They were quick", "Samuel Whitaker", '"greeted"', "2026-11-12")]
    spots = [spot for word in words for spot in range(len(sound)) if sound.startswith(word, spot)]
    before = everything(path)
    changed = 0
    chance = random.Random(7)
    for spot in spots:
        flipped = bytearray(sound)
        flipped[spot + chance.randrange(5)] ^= 1 << chance.randrange(7)
        path.write_bytes(flipped)
        if everything(path) != before:  # else it hit what a row that was rewritten had left behind
            changed += 1
            assert is_found(path), sound[spot : spot + 20]
    assert changed >= len(words)


@pytest.mark.soak
def test_of_a_thousand_flipped_bits_nearly_all_that_change_what_is_shown_are_found(lived_in: Store) -> None:
    lived_in.connections.mine().execute("pragma wal_checkpoint(truncate)")
    path = lived_in.path
    lived_in.close()
    sound, before = path.read_bytes(), everything(path)
    chance = random.Random(19)
    inhabited = [spot for spot in range(len(sound)) if sound[spot]]  # most pages of a small database are nearly empty
    changed = found = 0
    for spot in chance.sample(inhabited, FLIPS):
        flipped = bytearray(sound)
        flipped[spot] ^= 1 << chance.randrange(8)
        path.write_bytes(flipped)
        if everything(path) != before:
            changed += 1
            found += is_found(path)
    assert changed > FLIPS / 20
    assert found >= 0.99 * changed, (found, changed)


def everything(path: Path) -> object:
    """Every value of every sealed row, or None if they cannot be read."""
    raw = sqlite3.connect(path)
    try:
        return [raw.execute(f"select * from {table}").fetchall() for table in SEALED]
    except DAMAGED:
        return None
    finally:
        raw.close()


def is_found(path: Path) -> bool:
    raw = sqlite3.connect(path)
    raw.row_factory = sqlite3.Row
    try:
        return raw.execute("pragma integrity_check").fetchone()[0] != "ok" or bool(broken_seals(raw))
    except DAMAGED:
        return True
    finally:
        raw.close()


def test_photos_that_are_missing_damaged_or_stray_are_named(lived_in: Store) -> None:
    pictures = lived_in.photos.pictures
    pictures.path("a" * 64).write_bytes(b"another picture")
    pictures.path("a" * 64, "paper").unlink()
    pictures.keep("b" * 64, "full", b"nobody's")
    assert [finding.what for finding in wrong(lived_in)] == [
        f"photos missing: {'a' * 64}.paper.jpg",
        f"photos damaged: {'a' * 64}.jpg",
        f"files that belong to no photo: {'b' * 64}.jpg",
    ]


def test_a_database_too_damaged_to_read_is_told_with_the_mend(lived_in: Store) -> None:
    lived_in.connections.mine().execute("pragma wal_checkpoint(truncate)")
    lived_in.close()
    content = bytearray(lived_in.path.read_bytes())
    with sqlite3.connect(lived_in.path) as raw:
        page = raw.execute("select rootpage from sqlite_schema where name = 'visit'").fetchone()[0]
    raw.close()
    content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    lived_in.path.write_bytes(content)
    findings = wrong(lived_in)
    assert findings
    assert all("audit restore" in finding.mend for finding in findings)
    with pytest.raises(Conflict, match="audit restore"):
        lived_in.visits.latest(9)


@pytest.mark.parametrize(
    "damage", [b"creat\xff table visit (", b"create table visit \x01", b"create table vi\xfe\xffit ("]
)
def test_a_schema_too_damaged_to_read_is_told_with_the_mend(lived_in: Store, damage: bytes) -> None:
    lived_in.connections.mine().execute("pragma wal_checkpoint(truncate)")
    lived_in.close()
    content = lived_in.path.read_bytes()
    beginning = len(b"create table visit (")
    at = content.lower().index(b"create table visit (")
    lived_in.path.write_bytes(content[:at] + damage.ljust(beginning)[:beginning] + content[at + beginning :])
    with pytest.raises(Conflict, match="audit restore"):
        open_store(lived_in.path, lived_in.path.parent / "photos")


def test_a_row_that_points_nowhere_is_found(lived_in: Store) -> None:
    raw = sqlite3.connect(lived_in.path, isolation_level=None)
    raw.execute("delete from person where id = ?", (build_visit(1).shopper_id,))
    raw.close()
    assert any(finding.what.startswith("rows that point") for finding in wrong(lived_in))


def test_looking_changes_nothing(lived_in: Store) -> None:
    before = lived_in.connections.mine().execute("pragma data_version").fetchone()[0]
    changes = lived_in.connections.mine().conn.total_changes
    examine(lived_in)
    assert lived_in.connections.mine().execute("pragma data_version").fetchone()[0] == before
    assert lived_in.connections.mine().conn.total_changes == changes
