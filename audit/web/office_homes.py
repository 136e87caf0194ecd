"""What waits for the programme office, for its home page."""

from __future__ import annotations

from audit.domain.people import Role
from audit.domain.visit import VisitState
from audit.formatting import Formats
from audit.storage.invitations import Invitation
from audit.web.access import shelves, this_moment, viewer
from audit.web.assignments import overdue
from audit.web.languages import language

MOST = 10


def what_waits() -> dict[str, object]:
    """What the home pages of administrator and reviewer show: the first few of each kind, and how many there are."""
    store, person = shelves(), viewer()
    visits = store.visits.visible_to(person)
    waiting = visits.list_submitted(MOST)
    assignments = store.assignments.visible_to(person).list_open()
    untold = store.branches.visible_to(person).without_staff_told()
    invitations = store.invitations.list_open(this_moment()) if person.role is Role.ADMIN else []
    branches = store.branches.find_many(
        [visit.branch_code for visit in waiting] + [one.branch_code for one in assignments[:MOST]]
    )
    return {
        "waiting": waiting,
        "waiting_count": visits.count(VisitState.SUBMITTED),
        "assignments": assignments[:MOST],
        "assignment_count": len(assignments),
        "overdue": overdue(assignments),
        "untold": untold[:MOST],
        "untold_count": len(untold),
        "steps": _steps(len(untold), invitations),
        "invitations": invitations,
        "branches": branches,
        "shoppers": store.people.find_many(
            [visit.shopper_id for visit in waiting] + [one.shopper_id for one in assignments[:MOST]]
        ),
        "formats": Formats(language()),
    }


def _steps(untold: int, invitations: list[Invitation]) -> dict[str, bool]:
    """What has to be done before anybody can make a visit, in this order, and whether it is."""
    store = shelves()
    branches = store.branches.count()
    invited = any(one.role is Role.SHOPPER for one in invitations)
    return {
        "branches": branches > 0,
        "told": branches > untold,
        "checklist": bool(store.checklists.list_latest()),
        "shopper": invited or bool(store.people.list_all(Role.SHOPPER)),
    }
