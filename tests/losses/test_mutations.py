"""Twelve defences are taken out, one at a time, and each is missed; for all of them: `-m tests.losses.mutations`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.losses.mutations import TABLE, Mutation, survives
from tests.losses.server import ROOT

TRIED = {
    "saved before it is complete",
    "the whole form is one row",
    "a queued visit can be changed in another tab",
    "kept when the box is left, not at each letter",
    "nothing is brought back after a reload",
    "another id with every try",
    "the server forgets what it took already",
    "whoever is signed in sends",
    "a row is taken out before it is sent",
    "one that is stuck holds up the others",
    "a new program takes over at once",
    "an upgrade begins anew",
}


@pytest.mark.parametrize("mutation", [one for one in TABLE if one.name in TRIED], ids=lambda one: one.name)
def test_a_defence_that_is_taken_out_is_missed(mutation: Mutation, tmp_path: Path) -> None:
    assert survives(mutation, tmp_path / "tree") == ""


def test_every_defence_of_the_table_stands_where_the_table_says() -> None:
    assert {one.name for one in TABLE} >= TRIED
    texts = {one.file: (ROOT / one.file).read_text(encoding="utf-8") for one in TABLE}
    assert [one.name for one in TABLE if texts[one.file].count(one.old) != 1] == []


def test_every_test_that_the_table_names_is_there() -> None:
    for one in TABLE:
        file, name = one.test.split("::")
        assert f"def {name}(" in (ROOT / "tests" / "losses" / file).read_text(encoding="utf-8"), one.name
