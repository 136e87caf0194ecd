"""YAML as people write it, and as nobody should: read into plain trees with lines, or refused at a line."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit.domain.errors import InvalidChecklist
from audit.intake.yaml_trees import DEEPEST, MOST_BYTES, MOST_PARTS, plain_value, read_yaml


def tree(text: str | bytes) -> object:
    return read_yaml(text, "small.yaml").tree


def refusal(text: str | bytes) -> str:
    with pytest.raises(InvalidChecklist) as refused:
        read_yaml(text, "small.yaml")
    assert refused.value.complaints
    return str(refused.value)


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "Yes", "NO", "y", "n", "01:30", "2026-11-21", "1_000", "-"])
def test_words_stay_words(word: str) -> None:
    assert tree(f"a: {word}x") == {"a": f"{word}x"}
    if word != "-":
        assert tree(f"a: {word}") == {"a": word}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("+7", 7),
        ("007", 7),
        ("0o17", 15),
        ("0xff", 255),
        ("0.25", Decimal("0.25")),
        (".5", Decimal("0.5")),
        ("1e3", Decimal(1000)),
        ("1e400", Decimal("1e400")),
        ("1e99999999999999999999", Decimal("Infinity")),
        (".inf", Decimal("Infinity")),
        ("9" * 5000, Decimal("Infinity")),
        ('"12"', "12"),
        ("'true'", "true"),
        ("'null'", "null"),
        ('"\\ud83d\\ude00"', "\N{GRINNING FACE}"),
        ('"\\ud83d"', "\ud83d"),
    ],
)
def test_values_are_those_of_yaml_1_2_and_numbers_are_exact(written: str, value: object) -> None:
    read = tree(f"a: {written}")
    assert read == {"a": value}
    assert type(read["a"]) is type(value)


def test_what_is_no_number_is_told_apart_from_numbers() -> None:
    assert Decimal.is_nan(plain_value(".nan"))


@given(some.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_no_digit_of_a_number_is_lost(number: Decimal) -> None:
    assert tree(f"weight: {number:f}") == {"weight": number}


def test_every_part_has_the_line_on_which_it_stands() -> None:
    text = "# a comment\nid: a\n\nsections:\n  - id: b\n    questions:\n      - {id: c,\n         ask: d}\n"
    text += "    title: |\n      x\n"
    lines = read_yaml(text, "small.yaml").lines
    assert lines[()] == 2
    assert lines["id",] == 2
    assert lines["sections",] == 4
    assert lines["sections", 0] == 5
    assert lines["sections", 0, "questions", 0] == 7
    assert lines["sections", 0, "questions", 0, "ask"] == 8
    assert lines["sections", 0, "title"] == 9


def test_a_key_that_stands_twice_is_told_and_the_first_is_kept() -> None:
    read = read_yaml("id: a\ntitle: b\nid: c\nx: {y: 1, y: [2, 3]}\n", "small.yaml")
    assert read.tree == {"id": "a", "title": "b", "x": {"y": 1}}
    assert read.complaints == (
        (3, "The key “id” stands in line 1 already. Keep one of the two."),
        (4, "The key “y” stands in line 4 already. Keep one of the two."),
    )


def test_a_complaint_never_carries_control_signs_to_a_terminal() -> None:
    ((_, message),) = read_yaml('"\\e[31m": 1\n"\\e[31m": 2\n', "small.yaml").complaints
    assert message.isprintable()


def test_a_tag_is_told() -> None:
    read = read_yaml("a: !!python/object:os.system x\nb: !!int '3'\nc: 1\n", "small.yaml")
    assert [line for line, _ in read.complaints] == [1, 2]
    assert read.tree == {"a": "x", "b": "3", "c": 1}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "small.yaml:1: The file is empty"),
        ("# nothing\n", "small.yaml:1: The file is empty"),
        ("a: &x 1\nb: *x\n", "small.yaml:2: An alias"),
        ("a: 1\n---\nb: 2\n", "small.yaml:2: A second document"),
        ("a:\n\tb: 1\n", "small.yaml:2: A tab"),
        ("a: b: c\n", "small.yaml:1: A colon"),
        ("a: [1, 2\nb: 3\n", "small.yaml:2: This is not YAML"),
        ("a: 'x\n", "small.yaml:"),
        ("? [a, b]\n: c\n", "small.yaml:1: A key cannot be"),
        ("a: 1\nb: \x00\n", "small.yaml:2: There is a sign that cannot be printed (U+0000)"),
        ("a: \ud800\n", "small.yaml:1: There is a sign that cannot be printed (U+D800)"),
        (b"a: 1\nb: \xff\n", "small.yaml:2: This is not UTF-8"),
        ("a: [" * 2 + "[" * DEEPEST, "small.yaml:1: The file is nested more than 20"),
        ("[" * 100_000, "small.yaml:1: The file is nested more than 20"),
        ("a: " + "x" * MOST_BYTES, "small.yaml:1: The file has 256 KB"),
        ("{a: 1}}", "small.yaml:1: "),
    ],
    ids=range(16),
)
def test_what_cannot_be_read_is_refused_at_its_line_with_the_mend(text: str | bytes, told: str) -> None:
    assert refusal(text).startswith(told)


@pytest.mark.parametrize("part", ["1,", "a,", "[],", "{},"])
def test_a_small_file_of_very_many_parts_is_refused_at_the_line_on_which_they_are_too_many(part: str) -> None:
    half = part * (MOST_PARTS // 2)
    told = refusal(f"id: a\nsections: [\n{half}\n{half}\n{half * 10}]".encode()[: MOST_BYTES - 10] + b"]")
    assert told.startswith("small.yaml:4: The file has more than 20,000 keys and values.")
    assert tree("[" + part * (MOST_PARTS - 1) + "]")


def test_a_file_of_another_editor_is_read() -> None:
    assert tree("\N{ZERO WIDTH NO-BREAK SPACE}a: é\r\nb: 1\r\n".encode()) == {"a": "é", "b": 1}
    assert tree("a: é\n".encode("utf-16")) == {"a": "é"}


def test_twenty_deep_is_deep_enough() -> None:
    deep: object = tree("[" * DEEPEST + "]" * DEEPEST)
    for _ in range(DEEPEST - 1):
        assert isinstance(deep, list)
        deep = deep[0]
    assert deep == []


@given(some.text(alphabet="ab:-[]{}'\"|>#&*!%@`,? \t\n0.1", max_size=60) | some.text(max_size=30))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with suppress(InvalidChecklist):
        assert all(line >= 1 for line in read_yaml(text, "small.yaml").lines.values())


@given(some.binary(max_size=60))
def test_any_bytes_are_read_or_refused_in_words(raw: bytes) -> None:
    with suppress(InvalidChecklist):
        assert read_yaml(raw, "small.yaml").lines
