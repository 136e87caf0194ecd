"""Which questions of a branch changed since the period before. All of its page are looked at together: of forty that
did not change some look as if they had.

Refuses to compare a question that was worded, marked or asked otherwise in a version of the checklist before or now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from audit.domain.checklist.model import Checklist
from audit.domain.statistics.change import UNCLEAR, could_show_one, rate_verdicts

Kept = tuple[int, int]
"""In how many visits a question was kept, of how many in which it counted."""


class Line(Protocol):
    """A question over the visits of a period: the `n` in which it counted, and in how many it was kept."""

    @property
    def id(self) -> str: ...

    @property
    def n(self) -> int: ...

    @property
    def kept(self) -> int: ...


class Earlier(NamedTuple):
    """What the visits of the period before brought with one version of a checklist, by question."""

    checklist: Checklist
    kept: Mapping[str, Kept]


class Asked(NamedTuple):
    """The questions of the period that is shown, with one checklist, and the versions they were asked in."""

    lines: Sequence[Line]
    checklists: Sequence[Checklist]


@dataclass(frozen=True)
class QuestionChange:
    """One question: kept in so many of its visits before, and now. `verdict` is a word of `change`."""

    kept_before: int
    visits_before: int
    kept: int
    visits: int
    verdict: str

    @property
    def is_clear(self) -> bool:
        return self.verdict != UNCLEAR

    @property
    def is_none(self) -> bool:
        """Whether it was kept as often as before."""
        return self.kept_before * self.visits == self.kept * self.visits_before


@dataclass(frozen=True)
class QuestionChanges:
    """By question, its change with one checklist, of those that were asked alike in both periods. `could_show` says
    whether these visits could show the change of a single question at all."""

    by_question: Mapping[str, QuestionChange]
    could_show: bool

    @property
    def clear(self) -> tuple[str, ...]:
        """The questions that clearly changed, in their order."""
        return tuple(id for id, change in self.by_question.items() if change.is_clear)

    @property
    def most_visits(self) -> tuple[int, int]:
        """In how many visits, at most, a question counted before, and now."""
        changes = self.by_question.values()
        return max(each.visits_before for each in changes), max(each.visits for each in changes)


def compare_questions(now: Mapping[str, Asked], before: Mapping[str, Sequence[Earlier]]) -> dict[str, QuestionChanges]:
    """By checklist, the changes of its questions; a checklist is left away of which none can be compared."""
    pairs = {
        (checklist, line.id): (_sum(was.kept.get(line.id, (0, 0)) for was in before[checklist]), (line.kept, line.n))
        for checklist, asked in now.items()
        if checklist in before
        for line in asked.lines
        if line.n and _is_asked_alike(line.id, [*asked.checklists, *(was.checklist for was in before[checklist])])
    }
    counted = {key: pair for key, pair in pairs.items() if pair[0][1]}
    verdicts = rate_verdicts([(_passed_and_failed(was), _passed_and_failed(own)) for was, own in counted.values()])
    found: dict[str, dict[str, QuestionChange]] = {}
    for ((checklist, id), (was, own)), verdict in zip(counted.items(), verdicts, strict=True):
        found.setdefault(checklist, {})[id] = QuestionChange(*was, *own, verdict)
    return {checklist: _together(changes, len(counted)) for checklist, changes in found.items()}


def _together(changes: Mapping[str, QuestionChange], looked_at: int) -> QuestionChanges:
    could_show = any(could_show_one(each.visits_before, each.visits, looked_at) for each in changes.values())
    return QuestionChanges(changes, could_show)


def _sum(found: Iterable[Kept]) -> Kept:
    seen = list(found)
    return sum(kept for kept, _ in seen), sum(n for _, n in seen)


def _passed_and_failed(kept: Kept) -> tuple[int, int]:
    return kept[0], kept[1] - kept[0]


def _is_asked_alike(id: str, checklists: Sequence[Checklist]) -> bool:
    """Whether every version that has the question asks the same, in the same words, of the same visits."""
    asked = [question for each in checklists if (question := each.by_id.get(id)) is not None]
    first = asked[0]
    return all((each.title, each.kind, each.show_if) == (first.title, first.kind, first.show_if) for each in asked[1:])
