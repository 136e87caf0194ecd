"""The guides are held to the code: commands exist, links lead somewhere, examples are run, tables are the code's."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from audit import __version__
from audit.actions.publishing import publish_checklist, read_checklist_file
from audit.actions.submitting import receive_submission
from audit.actions.visiting import begin_visit
from audit.cli import command_line
from audit.config import VARIABLES
from audit.domain.checklist.parsing import checklist_from_tree
from audit.domain.checklist.questions import QUESTION_KINDS
from audit.domain.people import Role
from audit.domain.submission import canonical, read_answers, read_submission
from audit.domain.visit import Flag
from audit.storage.integrity import RESTORE
from tests.cast import ADA, SAM
from tests.world import NOW, WELCOME, assign, opened_world

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "checklists" / "README.md"])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
COMMAND = re.compile(r"(?:^|[\s/])audit(?= [a-z-])(?P<words> .*)$")
END_OF_COMMAND = re.compile(r"\s(?:[>|;&#]|\|\|).*$")
PICTURE_BYTES = 150_000
IN_WORDS = {"Eight": 8, "Twelve": 12}


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> list[str]:
    return [body for spoken, body in FENCED.findall(text_of(page)) if spoken == language]


def commands_shown(page: Path) -> Iterator[str]:
    """What follows `audit` in every line of a fenced block and in every inline piece of code."""
    text = text_of(page)
    pieces = [
        line for language in ("sh", "ini", "crontab") for body in blocks(page, language) for line in body.splitlines()
    ]
    for piece in [*pieces, *INLINE.findall(FENCED.sub("", text))]:
        found = COMMAND.search(piece)
        if found and not piece.lstrip().startswith(("useradd", "chmod", "install ", "#")):
            yield END_OF_COMMAND.sub("", found["words"]).strip()


def why_no_command(words: list[str]) -> str:
    """What is wrong with a command as it is shown; empty if nothing is."""
    command: click.Command = command_line
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        if words[0] not in command.commands:
            return f"there is no command {words[0]}"
        command, words = command.commands[words[0]], words[1:]
    options = {name for option in command.params for name in option.opts} | {"-h", "--help", "--version"}
    strange = [word for word in words if word.startswith("-") and word != "-" and word.split("=")[0] not in options]
    return f"{command.name} has no option {strange[0]}" if strange else ""


SHOWN = sorted({(page.relative_to(ROOT).as_posix(), shown) for page in PAGES for shown in commands_shown(page)})


@pytest.mark.parametrize(("page", "shown"), SHOWN)
def test_a_command_that_is_shown_exists_with_its_options(page: str, shown: str) -> None:
    assert why_no_command(shlex.split(shown.strip("[]"))) == ""


def test_commands_are_found_in_the_guides_and_wrong_ones_would_be_told() -> None:
    assert len(SHOWN) > 20
    assert why_no_command(["purge", "--dry-run"]) == ""
    assert why_no_command(["purge", "--wet-run"]) == "purge has no option --wet-run"
    assert why_no_command(["checklist", "burn"]) == "there is no command burn"
    assert not why_no_command(shlex.split(RESTORE.partition(": audit ")[2]))


@pytest.mark.parametrize("page", [*PAGES, *DECISIONS], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in filter(None, (one or other for one, other in LINK.findall(text_of(page)))):
        assert "://" not in link, f"{link} is not ours to keep"
        assert (page.parent / link.split("#")[0]).exists(), link


def test_every_page_that_the_program_names_is_there() -> None:
    named = set()
    for folder, ending in (("audit", "*.py"), ("templates", "*.html"), ("bin", "*")):
        for file in (ROOT / folder).rglob(ending):
            if file.is_file():
                named |= set(re.findall(r"\bdocs/[\w/-]+\.md\b", text_of(file)))
    assert "docs/behind-a-proxy.md" in named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_every_guide_stands_in_the_index() -> None:
    index = text_of(ROOT / "docs" / "README.md")
    for page in (ROOT / "docs").glob("*.md"):
        assert page.name == "README.md" or f"]({page.name})" in index, page.name


def test_every_picture_is_small_and_is_shown() -> None:
    shown = " ".join(text_of(page) for page in PAGES)
    for picture in (ROOT / "docs" / "pictures").iterdir():
        assert f"pictures/{picture.name}" in shown, picture.name
        assert picture.stat().st_size < PICTURE_BYTES, picture.name


def test_the_readme_begins_with_what_it_is_a_picture_and_two_commands() -> None:
    lines = text_of(ROOT / "README.md").splitlines()
    assert lines[0] == "# Candour"
    first_page = "\n".join(lines[:16])
    places = [first_page.find(sought) for sought in ("mystery-shopping", "<img src=", "bin/run", "bin/test")]
    assert -1 not in places
    assert places == sorted(places)


def test_the_readme_counts_right_and_knows_every_room() -> None:
    text = text_of(ROOT / "README.md")
    counted = {word: IN_WORDS[word] for word in re.findall(r"\b(Eight|Twelve)\b", text)}
    assert counted == {"Eight": len(list((ROOT / "checklists").glob("*.yaml"))), "Twelve": len(QUESTION_KINDS)}
    rooms = {path.name for path in (ROOT / "audit").iterdir() if (path / "__init__.py").exists()}
    assert rooms == set(re.findall(r"^\| `audit/(\w+)`", text, re.MULTILINE))


def test_the_changelog_begins_with_this_version() -> None:
    headings = re.findall(r"^## (\S+)", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == __version__


def test_the_periods_of_retention_are_those_of_the_settings() -> None:
    told = re.findall(r"^\|[^|]+\| (\d+) days \|", text_of(ROOT / "docs" / "keeping-it-well.md"), re.MULTILINE)
    assert told == [row.default for row in VARIABLES if row.name.startswith("AUDIT_RETENTION_")]


def test_the_office_is_told_about_every_role() -> None:
    text = text_of(ROOT / "docs" / "for-the-office.md")
    for role in Role:
        name = {Role.ADMIN: "`admin`", Role.SHOPPER: "mystery shopper"}.get(role, role.value.replace("_", " "))
        assert re.search(rf"^\|.*{name}", text, re.MULTILINE), role


# --- examples that are run

CONTRACT = ROOT / "docs" / "contract.md"
SCORING = ROOT / "docs" / "how-we-score.md"


def test_the_envelope_of_the_contract_is_received_as_it_stands(tmp_path: Path) -> None:
    envelope = json.loads(blocks(CONTRACT, "json")[0])
    assert read_submission(envelope).to_tree() == envelope
    six_secrets = ROOT / "checklists" / "six-secrets.yaml"
    with opened_world(tmp_path) as store:
        file = read_checklist_file(six_secrets.read_bytes(), six_secrets.name)
        publish_checklist(store, ADA, file.tree, file.source, NOW)
        visit = begin_visit(store, SAM, assign(store, checklist_id="six-secrets").id, NOW)
        sent = read_submission({**envelope, "visit_id": visit.id})
        receipt = receive_submission(store, SAM, sent, canonical(sent.to_tree()), NOW)
        received = store.visits.find(visit.id)
    assert receipt.msg_id == envelope["msg_id"]
    assert received.answers["greeted"].comment == envelope["answers"]["greeted"]["comment"]
    assert Flag.ODD_ANSWERS not in received.flags
    assert Flag.OLD_VERSION not in received.flags


def command(*words: str, given: str) -> dict[str, Any]:
    ended = CliRunner().invoke(command_line, words, input=given)
    assert ended.exit_code == 0, ended.stderr
    tree: dict[str, Any] = json.loads(ended.stdout)
    return tree


def test_the_answers_file_of_the_contract_is_scored() -> None:
    example = blocks(CONTRACT, "json")[1]
    assert set(json.loads(example)) == {"answers", "branch", "scenario"}
    tree = command("checklist", "score", str(WELCOME), "-", given=example)
    assert {one["id"]: one["why"] for one in tree["questions"]}["greeted"] == "nothing"


ONE_OF_EACH = """
id: one-of-each
title: One of each
languages: [en]
estimated_minutes: 5
sections:
  - id: all
    title: All
    questions:
      - {id: yes_no, ask: A?, kind: yes_no}
      - {id: number, ask: B?, kind: number, decimals: 2}
      - {id: clock_time, ask: C?, kind: clock_time}
      - {id: date, ask: D?, kind: date}
