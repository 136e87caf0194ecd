"""Photos are worked on one after the other, behind everything else, in each process by itself."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from audit.intake.darkroom import GIVES_WAY_BY, develop

AT_ONCE = 8
FORKED = """
import os
from audit.intake.darkroom import develop
develop(os.getpid)
child = os.fork()
if not child:
    os._exit(develop(os.getpid) != os.getpid())
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert develop(os.getpid) == os.getpid()
"""


def test_of_many_at_once_one_is_worked_on_and_each_is_answered() -> None:
    inside: list[int] = []
    most: list[int] = []

    def work(number: int) -> int:
        inside.append(number)
        most.append(len(inside))
        inside.remove(number)
        return threading.get_native_id()

    with ThreadPoolExecutor(AT_ONCE) as callers:
        threads = list(callers.map(lambda number: develop(lambda: work(number)), range(10 * AT_ONCE)))
    assert set(most) == {1}
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_native_id()


@pytest.mark.skipif(sys.platform != "linux", reason="a thread has a priority of its own only there")
def test_whoever_asks_for_a_page_goes_before() -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before = priority()
    assert develop(priority) == min(19, before + GIVES_WAY_BY)
    assert priority() == before


def test_what_goes_wrong_is_told_to_whoever_asked() -> None:
    with pytest.raises(ZeroDivisionError):
        develop(lambda: 1 // 0)
    assert develop(lambda: "well again") == "well again"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")
def test_a_process_that_was_forked_has_a_darkroom_of_its_own() -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED], check=True, timeout=60)
