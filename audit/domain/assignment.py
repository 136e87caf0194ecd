"""One visit offered to one shopper. Refuses a branch whose staff were not told, and a period that has passed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from audit.domain.checklist.model import Checklist
from audit.domain.errors import InvalidField, TooLate
from audit.domain.people import Person, Role
from audit.domain.programme import Branch


@dataclass(frozen=True)
class Assignment:
    """What one shopper is asked to do, where and until when.

    `hours` is in words ("between 11 and 14"). `spending_limit` is in the programme's currency. `until` is the last
    day, in the branch's time zone. A test assignment makes a test visit, which never counts.
    """

    id: str
    branch_code: str
    checklist_id: str
    version: int
    shopper_id: str
    until: date
    created_at: datetime
    scenario: str | None = None
    not_before: date | None = None
    hours: str = ""
    spending_limit: Fraction | None = None
    note: str = ""
    cancelled_at: datetime | None = None
    test: bool = False

    def is_overdue(self, today: date) -> bool:
        """Whether the last day has passed; a late visit is taken all the same, and flagged."""
        return today > self.until

    def must_be_open(self) -> None:
        """Raise TooLate if the assignment was cancelled."""
        if self.cancelled_at is not None:
            raise TooLate("This assignment was cancelled. Nothing is asked of you any more.")

    def cancelled(self, now: datetime) -> Assignment:
        """The same assignment, no longer offered."""
        self.must_be_open()
        return replace(self, cancelled_at=now)


def must_be_assignable(
    assignment: Assignment, branch: Branch, checklist: Checklist, shopper: Person, today: date
) -> None:
    """Raise unless this may be offered: staff told, a scenario that is known, a shopper who is let in, days to come."""
    branch.must_know_of_visits()
    if shopper.role is not Role.SHOPPER or not shopper.active:
        raise InvalidField("Choose a shopper who can still sign in.", place="shopper")
    if assignment.scenario is not None and checklist.scenario(assignment.scenario) is None:
        raise InvalidField("This checklist has no scenario of that name. Choose one of its own.", place="scenario")
    if assignment.until < today:
        raise InvalidField("The last day has passed. Choose today or a later day.", place="until")
    if assignment.not_before is not None and assignment.not_before > assignment.until:
        raise InvalidField("The first day comes after the last day. Choose an earlier one.", place="not_before")
    if assignment.spending_limit is not None and assignment.spending_limit < 0:
        raise InvalidField("A spending limit is zero or more.", place="spending_limit")
