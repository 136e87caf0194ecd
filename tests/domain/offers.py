"""An offer to Sam on a day in November."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from audit.domain.assignment import Assignment
from tests import cast
from tests.builders import id_number

TODAY = date(2026, 11, 12)
NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)


def an_assignment(**changes: object) -> Assignment:
    plain = Assignment(id_number(9), "N01", "welcome", 1, cast.SAM.id, TODAY, NOW)
    return replace(plain, **changes)  # type: ignore[arg-type]
