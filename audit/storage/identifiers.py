"""New identifiers. Owns their shape (UUIDv7, which sort by the time they were made); refuses to give them a meaning."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from uuid6 import uuid7


def new_id() -> str:
    """A new UUIDv7 as lower-case text, larger than every one made before by this process."""
    return str(uuid7())


def new_visit_id(now: datetime) -> str:
    """A new UUIDv7 that tells the day of `now` in UTC and no more: managers read it in the address of a report, and may
    not learn from it at which minute a shopper stood in the branch."""
    days = (now.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(days=1)
    return str(UUID(int=days * 86_400_000 << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)))
