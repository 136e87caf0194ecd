"""Excel workbooks (.xlsx): the first visible sheet that holds rows, each cell as its author sees it.

Refuses archives that unpack to far more than they are, and XML that defines entities.
"""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from itertools import chain, repeat
from operator import is_not
from typing import IO, Any
from xml.parsers import expat

from audit.domain.errors import InvalidTable
from audit.intake.tables import MAX_COLUMNS, MAX_ROWS, Note, Table, make_table, too_many_rows

MAX_UNPACKED_BYTES = 100 * 1024 * 1024
_MAX_PARTS = 2_000
# Every cell is two or three elements: enough for 50,000 rows of some thirty columns, beyond any list of branches.
_MAX_ELEMENTS = 5_000_000
# A table of texts or of formats counts as one row; the texts of 50,000 rows still fit.
_MAX_ELEMENTS_TOGETHER = 1_000_000
_ROWS, _VALUES = ("row", ":row"), ("v", "is")
# Rows and cells, empty ones too, for each row that is taken: 50,000 rows of all columns that we know. To count them
# takes a fraction of the time of reading them, for which whoever sent the wrong file would wait in vain.
_MAX_PLACES_A_ROW, _LEAST_PLACES = 16, 100_000
_MAX_SHEET_ROWS = 1_048_576

# A cell format that shows leading zeros, perhaps with fixed letters around: 0000, "AG"000, 00\-A.
_LETTERS = r'(?:"[^"]*"|\\.|[-/ ])*'
_ZEROS_FORMAT = re.compile(rf"(?:\[[^\]]*\])*({_LETTERS})(0+)({_LETTERS})")
# Control characters that XML cannot hold are written like this.
_ESCAPED_CONTROL = re.compile(r"_x00([01][0-9A-Fa-f])_")


def read_workbook(raw: bytes, most_rows: int = MAX_ROWS) -> Table:
    """The table of an .xlsx or .xlsm file: formulas by the values last computed, macros never looked at."""
    from openpyxl import load_workbook  # a large library that most starts of the program never need

    try:
        _check_archive(raw, most_rows)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validations that are not read anyway
            book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
            return _read_first_sheet(book, most_rows)
    except InvalidTable:
        raise
    except Exception as error:  # a broken workbook makes the library raise anything from KeyError to struct.error
        raise InvalidTable(
            "This Excel file is broken and cannot be read. Open it, save it again as .xlsx, and try once more."
        ) from error


