"""A small real world for tests of shelves, actions and pages: the cast, three branches, a checklist, an assignment."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from audit.actions.assigning import Offer, assign_visit
from audit.actions.publishing import publish_checklist
from audit.domain.assignment import Assignment
from audit.domain.people import Person
from audit.domain.submission import Submission, canonical
from audit.domain.visit import Visit
from audit.intake.yaml_trees import read_yaml
from audit.storage.store import Store, open_store
from tests import cast
from tests.builders import id_number

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
WELCOME = Path(__file__).parent / "samples" / "welcome.yaml"
GOOD = {
    "greeted": "yes",
    "by_name": "yes",
    "listened": "yes",
    "asked_back": "yes",
    "solved": "not_observed",
    "till": "yes",
    "customer_state": "satisfied",
    "narrative": "They were quick and kind.",
}


def minutes(number: int) -> datetime:
    """So many minutes after nine o'clock."""
    return NOW + timedelta(minutes=number)


@contextmanager
def opened_world(folder: Path) -> Iterator[Store]:
    """A real database in that folder, with everybody in it and `welcome` published; closed at the end."""
    store = open_store(folder / "candour.sqlite", folder / "photos")
    try:
        furnish(store)
        yield store
    finally:
        store.close()


def furnish(store: Store) -> None:
    """Put the cast, their areas and branches, and the checklist on the shelves."""
    with store.transaction():
        cast.seat_the_cast(store)
    publish_checklist(store, cast.ADA, read_yaml(WELCOME.read_bytes(), "welcome.yaml").tree, WELCOME.read_text(), NOW)


def assign(store: Store, shopper: Person = cast.SAM, branch_code: str = "N01", **changes: object) -> Assignment:
    """Ada offers a visit to the shopper, until tomorrow."""
    fields: dict[str, object] = {
        "branch_code": branch_code,
        "checklist_id": "welcome",
        "version": 1,
        "shopper_id": shopper.id,
        "until": (NOW + timedelta(days=1)).date(),
    }
    return assign_visit(store, cast.ADA, Offer(**{**fields, **changes}), NOW)  # type: ignore[arg-type]


def edit(visit: Visit, answers: Mapping[str, object], number: int = 1, **changes: object) -> tuple[Submission, bytes]:
    """A message about the visit from a page of its own, and its bytes. `number` makes its id."""
    id = id_number(5000 + number)
    fields: dict[str, object] = {
        "msg_id": id,
        "visit_id": visit.id,
        "device": f"page-{id}",
        "n": 0,
        "checklist": visit.checklist_id,
        "version": visit.version,
        "answers": dict(answers),
    }
    submission = Submission(**{**fields, **changes})  # type: ignore[arg-type]
    return submission, canonical(submission.to_tree())
