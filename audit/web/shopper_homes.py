"""What is on the shopper's list: visits begun, assignments to do, and the last visits that were sent or stopped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from flask import current_app

from audit.domain.assignment import Assignment
from audit.domain.visit import Visit
from audit.formatting import Formats
from audit.web.access import shelves, this_moment, viewer
from audit.web.languages import language, said
from audit.web.posted_visits import language_of

MOST_DONE = 10


def what_to_do() -> dict[str, object]:
    """What the shopper's home page shows; the assignment that ends first stands first."""
    store, person = shelves(), viewer()
    programme = store.programme.find()
    mine = store.visits.visible_to(person).of_shopper(person.id)
    of_assignment = {visit.assignment_id: visit for visit in mine}
    offered = store.assignments.visible_to(person).list_all()
    branches = store.branches.find_many([one.branch_code for one in offered] + [visit.branch_code for visit in mine])
    waiting = sorted(
        (one for one in offered if one.cancelled_at is None and _is_unfinished(of_assignment.get(one.id))),
        key=lambda one: (one.until, one.id),
    )
    done = sorted((v for v in mine if not v.open and v.submitted_at), key=lambda v: str(v.submitted_at), reverse=True)
    today = {code: branch.day_of(this_moment(), programme) for code, branch in branches.items()}
    return {
        "begun": [one for one in waiting if _is_begun(of_assignment.get(one.id))],
        "to_do": [one for one in waiting if not _is_begun(of_assignment.get(one.id))],
        "done": done[:MOST_DONE],
        "told_apart": _told_apart(waiting),
        "visits": of_assignment,
        "branches": branches,
        "overdue": {one.id for one in waiting if one.is_overdue(today[one.branch_code])},
        "days": {v.id: branches[v.branch_code].day_of(v.submitted_at, programme) for v in done if v.submitted_at},
        "formats": Formats(language()),
        "tag": current_app.extensions["assets"].tag,
    }


def _told_apart(waiting: Iterable[Assignment]) -> dict[str, str]:
    """By assignment, what tells it from another to the same branch: what its checklist is called, or its scenario where
    the checklist is the same. Nothing is said of the only one to a branch: the list may lie open in a shop."""
    of_branch: dict[str, list[Assignment]] = defaultdict(list)
    for one in waiting:
        of_branch[one.branch_code].append(one)
    words = {}
    for alike in of_branch.values():
        several = len({one.checklist_id for one in alike}) > 1
        for one in alike if len(alike) > 1 else ():
            checklist = shelves().checklists.find(one.checklist_id, one.version).checklist
            scenario = checklist.scenario(one.scenario)
            title = checklist.title if several else scenario.title if scenario else None
            tag = language_of(checklist.languages)
            words[one.id] = said(title.in_language(tag), tag) if title else ""
    return words


def _is_begun(visit: Visit | None) -> bool:
    """Whether anything was done in it: a phone makes the draft as soon as it sees the offer, to have it offline."""
    return visit is not None and bool(visit.head or visit.marks or visit.answers)


def _is_unfinished(visit: Visit | None) -> bool:
    return visit is None or visit.open
