"""Reading a checklist: what it becomes, and every complaint at once, each at its line."""

from fractions import Fraction
from textwrap import dedent
from typing import Any

import pytest

from audit.domain.checklist.model import Band, Combination, Condition, Text, ValueTest
from audit.domain.checklist.parsing import checklist_from_tree, parse_checklist
from audit.domain.checklist.questions.rating import Rating
from audit.domain.checklist.reading import Complaint
from audit.domain.errors import InvalidChecklist
from audit.intake.yaml_trees import read_yaml
from tests.domain.checklist.small import YES_NO, asked, errors, read, section, tree_of, tree_with, warnings
from tests.domain.checklist.whole import WHOLE


def complaints(text: str) -> list[Complaint]:
    read = read_yaml(dedent(text), "small.yaml")
    return list(parse_checklist(read.tree, read.lines, read.complaints).complaints)


def test_a_whole_checklist_is_read_without_complaint() -> None:
    file = read_yaml(WHOLE, "corner-shop.yaml")
    parsed = parse_checklist(file.tree, file.lines)
    assert parsed.complaints == ()
    checklist = parsed.checklist
    assert checklist is not None
    assert checklist == checklist_from_tree(file.tree)
    assert checklist.title.in_language("fr-CH") == "L'épicerie"
    assert (checklist.target, checklist.critical_cap) == (Fraction(161, 2), 49)
    assert checklist.band_of(Fraction(75)) == Band("good", Text({"en": "Good"}), Fraction(75))
    assert [section.id for section in checklist.sections] == ["arrival", "till", "closing"]
    assert [section.weight for section in checklist.sections] == [40, 60, None]
    scenario = checklist.scenario("wrong-bill")
    assert scenario is not None
    assert (scenario.spending_limit, scenario.plants) == (Fraction(15, 2), ("recovery",))
    greeted, face = checklist.question("greeted"), checklist.question("face")
    assert greeted.weight == Fraction(1, 4)
    assert greeted.critical == ValueTest("is", "no")
    assert greeted.demands[0].facts[0].id == "busy"
    assert (face.required, greeted.required) == (False, True)
    assert isinstance(face.kind, Rating)
    assert [point.share for point in face.kind.points_worded] == [0, Fraction(1, 2), 1]
    assert face.show_if == Combination(
        "and",
        (
            Condition("question", "greeted", ValueTest("is", "yes")),
            Combination("not", (Condition("branch", "self-service", ValueTest("is", "yes")),)),
        ),
    )


def test_every_checklist_ends_with_the_shoppers_state_and_one_narrative() -> None:
    closing = read(tree_with(asked("greeted"))).sections[-1]
    assert [question.id for question in closing.questions] == ["customer_state", "narrative"]
    assert not any(question.scored for question in closing.questions)
    assert all(question.required for question in closing.questions)
    state = closing.questions[0]
    assert [state.kind.clean(word) for word in ("dissatisfied", "satisfied", "delighted")]


def test_every_complaint_comes_at_once_each_at_its_line() -> None:
    found = complaints("""\
        id: Small Shop
        title: ''
        tittle: A shop
        estimated_minutes: 2.5
        dimensions:
          - {id: warmth}
        sections:
          - id: door
            title: The door
            weight: -1
            questions:
              - id: greeted
                ask: Were you greeted?
                kind: yes/no
              - id: greeted
                ask: Again?
                kind: yes_no
                weight: .inf
                dimension: warmht
                show_if: {question: gretted, is: yes}
              - id: seats
                ask: [How many]
                kind: number
                bands: [{up_to: 5, share: 1}, {up_to: 3, share: 2}, {share: 0}]
              - kind: choice
                options: [{id: a, title: A}]
          - 7
        """)
    told = [(complaint.line, complaint.message) for complaint in found if complaint.error]
    expected = [
        (1, "id: “Small Shop” cannot be used"),
        (2, "title is empty"),
        (3, "A checklist has no key “tittle”. Did you mean title?"),
        (4, "estimated_minutes has too many digits"),
        (6, "A dimension: title is missing"),
        (10, "weight is below 0"),
        (14, "There is no kind of question “yes/no”. Did you mean yes_no?"),
        (15, "The question “greeted” stands in line 12 already"),
        (18, "weight is no number that can be used"),
        (19, "There is no dimension “warmht”. Did you mean warmth?"),
        (20, "There is no question “gretted”"),
        (22, "ask is a list"),
        (24, "The bands are out of order: 3 comes after 5"),
        (24, "share is above 1"),
        (25, "A choice question: ask is missing"),
        (25, "A choice question: id is missing"),
        (26, "options has 1 in its list. There may be at least 2."),
        (27, "A section is the number 7"),
    ]
    assert [line for line, _ in told] == [line for line, _ in expected], told
    for (_, message), (_, beginning) in zip(told, expected, strict=True):
        assert message.startswith(beginning), message


