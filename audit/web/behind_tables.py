"""The visits behind a figure as tables, however many there are: rows are made while the file is written, and the figure
is what they come to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from audit.actions.looking_behind import VisitsBehind
from audit.domain.score import exact_sum
from audit.formatting import Formats
from audit.reports.cells import Cell, Column, Table
from audit.reports.exports import NAME, SHORT, TITLE
from audit.storage.store import Store
from audit.web.languages import gettext, language
from audit.web.list_tables import branch_columns

Row = tuple[Cell, ...]


class BehindTables:
    """Two tables over the same pages, to be written in this order: the second adds up what the first has read."""

    def __init__(self, store: Store, pages: Iterable[VisitsBehind], place: str) -> None:
        self._store = store
        self._pages = pages
        self._place = place

    def both(self) -> list[Table]:
        """A row for each visit in a figure, with what it brings and how many of its answers were corrected; and the
        figure itself, the exact mean, each visit counting alike."""
        of_visits = (
            *branch_columns(),
            Column(gettext("Day"), SHORT),
            Column(gettext("Score"), SHORT),
            Column(gettext("Answers corrected"), SHORT),
        )
        of_figure = (
            Column(gettext("Name"), NAME),
            Column(gettext("Checklist"), TITLE),
            Column(gettext("Dimension"), TITLE),
            Column(gettext("Score"), SHORT),
            Column(gettext("Visits with a score"), SHORT),
        )
        right_to_left = Formats(language()).direction == "rtl"
        figure: list[Row] = []
        return [
            Table(gettext("Visits"), of_visits, self._visits(figure), right_to_left),
            Table(gettext("Figures"), of_figure, figure, right_to_left),
        ]

    def _visits(self, figure: list[Row]) -> Iterator[Row]:
        total, counted = Fraction(0), 0
        for behind in self._pages:
            corrected = self._store.corrections.count_of(visit.visit_id for visit in behind.counted)
            yield from _rows(behind, corrected)
            total += exact_sum(behind.scores.values())
            counted += len(behind.scores)
        title = behind.checklist.title.in_language(language())
        figure.append((self._place, title, behind.dimension, total / counted if counted else None, counted))


def _rows(behind: VisitsBehind, corrected: Mapping[str, int]) -> Iterator[Row]:
    for visit in behind.counted:
        name, count = behind.branches[visit.branch_code].name, corrected.get(visit.visit_id, 0)
        yield visit.branch_code, name, visit.day, behind.scores[visit.visit_id], count
