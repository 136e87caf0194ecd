"""What a printed report says."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader


def words_of(pdf: bytes) -> str:
    """All words of a PDF in their order, with one blank between them."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
