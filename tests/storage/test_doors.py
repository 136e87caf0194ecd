"""Sign-ins, invitations and counted tries."""

from datetime import datetime, timedelta

import pytest

from audit.domain.errors import CandourError, NotFound, TooLate
from audit.domain.people import Role
from audit.storage.devices import Device
from audit.storage.invitations import Invitation
from audit.storage.store import Store
from tests import cast
from tests.storage.conftest import NOW
from tests.storage.threads import together

DAY = timedelta(days=1)


def sign_in(store: Store, id: str = "d1", now: datetime = NOW) -> Device:
    device = Device(id, cast.SAM.id, "phone", "Sam's phone", now, now, now + 90 * DAY)
    with store.transaction():
        store.devices.open(f"hash of {id}", device)
    return device


def invite(store: Store, id: str = "i1", **changes: object) -> Invitation:
    fields = {"id": id, "role": Role.SHOPPER, "name": "Nora", "created_at": NOW, "expires_at": NOW + 14 * DAY}
    invitation = Invitation(**{**fields, **changes})  # type: ignore[arg-type]
    with store.transaction():
        store.invitations.create(f"hash of {id}", invitation)
    return invitation


def test_a_device_is_known_by_its_secret_and_open_until_it_is_revoked(programme: Store) -> None:
    device = sign_in(programme)
    assert programme.devices.holder("hash of d1") == (cast.SAM, device, None)
    assert device.is_open(NOW)
    assert not device.is_open(NOW + 90 * DAY)
    with programme.transaction():
        programme.devices.revoke("d1", NOW)
        programme.devices.revoke("d1", NOW + DAY)
    assert programme.devices.find("d1").revoked_at == NOW
    held = programme.devices.holder("hash of d1")
    assert held is not None
    assert not held[1].is_open(NOW)


def test_a_secret_comes_with_the_last_moment_of_the_journal(programme: Store) -> None:
    sign_in(programme)
    with programme.transaction():
        programme.journal.write(who=None, what="area.saved", which="N", when=NOW + DAY)
        programme.journal.write(who=None, what="area.saved", which="N", when=NOW)
    held = programme.devices.holder("hash of d1")
    assert held is not None
    assert held[2] == NOW + DAY


def test_using_a_device_moves_its_moments_forward_only(programme: Store) -> None:
    sign_in(programme)
    with programme.transaction():
        programme.devices.touch("d1", NOW + DAY, NOW + 91 * DAY)
        programme.devices.touch("d1", NOW - DAY, NOW)
    device = programme.devices.find("d1")
    assert (device.last_seen_at, device.expires_at) == (NOW + DAY, NOW + 91 * DAY)


def test_an_unknown_secret_finds_nothing(programme: Store) -> None:
    assert programme.devices.holder("guess") is None
    with pytest.raises(NotFound):
        programme.invitations.by_token_hash("guess")
    with pytest.raises(NotFound), programme.transaction():
        programme.devices.revoke("guess", NOW)


def test_an_invitation_is_used_once_however_many_try(programme: Store) -> None:
    invite(programme)

    def accept(n: int) -> str:
        try:
            with programme.transaction():
                programme.invitations.use("i1", NOW, cast.SAM.id)
        except TooLate:
            return "too late"
        return "in"

    assert sorted(str(answer) for answer in together(20, accept)) == ["in"] + ["too late"] * 19
    assert programme.invitations.find("i1").person_id == cast.SAM.id
    assert programme.invitations.list_open(NOW) == []


@pytest.mark.parametrize("case", ["revoked", "expired"])
def test_an_invitation_that_was_revoked_or_has_expired_lets_nobody_in(programme: Store, case: str) -> None:
    invite(programme)
    with programme.transaction():
        if case == "revoked":
            programme.invitations.revoke("i1", NOW)
    with pytest.raises(CandourError), programme.transaction():
        programme.invitations.use("i1", NOW if case == "revoked" else NOW + 14 * DAY)
    assert programme.invitations.find("i1").used_at is None


def test_looking_at_an_invitation_uses_nothing_up(programme: Store) -> None:
    invitation = invite(programme)
    with programme.reading():
        assert programme.invitations.by_token_hash("hash of i1") == invitation
        assert programme.invitations.list_open(NOW) == [invitation]


def test_tries_are_counted_exactly_by_fifty_at_once(programme: Store) -> None:
    def guess(n: int) -> bool:
        with programme.transaction():
            allowed = programme.throttles.count("ada", NOW - DAY) < 5
            if allowed:
                programme.throttles.add("ada", NOW)
        return allowed

    assert together(50, guess).count(True) == 5
    assert programme.throttles.count("ada", NOW + DAY) == 0
    assert programme.throttles.count("rita", NOW - DAY) == 0


def test_a_password_belongs_to_its_person(programme: Store) -> None:
    with programme.transaction():
        programme.people.set_password(cast.ADA.id, "one")
        programme.people.set_password(cast.ADA.id, "two")
    assert programme.people.password_hash(cast.ADA.id) == "two"
    assert programme.people.password_hash(cast.RITA.id) is None
    with programme.transaction():
        programme.people.forget_password(cast.ADA.id)
    assert programme.people.password_hash(cast.ADA.id) is None
