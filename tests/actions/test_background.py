"""What is worked out beside the pages holds nobody up: not a page, not a process that ends, not the next who asks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest

from audit.actions.background import work_out
from audit.actions.keeping import Kept
from audit.storage.store import open_store

MOST_SECONDS = 120
ENDS_AMID_WORK = """
from threading import Event
from audit.actions.background import work_out
begun = Event()
work_out(lambda: (begun.set(), Event().wait()))
begun.wait()
"""


def test_a_process_that_ends_does_not_wait_for_what_is_being_worked_out() -> None:
    subprocess.run([sys.executable, "-c", ENDS_AMID_WORK], check=True, timeout=MOST_SECONDS)


def test_pieces_are_done_one_after_the_other_whatever_the_first_raised() -> None:
    done: list[int] = []
    first = work_out(lambda: done.append(1))
    failed: Future[int] = work_out(lambda: 1 // 0)
    last = work_out(lambda: done.append(2))
    assert last.result(MOST_SECONDS) is None
    assert (first.done(), failed.done(), done) == (True, True, [1, 2])
    with pytest.raises(ZeroDivisionError):
        failed.result()


def test_what_failed_once_is_told_and_then_tried_again(tmp_path: Path) -> None:
    store = open_store(tmp_path / "audit.sqlite", tmp_path / "photos")
    kept: Kept[Future[int]] = Kept(2)
    tries: list[Callable[[], int]] = [lambda: 1 // 0, lambda: 42]

    def ask() -> Future[int]:
        return kept.find(store, "same", lambda: work_out(tries.pop(0)))

    with pytest.raises(ZeroDivisionError):
        ask().result(MOST_SECONDS)
    while tries:  # told again, if the first had not failed yet when it was asked for
        ask().exception(MOST_SECONDS)
    assert ask().result(MOST_SECONDS) == ask().result(MOST_SECONDS) == 42
    store.close()
