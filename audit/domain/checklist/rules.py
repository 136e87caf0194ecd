"""Rules and tests as they stand in a checklist file, with the places of their parts for complaints.

Owns their form. Which question they may ask about, and what it can answer, is decided where the whole is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from audit.domain.checklist.fields import Schema
from audit.domain.checklist.model import ValueTest
from audit.domain.checklist.questions.numbers import decimal_text
from audit.domain.checklist.reading import (
    ID_LENGTH,
    Path,
    Reading,
    described,
    did_you_mean,
    exact_number,
    path_words,
    quoted,
)
from audit.domain.checklist.shapes import plain_words

OPERATORS = ("is", "is_not", "any_of", "all_of", "at_least", "at_most", "answered")
LISTS = ("any_of", "all_of")
CONNECTIVES = ("and", "or", "not")
SUBJECTS = ("question", "branch", "scenario")
DEEPEST = 10
LONGEST_LIST = 100
RULE_MEND = "Write one subject and one test, such as {question: greeted, is: yes}."


@dataclass(frozen=True)
class WrittenTest:
    """A test as it was written, and where."""

    path: Path
    test: ValueTest

    @property
    def words(self) -> tuple[str, ...]:
        """The words it compares with; none for `answered`."""
        operand = self.test.operand
        if isinstance(operand, bool):
            return ()
        return operand if isinstance(operand, tuple) else (operand,)


@dataclass(frozen=True)
class WrittenCondition:
    path: Path
    subject: str
    name: str
    test: WrittenTest


@dataclass(frozen=True)
class WrittenCombination:
    path: Path
    connective: str
    parts: tuple[WrittenRule, ...]


WrittenRule = WrittenCondition | WrittenCombination


def conditions(rule: WrittenRule) -> Iterator[WrittenCondition]:
    """Every condition of a rule, in the order in which they were written."""
    if isinstance(rule, WrittenCondition):
        yield rule
    else:
        for part in rule.parts:
            yield from conditions(part)


class TestShape:
    """A test of a question's own answer: one operator and what it compares with."""

    __test__ = False  # no test of ours, whatever pytest makes of the name

    def read(self, reading: Reading, path: Path, tree: object) -> WrittenTest | None:
        if not isinstance(tree, dict):
            mend = "Write a test, such as {is: no}."
            reading.complain(path, f"{path_words(path)} is {described(tree)}. {mend}")
            return None
        _complain_about_unknown(reading, path, tree, OPERATORS)
        return _read_test(reading, path, tree)

    def schema(self) -> Schema:
        return {"$ref": "#/$defs/test"}


class RuleShape:
    """A rule: one subject with one test, or several combined with and, or, not."""

    def read(self, reading: Reading, path: Path, tree: object) -> WrittenRule | None:
        return _read_rule(reading, path, tree, 1)

    def schema(self) -> Schema:
        return {"$ref": "#/$defs/rule"}


def _read_rule(reading: Reading, path: Path, tree: object, depth: int) -> WrittenRule | None:
    if not isinstance(tree, dict):
        reading.complain(path, f"{path_words(path)} is {described(tree)}. {RULE_MEND}")
        return None
    if depth > DEEPEST:
        reading.complain(path, f"The rule is nested more than {DEEPEST} deep. Split it over several questions.")
        return None
    connectives = [connective for connective in CONNECTIVES if connective in tree]
    if not connectives:
        return _read_condition(reading, path, tree)
    if len(tree) > 1:
        others = ", ".join(quoted(key) for key in tree if key != connectives[0])
        mend = f"Put it inside the list of {connectives[0]}."
        reading.complain(path, f"{connectives[0]} stands beside {others} in one rule. {mend}")
        return None
    return _read_combination(reading, (*path, connectives[0]), tree[connectives[0]], depth)


