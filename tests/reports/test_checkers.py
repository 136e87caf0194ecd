"""Every kind of report, in two writing directions, with none, one, six and sixty visits: what checkers of PDFs say, and
what the file holds beside the report."""

from __future__ import annotations

import io
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
import pytest

from audit.actions.binding import read_paper
from audit.reports import press
from audit.reports.job import Job
from audit.reports.paper import Desk, Sheet, draw_sheet, photo_name
from audit.reports.pdf import Printer
from audit.reports.period import EARLIEST
from audit.reports.volume import Binder
from audit.storage.editions import Paper
from audit.web.languages import catalogue
from tests.reports.checkers import EXCUSED, complaints, judged, wrongs_of_file
from tests.reports.reading import faces_in, places_in
from tests.reports.reference import KINDS, Organisation, organisation

pytestmark = pytest.mark.soak  # minutes of printing

# Which organisations are printed: language and visits to its first branch.
ORGANISATIONS = tuple((language, visits) for language in ("en", "ar") for visits in (0, 1, 6, 60))
OUR_FACES = ("Candour-Sans", "Candour-Arabic")  # as our styles call the typefaces that are shipped


@dataclass
class Prints:
    """The reports of one organisation, each printed once."""

    organisation: Organisation
    printer: Printer
    visits: int
    printed: dict[tuple[str, bool], bytes] = field(default_factory=dict)

    def sheet(self, kind: str, archive: bool = False) -> Sheet:
        if kind == "visit" and not self.visits:
            pytest.skip("there is no report of a visit where nobody went")
        return self.organisation.sheet(kind, archive)

    def pdf(self, kind: str, archive: bool = False) -> bytes:
        if (kind, archive) not in self.printed:
            self.printed[kind, archive] = self.organisation.print_sheet(self.printer, self.sheet(kind, archive))
        return self.printed[kind, archive]


@pytest.fixture(scope="module", params=ORGANISATIONS, ids=lambda each: f"{each[0]}-{each[1]}")
def prints(
    request: pytest.FixtureRequest, printer: Printer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prints]:
    language, visits = request.param
    with organisation(tmp_path_factory.mktemp("organisation"), language, visits) as opened:
        yield Prints(opened, printer, visits)


