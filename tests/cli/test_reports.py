"""`audit report`: the PDF of a branch or of one visit, in a file."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from audit.actions.publishing import publish_visit
from audit.actions.submitting import receive_submission
from audit.actions.visiting import begin_visit
from audit.domain.visit import Visit
from audit.storage.store import Store
from tests.cast import ADA, PROGRAMME, SAM
from tests.cli.conftest import Prompt
from tests.reports.reading import words_of
from tests.world import GOOD, assign, edit, minutes

NOVEMBER_12 = date(2026, 11, 12)


@pytest.fixture
def visit(world: Store) -> Visit:
    """Sam's visit to N01, sent: no name was given, which loses 2 of 9 points."""
    begun = begin_visit(world, SAM, assign(world).id, minutes(0))
    receive_submission(world, SAM, *edit(begun, {**GOOD, "by_name": "no"}), minutes(30))
    return world.visits.find(begun.id)


def test_a_visit_is_printed_before_and_after_it_is_published(prompt: Prompt, world: Store, visit: Visit) -> None:
    file = prompt.folder / "visit.pdf"
    said = prompt.audit_outside("report", "visit", visit.id, "-o", file)
    assert (said.status, said.err) == (0, "")
    assert said.out == f"{file}: {file.stat().st_size} bytes\n"
    for printed in ("78 %", "They were quick and kind.", "Mill Lane"):
        assert printed in words_of(file.read_bytes())


def test_a_branch_is_printed_for_the_period_that_was_asked_for(prompt: Prompt, world: Store, visit: Visit) -> None:
    publish_visit(world, ADA, visit.id, minutes(60))
    file = prompt.folder / "branch.pdf"
    inside = prompt.audit("report", "branch", "N01", "--from", "2026-11-01", "--to", NOVEMBER_12, "-o", file)
    assert inside.status == 0, inside.err
    assert "from 1 visit" in words_of(file.read_bytes())
    assert "78 %" in words_of(file.read_bytes())
    after = prompt.audit(
        "report", "branch", "N01", "--from", NOVEMBER_12 + timedelta(days=1), "--to", "2026-11-30", "-o", file
    )
    assert after.status == 0, after.err
    assert "78 %" not in words_of(file.read_bytes())


def test_without_a_period_this_quarter_is_printed(prompt: Prompt, world: Store) -> None:
    file = prompt.folder / "branch.pdf"
    before = year_at_the_programme()
    assert prompt.audit("report", "branch", "N01", "-o", file).status == 0
    words = words_of(file.read_bytes())
    assert any(str(year) in words for year in (before, year_at_the_programme()))


def year_at_the_programme() -> int:
    """Not the year of UTC: where people are, it begins an hour earlier."""
    return datetime.now(ZoneInfo(PROGRAMME.time_zone)).year


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("branch X99", "There is no branch X99. See: audit branches list"),
        ("visit X99", "There is no visit X99. Its page in the office has its id in the address."),
        ("branch N01 --from 2026-02-01 --to 2026-01-01", "--from: The first day comes after the last day."),
        ("branch N01 --from 0001-01-01", "--from: “0001-01-01” is too far away. Choose a day from 2000 to 2199."),
    ],
)
def test_what_cannot_be_printed_is_refused_with_the_mend(prompt: Prompt, world: Store, words: str, why: str) -> None:
    said = prompt.audit("report", *words.split(), "-o", prompt.folder / "x.pdf")
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith(why)
    assert not (prompt.folder / "x.pdf").exists()


def test_a_visit_that_was_not_sent_has_no_report(prompt: Prompt, world: Store) -> None:
    begun = begin_visit(world, SAM, assign(world).id, minutes(0))
    said = prompt.audit("report", "visit", begun.id, "-o", prompt.folder / "x.pdf")
    assert (said.status, said.err) == (1, "This visit has no score: it was not sent, or it was stopped.\n")


def test_a_folder_that_is_not_there_is_named_before_anything_is_printed(prompt: Prompt, world: Store) -> None:
    said = prompt.audit("report", "branch", "N01", "-o", prompt.folder / "nowhere" / "x.pdf")
    assert (said.status, said.out) == (1, "")
    assert said.err == f"There is no folder {prompt.folder / 'nowhere'} to write into. Make it first.\n"


def test_an_area_a_programme_and_a_pack_are_printed(prompt: Prompt, world: Store, visit: Visit) -> None:
    publish_visit(world, ADA, visit.id, minutes(60))
    days = ("--from", "2026-10-01", "--to", "2026-12-31")
    for words, name in (
        (("area", "NORTH"), "a.pdf"),
        (("programme",), "p.pdf"),
        (("pack", "NORTH"), "all.zip"),
        (("pack", "NORTH"), "all.pdf"),
    ):
        said = prompt.audit("report", *words, *days, "-o", prompt.folder / name)
        assert (said.status, said.err) == (0, ""), words
    assert "Mill Lane" in words_of((prompt.folder / "a.pdf").read_bytes())
    assert "78 %" in words_of((prompt.folder / "p.pdf").read_bytes())
    with zipfile.ZipFile(prompt.folder / "all.zip") as archive:
        assert archive.testzip() is None
        assert archive.read(archive.namelist()[0]) == (prompt.folder / "a.pdf").read_bytes()
        assert len(archive.namelist()) == 1 + len(world.branches.of_area("NORTH"))


def test_an_area_that_is_not_there_is_refused_with_those_that_are(prompt: Prompt, world: Store) -> None:
    said = prompt.audit("report", "pack", "WEST", "-o", prompt.folder / "x.zip")
    assert (said.status, said.out) == (1, "")
    assert said.err == "There is no area WEST. Areas: NORTH, SOUTH.\n"