"""


def test_the_values_that_the_contract_shows_are_taken() -> None:
    rows = re.findall(
        r"^\| (`\w+`(?:, `\w+`)*) \| (.+) \|$", text_of(CONTRACT).partition("| kind | value |")[2], re.MULTILINE
    )
    kinds = {kind: cell for names, cell in rows for kind in re.findall(r"`(\w+)`", names)}
    assert set(QUESTION_KINDS) <= set(kinds)
    checklist = checklist_from_tree(read_checklist_file(ONE_OF_EACH.encode(), "one-of-each.yaml").tree)
    values = [(kind, json.loads(value)) for kind in ("yes_no", "number", "clock_time", "date")
              for value in re.findall(r"`(\"[^`]+\")`", kinds[kind])]  # fmt: skip
    assert len(values) == 5
    for kind, value in values:
        assert read_answers(checklist, {kind: value})[1] == {}, (kind, value)


def test_the_visit_that_was_worked_out_by_hand_is_scored_the_same(tmp_path: Path) -> None:
    (answers, expected), [checklist] = blocks(SCORING, "json"), blocks(SCORING, "yaml")
    file = tmp_path / "corner-shop.yaml"
    file.write_text(checklist, encoding="utf-8")
    tree = command("checklist", "score", str(file), "-", given=answers)
    by_hand = json.loads(expected)
    assert len(by_hand) == 8
    assert {name: tree[name] for name in by_hand} == by_hand
    assert {name: part["score"] for name, part in tree["dimensions"].items()} == {
        "warmth": [75, 1],
        "listening": [200, 3],
    }
    lent = json.loads(answers)
    lent["answers"]["umbrella"] = "yes"
    with_bonus = command("checklist", "score", str(file), "-", given=json.dumps(lent))
    assert (Fraction(*with_bonus["with_bonus"]), with_bonus["base"]) == (Fraction(600, 7), [500, 7])


def test_the_table_worked_out_by_hand_adds_up() -> None:
    rows = re.findall(r"^\| (\w+) \| (\d+) \| (\S+) \| (\S+) \| (\S+) \|", text_of(SCORING), re.MULTILINE)
    counted = [
        (Fraction(weight), Fraction(share), Fraction(earned), possible)
        for _, weight, share, earned, possible in rows
        if share != "-"
    ]
    assert all(weight * share == earned for weight, share, earned, _ in counted)
    assert sum(earned for *_, earned, _ in counted) == 5
    assert sum(Fraction(possible) for *_, possible in counted if possible != "-") == 7


def test_the_example_of_the_checklist_format_can_be_used(tmp_path: Path) -> None:
    [example] = [body for body in blocks(ROOT / "checklists" / "README.md", "yaml") if body.startswith("id: ")]
    file = tmp_path / "corner-shop.yaml"
    file.write_text(example, encoding="utf-8")
    ended = CliRunner().invoke(command_line, ["checklist", "check", str(file)])
    assert (ended.exit_code, ended.stderr) == (0, "")
