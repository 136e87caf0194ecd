"""The shopper's doors: brief, walk through the checklist, checking, sending, receipt, and stop and leave."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request

from audit.actions.submitting import receipt_of, receive_submission
from audit.actions.visiting import begin_visit, clear_mark, make_mark, stop_visit, unfinished
from audit.domain.errors import NotFound
from audit.domain.people import May
from audit.domain.visit import MOMENTS, PLACED, Mark, Visit, VisitState
from audit.formatting import Formats
from audit.web import posted_visits
from audit.web.access import requires, shelves, takes, this_moment, viewer
from audit.web.forms import VisitForm
from audit.web.languages import gettext, language
from audit.web.notices import tell_next_page
from audit.web.posted_visits import form_of, keep_late, keep_posted
from audit.web.visit_pages import check_page, clock_time, form_page

doors = Blueprint("visits", __name__)

LARGEST_MEGABYTES = 100  # a whole form with the photos of a phone; each photo has its own limit besides


@doors.get("/assignments/<assignment_id>")
@requires(May.MAKE_VISITS)
def brief(assignment_id: str) -> str:
    """Before the visit: where, when, what to pretend, how much to spend, and the three things to remember."""
    store = shelves()
    assignment = store.assignments.visible_to(viewer()).find(assignment_id)
    branch, programme = store.branches.find(assignment.branch_code), store.programme.find()
    checklist = store.checklists.find(assignment.checklist_id, assignment.version).checklist
    scenario = checklist.scenario(assignment.scenario)
    limit = assignment.spending_limit
    return render_template(
        "assignments/brief.html",
        assignment=assignment,
        branch=branch,
        currency=programme.currency,
        checklist=checklist,
        scenario=scenario,
        limit=scenario.spending_limit if limit is None and scenario else limit,
        overdue=assignment.is_overdue(branch.day_of(this_moment(), programme)),
        visit=store.visits.visible_to(viewer()).of_assignment(assignment.id),
        words_in=posted_visits.language_of(checklist.languages),
        formats=Formats(language()),
    )


@doors.post("/assignments/<assignment_id>/visit")
@requires(May.MAKE_VISITS)
def begin(assignment_id: str) -> Response:
    """Begin the visit, or go on with it."""
    visit = begin_visit(shelves(), viewer(), assignment_id, this_moment())
    return _go(f"/visits/{visit.id}/form")


@doors.get("/visits/<visit_id>/form")
@requires(May.MAKE_VISITS)
def form(visit_id: str) -> Response | str:
    """The walk through the checklist."""
    visit = _find(visit_id)
    return form_page(visit, form_of(visit)) if visit.open else _go(_where_it_ended(visit))


@doors.post("/visits/<visit_id>/draft")
@requires(May.MAKE_VISITS)
@takes(LARGEST_MEGABYTES)
def save(visit_id: str) -> Response | tuple[str, int]:
    """Keep what was typed, then do what the button says: go on, mark a moment, stamp a watch, check, or stop."""
    visit = _find(visit_id)
    verb, _, rest = request.form.get("do", "save").partition(":")
    posted = form_of(visit, posted=True)
    if not visit.open:
        keep_late(visit, posted)
    if verb == "stamp":
        _stamp(visit, posted, rest)
    fits = keep_posted(visit, posted)
    if verb in ("mark", "unmark"):
        _mark(visit, verb, rest)
    if verb == "stop":
        return _go(f"/visits/{visit.id}/stop")
    if not fits:
        return form_page(_find(visit_id), posted), 422
    if verb == "check":
        return _go(f"/visits/{visit.id}/check")
    place = f"q-{rest.split(':')[0]}" if verb == "stamp" else _next_place(visit, posted, rest) if rest else ""
    return _go(f"/visits/{visit.id}/form" + (f"#{place}" if verb in ("save", "stamp") and place else ""))


@doors.get("/visits/<visit_id>/check")
@requires(May.MAKE_VISITS)
def check(visit_id: str) -> Response | str:
    """Check your answers: what is missing first, then everything, then send."""
    visit = _find(visit_id)
    return check_page(visit, form_of(visit)) if visit.open else _go(_where_it_ended(visit))


@doors.post("/visits/<visit_id>/submission")
@requires(May.MAKE_VISITS)
@takes(LARGEST_MEGABYTES)
def send(visit_id: str) -> Response | tuple[str, int]:
    """Send the visit, either as it is kept or, from a whole form, as it was typed. Twice is harmless."""
    visit, id, whole = _find(visit_id), posted_visits.edit_id(), "whole" in request.form
    if whole or _needs_its_form(visit):
        posted = form_of(visit, posted=whole)
        if not _may_be_sent(visit, posted, whole):
            posted.complain_of(posted.lacking)
            return (form_page if whole else check_page)(_find(visit_id), posted), 422
        trees = posted.trees
    else:
        trees = posted_visits.kept_trees(visit)
    submission = posted_visits.envelope_of(visit, id, posted_visits.served_at(id), trees)
    receive_submission(shelves(), viewer(), submission, submission.spelling, this_moment())
    posted_visits.tell_if_beside(submission.msg_id)
    return _go(f"/visits/{visit.id}/receipt" if visit.open else _where_it_ended(visit))


@doors.get("/visits/<visit_id>/receipt")
@requires(May.MAKE_VISITS)
def receipt(visit_id: str) -> Response | str:
    """Received: when, and how many photos."""
    visit = _find(visit_id)
    sent = [kept for kept in shelves().submissions.of_visit(visit.id) if kept.outcome == "submitted"]
    if visit.state is VisitState.STOPPED and not sent:
        return _go(_where_it_ended(visit))  # it was stopped on another device while it was on its way
    if not sent:
        raise NotFound("There is no such page.")
    return render_template(
        "visits/receipt.html",
        visit=visit,
        receipt=receipt_of(shelves(), visit, sent[0].msg_id),
        branch=shelves().branches.find(visit.branch_code),
        received_at=clock_time(visit, sent[0].received_at),
        formats=Formats(language()),
    )


@doors.get("/visits/<visit_id>/stop")
@requires(May.MAKE_VISITS)
def ask_to_stop(visit_id: str) -> Response | str:
    """Stop and leave: asked once, and afterwards the word that nothing more is wanted."""
    visit = _find(visit_id)
    if visit.state is VisitState.STOPPED:
        return render_template("visits/stopped.html", visit=visit)
    return render_template("visits/stop.html", visit=visit) if visit.open else _go(_where_it_ended(visit))


@doors.post("/visits/<visit_id>/stop")
@requires(May.MAKE_VISITS)
def stop(visit_id: str) -> Response:
    """End the visit without harm to anybody."""
    visit = _find(visit_id)
    if visit.state is not VisitState.STOPPED:
        stop_visit(shelves(), viewer(), visit_id, request.form.get("reason", "").strip()[:1000], this_moment())
    return _go(f"/visits/{visit.id}/stop")


def _find(visit_id: str) -> Visit:
    return shelves().visits.visible_to(viewer()).find(visit_id)


def _go(address: str) -> Response:
    return make_response(redirect(address, 303))


def _where_it_ended(visit: Visit) -> str:
    return f"/visits/{visit.id}/{'stop' if visit.state is VisitState.STOPPED else 'receipt'}"


def _needs_its_form(visit: Visit) -> bool:
    """Whether what is kept of a visit is not yet ready to be sent as it is."""
    return bool(visit.odd or (visit.open and unfinished(shelves(), visit)))


def _may_be_sent(visit: Visit, posted: VisitForm, whole: bool) -> bool:
    """Whether nothing is to be mended first. What was typed in a whole form is kept before it is judged; once the visit
    was sent, nothing is, and its photos are only named."""
    if visit.open:
        fits = keep_posted(visit, posted) if whole else posted.validate()
        return fits and not posted.lacking
    if whole:
        posted_visits.named_photos(posted)
    return True


def _mark(visit: Visit, verb: str, name: str) -> None:
    if name not in MOMENTS:
        raise NotFound("There is no such mark.")
    if verb == "unmark":
        clear_mark(shelves(), viewer(), visit.id, name, this_moment())
        return
    position, refused = posted_visits.posted_position() if name in PLACED else (None, "")
    make_mark(shelves(), viewer(), visit.id, Mark(name, this_moment(), position, refused), this_moment())


def _stamp(visit: Visit, posted: VisitForm, rest: str) -> None:
    """A tap on a stopwatch: its start is kept as an instant, so that it outlives every reload; its stop fills in the
    seconds. A first moment stands until "start again"."""
    question, _, name = rest.partition(":")
    if f"q-{question}" not in posted or name not in ("start", "stop", "again"):
        raise NotFound("There is no such watch.")
    store, person, now = shelves(), viewer(), this_moment()
    if name == "again":
        for end in ("start", "stop"):
            clear_mark(store, person, visit.id, f"{question}:{end}", now)
        return
    started = visit.mark(f"{question}:start")
    if name == "stop" and started is None:
        tell_next_page(gettext("Press the first button of the watch before the second, or write the seconds."))
        return
    marked = make_mark(store, person, visit.id, Mark(f"{question}:{name}", now), now)
    stopped = marked.mark(f"{question}:stop")
    if started and stopped and name == "stop":
        f = posted.at(question)
        f.take({**f.tree, "value": posted_visits.stopwatch_seconds(started.at, stopped.at)})


def _next_place(visit: Visit, posted: VisitForm, section_id: str) -> str:
    """Where to go on: in the same section if answers now ask for more than they did before, else in the next one."""
    steps = [step for step in posted.steps if not step.hidden]
    place = next((n for n, step in enumerate(steps) if step.section.id == section_id), None)
    if place is None:
        return ""
    before = {(lack.question_id, lack.what) for lack in form_of(visit).lacking}
    more = [lack for lack in posted.lacking if (lack.question_id, lack.what) not in before]
    if any(f.question.id == lack.question_id for lack in more for f in steps[place]):
        tell_next_page(gettext("Saved. What you answered asks for a little more here."))
        return f"s-{section_id}"
    return f"s-{steps[min(place + 1, len(steps) - 1)].section.id}"
