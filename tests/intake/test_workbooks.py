"""Excel workbooks are read as their authors see them, and hostile ones are refused before they fill the memory."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.domain.errors import InvalidTable
from audit.intake import workbooks
from audit.intake.spreadsheets import MAX_BYTES, Table, read_table

from .workbook_samples import saved, with_part, with_shared_texts, workbook

FIXTURES = Path(__file__).parents[2].parent / "shared" / "fixtures"
SHEET = "xl/worksheets/sheet1.xml"


def rows_of(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def refusal_of(raw: bytes, name: str = "branches.xlsx", **limits: int) -> InvalidTable:
    with pytest.raises(InvalidTable) as refusal:
        read_table(raw, name, **limits)
    return refusal.value


def test_a_workbook_is_read_as_its_author_sees_it() -> None:
    moment = datetime.datetime.fromisoformat("2026-05-04T09:05")
    book = workbook(
        ("code", "number", "opened", "opens", "lat", "text", "open", "phone"),
        ("001", 1.0, datetime.date(2026, 5, 4), datetime.time(8, 30), 36.1684749984188, "  Café ", True, 213661234567),
        (7, 0.1 + 0.2, moment, datetime.timedelta(hours=26), -1.5, None, False, 1e21),
        formats={"A3": "000"},
    )
    table = read_table(saved(book), "branches.xlsx")
    first, second = rows_of(table)
    assert first == ("001", "1", "2026-05-04", "08:30", "36.1684749984188", "Café", "TRUE", "213661234567")
    assert second == ("007", "0.3", "2026-05-04 09:05:00", "26:00", "-1.5", "", "FALSE", "1000000000000000000000")
    assert str(table.read_as) == "Excel workbook, sheet “Branches”"


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (7, "0000", "0007"),
        (7, '"AG"000', "AG007"),
        (7, "00\\-", "07-"),
        (7, "000;[Red]-000", "007"),
        (7, "General", "7"),
        (7, "0", "7"),
        (12.6, "0", "12.6"),
        (12345, "000", "12345"),
        (1234.5, "#,##0.00", "1234.5"),
    ],
)
def test_codes_keep_the_zeros_that_their_cells_show(value: float, number_format: str, shown: str) -> None:
    book = workbook(("code", "name"), (value, "Mill"), formats={"A2": number_format})
    assert rows_of(read_table(saved(book)))[0][0] == shown


def test_rows_of_a_workbook_have_the_numbers_that_excel_shows() -> None:
    book = workbook(("code", "name"))
    sheet = book["Branches"]
    sheet["A5"], sheet["B5"] = "1", "Mill"
    sheet["A40000"], sheet["B40000"] = "2", "Harbour"
    assert [row.number for row in read_table(saved(book)).rows] == [5, 40_000]


def test_the_first_visible_sheet_with_rows_is_read_and_the_others_are_named() -> None:
    book = workbook(("hidden", "sheet"), ("1", "2"), title="Old")
    book["Old"].sheet_state = "hidden"
    book.create_sheet("Empty")
    book.create_sheet("Header").append(("code", "name"))
    branches = book.create_sheet("Here")
    branches.append(("code", "name"))
    branches.append(("001", "Mill"))
    table = read_table(saved(book))
    assert rows_of(table) == [("001", "Mill")]
    assert [str(note) for note in table.notes] == ["Only the sheet “Here” was read, not: Empty, Header."]


def test_a_formula_gives_its_last_value_and_an_error_is_told() -> None:
    raw = saved(workbook(("code", "name"), ("=1+1", "Mill"), ("2", "#REF!"), ("3", "Harbour")))
    raw = with_part(raw, SHEET, lambda xml: xml.replace(b"<v></v>", b"<v>42</v>").replace(b"<v />", b"<v>42</v>"))
    table = read_table(raw)
    assert rows_of(table) == [("42", "Mill"), ("2", ""), ("3", "Harbour")]
    assert [str(note) for note in table.notes] == ["Row 3: #REF! in column B was read as empty."]


def test_a_workbook_of_empty_sheets_is_refused() -> None:
    assert "no visible sheet" in str(refusal_of(saved(workbook())))


def test_an_archive_that_unpacks_to_too_much_is_refused_by_its_directory() -> None:
    raw = with_part(saved(workbook(("code",), ("1",))), "docProps/app.xml", lambda _: bytes(120 * 1024 * 1024))
    assert len(raw) < MAX_BYTES
    assert "unpacks to more than 100 MB" in str(refusal_of(raw))


def test_a_directory_that_lies_about_a_size_is_not_believed() -> None:
    raw = bytearray(with_part(saved(workbook(("code",), ("1",))), SHEET, lambda xml: xml + b" " * 5_000_000))
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as archive:
        size = archive.getinfo(SHEET).file_size
    entry = raw.rindex(SHEET.encode()) - 46
    assert int.from_bytes(raw[entry + 24 : entry + 28], "little") == size
    raw[entry + 24 : entry + 28] = (600).to_bytes(4, "little")
    assert "broken" in str(refusal_of(bytes(raw)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
def test_a_workbook_that_defines_entities_is_refused(part: str, encoding: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'

    def plant(xml: bytes) -> bytes:
        text = xml.decode()
        text = text[text.index("?>") + 2 :] if text.startswith("<?xml") else text
        return (f'<?xml version="1.0" encoding="{encoding}"?>' + bomb + text).encode(encoding)

    raw = with_part(saved(workbook(("code",), ("1",))), part, plant)
    assert "far more than a list" in str(refusal_of(raw))


@pytest.mark.parametrize(
    ("part", "end", "filling"),
    [
        (SHEET, b"</row>", b"<c/>"),
        (SHEET, b"</row>", b"<x:c xmlns:x='x'/>"),
        ("xl/styles.xml", b"</cellXfs>", b"<xf/>"),
    ],
)
def test_a_small_workbook_that_would_fill_the_memory_is_refused(part: str, end: bytes, filling: bytes) -> None:
    raw = with_part(
        saved(workbook(("code",), ("1",))), part, lambda xml: xml.replace(end, filling * 1_100_000 + end, 1)
    )
    assert len(raw) < 200_000
    assert "far more than a list" in str(refusal_of(raw))


def test_texts_that_stand_apart_are_read_plain_and_bounded() -> None:
    raw = saved(workbook(("code",), ("1",)))
    texts = b"<si><t>code</t></si><si><t>name</t></si><si><t>001</t></si>"
    texts += b"<si><r><t>Ha</t></r><r><rPr><b/></rPr><t>rbour_x000D_\n2</t></r></si>"
    table = read_table(with_shared_texts(raw, texts))
    assert table.header == ("code", "name")
    assert rows_of(table) == [("001", "Harbour\n2")]
    assert "far more than a list" in str(refusal_of(with_shared_texts(raw, b"<si/>" * 1_100_000)))


def test_hundred_thousands_of_empty_rows_below_the_list_do_no_harm() -> None:
    raw = saved(workbook(("code", "name"), ("1", "Mill")))
    raw = with_part(raw, SHEET, lambda xml: xml.replace(b"</sheetData>", b"<row/>" * 200_000 + b"</sheetData>"))
    assert rows_of(read_table(raw)) == [("1", "Mill")]


@pytest.mark.parametrize(
    ("filling", "times", "row", "told"),
    [
        (b"<row/>", 900_000, 799_997, "far more than a list"),
        (b"<row><c/></row>", 450_000, 400_000, "far more than a list"),
        (b"<row><c><v>1</v></c><c><v>2</v></c></row>", 300_000, 266_667, "more than 50,000 rows. Split the file"),
    ],
    ids=["empty rows", "empty cells", "rows"],
)
def test_a_workbook_of_far_too_many_rows_and_cells_is_refused_before_it_is_read(
    filling: bytes, times: int, row: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "_read_first_sheet", lambda *_: pytest.fail("it was read"))
    raw = saved(workbook(("code", "name"), ("1", "Mill")))
    raw = with_part(raw, SHEET, lambda xml: xml.replace(b"</sheetData>", filling * times + b"</sheetData>"))
    refused = refusal_of(raw)
    assert told in str(refused).replace("50000", "50,000")
    assert refused.place == f"row {row}"


def test_rows_and_columns_that_lie_about_their_numbers_harm_nothing() -> None:
    raw = saved(workbook(("code", "name"), ("1", "Mill")))
    far = with_part(raw, SHEET, lambda xml: xml.replace(b'<row r="2"', b'<row r="999999999999"'))
    assert read_table(far).rows == ()
    wide = with_part(raw, SHEET, lambda xml: xml.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"'))
    assert rows_of(read_table(wide)) == [("1", "Mill")]


def test_a_workbook_wider_than_200_columns_is_refused() -> None:
    assert "200 columns" in str(refusal_of(saved(workbook(tuple(f"c{number}" for number in range(201))))))
    assert len(read_table(saved(workbook(tuple(f"c{number}" for number in range(200))))).header) == 200


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["mimetype", "content.xml"], "OpenDocument"),
        (["[Content_Types].xml", "xl/workbook.bin"], "binary Excel"),
        (["[Content_Types].xml", "word/document.xml"], "archive"),
        (["[Content_Types].xml", "xl/workbook.xml"], "broken"),
        ([f"part{number}" for number in range(2_100)] + ["[Content_Types].xml", "xl/workbook.xml"], "unpacks"),
    ],
)
def test_other_archives_are_named_and_refused(names: list[str], said: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, b"<x/>")
    assert said in str(refusal_of(file.getvalue(), "branches.xlsx"))


GOOD_WORKBOOK = saved(workbook(("code", "name"), ("001", "Mill"), (2, "Harbour")))


@settings(max_examples=80, deadline=None)
@given(
    part=st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_a_damaged_workbook_is_a_table_or_a_refusal(part: str, changes: list[tuple[float, int]]) -> None:
    def damage(xml: bytes) -> bytes:
        body = bytearray(xml)
        for place, value in changes:
            body[int(place * len(body))] = value
        return bytes(body)

    try:
        read_table(with_part(GOOD_WORKBOOK, part, damage))
    except InvalidTable:
        return


def test_the_limit_on_rows_holds_for_workbooks_too() -> None:
    book = workbook(("code",), ("1",), ("2",), ("3",))
    assert refusal_of(saved(book), most_rows=2).place == "row 4"


def test_every_workbook_from_the_wild_is_read_or_refused() -> None:
    folder = FIXTURES / "xlsforms"
    if not folder.exists():
        pytest.skip("the shared fixtures are not here: xlsforms")
    for file in sorted(folder.glob("*.xls*")):
        if file.suffix == ".xls":
            assert "old Excel file" in str(refusal_of(file.read_bytes(), file.name))
        else:
            assert read_table(file.read_bytes(), file.name).rows
