"""Letting people in: invitations that are used once, passwords set by a link, another device, and showing people out.

A link carries 256 random bits; the database keeps their hash alone. Looking at a link uses nothing up.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from audit.actions import SYSTEM
from audit.actions.choosing_passwords import must_be_good
from audit.actions.signing_in import PasswordKeeper, hash_of, new_token, open_device, revoke_all
from audit.domain.errors import InvalidField, NotAllowed, NotFound, TooLate
from audit.domain.people import May, Person, Role
from audit.storage.devices import Device
from audit.storage.identifiers import new_id
from audit.storage.invitations import Invitation
from audit.storage.people import address as plain_email
from audit.storage.store import Store

JOIN, DEVICE, PASSWORD = "join", "device", "password"
LASTS = {JOIN: timedelta(days=14), DEVICE: timedelta(minutes=15), PASSWORD: timedelta(days=1)}
PSEUDONYM_SIGNS = "ACDEFHJKLMNPQRTUVWXY34679"  # none that can be taken for another


@dataclass(frozen=True)
class Guest:
    """Who is invited, as what, and for where. An empty name or address is asked for when the invitation is accepted."""

    role: Role
    name: str = ""
    email: str = ""
    area_code: str | None = None
    branch_code: str | None = None


@dataclass(frozen=True)
class Acceptance:
    """What somebody fills in to accept. A shopper needs none of it."""

    name: str = ""
    email: str = ""
    password: str = ""
    label: str = ""


def invite_person(store: Store, person: Person, guest: Guest, now: datetime) -> tuple[str, Invitation]:
    """A token for a link, shown once, and the invitation. InvalidField names what does not fit the role."""
    person.must(May.ADMINISTER)
    with store.transaction():
        return _invite(store, person.id, guest, now)


def invite_from_command_line(store: Store, guest: Guest, now: datetime) -> tuple[str, Invitation]:
    """The same for whoever holds the machine itself, signed in or not."""
    with store.transaction():
        return _invite(store, SYSTEM, guest, now)


def first_invitation(store: Store, now: datetime) -> str | None:
    """A token that makes the first administrator, as long as there is none; an earlier unused one ends with it."""
    with store.transaction():
        if any(person.active for person in store.people.list_all(role=Role.ADMIN)):
            return None
        for invitation in store.invitations.list_open(now):
            if invitation.role is Role.ADMIN and invitation.purpose == JOIN:
                store.invitations.revoke(invitation.id, now)
        token, _ = _invite(store, SYSTEM, Guest(Role.ADMIN), now)
        return token


def add_device(store: Store, person: Person, now: datetime) -> tuple[str, Invitation]:
    """A token that signs one more phone of a shopper in, once, within a quarter of an hour."""
    person.must(May.MAKE_VISITS)
    with store.transaction():
        return _create(store, person.id, _for_member(person, DEVICE, now), now)


def send_password_link(store: Store, person: Person, member_id: str, now: datetime) -> tuple[str, Invitation]:
    """A token by which somebody of the office sets a new password, or a shopper signs a new phone in."""
    person.must(May.ADMINISTER)
    with store.transaction():
        member = store.people.find(member_id)
        if not member.active:
            raise TooLate("This person was shown out. Invite them anew.")
        purpose = DEVICE if member.role is Role.SHOPPER else PASSWORD
        return _create(store, person.id, _for_member(member, purpose, now), now)


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
        store.journal.write(
            who=person.id,
            what="invitation.accepted",
            which=invitation.id,
            when=now,
            after={"purpose": invitation.purpose},
        )
        return open_device(store, person, acceptance.label, now)


def revoke_invitation(store: Store, person: Person, invitation_id: str, now: datetime) -> None:
    """End an invitation that nobody has accepted yet."""
    person.must(May.ADMINISTER)
    with store.transaction():
        invitation = store.invitations.find(invitation_id)
        if invitation.used_at is not None:
            raise TooLate("This invitation was accepted already. Show the person out instead.")
        if invitation.revoked_at is None:
            store.invitations.revoke(invitation.id, now)
            store.journal.write(who=person.id, what="invitation.revoked", which=invitation.id, when=now)


def dismiss_person(store: Store, person: Person, member_id: str, now: datetime) -> Person:
    """Show somebody out: signed out everywhere, never let in again. What they did stays."""
    person.must(May.ADMINISTER)
    with store.transaction():
        member = store.people.find(member_id)
        if member.id == person.id:
            raise NotAllowed("You cannot show yourself out. Another administrator can.")
        if not member.active:
            return member
        dismissed = member.dismissed()
        store.people.save(dismissed)
        revoke_all(store, person.id, member.id, now)
        for invitation in store.invitations.list_open(now):
            if invitation.person_id == member.id:
                store.invitations.revoke(invitation.id, now)
        store.journal.write(
            who=person.id,
            what="person.dismissed",
            which=member.id,
            when=now,
            before={"active": True},
            after={"active": False},
        )
        return dismissed


def _invite(store: Store, who: str, guest: Guest, now: datetime) -> tuple[str, Invitation]:
    _must_fit(store, guest)
    invitation = Invitation(
        id=new_id(),
        role=guest.role,
        name=guest.name.strip(),
        email=plain_email(guest.email) or None,
        area_code=guest.area_code,
        branch_code=guest.branch_code,
        purpose=JOIN,
        created_at=now,
        expires_at=now + LASTS[JOIN],
    )
    return _create(store, who, invitation, now)


def _create(store: Store, who: str, invitation: Invitation, now: datetime) -> tuple[str, Invitation]:
    token = new_token()
    store.invitations.create(hash_of(token), invitation)
    store.journal.write(
        who=who,
        what="invitation.created",
        which=invitation.id,
        when=now,
        after={"purpose": invitation.purpose, "role": invitation.role.value},
    )
    return token, invitation


def _must_fit(store: Store, guest: Guest) -> None:
    """Raise InvalidField unless the place belongs to the role and is there, and the address is nobody's yet."""
    if guest.role is Role.SHOPPER and not guest.name.strip():
        raise InvalidField("A shopper needs a name. Only the programme office reads it.", place="name")
    if guest.role is Role.AREA_MANAGER:
        _must_exist(store.areas.find, guest.area_code, "area")
    elif guest.area_code:
        raise InvalidField("Only an area manager belongs to an area. Leave the area empty.", place="area")
    if guest.role is Role.BRANCH_MANAGER:
        _must_exist(store.branches.find, guest.branch_code, "branch")
    elif guest.branch_code:
        raise InvalidField("Only a branch manager belongs to a branch. Leave the branch empty.", place="branch")
    if guest.email:
        _must_be_free(store, plain_email(guest.email))


