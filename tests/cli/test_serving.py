"""`audit serve` and `audit demo`: where Candour is, who may come in first, and what stands in the way."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.cli.conftest import Prompt
from tests.served import SERVE, free_port, running, wait_for
from tests.waiting import wait_until

MOST_SECONDS = 60


def once_it_says(words: str, log: Path) -> str:
    """All that stands in a log, as soon as these words do."""
    wait_until(lambda: words in log.read_text(), what=words)
    return log.read_text()


def test_the_first_start_prints_a_link_that_opens_the_door(prompt: Prompt) -> None:
    printed_by_init = urlsplit(prompt.audit("init").out.strip()).path
    port = free_port()
    log = prompt.folder / "server.log"
    settings = {**prompt.settings, "AUDIT_TYPO": "1"}
    with running([*SERVE, "--port", str(port)], f"http://127.0.0.1:{port}/health", log, settings):
        said = once_it_says("Candour is at", log)  # its second process may answer before the first one says so
        assert "warning: AUDIT_TYPO is no setting of Candour; see docs/configuration.md" in said
        assert f"Candour is at http://127.0.0.1:{port} (listening at 127.0.0.1:{port})." in said
        link = re.search(rf"http://127\.0\.0\.1:{port}/invitations/[\w-]{{43}}", said)
        assert link
        for address in (link[0], f"http://127.0.0.1:{port}{printed_by_init}"):
            with urllib.request.urlopen(address) as page:
                assert page.status == 200
    assert "Traceback" not in log.read_text()
    assert (prompt.folder / "candour.sqlite.link-key").read_text().strip()


@pytest.mark.parametrize("processes", ["1", "2"])
def test_the_address_is_said_when_it_answers_and_not_before(prompt: Prompt, processes: str) -> None:
    prompt.audit("init")
    port = free_port()
    settings = {**os.environ, **prompt.settings, "AUDIT_PROCESSES": processes}
    with subprocess.Popen([*SERVE, "--port", str(port)], env=settings, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr
            assert any(line.startswith("Candour is at") for line in server.stderr)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health") as page:
                assert page.status == 200
        finally:
            server.terminate()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_stop_ends_well(prompt: Prompt, sign: signal.Signals) -> None:
    prompt.audit("init")
    port = free_port()
    log = prompt.folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*SERVE, "--port", str(port)], env={**os.environ, **prompt.settings}, stdout=output, stderr=output
        )
        try:
            wait_for(server, f"http://127.0.0.1:{port}/health", log)
            server.send_signal(sign)
            assert server.wait(MOST_SECONDS) == 0
        finally:
            server.kill()
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    assert (lines[0]["says"], lines[-1]["says"]) == ("serving", "stopped")
    assert "/health" in {line.get("door") for line in lines}


def test_a_port_that_is_taken_is_named_with_the_mend(prompt: Prompt) -> None:
    prompt.audit("init")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = prompt.audit_outside("serve", "--port", port)
    assert (said.status, said.out) == (1, "")
    assert said.err.endswith(
        f"Something listens at 127.0.0.1:{port} already. Stop it, or take another port with --port.\n"
    )


@pytest.mark.parametrize("host", ["no-such-machine.invalid", "192.0.2.1"])
def test_an_address_that_is_not_this_machines_is_refused(prompt: Prompt, host: str) -> None:
    prompt.audit("init")
    said = prompt.audit_outside("serve", "--host", host, "--port", free_port())
    assert (said.status, said.out) == (1, "")
    assert said.err.splitlines()[-1].startswith(f"Candour cannot listen at {host}:")
    assert said.err.endswith(" Mend AUDIT_HOST and AUDIT_PORT, or --host and --port.\n")
    assert "Traceback" not in said.err


def test_the_demo_says_that_it_is_one_and_whom_to_sign_in_as(prompt: Prompt) -> None:
    said = prompt.audit_outside("demo", "--seed", "7")
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("DEMO: ")
    assert "24 branches in 3 areas" in said.out
    for role in ("admin", "reviewer", "area_manager", "branch_manager"):
        assert re.search(rf"^  {role} +\S+@\S+\.example +\S+", said.out, re.MULTILINE), role
    assert re.search(r"^    http://127\.0\.0\.1:8000/invitations/[\w-]{43}$", said.out, re.MULTILINE)
    again = prompt.audit("demo")
    assert (again.status, again.out) == (1, "")
