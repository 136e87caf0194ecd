"""`audit invite`: a link for somebody new, or for an administrator who lost the password."""

from __future__ import annotations

import click

from audit.actions.inviting import Guest, invite_from_command_line
from audit.cli.opening import opened_store
from audit.config import Config, clock
from audit.domain.people import Role


@click.command()
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--area", metavar="CODE", help="The area of an area manager.")
@click.option("--branch", metavar="CODE", help="The branch of a branch manager.")
@click.option("--name", default="", help="The person's name; asked for on the page if it is left out.")
@click.option("--email", default="", help="What the person signs in with; asked for on the page if it is left out.")
def invite(role: str, area: str | None, branch: str | None, name: str, email: str) -> None:
    """Print a link that lets one person in, once, within 14 days.

    With --role admin it is the way back in for whoever lost the password."""
    config = Config.from_environment()
    with opened_store(config) as store:
        token, invitation = invite_from_command_line(store, Guest(Role(role), name, email, area, branch), clock())
    click.echo(config.address_of(f"/invitations/{token}"))
    until = f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"Good once, until {until}. Opening it alone uses nothing up.", err=True)
