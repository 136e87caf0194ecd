"""The page of a report and its paper say the same: every figure of the one stands on the other, in each language."""

from __future__ import annotations

import io
import re
from collections import Counter
from html import unescape

import pytest
from pypdf import PdfReader

from audit.domain.people import Person
from tests import cast
from tests.web.office import Office, text_of
from tests.web.rounds import YEAR
from tests.web.rounds import two_rounds as two_rounds

AUTUMN = "from=2026-10-01&to=2026-11-30"
NOVEMBER = "from=2026-11-01&to=2026-11-30"
FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
PERCENT = re.compile(r"\d+\s%|%\s\d+")
FOR_THE_PAGE_ALONE = r'<section class="period".*?</section>|<p class="inline">.*?</p>|<svg.*?</svg>'


def words_on(page: str) -> str:
    """What the page says in its report, without what only a page has: the picker, the buttons, the drawings."""
    report = re.search(r"<article.*</article>", page, re.DOTALL)
    assert report
    left = re.sub(FOR_THE_PAGE_ALONE, " ", report[0], flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", left)))


def laid_out(pdf: bytes) -> str:
    """The words of a PDF where they stand, so that the figures of two cells stay apart from right to left, too."""
    return "\n".join(page.extract_text(extraction_mode="layout") for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize(
    ("person", "address", "language"),
    [
        (cast.AMIR, f"/areas/NORTH/report?{AUTUMN}", "en"),
        (cast.AMIR, f"/areas/NORTH/report?{AUTUMN}", "ar"),
        (cast.AMIR, f"/areas/NORTH/report?{NOVEMBER}", "fr"),
        (cast.BEA, f"/branches/N01/report?{AUTUMN}", "de"),
        (cast.BEA, f"/branches/N01/report?{NOVEMBER}", "ar"),
        (cast.AMIR, f"/branches/N02/report?{AUTUMN}", "es"),
        (cast.ADA, f"/programme/report?{AUTUMN}", "en"),
        (cast.ADA, f"/programme/report?{AUTUMN}", "ar"),
        (cast.AMIR, "visit", "de"),
        (cast.BEA, "visit", "ar"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_every_figure_of_the_page_stands_on_paper(office: Office, person: Person, address: str, language: str) -> None:
    if address == "visit":
        (newest,) = office.store.figures.newest_behind(YEAR.first, YEAR.last, "corner-shop", "", 1)
        address = f"/visits/{newest.visit_id}/report?"
    browser, spoken = office.browser(person), {"Accept-Language": language}
    page = text_of(browser.get(address, headers=spoken))
    assert f'lang="{language}"' in page
    paper = laid_out(browser.get(address.replace("report?", "report.pdf?"), headers=spoken).data)
    said = words_on(page)
    assert len(FIGURE.findall(said)) > 20
    assert not Counter(FIGURE.findall(said)) - Counter(FIGURE.findall(paper))
    told = {re.sub(r"\D", "", figure) for figure in PERCENT.findall(paper)}
    assert told
    assert told <= set(FIGURE.findall(said))
