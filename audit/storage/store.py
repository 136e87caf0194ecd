"""The store: every shelf over one database, and the folder of photos beside it.

Owns how changes are grouped: `transaction` for an action, `reading` for a safe request, `write` for what must be fast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from audit.domain.errors import NotFound
from audit.storage.assignments import AssignmentShelf
from audit.storage.branches import AreaShelf, BranchShelf, ProgrammeShelf
from audit.storage.checklists import ChecklistShelf
from audit.storage.connections import Connections
from audit.storage.corrections import CorrectionShelf
from audit.storage.devices import DeviceShelf
from audit.storage.editions import EditionShelf, OrderShelf
from audit.storage.figures import FigureShelf
from audit.storage.invitations import InvitationShelf
from audit.storage.journal import Journal
from audit.storage.notifications import NotificationShelf
from audit.storage.people import PersonShelf
from audit.storage.photos import PhotoShelf, PhotoStore
from audit.storage.scores import ScoreShelf
from audit.storage.shares import ShareShelf
from audit.storage.sources import SourceShelf
from audit.storage.submissions import SubmissionShelf
from audit.storage.throttles import ThrottleShelf
from audit.storage.traffic import TrafficShelf
from audit.storage.upgrading import bring_up_to_date
from audit.storage.visit_lines import VisitLineShelf
from audit.storage.visits import VisitShelf
from audit.storage.writer import Writer

T = TypeVar("T")


class Store:
    """All shelves. Safe to share between the threads of a process, and to use again after a fork."""

    def __init__(self, path: Path, photos_folder: Path) -> None:
        self.path = path
        self.connections = connections = Connections(path)
        self._writer = Writer(connections)
        self.programme = ProgrammeShelf(connections)
        self.traffic = TrafficShelf(connections)
        self.areas = AreaShelf(connections)
        self.branches = BranchShelf(connections)
        self.people = PersonShelf(connections)
        self.checklists = ChecklistShelf(connections)
        self.assignments = AssignmentShelf(connections)
        self.visits = VisitShelf(connections)
        self.visit_lines = VisitLineShelf(connections)
        self.scores = ScoreShelf(connections)
        self.corrections = CorrectionShelf(connections)
        self.figures = FigureShelf(connections)
        self.submissions = SubmissionShelf(connections)
        self.photos = PhotoShelf(connections, PhotoStore(photos_folder))
        self.devices = DeviceShelf(connections)
        self.notifications = NotificationShelf(connections)
        self.invitations = InvitationShelf(connections)
        self.shares = ShareShelf(connections)
        self.throttles = ThrottleShelf(connections)
        self.sources = SourceShelf(connections)
        self.orders = OrderShelf(connections)
        self.editions = EditionShelf(connections)
        self.journal = Journal(connections)

    @contextmanager
    def transaction(self, patience_seconds: float | None = None) -> Iterator[Store]:
        """Everything inside is kept, or nothing; on leaving it has reached the disk.

        They do not nest: RuntimeError. NoSpace if the disk is full, TooMany if another program holds on, for longer
        than that if it is given."""
        with self.connections.transaction(patience_seconds):
            yield self

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """Everything inside sees one moment of the database; a write raises RuntimeError."""
        with self.connections.reading():
            yield self

    def write(self, change: Callable[[], T]) -> T:
        """Run `change` in the one writing thread, grouped with whatever else waits; what it returns, once on disk.

        Raises what it raises, and then nothing of it was kept. It must not open a transaction of its own."""
        return self._writer.write(change)

    def write_all(self, changes: Sequence[Callable[[], T]]) -> list[T | Exception]:
        """The same for many changes, in their order, with one wait for the disk; each is kept or refused by itself."""
        return self._writer.write_all(changes)

    def close(self) -> None:
        """Finish what waits and let go of the files."""
        self._writer.close()
        self.connections.close()


def open_store(path: Path | str, photos_folder: Path | str, *, create: bool = True) -> Store:
    """The store in these places, brought up to date. NotFound if it is not there and must not be made;
    Conflict if the file belongs to another program or to a newer Candour."""
    database = Path(path)
    if not create and not database.exists():
        raise NotFound("There is no database at {path}. Make one with: audit init", path=database)
    bring_up_to_date(database)
    return Store(database, Path(photos_folder))
