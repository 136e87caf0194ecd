"""Accepting an invitation: looked at as often as one likes, used up once, and then somebody is signed in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from audit.actions import SYSTEM
from audit.actions.choosing_passwords import must_be_good
from audit.actions.inviting import DEVICE, JOIN, maker_of, must_be_free, revoke_first_invitations, revoke_links_to
from audit.actions.signing_in import PasswordKeeper, hash_of, open_device, revoke_all
from audit.domain.errors import InvalidField, NotFound, TooLate
from audit.domain.people import Person, Role
from audit.storage.devices import Device
from audit.storage.identifiers import new_id
from audit.storage.invitations import Invitation
from audit.storage.people import address as plain_email
from audit.storage.store import Store

PSEUDONYM_SIGNS = "ACDEFHJKLMNPQRTUVWXY34679"  # none that can be taken for another


@dataclass(frozen=True)
class Acceptance:
    """What somebody fills in to accept. A shopper needs none of it."""

    name: str = ""
    email: str = ""
    password: str = ""
    label: str = ""


def look_at_invitation(store: Store, token: str, now: datetime) -> Invitation:
    """The invitation behind a link, as long as it can still be accepted; nothing is used up. NotFound for a token that
    nobody made, TooLate for one that was used, revoked or has expired."""
    invitation = store.invitations.by_token_hash(hash_of(token))
    if invitation.used_at is not None:
        raise TooLate("This link was used already. Ask the programme office for a new one.")
    if invitation.revoked_at is not None:
        raise TooLate("This link is no longer good. Ask the programme office for a new one.")
    if now >= invitation.expires_at:
        raise TooLate("This link has expired. Ask the programme office for a new one.")
    return invitation


def accept_invitation(
    store: Store, passwords: PasswordKeeper, token: str, acceptance: Acceptance, now: datetime
) -> tuple[str, Device]:
    """Use the invitation up and sign in: a token for the cookie, and the device. InvalidField names what to mend; then
    nothing was used up."""
    invitation = look_at_invitation(store, token, now)
    kept = _kept_password(store, passwords, invitation, acceptance)
    with store.transaction():
        invitation = look_at_invitation(store, token, now)  # two taps at once: one of them is too late
        person = _member(store, invitation, acceptance, now)
        if kept:
            store.people.set_password(person.id, kept)
            revoke_all(store, person.id, person.id, now)
        store.invitations.use(invitation.id, now, person.id)
        if kept:
            revoke_links_to(store, person.id, now)
        if _is_first_administrator(store, person):
            revoke_first_invitations(store, now)
        store.journal.write(
            who=person.id,
            what="invitation.accepted",
            which=invitation.id,
            when=now,
            after={"purpose": invitation.purpose},
        )
        return open_device(store, person, acceptance.label, now)


def asks_for(invitation: Invitation) -> tuple[str, ...]:
    """What whoever accepts must fill in: some of name, email and password. A shopper's phone is the key, so that a
    shopper chooses no password."""
    by_password = invitation.role is not Role.SHOPPER and invitation.purpose != DEVICE
    asked = {
        "name": invitation.purpose == JOIN and not invitation.name,
        "email": invitation.purpose == JOIN and by_password and not invitation.email,
        "password": by_password,
    }
    return tuple(name for name, needed in asked.items() if needed)


def _kept_password(
    store: Store, passwords: PasswordKeeper, invitation: Invitation, acceptance: Acceptance
) -> str | None:
    """The hash of the password chosen, where one is needed; the slow part, done before anything is locked."""
    asked = asks_for(invitation)
    if "name" in asked and not acceptance.name.strip():
        raise InvalidField("Write your name.", place="name")
    if "password" not in asked:
        return None
    if invitation.purpose == JOIN:
        _must_have_address(store, invitation, acceptance)
    about = (invitation.name, invitation.email or "", acceptance.name, acceptance.email)
    must_be_good(acceptance.password, about)
    return passwords.hash(acceptance.password)


def _must_have_address(store: Store, invitation: Invitation, acceptance: Acceptance) -> None:
    email = invitation.email or plain_email(acceptance.email)
    if not _own_account(store, invitation, email):
        must_be_free(store, email)


def _own_account(store: Store, invitation: Invitation, email: str) -> Person | None:
    """An administrator who lost the password and was let in again by the machine's holder keeps the account."""
    by_machine = maker_of(store, invitation) == SYSTEM
    try:
        member = store.people.by_email(email)
    except NotFound:
        return None
    return member if by_machine and member.active and member.role is Role.ADMIN is invitation.role else None


def _member(store: Store, invitation: Invitation, acceptance: Acceptance, now: datetime) -> Person:
    """The person who accepts: found, if the link was made for somebody who is there, else made."""
    if invitation.person_id:
        member = store.people.find(invitation.person_id)
        if not member.active:
            raise TooLate("This link is no longer good. Ask the programme office for a new one.")
        return member
    email = invitation.email or plain_email(acceptance.email)
    known = _own_account(store, invitation, email) if email else None
    if known:
        return known
    person = Person(
        id=new_id(),
        name=(invitation.name or acceptance.name).strip()[:200],
        role=invitation.role,
        email=email or None,
        area_code=invitation.area_code,
        branch_code=invitation.branch_code,
        pseudonym=_new_pseudonym(store) if invitation.role is Role.SHOPPER else "",
    )
    store.people.save(person)
    store.journal.write(
        who=person.id, what="person.joined", which=person.id, when=now, after={"role": person.role.value}
    )
    return person


def _is_first_administrator(store: Store, person: Person) -> bool:
    return person.role is Role.ADMIN and [one.id for one in store.people.list_all(role=Role.ADMIN)] == [person.id]


def _new_pseudonym(store: Store) -> str:
    taken = {person.pseudonym for person in store.people.list_all(role=Role.SHOPPER)}
    while True:
        pseudonym = "Shopper " + "".join(secrets.choice(PSEUDONYM_SIGNS) for _ in range(4))
        if pseudonym not in taken:
            return pseudonym
