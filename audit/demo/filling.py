"""Filling an empty database with the demo: people first, then a year of visits in the order in which things happened.

Owns the order of events and what is printed at the end. Refuses a database that holds a programme already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from audit.actions.enrolling import record_staff_told
from audit.actions.inviting import JOIN, LASTS
from audit.actions.publishing import publish_checklist
from audit.actions.signing_in import PasswordKeeper, hash_of, new_token
from audit.demo import organisation
from audit.demo.calendar import QUARTER, QUARTERS, plan_visits
from audit.demo.chance import id_at, stream
from audit.demo.passphrases import new_passphrase
from audit.demo.to_come import offer_what_is_to_come
from audit.demo.year import Year
from audit.domain.checklist.model import Checklist, PublishedChecklist
from audit.domain.errors import Conflict, NotFound
from audit.domain.people import Person, Role
from audit.domain.visit import VisitState
from audit.intake.yaml_trees import read_yaml
from audit.storage.identifiers import new_id
from audit.storage.invitations import Invitation
from audit.storage.store import Store

CHECKLISTS = Path(__file__).resolve().parents[2] / "checklists"
WITH_A_PASSWORD = 8  # office, area managers and the managers of the first two branches: those whom one tries out
BEFORE_THE_FIRST_VISIT = timedelta(days=30)


@dataclass(frozen=True)
class DemoSignIn:
    """Somebody of the office and how to sign in; `place` is their area or branch, by name, or empty."""

    role: Role
    name: str
    place: str
    email: str
    password: str


@dataclass(frozen=True)
class DemoPhone:
    """A shopper and the token of a link that signs one phone in, once; `what` says what waits there."""

    name: str
    token: str
    what: str


@dataclass(frozen=True)
class DemoSummary:
    """What was made, to be printed once: passwords and tokens are kept nowhere else."""

    programme: str
    sign_ins: tuple[DemoSignIn, ...]
    phones: tuple[DemoPhone, ...]
    areas: int
    branches: int
    people: int
    checklists: int
    visits: int
    published: int
    waiting: int
    photos: int


def fill_demo(store: Store, passwords: PasswordKeeper, now: datetime, seed: int = 1) -> DemoSummary:
    """Make the whole demo, and say how to sign in. The same seed and `now` make the same visits and scores; passwords,
    links and the ids that actions make are fresh each time. Conflict unless the database is empty."""
    _must_be_empty(store)
    start = now - QUARTERS * QUARTER - BEFORE_THE_FIRST_VISIT
    people = _people(start, seed)
    shoppers = organisation.shoppers([id_at(stream(seed, "shopper", n), start) for n in range(15)])
    _enrol(store, [*people, *(shopper for area in shoppers.values() for shopper in area)])
    admin = people[0]
    published = _publish_checklists(store, admin, start)
    _tell_staff(store, admin, start, now)
    checklists: Mapping[str, Checklist] = {id: found.checklist for id, found in published.items()}
    plans = plan_visits(shoppers, checklists, now, seed)
    year = Year(store, admin, published, seed)
    year.play(plans)
    offer_what_is_to_come(year, shoppers, now)
    return DemoSummary(
        programme=organisation.PROGRAMME.name,
        sign_ins=_sign_ins(store, passwords, people[:WITH_A_PASSWORD]),
        phones=_phones(store, shoppers["COAST"], now),
        areas=len(organisation.AREAS),
        branches=len(organisation.BRANCHES),
        people=len(store.people.list_all()),
        checklists=len(published),
        visits=len(plans),
        published=store.visits.count(VisitState.PUBLISHED),
        waiting=store.visits.count(VisitState.SUBMITTED),
        photos=year.photos_kept,
    )


def _must_be_empty(store: Store) -> None:
    try:
        store.programme.find()
    except NotFound:
        if not store.people.list_all() and not store.branches.count():
            return
    raise Conflict("There is a programme here already. Make the demo in a database of its own: see AUDIT_DATABASE.")


def _people(start: datetime, seed: int) -> list[Person]:
    count = 6 + len(organisation.BRANCHES)
    return organisation.office([id_at(stream(seed, "office", n), start) for n in range(count)])


def _enrol(store: Store, people: Sequence[Person]) -> None:
    with store.transaction():
        store.programme.save(organisation.PROGRAMME)
        for area in organisation.AREAS:
            store.areas.save(area)
        for branch in organisation.BRANCHES:
            store.branches.save(branch)
        for person in people:
            store.people.save(person)


def _publish_checklists(store: Store, admin: Person, start: datetime) -> dict[str, PublishedChecklist]:
    published: dict[str, PublishedChecklist] = {}
    for file in sorted(CHECKLISTS.glob("*.yaml")):
        source = file.read_text(encoding="utf-8")
        tree = read_yaml(source.encode(), file.name).tree
        found = publish_checklist(store, admin, tree, source, start)
        published[found.checklist.id] = found
    return published


def _tell_staff(store: Store, admin: Person, start: datetime, now: datetime) -> None:
    for branch in organisation.BRANCHES:
        if branch.code == organisation.NOT_TOLD:
            continue
        told = now - timedelta(days=2) if branch.code == organisation.NEVER_VISITED else start
        record_staff_told(store, admin, branch.code, branch.day_of(told, organisation.PROGRAMME), told)


def _sign_ins(store: Store, passwords: PasswordKeeper, people: Sequence[Person]) -> tuple[DemoSignIn, ...]:
    places = {area.code: area.name for area in organisation.AREAS}
    places |= {branch.code: branch.name for branch in organisation.BRANCHES}
    sign_ins: list[DemoSignIn] = []
    for person in people:
        passphrase = new_passphrase()
        kept = passwords.hash(passphrase)
        with store.transaction():
            store.people.set_password(person.id, kept)
        place = places.get(person.area_code or person.branch_code or "", "")
        sign_ins.append(DemoSignIn(person.role, person.name, place, person.email or "", passphrase))
    return tuple(sign_ins)


def _phones(store: Store, shoppers: Sequence[Person], now: datetime) -> tuple[DemoPhone, ...]:
    """Two links for the shopper whose phone the demo hands out, one for the one who has begun a visit."""
    first, second = shoppers[0], shoppers[1]
    return (
        DemoPhone(first.name, _link(store, first, now), "a visit for today, others this week, and one to try out"),
        DemoPhone(first.name, _link(store, first, now), "the same, for a second phone or this computer"),
        DemoPhone(second.name, _link(store, second, now), "a visit begun and not yet sent"),
    )


def _link(store: Store, shopper: Person, now: datetime) -> str:
    token = new_token()
    invitation = Invitation(
        id=new_id(),
        role=shopper.role,
        name=shopper.name,
        purpose=JOIN,
        person_id=shopper.id,
        created_at=now,
        expires_at=now + LASTS[JOIN],
    )
    with store.transaction():
        store.invitations.create(hash_of(token), invitation)
    return token
