"""Where notifications are on: gone with the sign-in, in no archive, in no file once their time has passed."""

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from audit.storage.backup import backup
from audit.storage.devices import Device
from audit.storage.duties import Periods
from audit.storage.notifications import Subscription
from audit.storage.restoring import restore
from audit.storage.retention import purge
from audit.storage.store import Store, open_store
from tests import cast
from tests.storage.conftest import NOW, wrong

ADDRESS = "https://push.example.org/a-secret-of-this-phone"
DAY = timedelta(days=1)


@pytest.fixture
def listening(programme: Store) -> Store:
    """Sam's phone is signed in, wants to be told, and was told something."""
    with programme.transaction():
        programme.devices.open("hash", Device("d1", cast.SAM.id, "phone", "", NOW, NOW, NOW + 90 * DAY))
        programme.notifications.open(Subscription("s1", "d1", ADDRESS, "key", NOW))
        programme.notifications.tell("s1", ["assigned a1"], NOW)
    return programme


def rows(store: Store) -> list[int]:
    return [
        store.connections.rows(f"select count(*) from {table}")[0][0] for table in ("push_subscription", "push_told")
    ]


def test_a_device_that_is_revoked_takes_its_address_and_what_was_told_along(listening: Store) -> None:
    assert rows(listening) == [1, 1]
    with listening.transaction():
        listening.devices.revoke("d1", NOW)
    assert rows(listening) == [0, 0]


def test_a_device_has_one_address_and_an_address_one_device(listening: Store) -> None:
    with listening.transaction():
        listening.notifications.open(Subscription("s2", "d1", f"{ADDRESS}-2", "key", NOW))
    assert rows(listening) == [1, 0]
    assert listening.notifications.at_address(ADDRESS) is None
    assert listening.notifications.told("s2") == frozenset()


def test_telling_the_same_twice_is_telling_it_once(listening: Store) -> None:
    with listening.transaction():
        listening.notifications.tell("s1", ["assigned a1", "assigned a2"], NOW)
    assert listening.notifications.told("s1") == {"assigned a1", "assigned a2"}


def test_no_archive_holds_an_address_and_what_is_restored_speaks_to_nobody(listening: Store, tmp_path: Path) -> None:
    backup(listening, tmp_path / "b.zip", NOW)
    with zipfile.ZipFile(tmp_path / "b.zip") as zipped:
        assert ADDRESS.encode() not in zipped.read("candour.db")
    restore(tmp_path / "b.zip", tmp_path / "new.db", tmp_path / "new")
    again = open_store(tmp_path / "new.db", tmp_path / "new")
    assert rows(again) == [0, 0]
    assert again.devices.find("d1").person_id == cast.SAM.id
    assert again.notifications.listening("key", NOW) == []
    assert wrong(again) == []
    again.close()
    assert rows(listening) == [1, 1], "the one that is running goes on telling"


def test_a_sign_in_that_ran_out_loses_its_address_within_a_day_and_no_file_holds_it(listening: Store) -> None:
    assert purge(listening, Periods(), NOW + 90 * DAY)["addresses for notifications"] == 0
    found = purge(listening, Periods(), NOW + 92 * DAY)
    assert found["addresses for notifications"] == 1
    assert rows(listening) == [0, 0]
    files = list(listening.path.parent.glob(f"{listening.path.name}*"))
    assert files
    assert not [file.name for file in files if ADDRESS.encode() in file.read_bytes()]


def test_a_shopper_whose_name_goes_leaves_no_address(listening: Store) -> None:
    with listening.transaction():
        listening.journal.write("system", "person.joined", cast.SAM.id, NOW)
    purge(listening, Periods(shoppers_days=30), NOW + 31 * DAY)
    assert (rows(listening), listening.devices.of_person(cast.SAM.id)) == ([0, 0], [])
