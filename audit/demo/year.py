"""A year of visits, played through the same verbs that people use: assign, begin, mark, photograph, send, publish.

Everything happens in the order of its moments, so that the journal reads as it would have been written.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from audit.actions.assigning import Offer, assign_visit
from audit.actions.publishing import publish_visit
from audit.actions.submitting import receive_submission, save_draft
from audit.actions.visiting import begin_visit, circumstances_of, stop_visit
from audit.demo.answering import Walk, walk_through
from audit.demo.calendar import STOPPED, Plan
from audit.demo.chance import id_at, stream
from audit.demo.organisation import AT_SEA, PROGRAMME
from audit.demo.pictures import Subject, draw
from audit.demo.temper import Tempers
from audit.domain.assignment import Assignment
from audit.domain.checklist.model import Answer, PublishedChecklist
from audit.domain.people import Person
from audit.domain.submission import Submission, canonical
from audit.domain.visit import ENTER, LEAVE, Mark, Position, Visit
from audit.intake.photos import CleanPhoto, clean_photo
from audit.storage.store import Store

HOURS = {"morning": "between 9 and 12", "midday": "between 11:30 and 14", "afternoon": "between 14 and 17"}
HOURS["evening"] = "from 17 until closing"
REFUSALS = ("Position is switched off on this phone.", "I do not want to share it here.", "No signal inside.")
STOPPED_BECAUSE = "A neighbour of mine works here now and greeted me by name."

Event = tuple[datetime, int, int, Callable[[], object]]


@dataclass
class Year:
    """The store that is filled, who does the office's part, and what was drawn so far."""

    store: Store
    admin: Person
    published: Mapping[str, PublishedChecklist]
    seed: int
    photos_kept: int = 0

    def __post_init__(self) -> None:
        self.tempers = Tempers(self.seed)
        self._assignments: dict[int, Assignment] = {}
        self._visits: dict[int, Visit] = {}
        self._fronts: dict[tuple[str, str], CleanPhoto] = {}

    def play(self, plans: Sequence[Plan]) -> None:
        """Let everything that was planned happen, moment by moment."""
        events: list[Event] = []
        for plan in plans:
            for order, (moment, event) in enumerate(self._events(plan)):
                heapq.heappush(events, (moment, plan.number, order, event))
        while events:
            heapq.heappop(events)[-1]()

    def _events(self, plan: Plan) -> Iterable[tuple[datetime, Callable[[], object]]]:
        yield plan.assigned_at, lambda: self.assign(plan)
        yield plan.entered_at - timedelta(minutes=8), lambda: self.begin(plan)
        if plan.fate == STOPPED:
            yield plan.sent_at, lambda: self._stop(plan)
            return
        yield plan.sent_at, lambda: self.send(plan)
        if plan.published_at is not None:
            yield plan.published_at, lambda: self._publish(plan)

    def assign(self, plan: Plan, note: str = "", test: bool = False) -> Assignment:
        """The assignment behind a plan."""
        offer = Offer(
            branch_code=plan.branch.code,
            checklist_id=plan.checklist_id,
            version=self.published[plan.checklist_id].version,
            shopper_id=plan.shopper.id,
            until=plan.until,
            scenario=plan.scenario,
            not_before=plan.branch.day_of(plan.assigned_at, PROGRAMME),
            hours=HOURS[plan.part],
            note=note,
            test=test,
        )
        assignment = assign_visit(self.store, self.admin, offer, plan.assigned_at)
        self._assignments[plan.number] = assignment
        return assignment

    def begin(self, plan: Plan) -> Visit:
        """The draft, begun some minutes before the door."""
        moment = plan.entered_at - timedelta(minutes=8)
        visit = begin_visit(self.store, plan.shopper, self._assignments[plan.number].id, moment)
        self._visits[plan.number] = visit
        return visit

    def send(self, plan: Plan) -> None:
        """Answers, marks and photos, sent as one finished submission."""
        answers = self._answers(plan)
        submission, raw = self._envelope(plan, answers)
        receive_submission(self.store, plan.shopper, submission, raw, plan.sent_at)

    def save_beginning(self, plan: Plan, questions: int) -> None:
        """The first so many answers, kept as a draft."""
        answers = dict(list(self._answers(plan, with_photos=False).items())[:questions])
        submission, raw = self._envelope(plan, answers, left=False)
        save_draft(self.store, plan.shopper, submission, raw, plan.sent_at)

    def _stop(self, plan: Plan) -> None:
        stop_visit(self.store, plan.shopper, self._visits[plan.number].id, STOPPED_BECAUSE, plan.sent_at)

    def _publish(self, plan: Plan) -> None:
        assert plan.published_at is not None
        publish_visit(self.store, self.admin, self._visits[plan.number].id, plan.published_at)

    def _answers(self, plan: Plan, with_photos: bool = True) -> dict[str, Answer]:
        checklist = self.published[plan.checklist_id].checklist
        circumstances = circumstances_of(self.store, self._visits[plan.number])
        walk = walk_through(plan, checklist, circumstances, self.tempers)
        answers = walk.answers
        if with_photos:
            for question, shas in self._photographs(plan, walk).items():
                answers[question] = answers.get(question, Answer()).with_photos(shas)
        return answers

    def _photographs(self, plan: Plan, walk: Walk) -> dict[str, tuple[str, ...]]:
        """Draw, clean and keep what was photographed, all in one transaction; photos by question."""
        drawn = {question: self._photo(plan, name) for question, name in walk.pictures.items()}
        visit = self._visits[plan.number]
        with self.store.transaction():
            for question, photo in drawn.items():
                if not self.store.photos.known([photo.sha256]):
                    self.store.photos.add(photo, plan.left_at)
                    self.photos_kept += 1
                self.store.photos.attach(visit.id, question, photo.sha256, plan.left_at)
                self.store.journal.write(
                    who=plan.shopper.id, what="visit.photo_kept", which=visit.id, when=plan.sent_at, after=photo.sha256
                )  # fmt: skip
        return {question: (photo.sha256,) for question, photo in drawn.items()}

    def _photo(self, plan: Plan, name: str) -> CleanPhoto:
        """A front looks the same at every visit in the same light; a receipt is never like another."""
        subject = Subject(name, plan.branch.code, plan.part, plan.paid_here, plan.checklist_id == "restaurant")
        if name != "front":
            return clean_photo(draw(subject, stream(self.seed, name, plan.number)))
        key = (plan.branch.code, plan.part)
        if key not in self._fronts:
            self._fronts[key] = clean_photo(draw(subject, stream(self.seed, "front", plan.branch.code)))
        return self._fronts[key]

    def _envelope(self, plan: Plan, answers: Mapping[str, Answer], *, left: bool = True) -> tuple[Submission, bytes]:
        chance = stream(self.seed, "envelope", plan.number)
        submission = Submission(
            msg_id=id_at(chance, plan.sent_at),
            visit_id=self._visits[plan.number].id,
            device=f"phone-{plan.shopper.pseudonym[-4:].lower()}",
            n=0,
            checklist=plan.checklist_id,
            version=self.published[plan.checklist_id].version,
            answers={id: answer_tree(answer) for id, answer in answers.items()},
            marks=tuple(_marks(plan, chance))[: None if left else 1],
            photos=tuple(sha for answer in answers.values() for sha in answer.photos),
        )
        return submission, canonical(submission.to_tree())


