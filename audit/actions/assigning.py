"""Offering one visit to one shopper, and taking the offer back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TypeVar

from audit.domain.assignment import Assignment, must_be_assignable
from audit.domain.errors import InvalidField, NotFound, TooLate
from audit.domain.people import May, Person
from audit.storage.identifiers import new_id
from audit.storage.store import Store

T = TypeVar("T")


@dataclass(frozen=True)
class Offer:
    """What is offered: where, with which version of which checklist, to whom, between which days.

    `hours` is in words; `spending_limit` in the programme's currency, None for the scenario's own."""

    branch_code: str
    checklist_id: str
    version: int
    shopper_id: str
    until: date
    scenario: str | None = None
    not_before: date | None = None
    hours: str = ""
    spending_limit: Fraction | None = None
    note: str = ""
    test: bool = False


def assign_visit(store: Store, person: Person, offer: Offer, now: datetime) -> Assignment:
    """The new assignment. NotAllowed where it is not on file that the staff were told; InvalidField names the mend."""
    person.must(May.ASSIGN_VISITS)
    with store.transaction():
        branch = _found(lambda: store.branches.visible_to(person).find(offer.branch_code), _unknown_code())
        published = _found(lambda: store.checklists.find(offer.checklist_id, offer.version), _gone("checklist"))
        shopper = _found(lambda: store.people.find(offer.shopper_id), _gone("shopper"))
        scenario = published.checklist.scenario(offer.scenario)
        limit = scenario.spending_limit if offer.spending_limit is None and scenario else offer.spending_limit
        assignment = Assignment(
            id=new_id(),
            branch_code=branch.code,
            checklist_id=offer.checklist_id,
            version=offer.version,
            shopper_id=shopper.id,
            until=offer.until,
            created_at=now,
            scenario=offer.scenario,
            not_before=offer.not_before,
            hours=offer.hours,
            spending_limit=limit,
            note=offer.note,
            test=offer.test,
        )
        today = branch.day_of(now, store.programme.find())
        must_be_assignable(assignment, branch, published.checklist, shopper, today)
        store.assignments.save(assignment)
        store.journal.write(
            who=person.id,
            what="visit.assigned",
            which=assignment.id,
            when=now,
            after={"branch": branch.code, "shopper": shopper.id, "until": offer.until.isoformat(), "test": offer.test},
        )
        return assignment


def cancel_assignment(store: Store, person: Person, assignment_id: str, now: datetime) -> Assignment:
    """Take an offer back. TooLate once its visit was sent; a draft stays with the shopper."""
    person.must(May.ASSIGN_VISITS)
    with store.transaction():
        assignment = store.assignments.visible_to(person).find(assignment_id)
        visit = store.visits.of_assignment(assignment.id)
        if visit is not None and not visit.open:
            raise TooLate("The visit has taken place already. Its assignment cannot be cancelled.")
        cancelled = assignment.cancelled(now)
        store.assignments.save(cancelled)
        store.journal.write(who=person.id, what="assignment.cancelled", which=assignment.id, when=now)
        return cancelled


def _found(find: Callable[[], T], otherwise: InvalidField) -> T:
    """What is looked for, or that complaint beside its field: somebody typed or chose it."""
    try:
        return find()
    except NotFound:
        raise otherwise from None


def _unknown_code() -> InvalidField:
    return InvalidField("No branch has this code. Take one of those that the field offers.", place="branch")


def _gone(place: str) -> InvalidField:
    return InvalidField("This is not here. Choose one that is.", place=place)
