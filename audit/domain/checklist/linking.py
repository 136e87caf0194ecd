"""How the parts of a checklist refer to each other: rules to questions, questions to dimensions, scenarios to both.

Owns the complaints about references that lead nowhere, forward, or in a circle, and about answers that cannot be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from audit.domain.checklist.fields import Fields
from audit.domain.checklist.model import (
    ABSENCES,
    CLOSING,
    CUSTOMER_STATE,
    NARRATIVE,
    Combination,
    Condition,
    QuestionKind,
    Rule,
    ValueTest,
)
from audit.domain.checklist.reading import Path, Reading, did_you_mean, quoted
from audit.domain.checklist.rules import OPERATORS, WrittenCondition, WrittenRule, WrittenTest, conditions
from audit.domain.errors import InvalidAnswer

Position = tuple[int, int]
RESERVED = (CUSTOMER_STATE, NARRATIVE, CLOSING)
FIELD_ENDINGS = ("absent", "comment", "facts", "photos", "kept")
SCENARIO_TESTS = ("is", "is_not", "any_of", "answered")
BRANCH_TESTS = tuple(operator for operator in OPERATORS if operator != "all_of")
NOBODY_KNOWS = ""
"""The subject of a condition that was complained about, so that nothing more is said about it."""
NAMES = ("is", "is_not", "any_of")


@dataclass(frozen=True)
class Met:
    """A question whose kind is known. `sound`: nothing was wrong with what it can answer."""

    kind: QuestionKind
    offers: tuple[str, ...]
    sound: bool


@dataclass
class Links:
    """All that can be referred to, in one reading."""

    reading: Reading
    questions: dict[str, Fields]
    sections: tuple[Fields, ...]
    scenarios: frozenset[str] | None  # None: they could not be read, so nothing can be said about their ids
    dimensions: frozenset[str] | None
    kinds: dict[Path, Met] = field(default_factory=dict)
    unsound: set[tuple[str, str]] = field(default_factory=set)  # what they can be is not known

    @classmethod
    def of(cls, checklist: Fields) -> Links:
        """The links of a checklist, after complaints about ids that stand twice or are taken."""
        sections: tuple[Fields, ...] = checklist["sections"]
        asked = [question for section in sections for question in section["questions"]]
        for name in ("dimensions", "scenarios", "bands", "sections"):
            _by_id(checklist[name], name.removesuffix("s"))
        questions = _by_id(asked, "question")
        _complain_about_endings(questions)
        links = cls(
            checklist.reading,
            questions,
            sections,
            _ids(checklist, "scenarios"),
            _ids(checklist, "dimensions"),
        )
        if links.scenarios is None:
            links.unsound.add(("scenario", "id"))
        return links

    def met(self, question: Fields, kind: QuestionKind, *, sound: bool) -> None:
        """Note the kind of a question once it is known, so that later rules can be judged."""
        self.kinds[question.path] = Met(kind, tuple(question["offer"]), sound)
        if not sound:
            self.unsound.add(("question", question["id"] or ""))

    def rule_of(self, fields: Fields) -> Rule | None:
        """The rule of a section or a question with its operands in canonical words, after complaints."""
        written: WrittenRule | None = fields["show_if"]
        return None if written is None else self._rule(written, fields)

    def _rule(self, written: WrittenRule, owner: Fields) -> Rule:
        if isinstance(written, WrittenCondition):
            errors = self.reading.errors
            test = self._condition_test(written, owner)
            subject = written.subject if self.reading.errors == errors else NOBODY_KNOWS
            return Condition(subject, written.name, test)
        return Combination(written.connective, tuple(self._rule(part, owner) for part in written.parts))

    def _condition_test(self, written: WrittenCondition, owner: Fields) -> ValueTest:
        if written.subject == "question":
            return self._question_test(written, owner)
        suitable = SCENARIO_TESTS if written.subject == "scenario" else BRANCH_TESTS
        if written.test.test.operator not in suitable:
            self._complain_about_operator(written.test, written.subject, suitable)
        elif written.subject == "scenario" and self.scenarios is not None:
            for word in written.test.words:
                if word not in self.scenarios:
                    mend = did_you_mean(word, self.scenarios)
                    self.reading.complain(written.test.path, f"There is no scenario {quoted(word)}. {mend}")
        return written.test.test

    def _question_test(self, written: WrittenCondition, owner: Fields) -> ValueTest:
        asked = self.questions.get(written.name)
        if asked is None:
            known = [id for id in self.questions if position_of(self.questions[id]) < position_of(owner)]
            taken = " It is asked last, so that no rule can look back at it." if written.name in RESERVED else ""
            mend = taken or f" {did_you_mean(written.name, known)}"
            self.reading.complain((*written.path, "question"), f"There is no question {quoted(written.name)}.{mend}")
            return written.test.test
        if position_of(asked) >= position_of(owner):
            self.reading.complain((*written.path, "question"), self._why_not_back(asked, owner))
            return written.test.test
        met = self.kinds.get(asked.path)
        return written.test.test if met is None else self._test(written.test, met, quoted(written.name))

    def _why_not_back(self, asked: Fields, owner: Fields) -> str:
        name = quoted(asked["id"])
        if asked.path == owner.path:
            return f"{name} asks about itself. Rules may only look back: ask about an earlier question."
        if asked.path[: len(owner.path)] == owner.path:
            return f"The section asks about {name}, which is inside it. Ask about a question of an earlier section."
        if self._leads_to(asked, owner):
            return f"This rule and the one of {name} wait for each other, in a circle. Let one of them go."
        return f"{name} comes later. Rules may only look back: move it up, or ask about an earlier question."

    def _leads_to(self, start: Fields, goal: Fields) -> bool:
        """Whether what decides about `start` depends, step by step, on `goal`."""
        open_ends, walked = [start], set()
        while open_ends:
            question = open_ends.pop()
            for name in self._asked_by(question):
                next_one = self.questions.get(name)
                if next_one is None or next_one.path in walked:
                    continue
                if next_one.path[: len(goal.path)] == goal.path:
                    return True
                walked.add(next_one.path)
                open_ends.append(next_one)
        return False

    def _asked_by(self, question: Fields) -> Iterator[str]:
        section = next(section for section in self.sections if section.path == question.path[:2])
        for fields in (question, section):
            if fields["show_if"] is not None:
                yield from (c.name for c in conditions(fields["show_if"]) if c.subject == "question")

    def own_test(self, question: Fields, written: WrittenTest) -> ValueTest:
        """A test of the question's own answer in canonical words, after complaints."""
        errors = self.reading.errors
        test = self._test(written, self.kinds[question.path], "The question")
        return test if self.reading.errors == errors else ValueTest("answered", True)

    def _test(self, written: WrittenTest, met: Met, name: str) -> ValueTest:
        operator, operand = written.test.operator, written.test.operand
        absences = [word for word in written.words if word in ABSENCES]
        if operator not in met.kind.operators and not (operator in NAMES and absences == list(written.words)):
            self._complain_about_operator(written, f"{met.kind.name} question", met.kind.operators)
            return written.test
        if not met.sound or isinstance(operand, bool):
            return written.test
        words = tuple(self._word(word, written, met, name) for word in written.words)
        return ValueTest(operator, words if isinstance(operand, tuple) else words[0])

    def _word(self, word: str, written: WrittenTest, met: Met, name: str) -> str:
        operator = written.test.operator
        if word in ABSENCES:
            if word not in met.offers or operator in ("at_least", "at_most"):
                mend = f"Add offer: [{word}] to it, or ask for something else."
                if operator in ("at_least", "at_most"):
                    mend = f"{operator} compares numbers and times: use is."
                self.reading.complain(written.path, f"{name} cannot be answered with {quoted(word)} here. {mend}")
            return word
        few = met.kind.words()
        try:
            canonical = met.kind.word(word)
            if operator in ("is", "any_of") and not few:
                met.kind.clean(canonical)  # refuses a number beyond its bounds, a text too long
        except InvalidAnswer as refusal:
            return self._complain_about_answer(written, name, word, did_you_mean(word, few) if few else str(refusal))
        if few and canonical not in few and operator not in ("at_least", "at_most"):
            return self._complain_about_answer(written, name, word, did_you_mean(word, few))
        return canonical

    def _complain_about_answer(self, written: WrittenTest, name: str, word: str, mend: str) -> str:
        self.reading.complain(written.path, f"{name} has no answer {quoted(word)}. {mend}")
        return word

    def _complain_about_operator(self, written: WrittenTest, subject: str, suitable: Collection[str]) -> None:
        mend = f"It may be: {', '.join(suitable)}."
        self.reading.complain(written.path, f"{written.test.operator} does not suit a {subject}. {mend}")

    def dimensions_of(self, fields: Fields, *keys: str) -> tuple[str, ...]:
        """The dimensions named under these keys, after complaints about those that are not there."""
        named: dict[str, None] = {}
        for key in keys:
            value = fields[key] or ()
            for dimension in (value,) if isinstance(value, str) else value:
                if self.dimensions is not None and dimension not in self.dimensions:
                    mend = did_you_mean(dimension, self.dimensions)
                    fields.complain(key, f"There is no dimension {quoted(dimension)}. {mend}")
                named[dimension] = None
        return tuple(named)


