"""A table as somebody brought it: a header and numbered rows of clean text. Refuses what is too large to be one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from audit.domain.errors import InvalidTable

MAX_ROWS = 50_000
MAX_COLUMNS = 200

# Controls, and the signs that nobody sees but that make two equal codes differ or turn the order of a line round.
# U+200C and U+200D stay: Persian and Indian scripts need them.
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_MOST_TITLES = 5


@dataclass(frozen=True)
class Note:
    """Something to be told about a file: a plain template with named `values`, so that a page can say it in the
    reader's language; `str(note)` is the English sentence."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message.format(**self.values)


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is the row or line as the person sees it in the file, counted from 1."""

    number: int
    cells: tuple[str, ...]

    def cell(self, index: int | None) -> str:
        """What stands in that column, on one line: a break of line inside an address becomes a space. Empty where there
        is no such column."""
        return " ".join(self.cells[index].split()) if index is not None and index < len(self.cells) else ""


@dataclass(frozen=True)
class Table:
    """Every row has at least as many cells as the header; more where the file had more, which `notes` tells.

    `read_as` says how the file was understood (encoding and delimiter, or the sheet), to be shown for confirmation.
    """

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    read_as: Note
    notes: tuple[Note, ...] = ()

    @property
    def was_split(self) -> bool:
        """Whether a sign in a text parted the cells, so that one sign too many moves all that follows it."""
        return "sign" in self.read_as.values


def clean_cell(text: str) -> str:
    """NFC, without unseen signs, trimmed; breaks of line are “\\n”, tabs are spaces."""
    if text.isascii() and text.isprintable():  # nearly every cell of a large table: nothing else to be done
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text)).strip()


def make_table(
    rows: Iterable[tuple[int, Iterable[str]]], read_as: Note, notes: Iterable[Note] = (), most_rows: int = MAX_ROWS
) -> Table:
    """Rows as (number, cells) in the order of the file; empty ones are skipped, short ones padded.

    Raises InvalidTable when nothing is there, or more than `most_rows` rows or 200 columns.
    """
    filled = _filled_rows(rows, most_rows)
    if not filled:
        raise InvalidTable("There is nothing in this file. Choose the file that holds the rows.")
    titles = _count_titles(filled)
    said = [*notes, *map(_read_as_title, filled[:titles])]
    header, body = filled[titles].cells, filled[titles + 1 :]
    for row in body:
        surplus = [cell for cell in row.cells[len(header) :] if cell]
        if surplus:
            said.append(_too_many_cells(row, len(header), surplus[0]))
    padded = tuple(Row(row.number, row.cells + ("",) * (len(header) - len(row.cells))) for row in body)
    return Table(header, padded, read_as, tuple(said))


def too_many_rows(number: int, most_rows: int) -> InvalidTable:
    """What is said at the row with that number, the first of too many."""
    return InvalidTable(
        "There are more than {most} rows. Split the file into several.", place=f"row {number}", most=most_rows
    )


def _read_as_title(row: Row) -> Note:
    return Note(
        "Row {row}, “{words}”, was read as a title.",
        {"row": row.number, "words": "".join(row.cells)},
    )


def _too_many_cells(row: Row, headings: int, surplus: str) -> Note:
    return Note(
        "Row {row} has {cells} cells under {headings} headings: “{surplus}” is under none. A text that holds the "
        "separator needs quotation marks around it.",
        {"row": row.number, "cells": len(row.cells), "headings": headings, "surplus": surplus},
    )


def _filled_rows(rows: Iterable[tuple[int, Iterable[str]]], most_rows: int) -> list[Row]:
    filled: list[Row] = []
    for number, cells in rows:
        cleaned = [clean_cell(cell) for cell in cells]
        while cleaned and not cleaned[-1]:
            cleaned.pop()
        if not cleaned:
            continue
        if len(cleaned) > MAX_COLUMNS:
            raise InvalidTable(
                "There are more than {most} columns. Leave only the columns that are needed.",
                place=f"row {number}",
                most=MAX_COLUMNS,
            )
        if len(filled) > most_rows:
            raise too_many_rows(number, most_rows)
        filled.append(Row(number, tuple(cleaned)))
    return filled


def _count_titles(filled: list[Row]) -> int:
    """How many rows stand above the header: those with a single text, where the rows after them have several."""
    for titles, row in enumerate(filled[: _MOST_TITLES + 1]):
        if len(list(filter(None, row.cells))) > 1:
            below = filled[titles + 1 : titles + 4]
            return titles if below and all(len(list(filter(None, each.cells))) > 1 for each in below) else 0
    return 0
