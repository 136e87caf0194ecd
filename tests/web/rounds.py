"""Visits by the round: seven branches, visited by two shoppers in turn, so that there is something to measure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from audit.actions.publishing import publish_visit
from audit.actions.submitting import receive_submission
from audit.actions.visiting import begin_visit
from audit.domain.people import Person
from audit.domain.programme import Branch
from audit.domain.submission import Submission, canonical
from audit.domain.visit import Visit
from audit.reports.period import year_of
from audit.storage.identifiers import new_id
from tests import cast
from tests.builders import DAY_STAFF_WAS_TOLD
from tests.web.office import Office, open_office

YEAR = year_of(DAY_STAFF_WAS_TOLD)
ROUND = (cast.SAM, cast.OTTO_SHOPPER)
BOTH, ONE, NONE = ("yes", "yes"), ("yes", "no"), ("no", "no")
KEPT = {
    "N01": [BOTH] * 8,
    "N02": [NONE] * 8,
    "N03": [BOTH, ONE, NONE, ONE],
    "N04": [ONE, BOTH, NONE, ONE],
    "N05": [ONE, ONE, BOTH, NONE],
    "N06": [BOTH, ONE],
}


@pytest.fixture(scope="module", name="office")
def two_rounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Six branches in the North and one in the South, visited in October, and Mill Lane again in November."""
    office = open_office(tmp_path_factory.mktemp("two-rounds"))
    make_two_rounds(office)
    yield office
    office.close()


def make_the_round(office: Office) -> None:
    """Four branches more in the North; then every branch is visited, by two shoppers in turn."""
    with office.store.transaction():
        for n in (3, 4, 5, 6):
            office.store.branches.save(replace(cast.N02, code=f"N0{n}", name=f"Hill {n}"))
    for code, visits in {**KEPT, "S01": [ONE, BOTH, NONE]}.items():
        for place, kept in enumerate(visits):
            visited(office, office.store.branches.find(code), ROUND[place % 2], kept)


def make_two_rounds(office: Office) -> None:
    """The round in October, and Mill Lane three times more in the month that it is."""
    today = office.clock.now
    office.clock.now = today.replace(month=10, day=20)
    make_the_round(office)
    office.clock.now = today
    for kept in (NONE, NONE, ONE):
        visited(office, cast.N01, cast.SAM, kept)


def visited(office: Office, branch: Branch, shopper: Person, kept: tuple[str, str], test: bool = False) -> Visit:
    """A published visit: whether somebody greeted, and thanked."""
    visit = begin_visit(office.store, shopper, office.assignment(shopper, branch, test=test).id, office.clock())
    answers = {
        "greeted": kept[0],
        "thanked": kept[1],
        "customer_state": "satisfied",
        "narrative": "As it was.",
    }
    message = Submission(new_id(), visit.id, "phone", 1, visit.checklist_id, visit.version, answers=answers)
    receive_submission(office.store, shopper, message, canonical(message.to_tree()), office.clock())
    return publish_visit(office.store, cast.ADA, visit.id, office.clock())
