"""What the shapes on paper stand for: what is printed can be heard, found and copied."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

from audit.reports.paper import _soften
from audit.reports.pdf import Printer
from audit.reports.shapes import FACES, FONTS
from tests.reports.reading import faces_in, words_of

SHEET = '<html lang="{}"><head><title>Words</title></head><body><p>{}</p></body></html>'


def unnamed(pdf: bytes) -> list[bytes]:
    """The shapes that stand for nothing, over all typefaces."""
    found = []
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            found += re.findall(rb"<[0-9a-f]{4}> <>", font.get_object()["/ToUnicode"].get_data())
    return found


@pytest.mark.parametrize(
    ("language", "words"),
    [("ar", "كاملًا أولًا"), ("ar", "<b>كاملًا أولًا</b>"), ("en", "x\u0302 and x, q\u0301 and q")],
    ids=["Arabic", "bold Arabic", "letters with marks"],
)
def test_a_shape_that_is_first_met_with_a_mark_upon_it_keeps_its_letters(
    printer: Printer, language: str, words: str
) -> None:
    assert unnamed(printer.render_pdf(SHEET.format(language, words), {})) == []


def test_each_typeface_that_is_shipped_is_known_by_the_name_that_it_has_in_a_pdf(printer: Printer) -> None:
    assert {font.name for font in FONTS.glob("*.ttf")} == set(FACES.values())
    every = "<p>a <b>a 🥐</b> <blockquote>a 🥐</blockquote> نعم <b>نعم</b> 東京 🥐</p>"
    assert faces_in(printer.render_pdf(SHEET.format("en", every), {})) == set(FACES)


@pytest.mark.parametrize("emoji", ["😀", "❤️", "☕", "🇨🇭", "👩‍🍳", "👍🏽", "1️⃣", "#️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🫠"])
@pytest.mark.parametrize(
    "around", ["<p>Kind {} and quick</p>", "<h1>Café {} Nord</h1>", '<p dir="rtl">متجر {} ١٢٣</p>']
)
def test_an_emoji_is_found_again_and_never_a_box(printer: Printer, emoji: str, around: str) -> None:
    words = around.format(emoji) + '<p class="no-font">Boxes</p>'
    pdf = printer.render_pdf(SHEET.format("en", words), {})
    said = words_of(pdf)
    assert emoji[0] in said
    assert "Boxes" not in said
    assert not re.search("[\ue000-\uf8ff\U000f0000-\U000fffff\ufffd]", said)
    assert unnamed(pdf) == []


def test_a_sheet_without_emoji_holds_no_part_of_their_face(printer: Printer) -> None:
    plain = printer.render_pdf(SHEET.format("en", "<p>7 of 9 # * © ® ™ 12 %</p>"), {})
    assert not {face for face in faces_in(plain) if "Emoji" in face}


@pytest.mark.parametrize("emoji", ["👩‍🍳", "👍🏽", "❤️", "1️⃣"])
def test_a_row_of_emoji_without_end_is_broken_between_them_alone(emoji: str) -> None:
    softened = _soften(f"<p>x{emoji * 40}</p>")
    assert "\u200b" in softened
    assert set(re.split("\u200b", softened.removeprefix("<p>x").removesuffix("</p>").replace(emoji, ""))) == {""}
