"""The figures of a page as tables for a spreadsheet program: areas, branches, visits, questions.

Owns which columns there are. Works nothing out; refuses to say more than the page: a pseudonym, a day and its part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audit.domain.checklist.model import NOT_APPLICABLE, NOT_OBSERVED
from audit.domain.score import UNANSWERED, UNSCORED
from audit.formatting import ENGLISH, Catalogue, Formats
from audit.reports.area import AreaPart, AreaReport
from audit.reports.areas import AreasReport
from audit.reports.branch import BranchReport, ChecklistPart
from audit.reports.cells import Cell, Column, Table
from audit.reports.correction_tables import corrections_in, last_corrected
from audit.reports.figures import AnswerLine, Provenance, ScoredVisit
from audit.reports.leaves import AreaOnPaper
from audit.reports.period import Period
from audit.reports.programme import ProgrammeOnPaper
from audit.reports.sentences import Sentences
from audit.reports.side_tables import SideTables
from audit.reports.visit import VisitReport

Row = Sequence[Cell]
NOT_MEASURED: Row = (None, None, "", None, None, None)  # range, group, strict places, target
SHORT, CODE, NAME, TITLE, SENTENCES = 11, 14, 28, 40, 70  # how wide columns are, in signs


@dataclass(frozen=True)
class Exports:
    """The tables in one language; `words` is the catalogue of the interface in it."""

    words: Catalogue = ENGLISH
    language: str = "en"

    def tables(self, report: ProgrammeOnPaper | AreaOnPaper | BranchReport | VisitReport) -> tuple[Table, ...]:
        """The table of a report, of a branch that of its questions, too; then whatever else its page shows, and at last
        where the figures come from."""
        beside = SideTables(self.words, self.language)
        if isinstance(report, ProgrammeOnPaper):
            about = self._sources(report.period, report.programme.name, None)
            return self.of_programme(report.figures), *beside.of_programme(report), about
        if isinstance(report, AreaOnPaper):
            about = self._sources(report.period, report.programme.name, None)
            return self.of_area(report.figures), *beside.of_area(report), about
        about = self._sources(None, report.programme.name, report.provenance)
        if isinstance(report, BranchReport):
            about = self._sources(report.period, report.programme.name, report.provenance)
            corrected = corrections_in(report, self.words, self.language)
            return self.of_branch(report), self.questions_of(report), *beside.of_branch(report), *corrected, about
        corrected = corrections_in(report, self.words, self.language)
        return self.of_visit(report), *beside.of_visit(report), *corrected, about

    def of_programme(self, report: AreasReport) -> Table:
        """A row for each area and checklist: its figure with n, its likely range and its group."""
        _ = self.words.gettext
        columns = (
            Column(_("Area code"), CODE),
            Column(_("Area"), NAME),
            Column(_("Checklist"), TITLE),
            *self._period_columns(),
            Column(_("Score"), SHORT),
            Column(_("Visits with a score"), SHORT),
            Column(_("Likely range, lower end"), SHORT),
            Column(_("Likely range, upper end"), SHORT),
            Column(_("Group"), NAME),
            Column(_("Target"), SHORT),
        )
        return self._table(_("Areas"), columns, self._areas(report))

    def of_area(self, report: AreaReport) -> Table:
        """A row for each branch and checklist: its figure with n, its likely range, its group and its strict places."""
        _ = self.words.gettext
        columns = (
            Column(_("Area"), CODE),
            Column(_("Branch code"), CODE),
            Column(_("Branch"), NAME),
            Column(_("Town"), NAME),
            Column(_("Checklist"), TITLE),
            *self._period_columns(),
            Column(_("Score"), SHORT),
            Column(_("Visits with a score"), SHORT),
            Column(_("Visits without a score"), SHORT),
            Column(_("Likely range, lower end"), SHORT),
            Column(_("Likely range, upper end"), SHORT),
            Column(_("Group"), NAME),
            Column(_("Strict place, best"), SHORT),
            Column(_("Strict place, worst"), SHORT),
            Column(_("Target"), SHORT),
        )
        return self._table(_("Branches"), columns, self._branches(report))

    def of_branch(self, report: BranchReport) -> Table:
        """A row for each visit of the period, the oldest first, one checklist after the other."""
        _ = self.words.gettext
        columns = (
            Column(_("Branch code"), CODE),
            Column(_("Branch"), NAME),
            *self._visit_columns(),
            Column(_("Score"), SHORT),
            Column(_("Points earned"), SHORT),
            Column(_("Points possible"), SHORT),
            Column(_("Critical questions failed"), SHORT),
            Column(_("Score with bonus and cap"), SHORT),
            Column(_("The shopper left"), CODE),
            Column(_("In the shopper’s words"), SENTENCES),
            Column(_("Answers corrected"), SHORT),
        )
        rows = ((report.branch.code, report.branch.name, *row) for part in report.parts for row in self._visits(part))
        return self._table(_("Visits"), columns, rows)

    def questions_of(self, report: BranchReport) -> Table:
        """A row for each question over the visits of the period, with what became of it since the period before."""
        _ = self.words.gettext
        columns = (
            Column(_("Branch code"), CODE),
            Column(_("Branch"), NAME),
            Column(_("Checklist"), TITLE),
            Column(_("Section"), NAME),
            Column(_("Question"), SENTENCES),
            Column(_("Visits in which it counted"), SHORT),
            Column(_("Kept in visits"), SHORT),
            Column(_("Visits in which it counted, period before"), SHORT),
            Column(_("Kept in visits, period before"), SHORT),
            Column(_("Since the period before"), TITLE),
        )
        rows = ((report.branch.code, report.branch.name, *row) for part in report.parts for row in self._over_all(part))
        return self._table(_("Every question"), columns, rows)

    def of_visit(self, report: VisitReport) -> Table:
        """A row for each question that was asked, in the order of the checklist."""
        _ = self.words.gettext
        columns = (
            Column(_("Branch code"), CODE),
            Column(_("Branch"), NAME),
            *self._visit_columns(),
            Column(_("Section"), NAME),
            Column(_("Question"), SENTENCES),
            Column(_("Answer"), TITLE),
            Column(_("Result"), CODE),
            Column(_("Points earned"), SHORT),
            Column(_("Points possible"), SHORT),
            Column(_("Points lost"), SHORT),
            Column(_("Critical questions failed"), SHORT),
            Column(_("Seen"), TITLE),
            Column(_("Comment"), SENTENCES),
            Column(_("Photos"), SHORT),
            Column(_("Corrected on"), SHORT),
        )
        return self._table(_("Questions"), columns, self._questions(report))

    def _areas(self, report: AreasReport) -> Iterator[Row]:
        first, last = report.period.first, report.period.last
        for part in report.parts:
            compared = part.standing.compared
            for line in part.lines:
                sure, group = line.sure, Sentences(self.words).title(line.sure.group) if compared else ""
                ends, target = (sure.likely_range.low, sure.likely_range.high), part.figure.target
                yield (
                    line.area.code,
                    line.area.name,
                    part.title,
                    first,
                    last,
                    sure.mean,
                    sure.visits,
                    *ends,
                    group,
                    target,
                )
        for area in report.unvisited:
            yield area.code, area.name, "", first, last, None, 0, None, None, "", None

    def _branches(self, report: AreaReport) -> Iterator[Row]:
        for part in report.parts:
            yield from self._lines(report.period, part)
        for branch in report.unvisited:
            place = (branch.area_code or "", branch.code, branch.name, branch.locality)
            yield (*place, "", report.period.first, report.period.last, None, 0, 0, *NOT_MEASURED)

    def _lines(self, period: Period, part: AreaPart) -> Iterator[Row]:
        compared = part.standing is not None and part.standing.compared
        strict = part.strict.places if part.strict else {}
        for line in part.lines:
            branch, reach = line.branch, line.sure.likely_range if line.sure else None
            yield (
                branch.area_code or "",
                branch.code,
                branch.name,
                branch.locality,
                part.title,
                period.first,
                period.last,
                line.figure.score,
                line.figure.n,
                line.unscored,
                reach.low if reach else None,
                reach.high if reach else None,
                Sentences(self.words).title(line.group) if compared else "",
                *strict.get(branch.code, (None, None)),
                line.figure.target,
            )

    def _visits(self, part: ChecklistPart) -> Iterator[Row]:
        for visit in part.visits:
            score = visit.score
            yield (
                *self._visit(visit),
                score.base if score.counts else None,
                score.earned,
                score.possible,
                len(score.critical_failed),
                score.official if score.counts else None,
                visit.state(self.language)[1],
                visit.narrative,
                len({one.question_id for one in visit.corrections}),
            )

    def _over_all(self, part: ChecklistPart) -> Iterator[Row]:
        say = Sentences(self.words)
        for line in part.questions:
            moved = part.moved.by_question.get(line.id) if part.moved else None
            before = (moved.visits_before, moved.kept_before) if moved else (None, None)
            became = say.question_before(moved, part.moved) if moved and part.moved else ""
            yield part.title, line.section, line.title, line.n, line.kept, *before, became

    def _questions(self, report: VisitReport) -> Iterator[Row]:
        for section in report.sections:
            for line in section.answers:
                yield (
                    report.branch.code,
                    report.branch.name,
                    *self._visit(report.visit),
                    section.part.title,
                    line.title,
                    self._answer(line),
                    self._result(line.why),
                    line.earned,
                    line.possible,
                    line.lost,
                    int(line.critical),
                    "; ".join(line.facts),
                    line.comment,
                    len(line.photos),
                    last_corrected(line.corrected),
                )

    def _visit_columns(self) -> tuple[Column, ...]:
        _ = self.words.gettext
        return (
            Column(_("Day"), SHORT),
            Column(_("Part of the day"), CODE),
            Column(_("Shopper"), CODE),
            Column(_("Checklist"), TITLE),
            Column(_("Version"), SHORT),
            Column(_("Scenario"), NAME),
        )

    def _visit(self, visit: ScoredVisit) -> Row:
        checklist = visit.checklist.title.in_language(self.language)
        version, scenario = visit.published.version, visit.scenario(self.language)
        return (visit.day, self._part_of_day(visit.part_of_day), visit.pseudonym, checklist, version, scenario)

    def _period_columns(self) -> tuple[Column, ...]:
        return Column(self.words.gettext("First day"), SHORT), Column(self.words.gettext("Last day"), SHORT)

    def _part_of_day(self, part: str) -> str:
        _ = self.words.gettext
        return {"morning": _("morning"), "afternoon": _("afternoon"), "evening": _("evening")}.get(part, "")

    def _result(self, why: str) -> str:
        _ = self.words.gettext
        return {
            "full": _("kept"),
            "partly": _("partly kept"),
            "nothing": _("not kept"),
            NOT_APPLICABLE: _("does not apply"),
            NOT_OBSERVED: _("not observed"),
            UNANSWERED: _("not answered"),
            UNSCORED: _("not scored"),
        }.get(why, why)

    def _answer(self, line: AnswerLine) -> str:
        """The answer in words; a clock time as its part of the day, since no minute leaves the programme office."""
        value = line.answer.value
        if value in (NOT_APPLICABLE, NOT_OBSERVED):
            return self._result(str(value))
        if not line.answer.given:
            return self._result(UNANSWERED)
        return self._part_of_day(line.shown) if line.question.kind.name == "clock_time" else line.shown

    def _sources(self, period: Period | None, programme: str, provenance: Provenance | None) -> Table:
        """What must be known about the figures, in two columns."""
        _ = self.words.gettext
        rows: list[Row] = [(_("Programme"), programme)]
        if period:
            rows += [(_("First day"), period.first), (_("Last day"), period.last)]
        if provenance:
            sentence = _("%(id)s, version %(version)s, digest %(digest)s")
            for id, version, digest in provenance.checklists:
                rows.append((_("Checklist"), sentence % {"id": id, "version": version, "digest": digest}))
            rows.append((_("Software"), f"Candour {provenance.software}"))
        if period:
            unrounded = _("Points out of 100, not rounded, without bonus and cap; empty where there is none.")
            rows.append((_("Score"), unrounded))
        if period and not provenance:
            rows.append((_("Likely range"), _("9 times out of 10 the true level lies in it.")))
        rows.append((_("Purpose"), _("Coaching. Not for discipline, and no comparison of members of staff.")))
        columns = (Column(_("What"), NAME), Column(_("Meaning"), SENTENCES))
        return self._table(_("About these figures"), columns, rows)

    def _table(self, title: str, columns: Sequence[Column], rows: Iterator[Row] | Sequence[Row]) -> Table:
        return Table(title, columns, rows, right_to_left=Formats(self.language).direction == "rtl")
