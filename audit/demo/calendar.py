"""When visits happen: four quarters back from now, spread over days and day-parts, each where its branch stands.

Owns plans. Refuses a plan in the future, and a second visit of one shopper to one branch in a quarter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from audit.demo.chance import stream, weighted
from audit.demo.organisation import BRANCHES, NEVER_VISITED, NOT_TOLD, PROGRAMME, VISITED_ONCE
from audit.domain.checklist.model import Checklist
from audit.domain.people import Person
from audit.domain.programme import Branch

QUARTERS, QUARTER = 4, timedelta(days=91)
DAY_PARTS = {"morning": (time(9, 15), 130), "midday": (time(11, 40), 130), "afternoon": (time(14, 10), 160)}
DAY_PARTS["evening"] = (time(17, 5), 95)
PART_WEIGHTS = {"morning": 3.0, "midday": 4.0, "afternoon": 4.0, "evening": 2.0}
MEALS = {"midday": 3.0, "evening": 2.0}
WEEKDAY_WEIGHTS = (4, 4, 4, 4, 5, 5, 1)
USUAL, LATE, CUT_SHORT, STOPPED = "usual", "late", "cut short", "stopped"
WAITING_BRANCHES = ("C01", "C04", "H02", "O04")
NEIGHBOURS = {"COAST": "HILLS", "HILLS": "COAST"}  # whose shoppers come over; nobody flies to the harbours for a visit
LONGEST_BEFORE_NOW = timedelta(hours=5)


@dataclass(frozen=True)
class Plan:
    """One visit that is to have happened. Moments are UTC; `published_at` None: it still waits for the office."""

    number: int
    quarter: int
    branch: Branch
    shopper: Person
    checklist_id: str
    scenario: str
    part: str
    assigned_at: datetime
    until: date
    entered_at: datetime
    left_at: datetime
    sent_at: datetime
    published_at: datetime | None
    fate: str = USUAL

    @property
    def entered_here(self) -> datetime:
        """The moment of the entry mark on the clocks of the branch."""
        return self.entered_at.astimezone(self.branch.zone(PROGRAMME))

    @property
    def paid_here(self) -> datetime:
        """The moment printed on the receipt, if there is one, on the same clocks."""
        return self.entered_here + (self.left_at - self.entered_at) * 0.85


def plan_visits(
    shoppers: Mapping[str, Sequence[Person]], checklists: Mapping[str, Checklist], now: datetime, seed: int
) -> list[Plan]:
    """Every visit of the past year, in the order in which they were made."""
    chance = stream(seed, "calendar")
    plans: list[Plan] = []
    made: Counter[str] = Counter()
    for branch in BRANCHES:
        guests = shoppers.get(NEIGHBOURS.get(branch.area_code or "", ""), ())
        plans += _plans_of(branch, shoppers[branch.area_code or ""], guests, checklists, now, chance, made)
    plans = [_as_of(now, plan) for plan in _with_fates(plans) if plan.sent_at < now]
    plans.sort(key=lambda plan: (plan.entered_at, plan.branch.code))
    return [replace(plan, number=number) for number, plan in enumerate(plans, 1)]


def _plans_of(
    branch: Branch,
    shoppers: Sequence[Person],
    guests: Sequence[Person],
    checklists: Mapping[str, Checklist],
    now: datetime,
    chance: Random,
    made: Counter[str],
) -> list[Plan]:
    """The visits to one branch. The last of each quarter is by a guest, if there are some, so that the shoppers of two
    areas can be compared; whoever has `made` fewest goes first."""
    if branch.code in (NEVER_VISITED, NOT_TOLD):
        return []
    plans: list[Plan] = []
    for quarter in range(QUARTERS):
        count = 3 + (chance.random() < 0.4)
        visitors = _least_sent(shoppers, made, count - bool(guests), chance) + _least_sent(guests, made, 1, chance)
        made.update(visitor.id for visitor in visitors)
        for place, shopper in enumerate(visitors):
            checklist = checklists[_subject(branch, place, chance)]
            first = now - QUARTER * (QUARTERS - quarter)
            parts = MEALS if checklist.id == "restaurant" else PART_WEIGHTS
            entered, part = _entry(branch, first, first + QUARTER, parts, chance)
            plans.append(_plan(branch, shopper, checklist, entered, part, quarter, chance))
    if branch.code in WAITING_BRANCHES:
        lately = {plan.shopper.id for plan in plans if plan.quarter == QUARTERS - 1}
        fresh = next(shopper for shopper in shoppers if shopper.id not in lately)
        plans.append(_waiting(branch, fresh, checklists["six-secrets"], now, chance))
    return plans[-1:] if branch.code == VISITED_ONCE else plans


def _least_sent(shoppers: Sequence[Person], made: Counter[str], number: int, chance: Random) -> list[Person]:
    """So many of them, or all: those with fewest visits so far."""
    return sorted(chance.sample(shoppers, len(shoppers)), key=lambda shopper: made[shopper.id])[:number]


def _subject(branch: Branch, place: int, chance: Random) -> str:
    if place == 0 and branch.attributes.get("restaurant") == "yes":
        return "restaurant"
    return "phone-call" if chance.random() < 0.08 else "six-secrets"


def _entry(
    branch: Branch, first: datetime, last: datetime, parts: Mapping[str, float], chance: Random
) -> tuple[datetime, str]:
    """A moment between the two at which the branch is open, and its day-part."""
    days = [(first + timedelta(days=n)).date() for n in range((last - first).days)]
    for _ in range(50):
        day = chance.choices(days, [WEEKDAY_WEIGHTS[day.weekday()] for day in days])[0]
        part = weighted(chance, parts)
        opening, minutes = DAY_PARTS[part]
        here = datetime.combine(day, opening, branch.zone(PROGRAMME))
        moment = (here + timedelta(seconds=chance.randrange(minutes * 60))).astimezone(UTC)
        if first <= moment < last - LONGEST_BEFORE_NOW:
            return moment, part
    raise AssertionError("a quarter without an open hour")


def _plan(
    branch: Branch,
    shopper: Person,
    checklist: Checklist,
    entered: datetime,
    part: str,
    quarter: int,
    chance: Random,
) -> Plan:
    minutes = max(6.0, chance.gauss(checklist.estimated_minutes, 4))
    left = entered + timedelta(minutes=minutes)
    sent = left + timedelta(minutes=4 + chance.lognormvariate(3.1, 0.8))
    published = sent + timedelta(days=1, minutes=chance.randrange(0, 3000))
    assigned = entered - timedelta(days=chance.randint(4, 10), minutes=chance.randrange(600))
    scenarios = [scenario.id for scenario in checklist.scenarios]
    return Plan(
        number=0,
        quarter=quarter,
        branch=branch,
        shopper=shopper,
        checklist_id=checklist.id,
        scenario=chance.choices(scenarios, [len(scenarios), *([2] * (len(scenarios) - 1))])[0],
        part=part,
        assigned_at=assigned,
        until=branch.day_of(sent, PROGRAMME) + timedelta(days=chance.randint(1, 6)),
        entered_at=entered,
        left_at=left,
        sent_at=sent,
        published_at=published,
    )


def _waiting(branch: Branch, shopper: Person, checklist: Checklist, now: datetime, chance: Random) -> Plan:
    """A visit of the last two days that nobody in the office has read yet."""
    entered, part = _entry(branch, now - timedelta(days=2), now, PART_WEIGHTS, chance)
    plan = _plan(branch, shopper, checklist, entered, part, QUARTERS - 1, chance)
    return replace(plan, published_at=None)


def _as_of(now: datetime, plan: Plan) -> Plan:
    """What would be published only after now still waits."""
    return plan if plan.published_at is None or plan.published_at < now else replace(plan, published_at=None)


def _with_fates(plans: list[Plan]) -> list[Plan]:
    """The same plans, three of which did not go as meant: one late, one cut short, one stopped."""
    fates = {"C05": LATE, "H06": CUT_SHORT, "H04": STOPPED}
    changed: list[Plan] = []
    for plan in plans:
        fate = fates.get(plan.branch.code) if plan.quarter == QUARTERS - 2 else None
        if fate and plan.checklist_id == "six-secrets":
            del fates[plan.branch.code]
            plan = _fated(plan, fate)
        changed.append(plan)
    return changed


def _fated(plan: Plan, fate: str) -> Plan:
    if fate == LATE:
        sent = plan.sent_at + timedelta(days=3)
        until = plan.branch.day_of(plan.entered_at, PROGRAMME)
        return replace(plan, fate=fate, until=until, sent_at=sent, published_at=sent + timedelta(days=1))
    if fate == STOPPED:
        return replace(plan, fate=fate, sent_at=plan.entered_at + timedelta(minutes=7), published_at=None)
    return replace(plan, fate=fate)
