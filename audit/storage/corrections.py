"""Corrections on their shelf, beside the visits they are of: added, read, and never taken away.

What somebody wrote stands in a column of its own, so that it can go when its period has passed; the rest stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from audit.domain.checklist.model import Answer, Question
from audit.domain.correction import Correction, Outcome, without_words
from audit.storage.columns import (
    Column,
    day_text,
    fraction_from,
    fraction_text,
    instant_from,
    instant_text,
    json_from,
    json_text,
)
from audit.storage.connections import Row
from audit.storage.figures import of_area
from audit.storage.shelf import Shelf
from audit.storage.visits import answer_from_tree, answer_to_tree

PUBLISHED = "visit.state = 'published' and visit.test = 0 and visit.visited_on between ? and ?"


class CorrectionShelf(Shelf):
    """All corrections of all visits."""

    def add(self, correction: Correction, question: Question) -> None:
        """In the transaction that saves the visit and its score."""
        self._add("correction", _to_row(correction, question))

    def of_visit(self, visit_id: str) -> tuple[Correction, ...]:
        """Those of a visit, oldest first."""
        return self.of_visits([visit_id]).get(visit_id, ())

    def of_visits(self, ids: Iterable[str]) -> dict[str, tuple[Correction, ...]]:
        """By visit, those of the visits that have any, oldest first."""
        found: dict[str, tuple[Correction, ...]] = {}
        for row in self._rows_among("select * from correction", "visit_id", ids, tail="order by visit_id, id"):
            found[row["visit_id"]] = (*found.get(row["visit_id"], ()), _from_row(row))
        return found

    def count_of(self, ids: Iterable[str]) -> dict[str, int]:
        """By visit, how many answers were corrected; visits without any are left away."""
        rows = self._rows_among(
            "select visit_id, count(distinct question_id) as answers from correction",
            "visit_id",
            ids,
            tail="group by visit_id",
        )
        return {row["visit_id"]: row["answers"] for row in rows}

    def newest_at(self, area: str | None, first: date, last: date) -> datetime | None:
        """When an answer of a published visit from `first` to `last` was last corrected; None if none was. An area is
        its code, "" for the branches that belong to none, None for all of the programme."""
        where, parameters = of_area(area)
        rows = self._rows(
            "select max(correction.at) from correction join visit on visit.id = correction.visit_id"
            " join branch on branch.code = visit.branch_code",
            f"{PUBLISHED} and {where}",
            (day_text(first), day_text(last), *parameters),
        )
        return instant_from(rows[0][0]) if rows[0][0] else None


def _words_of(correction: Correction, question: Question) -> str | None:
    """What somebody wrote and no longer stands in the visit, as JSON; None where nothing of that kind was replaced."""
    words: dict[str, object] = {}
    if correction.words:
        bare = without_words(question, correction.before)
        words = {"value": correction.before.value} if bare.value != correction.before.value else {}
        words |= {"comment": correction.before.comment} if correction.before.comment else {}
    if correction.unread is not None:
        words["unread"] = correction.unread
    return json_text(words) if words else None


def _answer_from(row: Row, words: dict[str, Any]) -> Answer:
    return answer_from_tree({**json_from(row["before"]), **{n: w for n, w in words.items() if n != "unread"}})


def _to_row(correction: Correction, question: Question) -> dict[str, Column]:
    return {
        "visit_id": correction.visit_id,
        "question_id": correction.question_id,
        "before": json_text(answer_to_tree(without_words(question, correction.before))),
        "after": json_text(answer_to_tree(without_words(question, correction.after))),
        "words": int(correction.words),
        "words_before": _words_of(correction, question),
        "reason": correction.reason,
        "who": correction.who,
        "at": instant_text(correction.at),
        "official_before": fraction_text(correction.score_before.official),
        "shown_before": correction.score_before.shown,
        "official_after": fraction_text(correction.score_after.official),
        "shown_after": correction.score_after.shown,
    }


def _from_row(row: Row) -> Correction:
    words = json_from(row["words_before"]) if row["words_before"] else {}
    return Correction(
        visit_id=row["visit_id"],
        question_id=row["question_id"],
        before=_answer_from(row, words),
        after=answer_from_tree(json_from(row["after"])),
        words=bool(row["words"]),
        reason=row["reason"],
        who=row["who"],
        at=instant_from(row["at"]),
        score_before=Outcome(fraction_from(row["official_before"]), row["shown_before"]),
        score_after=Outcome(fraction_from(row["official_after"]), row["shown_after"]),
        unread=words.get("unread"),
    )
