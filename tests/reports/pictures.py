"""Pages of a PDF as small pictures, and what differs between two of them as an eye would see it.

The tolerance is for another poppler or another Pango: letters a part of a dot elsewhere, edges softened otherwise. Both
pages are blurred over not quite two millimetres, and a spot counts as changed only if no spot of the other page within
a quarter of a millimetre is nearly of its colour. Measured on the report of a branch: pdftocairo, which draws by other
means than pdftoppm, changes at most 2 spots of a page, half a dot of shift in both directions 1; a page with one mark
of a strip less 90, with another colour of charts 1,500, with a line moved by a millimetre 11,000.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

DOTS_PER_INCH = 100
COLOURS = 128  # as many as an approved picture keeps: a quarter of the size, and nobody sees it
BLUR = 3  # dots to each side
SHIFTS = tuple((across, down) for across in (-1, 0, 1) for down in (-1, 0, 1))
MOST_DIFFERENCE = 38  # of 255
MOST_SPOTS = 16  # of the 970,000 dots of a page


@dataclass(frozen=True)
class Difference:
    """Between two pages: how many spots changed, and where, as a picture in which they are black."""

    spots: int
    where: Image.Image

    @property
    def is_seen(self) -> bool:
        return self.spots > MOST_SPOTS


def pages_of(pdf: bytes, folder: Path, program: str = "pdftoppm") -> list[Image.Image]:
    """The pages at DOTS_PER_INCH. `program` may be pdftocairo, which draws by other means."""
    file = folder / "pages.pdf"
    file.write_bytes(pdf)
    command = [program, "-r", str(DOTS_PER_INCH), *(["-png"] if program == "pdftocairo" else [])]
    subprocess.run([*command, str(file), str(folder / "page")], check=True)
    pages = []
    for path in sorted(folder.glob("page-*.*")):
        with Image.open(path) as page:
            pages.append(page.convert("RGB"))
        path.unlink()
    return pages


def compare(approved: Image.Image, page: Image.Image) -> Difference:
    """What an eye would see changed. Pages of two sizes differ everywhere."""
    if approved.size != page.size:
        return Difference(page.width * page.height, Image.new("L", page.size))
    was, now = (each.filter(ImageFilter.BoxBlur(BLUR)) for each in (approved, page))
    differences = (_difference(was, _shifted(now, *shift)) for shift in SHIFTS)
    changed = reduce(ImageChops.darker, differences).point(lambda level: 0 if level > MOST_DIFFERENCE else 255)
    return Difference(changed.histogram()[0], changed)


def _difference(one: Image.Image, other: Image.Image) -> Image.Image:
    """In each dot the difference of the colour that differs most."""
    return reduce(ImageChops.lighter, ImageChops.difference(one, other).split())


def kept(page: Image.Image) -> Image.Image:
    """As an approved picture is kept: in so few colours that it is small."""
    return page.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def _shifted(page: Image.Image, across: int, down: int) -> Image.Image:
    """The page moved by so many dots; what comes in at an edge is as white as its margin."""
    moved = Image.new("RGB", page.size, (255, 255, 255))
    moved.paste(page, (across, down))
    return moved
