"""A disk that fails at any step: nobody is answered 2xx without the visit being there, and it heals by itself."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from audit.storage.store import open_store
from tests.served import Installation
from tests.soak.acknowledged import Photographed, damaged, lost, queue_photographed, served_after
from tests.soak.disk import Fault, Trouble, built_watch, everything_watched, watching
from tests.soak.outbox import ALL_IS_TAKEN, Line, MortalServer, furnished, tokens

STEPS = int(os.environ.get("CANDOUR_FAILING_STEPS", "60"))
STEPS_OF_A_VISIT = 20  # at least: a photo's, and the pages of the log that hold the rows
FEW, PHONES = 5, 40
REFUSED, WITHOUT_PHOTO = (500, 507), 424

# As `audit serve`, but that changes are worked into the file a hundred times as often.
OFTEN = "import audit.storage.connections as connections; connections.LOG_PAGES = 40"
ANSWERED_TOO_SOON = f"""{OFTEN}
from audit.storage.writer import Writer
work = Writer._try
def hastily(self, connection, one, done):
    work(self, connection, one, done)
    for early, result in done:
        early.answer(result)
    done.clear()
Writer._try = hastily"""

pytestmark = pytest.mark.soak


@dataclass
class Tried:
    """A server on a disk that fails when it is told to, and what came of what was sent to it."""

    ours: Installation
    trouble: Trouble
    lines: Iterator[Line]
    queued: Iterator[Photographed]
    sent: dict[str, Photographed] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    refused: int = 0

    @property
    def line(self) -> Line:
        """Another phone each time: how much one may send in a while has its limit."""
        return next(self.lines)

    def send(self) -> None:
        """One more photo and visit, once; nobody minds if they are refused."""
        one = next(self.queued)
        self.sent |= dict.fromkeys(one.words, one)
        line = self.line
        for send, word in zip((one.send_photo, one.send_visit), one.words, strict=True):
            status = send(line)
            if status in (*ALL_IS_TAKEN, WITHOUT_PHOTO):
                self.said.append(word)
            else:
                assert status in REFUSED, status
                self.refused += 1
        line.hang_up()  # the server does not wait for ever for who says nothing

    def fail_at(self, step: int) -> None:
        self.trouble.arm(step, Fault.FAILS_ONCE)
        while self.trouble.waits:
            self.send()

    def unsaid(self) -> list[str]:
        return [word for word in self.sent if word not in self.said]

    def send_again(self) -> None:
        """What was refused; it must be taken now."""
        for one in dict.fromkeys(self.sent[word] for word in self.unsaid()):
            line = self.line
            for send, word in zip((one.send_photo, one.send_visit), one.words, strict=True):
                assert send(line) in ALL_IS_TAKEN, "it did not heal"
                self.said.append(word)
            line.hang_up()

    def lost(self) -> list[str]:
        """What was acknowledged and is not there for somebody who opens the store anew."""
        with closing(open_store(self.ours.store.path, self.ours.folder / "photos")) as store:
            return lost(store, self.said, self.sent)


@contextmanager
def trying(folder: Path, before: str) -> Iterator[Tried]:
    watch, work = built_watch(folder), folder / "work"
    work.mkdir()
    trouble = Trouble(folder / "trouble")
    with furnished(work) as ours:
        queued = queue_photographed(ours, STEPS + STEPS * STEPS // 2 // STEPS_OF_A_VISIT)
        with everything_watched(watching(watch, work, trouble=trouble)), served_after(before):
            server = MortalServer(ours)
        try:
            lines = [Line(server.port, token) for token in tokens(ours, PHONES)]
            yield Tried(ours, trouble, itertools.cycle(lines), iter(queued))
        finally:
            server.close()


def test_whatever_step_fails_nothing_is_said_to_be_taken_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with trying(tmp_path, OFTEN) as tried:
        for step in range(1, STEPS + 1):
            tried.fail_at(step)
            assert tried.lost() == []
            tried.send_again()
        with capsys.disabled():
            print(f"\n{STEPS} steps that failed: {tried.refused} times refused, {len(tried.said)} acknowledged")
        assert tried.refused > STEPS / 3
        assert tried.lost() == []
        assert damaged(tried.ours.store) == []


def test_a_disk_that_fails_for_a_while_is_read_from_meanwhile_and_heals_by_itself(tmp_path: Path) -> None:
    with trying(tmp_path, OFTEN) as tried:
        tried.send()
        assert tried.refused == 0
        tried.trouble.arm(1, Fault.FAILS_FROM_NOW_ON)
        for _ in range(FEW):
            tried.send()
            assert tried.line.ask("GET", "/me", b"")[0] == 200
        assert tried.refused == 2 * FEW
        tried.trouble.disarm()
        tried.send_again()
        assert tried.lost() == []
        assert damaged(tried.ours.store) == []
        assert tried.ours.store.photos.pictures.unfinished() == []


def test_a_server_that_answers_before_the_disk_does_is_found_out(tmp_path: Path) -> None:
    with trying(tmp_path, ANSWERED_TOO_SOON) as tried:
        for step in range(1, STEPS + 1):
            tried.fail_at(step)
        assert tried.lost() != []
