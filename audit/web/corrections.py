"""Corrections: the page on which the programme office puts one answer of a visit right, with a reason, in the open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request
from wtforms import TextAreaField
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta

from audit.actions.correcting import Wish, correct_answer, find_correctable, mark_of
from audit.domain.checklist.model import NO_ANSWER, Demand, Question
from audit.domain.correction import MOST_OF_REASON, Correction
from audit.domain.errors import InvalidAnswer, InvalidField, Overtaken
from audit.domain.people import May
from audit.domain.visit import Visit, VisitState
from audit.formatting import Formats
from audit.web.access import requires, shelves, this_moment, viewer
from audit.web.answer_fields import AnswerField
from audit.web.languages import gettext, language, lazy, tell
from audit.web.notices import tell_next_page
from audit.web.office_forms import OfficeForm, at_most, needed
from audit.web.posted_visits import language_of
from audit.web.submitted_visits import line_of

doors = Blueprint("corrections", __name__)

PATH = "/visits/<visit_id>/answers/<question_id>/correction"


class CorrectedAnswerField(AnswerField):
    """The question as its shopper was asked it, with all that it may ask for in sight, and without its photos."""

    runs = False

    @property
    def takes_photos(self) -> bool:
        """Photos stay as they were sent."""
        return False

    @property
    def photos(self) -> tuple[str, ...]:
        """None to be shown."""
        return ()

    @property
    def demands(self) -> list[tuple[Demand, bool, dict[str, object]]]:
        """All of them: no script shows and hides here."""
        return [(demand, True, test) for demand, _, test in super().demands]

    @property
    def wants_comment(self) -> bool:
        """The shopper's sentence can be corrected whatever the answer."""
        return True


class ReasonForm(OfficeForm):
    """Why."""

    reason = TextAreaField(
        lazy("Why is it corrected?"),
        [needed(lazy("Say in a sentence why the answer is corrected.")), at_most(MOST_OF_REASON)],
        description=lazy("It is printed beside the answer for everybody who reads the visit. Name nobody."),
        render_kw={"rows": 3, "dir": "auto", "autocomplete": "off"},
    )


@dataclass(frozen=True)
class Asking:
    """What is asked on the page: of which visit, the question, and the reason. `seen` is the mark of the answer that
    was shown beside it; `overtaken` says that another one is shown now."""

    visit: Visit
    field: CorrectedAnswerField
    form: ReasonForm
    seen: str | None
    overtaken: bool = False


@doors.get(PATH)
@requires(May.CORRECT_VISITS)
def ask(visit_id: str, question_id: str) -> str:
    """The question with the answer that stands there, and a field for the reason."""
    visit, question = find_correctable(shelves(), viewer(), visit_id, question_id)
    return _page(Asking(visit, _field(visit, question, None), ReasonForm(), mark_of(visit, question.id)))


@doors.post(PATH)
@requires(May.CORRECT_VISITS)
def correct(visit_id: str, question_id: str) -> Response:
    """Correct it, and show where it stands in the visit."""
    visit, question = find_correctable(shelves(), viewer(), visit_id, question_id)
    asking = Asking(visit, _field(visit, question, request.form), ReasonForm(request.form), request.form.get("seen"))
    try:
        correction = _try(asking)
    except Overtaken as refusal:
        return make_response(_page(_beside_what_stands(asking, refusal)), 409)
    if correction is None:
        return make_response(_page(asking), 422)
    tell_next_page(_told(visit, correction))
    return make_response(redirect(f"/visits/{visit.id}#a-{question.id}", 303))


def _try(asking: Asking) -> Correction | None:
    """The correction; None where something is to be mended, which then stands beside its field."""
    field, form = asking.field, asking.form
    fits = form.validate()
    field.errors = [*field.process_errors, *([tell(field.refusal)] if field.refusal else [])]
    if not fits or field.errors:
        return None
    wish = Wish(field.tree, form.reason.data or "", asking.seen)
    try:
        return correct_answer(shelves(), viewer(), asking.visit.id, field.question.id, wish, this_moment())
    except InvalidAnswer as refusal:
        field.errors = [tell(refusal)]
    except InvalidField as refusal:
        form.refuse(refusal)
    return None


def _beside_what_stands(asking: Asking, refusal: Overtaken) -> Asking:
    """What was typed, beside the answer as it stands now; words that there was no field for stay as they are."""
    question = asking.field.question
    visit, _ = find_correctable(shelves(), viewer(), asking.visit.id, question.id)
    typed = request.form.copy()
    typed.setdefault(asking.field.part("comment"), visit.answers.get(question.id, NO_ANSWER).comment)
    field = _field(visit, question, typed)
    field.errors = [tell(refusal)]
    return Asking(visit, field, asking.form, mark_of(visit, question.id), overtaken=True)


def _field(visit: Visit, question: Question, typed: Any) -> CorrectedAnswerField:
    checklist = shelves().checklists.find(visit.checklist_id, visit.version).checklist
    name = f"q-{question.id}"
    unbound: Any = {name: CorrectedAnswerField(question, language_of(checklist.languages))}
    form = BaseForm(unbound, meta=DefaultMeta())
    stands = visit.odd.get(question.id, visit.answers.get(question.id, NO_ANSWER))
    form.process(typed, data={name: stands})
    field = form[name]
    assert isinstance(field, CorrectedAnswerField)
    return field


def _page(asking: Asking) -> str:
    field, form, store = asking.field, asking.form, shelves()
    complaints = [(field.id, words) for words in field.errors] + [("reason", words) for words in form.reason.errors]
    branch = store.branches.find(asking.visit.branch_code)
    return render_template(
        "corrections/correction.html",
        visit=asking.visit,
        branch=branch,
        f=field,
        form=form,
        complaints=complaints,
        complained=bool(complaints),
        published=asking.visit.state is VisitState.PUBLISHED,
        stands=asking.visit.answers.get(field.question.id, NO_ANSWER),
        seen=asking.seen,
        meanwhile=line_of(asking.visit, field.question) if asking.overtaken else None,
        zone=branch.zone(store.programme.find()),
        formats=Formats(language()),
    )


def _told(visit: Visit, correction: Correction) -> str:
    """What came of it, for the next page."""
    before, after = correction.score_before.shown, correction.score_after.shown
    if before == after:
        said = gettext("The answer is corrected. The score stays as it was.")
    elif before is None or after is None:
        said = gettext("The answer is corrected, and the visit scored anew.")
    else:
        said = gettext("The answer is corrected. The score was %(before)s %% and is now %(after)s %%.")
        said %= {"before": before, "after": after}
    if visit.state is VisitState.PUBLISHED:
        said += " " + gettext("Reports that tell of it are printed anew.")
    return said
