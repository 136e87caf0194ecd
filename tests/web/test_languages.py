"""The words of the pages: catalogues that are up to date, and every reader's own language."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from audit.web import catalogues, languages
from tests import cast
from tests.web.office import Office, text_of


@pytest.fixture(scope="module")
def template() -> Catalog:
    return catalogues.collect()


REFRESH = "run: .venv/bin/python -m audit.web.catalogues"


def test_the_catalogues_hold_every_text_and_no_other(template: Catalog) -> None:
    assert catalogues.TEMPLATE.read_bytes() == catalogues.written(template), REFRESH
    for tag in languages.available():
        path = languages.FOLDER / tag.replace("-", "_") / "LC_MESSAGES" / "messages.po"
        assert path.read_bytes() == catalogues.written(catalogues.merged(tag, template)), REFRESH


@pytest.mark.parametrize(
    "message",
    [
        "What waits",
        "There were too many tries to sign in. Wait {minutes} minutes and try again.",
        "Mystery shopper",
        "Choose one that is there.",
    ],
)
def test_texts_of_templates_refusals_and_forms_are_all_collected(template: Catalog, message: str) -> None:
    assert message in template


def test_a_reader_gets_the_own_language_and_the_rest_in_english(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "People"\nmsgstr "الناس"\n'
    )
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    languages.catalogue.cache_clear()
    with office.store.transaction():
        office.store.people.save(replace(cast.ADA, language="ar"))
    page = text_of(office.browser(cast.ADA).get("/people"))
    assert '<html lang="ar" dir="rtl">' in page
    assert "<h1>الناس</h1>" in page
    assert "Invite somebody" in page
    assert 'lang="ar"' in text_of(office.browser().get("/sign-in", headers={"Accept-Language": "ar-EG,ar;q=0.9"}))
    assert 'lang="en"' in text_of(office.browser().get("/sign-in", headers={"Accept-Language": "is"}))
    languages.catalogue.cache_clear()


def test_a_translation_survives_when_the_catalogue_is_brought_up_to_date(
    template: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        'msgid ""\nmsgstr ""\n\nmsgid "People"\nmsgstr "Leute"\n\nmsgid "Gone"\nmsgstr "Weg"\n'
    )
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    fresh = read_po(BytesIO(catalogues.written(catalogues.merged("de", template))), locale="de")
    assert fresh["People"].string == "Leute"
    assert "Gone" not in fresh
    assert len(fresh) == len(template)
