"""`audit init`, `backup`, `restore`, `purge` and `doctor`: an installation is made once and kept well."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from audit.actions.visiting import begin_visit
from audit.cli import upkeep
from audit.domain.people import Role
from audit.reports.letters import NoPress
from audit.storage.store import Store, open_store
from tests import cast
from tests.cast import SAM
from tests.cli.conftest import Prompt
from tests.served import installed
from tests.world import assign

LINK = re.compile(r"http://127\.0\.0\.1:8000/invitations/([\w-]{43})\n")


def test_init_makes_an_installation_and_prints_the_first_administrators_link(prompt: Prompt) -> None:
    said = prompt.audit_outside(
        "init", "--name", "Harbour Stores", "--currency", "CHF", AUDIT_TIME_ZONE="Europe/Zurich"
    )
    assert said.status == 0
    assert LINK.fullmatch(said.out)
    assert "within 14 days" in said.err
    store = open_store(prompt.database, prompt.photos)
    try:
        programme = store.programme.find()
        assert (programme.name, programme.currency, programme.time_zone) == ("Harbour Stores", "CHF", "Europe/Zurich")
        assert [invitation.role for invitation in store.invitations.list_open(datetime.now(UTC))] == [Role.ADMIN]
    finally:
        store.close()
    for path in (prompt.database, prompt.photos):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, f"{path} is open to others"


def test_init_again_keeps_everything_and_prints_a_link_in_place_of_the_last_one(prompt: Prompt) -> None:
    first = prompt.audit("init", "--name", "Harbour Stores")
    again = prompt.audit("init", "--name", "Another name")
    assert (first.status, again.status) == (0, 0)
    assert LINK.fullmatch(again.out)
    assert first.out != again.out
    store = open_store(prompt.database, prompt.photos)
    try:
        assert store.programme.find().name == "Harbour Stores"
        assert len(store.invitations.list_open(datetime.now(UTC))) == 1
    finally:
        store.close()


def test_init_where_there_is_an_administrator_prints_no_link(prompt: Prompt, world: Store) -> None:
    said = prompt.audit("init")
    assert (said.status, said.out) == (0, "")
    assert "There is an administrator already. For a new link: audit invite --role admin" in said.err


def test_a_link_begins_with_the_public_address(prompt: Prompt) -> None:
    said = prompt.audit("init", AUDIT_URL="https://audit.example.org/")
    assert said.out.startswith("https://audit.example.org/invitations/")


def test_the_demo_never_enters_an_installation(prompt: Prompt) -> None:
    prompt.audit("init")
    said = prompt.audit("demo")
    assert (said.status, said.out) == (1, "")
    assert "There is a programme here already. Make the demo in a database of its own" in said.err


TINY = """\
id: tiny
title: Tiny
languages: [en]
estimated_minutes: 5
sections:
  - id: arrival
    title: Arriving
    questions:
      - {id: greeted, ask: Did someone greet you?, kind: yes_no}
