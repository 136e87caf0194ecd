"""The words of the pages: catalogues that are up to date, and every reader's own language."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from audit.web import catalogues, languages
from tests import cast
from tests.web.office import Office, open_office, text_of


@pytest.fixture(scope="module")
def template() -> Catalog:
    return catalogues.collect()


REFRESH = "run: .venv/bin/python -m audit.web.catalogues"


def test_the_catalogues_hold_every_text_and_no_other(template: Catalog) -> None:
    assert catalogues.TEMPLATE.read_bytes() == catalogues.written(template), REFRESH
    for tag in languages.available():
        path = languages.FOLDER / tag.replace("-", "_") / "LC_MESSAGES" / "messages.po"
        assert path.read_bytes() == catalogues.written(catalogues.merged(tag, template)), REFRESH


def test_no_text_stands_inside_another_where_python_before_3_12_does_not_find_it() -> None:
    inside = [
        f"{path.name}:{text.lineno}"
        for path in (catalogues.ROOT / "audit").rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in catalogues.KEYWORDS
        if any(isinstance(given, ast.Constant) for given in call.args)
    ]
    assert inside == []


def test_english_stands_in_the_code_and_is_translated_into_nothing(template: Catalog) -> None:
    english = catalogues.merged("en", template)
    assert [message.id for message in english if message.id and any(message.string)] == []


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


SHIPPED = ("ar", "de", "es", "fr")

# Where the texts stand that a shopper can meet.
SHOPPERS_TEXTS = (
    "templates/layouts/document.html",
    "templates/layouts/phone.html",
    *(f"templates/macros/{name}.html" for name in ("dates", "forms", "navigation", "questions", "visits")),
    *(
        f"templates/{folder}/"
        for folder in ("devices", "errors", "invitations", "notifications", "phone", "questions", "visits")
    ),
    "templates/assignments/brief.html",
    "templates/home/shopper.html",
    "templates/signing_in/sign_in.html",
    *(
        f"audit/actions/{name}"
        for name in ("accepting", "choosing", "inviting", "notifying", "sending", "signing", "submitting")
    ),
    "audit/actions/visiting.py",
    "audit/domain/checklist/answers.py",
    "audit/domain/checklist/questions/",
    "audit/domain/submission/",
    *(f"audit/domain/{name}.py" for name in ("assignment", "errors", "notification", "people", "visit")),
    "audit/intake/photo",
    *(f"audit/web/{name}.py" for name in ("access", "answer_fields", "assets", "devices", "errors", "forms")),
    *(
        f"audit/web/{name}.py"
        for name in ("invitations", "links", "missing", "office_forms", "offline", "pace", "passwords")
    ),
    *(f"audit/web/{name}.py" for name in ("phone", "photos")),
    *(
        f"audit/web/{name}.py"
        for name in ("notifications", "posted_visits", "security", "shopper_homes", "signing_in", "visits")
    ),
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|%%|\{\w*\}|</?\w+>")


def shipped(tag: str) -> Catalog:
    with (languages.FOLDER / tag / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=tag)


def forms_of(message: Message) -> tuple[str, ...]:
    """The translation, one text or one for each form of the plural."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def test_five_languages_are_shipped() -> None:
    assert set(languages.available()) == {"en", *SHIPPED}
    assert [name for _, name in languages.own_names()] == ["English", "العربية", "Deutsch", "Español", "Français"]


@pytest.mark.parametrize("tag", SHIPPED)
def test_every_text_that_a_shopper_can_meet_is_translated(tag: str) -> None:
    met = [
        message for message in shipped(tag) if any(place.startswith(SHOPPERS_TEXTS) for place, _ in message.locations)
    ]
    assert len(met) > 250
    assert not [message.id for message in met if not all(forms_of(message))]


def test_the_places_of_the_shoppers_texts_are_still_there(template: Catalog) -> None:
    places = {place for message in template for place, _ in message.locations}
    silent = ("dates.html", "errors/", "shopper_homes.py")  # hold no text at the moment
    gone = [part for part in SHOPPERS_TEXTS if not any(place.startswith(part) for place in places)]
    assert not [part for part in gone if not part.endswith(silent)]


@pytest.mark.parametrize("tag", SHIPPED)
def test_a_translation_keeps_placeholders_and_marks_and_has_a_form_for_every_number(tag: str) -> None:
    catalog = shipped(tag)
    wrong = []
    for message in catalog:
        if not message.id or not any(forms_of(message)):
            continue
        wanted = placeholders(message.id if isinstance(message.id, str) else message.id[1])
        # A form for one or two may say the number as a word; the last is for numbers that have no form of their own.
        loose = forms_of(message)[:-1] if message.pluralizable else ()
        fits = placeholders(forms_of(message)[-1]) == wanted
        fits &= all(set(placeholders(text)) <= set(wanted) for text in loose)
        fits &= not message.pluralizable or len(forms_of(message)) == catalog.num_plurals
        wrong += [] if fits and not message.fuzzy and all(forms_of(message)) else [message.id]
    assert not wrong


