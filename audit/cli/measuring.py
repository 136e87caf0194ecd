"""`audit measure`: how sure the figures in anybody's table of scored visits are."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import IO, Any

import click

from audit.cli.doors import refuse
from audit.cli.measured import ceiling_note, few_lost_note, tell
from audit.cli.opening import Brought, say_json
from audit.domain.errors import InvalidTable
from audit.domain.statistics.dispersion import FEW_DEGREES, PRIOR_PHI, SHOPPER_SHARE
from audit.domain.statistics.measuring import Measurement, ScoredVisit, measure_visits
from audit.intake.spreadsheets import read_table
from audit.intake.visit_rows import FIELDS, VisitRows, find_visit_columns, read_visit_rows

MOST_ROWS, MOST_BYTES = 1_000_000, 200 * 1024 * 1024
LONG_PERIOD_DAYS = 400


class Points(click.ParamType[float]):
    """A number from 0 to 100."""

    name = "points"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; wrong usage if it is none."""
        try:
            points = float(value)
        except ValueError:
            points = math.nan
        if not 0 <= points <= 100:
            self.fail(f"{value} is no number from 0 to 100.", param, ctx)
        return points


class ColumnNamed(click.ParamType[tuple[str, str]]):
    """FIELD=HEADING: under which heading one of these fields stands."""

    name = "field=heading"

    def __init__(self, fields: Sequence[str] = FIELDS) -> None:
        self.fields = fields

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """(field, heading); wrong usage if there is no such field, or no heading."""
        if isinstance(value, tuple):
            return value
        field, _, heading = str(value).partition("=")
        if field.strip().lower() not in self.fields or not heading.strip():
            self.fail(f"“{value}”: write FIELD=HEADING, the field one of {', '.join(self.fields)}.", param, ctx)
        return field.strip().lower(), heading.strip()


@click.command()
@click.argument("file", metavar="VISITS", type=Brought())
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON, unrounded.")
@click.option("--standard", type=Points(), help="Hold branches against this score instead of their area's mean.")
@click.option(
    "--column", "named", type=ColumnNamed(), multiple=True, help="Where a field stands, if not under its own name."
)
@click.option(
    "--shopper-share",
    "share",
    type=click.IntRange(0, 99),
    default=round(100 * SHOPPER_SHARE),
    show_default=True,
    help="Per cent of the spread between visits that are the shoppers'.",
)
def measure(
    file: IO[bytes], as_json: bool, standard: float | None, named: Sequence[tuple[str, str]], share: int
) -> None:
    """Say how sure the figures in VISITS are (CSV or XLSX, one visit a row; - for standard input).

    Its columns are branch, area, wave, shopper, date and score (0 to 100); branch and score are enough. Each branch
    gets its mean, the range in which its true level lies 9 times out of 10, and its group: clearly above, clearly
    below, cannot be told apart, or not ranked. docs/measuring.md tells how, and what the JSON holds.

    Good rows are measured, others named on standard error. Exit status 0 if every row was taken, 1 if some were not."""
    name = getattr(file, "name", "standard input")
    _must_name_each_once(named)
    table = read_table(file.read(), name, MOST_ROWS, MOST_BYTES)
    columns = find_visit_columns(table.header, dict(named))
    rows = read_visit_rows(table, columns, ScoredVisit)
    refused = [{"row": number, "why": why} for number, why in rows.refused]
    for row in refused:
        refuse(f"row {row['row']}: {row['why']}")
    if not rows.visits:
        raise InvalidTable(_nothing_in(rows), file=name)
    measured = measure_visits(rows.visits, standard, share / 100)
    notes = [*map(str, table.notes), *_notes(rows, columns, measured)]
    for note in notes:
        click.echo(f"note: {note}", err=True)
    if as_json:
        say_json({**_figures(measured), "notes": notes, "refused": refused})
    else:
        visits = f"{len(rows.visits):,} visit{'s' * (len(rows.visits) != 1)}"
        for line in (f"{visits}{_between(rows.days)}, read as {table.read_as}.", *tell(measured)):
            click.echo(line)
    if refused:
        sys.exit(1)


