"""Spreadsheets of any kind become one kind of table. Refuses, with the mend, what is none; judges no rows."""

from __future__ import annotations

import json
import re

from audit.domain.errors import InvalidTable
from audit.intake.delimited import read_delimited
from audit.intake.encodings import decode_text
from audit.intake.tables import MAX_ROWS, Row, Table
from audit.intake.workbooks import read_workbook

__all__ = ["MAX_BYTES", "Row", "Table", "read_table"]

MAX_BYTES = 10 * 1024 * 1024
_MEND = "Save it as an Excel workbook (.xlsx) or as CSV UTF-8."

_MARKUP = re.compile(r"\s*<[a-zA-Z!?]")
_OTHER_FILES: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "This is an old Excel file (.xls), or a workbook behind a password. "),
    (b"%PDF", "This is a PDF document. "),
    (b"\x89PNG", "This is a picture. "),
    (b"\xff\xd8\xff", "This is a picture. "),
    (b"GIF8", "This is a picture. "),
    (b"{\\rtf", "This is a text document. "),
    (b"\x1f\x8b", "This is a packed file. Unpack it first. "),
    (b"SQLite format", "This is a database. "),
)


def read_table(raw: bytes, name: str = "", most_rows: int = MAX_ROWS, most_bytes: int = MAX_BYTES) -> Table:
    """The table in a CSV, TSV or Excel file, told by its content; `name` only makes refusals plainer. The limits are
    those of a list of branches, 50,000 rows and 10 MB, unless the caller expects more.

    Cells are NFC text, trimmed. Raises InvalidTable and nothing else; its place is a row or a line where there is one.
    """
    if len(raw) > most_bytes:
        raise InvalidTable(
            "This file has more than {most} MB. Leave only the rows and columns that are needed.",
            most=most_bytes // (1024 * 1024),
        )
    if raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return read_workbook(raw, most_rows)
    for sign, kind in _OTHER_FILES:
        if raw.startswith(sign):
            raise InvalidTable(kind + _MEND)
    if name.lower().endswith((".xlsx", ".xlsm", ".xls", ".ods")) and b"\x00" in raw[:4096]:
        raise InvalidTable("This file is called a spreadsheet but cannot be read as one. " + _MEND)
    text, encoding = decode_text(raw)
    _refuse_markup(text)
    return read_delimited(text, encoding, most_rows)


def _refuse_markup(text: str) -> None:
    """A web page that calls itself .xls, or JSON, would otherwise be read as a table with one strange column."""
    if _MARKUP.match(text):
        raise InvalidTable("This is a web page or an XML file, whatever it is called. Open it in Excel. " + _MEND)
    if text.lstrip()[:1] in {"[", "{"}:
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return
        raise InvalidTable("This is a JSON file. Open it in Excel (Data, From JSON). " + _MEND)
