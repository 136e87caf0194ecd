"""The yardstick for durable submissions: a server that knows one toy table, and commits everything that waits at once.

The same Flask behind the same server, and no sign-in, no checklist, no rules, no score, no journal: what is left when
all that makes the product is taken out.
As a program: python -m tests.bench.toy FOLDER PORT
"""

from __future__ import annotations

import hashlib
import json
import queue
import signal
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request
from sqlite_utils.utils import sqlite3

from audit.web.server import Server, listen

SCHEMA = """
    create table if not exists visit (
        id text primary key, branch text not null, answers text not null check (json_valid(answers)),
        revision integer not null, digest blob not null, received_at integer not null
    ) strict;
    create index if not exists visit_of_branch on visit (branch, received_at);
    create table if not exists receipt (
        msg_id text primary key, visit_id text not null references visit (id), digest blob not null,
        revision integer not null
    ) strict, without rowid;
"""
KEEP = """
    insert into visit values (?, ?, ?, 1, ?, ?) on conflict (id) do update set answers = excluded.answers,
    digest = excluded.digest, received_at = excluded.received_at, revision = visit.revision + 1 returning revision
"""
MOST_AT_ONCE = 256

Message = Mapping[str, Any]


class ToyStore:
    """One writing thread; every commit reaches the disk before anybody is answered."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._waiting: queue.SimpleQueue[tuple[Message, Future[int]]] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def keep(self, message: Message) -> int:
        """The revision of the visit, once this message is on the disk."""
        answer: Future[int] = Future()
        self._waiting.put((message, answer))
        return answer.result(30)

    def _work(self) -> None:
        connection = sqlite3.connect(self.path, isolation_level=None, cached_statements=256)
        for setting in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "cell_size_check=on"):
            connection.execute(f"pragma {setting}")
        connection.executescript(SCHEMA)
        while True:
            group = [self._waiting.get()]
            while len(group) < MOST_AT_ONCE and not self._waiting.empty():
                group.append(self._waiting.get())
            connection.execute("begin immediate")
            done = [(answer, _keep(connection, message)) for message, answer in group]
            connection.execute("commit")
            for answer, revision in done:
                answer.set_result(revision)


def _keep(connection: Any, message: Message) -> int:
    digest = hashlib.sha256(json.dumps(message, sort_keys=True).encode()).digest()
    connection.execute("savepoint one")
    known = connection.execute("select revision from receipt where msg_id = ?", (message["msg_id"],)).fetchone()
    if known:
        revision = int(known[0])
    else:
        row = (message["visit_id"], message["branch"], json.dumps(message["answers"]), digest, time.time_ns())
        revision = int(connection.execute(KEEP, row).fetchone()[0])
        receipt = (message["msg_id"], message["visit_id"], digest, revision)
        connection.execute("insert into receipt values (?, ?, ?, ?)", receipt)
    connection.execute("release one")
    return revision


def make_app(store: ToyStore) -> Flask:
    """POST a message in JSON; GET says that it is there."""
    app = Flask("toy")

    @app.get("/")
    def show() -> str:
        return "here"

    @app.post("/")
    def keep() -> Response:
        return jsonify(revision=store.keep(request.get_json()))

    return app


if __name__ == "__main__":
    server = Server(make_app(ToyStore(Path(sys.argv[1]) / "toy.sqlite")), listen("127.0.0.1", int(sys.argv[2])))
    signal.signal(signal.SIGTERM, server.stop)
    server.run()
