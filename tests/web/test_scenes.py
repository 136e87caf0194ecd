"""How far shoppers agree on filmed scenes: for the programme office alone, nothing is kept, and nobody is named."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from audit.actions.comparing import compare_scenes
from audit.domain.errors import NotAllowed
from tests import cast
from tests.domain.statistics.filmed import FILMED
from tests.intake.workbook_samples import saved, workbook
from tests.web.office import Office, open_office, text_of

HEAD = "scene;shopper;marking\n"
MIXED = HEAD + "".join(f"{row.scene};{row.shopper};{row.marking}\n" for row in FILMED)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = open_office(tmp_path_factory.mktemp("scenes"))
    yield office
    office.close()


def bring(office: Office, content: str | bytes, language: str = "en", name: str = "scenes.csv") -> TestResponse:
    raw = content.encode() if isinstance(content, str) else content
    return office.browser(cast.ADA).post(
        "/programme/scenes", data={"table": (io.BytesIO(raw), name)}, headers={"Accept-Language": language}
    )


def words(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text_of(answer)))


def test_the_office_is_shown_what_such_a_table_looks_like(office: Office) -> None:
    page = words(office.browser(cast.ADA).get("/programme/scenes"))
    assert "scene shopper marking 1 A yes 1 B no" in page
    assert "A CSV or XLSX file, up to 10 MB." in page
    workings = text_of(office.browser(cast.RITA).get("/programme/workings"))
    assert 'href="/programme/scenes"' in workings


def test_a_table_brings_the_figures_with_their_meaning_and_the_scenes_to_talk_about(office: Office) -> None:
    answer = bring(office, MIXED)
    page = words(answer)
    assert answer.status_code == 200
    assert "71 of 100 pairs of markings alike, probably 42–90 · 8 scenes, 4 shoppers, and 28 markings" in page
    assert "So few scenes say little" in page
    assert "AC1 is 0.49: some agreement is chance" in page
    assert "Alpha is 0.37." in page
    assert "Scene “Scene 2”: 2 × y and 1 × n" in page
    assert "Scene “Scene 3”" not in page


def test_nothing_is_written_and_no_shopper_is_named(office: Office) -> None:
    before = office.store.journal.last_id()
    page = text_of(bring(office, MIXED.replace("Shopper 1", "Ann Archer") + "Scene 1;Ann Archer;other\n"))
    assert office.store.journal.last_id() <= before + 1  # the sign-in of this browser
    assert "1 row is not taken" not in page
    assert "2 rows are not taken" in page
    assert "Archer" not in page


def test_the_columns_are_shown_as_they_were_understood(office: Office) -> None:
    book = saved(workbook(("Szene", "Frage", "Testkäufer", "Bewertung"), (1, "Gruß", 7, "ja"), (1, "Gruß", 8, "nein")))
    page = words(bring(office, book, name="Szenen.xlsx"))
    assert "Szenen.xlsx was read as " in page
    assert "Scene Szene Question Frage Shopper Testkäufer Marking Bewertung" in page


def test_each_question_has_a_row_of_its_own(office: Office) -> None:
    lines = [f"{scene};{question};{who};{who if question == 'greeted' else 'yes'}"
             for scene in "123" for question in ("greeted", "warmth") for who in "AB"]  # fmt: skip
    page = words(bring(office, "scene;question;shopper;marking\n" + "\n".join(lines)))
    assert re.search(r"greeted 3 0 0–\d+ -1.00 -0.67 warmth 3 100 \d+–100 – –", page)
    assert "AC1 and alpha take off what chance would bring" in page


def test_bad_rows_are_told_with_number_and_mend(office: Office) -> None:
    page = words(bring(office, MIXED + ";Shopper 1;y\n9;;y\n"))
    assert "2 rows are not taken" in page
    assert "34 There is no scene. Write which scene was marked." in page
    assert "35 There is no shopper." in page


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "There is nothing in this file."),
        (HEAD, "There is no marking in this file"),
        ("who;what\nA;y\n", "There is no column “scene”."),
        ("scene;rater;observer;marking\n1;A;B;y\n", "“rater”, “observer” could all be the shopper"),
        ("%PDF-1.7", "This is a PDF document."),
        ("PK\x03\x04 no workbook", "cannot be read"),
        (HEAD + "1;A;y\n" * 50_001, "There are more than 50000 rows."),
    ],
)
def test_what_cannot_be_read_is_complained_about_beside_the_file(office: Office, content: str, why: str) -> None:
    answer = bring(office, content)
    assert answer.status_code == 422
    assert why in words(answer)
    assert 'href="#table"' in text_of(answer)


def test_no_file_is_asked_for_and_one_too_large_is_refused(office: Office) -> None:
    ada = office.browser(cast.ADA)
    assert "Choose a file first." in text_of(ada.post("/programme/scenes", data={}))
    assert "more than 10 MB" in text_of(bring(office, HEAD + "x" * (10 << 20)))
    assert bring(office, HEAD + "x" * (12 << 20)).status_code == 413


def test_a_table_without_pairs_says_so_and_shows_no_figure(office: Office) -> None:
    page = words(bring(office, HEAD + "1;A;y\n2;A;n\n"))
    assert "Nothing can be compared: no scene was marked by two shoppers." in page
    assert "of 100 pairs" not in page


def test_hostile_cells_and_names_stay_text(office: Office) -> None:
    evil = "<script>alert(1)</script>{{ 7*7 }}%(num)s{row}"
    page = text_of(bring(office, HEAD + f"{evil};A;{evil}\n{evil};B;=1+1\n;{evil};y\n", name=f"{evil}.csv"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}%(num)s{row}" in page


def test_many_scenes_and_questions_are_not_all_listed(office: Office) -> None:
    rows = "".join(f"{k};q{k};A;y\n{k};q{k};B;n\n" for k in range(120))
    page = words(bring(office, "scene;question;shopper;marking\n" + rows))
    assert "100 more were marked differently." in page
    assert "Only the first 100 are shown." in page


@pytest.mark.parametrize("language", ["fr", "de", "es", "ar"])
def test_the_page_speaks_the_readers_language(office: Office, language: str) -> None:
    english = words(bring(office, MIXED + ";A;y\n"))
    page = words(bring(office, MIXED + ";A;y\n", language))
    sentences = re.findall(r"[A-Z][\w ,;:“”]{25,}\.", english)
    assert len(sentences) > 6
    assert [said for said in sentences if said in page] == []


def test_who_may_not_see_shoppers_may_not_compare_them() -> None:
    with pytest.raises(NotAllowed):
        compare_scenes(cast.AMIR, MIXED.encode(), "scenes.csv")
