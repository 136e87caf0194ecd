"""The way out of every command: a refusal is a sentence on standard error and exit status 1, never a traceback."""

from __future__ import annotations

import os
import traceback
from pathlib import Path
from typing import Any

import click

from audit.domain.errors import CandourError, InvalidField

SHOW_TRACEBACK = "debug"
WHOLE = 1_000  # more letters than any sentence
HOUSE = Path(__file__).parent.parent


class Commands(click.Group):
    """Commands whose help gives each its whole first sentence: click's own way breaks it off at the edge."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        named = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(WHOLE)) for name, command in named if command])


class Doors(Commands):
    """The outermost group of commands, which translates whatever a command raises."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; exit status 1 for whatever was refused, by us or by the machine."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # wrong usage, --help, Ctrl-C and a closed pipe have their own ways out
        except CandourError as error:
            refuse(error)
        except OSError as error:
            refuse(_of_the_machine(error))
        except Exception as error:
            refuse(_unexpected(error))
        ctx.exit(1)


def refuse(error: CandourError | str) -> None:
    """Say on standard error why something was refused. A field that was filled in wrongly is named as its option."""
    if isinstance(error, InvalidField) and error.place:
        error = f"--{error}"
    click.echo(str(error), err=True)


def _of_the_machine(error: OSError) -> str:
    what = error.strerror or type(error).__name__
    if error.filename is None:
        return f"{what}."
    return f"{error.filename}: {what}. Check that the path is there and who may read and write it."


def _unexpected(error: Exception) -> str:
    """One line that says where; the whole way there only for whoever asks for it."""
    if os.environ.get("AUDIT_LOG_LEVEL", "").strip().lower() == SHOW_TRACEBACK:
        click.echo(traceback.format_exc(), err=True)
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(HOUSE)]
    place = f"{Path(ours[-1].filename).relative_to(HOUSE.parent)}:{ours[-1].lineno}" if ours else "somewhere"
    return (
        f"This is a fault of Candour: {type(error).__name__} at {place} ({error})."
        " AUDIT_LOG_LEVEL=debug shows the way there; please report it."
    )
