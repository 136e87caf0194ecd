"""Links to reports after a backup was restored: ended, or kept with the key that signed them."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.actions.accepting import Acceptance, accept_invitation
from audit.actions.inviting import Guest, invite_person, revoke_invitation, send_password_link
from audit.actions.sharing import Terms, open_share, revoke_share, share_branch
from audit.cli.serving import have_key_for_links
from audit.config import Config
from audit.domain.people import Role
from audit.reports.period import read_period
from audit.storage.shares import Share
from audit.storage.store import Store, open_store
from audit.web.link_keys import open_key
from audit.web.passwords import Passwords
from tests import cast
from tests.cli.conftest import Prompt


def key_file(prompt: Prompt) -> Path:
    return prompt.folder / "candour.sqlite.link-key"


def a_link(prompt: Prompt, store: Store, days_ago: float = 0) -> tuple[str, Share]:
    """A link to the report of Mill Lane that Amir made, good for 7 days, and its row."""
    made = datetime.fromtimestamp(datetime.now(UTC).timestamp() - days_ago * 86_400, UTC)
    november = read_period({"from": "2026-11-01", "to": "2026-11-30"}, made.date())
    terms = Terms(7, "en", open_key(key_file(prompt)))
    return share_branch(store, cast.AMIR, cast.N01.code, november, terms, made)


@pytest.fixture
def elsewhere(prompt: Prompt) -> Prompt:
    """Another machine, with nothing on it."""
    other = Prompt(prompt.folder / "elsewhere")
    other.folder.mkdir()
    return other


@pytest.mark.parametrize(("options", "ended"), [((), 1), (("--keep-links",), 0)], ids=["alone", "keeping links"])
def test_a_restored_backup_opens_no_link_that_was_taken_back_since(
    prompt: Prompt, world: Store, elsewhere: Prompt, options: tuple[str, ...], ended: int
) -> None:
    link, over = a_link(prompt, world)[1].id, a_link(prompt, world, days_ago=8)[1].id
    prompt.audit("backup", prompt.folder / "kept.zip")
    revoke_share(world, cast.AMIR, link, datetime.now(UTC))
    said = elsewhere.audit("restore", prompt.folder / "kept.zip", *options)
    assert (said.status, "1 link to a report ended" in said.out) == (0, bool(ended))
    store = open_store(elsewhere.database, elsewhere.photos)
    try:
        assert store.shares.find(link).is_open(datetime.now(UTC)) is not bool(ended)
        assert store.shares.find(over).revoked_at is None
        told = [line for line in store.journal.of(link) if line.what == "share.revoked"]
        assert [(line.who, line.why) for line in told] == [("system", "a backup was restored")] * ended
    finally:
        store.close()
    assert {path.name for path in elsewhere.folder.iterdir()} <= {"candour.sqlite", "photos"}


@pytest.mark.parametrize(("options", "ended"), [((), 2), (("--keep-links",), 0)], ids=["alone", "keeping links"])
def test_a_restored_backup_lets_nobody_in_by_an_invitation_that_was_used_or_taken_back_since(
    prompt: Prompt, world: Store, elsewhere: Prompt, options: tuple[str, ...], ended: int
) -> None:
    now, passwords = datetime.now(UTC), Passwords(memory_kib=64, time_cost=1)
    used, _ = send_password_link(world, cast.ADA, cast.RITA.id, now)
    _, invitation = invite_person(world, cast.ADA, Guest(Role.SHOPPER, "Nora Quist"), now)
    prompt.audit("backup", prompt.folder / "kept.zip")
    accept_invitation(world, passwords, used, Acceptance(password="a heron over wet slate"), now)
    revoke_invitation(world, cast.ADA, invitation.id, now)
    said = elsewhere.audit("restore", prompt.folder / "kept.zip", *options)
    assert (said.status, "2 invitations ended" in said.out) == (0, bool(ended))
    store = open_store(elsewhere.database, elsewhere.photos)
    try:
        open_ones = {one.id for one in store.invitations.list_open(datetime.now(UTC))}
        assert len(open_ones) == 2 - ended
        told = [line for line in store.journal.of(invitation.id) if line.what == "invitation.revoked"]
        assert [(line.who, line.why) for line in told] == [("system", "a backup was restored")] * (ended // 2)
    finally:
        store.close()


def test_links_that_are_kept_open_once_their_key_is_brought_along(
    prompt: Prompt, world: Store, elsewhere: Prompt
) -> None:
    token, share = a_link(prompt, world)
    prompt.audit("backup", prompt.folder / "kept.zip")
    said = elsewhere.audit("restore", prompt.folder / "kept.zip", "--keep-links")
    assert "links to reports that open nothing, since another key signed them: 1. Put the key" in said.out
    assert str(key_file(elsewhere)) in said.out
    lost = elsewhere.audit("doctor")
    assert (lost.status, "WRONG  links to reports that open nothing" in lost.out) == (1, True)
    shutil.copy(key_file(prompt), key_file(elsewhere))
    assert elsewhere.audit("doctor").status == 0
    again = elsewhere.audit("restore", prompt.folder / "kept.zip", "--keep-links", "--replace")
    assert (again.status, "open nothing" in again.out) == (0, False)
    store = open_store(elsewhere.database, elsewhere.photos)
    try:
        carried = open_key(key_file(elsewhere)).read(token, datetime.now(UTC))
        assert carried
        assert open_share(store, carried, "198.51.100.7", "page", datetime.now(UTC)).id == share.id
    finally:
        store.close()


def test_a_server_that_starts_with_another_key_says_how_many_links_open_nothing(
    prompt: Prompt, world: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    a_link(prompt, world)
    config = Config.from_environment(prompt.settings)
    have_key_for_links(world, config)
    assert capsys.readouterr().err == ""
    key_file(prompt).unlink()
    have_key_for_links(world, config)
    said = capsys.readouterr().err
    assert said.startswith("warning: links to reports that open nothing, since another key signed them: 1. Put the key")
    assert key_file(prompt).exists()


def test_no_backup_holds_the_key(prompt: Prompt, world: Store) -> None:
    a_link(prompt, world)
    key = key_file(prompt).read_bytes().strip()
    assert prompt.audit("backup", prompt.folder / "kept.zip").status == 0
    prompt.audit("restore", prompt.folder / "kept.zip", AUDIT_DATABASE=str(prompt.folder / "opened.sqlite"))
    for file in ("kept.zip", "opened.sqlite", "candour.sqlite"):
        assert key not in (prompt.folder / file).read_bytes()


def test_the_doctor_names_a_key_that_others_may_read(prompt: Prompt, world: Store) -> None:
    a_link(prompt, world)
    key_file(prompt).chmod(0o640)
    said = prompt.audit("doctor")
    assert (said.status, "Others may read" in said.err, "chmod 600" in said.err) == (1, True, True)


def test_the_doctor_and_a_dry_run_make_no_key(prompt: Prompt, world: Store) -> None:
    assert prompt.audit("doctor").status == 0
    prompt.audit("mail", "--dry-run")
    assert not key_file(prompt).exists()
