"""A press on its way out: nothing is said and nothing left, however often it is told to go."""

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.waiting import wait_until


@pytest.mark.parametrize("first", ["told to", "by itself"])
def test_a_press_that_is_told_to_leave_while_it_leaves_says_nothing_and_leaves_nothing(first: str) -> None:
    orders, theirs = socket.socketpair()
    command = [sys.executable, "-m", "audit.reports.press", str(theirs.fileno())]
    with subprocess.Popen(command, pass_fds=[theirs.fileno()], stderr=subprocess.PIPE) as press:
        theirs.close()
        wait_until(lambda: os.getpriority(os.PRIO_PROCESS, press.pid) > 0)
        wait_until(lambda: [*Path(tempfile.gettempdir()).glob(f"candour-press-{press.pid}-*/weasyprint-*/*")])
        if first == "by itself":
            orders.close()
        while press.poll() is None:
            press.terminate()
        orders.close()
        assert press.stderr is not None
        assert press.stderr.read() == b""
    assert not [*Path(tempfile.gettempdir()).glob(f"candour-press-{press.pid}-*")]
