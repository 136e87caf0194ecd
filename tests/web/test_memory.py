"""What the C library keeps for threads, counted by its own account of itself."""

import platform
import subprocess
import sys

import pytest

from audit.web.memory import MOST_ARENAS

THREADS = 12
COUNT = """
import ctypes, sys, threading
from audit.web.memory import share_memory
if sys.argv[1] == "shared":
    share_memory()
together = threading.Barrier({threads})
def work():
    together.wait()
    kept = [bytearray(5_000) for _ in range(200)]
    together.wait()
threads = [threading.Thread(target=work) for _ in range({threads})]
for thread in threads: thread.start()
for thread in threads: thread.join()
library = ctypes.CDLL(None)
library.malloc_info(0, ctypes.c_void_p.in_dll(library, "stdout"))
library.fflush(None)
"""


def stores_of_memory(how: str) -> int:
    command = [sys.executable, "-c", COUNT.format(threads=THREADS), how]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.count("<heap nr=")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only this C library keeps memory for each thread")
def test_a_server_keeps_no_memory_for_each_of_its_threads() -> None:
    assert stores_of_memory("each its own") > MOST_ARENAS
    assert stores_of_memory("shared") <= MOST_ARENAS
