"""A disk that fills up under two processes: refused in words, nothing lost, nothing half there, well with space."""

from __future__ import annotations

import http.client
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from audit.web.supervisor import can_fork
from tests.served import Installation
from tests.soak.outbox import (
    ALL_IS_TAKEN,
    Line,
    MortalServer,
    furnished,
    must_all_be_there_once,
    queue_visits,
    tokens,
)

LEVELS = int(os.environ.get("CANDOUR_FILL_LEVELS", "60"))
CONNECTIONS = 6
NO_SPACE = 507

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not can_fork(), reason="several processes at one port need Linux"),
]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 32 megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(folder)]
    if sys.platform != "linux" or os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(ours: Installation, leave_bytes: int) -> Path:
    """The ballast that leaves so much room, or less if a server that is getting ready takes of it meanwhile; the log of
    changes, which would lend its own, is emptied before."""
    ours.store.connections.mine().execute("pragma wal_checkpoint(truncate)")
    disk = os.statvfs(ours.folder)
    ballast = ours.folder / "ballast"
    ballast.touch()
    with suppress(OSError):
        ballast.write_bytes(b"x" * max(0, disk.f_bavail * disk.f_frsize - leave_bytes))
    return ballast


def test_a_disk_that_is_full_over_and_over_takes_nothing_halfway_and_loses_nothing(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIT_PROCESSES", "2")
    with furnished(small_disk) as ours:
        send_while_it_fills(ours)
        assert ours.store.photos.pictures.unfinished() == []


def send_while_it_fills(ours: Installation) -> None:
    chance = random.Random(23)
    queued = queue_visits(ours, LEVELS)
    token = tokens(ours, 1)[0]
    server = MortalServer(ours)
    lines = [Line(server.port, token) for _ in range(CONNECTIONS)]  # shared out among the two
    receipts: dict[str, dict[str, object]] = {}
    refused = 0
    try:
        for place, one in enumerate(queued):
            ballast = fill(ours, chance.randrange(0, 300_000))
            path, line = f"/visits/{one.visit_id}/submission", lines[place % CONNECTIONS]
            status, told = line.ask("PUT", path, one.raw)
            if status == NO_SPACE:
                refused += 1
                assert ours.store.submissions.of_visit(one.visit_id) == []
                assert line.ask("GET", "/me", b"")[0] == 200, "who only reads is answered on a full disk too"
                ballast.unlink()
                status, told = line.ask("PUT", path, one.raw)
            ballast.unlink(missing_ok=True)
            assert status in ALL_IS_TAKEN, (status, told)
            assert isinstance(told, dict)
            receipts[one.msg_id] = told["receipt"]
    finally:
        for line in lines:
            line.hang_up()
        server.close()
    assert refused > LEVELS / 10
    assert refused < LEVELS
    must_all_be_there_once(ours, queued, receipts)
    assert len(receipts) == LEVELS


def test_a_phone_is_told_when_to_come_back_to_a_full_disk(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIT_PROCESSES", "2")
    with furnished(small_disk) as ours:
        (one,) = queue_visits(ours, 1)
        token = tokens(ours, 1)[0]
        server = MortalServer(ours)
        ballast = fill(ours, 0)
        try:
            connection = http.client.HTTPConnection("127.0.0.1", server.port)
            headers = {"Cookie": f"candour={token}", "Sec-Fetch-Site": "same-origin"}
            connection.request("PUT", f"/visits/{one.visit_id}/submission", one.raw, headers)
            answer = connection.getresponse()
            assert (answer.status, answer.headers["Retry-After"]) == (NO_SPACE, "300")
            connection.close()
        finally:
            ballast.unlink()
            server.close()
