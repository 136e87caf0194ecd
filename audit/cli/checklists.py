"""`audit checklist`: check, score, publish, schema."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, TextIO

import click

from audit.actions.publishing import publish_checklist
from audit.actions.submitting import read_answers
from audit.cli.opening import opened_store, refuse, say_json
from audit.config import clock
from audit.domain.checklist.model import Checklist, Circumstances
from audit.domain.checklist.parsing import parse_checklist
from audit.domain.checklist.schema import json_schema
from audit.domain.errors import CandourError, InvalidChecklist, InvalidSubmission
from audit.domain.score import score_visit
from audit.domain.submission import read_tree
from audit.intake.yaml_trees import read_yaml

ONE_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def checklist() -> None:
    """Check, score and publish checklists."""


@checklist.command()
@click.argument("files", nargs=-1, required=True, type=ONE_FILE)
def check(files: tuple[Path, ...]) -> None:
    """Say everything that is wrong with the FILES, as `file:line: what is wrong, and the mend`.

    Exit status 1 if there is an error; warnings alone leave it 0."""
    usable = [_checked(file) for file in files]  # every file is looked at, whatever is wrong with the first
    if not all(usable):
        sys.exit(1)


@checklist.command()
@click.argument("file", metavar="CHECKLIST", type=ONE_FILE)
@click.argument("answers", type=click.File("r", encoding="utf-8"))
def score(file: Path, answers: TextIO) -> None:
    """Score ANSWERS (a JSON file, or - for standard input) by CHECKLIST, and print the score as JSON.

    ANSWERS is {"answers": {...}, "branch": {attribute: text}, "scenario": id or null}; docs/contract.md has the shapes.
    """
    questions = _usable(file)
    tree = read_tree(answers.read().encode())
    said, circumstances = _sorted_out(tree)
    taken, odd = read_answers(questions, said)
    if odd:
        refuse("These answers cannot be taken by their questions: {}.".format(", ".join(sorted(odd))))
        sys.exit(1)
    say_json(score_visit(questions, taken, circumstances).to_tree())


@checklist.command()
@click.argument("file", type=ONE_FILE)
def publish(file: Path) -> None:
    """Freeze FILE as the next version of its checklist; the same content again stays the same version."""
    _usable(file)
    read = read_yaml(file.read_bytes(), str(file))
    with opened_store() as store:
        published = publish_checklist(store, None, read.tree, file.read_text("utf-8-sig"), clock())
    click.echo(f"{published.checklist.id} version {published.version}, digest {published.digest[:12]}")


@checklist.command()
def schema() -> None:
    """Print the JSON Schema of checklist files, for editors that complete and check them."""
    say_json(json_schema())


def _checked(file: Path) -> bool:
    try:
        read = read_yaml(file.read_bytes(), str(file))
    except CandourError as error:
        refuse(error)
        return False
    parsed = parse_checklist(read.tree, read.lines, read.complaints)
    for complaint in parsed.complaints:
        severity = "" if complaint.error else "warning: "
        click.echo(f"{file}:{complaint.line}: {severity}{complaint.message}", err=complaint.error)
    return parsed.checklist is not None


def _usable(file: Path) -> Checklist:
    read = read_yaml(file.read_bytes(), str(file))
    parsed = parse_checklist(read.tree, read.lines, read.complaints)
    if parsed.checklist is None:
        _checked(file)
        raise InvalidChecklist("{file} cannot be used until these errors are mended.", file=file)
    return parsed.checklist


def _sorted_out(tree: Any) -> tuple[dict[str, object], Circumstances]:
    """The answers and the circumstances in an ANSWERS file; InvalidSubmission names what is malformed."""
    if not isinstance(tree, dict) or not isinstance(tree.get("answers"), dict):
        raise InvalidSubmission('Write an object like {"answers": {...}, "branch": {...}, "scenario": null}.', place="")
    unknown = set(tree) - {"answers", "branch", "scenario"}
    if unknown:
        raise InvalidSubmission("Unknown field “{field}” beside the answers.", field=min(unknown))
    branch, scenario = tree.get("branch") or {}, tree.get("scenario")
    if not isinstance(branch, dict) or not all(isinstance(value, str) for value in branch.values()):
        raise InvalidSubmission("The attributes of the branch are texts by name.", place="branch")
    if scenario is not None and not isinstance(scenario, str):
        raise InvalidSubmission("The scenario is the id of a scenario, or null.", place="scenario")
    return tree["answers"], Circumstances(branch, scenario)
