"""Prints blocks with Typst, in a process of its own: the folder of the jobs is the argument. See `rivals`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import typst  # type: ignore[import-not-found]

FONTS = Path(__file__).resolve().parents[3] / "static" / "fonts"
HEAD = """#set document(title: {title})
#set page(paper: "a4", margin: (x: 20mm, top: 18mm, bottom: 20mm), numbering: "1 / 1")
#set text(font: ("IBM Plex Sans", "IBM Plex Sans Arabic"), size: 9.5pt, lang: "en")
#set table(stroke: (bottom: 0.4pt))
"""


def source_of(blocks: list[dict[str, object]]) -> str:
    """The document in Typst's own language; every text is a string, so that nothing in it is mark-up."""
    title = next(block["text"] for block in blocks if block["kind"] == "heading")
    return HEAD.format(title=_string(title)) + "\n".join(_block(block) for block in blocks)


def _block(block: dict) -> str:  # type: ignore[type-arg]
    if block["kind"] == "heading":
        return f"#heading(level: {block['level']}, {_string(block['text'])})"
    if block["kind"] == "point":
        return f"#list(text({_string(block['text'])}))"
    if block["kind"] == "table":
        rows = block["rows"]
        wide = max(map(len, rows))
        cells = [_cell(cell) for row in rows for cell in (row + [{"kind": "text", "text": ""}] * wide)[:wide]]
        return f"#table(columns: {wide}, table.header({', '.join(cells[:wide])}), {', '.join(cells[wide:])})"
    return f"#par({_cell(block)})" if block["kind"] == "text" else f"#{_cell(block)}"


def _cell(block: dict) -> str:  # type: ignore[type-arg]
    if block["kind"] == "text":
        return f"text({_string(block['text'])})"
    wide = "52mm" if block["file"].endswith(".jpg") else "110pt"
    return f"image({_string(block['file'])}, alt: {_string(block['alt'])}, width: {wide})"


def _string(text: object) -> str:
    return json.dumps(str(text), ensure_ascii=False)


def main(folder: Path) -> None:
    """Print every job, and say of each in a line how long it took."""
    compiler = None
    for job in sorted(folder.glob("*.json")):
        begun, cpu = time.perf_counter(), time.process_time()
        source = folder / f"{job.stem}.typ"
        source.write_text(source_of(json.loads(job.read_text("utf-8"))), "utf-8")
        compiler = compiler or typst.Compiler(root=str(folder), font_paths=[str(FONTS)])
        pdf = compiler.compile(input=str(source), format="pdf", pdf_standards=["ua-1"])
        job.with_suffix(".typst.pdf").write_bytes(pdf)
        print(json.dumps({"seconds": time.perf_counter() - begun, "cpu": time.process_time() - cpu}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
