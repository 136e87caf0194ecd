"""What makes no sense as a whole is an error; what is unwise is a warning, and the checklist can still be used."""

import time
from typing import Any

import pytest

from audit.domain.checklist.parsing import parse_checklist
from tests.domain.checklist.small import asked, errors, section, tree_of, tree_with, warnings

NEVER = "never be true"
SCENARIOS = [{"id": "plain", "title": "Plain", "pretend": "Buy milk."}, {"id": "bill", "title": "B", "pretend": "Ask."}]


def after(*rules: dict[str, Any], **keys: Any) -> list[str]:
    """The errors of a checklist with one question of every kind, and one more with these rules, all of them needed."""
    earlier = [
        asked("met", offer=["not_observed"]),
        asked("stars", "rating"),
        asked("paid", "choice"),
        asked("seen", "choices"),
        asked("people", "number", least=0, most=20, decimals=1),
        asked("wait", "stopwatch"),
        asked("at", "clock_time"),
        asked("on", "date"),
        asked("sign", "short_text", most=20),
        asked("story", "long_text"),
        asked("receipt", "photo"),
        asked("clean", "grid"),
    ]
    rule = rules[0] if len(rules) == 1 else {"and": list(rules)}
    return errors(tree_with(*earlier, asked("late", show_if=rule, **keys), scenarios=SCENARIOS))


def q(name: str, **test: Any) -> dict[str, Any]:
    return {"question": name, **test}


@pytest.mark.parametrize(
    "rules",
    [
        [q("met", **{"is": "yes"})],
        [q("met", **{"is": "not_observed"})],
        [q("met", is_not="yes"), q("met", is_not="no")],
        [q("stars", at_least=2), q("stars", at_most=2)],
        [q("stars", at_least=4)],
        [q("stars", **{"is": "3"})],
        [q("paid", any_of=["cash", "card"]), q("paid", is_not="cash")],
        [q("seen", all_of=["smile", "name"])],
        [q("seen", any_of=["smile"]), {"not": q("seen", any_of=["name"])}],
        [q("people", at_least=2.5), q("people", at_most=2.5)],
        [q("people", at_least=2), q("people", at_most=3), q("people", is_not=2), q("people", is_not=3)],
        [q("people", **{"is": 20})],
        [q("wait", at_least=60), q("wait", at_most=61), q("wait", is_not=60)],
        [q("at", at_least="09:00"), q("at", at_most="09:00")],
        [q("on", at_least="2026-01-01")],
        [q("sign", **{"is": "Open"})],
        [q("sign", is_not="Open"), q("sign", is_not="Closed")],
        [q("story", answered=True)],
        [q("receipt", answered=True)],
        [q("receipt", answered=False)],
        [q("clean", all_of=["clean", "dirty"])],
        [q("met", answered=False), q("met", answered=False)],
        [{"branch": "kind", "is": "mall"}],
        [{"branch": "seats", "at_least": 3}, {"branch": "seats", "at_most": 4}, {"branch": "seats", "is_not": 3}],
        [{"branch": "opens", "at_least": "09:00"}, {"branch": "opens", "at_most": "10:00"}],
        [{"scenario": "id", "is": "bill"}],
        [{"scenario": "id", "is_not": "bill"}],
        [{"scenario": "id", "answered": False}],
        [{"or": [q("met", **{"is": "yes"}), q("paid", **{"is": "cash"})]}, q("met", **{"is": "no"})],
        [{"not": {"and": [q("met", **{"is": "yes"}), q("paid", **{"is": "cash"})]}}, q("met", **{"is": "yes"})],
    ],
    ids=str,
)
def test_a_rule_that_can_be_true_is_taken(rules: list[dict[str, Any]]) -> None:
    assert after(*rules) == []


