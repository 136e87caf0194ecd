"""`audit checklist`: check, score, publish, schema."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import click

from audit.actions.publishing import ChecklistFile, publish_checklist, read_checklist_file
from audit.cli.doors import Commands, refuse
from audit.cli.opening import A_PATH, Brought, opened_store, say_json
from audit.config import clock
from audit.domain.checklist.answers import clean_answer
from audit.domain.checklist.model import Checklist, Circumstances
from audit.domain.checklist.questions.numbers import decimal_text
from audit.domain.checklist.reading import did_you_mean, exact_number
from audit.domain.checklist.schema import json_schema
from audit.domain.errors import CandourError, InvalidAnswer, InvalidChecklist, InvalidSubmission
from audit.domain.score import score_visit
from audit.domain.submission import read_answers, read_tree

BOM = b"\xef\xbb\xbf"  # put before JSON by some editors
SHAPE = 'Write an object like {"answers": {...}, "branch": {...}, "scenario": null}.'


@click.group(cls=Commands)
def checklist() -> None:
    """Check, score and publish checklists."""


@checklist.command()
@click.argument("files", nargs=-1, required=True, type=A_PATH)
def check(files: tuple[Path, ...]) -> None:
    """Say everything that is wrong with the FILES, as `file:line: what is wrong, and the mend`.

    Errors and warnings go to standard error, a line for each file that can be used to standard output. Exit status 1
    if there is an error; warnings alone leave it 0."""
    usable = [_checked(file) for file in files]  # every file is looked at, whatever is wrong with the first
    if not all(usable):
        sys.exit(1)


@checklist.command()
@click.argument("file", metavar="CHECKLIST", type=A_PATH)
@click.argument("answers", type=Brought())
def score(file: Path, answers: IO[bytes]) -> None:
    """Score ANSWERS (a JSON file, or - for standard input) by CHECKLIST, and print the score as JSON.

    ANSWERS is {"answers": {...}, "branch": {attribute: text}, "scenario": id or null}; docs/contract.md has the shapes.
    """
    questions = _usable(file)[1]
    said, circumstances = _read_case(answers.read(), getattr(answers, "name", "<stdin>"), questions)
    taken, odd = read_answers(questions, said)
    if odd:
        for id, tree in odd.items():
            refuse(_why_odd(questions, id, tree))
        sys.exit(1)
    say_json(score_visit(questions, taken, circumstances).to_tree())


@checklist.command()
@click.argument("file", type=A_PATH)
def publish(file: Path) -> None:
    """Freeze FILE as the next version of its checklist; the same content again stays the same version."""
    read, _ = _usable(file)
    with opened_store() as store:
        published = publish_checklist(store, None, read.tree, read.source, clock())
    click.echo(f"{published.checklist.id} version {published.version}, digest {published.digest[:12]}")


@checklist.command()
def schema() -> None:
    """Print the JSON Schema of checklist files, for editors that complete and check them."""
    say_json(json_schema())


def _checked(file: Path) -> bool:
    try:
        read = read_checklist_file(file.read_bytes(), str(file))
    except (CandourError, OSError) as error:
        refuse(error if isinstance(error, CandourError) else f"{file}:1: {error.strerror}.")
        return False
    _complain(read)
    if read.checklist:
        number, warnings = len(read.checklist.by_id), len(read.complaints)
        click.echo(f"{file}: can be used; {number} questions, {warnings} warning{'' if warnings == 1 else 's'}")
    return read.checklist is not None


def _complain(read: ChecklistFile) -> None:
    for complaint in read.complaints:
        refuse(f"{read.name}:{complaint.line}: {'' if complaint.error else 'warning: '}{complaint.message}")


def _usable(file: Path) -> tuple[ChecklistFile, Checklist]:
    read = read_checklist_file(file.read_bytes(), str(file))
    if read.checklist is None:
        _complain(read)
        raise InvalidChecklist("{file} cannot be used until these errors are mended.", file=file)
    return read, read.checklist


def _read_case(raw: bytes, name: str, questions: Checklist) -> tuple[Mapping[str, object], Circumstances]:
    """The answers and the circumstances in an ANSWERS file; InvalidSubmission names the file and what is malformed."""
    try:
        tree = read_tree(raw.removeprefix(BOM))
        if not isinstance(tree, dict) or not isinstance(tree.get("answers"), dict):
            raise InvalidSubmission(SHAPE)
        unknown = set(tree) - {"answers", "branch", "scenario"}
        if unknown:
            raise InvalidSubmission(
                "There may be no field “{field}” beside answers, branch and scenario.", field=min(unknown)
            )
        branch, scenario = _read_branch(tree.get("branch") or {}), tree.get("scenario")
        planted = [each.id for each in questions.scenarios]
        if scenario is not None and (not isinstance(scenario, str) or (planted and scenario not in planted)):
            raise InvalidSubmission(
                "The scenario is the id of a scenario, or null. {mend}",
                mend=did_you_mean(str(scenario), planted),
            )
    except InvalidSubmission as error:
        # Already a whole sentence: another one's braces are no fields to fill in.
        raise InvalidSubmission("{why}", place=name, why=error) from None
    return tree["answers"], Circumstances(branch, scenario)


def _read_branch(tree: object) -> dict[str, str]:
    """The attributes of a branch; a number becomes the text that a branch has in its place."""
    attributes: dict[str, str] = {}
    for name, value in tree.items() if isinstance(tree, dict) else [("", None)]:
        number = exact_number(value)
        text = value if number is None else decimal_text(number)
        if not isinstance(text, str):
            raise InvalidSubmission("The attributes of the branch are texts by name.")
        attributes[name] = text
    return attributes


def _why_odd(questions: Checklist, id: str, tree: object) -> InvalidAnswer:
    """Why the question cannot take this answer."""
    question = questions.by_id.get(id)
    if question is None:
        return InvalidAnswer("There is no such question in {checklist}.", place=id, checklist=questions.id)
    try:
        clean_answer(question, tree)
    except InvalidAnswer as error:
        return error
    raise AssertionError("an answer that is taken is not odd")
