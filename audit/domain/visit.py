"""The visit and its states: draft -> submitted -> (returned ->) approved -> published; or stopped, never scored.

Owns marks, flags and transitions. Refuses to read clocks or to score. What a phone or a page sends is read in
`submission`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from audit.domain.assignment import Assignment
from audit.domain.checklist.model import Answer, Answers, Checklist
from audit.domain.errors import TooLate


class VisitState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    STOPPED = "stopped"


class Flag(StrEnum):
    """Something the office should know about a visit that was taken all the same."""

    LATE = "late"
    INCOMPLETE = "incomplete"
    ODD_ANSWERS = "odd_answers"
    OLD_VERSION = "old_version"
    SECOND_SUBMISSION = "second_submission"
    NO_ENTER_MARK = "no_enter_mark"
    PHOTOS_MISSING = "photos_missing"
    OTHER_VERSION = "other_version"
    CLOCK_OFF = "clock_off"
    CORRECTED = "corrected"


ENTER, GREETED, SERVED, LEAVE = "enter", "greeted", "served", "leave"
# The moments that every visit offers to mark, in their order; a place may belong to the first and the last.
MOMENTS = (ENTER, GREETED, SERVED, LEAVE)
PLACED = (ENTER, LEAVE)
CLOCK_SLACK = timedelta(days=1)


@dataclass(frozen=True)
class Position:
    """Where the phone believed it was: degrees, and the radius in metres it vouched for. A signal, never a lock."""

    latitude: float
    longitude: float
    accuracy_m: float


@dataclass(frozen=True)
class Mark:
    """A moment the shopper marked. `refused` is the reason given for not offering a position, which is fine."""

    name: str
    at: datetime
    position: Position | None = None
    refused: str = ""


@dataclass(frozen=True)
class Visit:
    """One visit by one shopper to one branch, bound for ever to one version of a checklist.

    `head` is the id of the message whose answers stand here. `odd` holds answers that the questions could not take, as
    they were sent: kept, flagged, not scored.
    """

    id: str
    assignment_id: str
    branch_code: str
    shopper_id: str
    checklist_id: str
    version: int
    state: VisitState
    started_at: datetime
    scenario: str | None = None
    answers: Answers = field(default_factory=dict)
    odd: Mapping[str, object] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    submitted_at: datetime | None = None
    visited_on: date | None = None
    published_at: datetime | None = None
    stopped_reason: str = ""
    flags: tuple[Flag, ...] = ()
    head: str | None = None
    test: bool = False

    @property
    def open(self) -> bool:
        """Whether the shopper may still write in it."""
        return self.state in (VisitState.DRAFT, VisitState.RETURNED)

    @property
    def untouched(self) -> bool:
        """Whether it is a draft in which nothing was answered, marked or typed: made ready, and not begun."""
        return self.state is VisitState.DRAFT and not (self.answers or self.marks or self.odd)

    def must_be_open(self) -> None:
        """Raise TooLate once the visit has been sent or stopped."""
        if self.state is VisitState.STOPPED:
            raise TooLate("This visit was stopped. Nothing more is asked of you.")
        if not self.open:
            raise TooLate("This visit was sent already and cannot be changed. The office can return it to you.")

    def mark(self, name: str) -> Mark | None:
        """The first mark of that name."""
        return next((mark for mark in self.marks if mark.name == name), None)

    def marked(self, mark: Mark) -> Visit:
        """The same visit with this mark; a mark made twice keeps its first moment."""
        self.must_be_open()
        return self if self.mark(mark.name) else replace(self, marks=(*self.marks, mark))

    def unmarked(self, name: str) -> Visit:
        """The same visit without that mark, for a mark made by mistake."""
        self.must_be_open()
        return replace(self, marks=tuple(mark for mark in self.marks if mark.name != name))

    def with_answers(self, answers: Answers, odd: Mapping[str, object], head: str) -> Visit:
        """The draft with these answers in place of the ones it held."""
        self.must_be_open()
        return replace(self, answers=answers, odd=odd, head=head)

    def with_photo(self, question_id: str, sha256: str) -> Visit:
        """The draft with one more photo at a question; the same photo twice is one."""
        self.must_be_open()
        answer = self.answers.get(question_id, Answer())
        if sha256 in answer.photos:
            return self
        with_it = answer.with_photos((*answer.photos, sha256))
        return replace(self, answers={**self.answers, question_id: with_it})

    def showing(self, arrived: Collection[str]) -> Visit:
        """The visit as it is read by others: of the photos that its answers name, those that arrived for it."""
        if all(sha in arrived for sha in self.photos):
            return self
        answers = {
            id: answer.with_photos(sha for sha in answer.photos if sha in arrived)
            for id, answer in self.answers.items()
        }
        return replace(self, answers=answers)

    def flagged(self, flag: Flag) -> Visit:
        """The same visit with one more flag for the office."""
        return self if flag in self.flags else replace(self, flags=(*self.flags, flag))

    def unflagged(self, flag: Flag) -> Visit:
        """The same visit without that flag: what it told of has been mended."""
        return replace(self, flags=tuple(word for word in self.flags if word is not flag))

    def submitted(self, now: datetime, day: date, flags: Iterable[Flag]) -> Visit:
        """The visit as sent. It belongs to `day`: that of its entry mark where the branch stands."""
        self.must_be_open()
        return replace(
            self, state=VisitState.SUBMITTED, submitted_at=now, visited_on=day, flags=tuple(dict.fromkeys(flags))
        )

    def entered_at(self, now: datetime) -> datetime | None:
        """When it was entered; None without a mark, or with one that no clock can have made which is right to a day:
        from before the draft was there, or from after `now`, when it arrives."""
        mark = self.mark(ENTER)
        if mark is None or not self.started_at - CLOCK_SLACK <= mark.at <= now + CLOCK_SLACK:
            return None
        return mark.at

    def stopped(self, reason: str, now: datetime) -> Visit:
        """Stop and leave: without harm to anybody, and never scored."""
        self.must_be_open()
        return replace(self, state=VisitState.STOPPED, stopped_reason=reason, submitted_at=now)

    def published(self, now: datetime) -> Visit:
        """The visit as the branch and the area may read it."""
        if self.state not in (VisitState.SUBMITTED, VisitState.APPROVED):
            raise TooLate("Only a visit that was sent and not yet published can be published.")
        return replace(self, state=VisitState.PUBLISHED, published_at=now)

    @property
    def was_sent(self) -> bool:
        """Whether its shopper has sent it, and it did not go back: the office may correct it."""
        return self.state in (VisitState.SUBMITTED, VisitState.APPROVED, VisitState.PUBLISHED)

    def must_be_sent(self) -> None:
        """Raise TooLate for a visit that its shopper still holds, or that was stopped."""
        if not self.was_sent:
            raise TooLate("Only a visit that was sent can be corrected.")

    def corrected(self, question_id: str, answer: Answer) -> Visit:
        """The visit that was sent, with this answer of the office's in place of what stood there, read or not."""
        self.must_be_sent()
        given = {id: one for id, one in {**self.answers, question_id: answer}.items() if one != Answer()}
        odd = {id: tree for id, tree in self.odd.items() if id != question_id}
        mended = replace(self, answers=given, odd=odd).flagged(Flag.CORRECTED)
        return mended if odd else mended.unflagged(Flag.ODD_ANSWERS)

    @property
    def photos(self) -> tuple[str, ...]:
        """The sha256 of every photo in the visit, in the order of the answers, each once."""
        return tuple(dict.fromkeys(sha for answer in self.answers.values() for sha in answer.photos))

    def photos_outside_office(self, checklist: Checklist) -> tuple[str, ...]:
        """Those of the photos that whoever may read the visit sees, the programme office or not."""
        kept = {id for id, question in checklist.by_id.items() if question.kind.photos_for_office}
        seen = (answer for id, answer in self.answers.items() if id not in kept)
        return tuple(dict.fromkeys(sha for answer in seen for sha in answer.photos))

    @property
    def delay(self) -> timedelta | None:
        """From leaving the branch to sending; shown to whoever reads the visit. None without a leave mark."""
        left = self.mark(LEAVE)
        return self.submitted_at - left.at if left and self.submitted_at else None


def begin(id: str, assignment: Assignment, now: datetime) -> Visit:
    """The empty draft of an assignment that is still open."""
    assignment.must_be_open()
    return Visit(
        id=id,
        assignment_id=assignment.id,
        branch_code=assignment.branch_code,
        shopper_id=assignment.shopper_id,
        checklist_id=assignment.checklist_id,
        version=assignment.version,
        state=VisitState.DRAFT,
        started_at=now,
        scenario=assignment.scenario,
        test=assignment.test,
    )
