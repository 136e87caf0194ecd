"""Visits on their shelf, with answers and marks, and who may see which: branches and areas, published ones alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from audit.domain.checklist.model import Answer, Answers
from audit.domain.people import Person, Scope
from audit.domain.submission import mark_from_tree, mark_to_tree
from audit.domain.visit import Flag, Mark, Visit, VisitState
from audit.storage.columns import (
    Column,
    day_from,
    day_text,
    instant_from,
    instant_text,
    json_from,
    json_text,
    optional_instant_from,
    optional_instant_text,
    plain_from,
    plain_text,
)
from audit.storage.connections import Row
from audit.storage.shelf import Narrowing, Shelf, many, narrowed_to

PLAIN = (str, int, tuple)
PUBLISHED = "state = 'published' and test = 0"


class VisitShelf(Shelf):
    """All visits, in whatever state."""

    def visible_to(self, person: Person) -> VisitShelf:
        """All for the office, the own ones for a shopper, the published ones of the area or branch for its manager."""
        return VisitShelf(self._connections, visits_seen_by(person))

    def find(self, id: str) -> Visit:
        return _from_row(self._row("select * from visit", "id = ?", (id,)))

    def of_assignment(self, assignment_id: str) -> Visit | None:
        """The visit begun for this assignment, if it was begun."""
        found = self._list("assignment_id = ?", (assignment_id,), "order by id limit 1")
        return found[0] if found else None

    def of_branch(
        self, code: str, first: date, last: date, states: Sequence[VisitState] = (VisitState.PUBLISHED,)
    ) -> list[Visit]:
        """The visits of a branch whose day lies from `first` to `last`, oldest first; no test visits."""
        where = f"branch_code = ? and visited_on between ? and ? and test = 0 and state in ({many(states)})"
        parameters = (code, day_text(first), day_text(last), *states)
        return self._list(where, parameters, "order by visited_on, id")

    def of_shopper(self, shopper_id: str) -> list[Visit]:
        """Newest first."""
        return self._list("shopper_id = ?", (shopper_id,), "order by id desc")

    def list_submitted(self, limit: int, after: Visit | None = None) -> list[Visit]:
        """A page of what waits to be read by the office, the longest waiting first; `after` is the last one on the page
        before, whatever became of it since."""
        since = (optional_instant_text(after.submitted_at) or "", after.id) if after else ("", "")
        where = "state = 'submitted' and (submitted_at, id) > (?, ?)"
        return self._list(where, since, f"order by submitted_at, id limit {limit:d}")

    def latest(
        self, limit: int, after: str | None = None, states: Sequence[VisitState] = tuple(VisitState)
    ) -> list[Visit]:
        """A page of visits in these states, newest first; `after` is the id of the last one on the page before."""
        where = f"state in ({many(states)}) and (? is null or id < ?)"
        return self._list(where, (*states, after, after), f"order by id desc limit {limit:d}")

    def latest_day(self, branch: str = "", area: str | None = None) -> date | None:
        """The day of the last published visit, to one branch, to the branches of an area ("" for those without one) or
        to any; None if there is none. No test visits."""
        where, of_place = PUBLISHED, tuple[str, ...]()
        if branch:
            where, of_place = f"{PUBLISHED} and branch_code = ?", (branch,)
        elif area is not None:
            in_area = "branch_code in (select code from branch where coalesce(area_code, '') = ?)"
            where, of_place = f"{PUBLISHED} and {in_area}", (area,)
        # Of one branch they are few; all others lie close together in the index of the published ones.
        by_day = "" if branch else "indexed by visit_published"
        return day_from(self._rows(f"select max(visited_on) from visit {by_day}", where, of_place)[0][0])  # noqa: S608 - ours

    def newest_id(self) -> str:
        """The id of the visit begun last; empty if none was."""
        return str(self._rows("select max(id) from visit")[0][0] or "")

    def count(self, state: VisitState) -> int:
        return int(self._rows("select count(*) from visit", "state = ?", (state,))[0][0])

    def save(self, visit: Visit) -> str:
        """Its answers as they were written down, for the message that is kept beside it."""
        answers = answers_text(visit.answers)
        self._put("visit", ("id",), _to_row(visit, answers))
        return answers

    def _list(self, where: str, parameters: tuple[Column, ...], tail: str) -> list[Visit]:
        return [_from_row(row) for row in self._rows("select * from visit", where, parameters, tail)]


def answers_text(answers: Answers) -> str:
    """Answers as JSON: question id -> {value, comment, facts, photos}, leaving out what is empty."""
    return plain_text({id: answer_to_tree(answer) for id, answer in answers.items()})


def answers_from(text: str) -> dict[str, Answer]:
    """The answers that were written so."""
    return {id: answer_from_tree(tree) for id, tree in plain_from(text).items()}


def without_positions(visit: Visit) -> Visit:
    """The visit once the period has passed in which positions are kept: its marks keep their moments alone."""
    return replace(visit, marks=tuple(replace(mark, position=None) for mark in visit.marks))


def visits_seen_by(person: Person) -> Narrowing:
    """The condition on the table of visits that leaves what this person may see."""
    branches = "branch_code in (select code from branch where area_code = ?)"
    return narrowed_to(
        person,
        {
            Scope.AREA: Narrowing(f"{PUBLISHED} and {branches}", (person.area_code,)),
            Scope.BRANCH: Narrowing(f"{PUBLISHED} and branch_code = ?", (person.branch_code,)),
            Scope.OWN: Narrowing("shopper_id = ?", (person.id,)),
        },
    )


def answer_to_tree(answer: Answer) -> dict[str, object]:
    """One answer as plain JSON, leaving out what is empty."""
    value, comment, facts, photos = answer
    tree: dict[str, object] = {}
    if value is not None:
        tree["value"] = value if isinstance(value, PLAIN) else dict(value)
    if comment:
        tree["comment"] = comment
    if facts:
        tree["facts"] = facts
    if photos:
        tree["photos"] = photos
    return tree


def answer_from_tree(tree: dict[str, Any]) -> Answer:
    """The answer that was written so."""
    value = tree.get("value")
    return Answer(
        value=tuple(value) if isinstance(value, list) else value,
        comment=tree.get("comment", ""),
        facts=tuple(tree.get("facts", ())),
        photos=tuple(tree.get("photos", ())),
    )


def _to_row(visit: Visit, answers: str) -> dict[str, Column]:
    return {
        "id": visit.id,
        "assignment_id": visit.assignment_id,
        "branch_code": visit.branch_code,
        "shopper_id": visit.shopper_id,
        "checklist_id": visit.checklist_id,
        "version": visit.version,
        "scenario": visit.scenario,
        "state": visit.state.value,
        "answers": answers,
        "odd": json_text(dict(visit.odd)) if visit.odd else "{}",
        "marks": _marks_text(visit.marks),
        "started_at": instant_text(visit.started_at),
        "submitted_at": optional_instant_text(visit.submitted_at),
        "visited_on": day_text(visit.visited_on),
        "published_at": optional_instant_text(visit.published_at),
        "stopped_reason": visit.stopped_reason,
        "flags": plain_text([flag.value for flag in visit.flags]),
        "head": visit.head,
        "test": int(visit.test),
    }


def _marks_text(marks: Sequence[Mark]) -> str:
    spell = json_text if any(mark.position for mark in marks) else plain_text  # a position is made of floats
    return spell([mark_to_tree(mark) for mark in marks])


def _from_row(row: Row) -> Visit:
    return Visit(
        id=row["id"],
        assignment_id=row["assignment_id"],
        branch_code=row["branch_code"],
        shopper_id=row["shopper_id"],
        checklist_id=row["checklist_id"],
        version=row["version"],
        state=VisitState(row["state"]),
        started_at=instant_from(row["started_at"]),
        scenario=row["scenario"],
        answers=answers_from(row["answers"]),
        odd=json_from(row["odd"]),
        marks=tuple(mark_from_tree(tree) for tree in json_from(row["marks"])),
        submitted_at=optional_instant_from(row["submitted_at"]),
        visited_on=day_from(row["visited_on"]),
        published_at=optional_instant_from(row["published_at"]),
        stopped_reason=row["stopped_reason"],
        flags=tuple(Flag(word) for word in plain_from(row["flags"])),
        head=row["head"],
        test=bool(row["test"]),
    )
