"""What was corrected, as a table of its own beside the figures of a report; where nothing was, there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from audit.domain.checklist.model import NOT_APPLICABLE, NOT_OBSERVED
from audit.domain.checklist.questions.writing import WrittenText
from audit.formatting import Catalogue, Formats
from audit.reports.branch import BranchReport
from audit.reports.cells import Cell, Column, Table
from audit.reports.corrections import CorrectedLine
from audit.reports.visit import VisitReport

SHORT, TITLE, SENTENCES = 11, 40, 70  # how wide columns are, in signs


def corrections_in(report: BranchReport | VisitReport, words: Catalogue, language: str) -> Iterator[Table]:
    """A row for each correction, with the day of its visit, what stood there before, why, and what the visit scored."""
    found = list(_found(report))
    if not found:
        return
    _ = words.gettext
    columns = (
        Column(_("Day"), SHORT),
        Column(_("Question"), SENTENCES),
        Column(_("Corrected on"), SHORT),
        Column(_("Answer before"), TITLE),
        Column(_("Reason"), SENTENCES),
        Column(_("Score before"), SHORT),
        Column(_("Score after"), SHORT),
    )
    rows = [
        (
            day,
            line.title,
            line.day,
            _before(line, words),
            line.reason,
            *map(_points, (line.score_before, line.score_after)),
        )
        for day, line in found
    ]
    yield Table(_("Answers that were corrected"), columns, rows, right_to_left=Formats(language).direction == "rtl")


def last_corrected(lines: Sequence[CorrectedLine] | None) -> date | None:
    """The day on which an answer was corrected last; None if it stands as it was sent."""
    return lines[-1].day if lines else None


def _found(report: BranchReport | VisitReport) -> Iterable[tuple[date, CorrectedLine]]:
    if isinstance(report, VisitReport):
        return ((report.visit.day, line) for line in report.corrected or ())
    return ((one.day, one.line) for part in report.parts for one in part.corrected or ())


def _before(line: CorrectedLine, words: Catalogue) -> str:
    """What stood there, in words; of what somebody wrote only that it was other words."""
    _ = words.gettext
    value, parts = line.answer.value, [line.shown, *line.facts]
    if value in (NOT_APPLICABLE, NOT_OBSERVED):
        parts[0] = _("does not apply") if value == NOT_APPLICABLE else _("not observed")
    elif isinstance(line.question.kind, WrittenText):
        parts[0] = _("other words")
    elif line.question.kind.name == "clock_time" and line.shown:
        titles = {"morning": _("morning"), "afternoon": _("afternoon"), "evening": _("evening")}
        parts[0] = titles.get(line.shown, "")
    elif not line.answer.given:
        parts[0] = _("not answered")
    elif not line.answered:
        parts = [_("the same, in other words")]
    return "; ".join(filter(None, parts))


def _points(shown: str) -> Cell:
    return int(shown) if shown else None