def answer_tree(answer: Answer) -> dict[str, object]:
    """An answer as a phone sends it."""
    value: object = answer.value
    if isinstance(value, tuple):
        value = list(value)
    elif isinstance(value, Mapping):
        value = dict(value)
    parts = {
        "value": value,
        "comment": answer.comment,
        "facts": list(answer.facts),
        "photos": list(answer.photos),
    }
    return {name: part for name, part in parts.items() if part not in (None, "", [])}


def _marks(plan: Plan, chance: Random) -> Iterable[Mark]:
    """Entering and leaving, with a position where one was offered."""
    offered = plan.checklist_id != "phone-call" and chance.random() < 0.7
    refused = "" if offered or plan.checklist_id == "phone-call" else chance.choice(REFUSALS)
    for name, moment in ((ENTER, plan.entered_at), (LEAVE, plan.left_at)):
        yield Mark(name, moment, _position(plan, chance) if offered else None, refused)


def _position(plan: Plan, chance: Random) -> Position:
    """Somewhere near the branch, which lies in the open sea: nobody is there to be found."""
    latitude, longitude = AT_SEA[plan.branch.area_code or ""]
    near = stream(0, "place", plan.branch.code)
    accuracy = round(chance.lognormvariate(2.9, 0.7), 1)
    return Position(
        round(latitude + near.uniform(-0.4, 0.4) + chance.gauss(0, accuracy / 150_000), 6),
        round(longitude + near.uniform(-0.6, 0.6) + chance.gauss(0, accuracy / 110_000), 6),
        accuracy,
    )
