"""How a value of the domain stands in a column: one pair of functions for each kind. Refuses what loses precision."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import orjson

from audit.domain.submission import canonical
from audit.storage.spelling import spelled

Column = str | int | float | bytes | None
"""What SQLite can hold; anything else is turned into one of these here, never by the driver."""


def instant_text(instant: datetime) -> str:
    """UTC with microseconds, so that text sorts by time. ValueError for a moment without a time zone."""
    if instant.tzinfo is None:
        raise ValueError(f"a moment needs its time zone: {instant}")
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def instant_from(text: str) -> datetime:
    """The moment, in UTC."""
    return datetime.fromisoformat(text)


def optional_instant_text(instant: datetime | None) -> str | None:
    """The same, where there may be none."""
    return None if instant is None else instant_text(instant)


def optional_instant_from(text: str | None) -> datetime | None:
    """The moment in UTC, or None."""
    return None if text is None else instant_from(text)


def day_text(day: date | None) -> str | None:
    """`YYYY-MM-DD`."""
    return None if day is None else day.isoformat()


def day_from(text: str | None) -> date | None:
    """The day, or None."""
    return None if text is None else date.fromisoformat(text)


def fraction_text(number: Fraction | None) -> str | None:
    """`numerator/denominator`, exact."""
    return None if number is None else f"{number.numerator}/{number.denominator}"


def fraction_from(text: str | None) -> Fraction | None:
    """The exact number, or None."""
    return None if text is None else Fraction(text)


def json_text(tree: object) -> str:
    """The one spelling of a JSON value. ValueError for NaN, TypeError for what is not plain."""
    return canonical(tree).decode()


def plain_text(tree: object) -> str:
    """The same of a tree without floats, which whoever calls has to know."""
    return spelled(tree).decode()


def plain_from(text: str) -> Any:
    """What `plain_text` wrote, read in a third of the time: whole numbers have 64 bits and no more."""
    return orjson.loads(text)


def json_from(text: str) -> Any:
    """The value. Its shape is known to whoever wrote it, and to nobody else."""
    return json.loads(text)
