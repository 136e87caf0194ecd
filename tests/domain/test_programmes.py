"""Areas and branches: what a branch needs, and which rows of a table are taken."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit.domain.errors import InvalidField
from audit.domain.programme import Branch, BranchRow, Programme, sort_rows


def row(number: int, code: str = "N01", name: str = "Mill Lane", **more: str) -> BranchRow:
    return BranchRow(number, code, name, **more)


@pytest.mark.parametrize(
    ("changes", "place"), [({"code": " "}, "code"), ({"name": ""}, "name"), ({"time_zone": "Mars"}, "time_zone")]
)
def test_a_branch_that_lacks_something_names_it(changes: dict, place: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        Branch(**{"code": "N01", "name": "Mill Lane", **changes})
    assert refusal.value.place == place


def test_a_day_is_that_of_the_branch() -> None:
    programme = Programme("Harbour Stores", "Europe/Zurich")
    midnight_in_utc = datetime(2026, 11, 12, 0, 0, tzinfo=UTC)
    assert Branch("N01", "Mill Lane").day_of(midnight_in_utc, programme) == date(2026, 11, 12)
    far = Branch("N02", "Far West", time_zone="America/Los_Angeles")
    assert far.day_of(midnight_in_utc, programme) == date(2026, 11, 11)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (row(3, code=""), "no code"),
        (row(3), "row 2"),
        (row(3, code="N02", name=""), "no name"),
        (row(3, code="N02", name="\uffff \u200b"), "no name"),
        (row(3, code="N02", time_zone="Mars/Base"), "not a time zone"),
        (row(3, code="N" * 101), "too long"),
    ],
)
def test_a_bad_row_is_named_with_its_mend_and_harms_no_other(bad: BranchRow, words: str) -> None:
    taken, refused = sort_rows([row(2), bad, row(4, code="N09", name="Quayside")])
    assert [branch.code for branch in taken] == ["N01", "N09"]
    assert [refusal.row for refusal in refused] == [3]
    assert words in refused[0].why


rows = some.lists(
    some.builds(
        BranchRow, some.integers(2, 99), some.sampled_from(["", "1", "001", "a"]), some.sampled_from(["", "Mill Lane"])
    )
)


@given(rows)
def test_every_row_is_taken_or_refused_and_every_code_taken_once(table: list[BranchRow]) -> None:
    taken, refused = sort_rows(table)
    assert len(taken) + len(refused) == len(table)
    assert len({branch.code for branch in taken}) == len(taken)
