"""A sheet as plain blocks for other presses: headings, texts, points, tables and pictures, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

Block = dict[str, object]
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4}


def blocks_of(xhtml: str) -> list[Block]:
    """What a sheet says, in blocks that JSON can hold; pictures stand by their names."""
    root = ElementTree.fromstring(xhtml)
    body = root.find("body")
    assert body is not None
    return list(_blocks(body))


def file_of(name: str) -> str:
    """The name of a picture as that of a file: `drawn:x.svg` becomes `drawn-x.svg`."""
    return name.replace(":", "-")


def _blocks(element: ElementTree.Element) -> Iterator[Block]:
    for child in element:
        if child.get("class") == "no-font":
            continue
        if child.tag in HEADINGS:
            yield {"kind": "heading", "level": HEADINGS[child.tag], "text": _text(child)}
        elif child.tag == "table":
            yield {"kind": "table", "rows": [list(_cells(row)) for row in child.iter("tr")]}
        elif child.tag == "img":
            yield _picture(child)
        elif child.tag in ("p", "li", "figcaption"):
            if text := _text(child):
                yield {"kind": "point" if child.tag == "li" else "text", "text": text}
            yield from (_picture(picture) for picture in child.iter("img"))
        else:
            yield from _blocks(child)


def _cells(row: ElementTree.Element) -> Iterator[Block]:
    for cell in row:
        pictures = [_picture(picture) for picture in cell.iter("img")]
        for _ in range(int(cell.get("colspan", "1")) - 1):
            yield {"kind": "text", "text": ""}
        yield pictures[0] if pictures else {"kind": "text", "text": _text(cell)}


def _picture(picture: ElementTree.Element) -> Block:
    return {"kind": "picture", "file": file_of(picture.get("src", "")), "alt": picture.get("alt", "")}


def _text(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())
