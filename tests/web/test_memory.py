"""What the C library keeps for threads, counted by its own account of itself; and what nobody searches in vain."""

import platform
import re
import subprocess
import sys

import pytest

from audit.web.memory import MOST_ARENAS

THREADS, PICTURE_BYTES = 12, 4 << 20
COUNT = """
import ctypes, sys, threading
from audit.web.memory import share_memory
if sys.argv[1] == "shared":
    share_memory()
picture = bytearray(2 * {picture})
del picture
picture = bytearray({picture})
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


SEARCH = """
import gc, weakref
from audit.web.memory import keep_for_good
class Circle: pass
lost, kept = Circle(), Circle()
lost.itself = lost
is_lost = weakref.ref(lost)
del lost
gc.disable()
keep_for_good()
assert is_lost() is None, "what is garbage is kept for good"
assert not any(each is kept for each in gc.get_objects()), "what stays is looked through again"
"""
LOADED = """
import sys
import audit.cli.serving
from audit.web import build_app
build_app()
print(*sys.modules)
"""
FOR_OTHERS = {"weasyprint", "pydyf", "fontTools", "openpyxl", "pillow_heif", "cryptography"}  # press, tables, keys

needs_glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only this C library keeps so much")


def account_of_memory(how: str) -> str:
    command = [sys.executable, "-c", COUNT.format(threads=THREADS, picture=PICTURE_BYTES), how]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@needs_glibc
def test_a_server_keeps_no_memory_for_each_of_its_threads() -> None:
    assert account_of_memory("each its own").count("<heap nr=") > MOST_ARENAS
    assert account_of_memory("shared").count("<heap nr=") <= MOST_ARENAS


@needs_glibc
def test_what_one_large_photo_took_is_not_kept_for_the_next() -> None:
    """A piece that was asked of the system by itself goes back to it as soon as it is let go of."""

    def asked_by_itself(how: str) -> int:
        total = re.search(r'<total type="mmap" count="\d+" size="(\d+)"', account_of_memory(how))
        assert total
        return int(total[1])

    assert asked_by_itself("each its own") < PICTURE_BYTES <= asked_by_itself("shared")


def test_what_stays_is_not_looked_through_again_and_what_is_garbage_does_not_stay() -> None:
    subprocess.run([sys.executable, "-c", SEARCH], check=True)


def test_a_process_that_answers_has_loaded_nothing_that_only_others_need() -> None:
    command = [sys.executable, "-c", LOADED]
    loaded = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert "PIL" in loaded
    assert not loaded & FOR_OTHERS
