"""Links by which somebody gets in, or reads a report: what ends them, and what none is made for."""

from datetime import datetime, timedelta

import pytest

from audit.actions import accepting
from audit.actions.accepting import Acceptance, accept_invitation, look_at_invitation
from audit.actions.inviting import (
    Guest,
    add_device,
    dismiss_person,
    invite_from_command_line,
    send_password_link,
)
from audit.actions.sharing import Terms, share_visit
from audit.actions.signing_in import open_device, revoke_device
from audit.actions.submitting import receive_submission
from audit.actions.visiting import begin_visit
from audit.domain.errors import InvalidField, TooLate
from audit.domain.people import Person, Role
from audit.storage.devices import Device
from audit.storage.store import Store
from tests import cast
from tests.world import GOOD, NOW, assign, edit, minutes


class Signer:
    """Signs in plain letters."""

    name = "a key"

    def sign(self, secret: str, until: datetime) -> str:
        return f"{secret} until {until}"


def signed_in(store: Store, person: Person) -> Device:
    with store.transaction():
        return open_device(store, person, "Phone", NOW)[1]


def test_a_phone_that_is_signed_out_leaves_no_link_for_another(store: Store) -> None:
    lost = signed_in(store, cast.SAM)
    add_device(store, cast.SAM, minutes(1))
    add_device(store, cast.OTTO_SHOPPER, minutes(1))
    revoke_device(store, cast.SAM, lost.id, minutes(2))
    assert [link.person_id for link in store.invitations.list_open(minutes(2))] == [cast.OTTO_SHOPPER.id]


def test_whoever_is_shown_out_has_no_open_link(store: Store) -> None:
    add_device(store, cast.SAM, minutes(1))
    add_device(store, cast.OTTO_SHOPPER, minutes(1))
    dismiss_person(store, cast.ADA, cast.SAM.id, minutes(2))
    assert [link.person_id for link in store.invitations.list_open(minutes(2))] == [cast.OTTO_SHOPPER.id]


class Plain:
    """Keeps passwords as they are."""

    def hash(self, password: str) -> str:
        return password

    def check(self, kept: str | None, password: str) -> bool:
        return kept == password

    def is_dated(self, kept: str) -> bool:
        return False


def test_an_invitation_ends_with_the_moment_at_which_it_expires(store: Store) -> None:
    token, invitation = invite_from_command_line(store, Guest(Role.SHOPPER, "Nora Quist"), NOW)
    assert look_at_invitation(store, token, invitation.expires_at - timedelta(seconds=1)) == invitation
    with pytest.raises(TooLate, match="has expired"):
        look_at_invitation(store, token, invitation.expires_at)


def test_a_second_administrator_ends_nobody_elses_link(store: Store) -> None:
    token, _ = invite_from_command_line(store, Guest(Role.ADMIN), NOW)
    _, other = invite_from_command_line(store, Guest(Role.ADMIN), NOW)
    form = Acceptance("Nora Quist", "nora@example.org", "a heron over quiet water")
    accept_invitation(store, Plain(), token, form, minutes(1))
    assert [link.id for link in store.invitations.list_open(minutes(1))] == [other.id]


def test_whoever_is_shown_out_while_choosing_a_password_does_not_come_in(store: Store) -> None:
    token, _ = send_password_link(store, cast.ADA, cast.RITA.id, NOW)
    with store.transaction():
        store.people.save(cast.RITA.dismissed())
    with pytest.raises(TooLate):
        accept_invitation(store, Plain(), token, Acceptance(password="a heron over quiet water"), minutes(1))
    assert store.devices.of_person(cast.RITA.id) == []


def test_a_link_for_an_administrator_opens_nobody_elses_account(store: Store) -> None:
    token, _ = invite_from_command_line(store, Guest(Role.ADMIN), NOW)
    form = Acceptance("Rita", cast.RITA.email or "", "a heron over quiet water")
    with pytest.raises(InvalidField) as refusal:
        accept_invitation(store, Plain(), token, form, NOW)
    assert refusal.value.place == "email"


@pytest.mark.parametrize(
    ("form", "place"),
    [
        (Acceptance(" ", "nora@example.org", "a heron over quiet water"), "name"),
        (Acceptance("Nora Quist", "nora@example.org", "NoraQuist1815"), "password"),
        (Acceptance("Nora Quist", "tealheron@example.org", "tealheron1999"), "password"),
    ],
    ids=["a blank name", "a password of the name", "a password of the address"],
)
def test_what_is_typed_on_the_way_in_is_judged_before_the_link_is_used_up(
    store: Store, form: Acceptance, place: str
) -> None:
    token, invitation = invite_from_command_line(store, Guest(Role.ADMIN), NOW)
    with pytest.raises(InvalidField) as refusal:
        accept_invitation(store, Plain(), token, form, NOW)
    assert refusal.value.place == place
    assert look_at_invitation(store, token, NOW) == invitation


def test_no_two_shoppers_have_one_pseudonym(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    signs = iter("ACDEACDEACDF")
    monkeypatch.setattr(accepting.secrets, "choice", lambda _: next(signs))
    for name in ("Nora Quist", "Olga Quist"):
        token, _ = invite_from_command_line(store, Guest(Role.SHOPPER, name), NOW)
        accept_invitation(store, Plain(), token, Acceptance(), NOW)
    pseudonyms = {person.name: person.pseudonym for person in store.people.list_all(role=Role.SHOPPER)}
    assert (pseudonyms["Nora Quist"], pseudonyms["Olga Quist"]) == ("Shopper ACDE", "Shopper ACDF")


def test_no_link_lets_an_administrator_in_again_who_was_shown_out(store: Store) -> None:
    with store.transaction():
        store.people.save(cast.ADA.dismissed())
    token, _ = invite_from_command_line(store, Guest(Role.ADMIN), NOW)
    form = Acceptance("Ada", cast.ADA.email or "", "a heron over quiet water")
    with pytest.raises(InvalidField) as refusal:
        accept_invitation(store, Plain(), token, form, NOW)
    assert refusal.value.place == "email"
    assert not store.people.find(cast.ADA.id).active
    assert store.devices.of_person(cast.ADA.id) == []


@pytest.mark.parametrize("test", [True, False])
def test_no_link_is_made_to_a_visit_that_the_branch_cannot_read(store: Store, test: bool) -> None:
    visit = begin_visit(store, cast.SAM, assign(store, test=test).id, NOW)
    receive_submission(store, cast.SAM, *edit(visit, GOOD), minutes(30))
    if test:
        with store.transaction():
            store.visits.save(store.visits.find(visit.id).published(minutes(40)))
    with pytest.raises(TooLate):
        share_visit(store, cast.ADA, visit.id, Terms(7, "en", Signer()), NOW + timedelta(days=1))
    assert store.shares.list_all() == []
