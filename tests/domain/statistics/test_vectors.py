"""Every acceptance vector of statistics.json, answered by the house's own functions and compared field by field.

A vector's expected values come from other people's libraries. None may be left out, and no field of any.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.domain.statistics.vector_answers import ANSWERED_BY, Tree

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "statistics.json").read_text(encoding="utf-8"))["vectors"]


def test_no_vector_is_left_out() -> None:
    assert sorted(ANSWERED_BY) == sorted(vector["id"] for vector in VECTORS)


@pytest.mark.parametrize("vector", VECTORS, ids=[f"{vector['topic']}-{vector['id']}" for vector in VECTORS])
def test_a_vector_is_answered_in_every_field(vector: Tree) -> None:
    answered = ANSWERED_BY[vector["id"]](vector["inputs"])
    for field, expected in vector["expected"].items():
        assert_close(answered[field], expected, tolerance_of(vector, field), field)


def tolerance_of(vector: Tree, field: str) -> float:
    tolerance = vector["tolerance"]
    return float(tolerance.get(field, 0) if isinstance(tolerance, dict) else tolerance)


def assert_close(found: Any, expected: Any, tolerance: float, where: str) -> None:
    if isinstance(expected, list):
        assert len(found) == len(expected), where
        for place, (one, other) in enumerate(zip(found, expected, strict=True)):
            assert_close(one, other, tolerance, f"{where}[{place}]")
    elif isinstance(expected, dict):
        assert found.keys() == expected.keys(), where
        for name in expected:
            assert_close(found[name], expected[name], tolerance, f"{where}[{name}]")
    elif isinstance(expected, (int, float)) and not isinstance(expected, bool) and found is not None:
        assert abs(found - expected) <= tolerance, f"{where}: {found} instead of {expected}"
    else:
        assert found == expected, where


@pytest.mark.parametrize(
    ("found", "expected"), [(1.1, 1.0), (None, 1.0), ("a", "b"), ([1.0], [1.0, 2.0]), ({"a": 1.0}, {"b": 1.0})]
)
def test_an_answer_that_is_off_is_noticed(found: Any, expected: Any) -> None:
    with pytest.raises(AssertionError):
        assert_close(found, expected, 1e-9, "field")
