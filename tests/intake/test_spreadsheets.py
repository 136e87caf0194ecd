"""Spreadsheets of every kind become one kind of table, or a refusal that names the place and the mend."""

from __future__ import annotations

import csv
import io
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from audit.domain.errors import InvalidTable
from audit.intake.spreadsheets import MAX_BYTES, Table, read_table
from audit.intake.tables import clean_cell

from .workbook_samples import saved, workbook

FIXTURES = Path(__file__).parents[2].parent / "shared" / "fixtures"


def rows_of(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def refusal_of(raw: bytes, name: str = "branches.csv", **limits: int) -> InvalidTable:
    with pytest.raises(InvalidTable) as refusal:
        read_table(raw, name, **limits)
    return refusal.value


# Delimited text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_end_of_line_is_understood(delimiter: str, end: str) -> None:
    lines = ["code,name,city", "001,Harbour,Oran", "002,Mill,Adrar"]
    table = read_table(end.join(line.replace(",", delimiter) for line in lines).encode())
    assert table.header == ("code", "name", "city")
    assert rows_of(table) == [("001", "Harbour", "Oran"), ("002", "Mill", "Adrar")]
    assert [row.number for row in table.rows] == [2, 3]


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;", "sep=;,,,", "\ufeffsep=;"])
def test_a_separator_line_is_obeyed_and_counted(line: str) -> None:
    table = read_table(f"{line}\r\ncode;name\r\n001;a,b\r\n".encode())
    assert table.header == ("code", "name")
    assert [(row.number, row.cells) for row in table.rows] == [(3, ("001", "a,b"))]


def test_a_separator_line_may_name_any_sign() -> None:
    assert rows_of(read_table(b"sep=^\ncode^name\n1^a;b,c\n")) == [("1", "a;b,c")]


def test_commas_inside_texts_do_not_mislead() -> None:
    table = read_table(b"name;address;lat\nMill;Rue A, 3;36,7\nHarbour;Rue B, 4;36,8\n")
    assert table.header == ("name", "address", "lat")
    assert rows_of(table)[0] == ("Mill", "Rue A, 3", "36,7")


def test_a_single_column_is_a_table_too() -> None:
    assert rows_of(read_table(b"code\n001\n002\n")) == [("001",), ("002",)]


def test_rows_are_numbered_by_the_line_they_begin_on() -> None:
    table = read_table(b'code,address\n1,"Rue A\r\nOran"\n\n3,Rue C\n')
    assert [(row.number, row.cells) for row in table.rows] == [(2, ("1", "Rue A\nOran")), (5, ("3", "Rue C"))]


def test_empty_rows_are_skipped_and_short_ones_padded() -> None:
    table = read_table(b"code,name,city\n1\n,,\n   \n2,Mill\n")
    assert [(row.number, row.cells) for row in table.rows] == [(2, ("1", "", "")), (5, ("2", "Mill", ""))]
    assert table.notes == ()


def test_a_cell_too_many_is_kept_and_told() -> None:
    table = read_table(b"code,name\n1,Mill,,\n2,Rue A, Oran\n3,x\n")
    assert rows_of(table) == [("1", "Mill"), ("2", "Rue A", "Oran"), ("3", "x")]
    (note,) = map(str, table.notes)
    assert "Row 3 has 3 cells under 2 headings" in note
    assert "“Oran”" in note


def test_titles_above_the_header_are_stepped_over_and_told() -> None:
    table = read_table(b"Our branches,,\n,,\ncode,name,city\n1,Mill,Oran\n2,Harbour,Adrar\n")
    assert table.header == ("code", "name", "city")
    assert [str(note) for note in table.notes] == ["Row 1, “Our branches”, was read as a title."]


def test_zeros_kept_by_a_formula_or_an_apostrophe_stay_and_the_marks_go() -> None:
    table = read_table(b'code,name\n"=""007""",A\n="008",B\n\'009,C\n\'+41 1,D\n5,\'s-Gravenhage\n')
    assert [row.cells[0] for row in table.rows] == ["007", "008", "009", "+41 1", "5"]
    assert table.rows[4].cells[1] == "'s-Gravenhage"


def test_cells_are_composed_trimmed_and_free_of_unseen_signs() -> None:
    table = read_table("code,name\n\u200b001\ufeff ,\u00a0Cafe\u0301\u0007\u202e\t Oran\n".encode())
    assert rows_of(table) == [("001", "Café  Oran")]


@pytest.mark.parametrize(
    ("raw", "place", "said"),
    [
        (b'code,name\n1,"Mill\n2,Harbour\n', "line 2", "never closed"),
        (b'code,name\n1,"Mill" x\n', "line 2", "closing quotation mark"),
        (
            "code,name\n1,Café\n2,Zürich Höngg\n3,Él Ñandú\n4,Où\n5,Île\n6,Öäü\n".encode() + b"7,\xe9\n",
            "line 8",
            "UTF-8",
        ),
        (b"", "", "nothing"),
        (b" \n,,\n", "", "nothing"),
        (b"code,name\n1,\x00\x01\x02x", "", "not a table of text"),
        (b"\xff\xfe", "", "nothing"),
        (b"\xff\xfec\x00o\x00d", "", "UTF-16"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "", "old Excel file"),
        (b"<html><table><tr><td>code</td></tr></table></html>", "", "web page"),
        (b'[{"code": "1"}]', "", "JSON"),
        (b"%PDF-1.7", "", "PDF"),
        (b"PK\x05\x06" + bytes(18), "", "archive"),
        (b"PK\x03\x04 not really", "", "broken"),
    ],
)
def test_what_is_no_table_is_refused_with_the_mend(raw: bytes, place: str, said: str) -> None:
    refusal = refusal_of(raw)
    assert refusal.place == place
    assert said in str(refusal)


def test_a_header_in_square_brackets_is_not_mistaken_for_json() -> None:
    assert read_table(b"[code],[name]\n1,Mill\n").header == ("[code]", "[name]")


def test_limits_are_kept() -> None:
    assert "10 MB" in str(refusal_of(bytes(MAX_BYTES + 1)))
    assert "200 columns" in str(refusal_of(",".join("x" * 201).encode()))
    assert len(read_table(b"code\n1\n2\n3\n", most_rows=3).rows) == 3
    assert refusal_of(b"code\n1\n2\n3\n4\n", most_rows=3).place == "row 5"


def test_a_cell_without_end_is_refused() -> None:
    assert refusal_of(b"code,name\n1," + b"x" * 200_000).place == "line 2"


SIGHTS = {
    "French": "code;nom;ville\n001;Agence Orléans;Orléans\n002;Hôtel de ville;Besançon\n",
    "German": "Filialnummer;Straße\n1;Bahnhofstraße 2, Zürich-Höngg\n2;Königsallee\n",
    "Spanish": "código,nombre\n1,TROPISUEÑO\n",
    "quotations": "code,name\n1,O’Brien’s\n2,“The Crown”\n",
    "Polish": "kod;nazwa\n1;Łódź Główna\n2;Kraków Śródmieście\n",
    "Czech": "kód;název\n1;Příbram\n2;České Budějovice\n",
    "Turkish": "kod;şube\n1;İstanbul Şişli\n2;Beyoğlu\n",
    "Russian": "код;название;город\n001;Тверская;Москва\n002;Невский;Санкт-Петербург\n",
    "Greek": "κωδικός;όνομα\n1;Αθήνα\n2;Θεσσαλονίκη\n",
    "Hebrew": "קוד,סניף\n1,תל אביב\n2,ירושלים\n",
    "Arabic": "رمز الفرع,اسم الفرع\n001,فرع الجزائر\n002,فرع وهران\n",
    "Japanese": "支店コード,支店名\n001,東京営業部\n004,丸の内中央\n",
    "Chinese": "网点编号,网点名称,地址\n001,上海南京路支行,南京东路100号\n002,北京朝阳门支行,朝阳门外大街2号\n",
    "short Chinese": "代码,名称\n001,南京路\n",
    "Taiwanese": "分行代碼,分行名稱\n001,台北市中正區重慶南路一段\n002,高雄市前金區中正四路\n",
    "Korean": "지점코드,지점명\n001,서울역\n002,강남\n",
}
OLD_ENCODINGS = [
    ("French", "cp1252"),
    ("French", "latin-1"),
    ("French", "mac_roman"),
    ("German", "cp1252"),
    ("Spanish", "latin-1"),
    ("quotations", "cp1252"),
    ("Polish", "cp1250"),
    ("Czech", "cp1250"),
    ("Turkish", "cp1254"),
    ("Russian", "cp1251"),
    ("Russian", "koi8_r"),
    ("Greek", "cp1253"),
    ("Hebrew", "cp1255"),
    ("Arabic", "cp1256"),
    ("Japanese", "cp932"),
    ("Japanese", "euc_jp"),
    ("Chinese", "gb18030"),
    ("short Chinese", "gb18030"),
    ("Taiwanese", "big5"),
    ("Korean", "cp949"),
]
ALL_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")


def same_as_in_utf8(text: str, encoding: str) -> None:
    expected, table = read_table(text.encode()), read_table(text.encode(encoding))
    assert (table.header, table.rows) == (expected.header, expected.rows)


@pytest.mark.parametrize(("sight", "encoding"), OLD_ENCODINGS)
def test_old_encodings_are_recognised(sight: str, encoding: str) -> None:
    same_as_in_utf8(SIGHTS[sight], encoding)


@pytest.mark.parametrize("encoding", ALL_ENCODINGS)
@pytest.mark.parametrize("sight", SIGHTS)
def test_unicode_is_read_with_and_without_its_mark(sight: str, encoding: str) -> None:
    same_as_in_utf8(SIGHTS[sight], encoding)


def test_how_a_file_was_understood_is_said() -> None:
    for raw, said in (
        (SIGHTS["Japanese"].encode("cp932"), "text in CP932, columns separated by commas"),
        (b"a;b\n1;2\n", "text in UTF-8, columns separated by semicolons"),
        (b"sep={\na{b\n1{2\n", "text in UTF-8, columns separated by “{”"),
    ):
        assert str(read_table(raw).read_as) == said


# Letters of each encoding's own languages; any text of them must come back as it was written.
cells = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=12)
heading = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=8)


