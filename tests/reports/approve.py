"""The approved pictures of the reference reports: prints the reports and keeps their pages as what they must look like.

    python -m tests.reports.approve            all of them
    python -m tests.reports.approve branch     only those named

Whoever approves has looked at every picture before, on its own and beside the one it replaces.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from audit.reports.pdf import Printer
from tests.reports.pictures import compare, kept, pages_of
from tests.reports.reference import organisation, stamped

APPROVED = Path(__file__).parent / "approved"
# The name of a reference, its language, and which report it is.
REFERENCES: Mapping[str, tuple[str, str]] = {
    "visit": ("en", "visit"),
    "branch": ("en", "branch"),
    "area": ("en", "area"),
    "programme": ("en", "programme"),
    "branch-in-arabic": ("ar", "branch"),
}


def print_reference(name: str, printer: Printer, folder: Path) -> bytes:
    """The PDF of a reference; `folder` is empty."""
    language, kind = REFERENCES[name]
    with organisation(folder, language) as opened:
        return opened.print_sheet(printer, stamped(opened.sheet(kind)))


def approved_pages(name: str) -> list[Image.Image]:
    """The approved pictures of a reference, its first page first."""
    pages = []
    while (file := _file(name, len(pages) + 1)).exists():
        with Image.open(file) as page:
            pages.append(page.convert("RGB"))
    return pages


def approve(name: str, printer: Printer, folder: Path) -> str:
    """Keep the pages as they are printed now; what was changed by that, in words."""
    before, pages = approved_pages(name), pages_of(print_reference(name, printer, folder), folder)
    for number, page in enumerate(pages, start=1):
        kept(page).save(_file(name, number), optimize=True)
    for number in range(len(pages) + 1, len(before) + 1):
        _file(name, number).unlink()
    if len(before) != len(pages):
        return f"{name}: {len(pages)} pages, before {len(before)}"
    changed = [str(n) for n, pair in enumerate(zip(before, pages, strict=True), 1) if compare(*pair).is_seen]
    return f"{name}: {'page ' + ', '.join(changed) + ' changed' if changed else 'no page changed'}"


def _file(name: str, number: int) -> Path:
    return APPROVED / f"{name}-{number}.png"


def main(names: list[str]) -> None:
    """Approve those named, or all."""
    unknown = set(names) - set(REFERENCES)
    if unknown:
        raise SystemExit(f"There is no reference {', '.join(sorted(unknown))}. There are {', '.join(REFERENCES)}.")
    APPROVED.mkdir(exist_ok=True)
    printer = Printer()
    try:
        for name in names or REFERENCES:
            with tempfile.TemporaryDirectory() as folder:
                print(approve(name, printer, Path(folder)))
    finally:
        printer.close()


if __name__ == "__main__":
    main(sys.argv[1:])
