"""A shopper who reads Arabic: pages from right to left, refusals in Arabic, and a checklist in whatever it speaks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from audit.actions.assigning import Offer, assign_visit
from audit.actions.publishing import publish_checklist, read_checklist_file
from audit.web.languages import direction, said, spoken
from tests import cast
from tests.web.office import Office, open_office, text_of
from tests.web.walking import Walk, begin_walk, fieldset, hidden_fields

TWO_LANGUAGES = """
id: two-languages
title: {en: Short, ar: قصيرة}
languages: [en, ar]
sections:
  - id: arrival
    title: {en: Arriving, ar: الوصول}
    questions:
      - {id: greeted, ask: {en: Did someone greet you?, ar: هل حيّاك أحد؟}, kind: yes_no}
""".encode()
ENGLISH = '<span lang="en" dir="ltr">{}</span>'


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An installation in which Sam has chosen Arabic."""
    office = open_office(tmp_path)
    with office.store.transaction():
        office.store.people.save(cast.SAM.speaking("ar"))
    yield office
    office.close()


@pytest.fixture
def walk(office: Office) -> Walk:
    """Sam's visit, with a checklist that speaks only English."""
    return begin_walk(office)


def test_every_page_of_the_shopper_runs_from_right_to_left(walk: Walk) -> None:
    assignment = walk.visit.assignment_id
    for path in ("/", "/devices", f"/assignments/{assignment}", *(walk.address(page) for page in ("form", "check"))):
        page = text_of(walk.browser.get(path))
        assert '<html lang="ar" dir="rtl">' in page, path
        assert "تسجيل الخروج" in page, path


def test_a_mistake_is_told_in_arabic_above_and_beside_the_field(walk: Walk) -> None:
    answer = walk.post("check", people="a few")
    page = text_of(answer)
    assert answer.status_code == 422
    assert '<h2 id="summary-title">هناك ما يحتاج إلى تصحيح</h2>' in page
    question = ENGLISH.format("How many people were there?")
    assert f'<a href="#q-people">{question} اكتب عددًا بالأرقام، مثل 12.</a>' in page
    assert "اكتب عددًا بالأرقام، مثل 12." in fieldset(page, "people")


def test_what_is_missing_is_counted_in_arabic_and_the_visit_arrives_with_an_arabic_receipt(walk: Walk) -> None:
    refused = walk.browser.post(walk.address("submission"), data=hidden_fields(walk.page("check")))
    assert refused.status_code == 422
    assert "أسئلة دون إجابة" in text_of(refused) or "سؤالان دون إجابة" in text_of(refused)
    walk.post("save:arrival", greeted="yes", customer_state="satisfied", narrative="سريع لكنه بارد.")
    sent = walk.send()
    assert sent.status_code == 303
    receipt = text_of(walk.browser.get(sent.location))
    assert "<h1>استُلمت في 13:00</h1>" in receipt
    assert walk.visit.answers["narrative"].value == "سريع لكنه بارد."


def test_words_of_a_checklist_in_another_language_say_so_and_keep_their_direction(walk: Walk) -> None:
    greeted = fieldset(walk.page(), "greeted")
    assert f"<legend>{ENGLISH.format('Did someone greet you?')}</legend>" in greeted
    assert f"{ENGLISH.format('Yes')}</label>" in greeted
    assert f'<p class="label">{ENGLISH.format("What did you see instead?")}</p>' in greeted
    assert '<label for="q-greeted--comment">بكلماتك</label>' in greeted
    assert '--title" lang="en" dir="ltr">Arriving</h2>' in walk.page()


def test_a_checklist_that_speaks_the_readers_language_is_shown_in_it(office: Office) -> None:
    file = read_checklist_file(TWO_LANGUAGES, "two-languages.yaml")
    assert not file.errors, file.errors
    version = publish_checklist(office.store, cast.ADA, file.tree, file.source, office.clock()).version
    until = office.clock().date() + timedelta(days=7)
    offer = Offer("N01", "two-languages", version, cast.SAM.id, until)
    assignment = assign_visit(office.store, cast.ADA, offer, office.clock())
    browser = office.browser(cast.SAM)
    page = text_of(browser.get(browser.post(f"/assignments/{assignment.id}/visit").location))
    assert "<legend>هل حيّاك أحد؟</legend>" in page
    assert "نعم</label>" in page
    assert 'lang="en"' not in page


def test_words_of_a_checklist_stay_words_and_no_mark_up(office: Office) -> None:
    with office.app.test_request_context(headers={"Accept-Language": "ar"}):
        assert said("<b>Bold</b>", "en") == ENGLISH.format("&lt;b&gt;Bold&lt;/b&gt;")
        assert said("<b>", "ar") == "<b>"  # escaped by the template, like any text
        assert (spoken("ar"), spoken("fr"), spoken("he")) == ("", ' lang="fr" dir="ltr"', ' lang="he"')
    assert [direction(tag) for tag in ("ar", "ar-EG", "he", "de", "no such tag")] == ["rtl", "rtl", "rtl", "ltr", "ltr"]
