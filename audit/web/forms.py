"""The visit's form, made from its checklist: one field a question, in the steps of its sections.

Owns what is seen and what is missing on the page. Refuses to know where answers are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from markupsafe import Markup
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta

from audit.domain.checklist.model import NO_ANSWER, Answer, Checklist, Circumstances, Section
from audit.domain.checklist.visibility import Missing, Visible, missing, visible
from audit.web.answer_fields import AnswerField, rule_of
from audit.web.languages import lazy, said

MISSING_WORDS = {
    "answer": lazy("Answer this question."),
    "comment": lazy("Say in your own words what you saw."),
    "photo": lazy("Add a photo."),
    "facts": lazy("Choose what you saw."),
}


class VisitForm(BaseForm):
    """All questions of a checklist. `kept` are answers by question id, `odd` the trees no question could take."""

    def __init__(
        self,
        checklist: Checklist,
        circumstances: Circumstances,
        language: str,
        formdata: Any = None,
        kept: Mapping[str, Answer] | None = None,
        odd: Mapping[str, object] | None = None,
    ) -> None:
        unbound: Any = {f"q-{q.id}": AnswerField(q, language) for q in checklist.questions()}
        super().__init__(unbound, meta=DefaultMeta())
        self.checklist = checklist
        self.circumstances = circumstances
        data = {f"q-{id}": value for id, value in {**(kept or {}), **(odd or {})}.items()}
        self.process(formdata, data=data)
        self.look()

    @property
    def fields(self) -> list[AnswerField]:
        """Every question's field, in the order of the checklist."""
        return [cast("AnswerField", f) for f in self]

    @property
    def answers(self) -> dict[str, Answer]:
        """The answers that the questions can take."""
        return {f.question.id: f.answer for f in self.fields if f.answer != NO_ANSWER}

    @property
    def trees(self) -> dict[str, object]:
        """Every answer as it was typed, for the envelope."""
        return {f.question.id: f.tree for f in self.fields if f.tree}

    def at(self, question_id: str) -> AnswerField:
        """The field of a question; KeyError for an unknown one."""
        return cast("AnswerField", self[f"q-{question_id}"])

    def look(self) -> Visible:
        """Decide anew what is seen, with the answers as they stand now."""
        seen = visible(self.checklist, self.answers, self.circumstances)
        for f in self.fields:
            f.hidden = f.question.id not in seen.questions
        self.lacking = missing(self.checklist, self.answers, self.circumstances)
        for f in self.fields:
            f.lacks = [lack.what for lack in self.lacking if lack.question_id == f.question.id]
        return seen

    def complain_of(self, lacking: Sequence[Missing]) -> None:
        """Say beside each question what is still missing, unless a complaint stands there already."""
        for lack in lacking:
            f = self.at(lack.question_id)
            f.errors = [*f.errors, str(MISSING_WORDS[lack.what])]

    @property
    def takes_photos(self) -> bool:
        """Whether any question takes photos."""
        return any(f.takes_photos for f in self.fields)

    @property
    def complaints(self) -> list[tuple[str, str]]:
        """For the summary on top: where each complaint stands, and its words, in the order of the page."""
        return [
            (f.id, Markup("{} {}").format(said(f.label.text, f.language), words))
            for f in self.fields
            for words in f.errors
        ]

    @property
    def steps(self) -> list[Step]:
        """The sections in order, seen ones numbered."""
        steps, number = [], 0
        for section in self.checklist.sections:
            fields = [self.at(question.id) for question in section.questions]
            hidden = all(f.hidden for f in fields)
            number += not hidden
            steps.append(Step(section, fields, hidden, number))
        return steps


@dataclass(frozen=True)
class Step:
    """One section on the page. `number` counts the sections that are seen."""

    section: Section
    fields: list[AnswerField]
    hidden: bool
    number: int

    @property
    def rule(self) -> dict[str, object] | None:
        """The rule that shows the section, as JSON for the page's script."""
        return rule_of(self.section)

    @property
    def left(self) -> int:
        """How many questions of this section still lack something."""
        return sum(1 for f in self.fields if f.lacks)

    def __iter__(self) -> Iterator[AnswerField]:
        return iter(self.fields)