@pytest.mark.parametrize("tag", SHIPPED)
def test_no_translation_says_itself_twice(tag: str) -> None:
    said = [words for message in shipped(tag) if message.id for words in forms_of(message)]
    assert [words for words in said if re.fullmatch(r"(.{9,}?)\1+", words, re.DOTALL)] == []


@pytest.mark.parametrize("tag", SHIPPED)
def test_the_range_beside_a_figure_has_the_one_name_that_the_guide_gives_it(tag: str) -> None:
    guide = (catalogues.ROOT / "docs" / "translating.md").read_text("utf-8")
    (row,) = re.findall(r"^\| range \|(.*)\|$", guide, re.MULTILINE)
    name = dict(zip(("fr", "de", "es", "ar"), map(str.strip, row.split("|")), strict=True))[tag].removeprefix("ال")
    speaking = [message for message in shipped(tag) if re.search(r"\b(?<!\()ranges?\b", str(message.id), re.IGNORECASE)]
    assert len(speaking) > 20
    assert [words for message in speaking for words in forms_of(message) if name.lower() not in words.lower()] == []


def test_arabic_has_its_six_forms_of_the_plural() -> None:
    arabic = languages.catalogue("ar")
    said = [arabic.ngettext("%(num)s photo", "%(num)s photos", n) % {"num": n} for n in (0, 1, 2, 3, 11, 100, 103)]
    assert said == ["لا صور", "صورة واحدة", "صورتان", "3 صور", "11 صورة", "100 صورة", "103 صور"]


def test_french_counts_nothing_as_one() -> None:
    french = languages.catalogue("fr-CA")
    assert french.ngettext("%(num)s visit", "%(num)s visits", 0) == "%(num)s visite"


def test_a_browser_is_answered_in_its_language_until_somebody_chooses_one(office: Office) -> None:
    browser, german = office.browser(cast.SAM), {"Accept-Language": "de-CH,de;q=0.9,en;q=0.5"}
    assert '<html lang="de" dir="ltr">' in text_of(browser.get("/", headers=german))
    assert browser.post("/language", data={"language": "ar"}, headers=german).location == "/"
    assert '<html lang="ar" dir="rtl">' in text_of(browser.get("/", headers=german))
    assert '<option value="ar" selected>' in text_of(browser.get("/devices", headers=german))
    assert browser.post("/language", data={"language": ""}, headers=german).status_code == 303
    assert '<html lang="de" dir="ltr">' in text_of(browser.get("/", headers=german))
    told = [line for line in office.store.journal.of(cast.SAM.id) if line.what == "person.language_chosen"]
    assert [(line.before, line.after) for line in told] == [
        ({"language": ""}, {"language": "ar"}),
        ({"language": "ar"}, {"language": ""}),
    ]


def test_choosing_the_same_language_twice_changes_nothing(office: Office) -> None:
    browser = office.browser(cast.BEA)
    assert [browser.post("/language", data={"language": "fr"}).location for _ in range(2)] == ["/devices", "/devices"]
    assert len([line for line in office.store.journal.of(cast.BEA.id) if line.what == "person.language_chosen"]) == 1


def test_a_language_without_a_catalogue_cannot_be_chosen(office: Office) -> None:
    answer = office.browser(cast.SAM).post("/language", data={"language": "tlh"}, headers={"Accept-Language": "es"})
    assert answer.status_code == 422
    assert "Elija algo de la lista." in text_of(answer)
    assert office.store.people.find(cast.SAM.id).language == ""


@pytest.mark.parametrize(("setting", "tag"), [("fr", "fr"), ("fr-CA", "fr-CA")])
def test_where_nobody_asks_the_installation_decides(tmp_path: Path, setting: str, tag: str) -> None:
    office = open_office(tmp_path, AUDIT_LANGUAGE=setting)
    assert f'<html lang="{tag}" dir="ltr">' in text_of(office.browser().get("/sign-in"))
    office.close()


def test_a_choice_that_is_no_longer_spoken_leaves_it_to_the_browser(office: Office) -> None:
    with office.store.transaction():
        office.store.people.save(cast.SAM.speaking("is"))
    assert '<html lang="es"' in text_of(office.browser(cast.SAM).get("/", headers={"Accept-Language": "es-MX"}))
