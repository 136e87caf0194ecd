"""A volume: finished prints in one PDF, and nothing of them lost."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import IndirectObject

from audit.domain.programme import Branch
from audit.reports.branch import compose
from audit.reports.job import Attachment, Job
from audit.reports.paper import draw_sheet
from audit.reports.pdf import Printer
from audit.reports.period import year_of
from audit.reports.prints import NotOurs
from audit.reports.renumbering import renumbering
from audit.reports.volume import Binder
from tests.builders import NOON_IN_NOVEMBER, Answer, good_answers
from tests.cast import N01, N02, NORTH, PROGRAMME
from tests.reports.reading import structure
from tests.reports.tiny import PHOTO, jpeg
from tests.reports.visits import scored

COVER = """<html lang="en"><head><title>North · the whole year</title></head><body><h1>North</h1>
<p>See <a href="https://audit.example.org/verify/X">whether it is the newest</a> and 12 0 R (48-0-0).</p>
<table><thead><tr><th scope="col">Branch</th><th scope="col">Figure</th></tr></thead>
<tbody><tr><th scope="row">Mill Lane</th><td>85 %</td></tr></tbody></table>
<p style="break-before: page">The second page, <a href="https://audit.example.org/">with a link</a>.</p>
</body></html>"""
ODD_NAME = Branch("東/1", "Nord (48-0-0) 12 0 R \\ )(", "NORTH")


@pytest.fixture(scope="module")
def prints(printer: Printer) -> dict[str, bytes]:
    """The prints of a volume by their labels, its opening first."""
    made = {"": printer.render_pdf(COVER, {})}
    for branch in (N01, N02, ODD_NAME):
        cold = Answer("no", f"Nobody at {branch.name} looked up.", ("busy",), (PHOTO,))
        visits = [scored(1, answers=good_answers(greeted=cold)), scored(2), scored(3)]
        sheet = draw_sheet(compose(PROGRAMME, branch, NORTH, year_of(NOON_IN_NOVEMBER.date()), visits))
        made[branch.code] = printer.print_sheet(sheet, lambda _: jpeg())
    return made


@pytest.fixture(scope="module")
def volume(prints: dict[str, bytes]) -> bytes:
    return bind(prints)


def bind(prints: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    binder = Binder(made)
    for label, pdf in prints.items():
        binder.add(label, pdf)
    binder.finish()
    return made.getvalue()


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf), strict=True)


def test_every_tag_of_the_prints_is_in_the_volume_below_one_document(prints: dict[str, bytes], volume: bytes) -> None:
    parts: Counter[str] = Counter(kind for pdf in prints.values() for kind, _ in structure(pdf) if kind)
    whole = Counter(kind for kind, _ in structure(volume) if kind)
    assert parts.pop("/Document") == len(prints)
    assert (whole.pop("/Document"), whole.pop("/Part")) == (1, len(prints))
    assert whole == parts
    assert {"/Figure", "/TH", "/Table", "/H1", "/Link"} <= set(whole)


def test_what_is_said_of_pictures_and_cells_is_said_in_the_volume(prints: dict[str, bytes], volume: bytes) -> None:
    def said(pdf: bytes) -> Counter[tuple[str, str, str]]:
        return Counter(
            (kind, str(element.get("/Alt", "")), str(element.get("/A", {}).get("/Scope", "")))  # type: ignore[attr-defined]
            for kind, element in structure(pdf)
            if kind in ("/Figure", "/TH")
        )

    assert said(volume) == sum(map(said, prints.values()), Counter())
    assert all(alt for kind, alt, _ in said(volume) if kind == "/Figure")


def test_every_cell_is_led_to_heads_of_its_own_table(volume: bytes) -> None:
    tables = [inside(element) for kind, element in structure(volume) if kind == "/Table"]
    heads = [{str(cell["/ID"]) for cell in cells if cell.get("/S") == "/TH"} for cells in tables]
    assert sum(map(len, heads)) == len(set().union(*heads))  # no two cells of the volume share a name
    led = 0
    for cells, own in zip(tables, heads, strict=True):
        for cell in cells:
            for head in cell.get("/A", {}).get("/Headers", []) if cell.get("/S") == "/TD" else []:
                assert str(head) in own
                led += 1
    assert led > 20


def inside(element: Any) -> list[dict[str, Any]]:
    found, waiting = [], [element]
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, dict):
            found.append(one)
            below = one.get("/K", [])
            waiting += [kid for kid in (below if isinstance(below, list) else [below]) if not isinstance(kid, int)]
    return found


def test_all_marked_words_of_every_page_lead_to_their_tag(prints: dict[str, bytes], volume: bytes) -> None:
    reader = read(volume)
    leads_to = parent_tree(reader)
    marked = 0
    for page in reader.pages:
        tags = leads_to[page["/StructParents"]]
        numbers = [int(n) for n in re.findall(rb"/MCID (\d+)", page.get_contents().get_data())]  # type: ignore[union-attr]
        assert len(numbers) == len(set(numbers))
        for number in numbers:
            tag = tags[number].get_object()
            assert number in tag["/K"]
            assert tag["/Pg"].indirect_reference == page.indirect_reference
            assert kinds_above(tag)[-2:] == ["/Part", "/Document"]
        marked += len(numbers)
    assert marked > 100
    assert sorted(leads_to) == list(range(reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTreeNextKey"]))


def parent_tree(reader: PdfReader) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for kid in reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Kids"]:
        part = kid.get_object()
        pairs = dict(zip(part["/Nums"][::2], part["/Nums"][1::2], strict=True))
        assert [min(pairs), max(pairs)] == part["/Limits"]
        assert not set(pairs) & set(found)
        found |= {int(key): leads_to.get_object() for key, leads_to in pairs.items()}
    return found


def kinds_above(tag: Any) -> list[str]:
    kinds = []
    while tag.get("/Type") == "/StructElem":
        kinds.append(str(tag["/S"]))
        tag = tag["/P"].get_object()
    assert tag["/Type"] == "/StructTreeRoot"
    return kinds


def test_every_link_leads_to_its_tag_and_back(volume: bytes) -> None:
    reader = read(volume)
    leads_to = parent_tree(reader)
    links = [link for page in reader.pages for link in page.get("/Annots", [])]
    assert len(links) == 5  # two of the opening, and on each report that of its edition
    for link in links:
        tag = leads_to[link.get_object()["/StructParent"]]
        assert tag["/S"] == "/Link"
        assert link in [one.raw_get("/Obj") for one in inside(tag) if one.get("/Type") == "/OBJR"]


def test_the_bookmarks_name_the_branches_and_hold_those_of_their_reports(
    prints: dict[str, bytes], volume: bytes
) -> None:
    outline = read(volume).outline
    tops = [one for one in outline if not isinstance(one, list)]
    assert [one.title for one in tops] == ["North", "Mill Lane", "Old Bridge", ODD_NAME.name]
    pages = [len(read(pdf).pages) for pdf in prints.values()]
    assert [read(volume).get_destination_page_number(one) for one in tops] == [sum(pages[:n]) for n in range(4)]
    assert titles(outline) == [title for pdf in prints.values() for title in titles(read(pdf).outline)]


def titles(outline: list[Any]) -> list[str]:
    return [title for one in outline for title in (titles(one) if isinstance(one, list) else [one.title])]


def test_every_page_says_what_it_said_and_is_called_by_the_number_printed_on_it(
    prints: dict[str, bytes], volume: bytes
) -> None:
    reader = read(volume)
    before = [
        (f"{label} {number}".strip(), page.extract_text(), page.get_contents().get_data())  # type: ignore[union-attr]
        for label, pdf in prints.items()
        for number, page in enumerate(read(pdf).pages, start=1)
    ]
    now = [
        (name, page.extract_text(), page.get_contents().get_data())  # type: ignore[union-attr]
        for name, page in zip(reader.page_labels, reader.pages, strict=True)
    ]
    assert now == before


def test_the_volume_has_the_title_and_the_promises_of_its_first_print(prints: dict[str, bytes], volume: bytes) -> None:
    first, whole = read(prints[""]), read(volume)
    for name in ("/Lang", "/MarkInfo", "/ViewerPreferences"):
        assert whole.trailer["/Root"][name] == first.trailer["/Root"][name]
    assert dict(whole.metadata or {}) == dict(first.metadata or {})
    metadata = whole.trailer["/Root"]["/Metadata"].get_data()
    assert metadata == first.trailer["/Root"]["/Metadata"].get_data()
    assert b"pdfuaid" in metadata


def test_two_cuts_of_a_typeface_have_two_names(volume: bytes) -> None:
    files_of: dict[str, set[int]] = {}
    for one in parts_of(volume):
        if isinstance(one, dict) and one.get("/Type") == "/FontDescriptor":
            files_of.setdefault(str(one["/FontName"]), set()).add(one.raw_get("/FontFile2").idnum)
    assert len(files_of) > 4
    assert all(len(files) == 1 for files in files_of.values())


def test_nothing_in_the_volume_leads_nowhere(volume: bytes) -> None:
    reader = read(volume)
    asked = set()
    for one in parts_of(volume):
        waiting: list[Any] = [one]
        while waiting:
            value = waiting.pop()
            if isinstance(value, IndirectObject):
                asked.add(value.idnum)
            elif isinstance(value, dict):
                waiting += [value.raw_get(name) for name in value]  # type: ignore[attr-defined]
            elif isinstance(value, list):
                waiting += list(value)
    assert all(reader.get_object(number) is not None for number in asked)


def parts_of(pdf: bytes) -> Iterator[Any]:
    reader = read(pdf)
    for number in range(1, int(reader.trailer["/Size"])):
        yield reader.get_object(number)


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="needs qpdf (apt-get install qpdf)")
def test_qpdf_finds_no_fault_in_it(volume: bytes, tmp_path: Path) -> None:
    file = tmp_path / "volume.pdf"
    file.write_bytes(volume)
    said = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


def test_the_same_prints_give_the_same_bytes_and_hardly_more_than_they_have(
    prints: dict[str, bytes], volume: bytes
) -> None:
    assert bind(prints) == volume
    assert len(volume) < 1.03 * sum(map(len, prints.values()))


def test_what_would_lose_something_is_not_bound(printer: Printer, prints: dict[str, bytes]) -> None:
    german = printer.render_pdf(COVER.replace('lang="en"', 'lang="de"'), {})
    within = printer.render_pdf(
        COVER.replace("https://audit.example.org/verify/X", "#far").replace("<h1", '<h1 id="far"'), {}
    )
    archive = printer.render_job(Job(COVER, {}, (Attachment("a.txt", b"a", "A"),), "2026-11-13T12:00:00+00:00"))
    writer = PdfWriter(clone_from=io.BytesIO(prints["N01"]))
    foreign = io.BytesIO()
    writer.write(foreign)
    for wrong in (german, within, archive, foreign.getvalue(), prints["N01"][:-1], prints["N01"] + b" ", b""):
        with pytest.raises(NotOurs):
            bind({"": prints[""], "N01": wrong})
    with pytest.raises(NotOurs):
        bind({})


@given(st.binary(max_size=40), st.integers(0, 10**6))
def test_words_that_look_like_references_stay_as_they_are(words: bytes, place: int) -> None:
    literal = b"(" + re.sub(rb"([\\()])", rb"\\\1", words) + b")"
    said = b"<</Alt " + literal + b"/P 7 0 R/T (7 0 R)/StructParents 3/ID (7-0-1)/A <</Headers [(7-0-0) (7-1-0)]>>>>"
    expected = (
        b"<</Alt " + literal + b"/P 70 0 R/T (7 0 R)/StructParents 8/ID (70-0-1)/A <</Headers [(70-0-0) (70-1-0)]>>>>"
    )
    assert renumbering({7: 70}, 5, place)(said) == expected


@given(st.integers(0, 26**6 - 1), st.integers(0, 26**6 - 1))
def test_no_two_places_give_a_subset_of_a_font_the_same_name(one: int, other: int) -> None:
    names = [renumbering({}, 0, place)(b"/GTDUSC+Candour-Sans") for place in (one, other)]
    assert all(re.fullmatch(rb"/[A-Z]{6}\+Candour-Sans", name) for name in names)
    assert (names[0] == names[1]) == (one == other)
