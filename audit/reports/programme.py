"""The whole programme on paper, for those who answer for it: the one figure, the areas, what was kept and what was
lost, how it moves, and where it all comes from. Names no branch and no shopper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from audit.domain.checklist.model import CLOSING, CUSTOMER_STATE, Checklist
from audit.domain.programme import Programme
from audit.reports.area import GROUPS
from audit.reports.areas import AreaLine, AreasReport, ProgrammePart
from audit.reports.branch import State
from audit.reports.figures import Provenance
from audit.reports.overview import Overview
from audit.reports.period import Period
from audit.reports.room import Room, find_room

MOST_BEST, MOST_LOST = 5, 8


@dataclass(frozen=True)
class Kept:
    """One question over all visits: in how many of the `n` in which it counted it was `kept`."""

    id: str
    title: str
    section: str
    n: int
    kept: int

    @property
    def share(self) -> Fraction:
        """In percent."""
        return Fraction(100 * self.kept, self.n)


@dataclass(frozen=True)
class BoardPart:
    """All visits made with one checklist. `lost` cost most points, the costliest first, half of the questions at most;
    `best` were kept more often than any of these. `is_whole` unless some of it is still being worked out."""

    figures: ProgrammePart
    beside: Overview | None
    states: tuple[State, ...]
    best: tuple[Kept, ...]
    lost: tuple[Kept, ...]
    is_whole: bool = True

    @property
    def by_group(self) -> Mapping[str, tuple[AreaLine, ...]]:
        """The areas in each group, empty ones too, clearly above first; empty all where nobody is compared."""
        found = dict(self.figures.groups)
        return {group: found.get(group, ()) for group in GROUPS}


@dataclass(frozen=True)
class ProgrammeOnPaper:
    """The programme over a period; no parts: no visit was published in it. `visited` of all `branches` were."""

    figures: AreasReport
    parts: tuple[BoardPart, ...]
    branches: int
    visited: int
    provenance: Provenance

    @property
    def is_whole(self) -> bool:
        """Whether all of it was worked out; a page does not wait for what stands beside the figures."""
        return all(part.is_whole for part in self.parts)

    @property
    def room(self) -> Room:
        """What there is room for on four pages; there is a first part."""
        first, *rest = (part.figures for part in self.parts)
        return find_room(first, rest, self.figures.unvisited)

    @property
    def others(self) -> tuple[BoardPart, ...]:
        """The checklists beside the first that there is room for."""
        told = self.room.others
        return tuple(part for part in self.parts[1:] if part.figures in told)

    @property
    def programme(self) -> Programme:
        return self.figures.programme

    @property
    def period(self) -> Period:
        return self.figures.period


@dataclass(frozen=True)
class Counted:
    """What the shelf counted with one checklist: (id, n, kept, points lost) of each question, and how often each state
    was given."""

    questions: tuple[tuple[str, int, int, float], ...] = ()
    states: Mapping[str, int] = field(default_factory=dict)


def compose_part(figures: ProgrammePart, beside: Overview | None, counted: Counted | None, language: str) -> BoardPart:
    """One checklist's part, without what is None because it is still being worked out."""
    is_whole = beside is not None and counted is not None
    counted = counted or Counted()
    lines = _lines(figures.checklist, counted, language)
    by_cost = sorted(((line, lost) for line, lost in lines if lost > 0), key=lambda each: -each[1])
    lost = tuple(line for line, _ in by_cost[: min(MOST_LOST, (len(lines) + 1) // 2)])
    most_lost = max((line.share for line in lost), default=Fraction(0))
    kept = (line for line, _ in lines if line.share > 50 and line.share > most_lost)
    best = sorted(kept, key=lambda line: (-line.share, -line.n))
    return BoardPart(
        figures=figures,
        # Four pages have no room for these.
        beside=replace(beside, traffic=None, moved=None) if beside else None,
        states=_states(figures.checklist, counted.states, language),
        best=tuple(best[:MOST_BEST]),
        lost=lost,
        is_whole=is_whole,
    )


def _lines(checklist: Checklist, counted: Counted, language: str) -> list[tuple[Kept, float]]:
    """In the order of the checklist; questions that only earlier versions had are left away."""
    found = {id: rest for id, *rest in counted.questions}
    lines = []
    for section in checklist.sections:
        for question in section.questions:
            if section.id == CLOSING or question.id not in found:
                continue
            n, kept, lost = found[question.id]
            titles = question.title.in_language(language), section.title.in_language(language)
            lines.append((Kept(question.id, *titles, int(n), int(kept)), float(lost)))
    return lines


def _states(checklist: Checklist, given: Mapping[str, int], language: str) -> tuple[State, ...]:
    question = checklist.by_id.get(CUSTOMER_STATE)
    options: Iterable[object] = getattr(question.kind, "options", ()) if question else ()
    return tuple(
        State(option.id, option.title.in_language(language), given.get(option.id, 0))  # type: ignore[attr-defined]
        for option in options
    )
