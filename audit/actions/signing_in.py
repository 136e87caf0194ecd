"""Signing in and out. Owns how long a sign-in lasts and how often somebody may try; refuses to know how passwords are
hashed, which `PasswordKeeper` does.

A sign-in is a device: a row with the hash of a random token, listed and revocable one by one.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Protocol

from audit.domain.errors import CandourError, InvalidField, NoSpace, NotFound, TooMany, not_here
from audit.domain.people import May, Person, Role
from audit.storage.devices import Device
from audit.storage.identifiers import new_id
from audit.storage.people import address as plain_email
from audit.storage.store import Store

OFFICE, PHONE = "office", "phone"
IDLE = {OFFICE: timedelta(minutes=30), PHONE: timedelta(days=90)}
LONGEST = {OFFICE: timedelta(hours=12), PHONE: timedelta(days=365)}
SEEN_AGAIN = {OFFICE: timedelta(minutes=1), PHONE: timedelta(hours=1)}  # how often a sign-in notes that it is alive
NOTING_SECONDS = 0.25  # for which a page waits for a turn to write that down
RECENT = timedelta(minutes=5)

WINDOW = timedelta(minutes=15)
MOST_TRIES = {"account": 10, "address": 40, "all": 1000}
AT_HOME = timedelta(days=30)  # for which one is known where one signed in


class PasswordKeeper(Protocol):
    """Makes and compares what is kept instead of passwords."""

    def hash(self, password: str) -> str: ...

    def check(self, kept: str | None, password: str) -> bool: ...

    def is_dated(self, kept: str) -> bool: ...


@dataclass(frozen=True)
class Attempt:
    """One try to sign in: from which address, and on what (`label` is how the list of devices names it)."""

    email: str
    password: str
    address: str = ""
    label: str = ""


def sign_in(store: Store, passwords: PasswordKeeper, attempt: Attempt, now: datetime) -> tuple[str, Device]:
    """A new token and its device. InvalidField if name or password is wrong, without saying which; TooMany after too
    many tries. Somebody who is not there takes as long as somebody who is."""
    counted = _count_try(store, lambda: _keys_of(store, attempt, now), now)
    person = _active(store, attempt.email)
    kept = store.people.password_hash(person.id) if person else None
    if not passwords.check(kept, attempt.password) or person is None or kept is None:
        raise InvalidField("The e-mail address or the password is wrong. Try again.")
    fresh = passwords.hash(attempt.password) if passwords.is_dated(kept) else ""
    with store.transaction():
        _take_back(store, counted, now)
        if fresh:
            store.people.set_password(person.id, fresh)
        store.throttles.add(_home_of(attempt), now)
        return open_device(store, person, attempt.label, now)


def open_device(store: Store, person: Person, label: str, now: datetime) -> tuple[str, Device]:
    """Sign a device in, inside a transaction of the caller's: the token for its cookie, and its row."""
    kind = PHONE if person.role is Role.SHOPPER else OFFICE
    token = new_token()
    device = Device(
        id=new_id(),
        person_id=person.id,
        kind=kind,
        label=label[:100],
        created_at=now,
        last_seen_at=now,
        expires_at=now + IDLE[kind],
    )
    store.devices.open(hash_of(token), device)
    store.journal.write(who=person.id, what="device.signed_in", which=device.id, when=now, after={"kind": kind})
    return token, device


def recognise(store: Store, token: str, now: datetime) -> tuple[Person, Device] | None:
    """Who holds this token, if the sign-in still lasts; notes now and then that the device is alive. A clock that was
    set back revives nothing: `now` counts as the last journalled moment if that is later."""
    found = store.devices.holder(hash_of(token))
    if found is None:
        return None
    person, device, last = found
    now = max(now, last) if last else now
    if not device.is_open(now) or not person.active:
        return None
    if now - device.last_seen_at >= SEEN_AGAIN[device.kind]:
        # A full or busy disk must not sign anybody out, nor keep whoever only reads; the next page notes it.
        with suppress(NoSpace, TooMany), store.transaction(NOTING_SECONDS):
            store.devices.touch(device.id, now, min(now + IDLE[device.kind], device.created_at + LONGEST[device.kind]))
    return person, device


