"""What of a checklist is seen, given the answers so far, the branch and the scenario; and what is still missing.

The answer to a hidden question counts as none for every rule after it. The same cases as in `tests/cases` hold for the
script that shows and hides on the page.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from fractions import Fraction

from audit.domain.checklist.model import (
    NO_ANSWER,
    Answer,
    Answers,
    Checklist,
    Circumstances,
    Combination,
    Condition,
    Demand,
    Question,
    Rule,
    Value,
    ValueTest,
)

DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
MOMENT = re.compile(r"[0-9]{2}:[0-9]{2}|[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Visible:
    """The ids of the sections and questions that are seen. A section is seen if one of its questions is."""

    sections: tuple[str, ...]
    questions: frozenset[str]


@dataclass(frozen=True)
class Missing:
    """What a question that is seen still needs: `what` is answer, comment, photo or facts."""

    question_id: str
    what: str


def visible(checklist: Checklist, answers: Answers, circumstances: Circumstances) -> Visible:
    """The sections and questions that are seen; rules look back, so one walk from the first to the last decides."""
    seen: dict[str, Answer] = {}
    sections: list[str] = []
    for section in checklist.sections:
        if section.show_if is not None and not holds(section.show_if, seen, circumstances):
            continue
        before = len(seen)
        for question in section.questions:
            if question.show_if is None or holds(question.show_if, seen, circumstances):
                seen[question.id] = answers.get(question.id, NO_ANSWER)
        if len(seen) > before:
            sections.append(section.id)
    return Visible(tuple(sections), frozenset(seen))


def holds(rule: Rule, answers_of_visible: Answers, circumstances: Circumstances) -> bool:
    """Whether a rule is met. `answers_of_visible` leaves out the answers to hidden questions."""
    if isinstance(rule, Condition):
        return _condition_holds(rule, answers_of_visible, circumstances)
    parts = (holds(part, answers_of_visible, circumstances) for part in rule.parts)
    if rule.connective == "and":
        return all(parts)
    if rule.connective == "or":
        return any(parts)
    return not any(parts)


def _condition_holds(condition: Condition, answers: Answers, circumstances: Circumstances) -> bool:
    if condition.subject == "question":
        return _answer_passes(condition.test, answers.get(condition.name, NO_ANSWER))
    if condition.subject == "branch":
        return passes(condition.test, circumstances.branch.get(condition.name))
    return passes(condition.test, circumstances.scenario)


def _answer_passes(test: ValueTest, answer: Answer) -> bool:
    if test.operator == "answered":
        return answer.given is test.operand
    return passes(test, answer.value)


def passes(test: ValueTest, value: Value) -> bool:
    """Whether a value meets a test. Without a value only `answered: false` is met.

    A value is looked at as the set of its words: one for most kinds, several for choices, the points of its rows for
    a grid. at_least and at_most compare exact numbers, times with times and days with days, and nothing else.
    """
    words = words_of(value)
    if test.operator == "answered":
        return bool(words) is test.operand
    if not words:
        return False
    operand = test.words
    match test.operator:
        case "is":
            return words == operand
        case "is_not":
            return words != operand
        case "any_of":
            return not words.isdisjoint(operand)
        case "all_of":
            return words >= operand
        case "at_least":
            return (order := _order(words, operand)) is not None and order >= 0
        case "at_most":
            return (order := _order(words, operand)) is not None and order <= 0
    return False


def words_of(value: Value) -> set[str]:
    """The words that a value holds; none if nothing was answered."""
    if value is None or value == "":
        return set()
    if isinstance(value, Mapping):
        return set(value.values())
    if isinstance(value, tuple):
        return set(value)
    return {str(value)}


def _order(words: Set[str], operand: Set[str]) -> int | None:
    """Below 0 if the one word comes before the operand, 0 if they are equal, above 0 after; None: not comparable."""
    if len(words) != 1 or len(operand) != 1:
        return None
    left, right = next(iter(words)), next(iter(operand))
    if DECIMAL.fullmatch(left) and DECIMAL.fullmatch(right):
        difference = Fraction(left) - Fraction(right)
        return (difference > 0) - (difference < 0)
    if MOMENT.fullmatch(left) and MOMENT.fullmatch(right) and len(left) == len(right):
        return (left > right) - (left < right)
    return None


def demands_of(question: Question, answer: Answer) -> tuple[Demand, ...]:
    """What this answer asks for on the spot."""
    return tuple(demand for demand in question.demands if _answer_passes(demand.when, answer))


def missing(checklist: Checklist, answers: Answers, circumstances: Circumstances) -> list[Missing]:
    """What a visit still lacks, in the order of the checklist; hidden questions lack nothing."""
    return missing_of_seen(checklist, answers, visible(checklist, answers, circumstances).questions)


def missing_of_seen(checklist: Checklist, answers: Answers, seen: Collection[str]) -> list[Missing]:
    """The same where it is known already which questions are seen, by their ids."""
    return [
        Missing(question.id, what)
        for question in checklist.by_id.values()
        if question.id in seen
        for what in _missing_of(question, answers.get(question.id, NO_ANSWER))
    ]


def _missing_of(question: Question, answer: Answer) -> list[str]:
    if not answer.given:
        return ["answer"] if question.required else []
    lacks = [] if question.kind.complete(answer.value) else ["answer"]
    least_photos = question.kind.photos_needed
    if least_photos and answer.absent:
        least_photos = 0
    if not question.demands:
        return [*lacks, "photo"] if len(answer.photos) < least_photos else lacks
    demands = demands_of(question, answer)
    if any(demand.comment for demand in demands) and not answer.comment:
        lacks.append("comment")
    if len(answer.photos) < max(least_photos, any(demand.photo for demand in demands)):
        lacks.append("photo")
    if any(demand.facts and not {fact.id for fact in demand.facts} & set(answer.facts) for demand in demands):
        lacks.append("facts")
    return lacks


def rule_tree(rule: Rule) -> dict[str, object]:
    """The rule as plain JSON in the form of the checklist file, every operand a word, for the page's script."""
    if isinstance(rule, Combination):
        parts = [rule_tree(part) for part in rule.parts]
        return {rule.connective: parts[0] if rule.connective == "not" else parts}
    operand = list(rule.test.operand) if isinstance(rule.test.operand, tuple) else rule.test.operand
    return {rule.subject: rule.name, rule.test.operator: operand}


def rules_tree(checklist: Checklist) -> list[dict[str, object]]:
    """The sections with the ids and rules of their questions as plain JSON, for the page's script."""

    def with_rule(tree: dict[str, object], rule: Rule | None) -> dict[str, object]:
        return tree if rule is None else {**tree, "show_if": rule_tree(rule)}

    return [
        with_rule(
            {"id": section.id, "questions": [with_rule({"id": q.id}, q.show_if) for q in section.questions]},
            section.show_if,
        )
        for section in checklist.sections
    ]
