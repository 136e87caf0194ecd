"""Markings of filmed scenes as a table of them comes in, and the scenes that libraries of other people have judged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from audit.domain.statistics.scenes import MarkingRow

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "statistics.json").read_text(encoding="utf-8"))["vectors"]
(E04,) = (vector for vector in VECTORS if vector["id"] == "e04")


def rows_of(scenes: Sequence[Sequence[str | None]], question: str | None = None) -> list[MarkingRow]:
    """A row for each cell: scenes down, shoppers across, None for a marking that is missing."""
    cells = [(f"Scene {down}", f"Shopper {across}", cell or "")
             for down, scene in enumerate(scenes, 1) for across, cell in enumerate(scene, 1)]  # fmt: skip
    return [MarkingRow(number, *cell, question) for number, cell in enumerate(cells, 2)]


FILMED = rows_of(E04["inputs"]["units"])
