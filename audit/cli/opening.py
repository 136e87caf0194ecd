"""What the commands need: the settings, the shelves, a place to write. Refuses a database that is not there yet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from audit.config import Config
from audit.domain.errors import Conflict, NotFound
from audit.storage.store import Store, open_store


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
    """NotFound unless there is a folder for this file: better said before the work than after it."""
    folder = file.absolute().parent
    if not folder.is_dir():
        raise NotFound("There is no folder {folder} to write into. Make it first.", folder=folder)


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
