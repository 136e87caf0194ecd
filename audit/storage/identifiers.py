"""New identifiers. Owns their shape (UUIDv7, which sort by the time they were made); refuses to give them a meaning."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from uuid6 import uuid7


def new_id() -> str:
    """A new UUIDv7 as lower-case text, larger than every one made before by this process."""
    return str(uuid7())


def new_visit_id(now: datetime, newest: str = "") -> str:
    """A new UUIDv7 that tells the day of `now` in UTC and no more, larger than the `newest` of that day.

    Managers read it in the address of a report, and may not learn from it at which minute a shopper was there. Within
    the day it goes up by chance (RFC 9562, 6.2, method 2)."""
    day = (now.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(days=1) * 86_400_000
    last = UUID(newest).int if newest else 0
    place = (last >> 64 & 0xFFF) << 62 | last & (1 << 62) - 1 if last >> 80 == day else 0
    above, below = divmod((place + 1 + secrets.randbits(60)) % (1 << 74), 1 << 62)
    return str(UUID(int=day << 80 | 7 << 76 | above << 64 | 2 << 62 | below))
