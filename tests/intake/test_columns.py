"""The columns of a branch list are recognised, whoever made the list."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from audit.domain.programme import BranchRow
from audit.intake.columns import FIELDS, list_attribute_columns, match_columns, read_branch_rows
from audit.intake.spreadsheets import read_table
from audit.intake.tables import Note, Row, Table

BRANCHES = Path(__file__).parents[2].parent / "shared" / "fixtures" / "branches"
TYPED = Note("typed here")


def matched(*header: str, rows: tuple[tuple[str, ...], ...] = ()) -> dict[str, str]:
    """Only what was found: field to heading."""
    numbered = tuple(Row(number, cells) for number, cells in enumerate(rows, start=2))
    columns = match_columns(header, numbered)
    assert set(columns) == set(FIELDS)
    return {wanted: header[index] for wanted, index in columns.items() if index is not None}


HEADINGS = {
    "English": "code; name; area; address; city; postcode; time_zone; opens; closes; email; type",
    "English titles": "Branch No.; Branch name; Region; Street; Town; ZIP; Timezone; Opening time; Closing time; "
    "E-mail address; Category",
    "French": "code_agence; Nom de l'agence; Région; Adresse; Ville; Code postal; Fuseau horaire; Heure d’ouverture; "
    "Heure de fermeture; Courriel; Type d'agence",
    "German": "Filialnummer; Filiale; Bundesland; Straße; Ort; PLZ; Zeitzone; Öffnet; Schließt; Mail; Typ",
    "Spanish": "Código; Sucursal; Provincia; Dirección; Ciudad; Código postal; Zona horaria; Horario de apertura; "
    "Cierre; Correo electrónico; Tipo",
    "Italian": "Codice filiale; Nome filiale; Regione; Indirizzo; Città; CAP; Fuso orario; Orario di apertura; "
    "Orario di chiusura; Email; Categoria",
    "Portuguese": "Nº da agência; Nome; Estado; Endereço; Município; CEP; Fuso horário; Abertura; Encerramento; "
    "E-mail; Tipo",
    "Dutch": "Vestigingsnummer; Vestigingsnaam; Provincie; Straat; Plaats; Postcode; Tijdzone; Opent; Sluit; "
    "E-mail; Soort",
    "Arabic": "رمز الفرع; اسم الفرع; المنطقة; العنوان; المدينة; الرمز البريدي; المنطقة الزمنية; يفتح; يغلق; "
    "البريد الإلكتروني; النوع",
    "Japanese": "支店コード; 支店名; 都道府県; 住所; 市区町村; 郵便番号; タイムゾーン; 開店時間; 閉店時間; "
    "メール; 種別",
    "Chinese": "网点编号; 网点名称; 省份; 地址; 城市; 邮编; 时区; 开门时间; 关门时间; 邮箱; 类型",
}


@pytest.mark.parametrize("language", HEADINGS)
def test_headings_are_known_in_ten_languages(language: str) -> None:
    header = tuple(HEADINGS[language].split("; "))
    fields = (
        "code",
        "name",
        "area",
        "address",
        "locality",
        "postcode",
        "time_zone",
        "opens",
        "closes",
        "email",
        "kind",
    )
    assert matched(*header) == dict(zip(fields, header, strict=True))


@pytest.mark.parametrize(
    "heading", ["CODE AGENCE", "Code_Agence", "codeAgence", "code-agence ", "ＣＯＤＥ agence", "Côde Agence"]
)
def test_case_accents_points_and_width_do_not_matter(heading: str) -> None:
    assert matched(heading, "x") == {"code": heading}


@pytest.mark.parametrize(
    "heading", ["#", "N°", "Nº", "№", "No.", "Nr", "num", "رقم", "番号", "Filialnr", "门店ID", "succursale n°"]
)
def test_a_number_serves_as_code(heading: str) -> None:
    assert matched(heading) == {"code": heading}


def test_the_branch_has_its_own_code_and_not_its_banks() -> None:
    assert matched("銀行コード", "銀行名", "支店コード", "支店名") == {"code": "支店コード", "name": "支店名"}
    assert matched("Bank code", "Bank name", "Branch code", "Branch") == {"code": "Branch code", "name": "Branch"}


def test_a_code_column_wins_over_a_running_number() -> None:
    assert matched("num", "code_agence")["code"] == "code_agence"


def test_a_column_that_mostly_repeats_is_no_code() -> None:
    rows = (("7", "001"), ("7", "002"), ("7", "003"), ("7", "003"))
    assert matched("code", "number", rows=rows)["code"] == "number"


def test_a_postcode_is_the_code_only_where_nothing_better_is_and_it_tells_the_rows_apart() -> None:
    apart, doubled = (("40150", "A"), ("41160", "B")), (("40150", "A"), ("40150", "B"))
    assert matched("postal_code", "place_name", rows=apart) == {"code": "postal_code", "name": "place_name"}
    assert matched("postal_code", "place_name", rows=doubled) == {"postcode": "postal_code", "name": "place_name"}
    better = matched("num", "postal_code", rows=(("1", "40150"), ("2", "41160")))
    assert better == {"code": "num", "postcode": "postal_code"}


@pytest.mark.parametrize(
    "heading",
    ["Opening date", "Bank", "Manager name", "Fax", "Country code", "Client code", "", "カナ", "startDate", "Notes"],
)
def test_what_speaks_of_something_else_is_left_as_an_attribute(heading: str) -> None:
    assert matched(heading, rows=(("a",), ("b",))) == {}


def test_an_area_is_taken_by_name_rather_than_by_code() -> None:
    assert matched("code_wil", "wilaya", "num") == {"code": "num", "area": "wilaya"}
    assert matched("code_wil", "num") == {"code": "num", "area": "code_wil"}
    assert matched("district_name", "province")["area"] == "province"


def test_no_column_serves_two_fields() -> None:
    columns = [index for index in match_columns(("name", "Name", "code", "Code")).values() if index is not None]
    assert len(columns) == len(set(columns)) == 2


def test_all_other_columns_stay_within_reach_of_a_checklists_rules() -> None:
    table = Table(
        ("code", "name", "Drive-in", "Drive-in", "", "type"),
        (Row(2, ("001", "Harbour", "yes", "no", "big", "kiosk")), Row(3, ("002", "Mill", "", "", "", ""))),
        TYPED,
    )
    columns = match_columns(table.header, table.rows)
    assert list_attribute_columns(table.header, columns) == {"Drive-in": 2, "Drive-in (2)": 3, "column 5": 4}
    harbour, mill = read_branch_rows(table, columns, BranchRow)
    assert harbour.attributes == {"Drive-in": "yes", "Drive-in (2)": "no", "column 5": "big", "kind": "kiosk"}
    assert mill.attributes == {}


def test_a_branch_without_a_name_is_called_after_its_place() -> None:
    table = Table(
        ("code", "commune", "address"),
        (
            Row(2, ("1", "Oran", "Rue A")),
            Row(3, ("2", "Oran", "Rue\nB")),
            Row(4, ("3", "Adrar", "Rue C")),
            Row(5, ("4", "", "Rue D")),
            Row(6, ("5", "", "")),
        ),
        TYPED,
    )
    rows = read_branch_rows(table, match_columns(table.header, table.rows), BranchRow)
    assert [row.name for row in rows] == ["Oran, Rue A", "Oran, Rue B", "Adrar", "Rue D", "5"]


def test_a_name_left_empty_in_a_column_of_names_stays_empty_for_the_judge() -> None:
    table = Table(("code", "name", "city"), (Row(2, ("1", "", "Oran")),), TYPED)
    assert read_branch_rows(table, match_columns(table.header), BranchRow)[0].name == ""


@pytest.mark.parametrize(
    ("file", "count", "without_code", "first", "headings"),
    [
        (
            "dz_bna_bank.csv",
            216,
            0,
            (2, "0", "250 - Agence ADRAR", "Adrar"),
            {"code": "num", "name": "name", "area": "wilaya"},
        ),
        (
            "dz_ciar_insurance.csv",
            319,
            3,
            (2, "5141", "Timimoun", "1"),
            {
                "code": "code_agence",
                "area": "code_wil",
                "locality": "commune",
                "opens": "openHour",
                "closes": "closeHour",
            },
        ),
        (
            "dz_ciar_sepline_semicolon.csv",
            59,
            0,
            (3, "5141", "Timimoun", "1"),
            {"code": "code_agence", "area": "code_wil", "locality": "commune", "latitude": "lat", "longitude": "lon"},
        ),
        (
            "jp_mizuho_utf8.csv",
            300,
            0,
            (2, "001", "東京営業部", ""),
            {"code": "支店コード", "name": "支店名"},
        ),
        (
            "lk_post_offices.csv",
            2111,
            0,
            (2, "40150", "Achchuvely", "Northern Province"),
            {"code": "postal_code", "name": "place_name", "area": "province"},
        ),
    ],
)
def test_branch_lists_from_the_wild(
    file: str, count: int, without_code: int, first: tuple[object, ...], headings: dict[str, str]
) -> None:
    if not (BRANCHES / file).exists():
        pytest.skip(f"the shared fixtures are not here: {file}")
    table = read_table((BRANCHES / file).read_bytes(), file)
    columns = match_columns(table.header, table.rows)
    for wanted, heading in headings.items():
        index = columns[wanted]
        assert index is not None
        assert table.header[index] == heading
    rows = read_branch_rows(table, columns, BranchRow)
    codes = [row.code for row in rows if row.code]
    assert len(rows) == count
    assert len(codes) == len(set(codes)) == count - without_code
    assert all(row.name for row in rows)
    assert (rows[0].number, rows[0].code, rows[0].name, rows[0].area) == first


def test_a_column_headed_code_is_the_code_although_a_few_rows_lack_or_repeat_it() -> None:
    table = read_table(b"Code;Name\nA1;Mill Lane\n;Old Bridge\nA1;Quayside\n", "branches.csv")
    rows = read_branch_rows(table, match_columns(table.header, table.rows), BranchRow)
    assert [(row.code, row.name) for row in rows] == [("A1", "Mill Lane"), ("", "Old Bridge"), ("A1", "Quayside")]


@pytest.mark.parametrize("heading", ["x" * 100_000, "filiale" * 15_000, "名" * 30_000, "a " * 60_000])
def test_a_heading_beyond_all_length_is_passed_over_at_once(heading: str) -> None:
    began = time.perf_counter()
    assert matched("code", heading, "name") == {"code": "code", "name": "name"}
    assert time.perf_counter() - began < 1
