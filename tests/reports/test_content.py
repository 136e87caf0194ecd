"""What a report says, apart from how it looks: the same content has one number, and the archive copy carries it."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from pypdf import PdfReader

from audit.reports import charts
from audit.reports import visit as visits
from audit.reports.branch import BranchReport, compose
from audit.reports.content import SAID, SIGNS, Content, content_of
from audit.reports.paper import REPORTS, Desk, Sheet, draw_sheet
from audit.reports.pdf import Printer
from audit.reports.period import year_of
from audit.reports.question_changes import Earlier
from audit.reports.tables import COLUMNS, rows_of, table_of
from tests.builders import NOON_IN_NOVEMBER, Answer, good_answers
from tests.cast import N01, NORTH, PROGRAMME
from tests.reports.visits import scored


def report_of(comment: str = "Nobody looked up.", **branch: object) -> BranchReport:
    visits = [scored(1, answers=good_answers(greeted=Answer("no", comment))), scored(2)]
    return compose(PROGRAMME, replace(N01, **branch), NORTH, year_of(NOON_IN_NOVEMBER.date()), visits)  # type: ignore[arg-type]


def test_the_same_content_has_the_same_number_and_any_other_another() -> None:
    number = content_of(report_of(), "en").number
    assert number == content_of(report_of(), "en").number
    others = [report_of("Nobody looked down."), report_of(name="Mill Lane 2"), report_of(locality="Bern")]
    assert len({number, *(content_of(other, "en").number for other in others)}) == 4
    assert content_of(report_of(), "de").number != number


def test_a_number_is_fifteen_signs_that_are_not_mistaken_for_one_another() -> None:
    number = Content(b"{}").number
    assert [len(group) for group in number.split("-")] == [5, 5, 5]
    assert set(number.replace("-", "")) <= set(SIGNS)
    assert not set("ILOU") & set(SIGNS)


def test_how_a_sheet_looks_is_no_part_of_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    before = draw_sheet(report_of())
    monkeypatch.setattr(charts, "ACCENT", "#000000")
    after = draw_sheet(report_of())
    assert after.content == before.content
    assert after.key != before.key


def test_content_names_the_pseudonym_and_nobody_and_no_minute_of_a_visit() -> None:
    told = content_of(report_of(), "en").json.decode().replace("2026-11-13T12:30:00+00:00", "when it was published")
    assert "Shopper 7" in told
    for secret in ("Samuel", "Whitaker", "12:30", "13:30", "shopper_id"):
        assert secret not in told


def test_content_tells_of_a_clock_time_the_part_of_the_day_and_no_minute() -> None:
    visit = scored(1, answers=good_answers(entered=Answer("12:47")))
    report = visits.compose(PROGRAMME, N01, NORTH, visit, "en")
    [line] = [line for section in report.sections for line in section.answers if line.question.id == "entered"]
    assert line.shown == "afternoon"
    assert "12:47" not in content_of(report, "en").json.decode()


def test_paper_names_the_part_of_the_day_that_its_content_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.formatting.DUSK", 18)
    visit = scored(1, answers=good_answers(entered=Answer("17:30")))
    assert "in the afternoon" in draw_sheet(visits.compose(PROGRAMME, N01, NORTH, visit, "en")).xhtml


def test_what_cannot_be_said_of_questions_leaves_a_report_as_it_was() -> None:
    alone = report_of()
    before = {"welcome": [Earlier(alone.parts[0].checklist, {"greeted": (0, 3)})]}
    compared = alone.beside({}, {}, before)
    assert b"moved" not in content_of(alone, "en").json
    assert b'"moved":{"by_question":{"greeted":{' in content_of(compared, "en").json
    assert content_of(alone.beside({}, {}, {}), "en") == content_of(alone, "en")


def test_a_part_that_nobody_wrote_down_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no row"):
        content_of(object(), "en")


@pytest.mark.parametrize("kind", REPORTS, ids=lambda kind: kind.__name__)
def test_every_report_says_something_and_has_a_table(kind: type) -> None:
    assert kind in SAID
    assert rows_of.dispatch(kind) is not rows_of.dispatch(object)


def test_the_table_holds_each_figure_exactly() -> None:
    rows = list(table_of(report_of()).rows)
    assert {len(row) for row in rows} == {len(COLUMNS)}
    [branch] = [row for row in rows if row[1] == "branch"]
    assert branch[:6] == ("welcome", "branch", "N01", "Mill Lane", Fraction(85), 2)
    assert [row[4] for row in rows if row[1] == "visit"] == [Fraction(70), Fraction(100)]


def archive_of(report: BranchReport) -> Sheet:
    return draw_sheet(report, Desk(), archive=True)


def print_sheet(printer: Printer, sheet: Sheet) -> bytes:
    return printer.print_sheet(sheet, lambda sha256: b"")


def test_the_archive_copy_is_tagged_pdf_a_and_the_same_to_the_byte(printer: Printer) -> None:
    pdf = print_sheet(printer, archive_of(report_of()))
    root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    told = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in told.replace('pdfaid:part="3"', "<pdfaid:part>3</pdfaid:part>")
    assert root["/MarkInfo"]["/Marked"]
    assert len(root["/AF"]) >= 2
    assert root["/OutputIntents"]
    assert print_sheet(printer, archive_of(report_of())) == pdf


def test_a_formula_in_a_name_stays_a_word_in_the_table_that_is_attached(printer: Printer) -> None:
    pdf = print_sheet(printer, archive_of(report_of(name="=HYPERLINK(1)")))
    attached = PdfReader(io.BytesIO(pdf)).attachments
    [row] = [
        row for row in csv.reader(io.StringIO(attached["figures.csv"][0].decode("utf-8-sig"))) if row[1] == "branch"
    ]
    assert row[3] == "'=HYPERLINK(1)"
    assert json.loads(attached["figures.json"][0])["branch"]["name"] == "=HYPERLINK(1)"


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="needs qpdf (apt-get install qpdf)")
@pytest.mark.parametrize("archive", [False, True], ids=["paper", "archive"])
def test_a_checker_finds_the_file_sound(printer: Printer, archive: bool, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(print_sheet(printer, draw_sheet(report_of(), Desk(), archive)))
    said = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
