"""Mails whose process is killed at any step of what it says to a mail server: none is lost, and one is doubled only
where the letter had been handed over whole before the process could note it."""

from __future__ import annotations

import os
import random
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

from audit.actions.mailing import PATIENCE
from audit.actions.publishing import publish_visit
from audit.actions.sharing import open_share
from audit.actions.submitting import receive_submission
from audit.actions.visiting import begin_visit
from audit.domain.errors import NotFound
from audit.storage.store import Store
from audit.web.link_keys import open_key
from tests import cast
from tests.builders import id_number
from tests.served import ROOT
from tests.world import GOOD, assign, edit, minutes, opened_world

KILLS = int(os.environ.get("CANDOUR_MAIL_KILLS", "20"))
MANAGERS, MOST_SECONDS = 10, 60
# Lines that a letter takes: greeting, EHLO, MAIL, RCPT, DATA, the letter, QUIT; each may be the last.
LINES_A_LETTER = 6
IN_DECEMBER = datetime(2026, 12, 2, 6, 0, tzinfo=UTC)
MAIL = (
    "import sys; from datetime import datetime; from audit.cli import mailing, main;"
    " mailing.clock = lambda: datetime.fromisoformat(sys.argv.pop()); now = mailing.clock();"
    " mailing.clock = lambda: now; main()"
)

pytestmark = pytest.mark.soak


@dataclass
class MailServer:
    """Speaks as much SMTP as it takes, and kills whoever talks to it at the line that is fatal, before it answers or
    after. `taken` are the letters that it had whole."""

    listening: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    taken: list[Message] = field(default_factory=list)
    lines: int = 0
    fatal: int = -1
    kill: object = None
    answers_first: bool = False

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self.listening.accept()
                with caller, suppress(OSError):
                    self._talk(caller)

    def _talk(self, caller: socket.socket) -> None:
        said = caller.makefile("rb")
        caller.sendall(b"220 ready\r\n")
        while line := said.readline():
            if line.upper().startswith(b"DATA"):
                self._answer(caller, b"354 go on\r\n")
                letter = bytearray()
                while (part := said.readline()) and part != b".\r\n":
                    letter += part
                if not part:
                    return  # broken off before its end: no letter
                self.taken.append(message_from_bytes(bytes(letter)))
            self._answer(caller, b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 well\r\n")

    def _answer(self, caller: socket.socket, words: bytes) -> None:
        self.lines += 1
        if self.answers_first:
            caller.sendall(words)
        if self.lines == self.fatal and isinstance(self.kill, subprocess.Popen):
            self.kill.kill()
            self.kill.wait(MOST_SECONDS)
        if not self.answers_first:
            caller.sendall(words)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.listening.shutdown(socket.SHUT_RDWR)
        server.listening.close()
        thread.join(MOST_SECONDS)


@pytest.fixture
def visited(tmp_path: Path) -> Iterator[Store]:
    """Sam's published visit to N01 in November; the branch has as many managers as the test wants letters."""
    with opened_world(tmp_path) as store:
        visit = begin_visit(store, cast.SAM, assign(store).id, minutes(0))
        receive_submission(store, cast.SAM, *edit(visit, GOOD), minutes(30))
        publish_visit(store, cast.ADA, visit.id, minutes(60))
        with store.transaction():
            for n in range(MANAGERS - 2):
                store.people.save(replace(cast.BEA, id=id_number(7000 + n), email=f"bea{n}@example.org"))
        yield store


def mail(store: Store, server: MailServer, now: datetime) -> str:
    """What the command says, in a process of its own; empty if it was killed."""
    smtp = {"AUDIT_SMTP_HOST": "127.0.0.1", "AUDIT_SMTP_PORT": str(server.port), "AUDIT_SMTP_FROM": "c@example.org"}
    ours = {
        "AUDIT_DATABASE": str(store.path),
        "AUDIT_PHOTOS": str(store.path.parent / "photos"),
        "PYTHONPATH": str(ROOT),
    }
    around = {name: value for name, value in os.environ.items() if not name.startswith("AUDIT_")}
    command = [sys.executable, "-c", MAIL, "mail", now.isoformat()]
    with subprocess.Popen(command, env={**around, **ours, **smtp}, stdout=subprocess.PIPE, text=True) as process:
        server.kill = process
        said, _ = process.communicate(timeout=MOST_SECONDS)
    return said


def opens(store: Store, letter: Message, now: datetime) -> bool:
    key = open_key(store.path.with_name(f"{store.path.name}.link-key"))
    tokens = re.findall(r"/shared/([\w.-]+)", letter.get_payload(decode=True).decode())  # type: ignore[union-attr]
    try:
        return bool(tokens) and all(open_share(store, key.read(t, now), "::1", "page", now) for t in tokens)  # type: ignore[arg-type]
    except NotFound:
        return False


def test_of_mails_whose_process_is_killed_none_is_lost_and_one_is_doubled_only_after_it_was_handed_over(
    visited: Store,
) -> None:
    chance, now, doubtful, kills = random.Random(), IN_DECEMBER, 0, 0
    with mail_server() as server:
        for _ in range(KILLS):
            server.lines, before = 0, len(server.taken)
            server.fatal = chance.randint(1, LINES_A_LETTER * 2)
            server.answers_first = chance.random() < 0.5
            killed = mail(visited, server, now) == ""
            kills += killed
            doubtful += killed and len(server.taken) > before
            now += PATIENCE
            if not killed:  # all were written to: another month begins
                must_all_have_a_letter_that_opens(visited, server, now, doubtful)
                server.taken.clear()
                now, doubtful = next_round(visited, now), 0
        server.fatal = -1
        assert mail(visited, server, now)
        must_all_have_a_letter_that_opens(visited, server, now, doubtful)
        assert mail(visited, server, now + PATIENCE) == "0 mails were sent.\n"
    assert kills >= KILLS // 3


def next_round(store: Store, now: datetime) -> datetime:
    """Nobody was written to as yet."""
    with store.transaction():
        for share in store.shares.list_all():
            store.shares.remove(share.id)
    return now + timedelta(minutes=1)


def must_all_have_a_letter_that_opens(store: Store, server: MailServer, now: datetime, doubtful: int) -> None:
    by_reader: dict[str, list[Message]] = {}
    for letter in server.taken:
        by_reader.setdefault(letter["To"], []).append(letter)
    assert len(by_reader) == MANAGERS
    assert all(opens(store, letters[-1], now) for letters in by_reader.values())
    assert sum(len(letters) - 1 for letters in by_reader.values()) <= doubtful
