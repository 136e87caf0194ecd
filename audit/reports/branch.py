"""The report of one branch over a period: what was kept first, then what was lost, each with the shoppers' sentences.

Visits made with different checklists are never mixed in one figure: each checklist is a part of its own. Only published
visits count, and never a test. Refuses ranks: they need more than means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from audit import __version__
from audit.domain.checklist.model import CLOSING, CUSTOMER_STATE, Checklist
from audit.domain.programme import Area, Branch, Programme
from audit.domain.score import Part, mean_score
from audit.domain.statistics.measuring import AreaFigures, BranchFigure
from audit.domain.statistics.versions import Offset
from audit.reports.corrections import CorrectedAnswer, corrected_anywhere
from audit.reports.figures import (
    Figure,
    PartLine,
    Provenance,
    ScoredVisit,
    figure,
    left_out_shares,
    provenance,
    shown,
)
from audit.reports.overview import Shift
from audit.reports.period import Period
from audit.reports.question_changes import Asked, Earlier, QuestionChanges, compare_questions
from audit.reports.question_lines import QuestionLine, question_lines
from audit.reports.standing import AreaStanding, hold_against_target, stand

if TYPE_CHECKING:
    from audit.reports.traffic import TrafficFigure

MOST_BEST = 3
MOST_PHOTOS = 24
MOST_BARE = 6
MOST_NAMED = 4
MOST_NARRATIVES = 20


@dataclass(frozen=True)
class State:
    """How many visits ended with the shopper in this state as a customer."""

    id: str
    title: str
    n: int


@dataclass(frozen=True)
class ChecklistPart:
    """All visits made with one checklist. `visits` oldest first; `unscored` of them have no score, in `partial` more
    than a fifth of the points did not apply; `low` and `high` are the mean bounds had they counted, whole percent.
    `sure` is how sure the figure is, `standing` where the area stands, `aimed` the group of the branch against the
    target where it stands in another, `shift` the change since the period before, `moved` that of its questions, and
    `offset` what the newest of several versions does to scores; None where that was not measured. `corrected` are all
    answers that were corrected, None if none was."""

    checklist: Checklist
    title: str
    versions: tuple[int, ...]
    visits: tuple[ScoredVisit, ...]
    figure: Figure
    unscored: int
    partial: int
    low: str
    high: str
    dimensions: tuple[PartLine, ...]
    sections: tuple[PartLine, ...]
    questions: tuple[QuestionLine, ...]
    states: tuple[State, ...]
    titles: Mapping[str, str]
    sure: BranchFigure | None = None
    standing: AreaStanding | None = None
    aimed: str | None = None
    shift: Shift | None = None
    offset: Offset | None = None
    traffic: TrafficFigure | None = None
    moved: QuestionChanges | None = None
    corrected: tuple[CorrectedAnswer, ...] | None = None

    @property
    def bases(self) -> tuple[Fraction, ...]:
        """What each scored visit brings to the figure, oldest first."""
        return tuple(v.score.base for v in self.visits if v.score.counts and v.score.base is not None)

    @property
    def critical(self) -> tuple[int, int]:
        """In how many visits a critical question was failed, of how many that were scored."""
        counted = [visit for visit in self.visits if visit.score.counts]
        return sum(bool(visit.score.critical_failed) for visit in counted), len(counted)

    @property
    def best(self) -> tuple[QuestionLine, ...]:
        """What was kept in more than half of the visits: by that share, then by how many visits show it."""
        kept = [line for line in self.questions if 2 * line.kept > line.n]
        return tuple(sorted(kept, key=lambda line: (-Fraction(line.kept, line.n), -line.n, -line.possible)))[:MOST_BEST]

    @property
    def lost(self) -> tuple[QuestionLine, ...]:
        """What lost points or failed a knock-out, knock-outs first, then most points first."""
        lost = [line for line in self.questions if line.lost or line.critical]
        return tuple(sorted(lost, key=lambda line: (not line.critical, -line.lost)))

    @property
    def narratives(self) -> tuple[ScoredVisit, ...]:
        """The visits that end in a narrative, newest first."""
        return tuple(visit for visit in reversed(self.visits) if visit.narrative)

    @property
    def photos(self) -> tuple[tuple[ScoredVisit, str, str], ...]:
        """Visit, title of the question, sha256: photos that stand beside no lost point, newest visit first."""
        printed = {photo for line in self.lost for seen in line.seen for photo in seen.line.photos}
        return tuple(
            (visit, self.titles.get(question, question), photo)
            for visit in reversed(self.visits)
            for question, answer in visit.visit.answers.items()
            for photo in answer.photos
            if photo not in printed and photo in visit.photos
        )


@dataclass(frozen=True)
class BranchReport:
    """Everything that is printed about a branch in a period; no parts: no visit was published in it."""

    programme: Programme
    branch: Branch
    area: Area | None
    period: Period
    parts: tuple[ChecklistPart, ...]
    provenance: Provenance

    @property
    def n(self) -> int:
        """Published visits in the period."""
        return sum(len(part.visits) for part in self.parts)

    def beside(
        self,
        shifts: Mapping[str, Shift],
        offsets: Mapping[str, Offset],
        before: Mapping[str, Sequence[Earlier]],
    ) -> BranchReport:
        """The same with the changes since the period before, with what new versions do, and with what became of the
        questions since then, all by checklist."""
        asked = {part.checklist.id: Asked(part.questions, [v.checklist for v in part.visits]) for part in self.parts}
        moved = compare_questions(asked, before)
        return replace(
            self,
            parts=tuple(
                replace(
                    part,
                    shift=shifts.get(part.checklist.id),
                    offset=offsets.get(part.checklist.id) if len(part.versions) > 1 else None,
                    moved=moved.get(part.checklist.id),
                )
                for part in self.parts
            ),
        )


def compose(
    programme: Programme,
    branch: Branch,
    area: Area | None,
    period: Period,
    visits: Iterable[ScoredVisit],
    language: str = "en",
    measured: Mapping[str, AreaFigures] | None = None,
) -> BranchReport:
    """The report of the visits that belong to the period; drafts, tests and unpublished ones are left away. `measured`
    is how sure the figures of the branch's area are, by checklist."""
    reported = [v for v in visits if v.is_reported and period.first <= v.day <= period.last]
    groups: dict[str, list[ScoredVisit]] = {}
    for visit in sorted(reported, key=lambda v: (v.day, v.visit.started_at, v.visit.id)):
        groups.setdefault(visit.checklist.id, []).append(visit)
    ranges = measured or {}
    unsorted = (_surely(_part(group, language), branch, ranges.get(id)) for id, group in groups.items())
    parts = sorted(unsorted, key=_order)
    return BranchReport(programme, branch, area, period, tuple(parts), provenance(reported, __version__))


