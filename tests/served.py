"""A whole installation in a folder, with the cast in it, served by `audit serve` in a process of its own.

For the journeys and the bench, which come in through the front door. Everything happens at the real time of day.
"""

from __future__ import annotations

import itertools
import os
import random
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from audit.actions import inviting, signing_in
from audit.actions.assigning import Offer, assign_visit
from audit.actions.publishing import publish_checklist, read_checklist_file
from audit.actions.visiting import begin_visit
from audit.domain.assignment import Assignment
from audit.domain.people import Person, Role
from audit.domain.visit import Visit
from audit.storage.store import Store, open_store
from audit.web.passwords import Passwords
from audit.web.push_keys import make_key
from audit.web.server import Limits, Server, listen
from tests import cast
from tests.waiting import turns

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ROOT = Path(__file__).parent.parent
SIX_SECRETS = ROOT / "checklists" / "six-secrets.yaml"
WELCOME = ROOT / "tests" / "samples" / "welcome.yaml"
PASSWORD = "violet ladder teaspoon"
SERVE = (sys.executable, "-c", "from audit.cli import main; main()", "serve")
MOST_SECONDS_TO_START = 30
MOST_SECONDS_TO_END = 60  # whoever is on the way is answered first; one that is killed cuts them off
# Below those that the system gives to whoever calls or listens anywhere: nobody takes one in the moment before our
# server has it, or while it is away. Each process of the tests deals out its own.
PORTS = range(20_000 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 16, 32_000, 16)
_dealt = itertools.cycle(random.sample(PORTS, len(PORTS)))


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Installation:
    """A database and a folder of photos, with the cast on the shelves; `serving` opens its doors."""

    folder: Path
    store: Store

    def publish(self, checklist: Path) -> int:
        """The version under which the checklist in this file is published."""
        file = read_checklist_file(checklist.read_bytes(), checklist.name)
        assert not file.errors, file.errors
        return publish_checklist(self.store, cast.ADA, file.tree, file.source, now()).version

    def assign(self, checklist_id: str, scenario: str | None = None, **changes: object) -> Assignment:
        """A visit to N01 that Sam is asked for, until next week."""
        fields: dict[str, object] = {
            "branch_code": "N01",
            "checklist_id": checklist_id,
            "version": self.store.checklists.latest(checklist_id).version,
            "shopper_id": cast.SAM.id,
            "until": (now() + timedelta(days=7)).date(),
            "scenario": scenario,
        }
        return assign_visit(self.store, cast.ADA, Offer(**{**fields, **changes}), now())  # type: ignore[arg-type]

    def begin(self, assignment: Assignment) -> Visit:
        """The draft of that assignment."""
        return begin_visit(self.store, self.store.people.find(assignment.shopper_id), assignment.id, now())

    def token(self, person: Person) -> str:
        """What the cookie of a signed-in browser of this person holds."""
        with self.store.transaction():
            return signing_in.open_device(self.store, person, "Chrome, Linux", now())[0]

    def link(self, person: Person) -> str:
        """The path of an invitation that signs this person in, on one more phone or with a new password."""
        return f"/invitations/{inviting.send_password_link(self.store, cast.ADA, person.id, now())[0]}"

    def invitation(self, role: str) -> str:
        """The token of an invitation to somebody of the office whom nobody knows yet."""
        return inviting.invite_person(self.store, cast.ADA, inviting.Guest(Role(role)), now())[0]

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The address of `audit serve` over this installation, until the end of the block."""
        port = free_port()
        with self.serving_at(port):
            yield f"http://127.0.0.1:{port}"

    @contextmanager
    def serving_at(self, port: int) -> Iterator[int]:
        """The process of `audit serve` at that port, for those who mean to end it otherwise."""
        command = [*SERVE, "--host", "127.0.0.1", "--port", str(port)]
        health = f"http://127.0.0.1:{port}/health"
        with running(command, health, self.folder / "server.log", self._settings(port)) as process:
            yield process

    def _settings(self, port: int) -> dict[str, str]:
        return {
            "AUDIT_DATABASE": str(self.folder / "candour.sqlite"),
            "AUDIT_PHOTOS": str(self.folder / "photos"),
            "AUDIT_URL": f"http://127.0.0.1:{port}",
            "AUDIT_LOG_LEVEL": "warning",
            "AUDIT_PUSH_KEY": str(self.folder / "push.pem"),
            "AUDIT_PUSH_CONTACT": "candour@example.org",
        }


@contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    """A new installation in an empty folder; people of the office sign in with PASSWORD, phones may be notified."""
    store = open_store(folder / "candour.sqlite", folder / "photos")
    make_key(folder / "push.pem")
    try:
        with store.transaction():
            store.programme.save(cast.PROGRAMME)
            for area in (cast.NORTH, cast.SOUTH):
                store.areas.save(area)
            for branch in (cast.N01, cast.N02, cast.S01):
                store.branches.save(branch)
            passwords = Passwords()
            for person in cast.EVERYBODY:
                store.people.save(person)
                if person.role is not Role.SHOPPER:
                    store.people.set_password(person.id, passwords.hash(PASSWORD))
        yield Installation(folder, store)
    finally:
        store.close()


@contextmanager
def running(command: list[str], health: str, log: Path, settings: dict[str, str] | None = None) -> Iterator[int]:
    """The process of a server that answers at `health`, ended at the end of the block. What it says goes to `log`."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **(settings or {})}, stdout=output, stderr=output
        )
    try:
        wait_for(process, health, log)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(MOST_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def talking(command: Sequence[str], **settings: str) -> Iterator[subprocess.Popen[str]]:
    """A process whose lines are read and that is told more. It is killed at the end of the block: a test that failed
    before it told the process to end would otherwise wait for it for ever."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **settings}, stdin=pipe, stdout=pipe, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def serve_in_thread(app: WSGIApplication, limits: Limits | None = None) -> tuple[Server, threading.Thread]:
    """A server of these doors alone on a free port, beside whoever asks it."""
    server = Server(app, listen("127.0.0.1", 0), limits)
    thread = threading.Thread(target=server.run, name="server", daemon=True)
    thread.start()
    return server, thread


def free_port() -> int:
    """A port at which nobody listens, and that nobody is given but whoever asks here."""
    for port in itertools.islice(_dealt, len(PORTS)):
        with socket.socket() as listening:
            try:
                listening.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"all ports from {PORTS[0]} to {PORTS[-1]} are taken")


def wait_for(process: subprocess.Popen[bytes], health: str, log: Path) -> None:
    """Until the server answers at `health`. RuntimeError with the end of its log if it does not."""
    for _ in turns(MOST_SECONDS_TO_START):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(health, timeout=2):
                return
        except urllib.error.HTTPError:
            return  # it answers, if only that there is no such page
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')[-4000:]}")