def kept_as_written(cell: str) -> bool:
    return clean_cell(cell) == unicodedata.normalize("NFC", cell) == cell and not cell.startswith(("'", "="))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data(), delimiter=st.sampled_from(",;\t|"), encoding=st.sampled_from(ALL_ENCODINGS))
def test_a_table_written_as_csv_is_read_back_equal(data: st.DataObject, delimiter: str, encoding: str) -> None:
    width = data.draw(st.integers(2, 5))
    header = data.draw(st.lists(heading.filter(kept_as_written), min_size=width, max_size=width))
    row = st.lists(cells.filter(kept_as_written), min_size=width, max_size=width)
    # A row with one filled cell above filled rows is a title; that is tried elsewhere.
    rows = data.draw(st.lists(row.filter(lambda each: any(each)), max_size=6))
    assume(not header[0].lower().startswith("sep"))
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    table = read_table(file.getvalue().encode(encoding))
    assert table.header == tuple(header)
    assert rows_of(table) == [tuple(row) for row in rows]


# A guess is no law: the same examples each time, so that a change of the guessing shows and chance does not.
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data(), delimiter=st.sampled_from(",;\t|"))
@pytest.mark.parametrize(("sight", "encoding"), OLD_ENCODINGS)
def test_words_of_a_language_in_its_old_encoding_are_read_back_equal(
    sight: str, encoding: str, data: st.DataObject, delimiter: str
) -> None:
    # Real words in any order, at least as many as a small list of branches has.
    words = [word for word in SIGHTS[sight].replace(";", " ").replace(",", " ").split() if len(word) > 1]
    body = data.draw(st.lists(st.tuples(*[st.sampled_from(words)] * 3), min_size=3, max_size=8))
    rows = [tuple(words[:3] * 2)[:3], *[tuple(words[-3:])], *body]
    assume(len(words) >= 3)
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    same_as_in_utf8(file.getvalue(), encoding)


