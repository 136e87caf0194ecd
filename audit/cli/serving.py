"""`audit serve` and `audit demo`: showing Candour to people."""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from socket import socket

import click

from audit.actions.inviting import first_invitation
from audit.cli.links import examine_links
from audit.cli.opening import opened_store
from audit.config import Config, InvalidSetting, clock, unknown_names
from audit.demo import DemoSummary, fill_demo
from audit.domain.errors import Conflict
from audit.storage.store import Store
from audit.web import Application, build_app, open_app
from audit.web.link_keys import open_key
from audit.web.logs import start_log
from audit.web.memory import keep_for_good, share_memory
from audit.web.passwords import Passwords
from audit.web.server import Early, fall_silent, listen, turn_away
from audit.web.server import serve as serve_forever
from audit.web.sharing_out import Connected, Share
from audit.web.supervisor import can_fork, supervise

MOST_SECONDS_TO_DIE = 2.0


@click.command()
@click.option("--host", help="The address to listen at, in place of AUDIT_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen at, in place of AUDIT_PORT.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the pages until SIGTERM or Ctrl-C; requests that have begun are finished first."""
    config = Config.from_environment().listening(host, port)
    start_log(config.log_level)
    for name in unknown_names():
        click.echo(f"warning: {name} is no setting of Candour; see docs/configuration.md", err=True)
    with opened_store(config) as store:
        _greet_first_administrator(store, config)
        have_key_for_links(store, config)
    app = build_app()  # once for all processes: each has a copy of what it changes, and no more
    with _listening_in_our_words(config):
        listening = _first_to_listen(config)
        if config.processes == 1 or not can_fork():
            _answer(app, config, listening)
        else:
            fall_silent(listening)
            keep_for_good()
            connected = Connected(config.processes)
            supervise(
                lambda number: _answer(app, config, listening, Share(connected, number), prints=number == 0),
                config.processes,
                partial(_let_go, listening),
            )


def _let_go(listening: socket) -> None:
    turn_away(listening)
    listening.close()


def _say_where(config: Config) -> None:
    click.echo(f"Candour is at {config.url} (listening at {config.listens_at}).", err=True)


def _first_to_listen(config: Config) -> socket:
    """At a port that nobody has; one whose owner was killed this moment is waited for."""
    patient_until = time.monotonic() + MOST_SECONDS_TO_DIE
    while True:
        try:
            return listen(config.host, config.port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > patient_until:
                raise
        time.sleep(0.05)


def _answer(app: Application, config: Config, port: socket, share: Share | None = None, *, prints: bool = True) -> None:
    """Until it is told to stop. Of several processes the first prints for all, and says where they are."""
    early = Early()
    share_memory()
    with opened_store(config) as store:
        open_app(app, config, store, clock, Passwords())
        keep_for_good()
        room = app.extensions["print_room"]
        room.open(prints=prints)
        try:
            say = partial(_say_where, config) if prints else lambda: None
            serve_forever(app, port, config.trusted_proxy, share, say, early)
        finally:
            room.close()


@click.command()
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same visits.")
def demo(seed: int) -> None:
    """Fill an empty database with an invented organisation, and print where to go and whom to sign in as."""
    config = Config.from_environment()
    with opened_store(config, create=True) as store:
        summary = fill_demo(store, Passwords(), clock(), seed)
    click.echo(_welcome(summary, config))


def _greet_first_administrator(store: Store, config: Config) -> None:
    token = first_invitation(store, clock(), beside=True)
    if token:
        click.echo("There is no administrator yet. Open this link within 14 days to become the first:", err=True)
        click.echo(config.address_of(f"/invitations/{token}"), err=True)


def have_key_for_links(store: Store, config: Config) -> None:
    """Made before anybody comes, so that whatever is wrong with its file is told now."""
    open_key(config.link_key_file)
    found = examine_links(store, config, clock())
    if not found.ok:
        click.echo(f"warning: {found.what}. {found.mend}", err=True)


@contextmanager
def _listening_in_our_words(config: Config) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Conflict(
                "Something listens at {there} already. Stop it, or take another port with --port.",
                there=config.listens_at,
            ) from error
        raise InvalidSetting(
            "Candour cannot listen at {there}: {why}. Mend AUDIT_HOST and AUDIT_PORT, or --host and --port.",
            there=config.listens_at,
            why=str(error.strerror).partition(" (while ")[0],
        ) from error


def _welcome(made: DemoSummary, config: Config) -> str:
    """What to print once: where to go, and whom to sign in as. Nothing of it is kept in the database."""
    lines = [
        f"DEMO: {made.programme} is invented, and so is everybody in it.",
        f"{made.branches} branches in {made.areas} areas, {made.visits} visits; {made.people} people.",
        "",
        f"Office, at {config.address_of('/sign-in')}",
        *(
            f"  {person.role.value:<15} {person.email:<38} {person.password:<32} {person.name}"
            + (f", {person.place}" if person.place else "")
            for person in made.sign_ins
        ),
        "",
        "Shoppers, on a phone or in a narrow window; each link signs one phone in, once:",
        *(
            f"  {phone.name}: {phone.what}\n    {config.address_of(f'/invitations/{phone.token}')}"
            for phone in made.phones
        ),
    ]
    return "\n".join(lines)
