"""The lists of the office as files: what stands on the screen, for whoever may open it, and no formula in it."""

import csv
import io
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from audit.domain.people import Person
from audit.domain.visit import Visit
from audit.storage import visit_lines
from audit.storage.columns import Column
from audit.storage.connections import Connections, Row
from audit.web import submitted_visits
from tests import cast
from tests.web.handed_out import EVIL, book_of, lines_of, rows_of
from tests.web.links import share
from tests.web.office import PASSWORD, Browser, Office, text_of

LISTS = ("branches", "people", "assignments", "visits", "shares")
PAGES = {"branches": "/branches", "people": "/people", "assignments": "/assignments", "visits": "/visits"}
PAGES["shares"] = "/shares"


@pytest.fixture
def ada(office: Office, visit: Visit) -> Browser:
    """With a visit that was published, one that waits to be read, and one that is still to be made."""
    office.submitted(branch=cast.N02)
    office.assignment(shopper=cast.SAM)
    return office.browser(cast.ADA)


def test_the_branches_have_their_area_and_when_their_staff_were_told(office: Office, ada: Browser) -> None:
    rows = lines_of(ada.get("/lists/branches.csv"))
    assert [row["Branch"] for row in rows] == [branch.name for branch in office.store.branches.list_all()]
    (mill_lane,) = [row for row in rows if row["Branch code"] == "N01"]
    assert (mill_lane["Area code"], mill_lane["Area"]) == ("NORTH", "North")
    assert mill_lane["Staff told"] == str(cast.N01.staff_told_on)


def test_the_file_holds_the_branches_that_were_looked_for(ada: Browser) -> None:
    page = text_of(ada.get("/branches?q=mill+lane"))
    address = re.search(r'href="(/lists/branches\.csv\?q=[^"]+)"', page)
    assert address
    assert [row["Branch"] for row in lines_of(ada.get(address[1]))] == ["Mill Lane"]


def test_everybody_stands_in_the_list_of_people_with_role_and_place_and_without_an_address(
    office: Office, ada: Browser
) -> None:
    with office.store.transaction():
        office.store.people.save(cast.RITA.dismissed())
    rows = lines_of(ada.get("/lists/people.csv"))
    assert len(rows) == len(office.store.people.list_all())
    said = {row["Name"]: row for row in rows}
    assert (said[cast.AMIR.name]["Role"], said[cast.AMIR.name]["Area"]) == ("Area manager", "North")
    assert (said[cast.BEA.name]["Branch code"], said[cast.BEA.name]["Branch"]) == ("N01", "Mill Lane")
    assert (said[cast.SAM.name]["Pseudonym"], said[cast.AMIR.name]["Shown out"]) == ("Shopper 7", "0")
    assert said[cast.RITA.name]["Shown out"] == "1"
    assert "@" not in str(rows)


def test_what_is_still_to_be_made_says_by_whom_until_when_and_what_is_late(office: Office, ada: Browser) -> None:
    (row,) = lines_of(ada.get("/lists/assignments.csv"))
    assert (row["Branch"], row["Checklist"], row["Shopper"]) == ("Mill Lane", "Corner shop", cast.SAM.name)
    assert (row["Last day"], row["Overdue"], row["Test"]) == ("2026-11-28", "0", "0")
    office.clock.go_on(days=8)
    (row,) = lines_of(office.browser(cast.ADA).get("/lists/assignments.csv"))
    assert row["Overdue"] == "1"


def test_visits_stand_as_on_the_page_those_that_wait_first(ada: Browser) -> None:
    waiting, published = lines_of(ada.get("/lists/visits.csv"))
    assert (waiting["Branch"], waiting["State"], waiting["Score"]) == ("Old Bridge", "to be read", "50")
    assert (published["Branch"], published["State"], published["Day"]) == ("Mill Lane", "published", "2026-11-21")
    page = text_of(ada.get("/visits"))
    for row in (waiting, published):
        for column in ("Branch", "Shopper", "State"):
            assert row[column] in page
        for words in row["To be known"].split():
            assert words in page


