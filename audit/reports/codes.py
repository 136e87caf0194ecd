"""An address as a QR code for paper: one drawing, black on white, to be read from a print of a print."""

from __future__ import annotations

from functools import lru_cache

import segno

QUIET = 2  # modules of white around it; the paper adds its own


@lru_cache(1024)  # a report that says the same has the same address
def code_of(address: str) -> bytes:
    """The SVG of a QR code; a quarter of it may be lost."""
    code = segno.make(address, error="q", micro=False)
    drawing = code.svg_inline(border=QUIET, svgclass=None, lineclass=None, light="#fff", omitsize=True)
    return str(drawing).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode()
