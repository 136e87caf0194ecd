"""The report of the programme has four pages, however many checklists and areas there are, and says what it leaves."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from audit.domain.programme import Area
from audit.domain.statistics.ranges import Range
from audit.domain.statistics.versions import Offset
from audit.reports.overview_sentences import OverviewSentences
from audit.reports.pdf import Printer
from audit.reports.programme import ProgrammeOnPaper
from tests.reports.boards import programme_of
from tests.reports.reference import organisation

QUESTIONS = {
    "en": ("The areas", "What was kept, and what was lost", "With other checklists"),
    "de": ("Die Gebiete", "Was erreicht wurde und was verloren ging", "Mit anderen Checklisten"),
}
SOME = ((3, 12, "en"), (5, 40, "ar"), (8, 3, "de"), (12, 40, "de"))
MANY = tuple(
    (c, a, to) for c in (1, 3, 5, 8, 12) for a in (3, 12, 40) for to in ("en", "de", "ar") if (c, a, to) not in SOME
)


def pages_of(printer: Printer, folder: Path, checklists: int, areas: int, language: str = "en") -> list[str]:
    with programme_of(folder, checklists, areas, language) as programme:
        pdf = programme.print_sheet(printer, programme.sheet("programme"))
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize(
    ("checklists", "areas", "language"), [*SOME, *(pytest.param(*each, marks=pytest.mark.soak) for each in MANY)]
)
def test_a_board_reads_four_pages(printer: Printer, tmp_path: Path, checklists: int, areas: int, language: str) -> None:
    pages = pages_of(printer, tmp_path, checklists, areas, language)
    assert len(pages) == 4
    if checklists > 3 and language in QUESTIONS:
        assert all(head in page for head, page in zip(QUESTIONS[language], pages[1:], strict=True))


@pytest.mark.parametrize(("areas", "language"), [(12, "en"), (40, "de"), (12, "ar")])
def test_a_board_reads_four_pages_though_each_of_twelve_checklists_has_a_new_version(
    printer: Printer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, areas: int, language: str
) -> None:
    say, known = OverviewSentences.versions_briefly, Offset(13, 40, 900, range=Range(0.2, 26))
    monkeypatch.setattr(OverviewSentences, "versions_briefly", lambda self, *_: say(self, (11, 12), known))
    assert len(pages_of(printer, tmp_path, 12, areas, language)) == 4


def test_every_checklist_stands_on_three_pages_with_its_figure_its_areas_and_its_dimensions(
    printer: Printer, tmp_path: Path
) -> None:
    pages = pages_of(printer, tmp_path, 5, 12)
    for title in ("A telephone call 2", "An online enquiry 3", "A complaint made at the counter 4"):
        assert [title in page for page in pages] == [True, True, False, True]
    assert re.search(r"A telephone call 2, by telephone \d+ % \d+–\d+ · 27 visits · target 80 %", pages[0])
    assert re.search(r"before \d+: could be luck \(−\d+ to \+\d+\)", pages[0])
    assert "A telephone call 2, by telephone · 9 areas" in pages[1]
    assert re.search(
        r"A telephone call 2, by telephone · 27 visits A warm response \d+ % \(\d+; \d+\) · Being made", pages[3]
    )


@pytest.mark.parametrize(("checklists", "areas", "told"), [(3, 3, 3), (5, 12, 1)])
def test_the_board_is_told_how_often_a_critical_question_was_failed(
    printer: Printer, tmp_path: Path, checklists: int, areas: int, told: int
) -> None:
    pages = " ".join(pages_of(printer, tmp_path, checklists, areas))
    said = r"In \d+ of \d+ visits a critical question was failed\. 9 times out of 10 the true share lies between"
    assert len(re.findall(said, pages)) == told


def test_areas_that_have_no_row_are_counted_and_looked_up_elsewhere(printer: Printer, tmp_path: Path) -> None:
    pages = pages_of(printer, tmp_path, 12, 70)
    assert len(pages) == 4
    assert "An area that is not named here has its figure in its own report." in pages[1]


@pytest.mark.parametrize(("visited", "unvisited"), [(5, 12), (5, 1000), (40, 1000), (1000, 0)])
def test_a_board_reads_four_pages_with_however_many_areas_nobody_visited(
    printer: Printer, tmp_path: Path, visited: int, unvisited: int
) -> None:
    with programme_of(tmp_path, 1, visited) as programme:
        with programme.store.transaction():
            for n in range(unvisited):
                programme.store.areas.save(Area(f"U{n:03}", f"Harbour and Lakes {n}"))
        pdf = programme.print_sheet(printer, programme.sheet("programme"))
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) == 4
    assert ("Without a published visit in this period: 1000 areas" in pages[1]) == (unvisited == 1000)
    assert ("Harbour and Lakes 11" in pages[1]) == (unvisited == 12)


def test_checklists_without_room_are_counted_those_with_most_visits_are_told(tmp_path: Path) -> None:
    with programme_of(tmp_path, 14, 5) as programme:
        report = programme.report("programme")
        page = programme.sheet("programme").xhtml
    assert isinstance(report, ProgrammeOnPaper)
    told, all_others = report.others, report.parts[1:]
    assert (len(told), report.room.untold) == (11, 2)
    left_out = [part for part in all_others if part not in told]
    assert max(part.figures.figure.n for part in left_out) <= min(part.figures.figure.n for part in told)
    assert "2 more checklists, with the fewest visits, stand on the page of this report alone." in page


def test_no_question_is_praised_and_blamed_on_one_page(tmp_path: Path) -> None:
    with programme_of(tmp_path, 1, 5) as programme:
        report = programme.report("programme")
    assert isinstance(report, ProgrammeOnPaper)
    (part,) = report.parts
    best, lost = ({line.id for line in lines} for lines in (part.best, part.lost))
    assert best
    assert len(lost) == 3
    assert not best & lost
    assert max(line.share for line in part.lost) < min(line.share for line in part.best)


@pytest.mark.parametrize("kind", ["programme", "branch"])
def test_how_shoppers_left_is_not_counted_where_nobody_said_it(tmp_path: Path, kind: str) -> None:
    asked, said = (tmp_path / name for name in ("asked", "said"))
    asked.mkdir()
    said.mkdir()
    with programme_of(asked, 1, 1) as programme:
        assert "How the shoppers left" not in programme.sheet(kind, branch="B000").xhtml
    with organisation(said, visits=1) as opened:
        assert "How the shoppers left" in opened.sheet(kind).xhtml
