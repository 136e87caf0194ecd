"""Outboxes over HTTP: phones that send frozen bytes until they hold a receipt, whatever becomes of the server."""

from __future__ import annotations

import hashlib
import http.client
import json
import math
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from audit.domain.submission import canonical
from audit.domain.visit import ENTER, Mark, Visit, VisitState, begin
from audit.storage.identifiers import new_id
from audit.storage.integrity import examine
from tests import cast
from tests.served import Installation, free_port, installed, now
from tests.waiting import turns
from tests.world import GOOD, WELCOME

ALL_IS_TAKEN = (200, 201)
MOST_SECONDS = 60


@dataclass(frozen=True)
class Queued:
    """One finished visit in an outbox, frozen."""

    visit_id: str
    msg_id: str
    raw: bytes


@contextmanager
def furnished(folder: Path) -> Iterator[Installation]:
    """An installation with the small checklist published."""
    with installed(folder) as ours:
        ours.publish(WELCOME)
        yield ours


def queue_visits(ours: Installation, number: int) -> list[Queued]:
    """So many of Sam's visits, begun on the server and finished on a phone."""
    moment, offered, visits = now(), ours.assign("welcome"), []
    with ours.store.transaction():
        for _ in range(number):
            assignment = replace(offered, id=new_id())
            ours.store.assignments.save(assignment)
            visits.append(begin(new_id(), assignment, moment).marked(Mark(ENTER, moment)))
            ours.store.visits.save(visits[-1])
    return [freeze(visit) for visit in visits]


def freeze(visit: Visit) -> Queued:
    msg_id = new_id()
    tree = {
        "msg_id": msg_id,
        "visit_id": visit.id,
        "device": "phone-1",
        "n": 1,
        "base": None,
        "checklist": visit.checklist_id,
        "version": visit.version,
        "answers": GOOD,
        "marks": [],
        "photos": [],
    }
    return Queued(visit.id, msg_id, canonical(tree))


def with_photo(one: Queued, question_id: str, sha256: str) -> Queued:
    """The same with a photo that it names; it is sent on its own way."""
    tree = json.loads(one.raw)
    tree["answers"] = {**tree["answers"], question_id: {"photos": [sha256]}}
    tree["photos"] = [sha256]
    return replace(one, raw=canonical(tree))


class Line:
    """A phone's connection; it reconnects whenever it was cut, and tries again until it is answered."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token
        self.connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, raw: bytes) -> tuple[int, object]:
        """Status and JSON of the answer; OSError or HTTPException if there was none."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=MOST_SECONDS)
        headers = {"Cookie": f"candour={self.token}", "Sec-Fetch-Site": "same-origin"}
        try:
            self.connection.request(method, path, raw, headers)
            answer = self.connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            self.hang_up()
            raise
        return answer.status, json.loads(body) if body else None

    def fetch(self, path: str) -> int:
        """The status of a page. OSError or HTTPException if there is no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=MOST_SECONDS)
        connection.request("GET", path, headers={"Cookie": f"candour={self.token}"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    def insist(self, method: str, path: str, raw: bytes) -> tuple[int, object]:
        """The same, for as long as it takes. AssertionError after a minute."""
        for _ in turns(MOST_SECONDS):
            try:
                status, tree = self.ask(method, path, raw)
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
                continue
            if status == 429:
                time.sleep(0.2)
                continue
            return status, tree
        raise AssertionError("no answer for a minute")

    def hang_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Phones:
    """So many phones that send what is queued, each in a thread of its own, and note what was acknowledged.

    `paced` phones send no more than what somebody waits for, and one more each: whoever kills the server while they
    send finds something left to send, however fast it is."""

    def __init__(self, port: int, tokens: list[str], queued: list[Queued], *, paced: bool = False) -> None:
        self.waiting = iter(queued)
        self.taken, self.most, self.ahead = 0, 0 if paced else math.inf, len(tokens)
        self.receipts: dict[str, dict[str, object]] = {}
        self.failures: list[BaseException] = []
        self.change = threading.Condition()
        self.stopping = False
        self.left = len(tokens)
        self.threads = [
            threading.Thread(target=self._send_all, args=(Line(port, token),), daemon=True) for token in tokens
        ]
        for thread in self.threads:
            thread.start()

    def wait_for(self, number: int) -> bool:
        """Until so many more were acknowledged; False if there are no more to come. Raises what a phone stumbled on."""
        with self.change:
            goal = len(self.receipts) + number
            self.most = max(self.most, goal + self.ahead)
            self.change.notify_all()
            self.change.wait_for(lambda: len(self.receipts) >= goal or not self.left, MOST_SECONDS)
        if self.failures:
            raise self.failures[0]
        return self.left > 0

    def wait_until_all_is_sent(self) -> None:
        """However long it takes. Raises what a phone stumbled on."""
        for thread in self.threads:
            thread.join(2 * MOST_SECONDS)
        if self.failures:
            raise self.failures[0]

    def stop(self) -> None:
        """Finish what is on its way, and no more."""
        with self.change:
            self.stopping = True
            self.change.notify_all()
        self.wait_until_all_is_sent()

    def _send_all(self, line: Line) -> None:
        try:
            while (one := self._next()) is not None:
                status, tree = line.insist("PUT", f"/visits/{one.visit_id}/submission", one.raw)
                assert status in ALL_IS_TAKEN, (status, tree)
                assert isinstance(tree, dict)
                assert tree["receipt"]["sha256"] == hashlib.sha256(one.raw).hexdigest()
                with self.change:
                    self.receipts[one.msg_id] = tree["receipt"]
                    self.change.notify_all()
        except BaseException as failure:
            self.failures.append(failure)
        finally:
            line.hang_up()
            with self.change:
                self.left -= 1
                self.change.notify_all()

    def _next(self) -> Queued | None:
        with self.change:
            self.change.wait_for(lambda: self.stopping or self.taken < self.most)
            self.taken += 1
            return None if self.stopping else next(self.waiting, None)


class MortalServer:
    """`audit serve` on a port that stays the same however often it dies."""

    def __init__(self, ours: Installation) -> None:
        self.ours, self.port = ours, free_port()
        self._life = ExitStack()
        self.live()

    def live(self) -> None:
        self.process = self._life.enter_context(self.ours.serving_at(self.port))

    def die(self) -> None:
        """At once, without a word to anybody."""
        os.kill(self.process, signal.SIGKILL)
        self._life.close()

    def close(self) -> None:
        self._life.close()


def must_all_be_there_once(ours: Installation, queued: list[Queued], receipts: dict[str, dict[str, object]]) -> None:
    """Every acknowledged message is kept as it was sent, its visit is scored, and nothing is there twice."""
    by_id = {one.msg_id: one for one in queued}
    for msg_id, receipt in receipts.items():
        one = by_id[msg_id]
        kept = ours.store.submissions.of_visit(one.visit_id)
        assert [(each.msg_id, each.sha256, each.outcome) for each in kept] == [(msg_id, receipt["sha256"], "submitted")]
        assert ours.store.submissions.raw(msg_id) == one.raw
        visit, score = ours.store.visits.find(one.visit_id), ours.store.scores.of(one.visit_id)
        assert visit.state is VisitState.SUBMITTED
        assert visit.flags == ()
        assert score is not None
    elsewhere = ("free space", "SQLite ")
    assert [each.what for each in examine(ours.store) if not each.ok and not each.what.startswith(elsewhere)] == []


def tokens(ours: Installation, number: int) -> list[str]:
    """So many phones that are signed in."""
    return [ours.token(cast.SAM) for _ in range(number)]