def test_what_the_reader_of_the_file_found_is_told_too() -> None:
    found = complaints("id: a\ntitle: A\ntitle: B\nsections: []\n")
    assert [complaint.line for complaint in found] == [3, 4]
    assert all(complaint.error for complaint in found)


def test_each_complaint_names_the_mend() -> None:
    for complaint in complaints("id: a\nsections: [{questions: [{kind: grid}, {kind: 5}, 3, {kind: rating}]}]\n"):
        assert complaint.message.count(".") >= 2, complaint.message


@pytest.mark.parametrize(
    ("number", "told"),
    [(".inf", "no number"), (".nan", "no number"), ("1e400", "no number"), ("-0.25", "below 0"), ("1e9", "")],
)
def test_only_numbers_that_can_be_counted_with_are_weights(number: str, told: str) -> None:
    text = "id: a\ntitle: A\nsections:\n- {id: s, title: S, questions: [{id: q, ask: Q, kind: yes_no, weight: %s}]}\n"
    messages = [complaint.message for complaint in complaints(text % number) if complaint.error]
    assert (told in messages[0]) if told else not messages


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("A\0B", "a sign that cannot be printed (U+0000)"),
        ("A\ud800B", "a sign that cannot be printed (U+D800)"),
        ("A\x1bB", "a sign that cannot be printed (U+001B)"),
        ("x" * 1001, "1001 characters"),
        (5, "Put it in quotes"),
        (True, "Put it in quotes"),
        ("  ", "is empty"),
        ({"en": "A", "de": "B"}, "“de” is no language of it"),
        ({"de": "B"}, "no words in en"),
        ({"en": 5}, "Put it in quotes"),
        ({}, "no words in en"),
    ],
    ids=lambda value: str(value)[:20].encode("ascii", "replace").decode(),
)
def test_words_that_cannot_be_printed_are_refused(title: object, told: str) -> None:
    assert any(told in message for message in errors(tree_with(asked("greeted"), title=title)))


def test_words_may_have_lines_and_are_composed() -> None:
    checklist = read(tree_with(asked("greeted"), brief="One\n\ttwo", title="e\N{COMBINING ACUTE ACCENT}"))
    assert str(checklist.brief) == "One\n\ttwo"
    assert str(checklist.title) == "é"


