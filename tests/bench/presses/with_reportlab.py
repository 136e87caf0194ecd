"""Prints blocks with ReportLab, in a process of its own: the folder of the jobs is the argument. See `rivals`.

Drawings are drawn from their rectangles and the corners of their paths; curves become straight."""

from __future__ import annotations

import json
import re
import sys
import time
from html import escape
from pathlib import Path
from xml.etree import ElementTree

from reportlab.graphics.shapes import Drawing, PolyLine, Rect  # type: ignore[import-not-found]
from reportlab.lib.pagesizes import A4  # type: ignore[import-not-found]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-not-found]
from reportlab.lib.units import mm  # type: ignore[import-not-found]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-not-found]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-not-found]
from reportlab.platypus import Image, Paragraph, SimpleDocTemplate, Table  # type: ignore[import-not-found]

FONTS = Path(__file__).resolve().parents[3] / "static" / "fonts"
SIZES = {1: 21, 2: 14, 3: 11, 4: 9.5}
WIDE = 170 * mm
NUMBER = re.compile(r"-?[\d.]+")
TEXT = ParagraphStyle("text", fontName="Plex", fontSize=9.5, leading=13.8, spaceBefore=3)
HEADS = {
    level: ParagraphStyle(f"h{level}", fontName="PlexBold", fontSize=size, leading=size * 1.25, spaceBefore=size)
    for level, size in SIZES.items()
}


def flowables(blocks: list[dict], folder: Path) -> list[object]:  # type: ignore[type-arg]
    """The blocks as ReportLab sets them."""
    made: list[object] = []
    for block in blocks:
        if block["kind"] == "heading":
            made.append(Paragraph(escape(block["text"]), HEADS[block["level"]]))
        elif block["kind"] == "point":
            made.append(Paragraph(escape(block["text"]), TEXT, bulletText="•"))
        elif block["kind"] == "table":
            rows = block["rows"]
            wide = max(map(len, rows))
            cells = [[_cell(cell, folder) for cell in row] + [""] * (wide - len(row)) for row in rows]
            lines = [("LINEBELOW", (0, 0), (-1, -1), 0.4, "#b9b5a6"), ("VALIGN", (0, 0), (-1, -1), "TOP")]
            made.append(Table(cells, colWidths=[WIDE / wide] * wide, style=lines, repeatRows=1))
        else:
            made.append(_cell(block, folder))
    return made


def _cell(block: dict, folder: Path) -> object:  # type: ignore[type-arg]
    if block["kind"] == "text":
        return Paragraph(escape(block["text"]), TEXT)
    file = folder / block["file"]
    if file.suffix == ".jpg":
        return Image(str(file), width=52 * mm, height=39 * mm, kind="proportional")
    return _drawing(file)


def _drawing(file: Path) -> Drawing:
    root = ElementTree.parse(file).getroot()
    _, _, width, height = (float(number) for number in root.get("viewBox", "0 0 100 10").split())
    made = Drawing(100, 100 * height / width)
    made.scale(100 / width, 100 / width)
    for shape in root.iter():
        tag = shape.tag.rpartition("}")[2]
        if tag == "rect":
            x, y, wide, high = (float(shape.get(name, "0").rstrip("%")) for name in ("x", "y", "width", "height"))
            made.add(Rect(x, height - y - high, wide, high, strokeWidth=0))
        elif tag == "path":
            numbers = [float(number) for number in NUMBER.findall(shape.get("d", ""))]
            if len(numbers) >= 4:
                made.add(PolyLine(numbers[: len(numbers) // 2 * 2], strokeWidth=0.5))
    return made


def main(folder: Path) -> None:
    """Print every job, and say of each in a line how long it took."""
    for name, file in (("Plex", "IBMPlexSans-Regular.ttf"), ("PlexBold", "IBMPlexSans-SemiBold.ttf")):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / file)))
    for job in sorted(folder.glob("*.json")):
        begun, cpu = time.perf_counter(), time.process_time()
        made = flowables(json.loads(job.read_text("utf-8")), folder)
        pdf = job.with_suffix(".reportlab.pdf")
        margins = {"leftMargin": 20 * mm, "rightMargin": 20 * mm, "topMargin": 18 * mm, "bottomMargin": 20 * mm}
        SimpleDocTemplate(str(pdf), pagesize=A4, invariant=1, **margins).build(made)
        print(json.dumps({"seconds": time.perf_counter() - begun, "cpu": time.process_time() - cpu}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
