"""Workbooks of our own making, good and hostile."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from openpyxl import Workbook


def workbook(*rows: tuple[Any, ...], formats: dict[str, str] | None = None, title: str = "Branches") -> Workbook:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for place, number_format in (formats or {}).items():
        sheet[place].number_format = number_format
    return book


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(raw: bytes, name: str, change: Any) -> bytes:
    """The same archive with one part changed by `change(bytes) -> bytes`."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            body = old.read(part)
            new.writestr(part, change(body) if part == name else body)
    return file.getvalue()
