"""Files of checklists, of a visit, of when customers come and of filmed scenes: what they say, in whose language, and
that no spreadsheet program runs anything in them."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from werkzeug.test import TestResponse

from audit.actions.weighing import tell_traffic
from audit.domain.people import Person
from audit.domain.statistics.traffic import Traffic
from audit.domain.visit import ENTER, Mark, Position, Visit
from tests import cast
from tests.web.handed_out import EVIL, book_of, lines_of
from tests.web.office import SATURDAY_NOON, Office, text_of

MARKINGS = "scene;question;shopper;marking\n1;@SUM(A1);A;=1+1\n1;@SUM(A1);B;no\n"
AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"  # commas, UTF-8, what the cells show
WEEK = Traffic({(0, "morning"): Fraction(5, 2), (6, "evening"): Fraction(40)})


@pytest.fixture
def marked(office: Office, visit: Visit) -> Visit:
    """Sam's visit with a mark, comments like formulas, and an office that knows when customers come."""
    place = Position(47.3769, 8.5417, 12.0)
    marks = (Mark(ENTER, SATURDAY_NOON, place), Mark("leave", SATURDAY_NOON, refused="@SUM(A1)"))
    thanked = visit.answers["thanked"]._replace(comment=EVIL)
    told = replace(visit, marks=marks, answers={**visit.answers, "thanked": thanked})
    with office.store.transaction():
        office.store.visits.save(told)
        office.store.branches.save(replace(cast.N01, name=EVIL))
    tell_traffic(office.store, cast.ADA, WEEK, office.clock())
    return told


def addresses(visit: Visit, kind: str) -> tuple[str, ...]:
    return (
        f"/lists/checklists.{kind}",
        f"/checklists/corner-shop/1/figures.{kind}",
        f"/checklists/ready/six-secrets/figures.{kind}",
        f"/visits/{visit.id}/answers/figures.{kind}",
        f"/visits/{visit.id}/figures.{kind}",
        f"/programme/traffic/figures.{kind}",
        f"/programme/figures.{kind}",
        f"/areas/NORTH/figures.{kind}",
        f"/branches/N01/figures.{kind}",
        f"/lists/visits.{kind}",
    )


def files_of(office: Office, visit: Visit, kind: str, person: Person = cast.ADA) -> Iterator[tuple[str, bytes]]:
    """Every file, with a name of its own."""
    browser = office.browser(person)
    for number, address in enumerate(addresses(visit, kind)):
        answer = browser.get(address)
        assert answer.status_code == 200, address
        yield f"{number}.{kind}", answer.get_data()
    yield f"scenes.{kind}", compared(office, kind).get_data()


def compared(office: Office, kind: str) -> TestResponse:
    table = (io.BytesIO(MARKINGS.encode()), "scenes.csv")
    return office.browser(cast.ADA).post("/programme/scenes", data={"table": table, "as": kind})