def _must_exist(find: Callable[[str], object], code: str | None, place: str) -> None:
    try:
        found = bool(code) and bool(find(code or ""))
    except NotFound:
        found = False
    if not found:
        raise InvalidField("Choose one that is there.", place=place)


def _must_be_free(store: Store, email: str) -> None:
    if not looks_like_email(email):
        raise InvalidField("Write an e-mail address like ada@example.org.", place="email")
    try:
        store.people.by_email(email)
    except NotFound:
        return
    raise InvalidField(
        "Somebody with this e-mail address is there already. Make a password link for them.", place="email"
    )


def looks_like_email(text: str) -> bool:
    """Whether it could be an address: something, one @, a host with a dot. Only a mail that arrives proves more."""
    name, _, host = text.rpartition("@")
    parts = host.split(".")
    return bool(name) and "@" not in name and len(parts) > 1 and all(parts) and len(text) <= 254 and " " not in text


def _for_member(member: Person, purpose: str, now: datetime) -> Invitation:
    return Invitation(
        id=new_id(),
        role=member.role,
        name=member.name,
        email=member.email,
        area_code=member.area_code,
        branch_code=member.branch_code,
        person_id=member.id,
        purpose=purpose,
        created_at=now,
        expires_at=now + LASTS[purpose],
    )


def needs_password(invitation: Invitation) -> bool:
    """Whether whoever accepts it must choose a password: everybody but shoppers, whose phone is the key."""
    return invitation.role is not Role.SHOPPER and invitation.purpose != DEVICE


def _kept_password(
    store: Store, passwords: PasswordKeeper, invitation: Invitation, acceptance: Acceptance
) -> str | None:
    """The hash of the password chosen, where one is needed; the slow part, done before anything is locked."""
    if not needs_password(invitation):
        return None
    if invitation.purpose == JOIN:
        _must_be_complete(store, invitation, acceptance)
    about = (invitation.name, invitation.email or "", acceptance.name, acceptance.email)
    must_be_good(acceptance.password, about)
    return passwords.hash(acceptance.password)


def _must_be_complete(store: Store, invitation: Invitation, acceptance: Acceptance) -> None:
    if not (invitation.name or acceptance.name.strip()):
        raise InvalidField("Write your name.", place="name")
    email = invitation.email or plain_email(acceptance.email)
    if not _own_account(store, invitation, email):
        _must_be_free(store, email)


def _own_account(store: Store, invitation: Invitation, email: str) -> Person | None:
    """An administrator who lost the password and was let in again by the machine's holder keeps the account."""
    by_machine = any(
        line.what == "invitation.created" and line.who == SYSTEM for line in store.journal.of(invitation.id)
    )
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
        language=store.programme.find().language,
    )
    store.people.save(person)
    store.journal.write(
        who=person.id, what="person.joined", which=person.id, when=now, after={"role": person.role.value}
    )
    return person


def _new_pseudonym(store: Store) -> str:
    taken = {person.pseudonym for person in store.people.list_all(role=Role.SHOPPER)}
    while True:
        pseudonym = "Shopper " + "".join(secrets.choice(PSEUDONYM_SIGNS) for _ in range(4))
        if pseudonym not in taken:
            return pseudonym