@pytest.mark.parametrize(
    "rules",
    [
        [q("met", **{"is": "yes"}), q("met", **{"is": "no"})],
        [q("met", **{"is": "yes"}), {"not": q("met", **{"is": "yes"})}],
        [q("met", answered=True), q("met", answered=False)],
        [q("met", is_not="yes"), q("met", is_not="no"), q("met", is_not="not_observed")],
        [q("stars", at_least=5)],
        [q("stars", at_most=0)],
        [q("stars", at_least=3), q("stars", at_most=2)],
        [q("stars", at_least=2), {"not": q("stars", at_least=1)}],
        [q("paid", is_not="cash"), q("paid", is_not="card")],
        [q("paid", any_of=["cash"]), q("paid", any_of=["card"])],
        [q("seen", **{"is": "smile"}), q("seen", any_of=["name"])],
        [q("people", at_least=21)],
        [q("people", at_most=-1)],
        [q("people", at_least=2), q("people", at_most=2.1), q("people", is_not=2), q("people", is_not=2.1)],
        [q("wait", at_most=59), q("wait", at_least=60)],
        [q("at", at_least="09:01"), q("at", at_most="09:00")],
        [q("on", at_least="2026-01-02"), q("on", at_most="2026-01-01")],
        [q("sign", **{"is": "Open"}), q("sign", **{"is": "Closed"})],
        [q("receipt", answered=True), q("receipt", answered=False)],
        [q("clean", **{"is": "clean"}), q("clean", any_of=["dirty"])],
        [{"branch": "kind", "is": "mall"}, {"branch": "kind", "is": "street"}],
        [{"branch": "seats", "at_least": 4}, {"branch": "seats", "at_most": 3}],
        [{"scenario": "id", "is": "bill"}, {"scenario": "id", "is": "plain"}],
        [
            {"scenario": "id", "answered": True},
            {"scenario": "id", "is_not": "plain"},
            {"scenario": "id", "is_not": "bill"},
        ],
        [{"or": [q("met", **{"is": "yes"}), q("met", **{"is": "no"})]}, q("met", **{"is": "not_observed"})],
        [{"not": {"or": [q("met", **{"is": "yes"}), q("met", is_not="yes"), q("met", answered=False)]}}],
    ],
    ids=str,
)
def test_a_rule_that_can_never_be_true_is_an_error(rules: list[dict[str, Any]]) -> None:
    messages = after(*rules)
    assert len(messages) == 1, messages
    assert NEVER in messages[0]
    assert "required question" in messages[0]
    assert "required question" not in after(*rules, required=False)[0]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (q("met", **{"is": "maybe"}), "“met” has no answer “maybe”. It may be: no, yes."),
        (q("paid", **{"is": "crad"}), "Did you mean card?"),
        (q("paid", is_not="crad"), "Did you mean card?"),
        (q("paid", any_of=["cash", "coin"]), "“paid” has no answer “coin”"),
        (q("seen", all_of=["smile", "dance"]), "“seen” has no answer “dance”"),
        (q("stars", **{"is": 7}), "“stars” has no answer “7”"),
        (q("people", **{"is": 21}), "not above 20"),
        (q("people", **{"is": 2.25}), "at most 1 digits"),
        (q("people", at_least="many"), "with digits"),
        (q("wait", at_least="soon"), "minutes and seconds"),
        (q("at", at_least="noon"), "time of day"),
        (q("on", at_most="yesterday"), "year-month-day"),
        (q("clean", any_of=["shiny"]), "“clean” has no answer “shiny”"),
        (q("paid", **{"is": "not_observed"}), "Add offer: [not_observed]"),
        (q("met", at_least="not_observed"), "at_least does not suit a yes_no question"),
        (q("stars", at_least="not_observed"), "cannot be answered"),
        (q("paid", at_least=3), "at_least does not suit a choice question. It may be: is, is_not, any_of, answered."),
        (q("receipt", **{"is": "x"}), "is does not suit a photo question"),
        (q("seen", at_most=3), "at_most does not suit"),
        (q("met", all_of=["yes"]), "all_of does not suit"),
        (q("mett", **{"is": "yes"}), "There is no question “mett”. Did you mean met?"),
        (q("late", **{"is": "yes"}), "asks about itself"),
        (q("narrative", answered=True), "It is asked last"),
        ({"scenario": "id", "is": "bil"}, "There is no scenario “bil”. Did you mean bill?"),
        ({"scenario": "bill", "answered": True}, "Write {scenario: id, is: bill}"),
        ({"scenario": "id", "at_least": 3}, "at_least does not suit a scenario"),
        ({"branch": "kind", "all_of": ["mall"]}, "all_of does not suit a branch"),
        ({"question": "met", "branch": "kind", "is": "yes"}, "2 subjects (question, branch)"),
        ({"is": "yes"}, "no subject"),
        ({"question": "met"}, "no test"),
        ({"question": "met", "is": "yes", "is_not": "no"}, "2 tests (is, is_not)"),
        ({"question": "met", "equals": "yes"}, "A rule has no “equals”"),
        ({"question": "met", "any_of": "yes"}, "Write a list"),
        ({"question": "met", "any_of": []}, "an empty list"),
        ({"question": "met", "is": ["yes"]}, "is a list"),
        ({"question": "met", "answered": "maybe"}, "Write true or false"),
        ({"question": ["met"], "is": "yes"}, "Write words"),
        ({"and": []}, "needs a list of rules"),
        ({"and": {"question": "met", "is": "yes"}}, "needs a list of rules"),
        ({"not": [{"question": "met", "is": "yes"}]}, "not is a list"),
        ({"and": [{"question": "met", "is": "yes"}], "or": []}, "and stands beside “or”"),
        ({"and": [], "question": "met"}, "and stands beside “question”"),
        ("met is yes", "Write one subject and one test"),
        ({}, "no subject"),
    ],
    ids=str,
)
def test_a_rule_that_means_nothing_is_an_error_told_once(rule: Any, told: str) -> None:
    messages = after(rule)
    assert len(messages) == 1, messages
    assert told in messages[0]


