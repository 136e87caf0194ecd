"""Photos are worked on one after the other, behind everything else, in each process by itself."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

import pytest
from PIL import Image

from audit.intake.darkroom import GIVES_WAY_BY, develop
from audit.intake.photos import clean_photo

from .photo_samples import encoded, street_front

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
# A pipe holds less than this picture: whoever encodes waits until the other thread, which needs the lock, has read.
INTO_A_PIPE = """
import os, threading
from PIL import Image
out, into = os.pipe()
threading.Thread(target=lambda: open(out, "rb").read(), daemon=True).start()
Image.effect_noise((1500, 1500), 200).save(open(into, "wb"), "JPEG", quality=95)
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


def test_the_library_lets_go_of_the_lock_while_it_writes_into_a_file_of_the_system() -> None:
    subprocess.run([sys.executable, "-c", INTO_A_PIPE], check=True, timeout=60)


@pytest.mark.skipif(sys.platform != "linux", reason="a file in memory is one of the system's only there")
def test_others_go_on_while_a_picture_is_encoded(monkeypatch: pytest.MonkeyPatch) -> None:
    files: list[int] = []
    save = Image.Image.save

    def watched(picture: Image.Image, file: BinaryIO, *arguments: object, **options: object) -> None:
        files.append(file.fileno())
        save(picture, file, *arguments, **options)  # type: ignore[arg-type]

    raw = encoded(street_front(), "JPEG")
    monkeypatch.setattr(Image.Image, "save", watched)
    assert clean_photo(raw).jpeg
    assert len(files) == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")
def test_a_process_that_was_forked_has_a_darkroom_of_its_own() -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED], check=True, timeout=60)
