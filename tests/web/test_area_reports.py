"""The report of an area and of the programme, the pack of an area, and the page behind the code on the paper."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

import pytest
from pypdf import PdfReader

from audit.domain.people import Person
from audit.domain.visit import Visit
from audit.reports.drawer import Drawer
from audit.reports.job import Job
from audit.reports.paper import Sheet
from audit.reports.pdf import NotPrinted
from tests import cast
from tests.reports.reading import structure, words_of
from tests.waiting import wait_until
from tests.web.handed_out import number_on
from tests.web.office import Office, get, text_of

PERIOD = "from=2026-10-01&to=2026-12-31"
FRENCH = {"Accept-Language": "fr"}


def test_amir_reads_the_same_figures_of_his_area_on_the_page_and_on_paper(office: Office, visit: Visit) -> None:
    page = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", text_of(get(office, cast.AMIR, f"/areas/NORTH/report?{PERIOD}"))))
    paper = words_of(get(office, cast.AMIR, f"/areas/NORTH/report.pdf?{PERIOD}").data)
    for said in ("50 %", "from 1 visit", "Mill Lane", "Old Bridge", "Without a published visit in this period"):
        assert said in page
        assert said in paper


def test_ada_reads_the_same_figures_of_the_programme_on_the_page_and_on_paper(office: Office, visit: Visit) -> None:
    page = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", text_of(get(office, cast.ADA, f"/programme/report?{PERIOD}"))))
    answer = get(office, cast.ADA, f"/programme/report.pdf?{PERIOD}")
    assert len(PdfReader(io.BytesIO(answer.data)).pages) == 4
    for said in ("50 %", "1 of 3 branches visited", "Did someone thank you?", cast.NORTH.name):
        assert said in page
        assert said in words_of(answer.data)


@pytest.mark.parametrize("address", ["/areas/NORTH/report.pdf", "/programme/report.pdf"])
def test_the_paper_can_be_heard(office: Office, visit: Visit, address: str) -> None:
    pdf = get(office, cast.ADA, f"{address}?{PERIOD}").data
    kinds = list(structure(pdf))
    figures = [element for kind, element in kinds if kind == "/Figure"]
    heads = [element for kind, element in kinds if kind == "/TH"]
    assert len(figures) >= 3
    assert all(str(figure.get("/Alt", "")).strip() for figure in figures)
    assert {str(head["/A"]["/Scope"]) for head in heads} == {"/Row", "/Column"}  # type: ignore[index]


def test_no_paper_names_a_shopper_and_that_of_the_programme_no_branch(office: Office, visit: Visit) -> None:
    area = words_of(get(office, cast.AMIR, f"/areas/NORTH/report.pdf?{PERIOD}").data)
    programme = words_of(get(office, cast.ADA, f"/programme/report.pdf?{PERIOD}").data)
    assert "Whitaker" not in area + programme
    assert "Mill Lane" not in programme


@pytest.mark.parametrize("stranger", [cast.OTTO_AREA, cast.BEA], ids=lambda person: person.name)
@pytest.mark.parametrize(
    "door", ["areas/{}/report", "areas/{}/report.pdf", "areas/{}/reports.zip", "areas/{}/reports.pdf"]
)
def test_an_area_is_missing_for_all_who_do_not_manage_it(office: Office, stranger: Person, door: str) -> None:
    theirs, missing = (get(office, stranger, f"/{door.format(code)}") for code in ("NORTH", "NOWHERE"))
    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert theirs.data == missing.data


@pytest.mark.parametrize("reader", [cast.AMIR, cast.BEA], ids=lambda person: person.name)
def test_the_programme_is_read_by_the_office_alone(office: Office, reader: Person) -> None:
    for door in ("/programme/report", "/programme/report.pdf"):
        assert get(office, reader, door).status_code == 404


def test_the_pack_holds_the_area_and_each_of_its_branches_whole(office: Office, visit: Visit) -> None:
    answer = get(office, cast.AMIR, f"/areas/NORTH/reports.zip?{PERIOD}")
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        branch = archive.read("candour-N01-2026-10-01-2026-12-31.pdf")
    assert names[0] == "candour-area-NORTH-2026-10-01-2026-12-31.pdf"
    assert names[1:] == [f"candour-{code}-2026-10-01-2026-12-31.pdf" for code in ("N01", "N02")]
    assert branch == get(office, cast.AMIR, f"/branches/N01/report.pdf?{PERIOD}").data


def test_branches_whose_codes_are_not_latin_are_told_apart_by_their_files(office: Office, visit: Visit) -> None:
    codes = ("الفرع ١", "الفرع ٢", "駅前", "n01")
    with office.store.transaction():
        for code in codes:
            office.store.branches.save(replace(cast.N02, code=code, name=f"Hill {code}"))
    answer = get(office, cast.AMIR, f"/areas/NORTH/reports.zip?{PERIOD}")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
    assert len({name.casefold() for name in entries}) == len(entries) == 7
    assert entries["candour-الفرع_١-2026-10-01-2026-12-31.pdf"].flag_bits & 0x800  # its name is UTF-8
    told = [
        get(office, cast.AMIR, f"/branches/{code}/report.pdf?{PERIOD}").headers["Content-Disposition"] for code in codes
    ]
    simple = [re.search(r'filename="(candour-[a-z0-9_.-]+\.pdf)"', each, re.ASCII) for each in told]
    assert len({found[1] for found in simple if found}) == len(codes)
    assert [unquote(each.partition("filename*=UTF-8''")[2]) for each in told[:3]] == [
        f"candour-{code.replace(' ', '_')}-2026-10-01-2026-12-31.pdf" for code in codes[:3]
    ]


def test_the_volume_opens_with_the_area_and_holds_the_report_of_each_branch(office: Office, visit: Visit) -> None:
    answer = get(office, cast.AMIR, f"/areas/NORTH/reports.pdf?{PERIOD}")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert 'filename="candour-area-NORTH-2026-10-01-2026-12-31-all.pdf"' in answer.headers["Content-Disposition"]
    doors = ("areas/NORTH", "branches/N01", "branches/N02")
    parts = [get(office, cast.AMIR, f"/{door}/report.pdf?{PERIOD}").data for door in doors]
    assert words_of(answer.data) == " ".join(map(words_of, parts))
    volume = PdfReader(io.BytesIO(answer.data))
    assert [one.title for one in volume.outline if not isinstance(one, list)] == ["North", "Mill Lane", "Old Bridge"]  # type: ignore[union-attr]
    assert {"1", "N01 1", "N02 1"} <= set(volume.page_labels)
    assert "its own page numbers and its own edition" in words_of(parts[0])


@pytest.mark.parametrize("ending", ["zip", "pdf"])
def test_a_download_that_broke_off_goes_on_where_it_stopped(office: Office, visit: Visit, ending: str) -> None:
    address = f"/areas/NORTH/reports.{ending}?{PERIOD}"
    whole = get(office, cast.AMIR, address)
    tag = whole.headers["ETag"]
    rest = get(office, cast.AMIR, address, **{"Range": "bytes=1000-", "If-Range": tag})
    assert rest.status_code == 206
    assert whole.data[:1000] + rest.data == whole.data
    assert get(office, cast.AMIR, address, **{"If-None-Match": tag}).status_code == 304
    beyond = get(office, cast.AMIR, address, **{"Range": f"bytes={len(whole.data)}-", "If-Range": tag})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(whole.data)}")


def test_of_a_pack_only_what_changed_is_printed_again(office: Office, visit: Visit) -> None:
    office.published(branch=cast.N02)
    before = get(office, cast.AMIR, f"/areas/NORTH/reports.zip?{PERIOD}").data
    drawer = office.app.extensions["print_room"].shop.drawer.folder
    printed = {path: path.stat().st_mtime_ns for path in drawer.glob("*.pdf")}
    office.clock.go_on(days=60)
    office.published(branch=cast.N02)  # in the next quarter: it changes nothing of this one
    assert get(office, cast.AMIR, f"/areas/NORTH/reports.zip?{PERIOD}").data == before
    assert {path: path.stat().st_mtime_ns for path in printed} == printed


def test_a_pack_that_lacks_a_report_is_handed_out_to_who_waited_and_made_anew_later(
    office: Office, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = office.app.extensions["print_room"].shop
    printed = shop.printer.print_sheet

    def jam(sheet: Sheet, picture: Callable[[str], bytes]) -> bytes:
        if "<h1>Old Bridge</h1>" in sheet.xhtml:
            raise NotPrinted("The ink is out.")
        pdf: bytes = printed(sheet, picture)
        return pdf

    monkeypatch.setattr(shop.printer, "print_sheet", jam)
    address = f"/areas/NORTH/reports.zip?{PERIOD}"
    first = get(office, cast.AMIR, address).data
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert b"candour-N02" in archive.read("not-printed.txt")
    torn = get(office, cast.AMIR, f"/areas/NORTH/reports.pdf?{PERIOD}")
    assert torn.status_code == 503
    assert "Not every report could be printed" in text_of(torn)
    assert get(office, cast.AMIR, address).data == first
    office.published()
    second = get(office, cast.AMIR, address).data
    assert second != first  # what changed is in it at once, whatever it still lacks
    monkeypatch.undo()
    assert get(office, cast.AMIR, address).data == second
    office.clock.go_on(minutes=6)
    with zipfile.ZipFile(io.BytesIO(get(office, cast.AMIR, address).data)) as archive:
        assert "not-printed.txt" not in archive.namelist()


def test_a_page_never_waits_for_long_and_shows_how_far_the_report_is(office: Office, visit: Visit) -> None:
    office.app.config["PRINT_PATIENCE_SECONDS"] = 0
    browser = office.browser(cast.AMIR)
    away = browser.get(f"/areas/NORTH/reports.zip?{PERIOD}")
    assert away.status_code == 303
    assert away.location.startswith("/printing/")
    shown = browser.get(away.location)
    page = text_of(shown)
    assert "of 3 reports are ready" in page or "The reports are ready" in page
    assert ("Refresh" in shown.headers) != ('http-equiv="refresh"' in page)
    assert "Refresh" not in browser.get(f"{away.location}?still=1").headers
    assert office.browser(cast.OTTO_AREA).get(away.location).status_code == 404
    office.app.config["PRINT_PATIENCE_SECONDS"] = 120
    assert browser.get(f"/areas/NORTH/reports.zip?{PERIOD}").status_code == 200
    assert "The reports are ready" in text_of(browser.get(away.location))
    assert "The report is" not in page  # nor in the title, for there are three


def test_who_waits_for_a_report_is_told_which_and_led_back_to_its_page(office: Office, visit: Visit) -> None:
    office.app.config["PRINT_PATIENCE_SECONDS"] = 0
    browser = office.browser(cast.AMIR)
    told = {
        f"/branches/N01/report.pdf?{PERIOD}": ("Report of a branch: Mill Lane", "/branches/N01/report"),
        f"/areas/NORTH/reports.zip?{PERIOD}": ("All reports of an area: North", "/areas/NORTH/report"),
    }
    for address, (about, page_of_it) in told.items():
        page = text_of(browser.get(f"{browser.get(address).location}?still=1"))
        assert f"<b>{about}</b>, 1 October – 31 December 2026" in page
        assert f'<a href="{page_of_it}?{PERIOD.replace("&", "&amp;")}">Back to the report' in page


def test_who_waits_for_the_volume_is_led_to_it_and_not_to_the_zip(office: Office, visit: Visit) -> None:
    office.app.config["PRINT_PATIENCE_SECONDS"] = 0
    browser = office.browser(cast.AMIR)
    away = browser.get(f"/areas/NORTH/reports.pdf?{PERIOD}")
    assert away.status_code == 303
    office.app.config["PRINT_PATIENCE_SECONDS"] = 120
    assert browser.get(f"/areas/NORTH/reports.pdf?{PERIOD}").status_code == 200
    for address in (away.location, f"{away.location}&still=1"):
        page = text_of(browser.get(address))
        assert "/areas/NORTH/reports.pdf?" in page
        assert "reports.zip" not in page


def test_what_broke_inside_is_told_to_whoever_mends_it_and_to_no_manager(office: Office, visit: Visit) -> None:
    office.app.extensions["print_room"].shop.printer.render_job = refuse
    answer = get(office, cast.AMIR, f"/branches/N01/report.pdf?{PERIOD}")
    assert (answer.status_code, "/srv/candour" in text_of(answer)) == (500, False)
    assert "The report could not be printed" in text_of(answer)
    id = the_one_that_failed(office)
    told = {person.name: text_of(get(office, person, f"/printing/{id}")) for person in (cast.AMIR, cast.ADA)}
    assert all("The report could not be printed" in page and "Try again" in page for page in told.values())
    assert [name for name, page in told.items() if "/srv/candour" in page] == [cast.ADA.name]
    assert [name for name, page in told.items() if "tell the programme office" in page] == [cast.AMIR.name]


def test_a_report_that_finds_no_room_on_the_disk_says_so_to_every_reader_and_is_there_once_there_is_some(
    office: Office, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/branches/N01/report.pdf?{PERIOD}"
    with monkeypatch.context() as full:
        full.setattr(Drawer, "keep", lambda *_: None)
        answer = get(office, cast.AMIR, address)
        assert (answer.status_code, answer.headers["Retry-After"]) == (507, "300")
        progress = get(office, cast.AMIR, f"/printing/{the_one_that_failed(office)}")
        assert all(
            "the disk is full, or its folder cannot be written to" in text_of(page) for page in (answer, progress)
        )
    assert get(office, cast.AMIR, address).status_code == 200


def the_one_that_failed(office: Office) -> str:
    """Its order, which may be tried once more by now: it was printed ahead in the moment in which it was asked for."""
    failed = "select id from report_order where state = 'failed'"
    return str(wait_until(lambda: office.store.connections.rows(failed), what="a report that failed")[0]["id"])


def refuse(_: Job) -> bytes:
    raise NotPrinted("The report could not be printed: {reason}", reason="OSError: /srv/candour")


def test_the_code_on_the_paper_tells_strangers_the_edition_and_nothing_else(office: Office, visit: Visit) -> None:
    number = number_on(get(office, cast.AMIR, f"/branches/N01/report.pdf?{PERIOD}").data)
    stranger = text_of(office.browser().get(f"/verify/{number.lower()}"))
    assert number in stranger
    assert "21 November 2026" in stranger
    for secret in ("Mill Lane", "N01", "50 %", "1 visit", "October"):
        assert secret not in stranger
    reader = text_of(get(office, cast.AMIR, f"/verify/{number}"))
    assert "/branches/N01/report.pdf" in reader
    assert "/branches/N01/report.pdf" not in text_of(get(office, cast.OTTO_AREA, f"/verify/{number}"))


def test_an_edition_that_was_superseded_says_by_which(office: Office, visit: Visit) -> None:
    address = f"/branches/N01/report.pdf?{PERIOD}"
    first = number_on(get(office, cast.AMIR, address).data)
    assert "No later edition" in text_of(office.browser().get(f"/verify/{first}"))
    office.clock.go_on(days=1)
    office.published()
    second = number_on(get(office, cast.AMIR, address).data)
    page = text_of(office.browser().get(f"/verify/{first}"))
    assert "superseded by edition" in page
    assert second in page


def test_a_reader_of_an_edition_is_told_what_it_is_about_and_led_to_the_newest(office: Office, visit: Visit) -> None:
    address = f"/branches/N01/report.pdf?{PERIOD}"
    first = number_on(get(office, cast.AMIR, address).data)
    office.clock.go_on(days=1)
    office.published()
    second = number_on(get(office, cast.AMIR, address).data)
    for person in (cast.ADA, cast.AMIR, cast.BEA):
        page = text_of(get(office, person, f"/verify/{first}"))
        assert "Report of a branch: Mill Lane" in page
        assert "1 October – 31 December 2026 · 1 visit" in page
        assert f'href="/branches/N01/report?{PERIOD.replace("&", "&amp;")}"' in page
        assert f'href="/verify/{second}"' in page
        assert f'href="/verify/{second}"' not in text_of(get(office, person, f"/verify/{second}"))


def test_whoever_may_not_read_an_edition_is_told_no_more_of_the_newer_one_than_its_number_and_day(
    office: Office, visit: Visit
) -> None:
    address = f"/branches/N01/report.pdf?{PERIOD}"
    first = number_on(get(office, cast.AMIR, address).data)
    office.clock.go_on(days=1)
    office.published()
    second = number_on(get(office, cast.AMIR, address).data)
    for person in (cast.OTTO_AREA, cast.OTTO_BRANCH, cast.SAM, None):
        page = text_of(office.browser(person).get(f"/verify/{first}")).partition("<main")[2]
        assert second in page
        for secret in ("Mill Lane", "N01", "Report of", "visit", "October", "sha256", 'href="/verify', "/report"):
            assert secret not in page, (person, secret)
        # Whoever scanned the code comes back to it after having signed in.
        assert (f'href="/sign-in?next=/verify/{first}"' in page) is (person is None)


@pytest.mark.parametrize(
    ("person", "address", "about"),
    [
        (cast.AMIR, f"/areas/NORTH/report.pdf?{PERIOD}", "Report of an area: North"),
        (cast.ADA, f"/programme/report.pdf?{PERIOD}", "Report of the programme: "),
        (cast.BEA, "/visits/{id}/report.pdf", "Report of a visit: Mill Lane"),
    ],
)
def test_an_edition_of_whatever_report_leads_its_readers_to_the_page(
    office: Office, visit: Visit, person: Person, address: str, about: str
) -> None:
    address = address.format(id=visit.id)
    page = text_of(get(office, person, f"/verify/{number_on(get(office, person, address).data)}"))
    assert about in page
    page_of_it = re.search(r'href="([^"]+/report(?:\?[^"]+)?)"', page)
    assert page_of_it
    assert get(office, person, page_of_it[1].replace("&amp;", "&")).status_code == 200
    assert "English" not in page.partition("<main")[2]


@pytest.mark.parametrize(
    "address", [f"/branches/N01/report.pdf?{PERIOD}", "/visits/{id}/report.pdf", "/how-we-score.pdf"]
)
def test_whoever_reads_pages_in_another_language_downloads_the_edition_in_its_own(
    office: Office, visit: Visit, address: str
) -> None:
    number = number_on(get(office, cast.AMIR, address.format(id=visit.id)).data)
    french = text_of(get(office, cast.AMIR, f"/verify/{number}", **FRENCH))
    assert "English" in french
    download = re.search(r'href="([^"]+[.]pdf(?:[?][^"]+)?)"', french)
    assert download
    assert number_on(get(office, cast.AMIR, download[1].replace("&amp;", "&"), **FRENCH).data) == number


def test_a_language_that_is_not_ours_is_not_printed_in(office: Office, visit: Visit) -> None:
    address = f"/branches/N01/report.pdf?{PERIOD}"
    number = number_on(get(office, cast.AMIR, address).data)
    assert number_on(get(office, cast.AMIR, f"{address}&language=tlh").data) == number


@pytest.mark.parametrize("number", ["00000-00000-00000", "x", "7KQ2M-X9D4F-0TRW8-1", "%27", "<script>"])
def test_a_number_that_nobody_printed_is_said_to_be_unknown(office: Office, number: str) -> None:
    answer = office.browser().get(f"/verify/{number}")
    assert answer.status_code == 404
    assert "No such edition" in text_of(answer)


def test_the_archive_copy_carries_what_it_says_and_the_same_number(office: Office, visit: Visit) -> None:
    address = f"/branches/N01/report.pdf?{PERIOD}"
    paper, archive = get(office, cast.AMIR, address).data, get(office, cast.AMIR, f"{address}&copy=archive").data
    attached = PdfReader(io.BytesIO(archive)).attachments
    [figures], [table] = attached["figures.json"], attached["figures.csv"]
    assert hashlib.sha256(figures).hexdigest() in words_of(paper).replace(" ", "")
    assert json.loads(figures)["branch"] == {"code": "N01", "name": "Mill Lane", "locality": ""}
    assert "corner-shop,branch,N01,Mill Lane,50,1" in table.decode("utf-8-sig")
    assert b"Whitaker" not in figures + table
    assert number_on(archive) == number_on(paper)