"""


def test_a_backup_is_made_while_the_server_runs_and_comes_back_whole(prompt: Prompt) -> None:
    with installed(prompt.folder) as installation:
        installation.publish(prompt.file("tiny.yaml", TINY))
        visit = installation.begin(installation.assign("tiny"))
        with installation.serving():
            said = prompt.audit_outside("backup", prompt.folder / "kept.zip")
            assert (said.status, said.err) == (0, "")
            assert said.out == f"{prompt.folder / 'kept.zip'}: 1 visit and 0 photos, read back and found whole.\n"
            busy = prompt.audit_outside("restore", prompt.folder / "kept.zip", "--replace")
            assert (busy.status, busy.out) == (1, "")
            assert busy.err == f"{prompt.database} is in use. Stop `audit serve` first.\n"
    elsewhere = Prompt(prompt.folder / "elsewhere")
    elsewhere.folder.mkdir()
    shutil.copy(prompt.folder / "kept.zip", elsewhere.folder)
    said = elsewhere.audit_outside("restore", "kept.zip")
    assert (said.status, said.err) == (0, "")
    assert said.out == f"{elsewhere.database}: 1 visit and 0 photos restored.\n"
    store = open_store(elsewhere.database, elsewhere.photos)
    try:
        assert store.visits.find(visit.id) == visit
    finally:
        store.close()
    assert elsewhere.audit("doctor").status == 0


def test_a_restore_replaces_a_database_only_when_it_is_asked_to(prompt: Prompt) -> None:
    prompt.audit("init", "--name", "Harbour Stores")
    archive = prompt.folder / "kept.zip"
    assert prompt.audit("backup", archive).status == 0
    refused = prompt.audit("restore", archive)
    assert (refused.status, refused.out) == (1, "")
    assert "To replace it, ask for it with --replace." in refused.err
    assert prompt.audit("restore", archive, "--replace").status == 0
    assert (prompt.folder / "candour.sqlite.replaced-1").exists()


def test_a_damaged_archive_changes_nothing(prompt: Prompt) -> None:
    prompt.audit("init")
    archive = prompt.folder / "kept.zip"
    prompt.audit("backup", archive)
    whole = bytearray(archive.read_bytes())
    whole[len(whole) // 2] ^= 0x40
    archive.write_bytes(whole)
    said = prompt.audit("restore", archive, "--replace")
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith(f"The archive {archive} is damaged")
    assert prompt.database.read_bytes().startswith(b"SQLite format 3")
    assert not list(prompt.folder.glob("*.replaced-*"))


def test_a_backup_into_a_folder_that_is_not_there_is_refused(prompt: Prompt, world: Store) -> None:
    said = prompt.audit("backup", prompt.folder / "nowhere" / "kept.zip")
    assert (said.status, said.out) == (1, "")
    assert said.err == f"There is no folder {prompt.folder / 'nowhere'} to write into. Make it first.\n"


def an_old_draft(store: Store) -> str:
    """A visit that Sam began half a year ago and never sent."""
    long_ago = datetime.now(UTC) - timedelta(days=180)
    return begin_visit(store, SAM, assign(store, until=long_ago.date() + timedelta(days=400)).id, long_ago).id


def removed(out: str) -> dict[str, int]:
    counted: dict[str, int] = json.loads(out)["removed"]
    return {what: number for what, number in counted.items() if number}


def test_a_dry_purge_says_what_it_would_remove_and_removes_nothing(prompt: Prompt, world: Store) -> None:
    an_old_draft(world)
    said = prompt.audit("purge", "--dry-run")
    assert (said.status, said.err) == (0, "")
    assert re.search(r"^ +1 drafts$", said.out, re.MULTILINE)
    assert said.out.endswith("Nothing was removed: this was a dry run.\n")
    as_json = prompt.audit("purge", "--dry-run", "--json")
    assert json.loads(as_json.out)["dry_run"] is True
    assert removed(as_json.out) == {"drafts": 1}


def test_a_purge_removes_what_is_past_its_period_and_nothing_else(prompt: Prompt, world: Store) -> None:
    visit_id = an_old_draft(world)
    assert removed(prompt.audit("purge", "--json", AUDIT_RETENTION_DRAFTS_DAYS="0").out) == {}
    assert removed(prompt.audit("purge", "--json").out) == {"drafts": 1}
    assert removed(prompt.audit("purge", "--json").out) == {}
    assert prompt.audit("report", "visit", visit_id, "-o", prompt.folder / "x.pdf").status == 1


def test_the_doctor_finds_a_healthy_installation_well(prompt: Prompt, world: Store) -> None:
    said = prompt.audit_outside("doctor")
    assert (said.status, said.err) == (0, "")
    lines = said.out.splitlines()
    assert all(line.startswith("ok     ") for line in lines)
    for looked_at in ("Candour ", "Python ", "SQLite ", "pages of the database", "digest", "photos", "free space"):
        assert looked_at in said.out
    findings = json.loads(prompt.audit("doctor", "--json").out)
    assert len(findings) == len(lines)
    assert all(set(finding) == {"ok", "what", "mend"} and finding["ok"] and not finding["mend"] for finding in findings)


def test_the_doctor_names_what_is_damaged_and_the_mend(prompt: Prompt) -> None:
    prompt.audit("init", "--name", "Harbour Stores")
    whole = prompt.database.read_bytes()
    assert whole.count(b"Harbour Stores") == 2  # the programme, and the journal's line about it
    prompt.database.write_bytes(whole.replace(b"Harbour Stores", b"Harbour Shores"))
    said = prompt.audit("doctor")
    assert said.status == 1
    assert "WRONG  rows whose digest does not fit: " in said.out
    assert "restore the latest backup: audit restore FILE --replace" in said.err
    wrong = [finding for finding in json.loads(prompt.audit("doctor", "--json").out) if not finding["ok"]]
    assert wrong
    assert all(finding["mend"] for finding in wrong)


def test_the_doctor_survives_pages_that_cannot_be_read(prompt: Prompt, world: Store) -> None:
    world.close()
    pages = bytearray(prompt.database.read_bytes())
    for place in range(len(pages) // 2, len(pages) // 2 + 20_000):
        pages[place] ^= 0x5A
    prompt.database.write_bytes(pages)
    said = prompt.audit("doctor")
    assert said.status == 1
    assert said.err.strip()
    assert "Traceback" not in said.err
    assert "fault of Candour" not in said.err


def test_the_doctor_looks_where_the_settings_say(prompt: Prompt, world: Store) -> None:
    assert "free space for elsewhere" in prompt.audit("doctor", AUDIT_PHOTOS="elsewhere").out


def test_no_output_is_written_over_what_is_something_else(prompt: Prompt, world: Store) -> None:
    for words in (("backup",), ("report", "branch", "N01", "-o")):
        said = prompt.audit(*words, prompt.database)
        assert (said.status, said.out) == (1, "")
        assert said.err == f"{prompt.database} is there already, and is something else. Choose another name.\n"
    assert prompt.database.read_bytes().startswith(b"SQLite format 3")
    assert not list(prompt.folder.glob("*.unfinished"))


def test_an_older_backup_is_replaced_be_it_damaged_or_empty(prompt: Prompt, world: Store) -> None:
    for older in (b"", b"PK and then nothing"):
        assert prompt.audit("backup", prompt.file("candour.zip", older)).status == 0
    assert prompt.audit("backup", prompt.folder / "candour.zip").status == 0


def test_a_backup_takes_the_place_of_no_device(prompt: Prompt, world: Store) -> None:
    pipe = prompt.folder / "pipe"
    os.mkfifo(pipe)
    assert prompt.audit("backup", pipe).err == f"{pipe} is no file. Choose another name.\n"
    assert pipe.is_fifo()


def test_the_doctor_says_which_names_paper_cannot_show(
    prompt: Prompt, world: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "missing_letters", lambda texts: "\u0b95" if "\u0b95" in "".join(texts) else "")
    monkeypatch.setattr(upkeep, "SYSTEMS", {"Latin": "a"})
    assert prompt.audit("doctor").status == 0
    with world.transaction():
        world.branches.save(replace(cast.N01, name="Mill Lane \u0b95"))
    said = prompt.audit("doctor")
    assert said.status == 1
    assert "names that paper shows as empty boxes, by writing system: Tamil. Install fonts" in said.err


def test_the_doctor_says_why_phones_are_sent_longer_scripts_than_need_be(
    prompt: Prompt, world: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "why_unable", lambda: "ModuleNotFoundError: No module named 'minify'")
    said = prompt.audit("doctor")
    assert said.status == 1
    assert "WRONG  scripts cannot be shortened for phones: ModuleNotFoundError" in said.out
    assert "They work, but are longer to fetch. Install Candour's packages anew" in said.err


def test_the_doctor_says_why_nothing_can_be_printed(
    prompt: Prompt, world: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(texts: object) -> str:
        raise NoPress("no library called pango")

    monkeypatch.setattr(upkeep, "missing_letters", fails)
    said = prompt.audit("doctor")
    assert (said.status, said.err.count("nothing can be printed: no library called pango. See docs/")) == (1, 1)
