"""What holds for every command: help, exit status, which stream says what, and never a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import __version__
from audit.cli import branches, command_line
from tests.cli.conftest import Prompt
from tests.world import WELCOME

COMMANDS = (
    "init, serve, demo, checklist, checklist check, checklist score, checklist publish, checklist schema, branches, "
    "branches import, branches list, report, report visit, report branch, invite, backup, restore, purge, doctor"
).split(", ")


def every_command(group: click.Group, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        yield f"{before}{name}"
        if isinstance(command, click.Group):
            yield from every_command(command, f"{before}{name} ")


def test_the_commands_of_the_contract_are_all_there() -> None:
    assert set(COMMANDS) - set(every_command(command_line)) == set()


@pytest.mark.parametrize("command", ["", *every_command(command_line)])
def test_every_command_explains_itself(prompt: Prompt, command: str) -> None:
    for option in ("--help", "-h"):
        said = prompt.audit(*command.split(), option)
        assert (said.status, said.err) == (0, "")
        assert said.out.startswith(f"Usage: command-line {command}".rstrip())
        assert len(said.out.splitlines()) > 4


@pytest.mark.parametrize("group", ["", "branches", "checklist", "report"])
def test_a_list_of_commands_breaks_no_sentence_off(prompt: Prompt, group: str) -> None:
    listed = prompt.audit(*group.split(), "--help").out.split("Commands:")[1]
    assert listed.count("\n  ") > 1
    assert "..." not in listed.replace("(AUDIT_RETENTION_...)", "")


def test_done_is_0_refused_is_1_and_wrong_usage_is_2(prompt: Prompt) -> None:
    done = prompt.audit_outside("--version")
    assert (done.status, done.out, done.err) == (0, f"Candour, version {__version__}\n", "")
    refused = prompt.audit_outside("branches", "list")
    assert (refused.status, refused.out) == (1, "")
    assert refused.err == f"There is no database at {prompt.database}. Run `audit init` first.\n"
    wrong = prompt.audit_outside("branches", "lost")
    assert (wrong.status, wrong.out) == (2, "")
    assert "No such command 'lost'" in wrong.err


@pytest.mark.parametrize(
    "words",
    [
        "frobnicate",
        "--frobnicate",
        "checklist check",
        "checklist score only-one.yaml",
        "branches import",
        "report branch N01",
        "report branch N01 --from yesterday -o x.pdf",
        "report visit",
        "invite",
        "invite --role boss",
        "backup",
        "purge --frobnicate",
        "serve --port 0",
        "serve --port 65536",
        "serve --port http",
        "demo --seed one",
    ],
)
def test_wrong_usage_is_told_with_the_way_to_help(prompt: Prompt, words: str) -> None:
    said = prompt.audit(*words.split())
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith("Usage: ")
    assert "\nError: " in said.err


@pytest.mark.parametrize(
    "words",
    [
        "branches list",
        "checklist publish welcome.yaml",
        "branches import branches.csv",
        "report branch N01 -o x.pdf",
        "report visit N01 -o x.pdf",
        "invite --role admin",
        "backup x.zip",
        "purge",
        "doctor",
        "serve",
    ],
)
def test_without_a_database_the_way_to_one_is_told_and_none_is_made(
    prompt: Prompt, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(prompt.folder)
    prompt.file("welcome.yaml", WELCOME.read_bytes())
    prompt.file("branches.csv", "code;name\nA1;Mill Lane\n")
    said = prompt.audit(*words.split())
    assert (said.status, said.err) == (1, f"There is no database at {prompt.database}. Run `audit init` first.\n")
    assert not prompt.database.exists()


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("AUDIT_PORT", "http", "Write a number from 1 to 65535."),
        ("AUDIT_URL", "audit.example.org", "Write the public address without a path"),
        ("AUDIT_TIME_ZONE", "Zurich", "Write a time zone like Europe/Zurich."),
        ("AUDIT_RETENTION_PHOTOS_DAYS", "two years", "Write a number of days"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name_with_the_mend(prompt: Prompt, name: str, value: str, mend: str) -> None:
    said = prompt.audit("init", **{name: value})
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith(f"{name}: “{value}” cannot be used. {mend}")


def test_a_database_that_is_none_is_not_touched(prompt: Prompt) -> None:
    prompt.file("candour.sqlite", "Dear diary, " * 500)
    for words in ("init", "doctor", "branches list", "demo"):
        said = prompt.audit(*words.split())
        assert (said.status, said.out) == (1, "")
        assert "is not a database" in said.err
    assert prompt.database.read_text() == "Dear diary, " * 500


@pytest.mark.parametrize("place", ["a-file/candour.sqlite", "a-folder", "/proc/candour.sqlite"])
def test_a_place_where_nothing_can_be_made_is_named(prompt: Prompt, place: str) -> None:
    prompt.file("a-file", "")
    (prompt.folder / "a-folder").mkdir()
    said = prompt.audit_outside("init", AUDIT_DATABASE=place)
    assert (said.status, said.out) == (1, "")
    assert place.split("/candour")[0] in said.err
    assert "Traceback" not in said.err


def test_a_fault_of_ours_is_one_line_with_its_place(prompt: Prompt, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> None:
        raise ZeroDivisionError("no branches")

    monkeypatch.setattr(branches, "read_branch_file", stumble)
    file = prompt.file("branches.csv", "code;name\n")
    said = prompt.audit("branches", "import", file)
    assert (said.status, said.out) == (1, "")
    assert len(said.err.splitlines()) == 1
    assert "ZeroDivisionError at audit/cli/branches.py:" in said.err
    loud = prompt.audit("branches", "import", file, AUDIT_LOG_LEVEL="debug")
    assert "Traceback (most recent call last)" in loud.err


READERS = (
    ("checklist", "check", "FILE"),
    ("checklist", "publish", "FILE"),
    ("checklist", "score", "FILE", str(WELCOME)),
    ("checklist", "score", str(WELCOME), "FILE"),
    ("branches", "import", "FILE", "--dry-run"),
    ("restore", "FILE", "--replace"),
)
ODD_FILES = {
    "empty": b"",
    "NULs": b"\0" * 64,
    "Latin 1": '{"answers": {"greeted": "déjà vu"}}'.encode("latin-1"),
    "a deep nest": b"[" * 50_000,
    "a cut archive": b"PK\x03\x04" + b"\x14\0\0\0\x08\0" + b"x" * 40,
    "lone surrogate": b'{"answers": {"greeted": "\\ud800"}}',
    "braces": b'{"answers": {"{greeted}": "{0}"}, "{field}": 1}',
}


@pytest.mark.parametrize("content", ODD_FILES.values(), ids=ODD_FILES.keys())
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: " ".join(Path(word).name for word in reader))
def test_an_odd_file_is_refused_with_a_reason(
    prompt: Prompt, world: object, reader: tuple[str, ...], content: bytes
) -> None:
    file = prompt.file("odd", content)
    said = prompt.audit(*(str(file) if word == "FILE" else word for word in reader))
    assert (said.status, said.out) == (1, ""), said
    assert said.err.strip()
    assert "fault of Candour" not in said.err


TABLE_READERS = (("measure", "FILE"), ("agreement", "FILE"))


@pytest.mark.parametrize("reader", [*READERS, *TABLE_READERS], ids=lambda reader: " ".join(reader[:2]))
def test_a_file_that_is_not_there_is_refused_by_its_name_and_so_is_a_folder(
    prompt: Prompt, world: object, reader: tuple[str, ...]
) -> None:
    (prompt.folder / "folder").mkdir()
    for name in ("gone", "folder"):
        said = prompt.audit(*(str(prompt.folder / name) if word == "FILE" else word for word in reader))
        assert (said.status, said.out) == (1, ""), said
        assert str(prompt.folder / name) in said.err
        assert "fault of Candour" not in said.err


@pytest.mark.parametrize("reader", [*READERS, *TABLE_READERS], ids=lambda reader: " ".join(reader[:2]))
def test_a_file_that_may_not_be_read_is_refused_by_its_name(
    prompt: Prompt, world: object, reader: tuple[str, ...]
) -> None:
    file = prompt.file("secret", "code;name\n")
    file.chmod(0)
    said = prompt.audit_without_power(*(str(file) if word == "FILE" else word for word in reader))
    assert (said.status, said.out) == (1, ""), said
    assert said.err.startswith(str(file))


def test_a_database_that_may_not_be_written_is_refused_with_the_mend(prompt: Prompt) -> None:
    prompt.audit("init")
    prompt.database.chmod(0o444)
    prompt.folder.chmod(0o555)
    for words in ("branches list", "doctor", "invite --role admin"):
        said = prompt.audit_without_power(*words.split())
        assert (said.status, said.out) == (1, ""), said
        assert said.err.startswith(f"Who runs this may not write {prompt.database}.")


def test_what_is_no_file_is_no_database(prompt: Prompt) -> None:
    said = prompt.audit("doctor", AUDIT_DATABASE="/dev/null")
    assert (said.status, said.err) == (
        1,
        "The database /dev/null cannot be opened. Check AUDIT_DATABASE and who may read it.\n",
    )


def test_a_stream_that_cannot_spell_a_name_gets_its_number(prompt: Prompt) -> None:
    prompt.audit("init")
    prompt.audit("branches", "import", prompt.file("branches.csv", "code;name\n1;渋谷\n"))
    said = prompt.audit_outside("branches", "list", PYTHONIOENCODING="latin-1")
    assert (said.status, said.err) == (0, "")
    assert "\\u6e0b\\u8c37" in said.out


def test_a_checklist_that_is_not_there_keeps_no_other_from_being_checked(prompt: Prompt) -> None:
    said = prompt.audit("checklist", "check", "gone.yaml", str(WELCOME))
    assert (said.status, said.out.count("can be used")) == (1, 1)
    assert said.err.startswith("gone.yaml:1: No such file")


@pytest.mark.parametrize("words", ["backup FOLDER", "report branch N01 -o FOLDER", "push key FOLDER"])
def test_a_folder_in_the_place_of_a_new_file_is_refused(prompt: Prompt, world: object, words: str) -> None:
    said = prompt.audit(*words.replace("FOLDER", str(prompt.folder)).split())
    assert (said.status, said.out, said.err) == (1, "", f"{prompt.folder} is a folder. Name a file in it.\n")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode()))
def test_no_file_makes_a_reader_stumble(prompt: Prompt, content: bytes) -> None:
    file = prompt.file("any", content)
    for reader in (READERS[0], READERS[3]):
        said = prompt.audit(*(str(file) if word == "FILE" else word for word in reader))
        assert said.status in (0, 1), said.err
        assert "fault of Candour" not in said.err
