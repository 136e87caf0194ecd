"""What the shopper's two large pages are made of: the form, and the page for checking answers before they are sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import render_template, request

from audit.domain.checklist.answers import show_answer
from audit.domain.checklist.model import Checklist
from audit.domain.checklist.visibility import rules_tree
from audit.domain.visit import MOMENTS, Visit
from audit.storage.identifiers import new_id
from audit.web.access import shelves
from audit.web.answer_fields import AnswerField
from audit.web.forms import VisitForm
from audit.web.offline import panels_address
from audit.web.posted_visits import language_of


@dataclass(frozen=True)
class Line:
    """One question on the page for checking: its field, and the answer in words."""

    field: AnswerField
    shown: str


def form_page(visit: Visit, shown: VisitForm) -> str:
    """The whole checklist as one document, with what its rules may ask about for the page's script."""
    for mark in visit.marks:
        question, _, name = mark.name.partition(":")
        if name and f"q-{question}" in shown:
            shown.at(question).stamps[name] = clock_time(visit, mark.at, "%H:%M:%S")
    checklist = shown.checklist
    used = {name: word for name, word in shown.circumstances.branch.items() if name in _branch_names(checklist)}
    kept = shelves().submissions.find(visit.head) if visit.head else None
    moments = {mark.name: mark.at.isoformat() for mark in visit.marks}
    around = {"branch": used, "scenario": visit.scenario, "marks": moments}
    return render_template(
        "visits/form.html",
        visit=visit,
        form=shown,
        branch=shelves().branches.find(visit.branch_code),
        complaints=shown.complaints,
        complained=bool(shown.complaints),
        edit_id=new_id(),
        moments=_moments(visit),
        reason=request.form.get("refused", ""),
        saved_at=clock_time(visit, kept.received_at) if kept else "",
        words_in=language_of(checklist.languages),
        zone=_zone(visit).key,
        panels=panels_address(),
        around={name: what for name, what in around.items() if what},
    )


def check_page(visit: Visit, shown: VisitForm) -> str:
    """What is missing first, then every answer with a way to change it, then the button that sends."""
    tag = language_of(shown.checklist.languages)
    steps = [
        (step, [Line(f, show_answer(f.question, f.answer, tag) or f.text) for f in step if not f.hidden])
        for step in shown.steps
        if not step.hidden
    ]
    shown.validate()
    return render_template(
        "visits/check.html",
        visit=visit,
        branch=shelves().branches.find(visit.branch_code),
        steps=steps,
        open=[f for f in shown.fields if not f.hidden and (f.lacks or f.errors)],
        complained=request.method == "POST",
        edit_id=new_id(),
        moments=_moments(visit),
        words_in=tag,
    )


def _branch_names(checklist: Checklist) -> set[str]:
    """The attributes of the branch that rules ask about: no others leave the server."""
    found: set[str] = set()
    waiting: list[object] = list(rules_tree(checklist))
    while waiting:
        tree = waiting.pop()
        if isinstance(tree, dict):
            found |= {tree["branch"]} if isinstance(tree.get("branch"), str) else set()
            waiting.extend(tree.values())
        elif isinstance(tree, list):
            waiting.extend(tree)
    return found


def _moments(visit: Visit) -> dict[str, str]:
    """From coming to going, as clock times where the branch stands; empty where not marked."""
    return {name: clock_time(visit, mark.at) if (mark := visit.mark(name)) else "" for name in MOMENTS}


def clock_time(visit: Visit, moment: datetime, shape: str = "%H:%M") -> str:
    """A moment on the clock of the branch."""
    return moment.astimezone(_zone(visit)).strftime(shape)


def _zone(visit: Visit) -> ZoneInfo:
    store = shelves()
    return store.branches.find(visit.branch_code).zone(store.programme.find())