def test_a_rule_nested_beyond_reason_is_refused() -> None:
    rule: dict[str, Any] = q("met", **{"is": "yes"})
    for _ in range(9):
        rule = {"not": rule}
    assert after(rule) == []
    assert "nested more than 10 deep" in after({"not": rule})[0]


def test_rules_may_only_look_back() -> None:
    early = asked("early", show_if=q("late", **{"is": "yes"}))
    assert "“late” comes later" in errors(tree_with(early, asked("late")))[0]
    ring = asked("late", show_if=q("early", **{"is": "yes"}))
    assert "in a circle" in errors(tree_with(early, ring))[0]


def test_a_circle_through_a_section_is_told() -> None:
    early = section("one", asked("a", show_if=q("b", **{"is": "yes"})))
    late = section("two", asked("b"), show_if=q("a", **{"is": "yes"}))
    assert "in a circle" in errors(tree_of(early, late))[0]


def test_a_section_may_not_ask_about_itself_or_a_later_one() -> None:
    inside = section("one", asked("a"), show_if=q("a", **{"is": "yes"}))
    assert "which is inside it" in errors(tree_of(inside))[0]
    early = section("one", asked("a"), show_if=q("b", **{"is": "yes"}))
    assert "comes later" in errors(tree_of(early, section("two", asked("b"))))[0]


def test_a_question_hidden_wherever_its_rule_is_true_can_never_be_seen() -> None:
    yes = asked("b", show_if=q("a", **{"is": "yes"}))
    both = {"and": [q("b", answered=True), q("a", **{"is": "no"})]}
    messages = errors(tree_with(asked("a"), yes, asked("c", show_if=both)))
    assert len(messages) == 1
    assert NEVER in messages[0]
    unanswered = {"and": [q("b", answered=False), q("a", **{"is": "no"})]}
    assert errors(tree_with(asked("a"), yes, asked("c", show_if=unanswered))) == []


def test_what_waits_for_a_question_that_is_never_seen_is_never_seen() -> None:
    never = asked("b", show_if={"and": [q("a", **{"is": "yes"}), q("a", **{"is": "no"})]})
    assert len(errors(tree_with(asked("a"), never, asked("c", show_if=q("b", **{"is": "yes"}))))) == 2
    assert len(errors(tree_with(asked("a"), never, asked("c", show_if=q("b", answered=False))))) == 1


def test_a_question_at_odds_with_its_section_can_never_be_seen() -> None:
    first = section("one", asked("a"))
    second = section("two", asked("b", show_if=q("a", **{"is": "no"})), asked("c"), show_if=q("a", **{"is": "yes"}))
    messages = errors(tree_of(first, second))
    assert len(messages) == 1
    assert "never true together" in messages[0]


