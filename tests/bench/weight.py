"""What a report weighs beside its photos. Those of the demo are drawn and weigh next to nothing, so that here photos as
heavy as a phone's stand in their places, made small for paper as any photo is."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from audit.intake.photos import clean_photo
from audit.reports.paper import Sheet
from audit.reports.pdf import Printer
from tests.bench.camera import PLAIN, a_photo
from tests.bench.table import Row, print_table

MOST, PHOTOS = 1.20, 8


def weigh(sheets: Sequence[Sheet], printer: Printer) -> None:
    """Print how many bytes each report has for each byte of its photos; reports without a photo are left out."""
    weighed = [_weigh(sheet, printer) for sheet in sheets if sheet.photos]
    if not weighed:
        return
    middle = [statistics.median(each) for each in zip(*weighed, strict=True)]
    row = Row(
        "branch reports",
        *(f"{middle[2]:.0f}", f"{middle[1] / 1024:.0f}", f"{middle[0] / 1024:.0f}"),
        f"{statistics.median(pdf / photos for pdf, photos, _ in weighed):.2f}",
        f"{statistics.median(1 + (pdf - photos) / (photos / n * PHOTOS) for pdf, photos, n in weighed):.2f}",
    )
    print_table(
        f"What reports weigh beside their photos: {len(weighed)}, medians, with photos of the usual weight in them",
        ("", "photos", "their KiB", "PDF KiB", "PDF / photos", f"with {PHOTOS}"),
        [row],
        "bin/bench paper",
        f"Target: {MOST:.2f} of its JPEGs for a report with {PHOTOS} photos. With fewer, the words weigh more.",
    )


def _weigh(sheet: Sheet, printer: Printer) -> tuple[int, int, int]:
    """Bytes of the PDF, bytes of its photos, number of photos."""
    pictures = {sha256: clean_photo(a_photo(PLAIN)).paper_jpeg for sha256 in sheet.photos}
    pdf = printer.print_sheet(sheet, pictures.__getitem__)
    return len(pdf), sum(map(len, pictures.values())), len(pictures)
