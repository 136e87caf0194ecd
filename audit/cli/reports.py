"""`audit report`: the PDF of a visit, a branch, an area or the programme, and the pack of an area."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from audit.actions.printing import VOLUME, ZIP, ending_of, open_shop, print_now
from audit.cli.doors import Commands
from audit.cli.opening import A_PATH, must_have_folder, must_not_destroy, opened_store
from audit.config import Config, clock
from audit.domain.errors import NotFound
from audit.domain.programme import Branch
from audit.reports.period import Period, read_period
from audit.storage.editions import Paper
from audit.storage.store import Store
from audit.web.languages import SOURCE_LANGUAGE, catalogue

DAY = click.DateTime(["%Y-%m-%d"])
NOWHERE = Branch("-", "-")


def into(ending: str) -> Callable[[Any], Any]:
    """The option that says where to write."""
    return click.option(
        "-o", "--output", metavar=f"FILE{ending}", required=True, type=A_PATH,
        help="Where to write it.",
    )  # fmt: skip


def over_a_period(command: Callable[..., None]) -> Callable[..., None]:
    """The two options that say about which days."""
    first = click.option(
        "--from", "first", type=DAY, metavar="DAY", help="The first day of the period, like 2026-01-01."
    )
    last = click.option(
        "--to", "last", type=DAY, metavar="DAY", help="The last day of it. Without either: this quarter."
    )
    return first(last(command))


@click.group(cls=Commands)
def report() -> None:
    """Print reports as PDF."""


@report.command()
@click.argument("code")
@over_a_period
@into(".pdf")
def branch(code: str, first: datetime | None, last: datetime | None, output: Path) -> None:
    """Print the report of the branch CODE for a period."""
    must_have_folder(output)
    with opened_store() as store:
        try:
            found = store.branches.find(code)
        except NotFound:
            raise NotFound("There is no branch {code}. See: audit branches list", code=code) from None
        _print(store, _paper("branch", code, _period(store, first, last, found)), output)


@report.command()
@click.argument("code")
@over_a_period
@into(".pdf")
def area(code: str, first: datetime | None, last: datetime | None, output: Path) -> None:
    """Print the report of the area CODE for a period: a summary of its branches."""
    must_have_folder(output)
    with opened_store() as store:
        _must_have_area(store, code)
        _print(store, _paper("area", code, _period(store, first, last)), output)


@report.command()
@over_a_period
@into(".pdf")
def programme(first: datetime | None, last: datetime | None, output: Path) -> None:
    """Print the report of the whole programme for a period, a few pages for those who answer for it."""
    must_have_folder(output)
    with opened_store() as store:
        _print(store, _paper("programme", "", _period(store, first, last)), output)


@report.command()
@click.argument("code")
@over_a_period
@into(".zip")
def pack(code: str, first: datetime | None, last: datetime | None, output: Path) -> None:
    """Print the reports of the area CODE and of all its branches for a period: into one ZIP, or into one PDF where
    FILE.zip is called FILE.pdf."""
    must_have_folder(output)
    with opened_store() as store:
        _must_have_area(store, code)
        _print(store, _paper("pack", code, _period(store, first, last)), output)


@report.command()
@click.argument("id")
@into(".pdf")
def visit(id: str, output: Path) -> None:
    """Print the report of the visit ID."""
    must_have_folder(output)
    with opened_store() as store:
        try:
            found = store.visits.find(id)
        except NotFound:
            raise NotFound("There is no visit {id}. Its page in the office has its id in the address.", id=id) from None
        day = found.visited_on or found.started_at.date()
        _print(store, _paper("visit", id, Period(day, day)), output)


def _period(store: Store, first: datetime | None, last: datetime | None, branch: Branch = NOWHERE) -> Period:
    """What was asked for; today is the day at the branch, else at the programme."""
    asked = {end: day.date().isoformat() for end, day in (("from", first), ("to", last)) if day}
    return read_period(asked, branch.day_of(clock(), store.programme.find()))


def _paper(what: str, subject: str, period: Period) -> Paper:
    return Paper(what, subject, period.first, period.last, SOURCE_LANGUAGE)


def _must_have_area(store: Store, code: str) -> None:
    try:
        store.areas.find(code)
    except NotFound:
        areas = ", ".join(area.code for area in store.areas.list_all()) or "none"
        raise NotFound("There is no area {code}. Areas: {areas}.", code=code, areas=areas) from None


def _print(store: Store, paper: Paper, output: Path) -> None:
    ending = ending_of(paper)
    if paper.what == "pack" and output.suffix.lower() == VOLUME:
        ending = VOLUME
    must_not_destroy(output, b"PK" if ending == ZIP else b"%PDF")
    shop = open_shop(store, catalogue, Config.from_environment().url)
    try:
        shutil.copyfile(print_now(shop, paper, clock(), ending), output)
    finally:
        shop.printer.close()
    click.echo(f"{output}: {output.stat().st_size} bytes")
