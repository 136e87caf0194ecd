"""What every command needs first: the settings and the shelves. Refuses a database that is not there yet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click

from audit.config import Config
from audit.domain.errors import CandourError, NotFound
from audit.domain.people import Person, Role
from audit.storage.store import Store, open_store

OFFICE = Person("command-line", "Command line", Role.ADMIN)
"""Whoever can run commands on this machine can read the database file: the office itself."""


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


def say_json(tree: object) -> None:
    """Print for a program to read."""
    click.echo(json.dumps(tree, ensure_ascii=False, indent=2))


def refuse(error: CandourError | str) -> None:
    """Say on standard error why something was refused."""
    click.echo(str(error), err=True)
