"""The field of one question: what was typed as its answer, right or wrong, judged by the line of code that judges all.

Owns the names of the inputs. Parts of a question's answer are named `q-<id>--comment`, `--facts`, `--kept`, `--absent`,
`--photos` and `--<row>`; ids never hold two hyphens in a row, so that no two names can meet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from wtforms import Field, ValidationError
from wtforms.form import BaseForm
from wtforms.utils import unset_value

from audit.domain.checklist.answers import clean_answer
from audit.domain.checklist.model import ABSENCES, NO_ANSWER, Answer, Demand, Question, Section, Text
from audit.domain.checklist.questions.number import Number
from audit.domain.checklist.questions.numbers import decimal_text
from audit.domain.checklist.questions.stopwatch import Stopwatch
from audit.domain.checklist.questions.writing import WrittenText
from audit.domain.checklist.visibility import demands_of, rule_tree
from audit.domain.checklist.wording import ABSENCE_TITLES
from audit.domain.errors import InvalidAnswer
from audit.web.languages import gettext, tell


class AnswerField(Field):
    """One question. Holds what was typed in any shape; `answer` is what the question makes of it once validated. A
    stopwatch `runs` where the visit is being made."""

    runs = True

    def __init__(self, question: Question, language: str, **wired: Any) -> None:
        super().__init__(question.title.in_language(language), id=f"q-{question.id}", **wired)
        self.question = question
        self.language = language
        self.hidden = False
        self.lacks: list[str] = []
        self.stamps: dict[str, str] = {}
        self.photos_at = ""
        self.tree: dict[str, object] = {}
        self.answer: Answer = NO_ANSWER
        self.refusal: InvalidAnswer | None = None
        self.errors: list[str] = []

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take what was typed, or else what is kept: an answer, or the odd tree that the question could not take."""
        self.process_errors = []
        self.contradicted: list[str] = []
        self.take(tree_of(data) if formdata is None else self._typed(formdata))

    def take(self, tree: dict[str, object]) -> None:
        """Hold this answer in place of the one so far; one that the question cannot take counts as none."""
        self.tree = tree
        try:
            self.answer, self.refusal = clean_answer(self.question, dict(self.tree)), None
        except InvalidAnswer as refusal:
            self.answer, self.refusal = NO_ANSWER, refusal.with_traceback(None)

    def pre_validate(self, form: BaseForm) -> None:
        """The question's own judgement, in the reader's language."""
        if self.refusal is not None:
            raise ValidationError(tell(self.refusal))

    # What the templates ask for.

    def words(self, text: Text) -> str:
        """A text of the checklist in the reader's language."""
        return text.in_language(self.language)

    def part(self, name: str) -> str:
        """The name of the input that holds this part of the answer."""
        return f"{self.name}--{name}"

    @property
    def text(self) -> str:
        """What stands in a field of one box; an absence is ticked, not typed."""
        value = self.tree.get("value")
        return "" if value is None or value in ABSENCES or isinstance(value, list | dict) else str(value)

    def has(self, word: str) -> bool:
        """Whether this choice, or this absence, was made."""
        value = self.tree.get("value")
        return word in value if isinstance(value, list) else str(value) == word

    def row(self, id: str) -> str:
        """The point that was chosen in this row of a grid; an absence of the whole grid stands in each row."""
        value = self.tree.get("value")
        return str(value.get(id) or "") if isinstance(value, dict) else str(value or "")

    @property
    def options(self) -> list[tuple[str, str]]:
        """What can be chosen, as pairs of word and title; for a grid, its scale."""
        kind: Any = self.question.kind
        match kind.name:
            case "yes_no":
                options = kind.options()
            case "rating":
                options = kind.points_worded
            case "grid":
                options = kind.scale
            case _:
                options = kind.options
        return [(option.id, self.words(option.title)) for option in options]

    @property
    def absence(self) -> str:
        """The absence that was chosen, if any."""
        return next((word for word in ABSENCES if self.has(word)), "")

    @property
    def absences(self) -> list[tuple[str, str]]:
        """The absences on offer, as pairs of word and title."""
        return [(word, self.words(ABSENCE_TITLES[word])) for word in self.question.offers]

    def ticked(self, absence: str) -> bool:
        """Whether this absence was ticked, be it beside an answer that contradicts it."""
        return absence in self.contradicted or self.has(absence)

    @property
    def comment(self) -> str:
        return str(self.tree.get("comment") or "")

    @property
    def facts(self) -> Sequence[str]:
        return cast("Sequence[str]", self.tree.get("facts") or ())

    @property
    def photos(self) -> Sequence[str]:
        return cast("Sequence[str]", self.tree.get("photos") or ())

    @property
    def demands(self) -> list[tuple[Demand, bool, dict[str, object]]]:
        """Each demand, whether this answer calls for it, and its test as JSON for the page's script."""
        called = demands_of(self.question, self.answer)
        return [(demand, demand in called, _test_tree(demand)) for demand in self.question.demands]

    @property
    def rule(self) -> dict[str, object] | None:
        """The rule that shows the question, as JSON for the page's script."""
        return rule_of(self.question)

    @property
    def bounds(self) -> dict[str, str] | None:
        """What the page's script judges by itself: the kind where figures are written, and what is too little or too
        much, as words; None where nothing can be written."""
        kind = self.question.kind
        if isinstance(kind, Stopwatch):
            return {"kind": kind.name}
        if isinstance(kind, Number):
            ends = {"least": kind.minimum, "most": kind.maximum}
            words = {name: decimal_text(end) for name, end in ends.items() if end is not None}
            return {"kind": kind.name, **words, **({"places": str(kind.decimals)} if kind.decimals else {})}
        if isinstance(kind, WrittenText):
            return {**({"least": str(kind.min_length)} if kind.min_length else {}), "most": str(kind.max_length)}
        return None

    @property
    def comments(self) -> bool:
        """Whether some answer may call for a comment."""
        return any(demand.comment for demand in self.question.demands)

    @property
    def takes_photos(self) -> bool:
        """Whether photos may stand beside some answer, or are it."""
        return self.question.kind.name == "photo" or any(demand.photo for demand in self.question.demands)

    @property
    def wants_comment(self) -> bool:
        """Whether the box for a comment is open: called for, or written in."""
        return bool(self.comment) or any(demand.comment and called for demand, called, _ in self.demands)

    @property
    def wants_photo(self) -> bool:
        return bool(self.photos) or any(demand.photo and called for demand, called, _ in self.demands)

    def describe(self, *parts: str) -> str:
        """The ids that describe the question: its hint and its complaints, where there are any."""
        there = {"hint": bool(self.question.hint), "wrong": bool(self.errors)}
        return " ".join(f"{self.id}--{part}" for part in (*parts, "hint", "wrong") if there.get(part, True))

    def _typed(self, formdata: Any) -> dict[str, object]:
        tree: dict[str, object] = {
            "value": self._typed_value(formdata),
            "comment": "".join(formdata.getlist(self.part("comment"))[:1]),
            "facts": formdata.getlist(self.part("facts")),
            "photos": formdata.getlist(self.part("kept")),
        }
        return {name: part for name, part in tree.items() if part not in (None, "", [], {})}

    def _typed_value(self, formdata: Any) -> object:
        kind = self.question.kind
        if kind.name == "grid":
            rows = {row.id: formdata.get(self.part(row.id)) for row in kind.rows}  # type: ignore[attr-defined]
            return {row: point for row, point in rows.items() if point}
        typed = formdata.getlist(self.name)
        value = [word for word in typed if word] if kind.name == "choices" else "".join(typed[:1])
        absent = formdata.getlist(self.part("absent"))
        if absent and (value or len(absent) > 1):
            both = gettext("There is an answer and also a mark that there is none. Keep one.")
            self.process_errors = [*self.process_errors, both]
            self.contradicted = absent
        return value or "".join(absent[:1])


def tree_of(data: object) -> dict[str, object]:
    """What is kept, in the shape in which it would be sent."""
    if isinstance(data, Answer):
        value = data.value
        plain = list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
        parts = {"value": plain, "comment": data.comment, "facts": list(data.facts), "photos": list(data.photos)}
        return {name: part for name, part in parts.items() if part not in (None, "", [], {})}
    if isinstance(data, Mapping):
        return dict(data)
    return {} if data is None or data is unset_value else {"value": data}


def rule_of(part: Question | Section) -> dict[str, object] | None:
    """The rule that shows a question or a section, as JSON for the page's script; None if it is always seen."""
    return rule_tree(part.show_if) if part.show_if else None


def _test_tree(demand: Demand) -> dict[str, object]:
    operand = demand.when.operand
    return {demand.when.operator: list(operand) if isinstance(operand, tuple) else operand}