@settings(max_examples=150, deadline=None)
@given(raw=st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_refusal(raw: bytes) -> None:
    try:
        table = read_table(raw)
    except InvalidTable:
        return
    assert table.header


# Files from the wild


def fixture_file(name: str) -> bytes:
    if not (FIXTURES / name).exists():
        pytest.skip(f"the shared fixtures are not here: {name}")
    return (FIXTURES / name).read_bytes()


def test_a_real_list_in_latin_1_keeps_its_letters_and_its_phones() -> None:
    table = read_table(fixture_file("scores/sf_businesses_latin1.csv"))
    assert len(table.rows) == 6399
    assert any("TROPISUEÑO" in row.cells for row in table.rows)
    assert table.rows[0].cells[-1] == "+14157763262"


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx"])
def test_a_real_list_is_the_same_in_every_kind_of_file(kind: str) -> None:
    raw = fixture_file("branches/jp_mizuho_utf8.csv")
    expected = read_table(raw)
    everything: list[tuple[Any, ...]] = [expected.header, *rows_of(expected)]
    if kind == "xlsx":
        again = read_table(saved(workbook(*everything)))
    else:
        file = io.StringIO(newline="")
        csv.writer(file, delimiter="\t" if kind == "tsv" else ";").writerows(everything)
        again = read_table(file.getvalue().encode("utf-16" if kind == "tsv" else "cp932"))
    assert (again.header, again.rows) == (expected.header, expected.rows)


def test_stores_as_json_are_refused_clearly() -> None:
    assert "JSON" in str(refusal_of(fixture_file("branches/us_restaurants_hours.json")))
