"""What a drawing is made of."""

from __future__ import annotations

from xml.etree import ElementTree


def parts(drawing: str) -> list[ElementTree.Element]:
    """The elements of an SVG, those inside others left out."""
    return list(ElementTree.fromstring(drawing))
