"""New identifiers. Owns their shape (UUIDv7, which sort by the time they were made); refuses to give them a meaning."""

from __future__ import annotations

from uuid6 import uuid7


def new_id() -> str:
    """A new UUIDv7 as lower-case text, larger than every one made before by this process."""
    return str(uuid7())
