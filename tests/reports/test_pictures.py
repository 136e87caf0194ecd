"""The reference reports beside approved pictures of their pages; and that the comparison sees what an eye would see."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import weasyprint
from PIL import Image

from audit.reports import press
from audit.reports.job import Job
from audit.reports.paper import Sheet, photo_name
from audit.reports.pdf import Printer
from tests.reports.approve import APPROVED, REFERENCES, approved_pages, print_reference
from tests.reports.pictures import DOTS_PER_INCH, compare, kept, pages_of
from tests.reports.reference import organisation, stamped

pytestmark = pytest.mark.skipif(
    shutil.which("pdftoppm") is None, reason="needs pdftoppm (apt-get install poppler-utils)"
)
MOST_BYTES = 1 << 20


@pytest.mark.parametrize("name", REFERENCES)
def test_a_reference_report_looks_as_it_was_approved(name: str, printer: Printer, tmp_path: Path) -> None:
    approved = approved_pages(name)
    pages = pages_of(print_reference(name, printer, tmp_path), tmp_path)
    wrong = []
    for number, (before, page) in enumerate(zip(approved, pages, strict=False), start=1):
        found = compare(before, page)
        if found.is_seen:
            page.save(tmp_path / f"{name}-{number}.png")
            found.where.save(tmp_path / f"{name}-{number}-changed.png")
            wrong.append(f"page {number}: {found.spots} spots")
    if len(pages) != len(approved):
        wrong.append(f"{len(pages)} pages instead of {len(approved)}")
    assert not wrong, (
        f"{name} looks otherwise ({'; '.join(wrong)}). Look at {tmp_path}: the pages as they are now, and what changed "
        f"in black. If all of it is meant: python -m tests.reports.approve {name}"
    )


def test_the_approved_pictures_are_small_and_each_belongs_to_a_reference() -> None:
    files = list(APPROVED.iterdir())
    assert sum(file.stat().st_size for file in files) < MOST_BYTES
    assert {re.sub(r"-\d+\.png$", "", file.name) for file in files} == set(REFERENCES)
    assert len(files) == sum(len(approved_pages(name)) for name in REFERENCES)


# --- what the comparison sees


@dataclass(frozen=True)
class Proof:
    """The report of a branch as it should be, with what it takes to print it otherwise."""

    sheet: Sheet
    photos: dict[str, bytes]
    folder: Path
    type: press.Type
    approved: tuple[Image.Image, ...]

    def pdf(self, sheet: Sheet, style: str = "") -> bytes:
        styles = [*self.type.styles, weasyprint.CSS(string=style, font_config=self.type.fonts)]
        return press._write(Job(sheet.xhtml, {**sheet.drawings, **self.photos}), self.type, styles)

    def is_seen(self, pages: list[Image.Image]) -> bool:
        assert len(pages) == len(self.approved)
        return any(compare(*pair).is_seen for pair in zip(self.approved, pages, strict=True))


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> Proof:
    folder = tmp_path_factory.mktemp("proof")
    with organisation(folder) as opened:
        sheet = stamped(opened.sheet("branch"))
        photos = {photo_name(each): opened.store.photos.read(each, "paper") for each in sheet.photos}
    made = Proof(sheet, photos, folder, press.Type(), ())
    pages = pages_of(made.pdf(sheet), folder)
    return replace(made, approved=tuple(kept(page).convert("RGB") for page in pages))


def redrawn(draw: Callable[[bytes], bytes]) -> Callable[[Sheet], Sheet]:
    """Every drawing put through `draw`."""
    return lambda sheet: replace(sheet, drawings={name: draw(body) for name, body in sheet.drawings.items()})


def first_without_ink(kind: str) -> Callable[[Sheet], Sheet]:
    """The first drawing of a kind as an empty sheet of its size."""

    def erase(sheet: Sheet) -> Sheet:
        name = next(name for name in sheet.drawings if f'class="{kind}" src="{name}"' in sheet.xhtml)
        empty = re.sub(rb"<(path|rect|circle|line|use)[^>]*/>", b"", sheet.drawings[name])
        assert empty != sheet.drawings[name]
        return replace(sheet, drawings={**sheet.drawings, name: empty})

    return erase


def reworded(was: str, now: str) -> Callable[[Sheet], Sheet]:
    def say(sheet: Sheet) -> Sheet:
        assert was in sheet.xhtml
        return replace(sheet, xhtml=sheet.xhtml.replace(was, now))

    return say


SPOILS: dict[str, Callable[[Sheet], Sheet]] = {
    "a bar is gone": first_without_ink("bar"),
    "a range is gone": first_without_ink("reach"),
    "one mark of a strip is gone": first_without_ink("strip"),
    "half discs are empty": redrawn(lambda body: body.replace(b"c-4.27 0-4.27 6.4 0 6.4", b"h0")),
    "charts are black": redrawn(lambda body: body.replace(b"#0d5a4f", b"#1c2422")),
    "another figure": reworded("<b>72 %", "<b>73 %"),
    "a longer word": reworded("Nobody looked up", "Everybody looked up"),
}
STYLES = {
    "another typeface": "html { font-family: serif }",
    "another sans": "html { font-family: sans-serif }",
    "no bold": "h1, h2, h3, b { font-weight: 400 !important }",
    "no italics": "blockquote { font-style: normal }",
    "a block a millimetre lower": ".states { margin-top: 4mm }",
    "no rule below the title": ".title { border-color: white }",
    "red marks are black": ".seen { border-inline-start-color: #1c2422 }",
    "no photos": ".plates img { visibility: hidden }",
}


@pytest.mark.parametrize("spoil", SPOILS.values(), ids=SPOILS)
@pytest.mark.soak
def test_what_changed_is_seen(proof: Proof, spoil: Callable[[Sheet], Sheet]) -> None:
    changed = spoil(proof.sheet)
    assert changed != proof.sheet
    assert proof.is_seen(pages_of(proof.pdf(changed), proof.folder))


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.soak
def test_another_look_is_seen(proof: Proof, style: str) -> None:
    assert proof.is_seen(pages_of(proof.pdf(proof.sheet, style), proof.folder))


def test_a_fifth_of_a_millimetre_is_not_seen(proof: Proof) -> None:
    assert not proof.is_seen(pages_of(proof.pdf(proof.sheet, ".states { margin-top: 3.2mm }"), proof.folder))


@pytest.mark.soak
def test_another_program_that_draws_is_not_seen(proof: Proof) -> None:
    assert not proof.is_seen(pages_of(proof.pdf(proof.sheet), proof.folder, "pdftocairo"))


def test_half_a_dot_is_not_seen(proof: Proof) -> None:
    file = proof.folder / "twice.pdf"
    file.write_bytes(proof.pdf(proof.sheet))
    subprocess.run(["pdftoppm", "-r", str(2 * DOTS_PER_INCH), str(file), str(proof.folder / "twice")], check=True)
    pages = []
    for path, approved in zip(sorted(proof.folder.glob("twice-*.ppm")), proof.approved, strict=True):
        moved = Image.new("RGB", (2 * approved.width, 2 * approved.height), (255, 255, 255))
        with Image.open(path) as page:
            moved.paste(page, (1, 1))
        pages.append(moved.reduce(2))
    assert not proof.is_seen(pages)


def test_pages_of_two_sizes_are_never_alike() -> None:
    assert compare(Image.new("RGB", (100, 100)), Image.new("RGB", (100, 101))).is_seen
