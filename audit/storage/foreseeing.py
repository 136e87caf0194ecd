"""Changes worked out before their turn to write, so that what is read and reckoned for them keeps nobody waiting.

Owns when that may stand: if all that the change depends on is, in its turn, what it was; if not, it is made anew there.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from audit.storage.connections import Connections

T = TypeVar("T")


def foresee(connections: Connections, change: Callable[[], T], depends_on: Callable[[], Hashable]) -> Callable[[], T]:
    """The same change for less time inside its turn. What it reads it has read here, at one moment of the database, and
    what it writes it has noted; its turn compares what `depends_on` gives with what it gave here.

    A change that is refused, asks how many rows it changed, or reads after it has written cannot be foreseen, and is
    given back as it is: its turn will tell."""
    try:
        with connections.foreseeing() as noted:
            before = depends_on()
            result = change()
    except Exception:
        return change

    def write_down() -> T:
        if depends_on() != before:
            return change()
        for sql, parameters in noted:
            connections.change(sql, parameters)
        return result

    return write_down
