"""The command line, a contract: exit status 0 done, 1 refused with the reasons on standard error, 2 wrong usage."""

from __future__ import annotations

import sys
from io import TextIOWrapper

import click

from audit import __version__
from audit.cli import branches, checklists, comparing, mailing, measuring, notifying, people, reports, serving, upkeep
from audit.cli.doors import Doors


@click.group(cls=Doors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="Candour")
def command_line() -> None:
    """Candour: a mystery-shopping field audit that an organisation runs for itself.

    AUDIT_DATABASE (a path) and AUDIT_PHOTOS (a folder) say where everything is kept.

    Exit status: 0 done, 1 refused with the reasons on standard error, 2 wrong usage. A file
    that is not there is refused: usage is what the words of a command alone show.
    """


command_line.add_command(upkeep.init)
command_line.add_command(serving.serve)
command_line.add_command(serving.demo)
command_line.add_command(checklists.checklist)
command_line.add_command(branches.branches)
command_line.add_command(reports.report)
command_line.add_command(measuring.measure)
command_line.add_command(comparing.agreement)
command_line.add_command(people.invite)
command_line.add_command(mailing.mail)
command_line.add_command(notifying.push)
command_line.add_command(notifying.notify)
command_line.add_command(upkeep.backup)
command_line.add_command(upkeep.restore)
command_line.add_command(upkeep.purge)
command_line.add_command(upkeep.doctor)


def main() -> None:
    """Run the command line, and end with its exit status. A sign that a stream cannot spell is written as a number."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    command_line(prog_name="audit")
