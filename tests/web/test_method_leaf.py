"""How we score, as a leaf to lay beside any report: one page in every language, by the thresholds we reckon with."""

from __future__ import annotations

import io
import re
from fractions import Fraction

import pytest
from pypdf import PdfReader

from audit.actions.binding import read_paper
from audit.domain.statistics.groups import LEAST_BRANCHES, LEAST_VISITS, LEAST_VISITS_AT_CEILING
from audit.reports.content import content_of
from audit.reports.method import THRESHOLDS, Method
from audit.reports.period import EARLIEST
from audit.storage.editions import Paper
from tests import cast
from tests.web.office import Office, text_of

LANGUAGES = ("en", "fr", "de", "es", "ar")
TITLES = ("How we score", "Comment nous notons", "Wie wir werten", "Cómo puntuamos", "كيف نحتسب النتيجة")


def leaf(office: Office, language: str = "en") -> PdfReader:
    """What Amir downloads in that language."""
    amir = office.browser(cast.AMIR)
    answer = amir.get("/how-we-score.pdf", headers={"Accept-Language": language})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert f"candour-how-we-score-{language}.pdf" in answer.headers["Content-Disposition"]
    return PdfReader(io.BytesIO(answer.data))


def words_of(pdf: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pdf.pages))


@pytest.mark.parametrize(("language", "title"), list(zip(LANGUAGES, TITLES, strict=True)))
def test_it_is_one_page_in_every_language(office: Office, language: str, title: str) -> None:
    pdf = leaf(office, language)
    assert len(pdf.pages) == 1
    assert pdf.metadata is not None
    assert pdf.metadata.title == title


def test_it_says_what_the_page_says(office: Office) -> None:
    page, paper = text_of(office.browser(cast.AMIR).get("/how-we-score")), words_of(leaf(office))
    sentences = re.findall(r"<(?:p|li|h2)>([^<]+)</", page.partition("<article")[2].partition("</article>")[0])
    assert len(sentences) > 20
    assert [each for each in sentences if re.sub(r"\s+", " ", each.replace("&#39;", "'")) not in paper] == []


def test_it_names_the_thresholds_that_we_reckon_with(office: Office) -> None:
    paper = words_of(leaf(office))
    assert "9 times out of 10" in paper
    assert f"Below {LEAST_VISITS} visits" in paper
    assert f"Fewer than {LEAST_BRANCHES} branches" in paper
    assert f"fewer than {LEAST_VISITS_AT_CEILING} visits is called below" in paper
    assert "no branch is called below for what luck takes from one of them all" in paper


def test_its_edition_changes_with_the_method_and_with_no_visit(office: Office) -> None:
    before = read_paper(office.store, Paper("method", "", EARLIEST, EARLIEST, "en"))
    assert isinstance(before, Method)
    office.published()
    after = read_paper(office.store, Paper("method", "", EARLIEST, EARLIEST, "en"))
    assert content_of(after, "en") == content_of(before, "en")
    stricter = Method(before.programme, {**THRESHOLDS, "least_visits": Fraction(LEAST_VISITS + 1)})
    reworded = Method(before.programme, wording="of other sentences")
    assert len({content_of(each, "en").number for each in (before, stricter, reworded)}) == 3


def test_the_code_on_it_leads_to_its_edition(office: Office) -> None:
    (number,) = re.findall(r"/verify/([0-9A-Z-]{17})", words_of(leaf(office)))
    told = text_of(office.browser(cast.AMIR).get(f"/verify/{number}"))
    assert "How we score" in told
    assert "/how-we-score.pdf" in told
    assert "0 visits" not in told
    assert "How we score:" not in text_of(office.browser().get(f"/verify/{number}"))


def test_only_readers_of_reports_are_offered_it(office: Office) -> None:
    assert "/how-we-score.pdf" in text_of(office.browser(cast.AMIR).get("/how-we-score"))
    assert "/how-we-score.pdf" not in text_of(office.browser(cast.SAM).get("/how-we-score"))
    assert office.browser(cast.SAM).get("/how-we-score.pdf").status_code == 403
