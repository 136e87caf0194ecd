"""Durable submissions a second: 16 clients send finished visits to `audit serve`, and as many messages to the toy.

Ours are visits of 24 questions, with sign-in by cookie, the origin check, every answer judged, rules, score, flags,
journal and receipt: as a phone's outbox sends them, as the page for checking sends what was saved before, and as one
whole form with nothing saved, which is a draft and a submission at once. And without HTTP, the action beside the toy's
store.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

from audit.actions.submitting import receive_submission, save_draft
from audit.domain.submission import Submission, canonical
from audit.domain.visit import ENTER, LEAVE, Mark, Visit, VisitState, begin
from audit.storage.identifiers import new_id
from tests import cast
from tests.bench.load import CLIENTS, Load, post_all, request_of, run_all
from tests.bench.table import Row, print_table
from tests.bench.toy import ToyStore
from tests.served import Installation, free_port, installed, now, running

VISIT24 = Path(__file__).parent / "visit24.yaml"
ANSWERS: Mapping[str, object] = {
    "visit_date": "2026-11-12",
    "arrive_time": "09:41",
    "branch": "riverside",
    "staff_seen": "3",
    "greeted": "yes",
    "wait_min": "4",
    "entrance_clean": "yes",
    "floor_clean": "no",
    "prices_shown": "yes",
    "promo_shown": "not_applicable",
    "in_stock": ["starter_pack", "refill"],
    "tidy": "4",
    "staff_name": "",
    "staff_desc": "Short dark hair, glasses, the blue shirt of the house with the sleeves rolled up.",
    "friendly": "4",
    "knowledge": "3",
    "upsell": "yes",
    "upsell_what": "A second pair at half the price",
    "amount": "12.40",
    "thanked": "yes",
    "would_return": "yes",
    "comments": "The door is heavy for somebody with a stick. Otherwise a pleasant quarter of an hour.",
    "customer_state": "satisfied",
    "narrative": "I was greeted at once, asked what I needed, and shown two things that fit. The floor was wet.",
}
BOUNDARY = "----candour-bench-7MA4YWxkTrZu0gW"
MULTIPART = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
LEAST_RATIO = 0.5
MOST_P99_MS = 100


@dataclass(frozen=True)
class Round:
    """One round with HTTP: the toy, and three ways in which a visit arrives."""

    toy: Load
    phone: Load
    saved: Load
    whole: Load


def measure(quick: bool) -> None:
    """Both servers in turn, round by round, then both stores; prints the table."""
    rounds, each = (1, 320) if quick else (3, 1600)
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder)) as ours:
        ours.publish(VISIT24)
        served = [_a_round(ours, Path(folder), each) for _ in range(rounds)]
        bare = [_a_round_without_pages(ours, Path(folder), each, number) for number in range(rounds)]
    toys = [one.toy for one in served]
    bare_toys, received = [toy for toy, _ in bare], [ours for _, ours in bare]
    rows = [
        Row("with HTTP: toy", *_figures(toys)),
        *(
            Row(f"with HTTP: {name}", *_figures(loads), _ratio(loads, toys))
            for name, loads in (
                ("a phone's envelope", [one.phone for one in served]),
                ("send a visit that was saved", [one.saved for one in served]),
                ("a whole form at once", [one.whole for one in served]),
            )
        ),
        Row("without HTTP: toy's store", *_figures(bare_toys)),
        Row("without HTTP: receive_submission", *_figures(received), _ratio(received, bare_toys)),
    ]
    print_table(
        f"Durable submissions, {CLIENTS} clients, {rounds} x {each} each (median round)",
        ("", "visits/s", "p50 ms", "p99 ms", "of the toy"),
        rows,
        "bin/bench submissions",
        f"Target: single submissions at least {LEAST_RATIO} of the toy, p99 at most {MOST_P99_MS} ms.",
    )


def _a_round(ours: Installation, folder: Path, number: int) -> Round:
    cookies = [{"Cookie": f"candour={ours.token(cast.SAM)}"} for _ in range(CLIENTS)]
    phoned, saved, whole = begun(ours, number), _save_all(ours, begun(ours, number)), begun(ours, number)

    def requests(
        visits: list[Visit], body: Callable[[Visit], bytes], kind: Mapping[str, str], method: str
    ) -> list[bytes]:
        return [
            request_of(f"/visits/{visit.id}/submission", body(visit), {**cookies[place % CLIENTS], **kind}, method)
            for place, visit in enumerate(visits)
        ]

    of_toy = _toy_round(folder, number)
    with ours.serving() as address:
        port = int(address.rsplit(":", 1)[1])
        result = Round(
            of_toy,
            phone=_warmed(port, requests(phoned, envelope_body, JSON, "PUT"), b"HTTP/1.1 201"),
            saved=_warmed(port, requests(saved, check_body, URLENCODED, "POST"), b"HTTP/1.1 303"),
            whole=_warmed(port, requests(whole, form_body, MULTIPART, "POST"), b"HTTP/1.1 303"),
        )
    must_all_be_scored(ours, [*phoned, *saved, *whole])
    return result


def _toy_round(folder: Path, number: int) -> Load:
    port = free_port()
    toy = [sys.executable, "-m", "tests.bench.toy", str(folder), str(port)]
    with running(toy, f"http://127.0.0.1:{port}/", folder / "toy.log"):
        messages = [request_of("/", json.dumps(toy_message(new_id())).encode(), JSON) for _ in range(number)]
        return _warmed(port, messages, b"HTTP/1.1 200")


def _warmed(port: int, requests: Sequence[bytes], expected: bytes) -> Load:
    """The first few are not counted: a server has files to read and statements to prepare."""
    post_all(port, requests[:CLIENTS], expected)
    return post_all(port, requests[CLIENTS:], expected)


def _a_round_without_pages(ours: Installation, folder: Path, each: int, number: int) -> tuple[Load, Load]:
    toy = ToyStore(folder / f"bare-{number}.sqlite")
    of_toy = run_all([toy_message(new_id()) for _ in range(each)], [toy.keep] * CLIENTS)
    visits = begun(ours, each)

    def receive(visit: Visit) -> None:
        submission = envelope(visit)
        receive_submission(ours.store, cast.SAM, submission, canonical(submission.to_tree()), now())

    of_ours = run_all(visits, [receive] * CLIENTS)
    must_all_be_scored(ours, visits)
    return of_toy, of_ours


def _save_all(ours: Installation, visits: Sequence[Visit]) -> list[Visit]:
    """The same drafts with every answer saved."""

    def save(visit: Visit) -> None:
        submission = envelope(visit)
        save_draft(ours.store, cast.SAM, submission, canonical(submission.to_tree()), now())

    run_all(visits, [save] * CLIENTS)
    return [ours.store.visits.find(visit.id) for visit in visits]


def begun(ours: Installation, number: int) -> list[Visit]:
    """So many drafts of Sam's, each with its assignment, gone into and left."""
    moment, visits = now(), []
    offered = ours.assign("visit24")
    with ours.store.transaction():
        for _ in range(number):
            assignment = replace(offered, id=new_id())
            visit = begin(new_id(), assignment, moment).marked(Mark(ENTER, moment)).marked(Mark(LEAVE, moment))
            ours.store.assignments.save(assignment)
            ours.store.visits.save(visit)
            visits.append(visit)
    return visits