def _read_combination(reading: Reading, path: Path, tree: object, depth: int) -> WrittenRule | None:
    connective = str(path[-1])
    if connective == "not":
        part = _read_rule(reading, path, tree, depth + 1)
        return None if part is None else WrittenCombination(path, connective, (part,))
    if not isinstance(tree, list) or not 1 <= len(tree) <= LONGEST_LIST:
        reading.complain(path, f"{connective} needs a list of rules, with a dash before each. {RULE_MEND}")
        return None
    parts = [_read_rule(reading, (*path, place), member, depth + 1) for place, member in enumerate(tree)]
    read = tuple(part for part in parts if part is not None)
    return WrittenCombination(path, connective, read) if len(read) == len(parts) else None


def _read_condition(reading: Reading, path: Path, tree: dict[Any, object]) -> WrittenCondition | None:
    if not _complain_about_unknown(reading, path, tree, (*SUBJECTS, *OPERATORS)):
        return None
    subjects = [subject for subject in SUBJECTS if subject in tree]
    if len(subjects) != 1:
        found = "no subject" if not subjects else f"{len(subjects)} subjects ({', '.join(subjects)})"
        reading.complain(path, f"The rule has {found}. {RULE_MEND}")
        return None
    subject = subjects[0]
    name = _read_name(reading, (*path, subject), subject, tree[subject])
    test = _read_test(reading, path, {key: value for key, value in tree.items() if key != subject})
    return None if name is None or test is None else WrittenCondition(path, subject, name, test)


def _read_name(reading: Reading, path: Path, subject: str, raw: object) -> str | None:
    if subject == "scenario" and raw != "id":
        shown = raw if isinstance(raw, str) and re.fullmatch("[a-z0-9_-]{1,64}", raw) else "..."
        mend = f"Write {{scenario: id, is: {shown}}}."
        reading.complain(path, f"A rule about the scenario asks for its id. {mend}")
        return None
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw < 10**9:
        return str(raw)
    return plain_words(reading, path, raw, 200 if subject == "branch" else ID_LENGTH)


def _read_test(reading: Reading, path: Path, tree: dict[Any, object]) -> WrittenTest | None:
    operators = [operator for operator in OPERATORS if operator in tree]
    if len(operators) != 1:
        found = "no test" if not operators else f"{len(operators)} tests ({', '.join(operators)})"
        mend = f"Write one of: {', '.join(OPERATORS)}. Combine two with and."
        reading.complain(path, f"The rule has {found}. {mend}")
        return None
    operator = operators[0]
    place = (*path, operator)
    operand = _read_operand(reading, place, operator, tree[operator])
    return None if operand is None else WrittenTest(place, ValueTest(operator, operand))


def _read_operand(reading: Reading, path: Path, operator: str, raw: object) -> str | tuple[str, ...] | bool | None:
    if operator == "answered":
        if isinstance(raw, bool) or raw in ("yes", "no"):
            return raw in (True, "yes")
        reading.complain(path, f"answered is {described(raw)}. Write true or false.")
        return None
    if operator not in LISTS:
        return _read_word(reading, path, raw)
    if not isinstance(raw, list) or not 1 <= len(raw) <= LONGEST_LIST:
        mend = f"Write a list, such as {operator}: [one, two]."
        reading.complain(path, f"{operator} is {described(raw) if raw != [] else 'an empty list'}. {mend}")
        return None
    words = [_read_word(reading, (*path, place), member) for place, member in enumerate(raw)]
    known = tuple(dict.fromkeys(word for word in words if word is not None))
    return known if None not in words else None


def _read_word(reading: Reading, path: Path, raw: object) -> str | None:
    number = exact_number(raw)
    if number is not None and (number * 10**9).denominator == 1:
        return decimal_text(number)
    if isinstance(raw, bool):
        mend = "Write the word that is answered, such as yes or no."
        reading.complain(path, f"{path_words(path)} is {described(raw)}. {mend}")
        return None
    return plain_words(reading, path, raw, 1_000)


def _complain_about_unknown(reading: Reading, path: Path, tree: dict[Any, object], known: tuple[str, ...]) -> bool:
    strange = [key for key in tree if key not in known]
    for key in strange:
        reading.complain((*path, key), f"A rule has no {quoted(key)}. {did_you_mean(str(key), known)}")
    return not strange
