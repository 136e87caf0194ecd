"""The document that the press reads, and the styles it is assumed to have."""

from collections.abc import Iterator

import pytest
import weasyprint
from weasyprint.css import StyleFor
from weasyprint.html import UA_STYLESHEET

from audit.reports import page, press
from audit.reports.job import Job
from audit.reports.paper import photo_name
from tests.reports.reference import KINDS, Organisation, organisation
from tests.reports.tiny import TINY


@pytest.fixture(scope="module", params=["en", "ar"])
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    with organisation(tmp_path_factory.mktemp("page"), request.param) as made:
        yield made


@pytest.fixture(scope="module")
def type_() -> press.Type:
    return press.Type()


def with_all_that_weasyprint_assumes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "assumed_styles", lambda: UA_STYLESHEET)


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_the_same_without_the_styles_it_has_no_use_for(
    opened: Organisation, type_: press.Type, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = opened.sheet(kind)
    photos = {photo_name(each): opened.store.photos.read(each, "paper") for each in sheet.photos}
    job = Job(sheet.xhtml, {**sheet.drawings, **photos})
    lean = press.print_pdf(job, type_)
    with_all_that_weasyprint_assumes(monkeypatch)
    assert press.print_pdf(job, type_) == lean


def test_an_element_gets_no_style_for_parts_that_are_never_drawn(
    type_: press.Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, made = Job(TINY.format("<p>one</p><ul><li>two</li></ul>")), []
    given = StyleFor.set_computed_styles

    def note(style_for: object, element: object, *args: object, **more: object) -> None:
        made.append(more.get("pseudo_type"))
        given(style_for, element, *args, **more)

    monkeypatch.setattr(StyleFor, "set_computed_styles", note)
    press.print_pdf(job, type_)
    assert made.count("marker") == 1
    assert not page.NOTES & set(made)
    made.clear()
    with_all_that_weasyprint_assumes(monkeypatch)
    press.print_pdf(job, type_)
    assert made.count("marker") > 1
    assert set(made) >= page.NOTES


def test_nothing_is_taken_from_weasyprint_itself() -> None:
    before = len(UA_STYLESHEET.matcher.other_selectors)
    assert len(page.assumed_styles().matcher.other_selectors) < before
    assert len(UA_STYLESHEET.matcher.other_selectors) == before
    assert weasyprint.HTML(string="<p>one</p>")._ua_stylesheets() == [UA_STYLESHEET]
