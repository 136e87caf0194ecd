"""Several processes that answer beside one another: started, started again when one dies, and ended together.

One lock lets one thread of a Python process run at a time; a second process has the second core. The supervisor itself
has one thread and holds nothing open, so that it can fork at any time.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import NoReturn

BREATH_SECONDS = 1.0  # before one that died is started again: what dies at once shall not keep a core busy
_DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)

log = logging.getLogger("audit.server")

Work = Callable[[int], None]


def can_fork() -> bool:
    """Whether several processes can share a port here, and end with their supervisor."""
    return sys.platform == "linux"


def supervise(work: Work, processes: int) -> None:
    """Run `work` in so many processes, each given its number from 0 on, until SIGTERM or Ctrl-C; these reach each of
    them. Call it in the main thread of a process without others."""
    crew = _Crew(work)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, crew.end)
    for number in range(processes):
        crew.start(number)
    crew.watch()


class _Crew:
    """The processes that run, by their ids."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._numbers: dict[int, int] = {}
        self._is_ending = False

    def start(self, number: int) -> None:
        """One more, unless all are to end."""
        supervisor = os.getpid()
        pid = os.fork()
        if pid == 0:
            _live(self._work, number, supervisor)
        self._numbers[pid] = number
        if self._is_ending:  # by a signal that came before the line above
            os.kill(pid, signal.SIGTERM)

    def end(self, *_: object) -> None:
        """Ask each to finish what is on its way. Safe in a signal handler."""
        self._is_ending = True
        for pid in self._numbers:
            os.kill(pid, signal.SIGTERM)

    def watch(self) -> None:
        """Until the last has ended."""
        while self._numbers:
            pid, status = os.wait()
            number = self._numbers.pop(pid)
            if self._is_ending:
                continue
            facts = {"process": number, "status": os.waitstatus_to_exitcode(status)}
            log.error("a process died and is started again", extra={"facts": facts})
            time.sleep(BREATH_SECONDS)
            if not self._is_ending:
                self.start(number)


def _live(work: Work, number: int, supervisor: int) -> NoReturn:
    """In the new process: nothing of what the supervisor has begun is ended here."""
    status = 1
    try:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)
        if os.getppid() == supervisor:  # it may have died before the line above
            work(number)
        status = 0
    except BaseException as error:
        log.error("a process could not go on", exc_info=error)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
