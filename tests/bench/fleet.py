"""A fleet that comes home: 200 phones with 50 finished visits each, a fifth sent twice, in batches and one by one.

Sixteen of the phones send at any moment. Visits have the 24 questions of visit24.yaml; the toy gets as many messages,
one by one, since it knows no batches. The processor time of each server stands beside the seconds (Linux only): other
work on the machine changes it less.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.domain.visit import Visit
from audit.storage.identifiers import new_id
from tests import cast
from tests.bench.load import post_all, request_of
from tests.bench.processes import cpu_of
from tests.bench.submissions import (
    JSON,
    VISIT24,
    begun,
    envelope_body,
    must_all_be_scored,
    toy_message,
)
from tests.bench.table import Row, print_table
from tests.served import Installation, free_port, installed, running

PHONES, OF_A_PHONE = 200, 50
MOST_SECONDS = {"in batches of 50": 5.0, "one by one": 15.0}
HTTP_OK = b"HTTP/1.1 20"


@dataclass(frozen=True)
class Return:
    """One fleet come home: seconds of wall clock, and CPU seconds of the server."""

    seconds: float
    cpu: float


def measure(quick: bool) -> None:
    """The toy, then both ways, round by round; prints the table."""
    rounds, phones = (1, 16) if quick else (3, PHONES)
    toys, batched, single = [], [], []
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder)) as ours:
        ours.publish(VISIT24)
        for _ in range(rounds):
            toys.append(_toy_round(Path(folder), phones * OF_A_PHONE))
            batched.append(_come_home(ours, phones, OF_A_PHONE))
            single.append(_come_home(ours, phones, 1))
    _print(phones, toys, {"in batches of 50": batched, "one by one": single})


def _print(phones: int, toys: Sequence[Return], ways: dict[str, list[Return]]) -> None:
    visits = phones * OF_A_PHONE
    rows = [Row("the toy, one by one", *_figures(toys, visits))]
    for name, returns in ways.items():
        target = f"{MOST_SECONDS[name] * visits / (PHONES * OF_A_PHONE):.1f}"
        ratio = statistics.median(one.seconds / toy.seconds for one, toy in zip(returns, toys, strict=True))
        rows.append(Row(name, *_figures(returns, visits), f"{ratio:.2f}", target))
    print_table(
        f"A fleet comes home: {visits:,} visits from {phones} phones, a fifth of them twice, median of {len(toys)}",
        ("", "seconds", "CPU s", "messages/s", "x toy", "target s"),
        rows,
        "bin/bench fleet",
        "Every message is answered, every visit is there once, sent, complete and with its score.",
    )


def _figures(returns: Sequence[Return], visits: int) -> tuple[str, str, str]:
    seconds, cpu = (
        statistics.median(times) for times in zip(*((one.seconds, one.cpu) for one in returns), strict=True)
    )
    return f"{seconds:.1f}", f"{cpu:.1f}", f"{visits * 6 / 5 / seconds:,.0f}"


def _come_home(ours: Installation, phones: int, at_once: int) -> Return:
    """Every phone sends what it has, so many at once; a fifth of it comes again at the end."""
    visits = begun(ours, phones * OF_A_PHONE)
    cookies = [{"Cookie": f"candour={ours.token(cast.SAM)}", **JSON} for _ in range(phones)]
    messages = [
        _message(cookies[place // OF_A_PHONE], visits[place : place + at_once])
        for place in range(0, len(visits), at_once)
    ]
    again = random.Random(5).sample(messages, len(messages) // 5)
    with ours.serving() as address:
        came = _timed(int(address.rsplit(":", 1)[1]), [*messages, *again], "audit.cli")
    must_all_be_scored(ours, visits)
    for visit in visits:
        if (kept := ours.store.submissions.count(visit.id)) != 1:
            raise RuntimeError(f"visit {visit.id} is there {kept} times")
    return came


def _message(headers: dict[str, str], load: Sequence[Visit]) -> bytes:
    if len(load) == 1:
        return request_of(f"/visits/{load[0].id}/submission", envelope_body(load[0]), headers, "PUT")
    return request_of("/submissions", b"[" + b",".join(map(envelope_body, load)) + b"]", headers)


def _toy_round(folder: Path, visits: int) -> Return:
    port = free_port()
    toy = [sys.executable, "-m", "tests.bench.toy", str(folder), str(port)]
    with running(toy, f"http://127.0.0.1:{port}/", folder / "toy.log"):
        messages = [request_of("/", json.dumps(toy_message(new_id())).encode(), JSON) for _ in range(visits)]
        return _timed(port, [*messages, *messages[: visits // 5]], "tests.bench.toy")


def _timed(port: int, messages: Sequence[bytes], server: str) -> Return:
    before = cpu_of(server)
    load = post_all(port, messages, HTTP_OK)
    return Return(load.seconds, cpu_of(server) - before)