def _must_name_each_once(named: Sequence[tuple[str, str]]) -> None:
    fields = [field for field, _ in named]
    for field in FIELDS:
        if fields.count(field) > 1:
            raise click.BadParameter(f"{field} is named {fields.count(field)} times.", param_hint="'--column'")


def _nothing_in(rows: VisitRows[ScoredVisit]) -> str:
    if rows.refused:
        return "No visit could be read from {file}."
    return "No visit could be read from {file}: nothing stands below its headings."


def _figures(measured: Measurement) -> dict[str, Any]:
    return {
        "dispersion": measured.dispersion.phi,
        "degrees_of_freedom": measured.dispersion.degrees_of_freedom,
        "areas": [
            {
                "area": area.area,
                "branches": [
                    {
                        "branch": each.branch,
                        "visits": each.visits,
                        "mean": each.mean,
                        "likely_range": [each.likely_range.low, each.likely_range.high],
                        "p_above": each.p_above,
                        "group": each.group,
                    }
                    for each in area.branches
                ],
            }
            for area in measured.areas
        ],
    }


def _notes(rows: VisitRows[ScoredVisit], columns: Mapping[str, int], measured: Measurement) -> Iterable[str]:
    """What was assumed because the table does not say, and what looks odd."""
    unnamed = sum(not visit.shopper for visit in rows.visits)
    if unnamed == len(rows.visits):
        yield (
            "No shopper is named: the rule of two shoppers is waived, and each visit counts as one by another shopper."
        )
    elif unnamed:
        yield f"Visits without a shopper: {unnamed:,}. Each counts as one by another shopper."
    if measured.dispersion.leans_on_its_prior:
        yield (
            f"Branches were visited again too seldom to show by themselves how much visits differ (fewer than "
            f"{FEW_DEGREES} degrees of freedom): ranges lean on what is usual, a dispersion of {PRIOR_PHI:.2f}."
        )
    if "area" not in columns:
        yield "No area is named: all branches are held against one another."
    days = sorted(day for day in rows.days if day)
    if "wave" not in columns and days and (days[-1] - days[0]).days > LONG_PERIOD_DAYS:
        yield "The visits span more than a year and name no wave: what changed in between counts as chance."
    if None in rows.days:
        yield f"Dates that could not be read: {rows.days.count(None):,}. No figure needs them."
    if rows.repeated:
        yield (
            f"Rows that say the same as an earlier one in every cell: {len(rows.repeated):,}, the first is row "
            f"{rows.repeated[0]}. Each was counted; leave out what stands there twice."
        )
    if all(visit.score <= 1 for visit in rows.visits):
        yield "No score is above 1. If these are shares, multiply them by 100."
    areas: dict[str, set[str]] = {}
    for visit in rows.visits:
        areas.setdefault(visit.branch, set()).add(visit.area)
    for branch, its in areas.items():
        if len(its) > 1:
            yield f"Branch {branch} stands in {len(its)} areas, and is measured in each by the visits of that area."
    yield from _alike_but_for_capitals("areas", (area.area for area in measured.areas))
    yield from _alike_but_for_capitals("branches", areas)
    yield from (ceiling_note(area, measured) for area in measured.areas if area.at_ceiling)
    yield from (few_lost_note(area, measured) for area in measured.areas if area.holds_back)


def _alike_but_for_capitals(what: str, names: Iterable[str]) -> Iterable[str]:
    """Names that are taken for two, and may be meant as one; the first of them alone."""
    seen: dict[str, str] = {}
    for name in sorted(names):
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            yield f"“{other}” and “{name}” were taken for two {what}: they differ in capitals alone."
            return


def _between(days: Sequence[date | None]) -> str:
    known = sorted(day for day in days if day)
    return f" from {known[0]} to {known[-1]}" if known else ""