@pytest.mark.parametrize("id", ["customer_state", "narrative", "closing"])
def test_the_names_of_the_closing_section_are_taken(id: str) -> None:
    assert any("is taken" in message for message in errors(tree_with(asked(id))))
    assert any("is taken" in message for message in errors(tree_of(section(id, asked("greeted")))))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        *((asked("till"), asked(f"till-{part}")) for part in ("absent", "comment", "facts", "photos", "kept")),
        (asked("clean", "grid"), asked("clean-floor")),
    ],
    ids=["absent", "comment", "facts", "photos", "kept", "row"],
)
def test_two_names_that_run_into_each_other_on_the_page_are_refused(first: Any, second: Any) -> None:
    assert any("mistaken" in message for message in errors(tree_with(first, second)))
    assert any("mistaken" in message for message in errors(tree_with(second, first)))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (asked("a", "rating", points=[{"point": 2, "title": "x"}, {"point": 1, "title": "y"}]), "out of order"),
        (asked("a", "rating", points=[{"point": 1, "title": "x"}, {"point": 1, "title": "y"}]), "out of order"),
        (
            asked(
                "a", "rating", points=[{"point": 1, "title": "x", "share": 1}, {"point": 2, "title": "y", "share": 0}]
            ),
            "shares are out of order",
        ),
        (
            asked("a", "rating", points=[{"point": 1, "title": "x", "share": 1}, {"point": 2, "title": "y"}]),
            "Give every one a share, or none",
        ),
        (
            asked("a", "choice", options=[{"id": "x", "title": "X", "share": 1}, {"id": "y", "title": "Y"}]),
            "Give every one a share, or none",
        ),
        (
            asked("a", "choice", options=[{"id": "x", "title": "X"}, {"id": "x", "title": "Y"}]),
            "stands in this list already",
        ),
        (asked("a", "choice", options=[{"id": "x", "title": "X"}, {"id": "not_applicable", "title": "Y"}]), "is taken"),
        (asked("a", "number", bands=[{"up_to": 5, "share": 1}]), "The last band stops short"),
        (asked("a", "number", bands=[{"share": 1}, {"share": 0}]), "Only the last band may leave out up_to"),
        (asked("a", "number", least=5, most=3), "least is above most"),
        (asked("a", "number", unit_for_one="person"), "unit_for_one stands without unit"),
        (
            asked("a", "stopwatch", bands=[{"up_to": 9, "share": 1}, {"up_to": 9, "share": 0}, {"share": 0}]),
            "out of order",
        ),
        (
            asked("a", "number", bands=[{"up_to": 7.5, "share": 1}, {"up_to": 2.25, "share": 0}, {"share": 0}]),
            "2.25 comes after 7.5",
        ),
        (asked("a", "photo", least=4, most=2), "least is above most"),
        (asked("a", "short_text", least=300), "least is above most"),
        (
            asked("a", "grid", rows=[{"id": "x", "title": "X"}, {"id": "x", "title": "Y"}]),
            "stands in this list already",
        ),
        (asked("a", "grid", rows=[{"id": "comment", "title": "X"}]), "is taken"),
        (asked("a", "yes_no", good="perhaps"), "there is no “perhaps”"),
        (asked("a", "yes_no", options=[]), "A yes_no question has no key “options”"),
        (asked("a", offer=["not_aplicable"]), "Did you mean not_applicable?"),
        (asked("a", picture="../../etc/passwd"), "cannot be used"),
        (asked("a", required="perhaps"), "Write true or false"),
        (asked("a", weight="2"), "Write a plain number"),
        (asked("a", weight=True), "Write a plain number"),
        (asked("A b"), "cannot be a name"),
        (asked("a" * 65), "cannot be a name"),
        (asked("a", demands=[{"when": {"is": "no"}}]), "asks for nothing"),
        (asked("a", demands=[{"when": {"is": "no"}, "facts": [{"id": "x", "title": "X"}] * 2}]), "already"),
        (asked("a", demands=[{"when": {"is": "perhaps"}, "comment": True}]), "has no answer “perhaps”"),
        (asked("a", critical={"at_least": "3"}), "at_least does not suit a yes_no question"),
        (asked("a", critical={"iss": "no"}), "Did you mean is?"),
        (asked("a", critical={}), "has no test"),
        (asked("a", critical="no"), "Write a test"),
        (asked("a", critical={"is": "not_observed"}), "Add offer: [not_observed]"),
        (asked("a", critical={"is": True}), "Write the word that is answered"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_question_that_cannot_be_is_refused_with_the_mend(question: dict[str, Any], told: str) -> None:
    messages = errors(tree_with(question))
    assert any(told in message for message in messages), messages


def test_a_published_version_is_read_without_the_checks_that_may_grow_stricter() -> None:
    never = asked("b", show_if={"and": [{"question": "a", "is": "yes"}, {"question": "a", "is": "no"}]})
    tree = tree_with(asked("a"), never)
    assert errors(tree)
    assert checklist_from_tree(tree).question("b").show_if is not None


def test_a_tree_that_is_no_checklist_is_refused_with_every_reason() -> None:
    with pytest.raises(InvalidChecklist) as refused:
        checklist_from_tree({"id": "a", "sections": [{}]})
    assert len(refused.value.complaints) == 4
    assert str(refused.value).startswith("The checklist cannot be used: ")


@pytest.mark.parametrize("tree", [None, [], "id: a", 5, True, {}], ids=str)
def test_what_is_no_mapping_is_refused(tree: object) -> None:
    assert errors(tree)


def test_a_whole_number_is_asked_for_where_no_other_is_taken() -> None:
    assert errors(tree_with(YES_NO, estimated_minutes="soon")) == [
        "estimated_minutes is “soon”. Write a plain number such as 2."
    ]
    assert errors(tree_with({**YES_NO, "weight": "heavy"})) == [
        "weight is “heavy”. Write a plain number such as 2 or 0.25."
    ]


def test_a_key_without_a_value_is_warned_about_since_it_counts_as_left_out() -> None:
    tree = tree_with(asked("greeted", weight=None, critical=None), target=None)
    assert errors(tree) == []
    told = [warning for warning in warnings(tree) if "is empty, so it counts as left out" in warning]
    assert {words.split(" is ")[0].split(": ")[1] for words in told} == {"target", "weight", "critical"}
    assert all(words.endswith("Give it a value, or take the line out.") for words in told)
