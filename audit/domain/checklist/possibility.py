"""Whether a rule can ever be true, told by trying: for every subject a few sample values stand for all there are.

A case is one way to make rules true: for each subject, the samples that are left. Owns no complaint.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from itertools import pairwise

from audit.domain.checklist.model import Checklist, Condition, Question, Rule, Section, Value, ValueTest
from audit.domain.checklist.questions.numbers import decimal_text
from audit.domain.checklist.shapes import NUMBER_LIMIT
from audit.domain.checklist.visibility import DECIMAL, MOMENT, passes

Subject = tuple[str, str]
Case = int  # all subjects side by side, one bit for each sample that is left; the lowest of a subject is "no answer"
MOST_CASES = 64
MOST_TRIED = 1_000_000
"""So many pairs of cases are tried in one checklist: a quarter of a second."""
NO_VALUE = 1


class Possibilities:
    """What can be, in one checklist. Ask about its sections and questions in their order."""

    def __init__(self, checklist: Checklist, *, unsound: Collection[Subject] = ()) -> None:
        """`unsound` are subjects of which it is not known what they can be: every test of them may hold."""
        self._samples = _samples(checklist, unsound)
        self._row = Row({subject: len(samples) + 1 for subject, samples in self._samples.items()})
        self._anything: tuple[Case, ...] = (self._row.everything,)
        self._masks: dict[tuple[Subject, ValueTest], int] = {}
        self._seen: dict[str, tuple[Case, ...]] = {}
        self._sections: dict[str, tuple[Case, ...]] = {}
        self._tried = 0

    def enter(self, section: Section) -> bool:
        """Whether a section can be seen."""
        self._sections[section.id] = self._cases(section.show_if)
        return self.can_be_entered(section)

    def can_be_entered(self, section: Section) -> bool:
        """The same once more."""
        return bool(self._sections[section.id])

    def meet(self, section: Section, question: Question) -> tuple[bool, bool]:
        """Whether a question's own rule can be true, and whether it can be in its section, which has been entered
        before."""
        own = self._cases(question.show_if)
        self._seen[question.id] = self._both(self._sections[section.id], own)
        return bool(own), bool(self._seen[question.id])

    def can_be_met(self, question: Question, test: ValueTest) -> bool:
        """Whether any answer to the question meets the test."""
        return self._mask(("question", question.id), test) != 0

    def _cases(self, rule: Rule | None, *, wanted: bool = True) -> tuple[Case, ...]:
        """The cases in which a rule is true (`wanted`) or false."""
        if rule is None:
            return self._anything if wanted else ()
        if isinstance(rule, Condition):
            return self._condition_cases(rule, wanted=wanted)
        if rule.connective == "not":
            return self._cases(rule.parts[0], wanted=not wanted)
        parts = (self._cases(part, wanted=wanted) for part in rule.parts)
        if (rule.connective == "and") is wanted:
            cases = self._anything
            for part in parts:
                cases = self._both(cases, part)
            return cases
        return self._pruned([case for part in parts for case in part])

    def _condition_cases(self, condition: Condition, *, wanted: bool) -> tuple[Case, ...]:
        subject = (condition.subject, condition.name)
        if subject not in self._samples:
            return self._anything
        everything = (1 << (len(self._samples[subject]) + 1)) - 1
        mask = self._mask(subject, condition.test)
        mask = mask if wanted else everything & ~mask
        cases = (self._row.with_only(subject, mask),) if mask else ()
        if mask & NO_VALUE or condition.subject != "question":
            return cases
        return self._both(cases, self._seen.get(condition.name, self._anything))

    def _mask(self, subject: Subject, test: ValueTest) -> int:
        if subject not in self._samples:
            return -1
        if (subject, test) not in self._masks:
            values = (None, *self._samples[subject])
            self._masks[subject, test] = sum(1 << place for place, value in enumerate(values) if passes(test, value))
        return self._masks[subject, test]

    def _both(self, left: tuple[Case, ...], right: tuple[Case, ...]) -> tuple[Case, ...]:
        if left is self._anything or right is self._anything:
            return right if left is self._anything else left
        self._tried += len(left) * len(right)
        if self._tried > MOST_TRIED:
            return self._anything
        can_be = self._row.can_be
        return self._pruned([case for one in left for other in right if can_be(case := one & other)])

    def _pruned(self, cases: list[Case]) -> tuple[Case, ...]:
        """The cases, or simply anything when they become too many to follow: better no complaint than a wrong one."""
        return tuple(cases) if len(cases) <= MOST_CASES else self._anything


class Row:
    """Subjects side by side in one number, a bit for each sample and above them one that stays free: whether a subject
    has no sample left is told for all of them at once, by adding to each the most that it holds."""

    def __init__(self, samples: Mapping[Subject, int]) -> None:
        """`samples` says how many there are of each subject, "no answer" among them."""
        self._places: dict[Subject, int] = {}
        self.everything = self._free = place = 0
        self._full: dict[Subject, int] = {}
        for subject, count in samples.items():
            self._places[subject] = place
            self._full[subject] = ((1 << count) - 1) << place
            self.everything |= self._full[subject]
            self._free |= 1 << (place + count)
            place += count + 1

    def with_only(self, subject: Subject, mask: int) -> Case:
        """Anything, but of one subject the samples of the mask alone."""
        return (self.everything & ~self._full[subject]) | (mask << self._places[subject])

    def can_be(self, case: Case) -> bool:
        """Whether each subject has a sample left."""
        return (case + self.everything) & self._free == self._free


def _samples(checklist: Checklist, unsound: Collection[Subject]) -> dict[Subject, tuple[Value, ...]]:
    words: dict[Subject, dict[str, None]] = {}
    for subject, test in _tests(checklist):
        operand = test.operand if isinstance(test.operand, tuple) else (test.operand,)
        words.setdefault(subject, {}).update(dict.fromkeys(word for word in operand if isinstance(word, str)))
    samples: dict[Subject, tuple[Value, ...]] = {}
    for subject, named in words.items():
        values = _values(checklist, subject, named, unsound)
        if values is not None:
            samples[subject] = values
    return samples


def _values(
    checklist: Checklist, subject: Subject, named: Mapping[str, None], unsound: Collection[Subject]
) -> tuple[Value, ...] | None:
    kind_of_subject, name = subject
    if subject in unsound:
        return None
    if kind_of_subject == "scenario":
        return tuple(scenario.id for scenario in checklist.scenarios)
    if kind_of_subject == "branch":
        return _attribute_values(named)
    question = checklist.by_id.get(name)
    if question is None or kind_of_subject != "question":
        return None
    values = question.kind.samples([word for word in named if word not in question.offers])
    return None if values is None else (*question.offers, *values)


def _attribute_values(named: Iterable[str]) -> tuple[Value, ...] | None:
    """Every word named, one that is not, and the numbers beside and between those named; None with times or days."""
    if any(MOMENT.fullmatch(word) for word in named):
        return None
    numbers = sorted(Fraction(word) for word in named if DECIMAL.fullmatch(word))
    between = [(low + high) / 2 for low, high in pairwise(numbers)]
    ends = [numbers[0] - 1, numbers[-1] + 1] if numbers else []
    other = "x" * (max(map(len, named), default=0) + 1)
    return (*named, other, *(decimal_text(number) for number in (*between, *ends) if abs(number) < NUMBER_LIMIT))


def _tests(checklist: Checklist) -> Iterable[tuple[Subject, ValueTest]]:
    for section in checklist.sections:
        yield from _tests_of_rule(section.show_if)
        for question in section.questions:
            yield from _tests_of_rule(question.show_if)
            if question.critical is not None:
                yield ("question", question.id), question.critical
            yield from ((("question", question.id), demand.when) for demand in question.demands)


def _tests_of_rule(rule: Rule | None) -> Iterable[tuple[Subject, ValueTest]]:
    if isinstance(rule, Condition):
        yield (rule.subject, rule.name), rule.test
    elif rule is not None:
        for part in rule.parts:
            yield from _tests_of_rule(part)
