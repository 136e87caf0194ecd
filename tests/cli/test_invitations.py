"""`audit invite`: the holder of the machine lets anybody in, and nobody by mistake."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from audit.actions.accepting import Acceptance, accept_invitation, look_at_invitation
from audit.actions.inviting import Guest, first_invitation, invite_from_command_line
from audit.domain.errors import TooLate
from audit.domain.people import Role
from audit.storage.store import Store, open_store
from audit.web.passwords import Passwords
from tests.cli.conftest import Prompt

PLACES = {
    Role.ADMIN: (),
    Role.REVIEWER: (),
    Role.AREA_MANAGER: ("--area", "NORTH"),
    Role.BRANCH_MANAGER: ("--branch", "N01"),
    Role.SHOPPER: (),
}


@pytest.mark.parametrize("role", Role)
def test_everybody_can_be_invited_for_two_weeks(prompt: Prompt, world: Store, role: Role) -> None:
    said = prompt.audit("invite", "--role", role.value, *PLACES[role])
    assert said.status == 0
    assert said.err.startswith("Good once, until ")
    address = urlsplit(said.out.strip())
    assert (address.scheme, address.netloc) == ("http", "127.0.0.1:8000")
    now = datetime.now(UTC)
    invitation = look_at_invitation(world, address.path.removeprefix("/invitations/"), now)
    assert invitation.role is role
    assert timedelta(days=13, hours=23) < invitation.expires_at - now <= timedelta(days=14)
    assert (invitation.area_code, invitation.branch_code) == (
        "NORTH" if role is Role.AREA_MANAGER else None,
        "N01" if role is Role.BRANCH_MANAGER else None,
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("area_manager", "--area: An area manager belongs to an area that is there. Name one of these: NORTH, SOUTH."),
        ("area_manager --area EAST", "--area: An area manager belongs to an area that is there."),
        ("branch_manager", "--branch: A branch manager belongs to a branch that is there. See: audit branches list"),
        ("branch_manager --branch X1", "--branch: A branch manager belongs to a branch that is there."),
        ("branch_manager --branch N01 --area NORTH", "--area: Only an area manager belongs to an area."),
        ("reviewer --branch N01", "--branch: Only a branch manager belongs to a branch."),
        ("admin --email ada", "--email: Write an e-mail address like ada@example.org."),
    ],
)
def test_an_invitation_that_fits_nobody_is_refused_with_the_mend(
    prompt: Prompt, world: Store, words: str, why: str
) -> None:
    said = prompt.audit("invite", "--role", *words.split())
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith(why)
    assert world.invitations.list_open(datetime.now(UTC)) == []


def test_without_areas_the_way_to_them_is_told(prompt: Prompt) -> None:
    prompt.audit("init")
    said = prompt.audit("invite", "--role", "area_manager")
    assert said.err.endswith("Areas come with the branches: import them.\n")


def test_a_link_on_the_way_out_is_alone_on_its_stream(prompt: Prompt, world: Store) -> None:
    said = prompt.audit("invite", "--role", "admin", AUDIT_URL="https://audit.example.org")
    assert said.out.startswith("https://audit.example.org/invitations/")
    assert len(said.out.splitlines()) == 1


def test_once_there_is_an_administrator_the_other_first_links_end(prompt: Prompt) -> None:
    prompt.audit("init")
    store = open_store(prompt.database, prompt.photos)
    try:
        now = datetime.now(UTC)
        for_rita = invite_from_command_line(store, Guest(Role.ADMIN, name="Rita Moor"), now)[0]
        beside, last = (first_invitation(store, now, beside=True) or "" for _ in range(2))
        look_at_invitation(store, beside, now)
        ada = Acceptance("Ada Berger", "ada@example.org", "violet ladder teaspoon")
        accept_invitation(store, Passwords(memory_kib=64, time_cost=1), last, ada, now)
        with pytest.raises(TooLate):
            look_at_invitation(store, beside, now)
        assert look_at_invitation(store, for_rita, now).name == "Rita Moor"
    finally:
        store.close()
