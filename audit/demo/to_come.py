"""What is still to come: assignments that are open today and this week, a visit that is begun, and one to try out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from audit.demo.calendar import Plan
from audit.demo.organisation import BRANCHES, PROGRAMME
from audit.demo.year import Year
from audit.domain.people import Person
from audit.domain.programme import Branch

FIRST_NUMBER = 10_000  # far above the visits of the year


@dataclass(frozen=True)
class Coming:
    """One assignment: for the how-manieth shopper of the area, where, with what, and due in how many days."""

    shopper: int
    branch: str
    scenario: str
    days: int
    part: str
    checklist: str = "six-secrets"
    note: str = ""
    test: bool = False
    begun: bool = False


COMING = (
    Coming(0, "C01", "off-the-menu", 0, "afternoon", note="The shop closes at 18:00. Look for the side entrance."),
    Coming(0, "C06", "return-goods", 3, "morning", note="Bring the door mat you bought last week, with its receipt."),
    Coming(0, "C05", "told-otherwise", 5, "midday", checklist="phone-call"),
    Coming(0, "C01", "plain-visit", 6, "midday", test=True, note="To try the checklist out. It never counts."),
    Coming(1, "C03", "price-check", 1, "afternoon", begun=True),
    Coming(2, "C02", "small-change", 4, "evening", checklist="restaurant"),
    Coming(3, "C08", "plain-visit", 6, "morning", note="The first visit to this branch."),
    Coming(0, "H01", "put-aside", 2, "midday"),
    Coming(1, "H05", "off-the-menu", 6, "afternoon"),
    Coming(0, "O01", "price-check", 4, "morning"),
    Coming(1, "O02", "plain-visit", 5, "afternoon"),
)


def offer_what_is_to_come(year: Year, shoppers: Mapping[str, Sequence[Person]], now: datetime) -> None:
    """Assign it all as of this morning; what has begun is kept as a draft with its first answers."""
    branches = {branch.code: branch for branch in BRANCHES}
    for place, coming in enumerate(COMING):
        branch = branches[coming.branch]
        shopper = shoppers[branch.area_code or ""][coming.shopper]
        plan = _plan(coming, branch, shopper, FIRST_NUMBER + place, now)
        year.assign(plan, coming.note, coming.test)
        if coming.begun:
            year.begin(plan)
            year.save_beginning(plan, questions=9)


def _plan(coming: Coming, branch: Branch, shopper: Person, number: int, now: datetime) -> Plan:
    today: date = branch.day_of(now, PROGRAMME)
    return Plan(
        number=number,
        quarter=3,
        branch=branch,
        shopper=shopper,
        checklist_id=coming.checklist,
        scenario=coming.scenario,
        part=coming.part,
        assigned_at=now - timedelta(minutes=50),
        until=today + timedelta(days=coming.days),
        entered_at=now - timedelta(minutes=30),
        left_at=now - timedelta(minutes=9),
        sent_at=now - timedelta(minutes=5),
        published_at=None,
    )
