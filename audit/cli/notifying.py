"""`audit push key` and `audit notify`: telling shoppers' phones that something is new on their list, by Web Push."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from audit.actions.notifying import Carried, Message, forget_ended, messages_due, send_message
from audit.cli.carrying import Carrier
from audit.cli.doors import Commands, refuse
from audit.cli.opening import A_PATH, must_have_folder, opened_store
from audit.config import Config, clock
from audit.domain.errors import Conflict, InvalidField
from audit.web.push_keys import make_key, read_key


@click.group(cls=Commands)
def push() -> None:
    """What notifications on phones need before anybody can have them."""


@push.command()
@click.argument("file", type=A_PATH)
def key(file: Path) -> None:
    """Make the key that signs notifications, in the new FILE that only this account can read."""
    must_have_folder(file)
    try:
        make_key(file)
    except FileExistsError:
        raise Conflict(
            "{file} is there already. With another key every shopper would have to turn notifications on anew.",
            file=file,
        ) from None
    click.echo(f"{file} is made. Set AUDIT_PUSH_KEY to it and AUDIT_PUSH_CONTACT to a mail address of yours.")


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say whose phones would be told.")
def notify(dry_run: bool) -> None:
    """Tell phones on which notifications are on that something is new on their list. Meant for a timer.

    Nothing is sent unless AUDIT_PUSH_KEY and AUDIT_PUSH_CONTACT are set. What was told once is not told again; a phone
    hears at most once an hour, and nothing from 22:00 to 7:00 where its branches are."""
    config = Config.from_environment()
    if config.push_key is None or not config.pushes:
        raise InvalidField("Nobody is told: set AUDIT_PUSH_KEY and AUDIT_PUSH_CONTACT. See docs/configuration.md.")
    signing, now = read_key(config.push_key), clock()
    carrier = Carrier(signing, config.push_contact, config.push_services, clock)
    with opened_store(config) as store:
        due = messages_due(store, signing.public, now)
        if dry_run:
            for message in due:
                click.echo(_shown(message))
            return
        became = Counter(send_message(store, message, carrier.carry, now) for message in due)
        ended = became[Carried.GONE] + forget_ended(store, now)
    click.echo(f"sent: {became[Carried.TAKEN]}, later: {became[Carried.LATER]}, addresses that ended: {ended}")
    for host, why in carrier.troubles.items():
        refuse(f"{host}: {why}")
    if carrier.troubles:
        raise InvalidField("Some phones could not be told. Run this again.")


def _shown(message: Message) -> str:
    kinds = Counter(name.split()[0].replace("_", " ") for name in message.news)
    return f"{message.person.name}: " + ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
