"""One press for all tests of a process: starting it takes longer than most reports, and a job is a process anyway."""

from __future__ import annotations

import atexit
import socket
from functools import cache

from audit.reports.pdf import Printer


@cache
def the_press() -> Printer:
    """The way to it, without a drawer; it ends with the tests."""
    press = Printer()
    atexit.register(press.close)
    return press


class AtThePress(Printer):
    """A printer with its own drawer and its own line of people who wait, at the press that all share."""

    def close(self) -> None:
        """Others are printing there."""

    def _order(self, connection: socket.socket) -> None:
        the_press()._order(connection)
