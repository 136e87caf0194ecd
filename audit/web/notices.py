"""A sentence for the next page: "The visit is assigned." Kept in this process for each signed-in device, without a
cookie; lost when the server starts anew, which harms nobody."""

from __future__ import annotations

import threading

from flask import g

MOST_DEVICES = 10_000

_waiting: dict[str, list[str]] = {}
_turn = threading.Lock()


def tell_next_page(words: str) -> None:
    """Show these words at the top of the next page that this device opens."""
    if g.device is None:
        return
    with _turn:
        if len(_waiting) >= MOST_DEVICES:
            _waiting.pop(next(iter(_waiting)))
        _waiting.setdefault(g.device.id, []).append(words)


def take_notices() -> list[str]:
    """The words that wait for this device; each is taken once."""
    device = g.get("device")
    if device is None:
        return []
    with _turn:
        return _waiting.pop(device.id, [])
