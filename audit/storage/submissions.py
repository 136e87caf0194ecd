"""Messages as they were received: the raw bytes, their hash, and the answers as they stood after each.

What was refused because its id had been used for other content, or because it could not be read, is kept apart, for
the office; a number for each visit and each person bounds it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from audit.domain.checklist.model import Answers
from audit.domain.submission import Submission
from audit.storage.columns import Column, instant_from, instant_text
from audit.storage.connections import Row
from audit.storage.seals import seal
from audit.storage.shelf import Shelf, many
from audit.storage.visits import answers_from

SELECT = (
    "select rowid as place, msg_id, visit_id, device, n, base, content_digest, sha256, received_at, outcome, photos"
    " from submission"
)
MOST_CONFLICTS = 20  # kept of one visit
MOST_UNREADABLE = 20  # kept of one person


@dataclass(frozen=True)
class KeptSubmission:
    """A message that was taken. `digest` is of its canonical content, `sha256` of the raw bytes, `photos` a number.

    `place` grows with each message that arrives: the order of arrival, which no clock can turn round."""

    place: int
    msg_id: str
    visit_id: str
    device: str
    n: int
    base: str | None
    digest: str
    sha256: str
    received_at: datetime
    outcome: str
    photos: int


class SubmissionShelf(Shelf):
    """Every message about every visit, by its id."""

    def find(self, msg_id: str) -> KeptSubmission | None:
        """The message of that id, if it was taken before."""
        rows = self._rows(SELECT, "msg_id = ?", (msg_id,))
        return _from_row(rows[0]) if rows else None

    def newest(self, visit_id: str, device: str, outcomes: Sequence[str]) -> KeptSubmission | None:
        """The message with the highest number that this device sent about this visit, of those with these outcomes."""
        where = f"visit_id = ? and device = ? and outcome in ({many(outcomes)})"
        rows = self._rows(SELECT, where, (visit_id, device, *outcomes), "order by n desc, rowid limit 1")
        return _from_row(rows[0]) if rows else None

    def newest_n(self, visit_id: str, device: str) -> int:
        """The highest number of an edit that this device sent for this visit; -1 if it sent none."""
        last = self._rows("select max(n) from submission", "visit_id = ? and device = ?", (visit_id, device))[0][0]
        return -1 if last is None else int(last)

    def newest_of_devices(self, visit_id: str, outcomes: Sequence[str]) -> dict[str, int]:
        """The highest number of an edit of each device, of those with these outcomes."""
        where = f"visit_id = ? and outcome in ({many(outcomes)})"
        rows = self._rows(
            "select device, max(n) as n from submission",
            where,
            (visit_id, *outcomes),
            "group by device order by device",
        )
        return {row["device"]: row["n"] for row in rows}

    def count(self, visit_id: str) -> int:
        """How many messages about the visit were taken."""
        return int(self._rows("select count(*) from submission", "visit_id = ?", (visit_id,))[0][0])

    def answers_at(self, msg_id: str, visit_id: str) -> Answers:
        """The answers of the visit as they stood after that message; none if it is unknown or its period has passed."""
        rows = self._rows("select answers from submission", "msg_id = ? and visit_id = ?", (msg_id, visit_id))
        return answers_from(rows[0]["answers"]) if rows and rows[0]["answers"] else {}

    def raw(self, msg_id: str) -> bytes | None:
        """The bytes as they were received; None once their period has passed."""
        row = self._row("select raw from submission", "msg_id = ?", (msg_id,))
        return None if row["raw"] is None else bytes(row["raw"])

    def of_visit(self, visit_id: str) -> list[KeptSubmission]:
        """Every message about the visit, in the order in which they arrived."""
        rows = self._rows(SELECT, "visit_id = ?", (visit_id,), "order by received_at, rowid")
        return [_from_row(row) for row in rows]

    def keep(self, submission: Submission, raw: bytes, outcome: str, now: datetime, answers: str) -> str:
        """Keep a message that was taken, with the answers as they stand after it, as `answers_text` writes them; the
        sha256 of its raw bytes. Conflict if its id is taken; ask `find` first, in the same transaction."""
        sha256 = hashlib.sha256(raw).hexdigest()
        self._add("submission", _to_row(submission, raw, sha256, outcome, now, answers))
        return sha256

    def keep_conflict(self, submission: Submission, raw: bytes, now: datetime) -> None:
        """Keep a message that was refused because its id had been used for other content; twice is once.

        Of one visit, so many are kept and no more."""
        kept = "select count(*) as number from submission_conflict where visit_id = ?"
        if self._connections.rows(kept, (submission.visit_id,))[0]["number"] >= MOST_CONFLICTS:
            return
        row: dict[str, Column] = {
            "msg_id": submission.msg_id,
            "visit_id": submission.visit_id,
            "sha256": hashlib.sha256(raw).hexdigest(),
            "raw": raw,
            "received_at": instant_text(now),
        }
        self._connections.change(
            "insert into submission_conflict (msg_id, visit_id, sha256, raw, received_at, digest)"
            " values (?, ?, ?, ?, ?, ?) on conflict (msg_id, sha256) do nothing",
            (*row.values(), seal(row)),
        )

    def conflicts_of(self, visit_id: str) -> list[tuple[str, datetime]]:
        """Message id and moment of each message about the visit that was refused as a conflict, oldest first.

        No page shows it: it is what tests hold every way of sending to, since it stays when the bytes have gone."""
        sql = "select msg_id, received_at from submission_conflict where visit_id = ? order by id"
        return [(row["msg_id"], instant_from(row["received_at"])) for row in self._connections.rows(sql, (visit_id,))]

    def conflicting_bytes_of(self, visit_id: str) -> list[tuple[bytes, datetime]]:
        """The bytes and the moment of each of these, but for those whose period has passed."""
        sql = "select raw, received_at from submission_conflict where visit_id = ? and raw is not null order by id"
        return [
            (bytes(row["raw"]), instant_from(row["received_at"])) for row in self._connections.rows(sql, (visit_id,))
        ]

    def keep_unreadable(self, visit_id: str, person_id: str, raw: bytes, said: str, now: datetime) -> bool:
        """Keep bytes that could not be read, and what was said of them; twice is once. False if this person has sent
        as many as are kept."""
        sha256 = hashlib.sha256(raw).hexdigest()
        rows = self._connections.rows(
            "select sha256 from submission_unreadable where person_id = ? and raw is not null", (person_id,)
        )
        if sha256 in {row["sha256"] for row in rows}:
            return True
        if len(rows) >= MOST_UNREADABLE:
            return False
        row: dict[str, Column] = {
            "visit_id": visit_id,
            "person_id": person_id,
            "sha256": sha256,
            "raw": raw,
            "said": said,
            "received_at": instant_text(now),
        }
        self._add("submission_unreadable", row)
        return True

    def unreadable_of(self, visit_id: str) -> list[tuple[str, datetime]]:
        """What was said of the bytes sent for this visit that could not be read, and when they came, oldest first."""
        sql = "select said, received_at from submission_unreadable where visit_id = ? order by id"
        return [(row["said"], instant_from(row["received_at"])) for row in self._connections.rows(sql, (visit_id,))]


def _to_row(
    submission: Submission, raw: bytes, sha256: str, outcome: str, now: datetime, answers: str
) -> dict[str, Column]:
    return {
        "msg_id": submission.msg_id,
        "visit_id": submission.visit_id,
        "device": submission.device,
        "n": submission.n,
        "base": submission.base,
        "outcome": outcome,
        "content_digest": submission.digest,
        "sha256": sha256,
        "raw": raw,
        "answers": answers,
        "received_at": instant_text(now),
        "photos": len(submission.named_photos),
    }


def _from_row(row: Row) -> KeptSubmission:
    return KeptSubmission(
        place=row["place"],
        msg_id=row["msg_id"],
        visit_id=row["visit_id"],
        device=row["device"],
        n=row["n"],
        base=row["base"],
        digest=row["content_digest"],
        sha256=row["sha256"],
        received_at=instant_from(row["received_at"]),
        outcome=row["outcome"],
        photos=row["photos"],
    )
