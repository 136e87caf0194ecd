"""What can never be seen is told apart by sample values; here all answers are tried out instead."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from audit.domain.checklist.answers import clean_answer
from audit.domain.checklist.model import NO_ANSWER, Answer, Checklist, Circumstances
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
