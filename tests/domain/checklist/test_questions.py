"""Every kind of question by its table of cases, and what holds for all of them."""

import json
import unicodedata
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit.domain.checklist.answers import clean_answer, show_answer
from audit.domain.checklist.model import ABSENCES, Question
from audit.domain.checklist.questions import QUESTION_KINDS
from audit.domain.checklist.questions.numbers import decimal_text, read_decimal
from audit.domain.checklist.questions.writing import clean_text
from audit.domain.checklist.visibility import words_of
from audit.domain.errors import InvalidAnswer
from tests.domain.checklist.small import asked, question_of

FOLDER = Path(__file__).parents[2] / "cases" / "questions"
TABLES = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
CASES = [(kind, case) for kind, table in TABLES.items() for case in table["cases"]]
QUESTIONS = {kind: question_of(table["question"]) for kind, table in TABLES.items()}

anything = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def named(case: tuple[str, dict[str, Any]]) -> str:
    return f"{case[0]} {case[1]['raw']!r}"[:60]


def whole(question: Question, raw: object) -> object:
    """The raw value as it stands in a submission."""
    return clean_answer(question, {"value": raw}).value


def plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("case", CASES, ids=named)
def test_every_kind_takes_shows_and_counts_as_its_table_says(case: tuple[str, dict[str, Any]]) -> None:
    kind, row = case
    question = QUESTIONS[kind]
    if "refused" in row:
        with pytest.raises(InvalidAnswer, match=row["refused"]) as refusal:
            whole(question, row["raw"])
        assert refusal.value.place == "asked"
        return
    answer = clean_answer(question, {"value": row["raw"]})
    assert plain(answer.value) == row["value"]
    assert type(plain(answer.value)) is type(row["value"])
    assert show_answer(question, answer, "en") == row["shown"]
    if answer.given and not answer.absent:
        points = question.kind.points(answer.value)
        assert points == (None if row["points"] is None else Fraction(*row["points"]))


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ["30 s", "6 min 40 s", "1 h 02 min 03 s"]),
        ("fr", ["30 s", "6 min 40 s", "1 h 02 min 03 s"]),
        ("ar", ["30 ث", "6 د 40 ث", "1 س 02 د 03 ث"]),
        ("ar-EG", ["30 ث", "6 د 40 ث", "1 س 02 د 03 ث"]),
    ],
)
def test_a_time_is_shown_with_the_signs_of_the_language(language: str, shown: list[str]) -> None:
    question = QUESTIONS["stopwatch"]
    assert [question.kind.show(seconds, language) for seconds in (30, 400, 3723)] == shown


def test_every_kind_has_its_table() -> None:
    assert TABLES.keys() == QUESTION_KINDS.keys()
    assert all(kind.name == name for name, kind in QUESTION_KINDS.items())


@pytest.mark.parametrize("kind", QUESTION_KINDS)
@given(raw=anything)
def test_whatever_is_brought_is_taken_or_refused_in_words(kind: str, raw: object) -> None:
    question = QUESTIONS[kind]
    try:
        answer = clean_answer(question, raw)
    except InvalidAnswer:
        return
    assert clean_answer(question, {"value": plain(answer.value)}).value == answer.value
    show_answer(question, answer, "de")
    if answer.given and not answer.absent:
        points = question.kind.points(answer.value)
        assert points is None or 0 <= points <= 1


@pytest.mark.parametrize("kind", [kind for kind in QUESTION_KINDS if kind != "photo"])
def test_every_sample_of_a_kind_can_be_answered(kind: str) -> None:
    question = QUESTIONS[kind]
    samples = question.kind.samples(question.kind.words())
    assert samples
    for sample in samples:
        assert whole(question, sample) == sample
        assert words_of(sample)


@pytest.mark.parametrize("kind", QUESTION_KINDS)
def test_an_absence_is_an_answer_only_where_it_is_offered(kind: str) -> None:
    keys = {key: value for key, value in asked("asked", kind).items() if key not in ("id", "ask")}
    for absence in ABSENCES:
        assert clean_answer(question_of({**keys, "offer": [absence]}), absence).absent
        with pytest.raises(InvalidAnswer, match="does not offer"):
            clean_answer(question_of(keys), absence)


@given(some.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_a_decimal_survives_being_written_and_read(number: Any) -> None:
    exact = Fraction(number)
    assert read_decimal(decimal_text(exact)) == exact
    assert read_decimal(decimal_text(exact).replace(".", ",")) == exact


@pytest.mark.parametrize(
    ("written", "number"),
    [("1 250,75", "1250.75"), ("1\u202f250.75", "1250.75"), ("12’500", "12500"), ("−3", "-3"), ("۱۲", "12")],
)
def test_numbers_are_read_as_people_write_them(written: str, number: str) -> None:
    exact = read_decimal(written)
    assert exact is not None
    assert decimal_text(exact) == number


@given(some.text(some.characters(max_codepoint=0x2FF, exclude_categories=["Cc", "Cs"]) | some.just("\n")))
def test_plain_words_are_taken_letter_for_letter(words: str) -> None:
    assert clean_text(words) == unicodedata.normalize("NFC", words).strip() == words.strip()


@given(some.text(some.characters(max_codepoint=0x37F)))
def test_a_text_is_cleaned_once_and_for_all(words: str) -> None:
    cleaned = clean_text(words)
    assert clean_text(cleaned) == cleaned
    assert not {sign for sign in cleaned if unicodedata.category(sign) == "Cc" and sign not in "\t\n"}
