"""The two ways to spell a tree, which must never differ by a letter: seals and digests of earlier rows depend on it."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from audit.domain.checklist.model import Answer
from audit.domain.score import Part, QuestionScore, Score
from audit.domain.submission import canonical, digest
from audit.storage.columns import json_text, plain_text
from audit.storage.seals import seal
from audit.storage.spelling import spelled
from audit.storage.visits import answers_text

WORDS = some.text(some.characters(), max_size=8)  # half letters, control signs and letters of four bytes too
LEAVES = some.none() | some.booleans() | some.integers() | WORDS
TREES = some.recursive(
    LEAVES, lambda inner: some.lists(inner) | some.lists(inner).map(tuple) | some.dictionaries(WORDS, inner)
)
COLUMNS = some.none() | some.integers(-(2**63), 2**63 - 1) | some.floats(allow_nan=False) | WORDS | some.binary()


@given(TREES)
@example({"\U0001f600": 1, "\ufffd": 2, "z": 3, "é": 4, "": 5})
@example(["\ud800"])
@example(['\x00\x08\x09\x0a\x0c\x0d\x1f\x7f\x80\u2028"\\/', -(2**63), 2**63, 2**64, -(2**64), 10**400])
def test_a_tree_without_floats_is_spelled_as_ever(tree: object) -> None:
    try:
        expected = canonical(tree)
    except ValueError:
        with pytest.raises(ValueError, match="surrogates"):
            spelled(tree)
    else:
        assert spelled(tree) == expected
        assert json.loads(expected) == json.loads(json.dumps(tree))


def test_a_deep_tree_is_spelled_as_ever() -> None:
    tree: object = []
    for _ in range(300):
        tree = [tree]
    assert spelled(tree) == canonical(tree)


@given(some.dictionaries(some.sampled_from("abcdefg"), COLUMNS))
@example({"a": 1e16, "b": 1e-05, "c": -0.0, "d": 5e-324})
def test_a_row_is_sealed_as_ever_whatever_its_columns_hold(row: dict[str, str | int | float | bytes | None]) -> None:
    plain = {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()}
    with contextlib.suppress(ValueError):
        expected = digest(plain)
        assert seal(row) == expected


def test_a_number_that_is_none_cannot_be_sealed() -> None:
    for number in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="JSON"):
            seal({"latitude": number})


POINTS = some.fractions() | some.fractions(min_value=2**70)
PARTS = some.builds(Part, some.none() | POINTS, POINTS, POINTS, some.integers(0, 99))
SCORES = some.builds(
    Score,
    some.sampled_from(["complete", "unscored"]),
    *(some.none() | POINTS for _ in range(6)),
    shown=some.none() | some.integers(0, 100),
    band=some.none() | WORDS,
    earned=POINTS,
    possible=POINTS,
    dimensions=some.dictionaries(some.sampled_from(["warmth", "name"]), PARTS),
    questions=some.lists(some.builds(QuestionScore, WORDS, POINTS, POINTS, POINTS, WORDS), max_size=3).map(tuple),
)
KEPT = some.text(max_size=8)  # what came in: without half letters
VALUES = some.none() | KEPT | some.integers() | some.lists(KEPT).map(tuple) | some.dictionaries(KEPT, KEPT)
ANSWERS = some.builds(Answer, VALUES, KEPT, *(some.lists(KEPT, max_size=2).map(tuple) for _ in range(2)))


@given(SCORES)
def test_no_float_stands_in_a_score(score: Score) -> None:
    with contextlib.suppress(ValueError):
        assert plain_text(score.to_tree()) == json_text(score.to_tree())
    assert not floats_in(score.to_tree())


@given(some.dictionaries(KEPT, ANSWERS, max_size=3))
def test_no_float_stands_in_answers(answers: dict[str, Answer]) -> None:
    tree = json.loads(answers_text(answers))
    assert answers_text(answers) == json_text(tree)
    assert not floats_in(tree)


def floats_in(tree: object) -> list[float]:
    if isinstance(tree, dict):
        return [number for inner in tree.values() for number in floats_in(inner)]
    if isinstance(tree, list | tuple):
        return [number for inner in tree for number in floats_in(inner)]
    return [tree] if isinstance(tree, float) else []
