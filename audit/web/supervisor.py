"""Several processes that answer beside one another: started, started again when one dies, and ended together.

One lock lets one thread of a Python process run at a time; a second process has the second core. The supervisor itself
has one thread and no database open, so that it can fork at any time.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from audit.web.server import signals_to_end, undisturbed

BREATH_SECONDS = 1.0  # before one that died is started again: what dies at once shall not keep a core busy
_DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)

log = logging.getLogger("audit.server")

Work = Callable[[int], None]


def can_fork() -> bool:
    """Whether several processes can have one port in common here, and end with their supervisor."""
    return sys.platform == "linux"


def supervise(work: Work, processes: int, let_go: Callable[[], object] = lambda: None) -> None:
    """Run `work` in so many processes, each given its number from 0 on, until SIGTERM or Ctrl-C; these reach each of
    them, once it has made an `Early`. SystemExit if none can go on. `let_go` is called when all are to end. Call it in
    the main thread of a process without others."""
    crew = _Crew(work, let_go)
    for name in signals_to_end():
        signal.signal(name, crew.end)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # whoever started us may have chosen to hear of no child
    for number in range(processes):
        crew.start(number)
    crew.watch()


class _Crew:
    """The processes that run, by their ids."""

    def __init__(self, work: Work, let_go: Callable[[], object]) -> None:
        self._work = work
        self._let_go = let_go
        self._numbers: dict[int, int] = {}
        self._is_ending = False

    def start(self, number: int) -> None:
        """One more, unless all are to end."""
        supervisor = os.getpid()
        with undisturbed():
            if self._is_ending:
                return
            pid = os.fork()
            if pid == 0:
                _live(self._work, number, supervisor)
            self._numbers[pid] = number

    def end(self, *_: object) -> None:
        """Ask each to finish what is on its way. Safe in a signal handler."""
        self._is_ending = True
        self._let_go()
        for pid in self._numbers:
            with suppress(ProcessLookupError):  # it has ended, and is about to be struck off
                os.kill(pid, signal.SIGTERM)

    def watch(self) -> None:
        """Until the last has ended."""
        while self._numbers:
            died = self._ended(0)
            if self._is_ending or not died:
                continue
            time.sleep(BREATH_SECONDS)
            died += self._ended(os.WNOHANG)
            if not self._is_ending:
                self._replace(died)

    def _replace(self, died: list[tuple[int, int]]) -> None:
        if not self._numbers and all(status > 0 for _, status in died):
            log.error("no process could go on")  # as one alone would end, for whoever looks after it to see
            raise SystemExit(1)
        for number, status in died:
            facts = {"process": number, "status": status}
            log.error("a process died and is started again", extra={"facts": facts})
            self.start(number)

    def _ended(self, options: int) -> list[tuple[int, int]]:
        """Number and exit status of those that have ended; waits for the first unless `options` is WNOHANG."""
        found = []
        with suppress(ChildProcessError):
            pid, status = os.waitpid(-1, options)
            while pid:
                # In a container we are the first process, and whatever a process of ours leaves behind comes to us.
                if pid in self._numbers:
                    found.append((self._numbers.pop(pid), os.waitstatus_to_exitcode(status)))
                pid, status = os.waitpid(-1, os.WNOHANG)
        return found


def _live(work: Work, number: int, supervisor: int) -> NoReturn:
    """In the new process: nothing of what the supervisor has begun is ended here. Signals to end are held back until
    `work` is ready to note them: the first process may be done with its callers before the second has begun."""
    status = 1
    try:
        ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)
        if os.getppid() == supervisor:  # it may have died before the line above
            work(number)
        status = 0
    except BaseException as error:
        log.error("a process could not go on", exc_info=error)
    finally:
        with suppress(OSError, ValueError):  # nobody may listen any more
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)
