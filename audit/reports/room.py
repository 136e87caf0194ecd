"""What the board's four pages have room for: everything at its full size; or the areas in two columns, drawn or in
words alone, with one line for every other checklist; or of the areas only those that are told apart.

Reckons in millimetres of paper, from the lengths of names; refuses nothing, and leaves nobody away without a sign.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from audit.domain.programme import Area
from audit.domain.statistics.groups import ABOVE, BELOW
from audit.reports.areas import AreaLine, ProgrammePart

TOLD_APART = (ABOVE, BELOW)
MOST_OTHERS, MOST_NAMED = 11, 3
# At full size: of areas line by line, the heads of each table counted as three lines; of checklists beside the first.
MOST_ROOMY_LINES, MOST_ROOMY_OTHERS = 18, 2
# In two columns: the page below its heading, the heading of a group and the head of its tables; of the other checklists
# the head, and a row of each without and with the names of the areas that differ.
PAGE, GROUP, TABLE, OTHERS, COUNTED, NAMED = 231, 12, 8, 26, 6.6, 15
LINE, DRAWN_LETTERS, LISTED_LETTERS, FIGURES = 3.9, 18, 50, 22
# Of the areas without a visit, one after the other: a line of them, and how many lines at most.
UNVISITED_LINE, UNVISITED_LETTERS, MOST_UNVISITED_LINES = 4.9, 90, 6

Groups = tuple[tuple[str, tuple[AreaLine, ...]], ...]


@dataclass(frozen=True)
class Room:
    """`others` are the checklists beside the first that there is room for, those with most visits, in their order;
    `untold` how many more there are. `groups` are the areas with the first checklist, and whether those of the group
    are told one by one; up to `most_named` areas that differ are named where another checklist has one line. The areas
    without a visit are named, or only counted."""

    is_roomy: bool
    others: tuple[ProgrammePart, ...]
    untold: int
    groups: tuple[tuple[str, tuple[AreaLine, ...], bool], ...]
    are_drawn: bool
    most_named: int
    names_unvisited: bool

    @property
    def leaves_out(self) -> bool:
        """Whether some areas are only counted."""
        return not all(is_told for _, _, is_told in self.groups)


def find_room(first: ProgrammePart, rest: Sequence[ProgrammePart], unvisited: Sequence[Area] = ()) -> Room:
    """For the areas with the first checklist, for the rest of the checklists, and for the areas without a visit."""
    chosen = sorted(rest, key=lambda part: -part.figure.n)[:MOST_OTHERS]
    others = tuple(part for part in rest if part in chosen)
    lines = sum(len(part.lines) + 3 for part in (first, *rest))
    unvisited_lines = _lines_of(unvisited)
    names_unvisited = unvisited_lines <= MOST_UNVISITED_LINES
    below = UNVISITED_LINE * (unvisited_lines if names_unvisited else 1) if unvisited else 0

    def fits(groups: Groups, height: Callable[[Sequence[AreaLine]], float], of_another: float = COUNTED) -> bool:
        page = PAGE - GROUP * len(first.groups) - below - (OTHERS + of_another * len(others) if others else 0)
        return sum(height(lines) for _, lines in groups) <= page

    all_fit = fits(first.groups, _listed)
    apart_fit = fits(tuple(group for group in first.groups if group[0] in TOLD_APART), _listed)
    return Room(
        is_roomy=len(rest) <= MOST_ROOMY_OTHERS and lines + unvisited_lines <= MOST_ROOMY_LINES,
        others=others,
        untold=len(rest) - len(others),
        groups=tuple((name, lines, all_fit or (apart_fit and name in TOLD_APART)) for name, lines in first.groups),
        are_drawn=fits(first.groups, _drawn),
        most_named=MOST_NAMED if fits(first.groups, _drawn, NAMED) else 0,
        names_unvisited=names_unvisited,
    )


def _lines_of(unvisited: Sequence[Area]) -> int:
    """How many lines the names of areas fill, one after the other."""
    return math.ceil(sum(len(area.name) + 3 for area in unvisited) / UNVISITED_LETTERS)


def _drawn(lines: Sequence[AreaLine]) -> float:
    """The height of a group as two tables side by side, the first half of its areas in the one."""
    half = (len(lines) + 1) // 2
    columns = (
        sum(1.0 + LINE * math.ceil(len(line.area.name) / DRAWN_LETTERS) for line in column)
        for column in (lines[:half], lines[half:])
    )
    return TABLE + max(columns)


def _listed(lines: Sequence[AreaLine]) -> float:
    """The height of a group as two columns of words."""
    heights = (0.6 + LINE * math.ceil((len(line.area.name) + FIGURES) / LISTED_LETTERS) for line in lines)
    return sum(heights) / 2 + LINE
