"""A version is known by the hash of its meaning."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit.domain.checklist.canonical import canonical, digest, read_canonical
from audit.domain.checklist.parsing import checklist_from_tree
from audit.domain.errors import InvalidChecklist
from audit.intake.yaml_trees import read_yaml
from tests.domain.checklist.whole import WHOLE

numbers = some.integers(-(10**12), 10**12) | some.decimals(
    allow_nan=False, allow_infinity=False, places=5, min_value=-(10**6), max_value=10**6
)
trees = some.recursive(
    some.booleans() | numbers | some.text(some.characters(exclude_categories=["Cs"])),
    lambda inner: (
        some.lists(inner, max_size=4)
        | some.dictionaries(some.text(some.characters(exclude_categories=["Cs"]), max_size=5), inner)
    ),
    max_leaves=12,
)


def test_the_layout_of_a_file_does_not_matter() -> None:
    one = "# comment\nid: a\nweight: 0.50\nwords: {b: 1, a: [yes, 'no']}\nleft-out:\n"
    other = "words:\n  a:\n    - 'yes'\n    - no\n  b: 1.0\nweight: .5\nid: \"a\"\n"
    trees = [read_yaml(text, "small.yaml").tree for text in (one, other)]
    assert canonical(trees[0]) == canonical(trees[1]) == '{"id":"a","weight":0.5,"words":{"a":["yes","no"],"b":1}}'
    assert digest(trees[0]) == digest(trees[1])


def test_another_meaning_has_another_digest() -> None:
    told = [{"a": 1}, {"a": "1"}, {"a": True}, {"a": [1]}, {"b": 1}, {"a": Decimal("1.5")}, {"a": ""}, {}]
    assert len({digest(tree) for tree in told}) == len(told)


def test_a_published_version_reads_back_as_the_same_checklist() -> None:
    tree = read_yaml(WHOLE, "corner-shop.yaml").tree
    assert checklist_from_tree(read_canonical(canonical(tree))) == checklist_from_tree(tree)


@given(trees)
def test_canonical_text_reads_back_as_the_same_text(tree: object) -> None:
    assert canonical(read_canonical(canonical(tree))) == canonical(tree)


@pytest.mark.parametrize(
    "tree", [Decimal("NaN"), [Decimal("Infinity")], float("inf"), {"a": "\ud800"}, {5: 1}], ids=str
)
def test_what_json_cannot_say_is_refused(tree: object) -> None:
    with pytest.raises(InvalidChecklist):
        canonical(tree)


def test_endless_nesting_is_refused() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(InvalidChecklist, match="nested too deeply"):
        canonical(deep)
