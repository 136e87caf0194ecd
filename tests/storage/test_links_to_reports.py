"""Links to reports on their shelf: found by their secret, used, taken back, and sealed against a turned bit."""

from dataclasses import replace
from datetime import timedelta

import pytest

from audit.domain.errors import NotFound
from audit.storage.connections import sqlite3
from audit.storage.seals import broken_seals
from audit.storage.shares import Share
from audit.storage.store import Store
from tests import cast
from tests.storage.conftest import NOW, begun

DAY = timedelta(days=1)
BRANCH = Share("s1", "N01", "en", cast.AMIR.id, NOW, NOW + 7 * DAY, "the landlord", None, NOW.date(), NOW.date())


def create(store: Store, share: Share = BRANCH) -> Share:
    with store.transaction():
        store.shares.create(f"hash of {share.id}", share)
    return share


def test_a_share_is_known_by_its_secret_and_open_until_it_ends(programme: Store) -> None:
    share = create(programme)
    assert programme.shares.by_token_hash("hash of s1") == share
    assert share.is_open(NOW)
    assert not share.is_open(NOW + 7 * DAY)
    with pytest.raises(NotFound):
        programme.shares.by_token_hash("s1")


def test_openings_are_counted_and_the_last_one_is_kept(programme: Store) -> None:
    create(programme)
    for days in (1, 2):
        with programme.transaction():
            programme.shares.use("s1", NOW + days * DAY)
    assert programme.shares.find("s1") == replace(BRANCH, uses=2, used_at=NOW + 2 * DAY)


def test_taking_it_back_twice_changes_nothing(programme: Store) -> None:
    create(programme)
    for days in (1, 2):
        with programme.transaction():
            programme.shares.revoke("s1", NOW + days * DAY)
    found = programme.shares.find("s1")
    assert (found.revoked_at, found.is_open(NOW)) == (NOW + DAY, False)


def test_each_sees_the_own_ones_and_ada_sees_all(programme: Store) -> None:
    create(programme)
    later = create(programme, replace(BRANCH, id="s2", made_by=cast.OTTO_AREA.id, created_at=NOW + DAY))
    assert programme.shares.visible_to(cast.AMIR).list_all() == [BRANCH]
    assert programme.shares.visible_to(cast.ADA).list_all() == [later, BRANCH]
    with pytest.raises(NotFound):
        programme.shares.visible_to(cast.OTTO_AREA).find("s1")


def test_a_share_is_about_a_visit_or_about_days_and_never_both(programme: Store) -> None:
    with programme.transaction():
        visit = begun(programme, 1)
    create(programme, replace(BRANCH, visit_id=visit.id, first=None, last=None))
    for wrong in (replace(BRANCH, id="s3", visit_id=visit.id), replace(BRANCH, id="s3", first=None, last=None)):
        with pytest.raises(sqlite3.IntegrityError):
            create(programme, wrong)


def test_a_share_that_was_turned_to_another_branch_breaks_its_seal(programme: Store) -> None:
    create(programme)
    with programme.transaction():
        programme.shares.use("s1", NOW)
    connection = programme.connections.mine().conn
    assert broken_seals(connection) == []
    with programme.transaction():
        programme.connections.change("update share set branch_code = 'S01'")
    assert broken_seals(connection) == [("share", 1)]
