"""What a report says, as plain JSON: the figures, the words and nothing about how they look. Its sha256 is what makes
an edition: equal content, equal edition, whoever printed it and however it is laid out.

Owns which parts of a report are said, one row a kind of part; refuses to write down a part that has no row. Exact
numbers are whole, or fractions as text such as "1225/18"; ranges are two ends in whole points.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from typing import Any, NamedTuple

from audit.domain.checklist.model import Checklist
from audit.domain.programme import Area, Branch, Programme
from audit.domain.score import Score
from audit.domain.statistics.change import Change
from audit.domain.statistics.measuring import BranchFigure
from audit.domain.statistics.places import StrictPlaces
from audit.domain.statistics.ranges import Range
from audit.domain.statistics.versions import Offset
from audit.domain.submission import canonical
from audit.reports import (
    area,
    areas,
    branch,
    corrections,
    figures,
    leaves,
    method,
    overview,
    programme,
    question_lines,
    traffic,
    visit,
)
from audit.reports.period import Period
from audit.reports.question_changes import QuestionChange, QuestionChanges
from audit.reports.standing import AreaStanding

# Without I, L, O and U: what is read aloud or typed from paper is not mistaken (Crockford's base 32).
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, IN_A_GROUP = 3, 5

SAID: dict[type, tuple[str, ...]] = {
    Programme: ("name", "demo"),
    Area: ("code", "name"),
    Branch: ("code", "name", "locality"),
    Checklist: ("id", "channel", "target"),
    Period: ("first", "last"),
    Score: ("status", "base", "official", "shown", "band", "earned", "possible", "critical_failed"),
    Offset: ("whole_points", "branches", "visits"),
    BranchFigure: ("branch", "visits", "shoppers", "likely_range", "group"),
    AreaStanding: ("range", "standard", "compared", "at_ceiling", "tick_shown"),
    figures.Provenance: ("checklists", "cut", "visits"),
    figures.Figure: ("score", "shown", "n", "band", "target"),
    figures.PartLine: ("id", "title", "score", "shown", "n", "not_observed", "left_out"),
    figures.ScoredVisit: ("id", "day", "part_of_day", "pseudonym", "version", "score", "narrative"),
    figures.AnswerLine: (
        *("title", "absence", "shown", "why", "earned", "possible", "lost", "comment", "facts", "photos", "critical"),
        "bonus",
    ),
    branch.BranchReport: ("programme", "branch", "area", "period", "parts", "provenance"),
    branch.ChecklistPart: (
        *("checklist", "title", "versions", "visits", "figure", "unscored", "partial", "low", "high", "dimensions"),
        *("sections", "questions", "states", "sure", "standing", "shift", "offset"),
    ),
    question_lines.QuestionLine: (
        *("id", "title", "section", "whys", "n", "kept", "earned", "possible", "lost", "critical", "seen", "more"),
        "bare",
    ),
    QuestionChanges: ("by_question", "could_show"),
    QuestionChange: ("kept_before", "visits_before", "kept", "visits", "verdict"),
    question_lines.Seen: ("day", "line"),
    corrections.CorrectedLine: (
        *("title", "was", "facts", "answered", "words", "day", "reason", "score_before", "score_after"),
    ),
    corrections.CorrectedAnswer: ("day", "line"),
    question_lines.SameAnswer: ("line", "days"),
    branch.State: ("id", "title", "n"),
    visit.VisitReport: (
        *("programme", "branch", "area", "title", "scenario", "visit", "shown", "base_shown", "bonus_shown", "band"),
        *("target", "left_out", "low", "high", "critical", "dimensions", "sections", "state", "provenance"),
    ),
    visit.SectionOfAnswers: ("part", "answers"),
    leaves.AreaOnPaper: ("figures", "beside", "provenance"),
    area.AreaReport: ("programme", "area", "period", "parts", "unvisited"),
    area.AreaPart: ("checklist", "title", "figure", "standing", "lines"),
    area.BranchLine: ("branch", "figure", "unscored", "sure"),
    overview.Overview: ("change", "places", "dimensions", "week", "series", "versions", "offset"),
    StrictPlaces: ("branches", "places"),
    overview.Shift: ("period", "before", "after", "visits_before", "visits", "change", "needed", "offset", "dots"),
    Change: ("range", "verdict"),
    overview.Moved: ("compared", "up", "down"),
    overview.Week: ("visits", "missing_days", "missing_parts", "untimed"),
    overview.Series: ("waves", "breaks"),
    overview.Wave: ("period", "shown", "visits", "versions"),
    programme.ProgrammeOnPaper: ("figures", "parts", "branches", "visited", "provenance"),
    programme.BoardPart: ("beside", "states", "best", "lost"),
    programme.Kept: ("id", "title", "section", "n", "kept"),
    method.Method: ("programme", "thresholds", "wording"),
    areas.AreasReport: ("programme", "period", "parts", "unvisited"),
    areas.ProgrammePart: ("checklist", "title", "figure", "standing", "lines", "elsewhere"),
    areas.AreaLine: ("area", "shown", "sure"),
    traffic.TrafficFigure: ("visits", "untimed", "cells", "reached", "shown", "range"),
    traffic.Cell: ("day", "part", "share", "visits"),
}

# The report of a branch says against what of its area it is held, and nothing else of that area: else it would be a new
# edition, with no new word, whenever a visit anywhere in the area moves the range of the whole.
SAID_OF_A_BRANCH: dict[type, tuple[str, ...]] = {AreaStanding: ("standard", "compared", "tick_shown")}

# Said only where there is something: what nobody asked for, and what cannot be said, leave every report as it was.
SAID_IF_THERE: dict[type, tuple[str, ...]] = {
    Offset: ("range",),
    AreaStanding: ("counted", "level_shown"),
    overview.Overview: ("traffic", "strict", "failed", "told_apart_by_change"),
    branch.ChecklistPart: ("traffic", "moved", "corrected", "aimed"),
    figures.AnswerLine: ("corrected",),
    figures.Provenance: ("corrected",),
    visit.VisitReport: ("corrected",),
}

SAID_OF_A_BRANCH_IF_THERE: dict[type, tuple[str, ...]] = {AreaStanding: ("level_shown",)}


class Rows(NamedTuple):
    """Which parts of a report are said: `always`, and those `if_there` is something to say."""

    always: Mapping[type, tuple[str, ...]]
    if_there: Mapping[type, tuple[str, ...]]


@dataclass(frozen=True)
class Content:
    """What a report says in one language, as the bytes of canonical JSON."""

    json: bytes

    @property
    def digest(self) -> str:
        """The sha256 of these bytes, in hex."""
        return hashlib.sha256(self.json).hexdigest()

    @property
    def number(self) -> str:
        """The number of the edition that says this, made of the digest: 7KQ2M-X9D4F-0TRW8."""
        rest = int(self.digest, 16)
        signs = []
        for _ in range(GROUPS * IN_A_GROUP):
            rest, sign = divmod(rest, len(SIGNS))
            signs.append(SIGNS[sign])
        return "-".join("".join(signs[at : at + IN_A_GROUP]) for at in range(0, len(signs), IN_A_GROUP))


def content_of(report: object, language: str) -> Content:
    """All that the report says. TypeError if a part of it has no row in SAID."""
    said = Rows(SAID, SAID_IF_THERE)
    if isinstance(report, branch.BranchReport):
        said = Rows(SAID | SAID_OF_A_BRANCH, SAID_IF_THERE | SAID_OF_A_BRANCH_IF_THERE)
    return Content(canonical({"report": type(report).__name__, "language": language, **_plain(report, said)}))


def _plain(value: object, rows: Rows) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()  # half a sign of UTF-16 is no text
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
    if isinstance(value, Range):
        return list(value.ends)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner, rows) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner, rows) for inner in value]
    said = rows.always.get(type(value))
    if said is None:
        raise TypeError(f"{type(value).__name__} has no row in SAID")
    there = (name for name in rows.if_there.get(type(value), ()) if getattr(value, name) is not None)
    return {name: _plain(getattr(value, name), rows) for name in (*said, *there)}
