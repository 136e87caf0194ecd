"""Inviting people: links that are used once, for a new person, a new password or another phone; and showing people out.

A link carries 256 random bits; the database keeps their hash alone. What becomes of it is told in `accepting`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from audit.actions import SYSTEM
from audit.actions.sharing import revoke_shares_of
from audit.actions.signing_in import hash_of, new_token, revoke_all
from audit.domain.errors import InvalidField, NotAllowed, NotFound, TooLate
from audit.domain.people import May, Person, Role
from audit.storage.identifiers import new_id
from audit.storage.invitations import Invitation
from audit.storage.people import address as plain_email
from audit.storage.store import Store

JOIN, DEVICE, PASSWORD = "join", "device", "password"
_NOT_IN_ADDRESSES = frozenset(' ",:;<>()[]\\')
LASTS = {JOIN: timedelta(days=14), DEVICE: timedelta(minutes=15), PASSWORD: timedelta(days=1)}


@dataclass(frozen=True)
class Guest:
    """Who is invited, as what, and for where. An empty name or address is asked for on the way in."""

    role: Role
    name: str = ""
    email: str = ""
    area_code: str | None = None
    branch_code: str | None = None


def invite_person(store: Store, person: Person, guest: Guest, now: datetime) -> tuple[str, Invitation]:
    """A token for a link, shown once, and the invitation. InvalidField names what does not fit the role."""
    person.must(May.ADMINISTER)
    if guest.role is Role.SHOPPER and not guest.name:
        raise InvalidField("A shopper needs a name. Only the programme office reads it.", place="name")
    with store.transaction():
        return _invite(store, person.id, guest, now)


def invite_from_command_line(store: Store, guest: Guest, now: datetime) -> tuple[str, Invitation]:
    """The same for whoever holds the machine itself, signed in or not."""
    with store.transaction():
        return _invite(store, SYSTEM, guest, now)


def first_invitation(store: Store, now: datetime, *, beside: bool = False) -> str | None:
    """A token that makes the first administrator, as long as there is none; an earlier unused one ends with it.

    With `beside` earlier ones stay good, until one of them is accepted: a start of the server must not end the link
    that was printed when the database was made."""
    with store.transaction():
        if any(person.active for person in store.people.list_all(role=Role.ADMIN)):
            return None
        if not beside:
            revoke_first_invitations(store, now)
        token, _ = _invite(store, SYSTEM, Guest(Role.ADMIN), now)
        return token


def revoke_first_invitations(store: Store, now: datetime) -> None:
    """End every open invitation that would make whoever holds it an administrator and is made out to nobody."""
    for invitation in store.invitations.list_open(now):
        made_out = invitation.name or invitation.email
        if invitation.role is Role.ADMIN and invitation.purpose == JOIN and not made_out:
            store.invitations.revoke(invitation.id, now)


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


def revoke_invitation(store: Store, person: Person, invitation_id: str, now: datetime) -> None:
    """End an invitation that nobody has accepted yet."""
    person.must(May.ADMINISTER)
    with store.transaction():
        invitation = store.invitations.find(invitation_id)
        if invitation.used_at is not None:
            raise TooLate("This invitation was accepted already. Show the person out instead.")
        if invitation.revoked_at is None:
            _revoke(store, person.id, invitation, now)


def dismiss_person(store: Store, person: Person, member_id: str, now: datetime) -> Person:
    """Show somebody out: signed out everywhere, never let in again, nor anybody by a link that they made and that was
    not used yet. What they did stays."""
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
        revoke_shares_of(store, person.id, member.id, now)
        revoke_links_to(store, member.id, now)
        _revoke_links_made_by(store, person.id, member.id, now)
        store.journal.write(
            who=person.id,
            what="person.dismissed",
            which=member.id,
            when=now,
            before={"active": True},
            after={"active": False},
        )
        return dismissed


def revoke_links_to(store: Store, person_id: str, now: datetime) -> None:
    """End every open link to the account of somebody who is there, inside a transaction of the caller's."""
    for invitation in store.invitations.list_open(now):
        if invitation.person_id == person_id:
            store.invitations.revoke(invitation.id, now)


def _revoke_links_made_by(store: Store, who: str, maker_id: str, now: datetime) -> None:
    """Whoever made a link may have kept it: it would let them in again, or into the account of somebody else."""
    for invitation in store.invitations.list_open(now):
        if maker_of(store, invitation) == maker_id:
            _revoke(store, who, invitation, now, "whoever made it was shown out")


def revoke_open_invitations(store: Store, why: str, now: datetime) -> int:
    """End every invitation and link that can still be accepted, whoever made it; how many that were."""
    with store.transaction():
        open_ones = store.invitations.list_open(now)
        for invitation in open_ones:
            _revoke(store, SYSTEM, invitation, now, why)
    return len(open_ones)


def _revoke(store: Store, who: str, invitation: Invitation, now: datetime, why: str = "") -> None:
    store.invitations.revoke(invitation.id, now)
    store.journal.write(who=who, what="invitation.revoked", which=invitation.id, when=now, why=why)


def maker_of(store: Store, invitation: Invitation) -> str | None:
    """Who made it: a person's id, or SYSTEM for whoever holds the machine."""
    return next((line.who for line in store.journal.of(invitation.id) if line.what == "invitation.created"), None)


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
    if guest.role is Role.AREA_MANAGER:
        _must_exist(store.areas.find, guest.area_code, "area")
    elif guest.area_code:
        raise InvalidField("Only an area manager belongs to an area. Leave the area empty.", place="area")
    if guest.role is Role.BRANCH_MANAGER:
        _must_exist(store.branches.find, guest.branch_code, "branch")
    elif guest.branch_code:
        raise InvalidField("Only a branch manager belongs to a branch. Leave the branch empty.", place="branch")
    if guest.email:
        must_be_free(store, plain_email(guest.email))


def _must_exist(find: Callable[[str], object], code: str | None, place: str) -> None:
    try:
        found = bool(code) and bool(find(code or ""))
    except NotFound:
        found = False
    if not found:
        raise InvalidField("Choose one that is there.", place=place)


def must_be_free(store: Store, email: str) -> None:
    """Raise InvalidField unless this is an e-mail address, and nobody's yet."""
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
    """Whether it could be an address: something, one @, a host with a dot, and no sign that the head of a mail takes
    for the end of one. Only a mail that arrives proves more."""
    name, _, host = text.rpartition("@")
    parts = host.split(".")
    plain = text.isprintable() and not set(text) & _NOT_IN_ADDRESSES
    return plain and bool(name) and "@" not in name and len(parts) > 1 and all(parts) and len(text) <= 254


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
