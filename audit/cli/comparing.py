"""`audit agreement`: how far shoppers agree who marked the same filmed scenes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import IO, Any

import click

from audit.actions.comparing import SceneFile, compare_scenes
from audit.cli.doors import refuse
from audit.cli.measuring import ColumnNamed
from audit.cli.opening import Brought, say_json
from audit.domain.statistics.ranges import Range
from audit.domain.statistics.scenes import Agreement, SceneMarked
from audit.intake.scene_rows import FIELDS
from audit.reports.agreement_sentences import AgreementSentences

SAY = AgreementSentences()


@click.command()
@click.argument("file", metavar="SCENES", type=Brought())
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON, unrounded.")
@click.option(
    "--column",
    "named",
    type=ColumnNamed(FIELDS),
    multiple=True,
    help="Where a field stands, if its heading is unknown.",
)
def agreement(file: IO[bytes], as_json: bool, named: Sequence[tuple[str, str]]) -> None:
    """Say how far shoppers agree who marked the filmed scenes in SCENES (CSV or XLSX, one marking a row; - for standard
    input).

    Its columns are scene, shopper and marking, and question where several were marked in a scene. Printed are the share
    of pairs that marked alike, AC1 and alpha, and the scenes that were marked most differently; nothing is kept.
    docs/measuring.md tells how, and what the JSON holds.

    Good rows are compared, others named on standard error. Exit status 0 if every row was taken, 1 if some were not or
    nothing could be compared."""
    found = compare_scenes(None, file.read(), getattr(file, "name", ""), dict(named))
    refused = [{"row": row.row, "why": row.why} for row in found.refused]
    for row in refused:
        refuse(f"row {row['row']}: {row['why']}")
    for note in found.table.notes:
        click.echo(f"note: {note}", err=True)
    comparable = found.compared.together.share is not None
    if not comparable:
        refuse(SAY.alike(found.compared.together))
    elif as_json:
        say_json({**_figures(found), "notes": [str(note) for note in found.table.notes], "refused": refused})
    else:
        for line in _tell(found):
            click.echo(line)
    if refused or not comparable:
        sys.exit(1)


def _figures(found: SceneFile) -> dict[str, Any]:
    compared, together = found.compared, found.compared.together
    return {
        "columns": dict(found.columns),
        "scenes": together.scenes,
        "shoppers": together.shoppers,
        "markings": compared.markings,
        "missing": compared.missing,
        "alone": compared.alone,
        "agreement": together.share,
        "likely_range": _ends(together.range),
        "questions": [_figure(each) for each in compared.questions],
        "unlike": [_unlike(each) for each in compared.unlike],
    }


def _figure(found: Agreement) -> dict[str, Any]:
    return {
        "question": found.question,
        "scenes": found.scenes,
        "shoppers": found.shoppers,
        "agreement": found.share,
        "likely_range": _ends(found.range),
        "ac1": found.ac1,
        "alpha": found.alpha,
    }


def _unlike(found: SceneMarked) -> dict[str, Any]:
    return {
        "scene": found.scene,
        "question": found.question,
        "agreement": found.share,
        "markings": dict(found.markings),
    }


def _ends(reach: Range | None) -> list[float] | None:
    return None if reach is None else [reach.low, reach.high]


def _tell(found: SceneFile) -> Iterable[str]:
    """The lines for a person: what was read, the figures in sentences, and what was marked differently."""
    compared, together = found.compared, found.compared.together
    for field, heading in found.columns.items():
        yield f"{field}: column “{heading}”"
    yield f"{SAY.compared(compared)}, read as {found.table.read_as}."
    yield SAY.alike(together)
    if compared.few:
        yield SAY.few()
    if left_out := SAY.left_out(compared):
        yield left_out
    for each in compared.questions:
        if len(compared.questions) > 1:
            yield f"{each.question}: {SAY.alike(each)}"
        if each.share is not None:
            yield f"  {SAY.ac1(each)}"
            yield f"  {SAY.alpha(each)}"
    yield SAY.scale()
    yield "Marked differently, the most different first:" if compared.unlike else SAY.all_alike()
    for scene in compared.unlike:
        yield f"  {SAY.marked(scene)}"
