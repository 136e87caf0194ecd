"""What a printed report says, how it is tagged, which typefaces it carries, and where it leads."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pikepdf
from pypdf import PdfReader

# What makes a reader of PDFs do something, or go somewhere.
DOINGS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Movie", "/Sound", "/Rendition"}


def words_of(pdf: bytes) -> str:
    """All words of a PDF in their order, with one blank between them."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def faces_in(pdf: bytes) -> set[str]:
    """What the typefaces of a PDF are called."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = [each for each in opened.objects if isinstance(each, pikepdf.Dictionary)]
        return {str(each["/FontName"]).split("+")[-1] for each in found if each.get("/Type") == "/FontDescriptor"}


def places_in(pdf: bytes) -> tuple[set[str], set[str]]:
    """The addresses to which a PDF leads, and the files in it; whatever else it does or asks for fails here."""
    addresses, files = set(), set()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert not {"/OpenAction", "/AA", "/AcroForm"} & set(opened.Root.keys())
        for each in opened.objects:
            if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
                assert str(each.get("/S", "")) not in DOINGS
                if each.get("/Subtype") == "/Link":
                    _note_where_it_leads(each, addresses)
                if each.get("/Type") == "/Filespec":
                    files.add(str(each["/UF"]))
    return addresses, files


def _note_where_it_leads(link: pikepdf.Object, addresses: set[str]) -> None:
    action = link.get("/A", {"/S": "/GoTo"})
    assert str(action["/S"]) in ("/GoTo", "/URI")
    if "/URI" in action:
        addresses.add(str(action["/URI"]))


def structure(pdf: bytes) -> Iterator[tuple[str, dict[str, object]]]:
    """The tags of a PDF, each by its kind."""
    waiting = [PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if not isinstance(element, dict):
            continue
        yield str(element.get("/S", "")), element
        inside = element.get("/K", [])
        waiting.extend(one for one in (inside if isinstance(inside, list) else [inside]) if not isinstance(one, int))