def rows_of(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_a_checklist_goes_along_with_its_weights_and_choices(office: Office, visit: Visit) -> None:
    ada = office.browser(cast.ADA)
    greeted, thanked = lines_of(ada.get("/checklists/corner-shop/1/figures.csv"))[:2]
    assert (greeted["Section"], greeted["Question"]) == ("At the counter", "Did someone greet you?")
    assert (greeted["Weight"], greeted["Optional"], greeted["Critical"], thanked["Weight"]) == ("1", "0", "0", "1")
    book = book_of(ada.get("/checklists/corner-shop/1/figures.xlsx"))
    scenario = list(book["Scenarios"].values)[1]
    assert scenario[:2] == ("A wrong bill", "Say that the bill is wrong.")
    assert ada.get("/checklists/corner-shop/2/figures.csv").status_code == 404
    assert ada.get("/checklists/ready/none/figures.csv").status_code == 404


def test_the_list_of_checklists_says_which_version_is_asked_and_what_is_ready(office: Office, visit: Visit) -> None:
    (row,) = lines_of(office.browser(cast.ADA).get("/lists/checklists.csv"))
    assert (row["Checklist"], row["Version"], row["Day"]) == ("Corner shop", "1", "2026-11-21")
    book = book_of(office.browser(cast.ADA).get("/lists/checklists.xlsx"))
    assert book.sheetnames == ["Checklists", "Ready to use"]
    assert book["Ready to use"].max_row == 9


def test_a_visit_goes_along_as_the_office_reads_it(office: Office, marked: Visit) -> None:
    rita = office.browser(cast.RITA)
    address = f"/visits/{marked.id}/answers/figures"
    assert f'href="{address}.csv"' in text_of(rita.get(f"/visits/{marked.id}"))
    greeted, thanked, *_ = lines_of(rita.get(f"{address}.csv"))
    assert (greeted["Answer"], greeted["Points earned"], greeted["Points possible"]) == ("Yes", "1", "1")
    assert (thanked["Answer"], thanked["Points earned"], thanked["Comment"]) == ("No", "0", f"'{EVIL}")
    book = book_of(rita.get(f"{address}.xlsx"))
    enter, leave = list(book["Marks"].values)[1:]
    assert enter[:6] == ("Entered", "2026-11-21T13:00:00+01:00", "Europe/Zurich", 47.3769, 8.5417, 12)
    assert leave[3:] == (None, None, None, "@SUM(A1)")


def test_when_customers_come_goes_along_as_it_was_said(office: Office, marked: Visit) -> None:
    rows = lines_of(office.browser(cast.ADA).get("/programme/traffic/figures.csv"))
    said = {(row["Day"], row["Part of the day"], row["Hours"]): row["Customers"] for row in rows if row["Customers"]}
    assert said == {("Monday", "morning", "0–12"): "2.5", ("Sunday", "evening", "17–24"): "40"}


def test_where_nobody_said_when_customers_come_there_is_no_file_and_no_way_to_one(office: Office) -> None:
    ada = office.browser(cast.ADA)
    assert "figures.csv" not in text_of(ada.get("/programme/traffic"))
    assert ada.get("/programme/traffic/figures.csv").status_code == 404


def test_what_scenes_say_is_handed_out_by_the_form_that_asks_and_nothing_is_kept(office: Office) -> None:
    answer = compared(office, "csv")
    (row,) = lines_of(answer)
    assert (row["Scenes"], row["Shoppers"], row["Alike of 100"]) == ("1", "2", "0")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="candour-scenes.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    sheet = book_of(compared(office, "xlsx"))["Marked differently"]
    assert {row[3] for row in list(sheet.values)[1:]} == {"=1+1", "no"}
    assert text_of(compared(office, "exe")).startswith("<!doctype html>")
    assert {line.what for line in office.store.journal.latest()} <= {"device.signed_in"}


def test_no_cell_of_any_file_is_a_formula(office: Office, marked: Visit) -> None:
    evil = 0
    for _, raw in files_of(office, marked, "xlsx"):
        for sheet in openpyxl.load_workbook(io.BytesIO(raw)):
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                assert cell.data_type not in ("f", "e"), cell.value
                evil += cell.value == EVIL
    assert evil
    for name, raw in files_of(office, marked, "csv"):
        for row in rows_of(raw):
            numbers = {cell for cell in row if cell.lstrip("-").replace(".", "", 1).isdigit()}
            assert [cell for cell in row if cell.startswith(("=", "+", "-", "@")) and cell not in numbers] == [], name


def test_an_arab_reader_gets_sheets_from_right_to_left_with_headings_in_arabic(office: Office, marked: Visit) -> None:
    arab = replace(cast.ADA, language="ar")
    with office.store.transaction():
        office.store.people.save(arab)
    for _, raw in files_of(office, marked, "xlsx", arab):
        for sheet in openpyxl.load_workbook(io.BytesIO(raw)):
            assert sheet.sheet_view.rightToLeft, sheet.title
            assert any("\u0600" <= sign <= "\u06ff" for sign in str(sheet["A1"].value)), sheet.title
    for name, raw in files_of(office, marked, "csv", arab):
        assert raw.startswith(b"\xef\xbb\xbf"), name


def test_a_file_is_named_by_words_of_ours_and_by_codes(office: Office, marked: Visit) -> None:
    ada = office.browser(cast.ADA)
    names = [ada.get(address).headers["Content-Disposition"] for address in addresses(marked, "csv")[:6]]
    assert [name.removeprefix('attachment; filename="candour-').removesuffix('.csv"') for name in names] == [
        "checklists", "checklist-corner-shop-1", "checklist-six-secrets", "answers-N01-2026-11-21",
        "N01-2026-11-21", "traffic",
    ]  # fmt: skip


def test_libreoffice_opens_every_file_and_shows_what_was_written(office: Office, marked: Visit, tmp_path: Path) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    first = dict(files_of(office, marked, "csv"))
    for name, raw in files_of(office, marked, "xlsx"):
        (tmp_path / name).write_bytes(raw)
    words = [
        program,
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        AS_SHOWN,
    ]
    files = [str(path) for path in sorted(tmp_path.glob("*.xlsx"))]
    told = {**os.environ, "HOME": str(tmp_path)}
    subprocess.run([*words, "--outdir", str(tmp_path), *files], check=True, capture_output=True, timeout=300, env=told)
    for name, raw in first.items():
        shown = rows_of((tmp_path / name).read_bytes())
        written = rows_of(raw)
        assert len(shown) == len(written), name
        assert shown[0] == written[0], name
        assert [row[0].removeprefix("'") for row in shown] == [row[0].removeprefix("'") for row in written], name
