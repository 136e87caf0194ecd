"""Visits as the office reads them: what waits, one visit with its evidence, publishing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Blueprint, Response, make_response, redirect, render_template, request

from audit.actions.merging import OtherVersion, other_versions
from audit.actions.publishing import publish_visit
from audit.actions.visiting import circumstances_of
from audit.domain.checklist.answers import show_answer
from audit.domain.checklist.model import NO_ANSWER, Answer, Checklist, Question, Section
from audit.domain.checklist.questions.writing import WrittenText
from audit.domain.checklist.visibility import visible
from audit.domain.correction import Correction
from audit.domain.people import May
from audit.domain.score import QuestionScore, Score
from audit.domain.visit import Visit, VisitState
from audit.formatting import Formats
from audit.reports.corrections import facts_in_words
from audit.web.access import requires, shelves, this_moment, viewer
from audit.web.languages import gettext, language, ngettext
from audit.web.notices import tell_next_page

doors = Blueprint("submitted_visits", __name__)

PAGE = 50


@dataclass(frozen=True)
class CorrectedHere:
    """A correction as the office reads it: what stood there before, in words, empty where only words beside it were
    corrected; and the name of who corrected it."""

    correction: Correction
    before: str
    who: str


@dataclass(frozen=True)
class Line:
    """One question with its answer and the facts that were picked, in words, what it earned, what was corrected in it,
    oldest first, and whether this reader may correct it. Of its photos those that are `kept`, and those that are `gone`
    since their time has passed; all others have not arrived."""

    question: Question
    answer: Answer
    shown: str
    facts: tuple[str, ...]
    score: QuestionScore | None
    corrected: Sequence[CorrectedHere] = ()
    correctable: bool = False
    kept: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Part:
    """One section that was seen, with its lines."""

    section: Section
    lines: list[Line]


@doors.get("/visits")
@requires(May.READ_VISITS)
def show_all() -> str:
    """What waits to be read, the longest waiting first; then the others, newest first; a page at a time of either."""
    store = shelves()
    visits = store.visits.visible_to(viewer())
    waiting, page = waiting_and_others(PAGE + 1)
    shown = [*waiting[:PAGE], *page[:PAGE]]
    return render_template(
        "submitted_visits/list.html",
        waiting=waiting[:PAGE],
        waiting_count=visits.count(VisitState.SUBMITTED),
        waiting_on=waiting[PAGE - 1].id if len(waiting) > PAGE else None,
        visits=page[:PAGE],
        following=page[PAGE - 1].id if len(page) > PAGE else None,
        branches=store.branches.find_many(visit.branch_code for visit in shown),
        shoppers=store.people.find_many(visit.shopper_id for visit in shown),
        scores=store.scores.shown_of([visit.id for visit in shown]),
        formats=Formats(language()),
    )


def waiting_and_others(most: int) -> tuple[list[Visit], list[Visit]]:
    """From the page on that the address asks for: what waits to be read, and all others; so many of each at most."""
    visits, after, read_up_to = shelves().visits.visible_to(viewer()), request.args.get("after"), None
    if request.args.get("waiting"):
        read_up_to = visits.find(request.args["waiting"])
    waiting = visits.list_submitted(most, read_up_to) if after is None else []
    return waiting, visits.latest(most, after, [state for state in VisitState if state is not VisitState.SUBMITTED])


@doors.get("/visits/<visit_id>")
@requires(May.READ_VISITS)
def show(visit_id: str) -> str:
    """One visit on one page, with its evidence."""
    store = shelves()
    visit = store.visits.visible_to(viewer()).find(visit_id)
    branch = store.branches.find(visit.branch_code)
    published = store.checklists.find(visit.checklist_id, visit.version)
    score = store.scores.of(visit.id)
    return render_template(
        "submitted_visits/visit.html",
        visit=visit,
        branch=branch,
        published=published,
        shopper=store.people.find(visit.shopper_id),
        assignment=store.assignments.find(visit.assignment_id),
        score=score,
        parts=parts_of(visit, score),
        mark_titles=mark_titles(),
        photos=[photo for photo in store.photos.of_visit(visit.id) if photo.sha256 in visit.photos],
        kept=store.photos.pictures.has,
        versions=[(version, _words(visit, version)) for version in other_versions(store, visit)],
        delay=in_words(visit.delay) if visit.delay is not None else "",
        zone=branch.zone(store.programme.find()),
        f=Formats(language()),
    )


@doors.post("/visits/<visit_id>/publication")
@requires(May.PUBLISH_VISITS)
def publish(visit_id: str) -> Response:
    """Let area and branch read the visit."""
    publish_visit(shelves(), viewer(), visit_id, this_moment())
    tell_next_page(gettext("The visit is published. Its area and its branch can read it now."))
    return make_response(redirect(f"/visits/{visit_id}", 303))


def in_words(time: timedelta) -> str:
    """A length of time in its one or two largest units."""
    minutes = max(0, round(time.total_seconds() / 60))
    if minutes < 60:
        return ngettext("%d minute", "%d minutes", minutes) % minutes
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    return ngettext("%d day", "%d days", hours // 24) % (hours // 24)


def mark_titles() -> dict[str, str]:
    """What the marks of a visit are called."""
    return {
        "enter": gettext("Entered"),
        "greeted": gettext("Greeted"),
        "served": gettext("Served"),
        "leave": gettext("Left"),
    }


def parts_of(visit: Visit, score: Score | None) -> list[Part]:
    """The sections and questions that were asked for, with what was answered. What was hidden costs nobody time."""
    store = shelves()
    checklist = store.checklists.find(visit.checklist_id, visit.version).checklist
    seen = visible(checklist, visit.answers, circumstances_of(store, visit)).questions
    scores = {line.id: line for line in score.questions} if score else {}
    corrected = _corrected(visit, checklist)
    parts = []
    for section in checklist.sections:
        asked = [question for question in section.questions if question.id in seen]
        lines = [_line(visit, question, scores, corrected) for question in asked]
        if lines:
            parts.append(Part(section, lines))
    return parts


def line_of(visit: Visit, question: Question) -> Line:
    """One question as it stands, with what was corrected in it, for a page on which it is corrected already."""
    checklist = shelves().checklists.find(visit.checklist_id, visit.version).checklist
    return replace(_line(visit, question, {}, _corrected(visit, checklist)), correctable=False)


def _words(visit: Visit, version: OtherVersion) -> list[tuple[str, str]]:
    """The questions about which this version says something else, and what it says."""
    checklist = shelves().checklists.find(visit.checklist_id, visit.version).checklist
    told = []
    for id, word in version.words.items():
        question = checklist.by_id.get(id)
        title = question.title.in_language(language()) if question else id
        if question and isinstance(word, Answer):
            told.append((title, " · ".join(filter(None, (show_answer(question, word, language()), word.comment)))))
        else:
            told.append((title, str(getattr(word, "tree", ""))))
    return told


def _line(
    visit: Visit,
    question: Question,
    scores: dict[str, QuestionScore],
    corrected: dict[str, list[CorrectedHere]],
) -> Line:
    answer = visit.answers.get(question.id, NO_ANSWER)
    shown, facts = show_answer(question, answer, language()), facts_in_words(question, answer, language())
    offered = visit.was_sent and question.kind.name != "photo" and viewer().may(May.CORRECT_VISITS)
    line = Line(question, answer, shown, facts, scores.get(question.id), corrected.get(question.id, ()), offered)
    if not answer.photos:
        return line
    photos = shelves().photos
    arrived = photos.arrived_for([visit.id])[visit.id]
    kept = frozenset(filter(photos.pictures.has, arrived))
    return replace(line, kept=kept, gone=arrived - kept)


def _corrected(visit: Visit, checklist: Checklist) -> dict[str, list[CorrectedHere]]:
    """By question, what was corrected in the visit."""
    store = shelves()
    corrections = store.corrections.of_visit(visit.id)
    people = store.people.find_many(one.who for one in corrections)
    found: dict[str, list[CorrectedHere]] = {}
    for one in corrections:
        here = CorrectedHere(one, _before(checklist.by_id[one.question_id], one), people[one.who].name)
        found.setdefault(one.question_id, []).append(here)
    return found


def _before(question: Question, one: Correction) -> str:
    """What stood there, in words; of a text that is no longer kept, that it is not."""
    if one.unread is not None:
        return str(one.unread)
    shown = show_answer(question, one.before, language())
    if not shown and one.words and isinstance(question.kind, WrittenText):
        return gettext("words that are no longer kept, or none")
    if (one.before.value, one.before.facts) == (one.after.value, one.after.facts):
        return ""
    parts = [shown or gettext("not answered"), *facts_in_words(question, one.before, language())]
    return " · ".join(parts)
