"""Links by which somebody gets in, or reads a report: what ends them, and what none is made for."""

from datetime import datetime, timedelta

import pytest

from audit.actions.accepting import Acceptance, accept_invitation
from audit.actions.inviting import Guest, add_device, dismiss_person, invite_from_command_line
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