def _check_archive(raw: bytes, most_rows: int) -> None:
    """Refuse what would unpack to too much, by the directory, which the reading is then held to; and every DTD."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        _check_kind(names)
        if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise InvalidTable(
                "This Excel file unpacks to more than {most} MB. Copy the rows into a new workbook and send that.",
                most=MAX_UNPACKED_BYTES // 1024 // 1024,
            )
        elements = _Elements(most_rows)
        for part in parts:
            # Pictures and the like are no XML: the parser gives up on them here, and would again.
            with archive.open(part) as file, suppress(expat.ExpatError):
                elements.check(file)


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.bin" in names:
        raise InvalidTable("This is a binary Excel workbook (.xlsb). Save it as .xlsx or CSV UTF-8.")
    if {"mimetype", "content.xml"} <= names:
        raise InvalidTable("This is an OpenDocument file. Save it as .xlsx or CSV UTF-8.")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise InvalidTable("This is an archive and not a spreadsheet. Send an Excel workbook (.xlsx) or CSV UTF-8.")


class _Elements:
    """Counts the elements of an archive's parts as they stream by, and refuses a part that defines entities.

    No spreadsheet program writes a DTD. The same parser reads the parts later, so that it cannot see another document
    than the one checked here; it keeps a whole row, and the whole of any part but a sheet, in memory at a time.
    """

    def __init__(self, most_rows: int) -> None:
        self.most_rows = most_rows
        self.total = 0
        self.since_row = 0
        self.places = 0
        self.rows = self.filled = 0
        self.row_is_filled = False

    def check(self, file: IO[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._count
        self.since_row = self.rows = self.filled = 0
        while chunk := file.read(65_536):
            parser.Parse(chunk, False)

    def _count(self, name: str, _attributes: object) -> None:
        is_row = name.endswith(_ROWS)
        self.since_row = 0 if is_row else self.since_row + 1
        self.total += 1
        if is_row or name == "c" or name.endswith(":c"):
            self._count_place(is_row)
        elif name in _VALUES and not self.row_is_filled:
            self.filled += 1
            self.row_is_filled = True
        if self.since_row > _MAX_ELEMENTS_TOGETHER or self.total > _MAX_ELEMENTS:
            self._refuse()

    def _count_place(self, is_row: bool) -> None:
        self.places += 1
        if is_row:
            self.rows += 1
            self.row_is_filled = False
        if self.places > max(_LEAST_PLACES, self.most_rows * _MAX_PLACES_A_ROW):
            raise self._too_much()

    def _too_much(self) -> InvalidTable:
        if self.filled > self.most_rows:
            return too_many_rows(self.rows, self.most_rows)
        return _far_more(f"row {self.rows}")

    def _refuse(self, *_: object) -> None:
        raise _far_more()


def _far_more(place: str = "") -> InvalidTable:
    return InvalidTable(
        "This Excel file holds far more than a list of branches. Copy the rows into a new workbook and send that.",
        place=place,
    )


def _read_first_sheet(book: Any, most_rows: int) -> Table:
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    found: Table | None = None
    for sheet in sheets:
        table = _read_sheet(sheet, [other.title for other in sheets if other is not sheet], most_rows)
        if table is not None and table.rows:
            return table
        found = found or table
    if found is None:
        raise InvalidTable("There is no visible sheet with rows in this workbook. Show the sheet, and save it.")
    return found


def _read_sheet(sheet: Any, others: list[str], most_rows: int) -> Table | None:
    """None for an empty sheet."""
    errors: list[Note] = []
    rows = _rows(sheet, errors)
    first = next(rows, None)
    if first is None:
        return None
    read_as = Note("Excel workbook, sheet “{sheet}”", {"sheet": sheet.title})
    table = make_table(chain([first], rows), read_as, most_rows=most_rows)
    only = Note(
        "Only the sheet “{sheet}” was read, not: {others}.", {"sheet": sheet.title, "others": ", ".join(others)}
    )
    return replace(table, notes=(*([only] if others else ()), *errors, *table.notes))


def _rows(sheet: Any, errors: list[Note]) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something. Bounded by us, since the size and the row numbers that a sheet claims may lie."""
    from openpyxl.cell.read_only import EMPTY_CELL

    sheet.reset_dimensions()
    gap = None  # missing rows are one and the same tuple, and there may be a million
    for number, cells in enumerate(sheet.iter_rows(max_row=_MAX_SHEET_ROWS, max_col=MAX_COLUMNS + 1), start=1):
        if cells is gap:
            continue
        if not any(map(is_not, cells, repeat(EMPTY_CELL))):
            gap = cells
            continue
        end = len(cells)
        while end and cells[end - 1].value is None:
            end -= 1
        if not end:
            continue
        errors += [
            Note(
                "Row {row}: {value} in column {column} was read as empty.",
                {"row": number, "value": cell.value, "column": cell.column_letter},
            )
            for cell in cells[:end]
            if cell.data_type == "e" and cell.value is not None
        ]
        yield number, [_show(cell) for cell in cells[:end]]


def _show(cell: Any) -> str:
    """The value of a cell as its author sees it, dates and times in ISO form."""
    value = cell.value
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _show_number(value, cell.number_format or "")
    if isinstance(value, datetime.datetime):
        value = (value + datetime.timedelta(milliseconds=500)).replace(microsecond=0)
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
    return _ESCAPED_CONTROL.sub(lambda found: chr(int(found[1], 16)), str(value))


def _show_number(value: float, number_format: str) -> str:
    # Excel itself keeps fifteen digits; the rest is noise of the binary form.
    number = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    digits = f"{number.normalize():f}"
    shape = _ZEROS_FORMAT.fullmatch(number_format.split(";", 1)[0])
    if shape is None or number < 0 or number != number.to_integral_value():
        return digits
    before, zeros, after = shape.groups()
    if len(zeros) == 1 and not before and not after:
        return digits
    return _letters(before) + digits.zfill(len(zeros)) + _letters(after)


def _letters(literal: str) -> str:
    return re.sub(r'"([^"]*)"|\\(.)', lambda found: found[1] if found[1] is not None else found[2], literal)