def test_a_section_that_is_never_seen_is_told_once() -> None:
    never = {"and": [q("a", **{"is": "yes"}), q("a", **{"is": "no"})]}
    messages = errors(tree_of(section("one", asked("a")), section("two", asked("b"), asked("c"), show_if=never)))
    assert messages == ["This rule can never be true, so nobody ever sees the section. Mend the rule."]


def test_a_test_of_its_own_answer_must_be_possible() -> None:
    assert errors(tree_with(asked("a", "rating", critical={"at_most": 0}))) == [
        "No answer ever meets this test. Mend it."
    ]
    demand = {"when": {"at_least": 9}, "comment": True}
    assert errors(tree_with(asked("a", "rating", demands=[demand]))) == ["No answer ever meets this test. Mend it."]


def test_a_rule_about_a_broken_question_brings_no_second_complaint() -> None:
    broken = asked("a", "choice", options=[{"id": "x", "title": "X"}, {"id": "y"}])
    assert len(errors(tree_with(broken, asked("b", show_if=q("a", **{"is": "y"}))))) == 1
    unknown = asked("a", "yesno")
    assert len(errors(tree_with(unknown, asked("b", show_if=q("a", **{"is": "yes"}))))) == 1


def test_one_bad_rule_does_not_keep_another_about_the_same_question_from_being_told() -> None:
    never = {"and": [q("a", **{"is": "yes"}), q("a", **{"is": "no"})]}
    wrong = asked("b", show_if=q("a", **{"is": "maybe"}), critical={"is": "perhaps"})
    messages = errors(tree_with(asked("a"), wrong, asked("c", show_if=never)))
    assert len(messages) == 3, messages
    assert any(NEVER in message for message in messages)


@pytest.mark.parametrize("froms", [[90, 75, 0], [0, 75, 90], [0]], ids=str)
def test_bands_may_rise_or_fall(froms: list[int]) -> None:
    bands = [{"id": f"b{place}", "title": "B", "from": start} for place, start in enumerate(froms)]
    assert errors(tree_with(asked("a"), bands=bands)) == []
    assert warnings(tree_with(asked("a"), bands=bands)) == []


@pytest.mark.parametrize(
    ("froms", "told"),
    [
        ([90, 0, 75], "out of order"),
        ([75, 75, 0], "begin at the same score"),
        ([101, 0], "above 100"),
        ([-1], "below 0"),
    ],
    ids=str,
)
def test_bands_out_of_order_are_an_error(froms: list[int], told: str) -> None:
    bands = [{"id": f"b{place}", "title": "B", "from": start} for place, start in enumerate(froms)]
    messages = errors(tree_with(asked("a"), bands=bands))
    assert any(told in message for message in messages), messages


def test_a_section_that_counts_needs_a_question_that_is_scored() -> None:
    told = "none of its questions can earn points"
    assert told in errors(tree_of(section("one", asked("a", "long_text"), weight=100)))[0]
    assert (
        errors(tree_of(section("one", asked("a", "long_text"), weight=0), section("two", asked("b"), weight=100))) == []
    )


def test_a_bonus_must_earn_something() -> None:
    assert "earns nothing" in errors(tree_with(asked("a", "long_text", bonus=True)))[0]
    assert errors(tree_with(asked("a", bonus=True))) == []


def test_more_than_can_be_walked_is_an_error() -> None:
    many = [asked(f"q{n}") for n in range(126)]
    other = [asked(f"r{n}") for n in range(125)]
    assert errors(tree_of(section("one", *many[:125]), section("two", *other))) == []
    assert "There are 251 questions. Keep it to 250." in errors(tree_of(section("one", *many), section("two", *other)))
    sections = [section(f"s{n}", asked(f"q{n}")) for n in range(21)]
    assert errors(tree_of(*sections[:20])) == []
    assert any("at most 20" in message for message in errors(tree_of(*sections)))