def _order(part: ChecklistPart) -> tuple[bool, int, str]:
    """Visits in person first, then what has most visits."""
    return part.checklist.channel != "visit", -len(part.visits), part.checklist.id


def _surely(part: ChecklistPart, branch: Branch, measured: AreaFigures | None) -> ChecklistPart:
    """The part with how sure its figure is."""
    if measured is None:
        return part
    standing = stand(measured, part.figure.target)
    aimed = hold_against_target(measured, part.figure.target, branch.code)
    return replace(part, standing=standing, sure=standing.branches.get(branch.code), aimed=aimed)


def _part(visits: Sequence[ScoredVisit], language: str) -> ChecklistPart:
    newest = max(visits, key=lambda v: v.published.version).checklist
    counted = [v for v in visits if v.score.counts]
    bounds = [
        (v.score.low_if_na_failed, v.score.high_if_na_passed)
        for v in counted
        if v.score.low_if_na_failed is not None and v.score.high_if_na_passed is not None
    ]
    dimensions, sections = _lines(newest, counted, language)
    return ChecklistPart(
        checklist=newest,
        title=newest.title.in_language(language),
        versions=tuple(sorted({v.published.version for v in visits})),
        visits=tuple(visits),
        figure=figure([v.score.base for v in counted if v.score.base is not None], newest, language),
        unscored=len(visits) - len(counted),
        partial=sum(v.score.status == "partial" for v in counted),
        low=shown(mean_score(low for low, _ in bounds)),
        high=shown(mean_score(high for _, high in bounds)),
        dimensions=dimensions,
        sections=sections,
        questions=tuple(question_lines(newest, visits, language)),
        states=_states(newest, visits, language),
        titles={q.id: q.title.in_language(language) for v in visits for q in v.checklist.questions()},
        corrected=tuple(CorrectedAnswer(v.day, one) for v in visits for one in corrected_anywhere(v, language)) or None,
    )


def _lines(
    checklist: Checklist, visits: Sequence[ScoredVisit], language: str
) -> tuple[tuple[PartLine, ...], tuple[PartLine, ...]]:
    """Dimensions and sections: means over the visits in which each applied, with that n."""
    shares = [left_out_shares(v.checklist, v.score) for v in visits]
    dimensions = (
        _line(d.id, d.title.in_language(language), [v.score.dimensions for v in visits], [s[0] for s in shares])
        for d in checklist.dimensions
    )
    sections = (
        _line(s.id, s.title.in_language(language), [v.score.sections for v in visits], [share[1] for share in shares])
        for s in checklist.sections
        if s.id != CLOSING
    )
    return tuple(filter(None, dimensions)), tuple(filter(None, sections))


def _line(
    id: str, title: str, parts: Sequence[Mapping[str, Part]], shares: Sequence[Mapping[str, Fraction]]
) -> PartLine | None:
    inside = [found for of_visit in parts if (found := of_visit.get(id)) is not None]
    scores = [part.score for part in inside if part.score is not None]
    not_observed = sum(part.score is None and part.not_observed > 0 for part in inside)
    if not scores and not not_observed:
        return None
    out = [share.get(id, Fraction(0)) for share, of_visit in zip(shares, parts, strict=True) if id in of_visit]
    mean = mean_score(scores)
    return PartLine(id, title, mean, shown(mean), len(scores), not_observed, mean_score(out) or Fraction(0))


def _states(checklist: Checklist, visits: Sequence[ScoredVisit], language: str) -> tuple[State, ...]:
    question = checklist.by_id.get(CUSTOMER_STATE)
    if question is None:
        return ()
    given = [visit.state(language)[0] for visit in visits]
    options = getattr(question.kind, "options", ())
    return tuple(State(option.id, option.title.in_language(language), given.count(option.id)) for option in options)
