"""Taking branches in: what real lists look like, twice the same, and what stays as it was put on file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from audit.actions.enrolling import import_branches, read_branch_file, record_staff_told
from audit.domain.errors import InvalidField, NotAllowed, NotFound
from audit.domain.programme import BranchRow
from audit.storage.store import Store, open_store
from tests import cast

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LISTS = Path(__file__).parents[3] / "shared" / "fixtures" / "branches"
ROWS = (BranchRow(2, "E01", "Hill", "East"), BranchRow(3, "", "Nameless"), BranchRow(4, "E01", "Again"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "candour.sqlite", tmp_path / "photos")
    with opened.transaction():
        opened.programme.save(cast.PROGRAMME)
        opened.areas.save(cast.NORTH)
        opened.branches.save(cast.N01)
        for person in cast.EVERYBODY:
            if not person.branch_code and person.area_code in (None, "NORTH"):
                opened.people.save(person)
    yield opened
    opened.close()


def test_good_rows_are_taken_and_bad_ones_named_with_their_number(store: Store) -> None:
    imported = import_branches(store, cast.ADA, ROWS, NOW)
    assert [branch.code for branch in imported.taken] == ["E01"]
    assert [refusal.row for refusal in imported.refused] == [3, 4]
    assert store.branches.find("E01").name == "Hill"


def test_a_dry_run_keeps_nothing(store: Store) -> None:
    imported = import_branches(store, None, ROWS, NOW, dry_run=True)
    assert (imported.new, imported.changed, imported.unchanged) == (1, 0, 0)
    assert store.branches.count() == 1
    assert [area.code for area in store.areas.list_all()] == ["NORTH"]


def test_a_second_run_changes_nothing_and_journals_nothing(store: Store) -> None:
    import_branches(store, cast.ADA, ROWS, NOW)
    before = store.journal.latest()
    again = import_branches(store, cast.ADA, ROWS, NOW)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    assert store.journal.latest() == before


def test_what_is_on_file_about_a_branch_stays_when_its_row_comes_again(store: Store) -> None:
    import_branches(store, cast.ADA, [BranchRow(2, "N01", "Mill Lane West", attributes={"kind": "shop"})], NOW)
    branch = store.branches.find("N01")
    assert branch == replace(cast.N01, name="Mill Lane West", attributes={"kind": "shop"})
    import_branches(store, cast.ADA, [BranchRow(2, "N01", "Mill Lane", attributes={"size": "small"})], NOW)
    assert store.branches.find("N01") == replace(cast.N01, attributes={"kind": "shop", "size": "small"})


def test_an_area_is_found_by_its_code_or_its_name_and_made_once(store: Store) -> None:
    rows = [BranchRow(2, "A", "A", "north"), BranchRow(3, "B", "B", "East"), BranchRow(4, "C", "C", "EAST")]
    import_branches(store, cast.ADA, rows, NOW)
    assert [store.branches.find(code).area_code for code in "ABC"] == ["NORTH", "East", "East"]
    assert {area.code for area in store.areas.list_all()} == {"NORTH", "East"}


@pytest.mark.parametrize("person", [cast.RITA, cast.AMIR, cast.SAM], ids=lambda person: person.role.value)
def test_nobody_but_an_administrator_takes_branches_in(store: Store, person: cast.Person) -> None:
    with pytest.raises(NotAllowed):
        import_branches(store, person, ROWS, NOW)
    with pytest.raises(NotAllowed):
        record_staff_told(store, person, "N01", NOW.date(), NOW)


def test_the_day_the_staff_were_told_is_journalled_with_the_day_before_it(store: Store) -> None:
    record_staff_told(store, cast.ADA, "N01", date(2026, 11, 20), NOW)
    line = store.journal.of("N01")[-1]
    assert (line.who, line.before, line.after) == (
        cast.ADA.id,
        {"staff_told_on": "2026-01-05"},
        {"staff_told_on": "2026-11-20"},
    )


def test_a_day_to_come_is_refused_by_the_calendar_of_the_branch(store: Store) -> None:
    late_evening = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # half past midnight in Zurich
    assert record_staff_told(store, cast.ADA, "N01", date(2026, 11, 22), late_evening).staff_told_on
    with pytest.raises(InvalidField):
        record_staff_told(store, cast.ADA, "N01", date(2026, 11, 23), late_evening)
    with pytest.raises(NotFound):
        record_staff_told(store, cast.ADA, "Z99", date(2026, 11, 20), NOW)


SMALL = b"\xef\xbb\xbfsep=;\r\nCode agence;Nom;Wilaya\r\n001;Didouche;Alger\r\n002;Bab Ezzouar;Alger\r\n"


def test_a_list_as_a_spreadsheet_writes_it_is_understood(store: Store) -> None:
    file = read_branch_file(SMALL, "agences.csv")
    assert dict(file.columns) == {"code": "Code agence", "name": "Nom", "area": "Wilaya"}
    import_branches(store, cast.ADA, file.rows, NOW)
    assert store.branches.find("001").name == "Didouche"


@pytest.mark.parametrize(
    "name",
    [
        "dz_bna_bank.csv",
        "dz_ciar_insurance.csv",
        "dz_ciar_sepline_semicolon.csv",
        "jp_mizuho_utf8.csv",
        "lk_post_offices.csv",
    ],
)
def test_real_lists_of_branches_are_taken(store: Store, name: str) -> None:
    if not LISTS.exists():
        pytest.skip(f"the collection of real lists is not at {LISTS}")
    file = read_branch_file((LISTS / name).read_bytes(), name)
    imported = import_branches(store, None, file.rows, NOW)
    assert len(imported.taken) > 0.9 * len(file.rows)
    again = import_branches(store, None, file.rows, NOW)
    assert (again.new, again.changed) == (0, 0)