@pytest.mark.parametrize(
    ("tree", "told"),
    [
        (tree_of(section("a", asked("x"), weight=60), section("b", asked("y"), weight=41)), "add up to 101, not 100"),
        (
            tree_of(section("a", asked("x"), weight=0.5), section("b", asked("y"), weight=0.25)),
            "add up to 0.75, not 100",
        ),
        (tree_of(section("a", asked("x"), weight=100), section("b", asked("y"))), "1 of 2 sections have a weight"),
        (tree_with(asked("a", "rating", points=[1, 2, 3, 4, 5])), "Points without words: 1, 2, 3, 4, 5"),
        (tree_with(asked("a", "rating", points=["1", {"point": 2, "title": "Smiles"}])), "Points without words: 1."),
        (
            tree_with(asked("a", "rating", points=[{"point": 1, "title": "1"}, {"point": 2, "title": "Smiles"}])),
            "Points without words: 1.",
        ),
        (tree_with(asked("a", "rating", points=[{"point": 1}, {"point": 2, "title": "Smiles"}])), "words: 1."),
        (tree_with(asked("a", subjective=True), asked("b")), "1 of 2 questions ask for an impression"),
        (tree_with(asked("a"), dimensions=[{"id": "d", "title": "D"}]), "“d” has no question"),
        (tree_with(asked("a", dimension="d"), dimensions=[{"id": "d", "title": "D"}]), "“d” has one question"),
        (tree_with(asked("a"), estimated_minutes=31), "takes 31 minutes"),
        (tree_with(*(asked(f"q{n}") for n in range(7)), estimated_minutes=1), "less than 10 seconds for each"),
        (tree_with(*(asked(f"q{n}") for n in range(181))), "181 questions take more than 30 minutes"),
        (tree_with(asked("a"), bands=[{"id": "b", "title": "B", "from": 50}]), "A score below 50 has no band"),
        (tree_with(asked("a"), bands=[{"id": "b", "title": "B", "from": 1}]), "A score below 1 has no band"),
        (tree_with(asked("a", "choice", weight=2)), "earns nothing, whatever its weight"),
        (
            tree_with(
                asked("a"),
                dimensions=[{"id": "d", "title": "D"}],
                scenarios=[{**SCENARIOS[0], "plants": ["d"]}],
            ),
            "plants “d”, which no question asks about",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_unwise_is_a_warning_and_can_be_used(tree: dict[str, Any], told: str) -> None:
    assert any(told in message for message in warnings(tree)), warnings(tree)
    parsed = parse_checklist(tree, {})
    assert parsed.checklist is not None


@pytest.mark.parametrize(
    "tree",
    [
        tree_of(section("a", asked("x"), weight=60), section("b", asked("y"), weight=40)),
        tree_of(section("a", asked("x"), weight=99.75), section("b", asked("y"), weight=0.25)),
        tree_with(asked("a", "rating")),
        tree_with(asked("a", subjective=True), asked("b"), asked("c")),
        tree_with(asked("a", dimension="d"), asked("b", dimension="d"), dimensions=[{"id": "d", "title": "D"}]),
        tree_with(*(asked(f"q{n}") for n in range(6)), estimated_minutes=1),
        tree_with(asked("a"), estimated_minutes=30),
    ],
    ids=["100", "exactly 100", "worded", "a third", "two questions", "ten seconds", "half an hour"],
)
def test_what_is_just_wise_enough_brings_no_warning(tree: dict[str, Any]) -> None:
    assert warnings(tree) == []


def test_the_largest_checklist_with_the_longest_chain_is_read_in_no_time() -> None:
    questions = [asked("q0"), *(asked(f"q{n}", show_if=q(f"q{n - 1}", **{"is": "yes"})) for n in range(1, 250))]
    tree = tree_with(*questions)
    began = time.perf_counter()
    assert errors(tree) == []
    assert time.perf_counter() - began < 1  # a twentieth of it on a usual machine; the limit allows for a busy one


def test_many_alternatives_are_given_up_on_rather_than_followed_for_ever() -> None:
    either = {"or": [q("q0", **{"is": "yes"}), q("q1", **{"is": "yes"}), {"branch": "kind", "is": "mall"}]}
    questions = [asked("q0"), asked("q1"), *(asked(f"w{n}", show_if=either) for n in range(20))]
    last = asked("last", show_if={"and": [q(f"w{n}", **{"is": "yes"}) for n in range(20)]})
    assert errors(tree_with(*questions, last)) == []