def form_body(visit: Visit) -> bytes:
    """The whole form as a browser sends it, the empty places for photos too."""
    fields = [*_hidden(visit).items(), ("whole", "1"), ("position", ""), ("refused", "")]
    for id, value in ANSWERS.items():
        fields += [(f"q-{id}", str(word)) for word in (value if isinstance(value, list) else [value])]
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields
    ]
    empty = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="q-receipt--photos"; filename=""\r\n'
    parts += [empty + "Content-Type: application/octet-stream\r\n\r\n\r\n"] * 2
    return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()


def check_body(visit: Visit) -> bytes:
    """What the page for checking posts: which visit, and which head it showed."""
    return urlencode(_hidden(visit)).encode()


def envelope(visit: Visit) -> Submission:
    """The same answers as a phone's outbox sends them."""
    return Submission(new_id(), visit.id, "phone", 1, visit.checklist_id, visit.version, None, ANSWERS)


def envelope_body(visit: Visit) -> bytes:
    return canonical(envelope(visit).to_tree())


def _hidden(visit: Visit) -> dict[str, str]:
    return {
        "do": "send",
        "visit_id": visit.id,
        "edit_id": new_id(),
        "base": visit.head or "",
        "checklist": visit.checklist_id,
        "version": str(visit.version),
    }


def toy_message(id: str) -> dict[str, object]:
    return {"msg_id": id, "visit_id": id, "branch": "N01", "answers": ANSWERS}


def must_all_be_scored(ours: Installation, visits: Sequence[Visit]) -> None:
    """A figure counts only if every visit is there: sent, complete and with its score."""
    for visit in visits:
        kept, score = ours.store.visits.find(visit.id), ours.store.scores.of(visit.id)
        if kept.state is not VisitState.SUBMITTED or kept.flags or score is None or score.shown is None:
            raise RuntimeError(f"visit {visit.id} was not taken whole: {kept.state} {kept.flags}")


def _figures(loads: Sequence[Load]) -> tuple[str, str, str]:
    rate = statistics.median(load.rate for load in loads)
    p50, p99 = (statistics.median(load.quantile(share) for load in loads) for share in (0.5, 0.99))
    return f"{rate:,.0f}", f"{p50:.0f}", f"{p99:.0f}"


def _ratio(loads: Sequence[Load], yardstick: Sequence[Load]) -> str:
    return f"{statistics.median(one.rate / toy.rate for one, toy in zip(loads, yardstick, strict=True)):.2f}"
