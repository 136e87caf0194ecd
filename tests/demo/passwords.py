"""Passwords for a demo that nobody attacks."""

from __future__ import annotations


class PlainPasswords:
    """Keeps passwords as they are: a test has no time for hashing."""

    def hash(self, password: str) -> str:
        return f"kept {password}"

    def check(self, kept: str | None, password: str) -> bool:
        return kept == f"kept {password}"

    def is_dated(self, kept: str) -> bool:
        return False
