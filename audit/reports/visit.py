"""The report of one visit: every answer, what it earned, and why each point that was lost was lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from audit import __version__
from audit.domain.checklist.model import CLOSING
from audit.domain.programme import Area, Branch, Programme
from audit.domain.score import Part, Score
from audit.reports.corrections import CorrectedLine, corrected_anywhere
from audit.reports.figures import (
    AnswerLine,
    PartLine,
    Provenance,
    ScoredVisit,
    answer_line,
    asked,
    left_out_shares,
    provenance,
    shown,
)


@dataclass(frozen=True)
class SectionOfAnswers:
    """A section with its own score and its answers, hidden questions left away."""

    part: PartLine
    answers: tuple[AnswerLine, ...]

    @property
    def others(self) -> tuple[AnswerLine, ...]:
        """The answers that lost nothing."""
        return tuple(line for line in self.answers if not line.is_loss)


@dataclass(frozen=True)
class VisitReport:
    """Everything that is printed about one visit. `shown` is the official score, `base_shown` the one without bonus and
    cap; `low` and `high` are the whole percents between which it would lie had all that did not apply counted."""

    programme: Programme
    branch: Branch
    area: Area | None
    visit: ScoredVisit
    title: str
    scenario: str
    score: Score
    shown: str
    base_shown: str
    bonus_shown: str
    band: str
    target: Fraction | None
    left_out: Fraction
    low: str
    high: str
    critical: tuple[str, ...]
    dimensions: tuple[PartLine, ...]
    sections: tuple[SectionOfAnswers, ...]
    state: tuple[str, str]
    narrative: str
    provenance: Provenance
    corrected: tuple[CorrectedLine, ...] | None = None

    @property
    def corrected_elsewhere(self) -> tuple[CorrectedLine, ...]:
        """The corrections of answers that have no line of their own here, such as the closing words."""
        lines = {line.question.id for section in self.sections for line in section.answers}
        return tuple(one for one in self.corrected or () if one.question.id not in lines)

    @property
    def lost(self) -> tuple[tuple[PartLine, AnswerLine], ...]:
        """The answers that lost points or failed a knock-out, each with its section; knock-outs first, then most points
        first."""
        lines = [(section.part, line) for section in self.sections for line in section.answers if line.is_loss]
        return tuple(sorted(lines, key=lambda found: (not found[1].critical, -found[1].lost)))

    @property
    def photos(self) -> tuple[str, ...]:
        return self.visit.photos


def compose(
    programme: Programme, branch: Branch, area: Area | None, scored: ScoredVisit, language: str = "en"
) -> VisitReport:
    """The report of a visit that was scored. Texts in `language` where the checklist has it."""
    checklist, score = scored.checklist, scored.score
    bands = {band.id: band.title.in_language(language) for band in checklist.bands}
    dimensions, sections = _parts(scored, language)
    return VisitReport(
        programme=programme,
        branch=branch,
        area=area,
        visit=scored,
        title=checklist.title.in_language(language),
        scenario=scored.scenario(language),
        score=score,
        shown="" if score.shown is None else str(score.shown),
        base_shown=scored.base_shown,
        bonus_shown=shown(score.with_bonus, checklist.target),
        band=bands.get(score.band or "", ""),
        target=checklist.target,
        left_out=score.na_share or Fraction(0),
        low=shown(score.low_if_na_failed),
        high=shown(score.high_if_na_passed),
        critical=tuple(checklist.question(id).title.in_language(language) for id in score.critical_failed),
        dimensions=dimensions,
        sections=sections,
        state=scored.state(language),
        narrative=scored.narrative,
        provenance=provenance([scored], __version__),
        corrected=corrected_anywhere(scored, language) or None,
    )


def _parts(scored: ScoredVisit, language: str) -> tuple[tuple[PartLine, ...], tuple[SectionOfAnswers, ...]]:
    checklist, score = scored.checklist, scored.score
    out_of_dimensions, out_of_sections = left_out_shares(checklist, score)

    target = checklist.target
    dimensions = tuple(
        _line(dimension.id, dimension.title.in_language(language), score.dimensions, out_of_dimensions, target)
        for dimension in checklist.dimensions
        if dimension.id in score.dimensions
    )
    sections = tuple(
        SectionOfAnswers(
            _line(section.id, section.title.in_language(language), score.sections, out_of_sections, target),
            tuple(answer_line(scored, question, earned, language) for question, earned in pairs),
        )
        for section in checklist.sections
        if section.id != CLOSING
        for pairs in [asked(scored, section)]
        if pairs
    )
    return dimensions, sections


def _line(
    id: str, title: str, parts: Mapping[str, Part], out: Mapping[str, Fraction], target: Fraction | None
) -> PartLine:
    left_out, part = out.get(id, Fraction(0)), parts.get(id)
    if part is None:
        return PartLine(id, title, None, "", 0, 0, left_out)
    percent = shown(part.score, target)
    return PartLine(id, title, part.score, percent, part.n, part.not_observed, left_out, part.earned, part.possible)
