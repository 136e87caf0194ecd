"""Tables for a spreadsheet program, as CSV and as an Excel workbook, row after row, however many there are.

Words stay words: refuses to let anything that somebody typed become a formula, a number or an error.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import chain, count
from typing import IO, Any

Cell = str | int | Fraction | float | Decimal | date | bool | None
"""A number stays exact until it is written, as the nearest floating-point number; True and False are 1 and 0."""

AT_ONCE = 200  # rows in one piece of a CSV file
MOST_LETTERS = 31  # in the name of a sheet
MOST_ROWS = 1_048_576  # in one sheet of a workbook, with its headings; what is more goes on in another sheet
MOST_SIGNS = 32_767  # in one cell of a workbook; spreadsheet programs take no more
_SIGNS = "[=+\\-@\uff1d\uff0b\uff0d\uff20]"
FORMULA = re.compile(f"\\s*{_SIGNS}|[\t\r\n]")
"""How a text begins that a spreadsheet program may run (OWASP, "CSV Injection"), the wide signs of East Asia too."""
# Where the semicolon or the tab is the sign between cells, what comes after one would begin a cell of its own.
# A quotation mark there only tells where it ends. Each run is read once, however long.
_INSIDE = re.compile(f'([;\t\r\n][\\s";]*)({_SIGNS}?)')

# What XML 1.0 cannot hold, in case a name came in with it: controls, lone surrogates, non-characters.
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A workbook reads _x000D_ as the character of that number; this is how it is told that five signs are meant.
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Column:
    """The heading of a column, and how wide it is, in signs."""

    title: str
    width: int = 12


@dataclass(frozen=True)
class Table:
    """Columns and rows, each row as long as the columns. `title` names the sheet; rows may be made while they are read,
    and are read once."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    right_to_left: bool = False


def csv_lines(table: Table) -> Iterator[str]:
    """The table as CSV (RFC 4180), in pieces: commas, CRLF, a mark of UTF-8 first so that Excel reads every script."""
    lines = _Lines()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow([safe_text(column.title) for column in table.columns])
    lines.written.insert(0, "\ufeff")
    for number, row in enumerate(table.rows, start=1):
        writer.writerow([_plain(cell) for cell in row])
        if number % AT_ONCE == 0:
            yield lines.take()
    yield lines.take()


def safe_text(text: str) -> str:
    """The text for a cell of CSV: an apostrophe before whatever might be taken for a formula, without what nothing can
    print, and no longer than a cell may be: the rest would begin a row of its own, and perhaps a formula."""
    printable = _INSIDE.sub(lambda run: f"{run[1]}'{run[2]}" if run[2] else run[1], _UNPRINTABLE.sub("", text))
    return _cut(f"'{printable}" if FORMULA.match(printable) else printable)


def write_workbook(tables: Sequence[Table], target: IO[bytes]) -> None:
    """The tables as a workbook, one a sheet: headings frozen, columns as wide as they say, texts as texts."""
    from openpyxl import Workbook  # a large library that most starts of the program never need

    book = Workbook(write_only=True)
    book.properties.creator = "Candour"
    for table in tables:
        _write_sheets(book, table)
    book.save(target)


def _write_sheets(book: Any, table: Table) -> None:
    """A sheet with all rows, or as many as they take: no spreadsheet program reads more than MOST_ROWS in one."""
    sheet, room = _begin_sheet(book, table), MOST_ROWS - 1
    for row in table.rows:
        if not room:
            sheet, room = _begin_sheet(book, table), MOST_ROWS - 1
        sheet.append([_for_workbook(sheet, cell) for cell in row])
        room -= 1


def _begin_sheet(book: Any, table: Table) -> Any:
    sheet: Any = book.create_sheet(_free_name(_sheet_name(table.title), book.sheetnames))
    sheet.sheet_view.rightToLeft = table.right_to_left
    sheet.freeze_panes = "A2"
    for number, column in enumerate(table.columns, start=1):
        sheet.column_dimensions[_letters(number)].width = column.width
    sheet.append([_heading(sheet, column.title) for column in table.columns])
    return sheet


class _Lines:
    """Where the writer of CSV leaves its lines until they are taken."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, line: str) -> None:
        self.written.append(line)

    def take(self) -> str:
        """All lines since the last time."""
        taken, self.written = "".join(self.written), []
        return taken


def _plain(cell: Cell) -> str:
    if isinstance(cell, str):
        return safe_text(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    number = _number(cell)
    return "" if number is None else repr(number)


def _number(cell: Fraction | Decimal | float | bool | None) -> int | float | None:
    """The nearest number that a spreadsheet program knows; whole ones without a point."""
    if cell is None or (isinstance(cell, int) and not isinstance(cell, bool)):
        return cell
    near = float(cell)
    return int(near) if near.is_integer() else near


def _for_workbook(sheet: Any, cell: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(cell, str):
        return _text(sheet, cell) if cell else None
    if isinstance(cell, date):
        dated: Any = WriteOnlyCell(sheet)
        dated.value = cell
        dated.number_format = "yyyy-mm-dd"
        return dated
    return _number(cell)


def _heading(sheet: Any, title: str) -> Any:
    from openpyxl.styles import Alignment, Font

    heading = _text(sheet, title)
    heading.font = Font(bold=True)
    heading.alignment = Alignment(vertical="top", wrap_text=True)
    return heading


def _text(sheet: Any, text: str) -> Any:
    """A cell that holds these signs and nothing else, even after somebody has edited it."""
    from openpyxl.cell import WriteOnlyCell

    printable = _LOOKS_ESCAPED.sub("_x005F_", _cut(_UNPRINTABLE.sub("", text)))
    cell = WriteOnlyCell(sheet, printable)
    cell.data_type = "s"  # else a text that begins with = is taken for a formula
    cell.quotePrefix = bool(FORMULA.match(printable))
    return cell


def _cut(text: str) -> str:
    """As much of it as a cell holds: spreadsheet programs count as UTF-16 does, where many a sign is two."""
    if 2 * len(text) <= MOST_SIGNS:
        return text
    return text.encode("utf-16-le")[: 2 * MOST_SIGNS].decode("utf-16-le", errors="ignore")


def _sheet_name(title: str) -> str:
    """A title without the signs that the name of a sheet may not have, and short enough."""
    return re.sub(r"[\[\]:*?/\\']+", " ", _UNPRINTABLE.sub("", title)).strip()[:MOST_LETTERS].strip() or "1"


def _free_name(name: str, taken: Iterable[str]) -> str:
    """The name, with a number where another sheet has it already, however its letters are written."""
    names = {other.casefold() for other in taken}
    numbered = (f"{name[: MOST_LETTERS - len(str(number)) - 1]} {number}" for number in count(2))
    return next(one for one in chain([name], numbered) if one.casefold() not in names)


def _letters(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(number)
