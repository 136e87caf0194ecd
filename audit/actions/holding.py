"""Holding: which printed reports still say how things stand, although the journal tells of something new.

Remembers of each paper what its report was made of when its sheet was drawn, and what the sheet asked about photos; a
report made of the same need not be drawn again to know that it says the same. What is forgotten is drawn and compared.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from audit.domain.statistics.change import Change
from audit.domain.statistics.measuring import BranchFigure
from audit.domain.statistics.ranges import Range
from audit.reports.branch import BranchReport
from audit.reports.content import SAID, SAID_OF_A_BRANCH
from audit.reports.overview import Shift
from audit.reports.paper import Keeps
from audit.reports.standing import AreaStanding

MOST_REMEMBERED = 5000
# What the sheet of a branch is told of what was measured over its whole area: whole points and groups. The exact
# figures behind them move with every visit to any of its branches.
TOLD: Mapping[type, tuple[str, ...]] = {
    AreaStanding: SAID_OF_A_BRANCH[AreaStanding],
    **{kind: SAID[kind] for kind in (BranchFigure, Shift)},
    Change: ("verdict", "range", "before", "after"),
    Range: ("ends",),
}


@dataclass(frozen=True)
class Drawn:
    """What a report was `made_of`, which photos its sheet asked for and whether each was kept, and the key it got."""

    made_of: str
    photos: Mapping[str, bool]
    key: str


class Memory:
    """What was drawn last of each paper, in this process; safe from any thread."""

    def __init__(self) -> None:
        self._drawn: OrderedDict[str, Drawn] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, id: str, drawn: Drawn) -> None:
        """Remember this of the paper with that id."""
        with self._lock:
            self._drawn.pop(id, None)
            self._drawn[id] = drawn
            while len(self._drawn) > MOST_REMEMBERED:
                self._drawn.popitem(last=False)

    def holds(self, id: str, key: str, read: Callable[[], object], keeps: Keeps) -> bool:
        """Whether the sheet with that key is what the paper would be drawn as now: `read` gives its report."""
        with self._lock:
            drawn = self._drawn.get(id)
        if drawn is None or drawn.key != key:
            return False
        return made_of(read()) == drawn.made_of and all(keeps(sha) == was for sha, was in drawn.photos.items())


class Asking:
    """Whether a photo is kept, and a note of all that was asked."""

    def __init__(self, keeps: Keeps) -> None:
        self.answers: dict[str, bool] = {}
        self._keeps = keeps

    def __call__(self, sha256: str) -> bool:
        self.answers[sha256] = self._keeps(sha256)
        return self.answers[sha256]


def made_of(report: object) -> str:
    """The sha256 of all that a report holds, shown or not; of what was measured in the report of a branch only what its
    sheet is told. Of the same report it may differ between two processes."""
    file = io.BytesIO()
    _Writer(file, TOLD if isinstance(report, BranchReport) else {}).dump(report)
    return hashlib.sha256(file.getbuffer()).hexdigest()


class _Writer(pickle.Pickler):
    """Writes things down whole, but of some kinds only what is `told` of them."""

    def __init__(self, file: io.BytesIO, told: Mapping[type, tuple[str, ...]]) -> None:
        super().__init__(file)
        self._told = told

    def reducer_override(self, value: object) -> Any:
        names = self._told.get(type(value))
        return NotImplemented if names is None else (tuple, ([getattr(value, name) for name in names],))
