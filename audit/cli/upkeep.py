"""`audit init`, `backup`, `restore`, `purge`, `doctor`: making an installation and keeping it well."""

from __future__ import annotations

import platform
import sys
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import click

from audit import __version__
from audit.actions.forgetting import purge_personal_data
from audit.actions.inviting import first_invitation, revoke_open_invitations
from audit.actions.sharing import revoke_open_shares
from audit.cli.doors import refuse
from audit.cli.links import examine_links
from audit.cli.opening import A_PATH, must_have_folder, must_not_destroy, opened_store, say_json
from audit.config import Config, clock
from audit.domain.errors import Conflict, NotFound
from audit.domain.programme import Programme
from audit.reports.letters import SYSTEMS, NoPress, missing_letters, system_of, systems_without_font
from audit.storage import backup as backups
from audit.storage import restoring
from audit.storage.archive import Archive
from audit.storage.duties import Periods
from audit.storage.integrity import Finding, examine
from audit.storage.store import Store, open_store
from audit.web.shortening import why_unable

ARCHIVE = b"PK"  # how a ZIP begins, be it damaged


@click.command()
@click.option("--name", default="Our programme", show_default=True, help="What the organisation calls its programme.")
@click.option("--currency", default="EUR", show_default=True, help="The currency of spending limits.")
def init(name: str, currency: str) -> None:
    """Make the database and the folder of photos, and print the link that makes the first administrator.

    Run again, it changes nothing; it prints a new link as long as there is no administrator."""
    config = Config.from_environment()
    now = clock()
    with opened_store(config, create=True) as store:
        config.photos.mkdir(mode=0o700, parents=True, exist_ok=True)
        _name_programme(store, Programme(name, config.time_zone, config.language, currency), now)
        token = first_invitation(store, now)
    click.echo(f"The database is {config.database}, the photos are in {config.photos}.", err=True)
    if token is None:
        click.echo("There is an administrator already. For a new link: audit invite --role admin", err=True)
        return
    click.echo("Open this link within 14 days to become the first administrator:", err=True)
    click.echo(config.address_of(f"/invitations/{token}"))


@click.command()
@click.argument("file", type=A_PATH)
def backup(file: Path) -> None:
    """Write the database and every photo into the one archive FILE, while Candour goes on running."""
    must_have_folder(file)
    if file.exists() and not file.is_file():
        raise Conflict("{file} is no file. Choose another name.", file=file)
    must_not_destroy(file, ARCHIVE)
    with opened_store() as store:
        archive = backups.backup(store, file, clock())
    click.echo(f"{file}: {_content(archive)}, read back and found whole.")


