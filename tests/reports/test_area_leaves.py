"""The leaf of an area says on paper what its page says: which branches clearly changed, and critical questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from audit.reports.content import content_of
from audit.reports.leaves import AreaOnPaper
from audit.reports.overview import Moved, Overview
from tests.reports.reference import Organisation, organisation

SAID = ("In 1 of 24 visits a critical question was failed.", "Clearly down: Mill Lane.")
KEPT = (b'"failed":[1,24]', b'"told_apart_by_change":{"compared":4,"down":["N01"],"up":[]}')


@pytest.fixture(scope="module")
def north(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    """The reference organisation; its North has four branches."""
    with organisation(tmp_path_factory.mktemp("leaves")) as opened:
        yield opened


def beside(report: AreaOnPaper) -> Overview:
    return report.beside["reference"]


def test_the_paper_of_an_area_names_what_clearly_changed_and_what_is_critical(north: Organisation) -> None:
    paper = north.sheet("area").xhtml
    kept = content_of(north.report("area"), "en").json
    for said, there in zip(SAID, KEPT, strict=True):
        assert said in paper
        assert there in kept


def test_where_nothing_is_said_of_it_the_report_stays_as_it_was(north: Organisation) -> None:
    report = north.report("area")
    assert isinstance(report, AreaOnPaper)
    for moved in (None, Moved(1, (), ("N01",))):
        quiet = replace(beside(report), moved=moved, critical=(0, 24))
        kept = content_of(replace(report, beside={"reference": quiet}), "en").json
        assert b"told_apart_by_change" not in kept
        assert b'"failed"' not in kept


def test_the_board_is_told_of_critical_questions_and_has_no_room_for_which_area_changed(north: Organisation) -> None:
    kept = content_of(north.report("programme"), "en").json
    assert b'"failed":[' in kept
    assert "a critical question was failed." in north.sheet("programme").xhtml
    assert b"told_apart_by_change" not in kept
