"""`audit invite`: a link for somebody new, or for an administrator who lost the password."""

from __future__ import annotations

import click

from audit.actions.inviting import Guest, invite_from_command_line
from audit.cli.opening import opened_store
from audit.config import Config, clock
from audit.domain.errors import InvalidField, NotFound
from audit.domain.people import Role
from audit.storage.store import Store


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
    guest = Guest(Role(role), name, email, area, branch)
    with opened_store(config) as store:
        _must_name_place(store, guest)
        token, invitation = invite_from_command_line(store, guest, clock())
    click.echo(config.address_of(f"/invitations/{token}"))
    until = f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"Good once, until {until}. Opening it alone uses nothing up.", err=True)


def _must_name_place(store: Store, guest: Guest) -> None:
    """InvalidField that names the places there are, where a page would have offered them to choose from."""
    if guest.role is Role.AREA_MANAGER:
        areas = [area.code for area in store.areas.list_all()]
        if guest.area_code not in areas:
            known = f"Name one of these: {', '.join(areas)}." if areas else "Areas come with the branches: import them."
            raise InvalidField("An area manager belongs to an area that is there. {known}", place="area", known=known)
    if guest.role is Role.BRANCH_MANAGER:
        try:
            store.branches.find(guest.branch_code or "")
        except NotFound:
            raise InvalidField(
                "A branch manager belongs to a branch that is there. See: audit branches list", place="branch"
            ) from None
