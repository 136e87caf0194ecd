"""What is finished in the tags of a PDF: who hears it hears links as links, and no line of the margins twice."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader

from audit.reports.pdf import Printer

SHEET = """<html lang="en"><head><title>Two pages</title></head><body data-running="Said at the foot of each page">
<h1>Two pages</h1>
<table><thead><tr><th>Branch</th></tr></thead><tbody><tr><th scope="row">
<a href="#next">Quay <bdi dir="rtl">رصيف</bdi> <span class="meta">N01</span></a></th></tr></tbody></table>
<section id="next" style="break-before: page"><h2>Next</h2>
<p>See <a href="http://127.0.0.1:8000/verify/1">the edition</a>.</p></section>
</body></html>"""


@pytest.fixture(scope="module")
def reader(printer: Printer) -> PdfReader:
    return PdfReader(io.BytesIO(printer.render_pdf(SHEET, {})))


def parents(reader: PdfReader) -> dict[int, Any]:
    """The parent tree: by page the tags of its marked words, after the pages a tag for each annotation."""
    nums = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    return {int(nums[at]): nums[at + 1].get_object() for at in range(0, len(nums), 2)}


def links(reader: PdfReader) -> list[Any]:
    return [link.get_object() for page in reader.pages for link in page.get("/Annots", [])]


def test_every_part_of_a_link_belongs_to_the_link_itself(reader: PdfReader) -> None:
    leads_to = parents(reader)
    assert len(links(reader)) > 2  # the name in another direction and the code are parts
    for link in links(reader):
        tag = leads_to[link["/StructParent"]]
        assert tag["/S"] == "/Link"
        kids = [kid.get_object() for kid in tag["/K"]]
        assert link in [kid["/Obj"] for kid in kids if isinstance(kid, dict) and kid.get("/Type") == "/OBJR"]
        around = tag["/P"]
        while around["/S"] != "/Document":
            assert around["/S"] != "/Link"
            around = around["/P"]


def test_a_link_is_on_paper_too(reader: PdfReader) -> None:
    assert {link["/F"] for link in links(reader)} == {4}


def test_the_line_at_the_foot_is_pagination_and_no_part_of_what_is_read(reader: PdfReader) -> None:
    assert len(reader.pages) == 2
    for page in reader.pages:
        text = page.extract_text()
        assert text.count("Said at the foot") == 1
        operators = page.get_contents().get_data()  # type: ignore[union-attr]
        assert operators.count(b"/Artifact\n<</Type /Pagination>>\nBDC") == 1


def test_all_that_is_marked_as_content_has_a_tag_in_the_tree(reader: PdfReader) -> None:
    held = set(below(reader.trailer["/Root"]["/StructTreeRoot"]["/K"][0]))
    marked = 0
    for number, page in enumerate(reader.pages):
        operators = page.get_contents().get_data()  # type: ignore[union-attr]
        for mcid, tag in enumerate(parents(reader)[number]):
            if f"<</MCID {mcid}>>".encode() in operators:
                assert tag.raw_get("/P") is not None
                assert tag.indirect_reference.idnum in held
                marked += 1
    assert marked > 5


def below(reference: Any) -> Iterator[int]:
    """The numbers of all tags in the tree."""
    yield reference.idnum
    for kid in reference.get_object().get("/K", []):
        if hasattr(kid, "idnum") and kid.get_object().get("/Type") == "/StructElem":
            yield from below(kid)