def test_from_whatever_page_a_file_is_taken_it_holds_all_visits_in_the_same_order(
    office: Office, ada: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = lines_of(ada.get("/lists/visits.csv"))
    assert 'href="/lists/visits.csv"' in text_of(ada.get("/visits?after=z"))
    monkeypatch.setattr(submitted_visits, "PAGE", 1)
    office.submitted()
    assert "A file holds all visits, not this page alone." in text_of(ada.get("/visits"))
    monkeypatch.setattr(visit_lines, "AT_ONCE", 1)
    more = lines_of(ada.get("/lists/visits.csv"))
    assert (len(more), more[0], more[2]) == (3, whole[0], whole[1])


def test_a_file_says_how_long_it_is_and_was_written_before_it_is_sent(ada: Browser) -> None:
    for kind in ("csv", "xlsx"):
        answer = ada.get(f"/lists/visits.{kind}")
        assert answer.content_length == len(answer.get_data())
        assert answer.mimetype in ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def test_however_many_links_there_are_their_days_are_asked_for_once(
    office: Office, ada: Browser, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions, rows = list[str](), Connections.rows

    def note(self: Connections, sql: str, *more: Sequence[Column]) -> list[Row]:
        questions.append(sql)
        return rows(self, sql, *more)

    def asked() -> int:
        questions.clear()
        assert ada.get("/lists/shares.csv").status_code == 200
        return len(questions)

    monkeypatch.setattr(Connections, "rows", note)
    share(office.browser(cast.AMIR), f"/visits/{visit.id}/shares")
    once = asked()
    for _ in range(3):
        share(office.browser(cast.AMIR), f"/visits/{visit.id}/shares")
    assert asked() == once
    assert {(row["First day"], row["Last day"]) for row in lines_of(ada.get("/lists/shares.csv"))} == {
        ("2026-11-21", "2026-11-21")
    }


def test_rita_reads_in_the_file_the_names_that_she_reads_on_the_page(office: Office, ada: Browser) -> None:
    rita = office.browser(cast.RITA)
    shown = cast.SAM.named_for(cast.RITA)
    assert {row["Shopper"] for row in lines_of(rita.get("/lists/visits.csv"))} == {shown}
    assert shown in text_of(rita.get("/visits"))


def test_links_to_reports_say_what_for_whom_and_how_often_and_hold_no_link(office: Office, ada: Browser) -> None:
    amir = office.browser(cast.AMIR)
    path = share(amir)
    office.browser().get(path)
    share(ada, "/programme/shares?from=2026-10-01&to=2026-12-31", note="the board")
    answer = amir.get("/lists/shares.csv")
    (row,) = lines_of(answer)
    assert (row["What"], row["First day"], row["Last day"]) == ("Mill Lane", "2026-10-01", "2026-12-31")
    assert (row["For whom"], row["Made by"], row["Times opened"]) == ("the landlord", cast.AMIR.name, "1")
    assert (row["Last opened"], row["Good until"], row["Taken back"]) == ("2026-11-21", "2026-12-21", "")
    secret = path.removeprefix("/shared/").split(".")[0]
    assert secret not in text_of(answer)
    assert {each["What"] for each in lines_of(ada.get("/lists/shares.csv"))} == {"Mill Lane", "The whole programme"}


def test_the_visits_behind_a_figure_go_along_exactly(office: Office, ada: Browser) -> None:
    asked = "/figures/visits?checklist=corner-shop&area=NORTH&from=2026-10-01&to=2026-12-31"
    address = re.search(r'href="(/figures/visits/figures\.csv\?[^"]+)"', text_of(office.browser(cast.AMIR).get(asked)))
    assert address
    (row,) = lines_of(office.browser(cast.AMIR).get(address[1].replace("&amp;", "&")))
    assert (row["Branch"], row["Day"], row["Score"]) == ("Mill Lane", "2026-11-21", "50")
    assert office.browser(cast.OTTO_AREA).get(address[1].replace("&amp;", "&")).status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", LISTS)
def test_each_list_has_a_way_to_its_file_and_the_password_is_asked_for_again(
    office: Office, ada: Browser, name: str, kind: str
) -> None:
    share(ada, "/programme/shares?from=2026-10-01&to=2026-12-31")
    path = f"/lists/{name}.{kind}"
    assert f'href="{path}"' in text_of(ada.get(PAGES[name]))
    answer = ada.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="candour-{name}.{kind}"'
    office.clock.go_on(minutes=6)
    assert ada.get(path).location == f"/confirmation?next={path}"
    ada.post("/confirmation", data={"own_password": PASSWORD, "next": path})
    assert ada.get(path).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_both_kinds_of_file_say_the_same(ada: Browser, name: str) -> None:
    share(ada, "/programme/shares?from=2026-10-01&to=2026-12-31")
    lines = rows_of(ada.get(f"/lists/{name}.csv"))
    book = book_of(ada.get(f"/lists/{name}.xlsx"))
    cells = [["" if cell is None else str(cell) for cell in row] for row in book.active.iter_rows(values_only=True)]
    assert [[cell.removesuffix(" 00:00:00") for cell in row] for row in cells] == lines


def named_like_formulas(office: Office) -> None:
    with office.store.transaction():
        office.store.branches.save(replace(cast.N01, name=EVIL))
        office.store.areas.save(replace(cast.NORTH, name="@SUM(1)"))
        office.store.people.save(replace(cast.SAM, name="+1|cmd"))


def test_no_name_becomes_a_formula(office: Office, ada: Browser) -> None:
    named_like_formulas(office)
    share(ada, "/branches/N01/shares?from=2026-10-01&to=2026-12-31", note="-2+3")
    for name in LISTS:
        for row in rows_of(ada.get(f"/lists/{name}.csv")):
            assert [cell for cell in row if cell.startswith(("=", "+", "-", "@"))] == []
        book = book_of(ada.get(f"/lists/{name}.xlsx"))
        assert [cell.value for row in book.active.iter_rows() for cell in row if cell.data_type == "f"] == []


def test_libreoffice_reads_names_as_they_are_and_works_nothing_out(
    office: Office, ada: Browser, tmp_path: Path
) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    named_like_formulas(office)
    file = tmp_path / "visits.xlsx"
    file.write_bytes(ada.get("/lists/visits.xlsx").get_data())
    words = [program, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "csv"]
    subprocess.run([*words, "--outdir", str(tmp_path), str(file)], check=True, capture_output=True, timeout=300)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "visits.csv").read_text(encoding="utf-8"), newline="")))
    assert {row["Branch"] for row in rows} == {EVIL, "Old Bridge"}


@pytest.mark.parametrize("person", [cast.AMIR, cast.BEA, cast.SAM], ids=lambda person: person.role.value)
def test_who_may_not_open_a_list_gets_no_file_of_it(office: Office, ada: Browser, person: Person) -> None:
    for name in ("branches", "people", "assignments", "visits"):
        assert office.browser(person).get(f"/lists/{name}.csv").status_code == 403
