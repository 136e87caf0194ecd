"""What the commands need: the settings, the shelves, a place to write. Refuses a database that is not there yet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from audit.config import Config
from audit.domain.errors import Conflict, NotFound
from audit.storage.store import Store, open_store

# Whether a path is there is found out by whoever opens it, and refused with status 1. Wrong usage is what the words of
# a command alone show, whatever the disk holds.
A_PATH: click.Path[Path] = click.Path(path_type=Path, readable=False)


class Brought(click.File):
    """A file to be read, opened already, or - for standard input; OSError for one that cannot be opened."""

    def __init__(self) -> None:
        super().__init__("rb")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The opened file."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            if isinstance(error.__context__, OSError):
                raise error.__context__ from None
            raise


@contextmanager
def opened_store(config: Config | None = None, *, create: bool = False) -> Iterator[Store]:
    """The shelves of this installation, closed at the end. NotFound with the mend if there are none yet."""
    config = config or Config.from_environment()
    if not create and not config.database.exists():
        raise NotFound("There is no database at {path}. Run `audit init` first.", path=config.database)
    store = open_store(config.database, config.photos)
    try:
        yield store
    finally:
        store.close()


def must_have_folder(file: Path) -> None:
    """NotFound unless there is a folder for this file, Conflict if it is one itself: better said before the work than
    after it."""
    folder = file.absolute().parent
    if not folder.is_dir():
        raise NotFound("There is no folder {folder} to write into. Make it first.", folder=folder)
    if file.is_dir():
        raise Conflict("{file} is a folder. Name a file in it.", file=file)


def must_not_destroy(file: Path, beginning: bytes) -> None:
    """Conflict if a file is there that does not begin so: only a slip of the pen names the database, say, as output."""
    if file.is_file() and (found := _first_bytes(file, len(beginning))) and found != beginning:
        raise Conflict("{file} is there already, and is something else. Choose another name.", file=file)


def _first_bytes(file: Path, number: int) -> bytes:
    with file.open("rb") as opened:
        return opened.read(number)


def say_json(tree: object) -> None:
    """Print for a program to read."""
    click.echo(json.dumps(tree, ensure_ascii=False, indent=2))
