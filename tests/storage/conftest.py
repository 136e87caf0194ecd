"""A real store in a folder of its own, empty or with the cast in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from audit.domain.assignment import Assignment
from audit.domain.checklist.canonical import canonical, digest
from audit.domain.submission import Submission
from audit.domain.visit import Visit, begin
from audit.storage.integrity import Finding, examine
from audit.storage.store import Store, open_store
from tests import cast
from tests.builders import id_number
from tests.cast import seat_the_cast

NOW = datetime(2026, 11, 12, 12, 30, tzinfo=UTC)
TREE = {
    "id": "welcome",
    "title": "A good welcome",
    "languages": ["en"],
    "sections": [
        {
            "id": "arrival",
            "title": "Arriving",
            "questions": [{"id": "greeted", "ask": "Did someone greet you?", "kind": "yes_no"}],
        }
    ],
}


@dataclass(frozen=True)
class Picture:
    """A cleaned photo, as the post room hands it over."""

    sha256: str = "a" * 64
    jpeg: bytes = b"a large picture"
    paper_jpeg: bytes = b"a small picture"
    width: int = 2048
    height: int = 1536
    original_format: str = "HEIF"
    taken_at: str | None = "2026-11-12T12:41:00+01:00"
    position: tuple[float, float] | None = (47.37, 8.54)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "candour.db", tmp_path / "photos")
    yield opened
    opened.close()


@pytest.fixture
def programme(store: Store) -> Store:
    """The store with the cast, three branches and one published checklist."""
    with store.transaction():
        seat_the_cast(store)
        publish(store)
    return store


def publish(store: Store, **changes: object) -> int:
    tree = {**TREE, **changes}
    return store.checklists.publish(str(tree["id"]), canonical(tree), "the file", digest(tree), NOW, cast.ADA.id)


def wrong(store: Store) -> list[Finding]:
    """What is wrong with the store itself; the disk and the SQLite on which the tests run are not its fault."""
    elsewhere = ("free space", "SQLite ")
    return [finding for finding in examine(store) if not finding.ok and not finding.what.startswith(elsewhere)]


def offer(n: int, branch_code: str = "N01", shopper_id: str = cast.SAM.id, created_at: datetime = NOW) -> Assignment:
    """The n-th assignment."""
    return Assignment(id_number(1000 + n), branch_code, "welcome", 1, shopper_id, date(2026, 12, 1), created_at)


def begun(store: Store, n: int, branch_code: str = "N01", shopper_id: str = cast.SAM.id, now: datetime = NOW) -> Visit:
    """The n-th visit, begun just now and saved with its assignment; call it inside a transaction."""
    assignment = offer(n, branch_code, shopper_id, now)
    store.assignments.save(assignment)
    visit = begin(id_number(n), assignment, now)
    store.visits.save(visit)
    return visit


def message(n: int, visit: Visit, **answers: object) -> Submission:
    """What Sam's phone sends of a visit."""
    return Submission(id_number(500 + n), visit.id, "phone", n, "welcome", 1, answers=answers)
