"""What can never be seen is told apart by sample values; here all answers are tried out instead."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit.domain.checklist import possibility
from audit.domain.checklist.answers import clean_answer
from audit.domain.checklist.model import NO_ANSWER, Answer, Checklist, Circumstances
from audit.domain.checklist.possibility import MOST_TRIED, Row
from audit.domain.checklist.visibility import visible
from tests.domain.checklist.small import asked, errors, read, section, tree_of

SCENARIOS = [{"id": id, "title": id, "pretend": "Buy milk."} for id in ("plain", "bill")]
FIRST = [
    asked("met", offer=["not_observed"]),
    asked("stars", "rating", points=[{"point": n, "title": "x"} for n in (1, 2, 3)]),
    asked("seen", "choices"),
]
TRIED: dict[str, tuple[object, ...]] = {
    "met": (None, "yes", "no", "not_observed"),
    "stars": (None, 1, 2, 3),
    "seen": (None, ["smile"], ["name"], ["smile", "name"]),
    "next": (None, "yes", "no"),
}

words = {
    "met": ["yes", "no", "not_observed"],
    "next": ["yes", "no"],
    "seen": ["smile", "name"],
    "stars": ["1", "2", "3"],
}


def condition_on(name: str) -> some.SearchStrategy[dict[str, Any]]:
    word = some.sampled_from(words[name])
    tests = [
        some.fixed_dictionaries({"is": word}),
        some.fixed_dictionaries({"is_not": word}),
        some.fixed_dictionaries({"any_of": some.lists(word, min_size=1, max_size=2, unique=True)}),
        some.fixed_dictionaries({"answered": some.booleans()}),
    ]
    if name == "seen":
        tests.append(some.fixed_dictionaries({"all_of": some.lists(word, min_size=1, max_size=2, unique=True)}))
    if name == "stars":
        tests += [some.fixed_dictionaries({op: some.integers(0, 4)}) for op in ("at_least", "at_most")]
    return some.one_of(tests).map(lambda test: {"question": name, **test})


scenario_tests = some.sampled_from(["plain", "bill"]).map(lambda id: {"scenario": "id", "is": id})


def rules_about(*names: str) -> some.SearchStrategy[dict[str, Any]]:
    return some.recursive(
        some.one_of([condition_on(name) for name in names] + [scenario_tests]),
        lambda inner: (
            some.builds(lambda parts: {"and": parts}, some.lists(inner, min_size=1, max_size=3))
            | some.builds(lambda parts: {"or": parts}, some.lists(inner, min_size=1, max_size=3))
            | some.builds(lambda part: {"not": part}, inner)
        ),
        max_leaves=5,
    )


def every_visit(checklist: Checklist) -> Iterator[frozenset[str]]:
    """What is seen, for every way to answer and every scenario."""
    for values in product(*TRIED.values()):
        answers: dict[str, Answer] = {
            id: NO_ANSWER if value is None else clean_answer(checklist.question(id), value)
            for id, value in zip(TRIED, values, strict=True)
        }
        for scenario in (None, "plain", "bill"):
            yield visible(checklist, answers, Circumstances(scenario=scenario)).questions


@given(
    rules_about("met", "stars", "seen"),
    rules_about("met", "stars", "seen", "next"),
    rules_about("met", "stars", "next"),
)
def test_a_rule_is_called_impossible_exactly_when_no_visit_makes_it_true(
    of_next: dict[str, Any], of_section: dict[str, Any], of_last: dict[str, Any]
) -> None:
    tree = tree_of(
        section("one", *FIRST, asked("next", show_if=of_next)),
        section("two", asked("last", show_if=of_last), show_if=of_section),
        scenarios=SCENARIOS,
    )
    visits = list(every_visit(read(tree)))
    never_seen = not any("last" in seen for seen in visits) or not any("next" in seen for seen in visits)
    told = [message for message in errors(tree) if "never" in message]
    assert bool(told) is never_seen


@given(some.lists(some.tuples(some.integers(1, 9), some.integers(0, 511), some.integers(0, 511)), min_size=1))
def test_two_cases_exclude_each_other_exactly_if_they_leave_some_subject_without_a_sample(
    subjects: list[tuple[int, int, int]],
) -> None:
    row = Row({("question", str(place)): count for place, (count, _, _) in enumerate(subjects)})
    both, left_for_all = row.everything, True
    for place, (count, one, other) in enumerate(subjects):
        of_subject = (1 << count) - 1
        for mask in (one & of_subject, other & of_subject):
            both &= row.with_only(("question", str(place)), mask)
        left_for_all = left_for_all and one & other & of_subject != 0
    assert row.can_be(both) is left_for_all


def dense(questions: int, tests: int) -> dict[str, Any]:
    """Rules of many tests over a question that is seen in as many cases as are followed."""
    offered = {"options": [{"id": f"o{number}", "title": f"{number}"} for number in range(9)]}
    either = [{"or": [{"question": id, "is": f"o{number}"} for number in range(8)]} for id in ("one", "two")]
    later = [
        asked(f"q{number}", show_if={"and": [{"question": "both", "answered": True}] * tests})
        for number in range(questions)
    ]
    first = [
        asked("one", "choice", **offered),
        asked("two", "choice", **offered),
        asked("both", show_if={"and": either}),
    ]
    return tree_of(section("counter", *first, *later))


def test_rules_as_dense_as_can_be_take_no_more_than_so_many_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = 0

    def count(row: Row, case: int) -> bool:
        nonlocal tries
        tries += 1
        return can_be(row, case)

    can_be = Row.can_be
    monkeypatch.setattr(Row, "can_be", count)
    assert errors(dense(60, 18)) == []
    assert MOST_TRIED // 2 < tries <= MOST_TRIED


def test_what_cannot_be_tried_any_more_is_not_called_impossible(monkeypatch: pytest.MonkeyPatch) -> None:
    never = {"and": [{"question": "greeted", "is": "yes"}, {"question": "greeted", "is": "no"}]}
    tree = tree_of(section("counter", asked("greeted"), asked("late", show_if=never)))
    assert any("never be true" in message for message in errors(tree))
    monkeypatch.setattr(possibility, "MOST_TRIED", 0)
    assert errors(tree) == []
