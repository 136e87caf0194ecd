"""`audit report`: the PDF of a branch or of one visit."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import click

from audit.actions.printing import open_shop, print_now
from audit.cli.opening import must_have_folder, opened_store
from audit.config import Config, clock
from audit.domain.errors import NotFound
from audit.reports.period import read_period
from audit.storage.editions import Paper
from audit.storage.store import Store
from audit.web.languages import SOURCE_LANGUAGE as ENGLISH
from audit.web.languages import catalogue

OUTPUT = click.option(
    "-o", "--output", metavar="FILE.pdf", required=True, type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the PDF.",
)  # fmt: skip
DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def report() -> None:
    """Print reports as PDF."""


@report.command()
@click.argument("code")
@click.option("--from", "first", type=DAY, metavar="DAY", help="The first day of the period, like 2026-01-01.")
@click.option("--to", "last", type=DAY, metavar="DAY", help="The last day of it. Without either: this quarter.")
@OUTPUT
def branch(code: str, first: datetime | None, last: datetime | None, output: Path) -> None:
    """Print the report of the branch CODE for a period."""
    asked = {end: day.date().isoformat() for end, day in (("from", first), ("to", last)) if day}
    must_have_folder(output)
    with opened_store() as store:
        try:
            found = store.branches.find(code)
        except NotFound:
            raise NotFound("There is no branch {code}. See: audit branches list", code=code) from None
        today = found.day_of(clock(), store.programme.find())
        period = read_period(asked, today)
        _print(store, Paper("branch", code, period.first, period.last, ENGLISH), output)


@report.command()
@click.argument("id")
@OUTPUT
def visit(id: str, output: Path) -> None:
    """Print the report of the visit ID."""
    must_have_folder(output)
    with opened_store() as store:
        try:
            found = store.visits.find(id)
        except NotFound:
            raise NotFound("There is no visit {id}. Its page in the office has its id in the address.", id=id) from None
        day = found.visited_on or found.started_at.date()
        _print(store, Paper("visit", id, day, day, ENGLISH), output)


def _print(store: Store, paper: Paper, output: Path) -> None:
    shop = open_shop(store, catalogue, Config.from_environment().url)
    try:
        printed = print_now(shop, paper, clock())
        shutil.copyfile(printed, output)
    finally:
        shop.printer.close()
    click.echo(f"{output}: {output.stat().st_size} bytes")
