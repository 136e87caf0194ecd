"""Days and moments on pages: in the reader's language, in the time zone of the branch or else of the programme."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from audit.domain.errors import NotFound
from audit.domain.programme import zone_named
from audit.formatting import Formats
from audit.web.access import settings, shelves
from audit.web.languages import language


def day(on: date) -> str:
    """A day as the reader writes it."""
    return Formats(language()).day(on)


def moment(at: datetime, zone: tzinfo | None = None) -> str:
    """A moment with its zone, for whoever may read clock times."""
    return Formats(language()).moment(at.astimezone(zone or programme_zone()))


def programme_zone() -> tzinfo:
    """The time zone of the programme, or of the installation until there is one."""
    try:
        return zone_named(shelves().programme.find().time_zone)
    except NotFound:
        return zone_named(settings().time_zone)
