"""`audit branches`: import and list."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from audit.actions.enrolling import import_branches, read_branch_file
from audit.cli.doors import Commands, refuse
from audit.cli.opening import A_PATH, opened_store, say_json
from audit.config import clock
from audit.domain.errors import InvalidTable


@click.group(cls=Commands)
def branches() -> None:
    """Bring in and list branches."""


@branches.command("import")
@click.argument("file", type=A_PATH)
@click.option("--dry-run", is_flag=True, help="Only say what would be taken.")
@click.option("--json", "as_json", is_flag=True, help="Print columns, taken and refused as JSON.")
def bring_in(file: Path, dry_run: bool, as_json: bool) -> None:
    """Take the branches in FILE (CSV or XLSX): good rows are taken, bad rows listed with their mend.

    Exit status 0 if every row was taken, 1 if some were not. Running it twice changes nothing."""
    brought = read_branch_file(file.read_bytes(), file.name)
    if not brought.rows:
        raise InvalidTable("There is no branch in {file}: nothing stands below its headings.", file=file)
    with opened_store() as store:
        imported = import_branches(store, None, brought.rows, clock(), dry_run=dry_run)
    refused = [{"row": row.row, "why": row.why} for row in imported.refused]
    if as_json:
        say_json({"columns": dict(brought.columns), "taken": len(imported.taken), "refused": refused})
    else:
        for field, header in brought.columns.items():
            click.echo(f"{field}: column “{header}”")
        click.echo(
            "{} {}, {} refused".format(len(imported.taken), "would be taken" if dry_run else "taken", len(refused))
        )
    for row in refused:
        refuse(f"row {row['row']}: {row['why']}")
    if refused:
        sys.exit(1)


@branches.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def show(as_json: bool) -> None:
    """List every branch with its area and the day its staff were told that visits will happen."""
    with opened_store() as store:
        found = store.branches.list_all()
    if as_json:
        say_json(
            [
                {
                    "code": branch.code,
                    "name": branch.name,
                    "area": branch.area_code,
                    "address": branch.address,
                    "locality": branch.locality,
                    "time_zone": branch.time_zone,
                    "attributes": dict(branch.attributes),
                    "staff_told_on": branch.staff_told_on and branch.staff_told_on.isoformat(),
                }
                for branch in found
            ]
        )
        return
    for branch in found:
        told = f"staff told {branch.staff_told_on}" if branch.staff_told_on else "staff not told yet"
        click.echo(f"{branch.code}\t{branch.name}\t{branch.area_code or '-'}\t{told}")