def position_of(fields: Fields) -> Position:
    """Where a question or a section stands; a section stands before its questions."""
    path = fields.path
    return int(path[1]), int(path[3]) if len(path) > 3 else -1


def _by_id(parts: Collection[Fields], what: str) -> dict[str, Fields]:
    found: dict[str, Fields] = {}
    for part in parts:
        id = part["id"]
        if id in RESERVED and what in ("question", "section"):
            part.complain("id", f"{quoted(id)} is taken: every checklist ends with it by itself. Choose another name.")
        elif id in found:
            line = part.reading.line_of((*found[id].path, "id"))
            part.complain("id", f"The {what} {quoted(id)} stands in line {line} already. Give each a name of its own.")
        elif id is not None:
            found[id] = part
    return found


def _ids(checklist: Fields, name: str) -> frozenset[str] | None:
    """The ids of a list; None if one of them could not be read, so that no reference to it is called unknown."""
    parts: tuple[Fields, ...] = checklist[name]
    lost = name in checklist.flawed and not any(part.flawed for part in parts)
    return None if lost or any(part["id"] is None for part in parts) else frozenset(part["id"] for part in parts)


def _complain_about_endings(questions: dict[str, Fields]) -> None:
    """Complain about two names of which one is the other and an ending that a page's fields have."""
    for id, question in questions.items():
        rows = [row["id"] for row in question.values.get("rows") or ()]
        for ending in dict.fromkeys([*FIELD_ENDINGS, *filter(None, rows)]):
            clash = questions.get(f"{id}-{ending}")
            if clash is not None:
                mend = f"Write it with an underscore: {id}_{ending}."
                clash.complain("id", f"{quoted(f'{id}-{ending}')} can be mistaken for a part of {quoted(id)}. {mend}")