def confirm_password(store: Store, passwords: PasswordKeeper, device: Device, password: str, now: datetime) -> None:
    """Ask again before something weighty; what was asked for on this device may then be had for five minutes.
    InvalidField beside `password` if it is wrong; TooMany after too many tries on this device, whatever others try."""
    _count_try(store, lambda: {f"device:{device.id}": MOST_TRIES["account"]}, now)
    if not passwords.check(store.people.password_hash(device.person_id), password):
        raise InvalidField("The password is wrong. Try again.", place="password")
    with store.transaction():
        store.devices.confirm(device.id, now)


def is_recent(device: Device, now: datetime) -> bool:
    """Whether somebody gave the password on this device within the last five minutes, signing in or asked again."""
    return now - max(device.created_at, device.confirmed_at or device.created_at) <= RECENT


def revoke_device(store: Store, person: Person, device_id: str, now: datetime) -> None:
    """End one of the person's own sign-ins; an administrator may end anybody's. NotFound for a stranger's."""
    person.must(May.HAVE_A_HOME)
    with store.transaction():
        device = store.devices.find(device_id)
        if device.person_id != person.id and not person.may(May.ADMINISTER):
            raise not_here()
        if device.revoked_at is None:
            store.devices.revoke(device.id, now)
            store.invitations.revoke_links_of(device.person_id, now)
            store.journal.write(who=person.id, what="device.revoked", which=device.id, when=now)


def revoke_all(store: Store, who: str, person_id: str, now: datetime) -> None:
    """End every sign-in of a person, inside a transaction of the caller's."""
    for device in store.devices.of_person(person_id):
        if device.revoked_at is None:
            store.devices.revoke(device.id, now)
            store.journal.write(who=who, what="device.revoked", which=device.id, when=now)


def current_devices(store: Store, person: Person, now: datetime) -> list[Device]:
    """The person's sign-ins that still last, the newest first."""
    lasting = [device for device in store.devices.of_person(person.id) if device.is_open(now)]
    return sorted(lasting, key=lambda device: device.last_seen_at, reverse=True)


def new_token() -> str:
    """256 random bits, as text for a cookie or a link."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What the database keeps of a token. It is random, so that a plain sha256 cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def _active(store: Store, email: str) -> Person | None:
    try:
        person = store.people.by_email(email)
    except NotFound:
        return None
    return person if person.active else None


def _count_try(store: Store, keys_of: Callable[[], Mapping[str, int]], now: datetime) -> Collection[str]:
    """Count this try before the password is looked at, so that not even fifty at once get one more than allowed; the
    keys it was counted under. `keys_of` says which those are, and how many tries each allows."""
    since = now - WINDOW
    with store.transaction():
        keys = keys_of()
        for key, most in keys.items():
            if store.throttles.count(key, since) >= most:
                raise _too_many()
        for key in keys:
            store.throttles.add(key, now)
    return keys


def _take_back(store: Store, counted: Collection[str], now: datetime) -> None:
    """A right password was no guess: else an office behind one address would shut itself out in the morning."""
    for key in counted:
        store.throttles.take_back(key, now)


def _keys_of(store: Store, attempt: Attempt, now: datetime) -> dict[str, int]:
    """Where somebody signed in lately their tries are counted apart, so that strangers who try without end elsewhere
    cannot keep them out."""
    home, address = _home_of(attempt), f"address:{network_of(attempt.address)}"
    if store.throttles.count(home, now - AT_HOME):
        return {f"at {home}": MOST_TRIES["account"], address: MOST_TRIES["address"]}
    account = hashlib.sha256(plain_email(attempt.email).encode()).hexdigest()
    return {f"account:{account}": MOST_TRIES["account"], address: MOST_TRIES["address"], "all": MOST_TRIES["all"]}


def _home_of(attempt: Attempt) -> str:
    """The account and the network together, as a key that tells neither."""
    both = f"{plain_email(attempt.email)}\0{network_of(attempt.address)}"
    return f"home:{hashlib.sha256(both.encode()).hexdigest()}"


def _too_many() -> CandourError:
    return TooMany(
        "There were too many tries to sign in. Wait {minutes} minutes and try again.",
        minutes=int(WINDOW.total_seconds() // 60),
        retry_after_seconds=int(WINDOW.total_seconds()),
    )


def network_of(address: str) -> str:
    """The sender's address; of IPv6 the first 64 bits, since every line has that many to choose from."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{parsed}/64", strict=False)) if isinstance(parsed, IPv6Address) else str(parsed)
