"""Visits with a photo each, sent over HTTP; and what must be there of whatever was acknowledged, on any copy."""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from PIL import Image

from audit.domain.visit import VisitState
from audit.storage.integrity import Finding, examine
from audit.storage.store import Store
from tests import served
from tests.served import Installation
from tests.soak.outbox import Line, Queued, queue_visits, with_photo

VISIT, PHOTO = "visit", "photo"


@dataclass(frozen=True)
class Photographed:
    """A finished visit and the photo that it names."""

    visit: Queued
    sha256: str
    picture: bytes

    @property
    def words(self) -> tuple[str, str]:
        """What is said when the photo was acknowledged, and when the visit was."""
        return f"{PHOTO} {self.sha256}", f"{VISIT} {self.visit.msg_id}"

    def send_photo(self, line: Line) -> int:
        """The status of the answer."""
        path = f"/visits/{self.visit.visit_id}/photos/{self.sha256}"
        return line.ask("PUT", path, self.picture)[0]

    def send_visit(self, line: Line) -> int:
        return line.ask("PUT", f"/visits/{self.visit.visit_id}/submission", self.visit.raw)[0]


def queue_photographed(ours: Installation, number: int) -> list[Photographed]:
    """So many finished visits of Sam's, each with a photo of its own."""
    return [_photographed(place, one) for place, one in enumerate(queue_visits(ours, number))]


def _photographed(place: int, one: Queued) -> Photographed:
    file = io.BytesIO()
    Image.new("RGB", (8, 6), (place % 256, place // 256, 60)).save(file, "PNG")
    sha256 = hashlib.sha256(file.getvalue()).hexdigest()
    return Photographed(with_photo(one, "shelf", sha256), sha256, file.getvalue())


def lost(store: Store, said: Sequence[str], sent: Mapping[str, Photographed]) -> list[str]:
    """Which of the words that were said are not true of this store. `sent` knows them all by their words."""
    return [word for word in said if not _is_there(store, word, sent[word])]


def _is_there(store: Store, word: str, one: Photographed) -> bool:
    if word.startswith(PHOTO):
        return one.sha256 in store.photos.arrived_for([one.visit.visit_id])[one.visit.visit_id]
    kept = [(each.msg_id, each.outcome) for each in store.submissions.of_visit(one.visit.visit_id)]
    return (
        kept == [(one.visit.msg_id, "submitted")]
        and store.submissions.raw(one.visit.msg_id) == one.visit.raw
        and store.visits.find(one.visit.visit_id).state is VisitState.SUBMITTED
        and store.scores.of(one.visit.visit_id) is not None
    )


def damaged(store: Store) -> list[Finding]:
    """What is wrong with pages, rows, seals and photos; a picture without a row is what a purge sweeps up."""
    elsewhere = ("free space", "SQLite ", "files that belong to no photo")
    return [finding for finding in examine(store) if not finding.ok and not finding.what.startswith(elsewhere)]


@contextmanager
def served_after(before: str) -> Iterator[None]:
    """Every server that is started inside runs these lines of Python first."""
    main = f"{before}\nfrom audit.cli import main\nmain()"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(served, "SERVE", (sys.executable, "-c", main, "serve"))
        yield
