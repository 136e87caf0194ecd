"""Links by which somebody gets in, or reads a report: what ends them, and what none is made for."""

from datetime import datetime, timedelta

import pytest

from audit.actions.inviting import add_device, dismiss_person
from audit.actions.sharing import Terms, share_visit
from audit.actions.signing_in import open_device, revoke_device
from audit.actions.submitting import receive_submission
from audit.actions.visiting import begin_visit
from audit.domain.errors import TooLate
from audit.domain.people import Person
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
