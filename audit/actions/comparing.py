"""Comparing: how far shoppers agree who marked the same filmed scenes, from a table that somebody brings. Keeps nothing
of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from audit.domain.errors import InvalidTable
from audit.domain.people import May, Person
from audit.domain.programme import RefusedRow
from audit.domain.statistics.scenes import MarkingRow, ScenesCompared, compare_markings, sort_markings
from audit.intake.scene_rows import find_scene_columns, read_scene_rows
from audit.intake.spreadsheets import read_table
from audit.intake.tables import Table


@dataclass(frozen=True)
class SceneFile:
    """A table as somebody brought it, and what it says. `columns` says which field was read from the column of which
    heading."""

    table: Table
    columns: Mapping[str, str]
    refused: tuple[RefusedRow, ...]
    compared: ScenesCompared


def compare_scenes(person: Person | None, raw: bytes, name: str, named: Mapping[str, str] | None = None) -> SceneFile:
    """What a CSV or XLSX file of markings says. `named` are headings that the reader could not know, by field; `person`
    is None for the command line. InvalidTable if it cannot be read, or holds no marking that could be taken."""
    if person:
        person.must(May.SEE_SHOPPERS)
    table = read_table(raw, name)
    columns = find_scene_columns(table.header, named or {})
    taken, refused = sort_markings(read_scene_rows(table, columns, MarkingRow))
    if not taken and not refused:
        raise InvalidTable("There is no marking in this file: nothing stands below its headings.")
    headings = {field: table.header[index] for field, index in columns.items()}
    return SceneFile(table, headings, refused, compare_markings(taken))
