"""CSV and its kin: any delimiter, a `sep=` line, quoted breaks of line. Refuses quotation marks that never close."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from audit.domain.errors import InvalidTable
from audit.intake.tables import MAX_ROWS, Note, Table, make_table

_DELIMITERS = {
    ",": Note("text in {encoding}, columns separated by commas"),
    ";": Note("text in {encoding}, columns separated by semicolons"),
    "\t": Note("text in {encoding}, columns separated by tabs"),
    "|": Note("text in {encoding}, columns separated by vertical bars"),
}
_OTHERWISE = Note("text in {encoding}, columns separated by “{sign}”")
# Excel's own line; saved again by a program that does not know it, it drags empty cells behind.
_SEPARATOR_LINE = re.compile(r'\s*"?sep=([^"\r\n])"?[,;\t|]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
# Two ways in which people keep a spreadsheet from eating zeros: ="007" and '007. A name like 's-Gravenhage stays.
_KEPT_AS_TEXT = re.compile(r"""="([^"]*)"|'(?=[0-9=+\-@])(.*)""", re.DOTALL)
_SAMPLE_LETTERS, _SAMPLE_RECORDS = 100_000, 100


def read_delimited(text: str, encoding: str, most_rows: int = MAX_ROWS) -> Table:
    """The table of a delimited text; `encoding` is what it was read by. Rows are numbered by the line they begin on."""
    separator_line = _SEPARATOR_LINE.match(text)
    if separator_line:
        text, delimiter = text[separator_line.end() :], separator_line[1]
    else:
        delimiter = _find_delimiter(text)
    read_as = _DELIMITERS.get(delimiter, _OTHERWISE)
    return make_table(
        _records(text, delimiter, lines_before=1 if separator_line else 0),
        read_as=replace(read_as, values={"encoding": encoding.upper(), "sign": delimiter}),
        most_rows=most_rows,
    )


def _records(text: str, delimiter: str, lines_before: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + lines_before + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InvalidTable(_mend(str(error)), place=f"line {line}") from error
        yield line, [_plain(cell) for cell in cells]


def _plain(cell: str) -> str:
    kept = _KEPT_AS_TEXT.fullmatch(cell) if cell.startswith(("=", "'")) else None
    return (kept[1] if kept[1] is not None else kept[2]) if kept else cell


def _mend(complaint: str) -> str:
    if "unexpected end" in complaint:
        return "A quotation mark is opened here and never closed. Close it, or take it away."
    if "expected after" in complaint:
        return "Text follows a closing quotation mark. Double the quotation marks that stand inside a text."
    return "This line cannot be read: a cell is too long. Look for a quotation mark that is never closed."


def _find_delimiter(text: str) -> str:
    """The one that splits the header and gives the most rows the same number of cells; a comma if there is only one."""
    found = max(_DELIMITERS, key=lambda delimiter: _evenness(text, delimiter))
    splits_header, share, _ = _evenness(text, found)
    if splits_header or share > 0.5:
        return found
    # One column: the commas are inside its texts, unless there is nothing but commas.
    commas_only = not text.strip(", \r\n")
    return "," if commas_only else next((each for each in _DELIMITERS if each not in text), ",")


def _evenness(text: str, delimiter: str) -> tuple[bool, float, int]:
    """(whether the first row is split, share of rows as wide as most split rows are, that width)."""
    reader = csv.reader(io.StringIO(text[:_SAMPLE_LETTERS], newline=""), delimiter=delimiter)
    try:
        widths = [len(cells) for cells in islice(reader, _SAMPLE_RECORDS) if any(map(str.strip, cells))]
    except csv.Error:
        return False, 0.0, 0
    if len(widths) > 2 and len(text) > _SAMPLE_LETTERS:
        widths.pop()
    split = Counter(width for width in widths if width > 1)
    if not split:
        return False, 0.0, 0
    width, rows = max(split.items(), key=lambda each: (each[1], each[0]))
    return widths[0] > 1, rows / len(widths), width
