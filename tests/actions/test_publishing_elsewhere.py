"""What a visit does to the reports of other branches once it is published: only what they say may make them new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from audit.actions.holding import made_of
from audit.domain.visit import Visit, VisitState
from audit.reports.branch import BranchReport
from audit.reports.leaves import AreaOnPaper
from audit.reports.paper import Sheet, draw_sheet
from tests.reports import reference
from tests.reports.reference import QUARTER, Organisation, organisation, stamped

CHANCES = (0.72, 0.97, 0.70, 0.55, 0.80, 0.66, 0.90, 0.60, 0.85, 0.75, 0.68, 0.78)
CODES = tuple(f"N{number:02}" for number in range(1, 1 + len(CHANCES)))


@pytest.fixture
def north(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Organisation]:
    """One area of a dozen branches with six visits each."""
    branches = tuple((code, "NORTH", chance) for code, chance in zip(CODES, CHANCES, strict=True))
    monkeypatch.setattr(reference, "BRANCHES", branches)
    monkeypatch.setattr(reference, "NAMES", {"en": replace(reference.NAMES["en"], branches=CODES)})
    with organisation(tmp_path) as opened:
        yield opened


def newest(north: Organisation, code: str) -> Visit:
    return north.store.visits.of_branch(code, QUARTER.first, QUARTER.last)[-1]


def change(north: Organisation, visit: Visit, state: VisitState) -> None:
    with north.store.transaction():
        north.store.visits.save(replace(visit, state=state))
        north.store.journal.write(None, "visit.published", visit.id, visit.started_at)


def reports(north: Organisation) -> dict[str, BranchReport]:
    found = {code: north.report("branch", code) for code in CODES}
    return {code: report for code, report in found.items() if isinstance(report, BranchReport)}


def range_of_area(north: Organisation) -> tuple[int, int]:
    area = north.report("area")
    assert isinstance(area, AreaOnPaper)
    standing = area.figures.parts[0].standing
    assert standing
    return standing.range.ends


def words(sheet: Sheet) -> tuple[str, Mapping[str, bytes]]:
    """All that a sheet says and shows, apart from the number of its edition."""
    bare = stamped(sheet)
    code = next(name for name in bare.drawings if f'class="code" src="{name}"' in bare.xhtml)
    drawings = {name: drawing for name, drawing in bare.drawings.items() if name != code}
    return bare.xhtml.replace(code, "the code"), drawings


def test_a_visit_published_elsewhere_makes_no_new_edition_that_has_no_new_word(north: Organisation) -> None:
    published = {code: (report, draw_sheet(report)) for code, report in reports(north).items()}
    alike, moved, ranges = 0, 0, {range_of_area(north)}
    for code in CODES:
        visit = newest(north, code)
        change(north, visit, VisitState.APPROVED)
        ranges.add(range_of_area(north))
        for other in sorted({*CODES} - {code}):
            report, sheet = published[other]
            before = north.report("branch", other)
            drawn = draw_sheet(before)
            says_the_same = words(sheet) == words(drawn)
            assert (sheet.content == drawn.content) == says_the_same
            assert (sheet.key == drawn.key) == says_the_same
            assert (made_of(report) == made_of(before)) == says_the_same
            alike, moved = alike + says_the_same, moved + (not says_the_same)
        change(north, visit, VisitState.PUBLISHED)
    assert len(ranges) > 2  # what the area's own report says did move
    assert alike > 2 * moved
