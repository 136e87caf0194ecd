"""Where pages end: what belongs together stands on one page, and no page is left empty for it.

A filler of so many lines is put before what is looked at, so that it comes to stand at every height of a page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from pypdf import PdfReader

from audit.reports.paper import Sheet
from audit.reports.pdf import Printer
from tests.reports.reference import NAMES, Organisation, organisation

FILLER = "<p>Filler</p>"
HEIGHTS = range(0, 45, 5)
COMMENTS = NAMES["en"].comments
# What must follow each heading of a branch's report on its page.
BELOW = {
    "Every question": r"\d of \d +Did someone",
    "The visits": r"Day Shopper .* = \d+ %",
    "Points lost, and why": r"points lost · kept in .* \(\d",
    "In the shoppers’ words": r"Shopper \d · .*(They were quick|It took long)",
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    with organisation(tmp_path_factory.mktemp("six")) as found:
        yield found


@pytest.fixture(scope="module")
def shifted(printer: Printer, opened: Organisation) -> Sequence[Sequence[str]]:
    """The words of a branch's pages, with a filler of each height before the three best."""
    sheet, before = opened.sheet("branch"), "<h3>Kept best</h3>"
    assert sheet.xhtml.count(before) == 1
    fillers = (sheet.xhtml.replace(before, FILLER * lines + before) for lines in HEIGHTS)
    return [pages_of(printer, opened, replace(sheet, xhtml=xhtml)) for xhtml in fillers]


def pages_of(printer: Printer, organisation: Organisation, sheet: Sheet) -> list[str]:
    """What each page says, without its foot."""
    pdf = organisation.print_sheet(printer, sheet)
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]
    return [re.sub(r"\d+ / \d+ .*?discipline\.", "", page).strip() for page in pages]


def split(xhtml: str, sign: str) -> tuple[str, str]:
    head, found, tail = xhtml.partition(sign)
    assert found, sign
    return head, found + tail


def test_the_three_best_stand_on_one_page_below_their_heading(
    opened: Organisation, shifted: Sequence[Sequence[str]]
) -> None:
    best = re.findall(
        r"<b>(.*?)</b>", split(opened.sheet("branch").xhtml, '<ol class="best">')[1].partition("</ol>")[0]
    )
    assert len(best) == 3
    for pages in shifted:
        (below,) = [page.partition("Kept best")[2] for page in pages if "Kept best" in page]
        assert [title for title in best if re.search(rf"{re.escape(title)}\W+[\w ]+ · kept in", below)] == best


def test_no_heading_stands_alone_at_the_foot_of_a_page(shifted: Sequence[Sequence[str]]) -> None:
    for pages in shifted:
        for page in pages:
            alone = [each for each in BELOW if each in page and not re.search(BELOW[each], page.partition(each)[2])]
            assert not alone, page[-300:]


@pytest.mark.parametrize(
    ("kind", "answered"), [("visit", r'<p class="answer">.*?</p>'), ("branch", r'<div class="seen">\s*<p>.*?</p>')]
)
def test_a_sentence_of_the_shopper_stands_with_its_answer(
    printer: Printer, opened: Organisation, kind: str, answered: str
) -> None:
    sheet = opened.sheet(kind)
    parts = re.split(r'(?=<div class="loss">|</section>)', sheet.xhtml)
    loss = next(each for each in parts if each.startswith('<div class="loss">') and re.search(answered, each))
    loss = re.sub(f"({answered})", rf"\1<blockquote><p>{COMMENTS[0]}</p></blockquote>", loss)
    many = "".join(FILLER * (n % 3) + loss for n in range(150))
    pages = pages_of(
        printer, opened, replace(sheet, xhtml=sheet.xhtml.replace('<div class="loss">', many + '<div class="loss">', 1))
    )
    assert sum(page.count(comment) for page in pages for comment in COMMENTS) >= 150
    assert not [page[:80] for page in pages if page.startswith(COMMENTS)]


@pytest.mark.parametrize("kind", ["visit", "branch"])
def test_a_comment_of_ten_thousand_letters_begins_where_its_answer_stands(
    printer: Printer, opened: Organisation, kind: str
) -> None:
    told = "She said a long word. " * 450
    sheet = opened.sheet(kind)
    head, rest = split(sheet.xhtml, "Points lost, and why")
    xhtml, changed = re.subn(r"<blockquote>.*?</blockquote>", f"<blockquote><p>{told}</p></blockquote>", rest, count=1)
    assert changed
    pages = pages_of(printer, opened, replace(sheet, xhtml=head + xhtml))
    (first, *more) = [page for page in pages if "She said a long word." in page]
    assert not first.startswith("She said")
    assert "points lost" in first
    assert 1 <= len(more) <= 2
    assert min(len(page) for page in pages[:-1]) > 700, "a page is left nearly empty"


@pytest.mark.parametrize("kind", ["visit", "branch"])
def test_many_photos_of_one_answer_stand_side_by_side(printer: Printer, opened: Organisation, kind: str) -> None:
    sheet, photos = opened.sheet(kind), opened.sheet("visit").photos
    (photo,) = set(re.findall(r'<img class="photo"[^>]*/>', opened.sheet("visit").xhtml))
    head, rest = split(sheet.xhtml, "Points lost, and why")
    (answered, *_) = re.findall(r'<p class="answer">.*?</p>|</blockquote>', rest, re.DOTALL)
    more = rest.replace(answered, f'{answered}<div class="photos">{photo * 30}</div>', 1)
    before = pages_of(printer, opened, sheet)
    after = pages_of(printer, opened, replace(sheet, xhtml=head + more, photos=photos))
    assert len(after) - len(before) <= 2, "thirty photos fill ten rows, and a page holds six"


def test_rows_of_photos_fill_the_page_on_which_they_begin(printer: Printer, opened: Organisation) -> None:
    sheet, begins = opened.sheet("branch"), '<div class="plates">'
    head, rest = split(sheet.xhtml, begins)
    (figure, *_) = re.findall(r"<figure>.*?</figure>", rest, re.DOTALL)
    plates = re.sub(
        r"<figure>.*</figure>",
        (figure.replace("figcaption>", "figcaption>Row", 1) + figure * 2) * 3,
        rest,
        flags=re.DOTALL,
    )
    rows = set()
    for lines in range(0, 48, 6):
        filled = head.replace("<h3>More photos</h3>", FILLER * lines + "<h3>More photos</h3>") + plates
        (page,) = [page for page in pages_of(printer, opened, replace(sheet, xhtml=filled)) if "More photos" in page]
        rows.add(page.count("Row"))
    assert rows == {1, 2, 3}