@pytest.mark.parametrize("archive", [False, True], ids=["paper", "archive"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_checker_of_what_can_be_heard_has_nothing_to_mend(
    prints: Prints, kind: str, archive: bool, tmp_path: Path
) -> None:
    # An archive copy is PDF/A-3a: as tagged as the paper, and no claim to PDF/UA.
    said = complaints(prints.pdf(kind, archive), tmp_path)
    assert [each for each in said if not (archive and each.startswith("DOC-012 "))] == []


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="needs qpdf (apt-get install qpdf)")
@pytest.mark.parametrize("archive", [False, True], ids=["paper", "archive"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_file_is_sound(prints: Prints, kind: str, archive: bool, tmp_path: Path) -> None:
    assert wrongs_of_file(prints.pdf(kind, archive), tmp_path) == ""


@pytest.mark.parametrize("archive", [False, True], ids=["paper", "archive"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_file_holds_nothing_that_is_not_ours(prints: Prints, kind: str, archive: bool) -> None:
    sheet = prints.sheet(kind, archive)
    faces, (addresses, files) = faces_in(prints.pdf(kind, archive)), places_in(prints.pdf(kind, archive))
    assert faces
    assert all(face.startswith(OUR_FACES) for face in faces)
    assert addresses == {f"http://127.0.0.1:8000/verify/{sheet.content.number}"}
    assert files == ({"figures.csv", "figures.json"} if archive else set())


@pytest.mark.parametrize("archive", [False, True], ids=["paper", "archive"])
@pytest.mark.parametrize("kind", KINDS)
def test_another_press_prints_the_same_bytes(prints: Prints, kind: str, archive: bool, other: Printer) -> None:
    again = prints.organisation.print_sheet(other, prints.sheet(kind, archive))
    assert again == prints.pdf(kind, archive)


@pytest.fixture(scope="module")
def other() -> Iterator[Printer]:
    opened = Printer()
    yield opened
    opened.close()


@pytest.mark.parametrize("kind", KINDS)
def test_the_engine_has_nothing_to_remark(prints: Prints, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    sheet = prints.sheet(kind)
    photos = {photo_name(each): prints.organisation.store.photos.read(each, "paper") for each in sheet.photos}
    with caplog.at_level(logging.WARNING, "weasyprint"):
        press.print_pdf(Job(sheet.xhtml, {**sheet.drawings, **photos}), press.Type())
    assert [record.getMessage() for record in caplog.records] == []


def test_the_volume_of_an_area_is_as_sound_as_its_reports(prints: Prints, tmp_path: Path) -> None:
    made = io.BytesIO()
    binder = Binder(made)
    binder.add("", prints.pdf("area"))
    for branch in ("N01", "N02", "N03", "N04"):
        sheet = prints.organisation.sheet("branch", branch=branch)
        binder.add(branch, prints.organisation.print_sheet(prints.printer, sheet))
    binder.finish()
    # Reports that end on a page of their own begin it alike: the checker takes that for a line in the margin.
    assert [each for each in complaints(made.getvalue(), tmp_path) if not each.startswith("PAG-001 ")] == []
    if shutil.which("qpdf"):
        assert wrongs_of_file(made.getvalue(), tmp_path) == ""


def test_the_leaf_on_the_method_is_as_sound_as_the_reports_beside_it(prints: Prints, tmp_path: Path) -> None:
    organisation = prints.organisation
    leaf = read_paper(organisation.store, Paper("method", "", EARLIEST, EARLIEST, organisation.language))
    sheet = draw_sheet(leaf, Desk(organisation.language, catalogue(organisation.language)))
    pdf = organisation.print_sheet(prints.printer, sheet)
    assert complaints(pdf, tmp_path) == []
    if shutil.which("qpdf"):
        assert wrongs_of_file(pdf, tmp_path) == ""


# --- the checkers can fail


def spoilt(pdf: bytes, part: str) -> bytes:
    """The PDF without one thing that those need who hear it."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        elements = [each for each in opened.objects if isinstance(each, pikepdf.Dictionary)]
        if part == "language":
            del opened.Root.Lang
        elif part == "title in the window":
            opened.Root.ViewerPreferences.DisplayDocTitle = False
        elif part == "words of a picture":
            del next(each for each in elements if each.get("/S") == "/Figure").Alt
        elif part == "scope":
            for each in elements:
                if each.get("/S") == "/TH":
                    del each.A["/Scope"]
                    del each["/ID"]
        elif part == "link":
            next(each for each in elements if each.get("/S") == "/Link").S = pikepdf.Name.Span
        elif part == "content":
            stream = opened.pages[0].Contents
            stream.write(stream.read_bytes() + b"\n0 0 10 10 re f")
        else:
            raise ValueError(part)
        saved = io.BytesIO()
        opened.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize(
    ("part", "rule"),
    [
        ("language", "DOC-013"),
        ("title in the window", "DOC-011"),
        ("words of a picture", "FIG-001"),
        ("scope", "TBL-002"),
        ("link", "LNK-001"),
        ("content", "TAG-001"),
    ],
)
def test_what_is_missing_would_be_complained_of(six: Prints, part: str, rule: str, tmp_path: Path) -> None:
    assert any(said.startswith(f"{rule} ") for said in complaints(spoilt(six.pdf("area"), part), tmp_path))


def test_most_rules_have_something_to_judge(six: Prints, tmp_path: Path) -> None:
    rules = judged(six.pdf("area"), tmp_path) | judged(six.pdf("programme"), tmp_path)
    assert rules >= set(EXCUSED)
    assert len(rules) >= 50


@pytest.fixture(scope="module")
def six(printer: Printer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prints]:
    with organisation(tmp_path_factory.mktemp("six"), "en", 6) as opened:
        yield Prints(opened, printer, 6)
