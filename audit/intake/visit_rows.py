"""Scored visits as they stand in anybody's table: which column is what, and what each row says. Judges no visit.

Columns are found by their headings (branch, area, wave, shopper, date, score) or named by whoever brings the table;
nothing else is guessed, since a wrong guess would make wrong figures. Branch and score are enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from audit.domain.errors import InvalidTable
from audit.intake.columns import match_columns
from audit.intake.tables import Table

FIELDS = ("branch", "area", "wave", "shopper", "date", "score")
NEEDED = ("branch", "score")

_SCORE = re.compile(r"([+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+))\s*%?")
# As years first (2026-05-04, 20260504, perhaps with a time behind), or as days with dots (4.5.2026).
_YEAR_FIRST = re.compile(r"(\d{4})([-/.]?)(\d{2})\2(\d{2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[T ].*)?")

T = TypeVar("T")


@dataclass(frozen=True)
class VisitRows(Generic[T]):
    """The visits that could be read, why each other row could not (row number, reason with the mend), and the days of
    the visits, None where a date is there and cannot be read. `repeated` are the rows that say the same as an earlier
    one in every cell, the date among them: a table that was pasted twice."""

    visits: tuple[T, ...]
    refused: tuple[tuple[int, str], ...]
    days: tuple[date | None, ...]
    repeated: tuple[int, ...] = ()


def find_visit_columns(header: Sequence[str], named: Mapping[str, str]) -> dict[str, int]:
    """For each field that the table has the index of its column. `named` says which heading a field stands under; other
    fields stand under their own name, in any case. InvalidTable with the mend if branch or score is missing, if a
    heading is not there or stands twice, or if one column would be two of them; a date may be a wave as well."""
    columns = {}
    for field in FIELDS:
        places = find_headed(header, named.get(field, field))
        if len(places) == 1:
            columns[field] = places[0]
        elif len(places) > 1:
            raise InvalidTable(
                "The heading “{heading}” stands over several columns. Rename one of them.",
                heading=named.get(field, field),
            )
        elif field in named:
            raise InvalidTable(
                "No column is headed “{heading}”. The headings are {headings}.",
                heading=named[field],
                headings=listed_headings(header),
            )
    _must_differ(columns, header)
    for field in NEEDED:
        if field not in columns:
            raise InvalidTable(
                "There is no column “{field}”. Say which one it is, such as --column {field}={guess}. "
                "The headings are {headings}.",
                field=field,
                guess=_guess(field, header),
                headings=listed_headings(header),
            )
    return columns


def read_visit_rows(table: Table, columns: Mapping[str, int], make: Callable[..., T]) -> VisitRows[T]:
    """The rows by the columns found. `make` is given branch, score (a float from 0 to 100), area, wave and shopper by
    name, empty where there is none; a date that cannot be read costs nothing, since no figure needs it."""
    visits, refused, days, repeated = [], [], [], []
    dated: set[tuple[str, ...]] = set()
    for row in table.rows:
        branch, why = row.cell(columns["branch"]), ""
        score = _read_score(row.cell(columns["score"]))
        if table.was_split and any(row.cells[len(table.header) :]):
            # 87,5 between commas is two cells, and 87 would be measured.
            why = (
                "It has more cells than there are headings. Put quotation marks around a cell that holds the separator."
            )
        elif not branch:
            why = "There is no branch. Name the branch that was visited."
        elif isinstance(score, str):
            why = score
        if why:
            refused.append((row.number, why))
            continue
        told = {field: row.cell(columns.get(field)) for field in ("area", "wave", "shopper")}
        visits.append(make(branch=branch, score=score, **told))
        if "date" in columns and (text := row.cell(columns["date"])):
            days.append(read_day(text))
            if row.cells in dated:
                repeated.append(row.number)
            dated.add(row.cells)
    return VisitRows(tuple(visits), tuple(refused), tuple(days), tuple(repeated))


def read_day(text: str) -> date | None:
    """The day in 2026-05-04, 20260504 or 4.5.2026, perhaps with a time behind; None for what may mean two days."""
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match[1], match[3], match[4]
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def find_headed(header: Sequence[str], heading: str) -> list[int]:
    """The columns under this heading, exactly; in whatever case, if there is none."""
    exactly = [place for place, title in enumerate(header) if title == heading]
    return exactly or [place for place, title in enumerate(header) if _plain(title) == _plain(heading)]


def listed_headings(header: Sequence[str]) -> str:
    """The headings for a refusal, between quotation marks; of many and long ones the beginning."""
    listed = [f"“{title[:40]}”" for title in header if title]
    return ", ".join(listed[:20]) + (" …" if len(listed) > 20 else "")


def _must_differ(columns: Mapping[str, int], header: Sequence[str]) -> None:
    first: dict[int, str] = {}
    for field, place in columns.items():
        if field != "date" and first.setdefault(place, field) != field:
            raise InvalidTable(
                "The column “{heading}” cannot be both {first} and {second}. Name another one with --column.",
                heading=header[place],
                first=first[place],
                second=field,
            )


def _read_score(text: str) -> float | str:
    """The points, or why there are none."""
    if not text:
        return "There is no score. Leave the row out if the visit was not scored."
    match = _SCORE.fullmatch(text)
    if not match:
        return f"The score “{text[:40]}” is no number. Write it in figures, such as 87.5."
    points = float(match[1].replace(",", "."))
    if not 0 <= points <= 100:
        return f"The score {text[:40]} lies outside 0 to 100. Write it in points out of 100."
    return points + 0.0  # -0 is 0


def _plain(heading: str) -> str:
    return " ".join(heading.replace("_", " ").split()).casefold()


def _guess(field: str, header: Sequence[str]) -> str:
    """What might be meant, for the example in the refusal."""
    found = match_columns(header)
    place = found["code"] if found["code"] is not None else found["name"]
    return header[place] if field == "branch" and place is not None else "HEADING"