@click.command()
@click.argument("file", type=A_PATH)
@click.option("--replace", is_flag=True, help="Put it in place of a database that is there already.")
@click.option(
    "--keep-links", is_flag=True, help="Leave links to reports, and invitations, open that were open when it was made."
)
def restore(file: Path, replace: bool, keep_links: bool) -> None:
    """Put the database and the photos of the archive FILE in place, after every check has passed.

    An archive knows of no link to a report that was taken back after it was made, and of no invitation that was used.
    So all that are still open in it end, unless they are to be kept."""
    config = Config.from_environment()
    ended = invitations = 0

    def end_links(database: Path) -> None:
        nonlocal ended, invitations
        if not keep_links:
            ended, invitations = _end_links(database, config.photos)

    archive = restoring.restore(file, config.database, config.photos, replace=replace, prepare=end_links)
    click.echo(f"{config.database}: {_content(archive)} restored.")
    if keep_links:
        _tell_of_lost_links(config)
    if ended:
        links, it = ("1 link to a report", "it") if ended == 1 else (f"{ended} links to reports", "they")
        click.echo(f"{links} ended: {it} could have been taken back since. With --keep-links links stay open.")
    if invitations:
        them, it = ("1 invitation", "it") if invitations == 1 else (f"{invitations} invitations", "they")
        click.echo(
            f"{them} ended: {it} could have been used or taken back since. With --keep-links invitations stay open."
        )


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def purge(dry_run: bool, as_json: bool) -> None:
    """Remove personal data whose retention period (AUDIT_RETENTION_...) has passed, with a line in the journal each."""
    config = Config.from_environment()
    with opened_store(config) as store:
        found = purge_personal_data(store, _periods(config), clock(), dry_run=dry_run)
    if as_json:
        say_json({"dry_run": dry_run, "removed": found})
        return
    for what, number in found.items():
        click.echo(f"{number:8} {what}")
    click.echo("Nothing was removed: this was a dry run." if dry_run else "Removed.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def doctor(as_json: bool) -> None:
    """Look at versions, the database, every digest, every photo and the free space; say what is wrong and its mend."""
    with opened_store() as store:
        findings = [_versions(), *examine(store), *_links(store), *_letters_on_paper(store), _scripts()]
    if as_json:
        say_json(
            [
                {"ok": finding.ok, "what": finding.what, "mend": "" if finding.ok else finding.mend}
                for finding in findings
            ]
        )
    else:
        for finding in findings:
            click.echo(f"{'ok   ' if finding.ok else 'WRONG'}  {finding.what}")
    for finding in findings:
        if not finding.ok:
            refuse(f"{finding.what}. {finding.mend}")
    if not all(finding.ok for finding in findings):
        sys.exit(1)


def _end_links(database: Path, photos: Path) -> tuple[int, int]:
    """How many links to reports ended, and how many invitations."""
    store, why, now = open_store(database, photos, create=False), "a backup was restored", clock()
    try:
        return revoke_open_shares(store, why, now), revoke_open_invitations(store, why, now)
    finally:
        store.close()


def _tell_of_lost_links(config: Config) -> None:
    with opened_store(config) as store:
        found = examine_links(store, config, clock())
    if not found.ok:
        click.echo(f"{found.what}. {found.mend}")


def _content(archive: Archive) -> str:
    visits, photos = archive.visits, archive.photos
    return f"{visits} visit{'' if visits == 1 else 's'} and {photos} photo{'' if photos == 1 else 's'}"


def _versions() -> Finding:
    names = ("weasyprint", "flask", "sqlite-utils")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    return Finding(True, f"Candour {__version__}, Python {platform.python_version()}, {packages}")


def _links(store: Store) -> list[Finding]:
    with suppress(Exception):  # rows that cannot be read were told of above
        return [examine_links(store, Config.from_environment(), clock())]
    return []


def _scripts() -> Finding:
    """Whether phones are sent as little as can be."""
    why = why_unable()
    if not why:
        return Finding(True, "scripts go to phones as short as they can be said")
    mend = "They work, but are longer to fetch. Install Candour's packages anew: bin/run --setup-only"
    return Finding(False, f"scripts cannot be shortened for phones: {why}", mend)


def _letters_on_paper(store: Store) -> list[Finding]:
    """Of which writing systems paper has no letters, and whether a name of this installation needs one of them."""
    names: list[str] = []
    with suppress(Exception):  # rows that cannot be read were told of above
        names += [store.programme.find().name, *(area.name for area in store.areas.list_all())]
        names += [name for branch in store.branches.list_all() for name in (branch.name, branch.locality)]
    try:
        missing = missing_letters([*SYSTEMS.values(), *names])
    except NoPress as error:
        mend = "See docs/installing.md for what the system must bring."
        return [Finding(False, f"nothing can be printed: {error}", mend)]
    without = ", ".join(systems_without_font(missing)) or "none"
    boxes = sorted({letter for name in names for letter in name} & set(missing))
    shown = ", ".join(sorted({system_of(letter) for letter in boxes})) or "none"
    mend = "Install fonts, such as: apt-get install fonts-noto-core fonts-noto-cjk; then start Candour again."
    return [
        Finding(True, f"writing systems without a font for paper: {without}"),
        Finding(not boxes, f"names that paper shows as empty boxes, by writing system: {shown}", mend),
    ]


def _name_programme(store: Store, programme: Programme, now: datetime) -> None:
    with store.transaction():
        try:
            store.programme.find()
        except NotFound:
            store.programme.save(programme)
            store.journal.write(who=None, what="programme.named", which="programme", when=now, after=programme.name)


def _periods(config: Config) -> Periods:
    return Periods(
        drafts_days=config.retention_drafts_days,
        positions_days=config.retention_positions_days,
        submissions_days=config.retention_submissions_days,
        photos_days=config.retention_photos_days,
        shoppers_days=config.retention_shoppers_days,
        sign_ins_days=config.retention_sign_ins_days,
    )
