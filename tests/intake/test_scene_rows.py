"""The columns of a table of markings are recognised, whoever made it, and nothing is guessed."""

from __future__ import annotations

import pytest

from audit.domain.errors import InvalidTable
from audit.domain.statistics.scenes import MarkingRow
from audit.intake.scene_rows import FIELDS, find_scene_columns, read_scene_rows
from audit.intake.spreadsheets import read_table
from tests.intake.workbook_samples import saved, workbook

HEADINGS = {
    "English": "scene; question; shopper; marking",
    "English titles": "Film No.; Criterion; Shopper ID; Rating",
    "French": "Scène; Question; Client mystère; Appréciation",
    "German": "Filmszene; Frage; Testkäufer; Bewertung",
    "Spanish": "Escena; Pregunta; Comprador misterioso; Respuesta",
    "Italian": "Scena; Domanda; Cliente misterioso; Valutazione",
    "Portuguese": "Nº da cena; Pergunta; Cliente oculto; Avaliação",
    "Dutch": "Fragment; Vraag; Waarnemer; Beoordeling",
    "Arabic": "المشهد; السؤال; المتسوق السري; التقييم",
    "Japanese": "場面番号; 設問; 覆面調査員; 評価",
    "Chinese": "场景; 问题; 神秘顾客; 评分",
}


@pytest.mark.parametrize("language", HEADINGS)
def test_headings_are_known_in_ten_languages(language: str) -> None:
    header = HEADINGS[language].split("; ")
    assert find_scene_columns(header, {}) == dict(
        zip(("scene", "question", "shopper", "marking"), range(4), strict=True)
    )


def test_the_own_word_comes_before_any_other_and_a_plain_one_before_a_number_or_a_name() -> None:
    header = ["Film", "scene", "Shopper name", "Shopper no.", "Score", "marking"]
    assert find_scene_columns(header, {}) == {"scene": 1, "shopper": 3, "marking": 5}
    assert find_scene_columns(["clip number", "clip", "rater", "answer"], {}) == {
        "scene": 1,
        "shopper": 2,
        "marking": 3,
    }


def test_without_questions_there_are_three_columns() -> None:
    assert find_scene_columns(["scene", "shopper", "marking", "when"], {}) == {"scene": 0, "shopper": 1, "marking": 2}


@pytest.mark.parametrize("heading", ["Shopper's marking", "Scene date", "Marking of the branch", "Film budget", ""])
def test_a_heading_that_says_something_else_too_is_not_guessed_at(heading: str) -> None:
    with pytest.raises(InvalidTable) as refusal:
        find_scene_columns([heading, "shopper", "question"], {})
    assert "There is no column “scene”" in str(refusal.value)


def test_a_missing_column_is_named_with_the_headings_that_are_there() -> None:
    with pytest.raises(InvalidTable) as refusal:
        find_scene_columns(["scene", "who", "marking"], {})
    assert str(refusal.value) == (
        "There is no column “shopper”. Head the one that holds it “shopper”. "
        "The headings are “scene”, “who”, “marking”."
    )


def test_two_columns_that_could_be_the_same_are_told_and_none_is_taken() -> None:
    with pytest.raises(InvalidTable) as refusal:
        find_scene_columns(["scene", "rater", "observer", "marking"], {})
    assert "“rater”, “observer” could all be the shopper" in str(refusal.value)
    assert find_scene_columns(["scene", "rater", "observer", "marking"], {"shopper": "Observer"})["shopper"] == 2


def test_a_column_may_be_named_by_whoever_brings_the_table() -> None:
    header = ["Take", "Panel member", "Verdict given", "Scene"]
    named = {"scene": "take", "shopper": "panel_member", "marking": "Verdict given"}
    assert find_scene_columns(header, named) == {"scene": 0, "shopper": 1, "marking": 2}
    with pytest.raises(InvalidTable, match="No column is headed “Take 2”"):
        find_scene_columns(header, {"scene": "Take 2"})


def test_many_headings_are_not_all_repeated_in_a_refusal() -> None:
    with pytest.raises(InvalidTable) as refusal:
        find_scene_columns(["x" * 5_000] * 200, {})
    assert len(str(refusal.value)) < 1_200


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_delimiter_and_encoding_is_read_and_rows_keep_their_numbers(delimiter: str, encoding: str) -> None:
    lines = ["Szene|Testkäufer|Bewertung", "1|Jürgen|schön", "", "2||nein", "3|Jürgen|"]
    table = read_table("\r\n".join(lines).replace("|", delimiter).encode(encoding))
    rows = read_scene_rows(table, find_scene_columns(table.header, {}), MarkingRow)
    assert rows == [
        MarkingRow(2, "1", "Jürgen", "schön"),
        MarkingRow(4, "2", "", "nein"),
        MarkingRow(5, "3", "Jürgen", ""),
    ]


def test_a_workbook_is_read_with_its_numbers_as_they_look() -> None:
    table = read_table(
        saved(workbook(("scene", "question", "shopper", "marking"), (1, "warmth", 7, 4), (2, None, 7, 5)))
    )
    assert read_scene_rows(table, find_scene_columns(table.header, {}), MarkingRow) == [
        MarkingRow(2, "1", "7", "4", "warmth"),
        MarkingRow(3, "2", "7", "5", ""),
    ]


def test_every_field_is_found_by_its_own_name() -> None:
    assert find_scene_columns(FIELDS, {}) == {field: place for place, field in enumerate(FIELDS)}
