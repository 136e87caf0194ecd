"""The envelope in which a visit arrives, from the plain form and from the outbox alike.

Owns its shape. Refuses to judge an answer: what an envelope holds is still as it was sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import cast

from audit.domain.errors import InvalidSubmission
from audit.domain.submission.fields import NAME, SHA256, UUID, list_in, text_in, whole_in
from audit.domain.submission.marks import mark_from_tree, mark_to_tree
from audit.domain.submission.spelling import canonical, read_tree
from audit.domain.visit import Mark

MOST_ANSWERS = 300
MOST_MARKS = 50
MOST_PHOTOS = 30
YEARS = range(1970, 2200)  # what the clock of a phone can say, be it wrong
MOST_SAVES = 3000  # messages about one visit, after which drafts are refused and only a finished visit is taken
PAGE = "page-"  # how the devices of pages are called, which remember nothing
FIELDS = ("msg_id", "visit_id", "device", "n", "base", "checklist", "version", "answers", "marks", "photos")


@dataclass(frozen=True)
class Submission:
    """One message about one visit. `n` numbers the edits of one device; `base` is the head that the edit had seen.

    `answers` are still as they were sent: question id -> tree. `photos` are the sha256 of the bytes as sent.
    """

    msg_id: str
    visit_id: str
    device: str
    n: int
    checklist: str
    version: int
    base: str | None = None
    answers: Mapping[str, object] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    photos: tuple[str, ...] = ()

    @property
    def from_page(self) -> bool:
        """Whether it comes from a page, which shows every answer, and not from a phone's own store."""
        return self.device.startswith(PAGE)

    @cached_property
    def named_photos(self) -> tuple[str, ...]:
        """The sha256 of every photo that the envelope or one of its answers names, each once."""
        in_answers = [photos_in(tree) for tree in self.answers.values() if isinstance(tree, dict)]
        return tuple(dict.fromkeys((*self.photos, *(sha for photos in in_answers for sha in photos))))

    @cached_property
    def spelling(self) -> bytes:
        """The canonical spelling of the envelope."""
        return canonical(self.to_tree())

    @cached_property
    def digest(self) -> str:
        """The sha256 of that spelling, in hex."""
        return hashlib.sha256(self.spelling).hexdigest()

    def to_tree(self) -> dict[str, object]:
        """The envelope as plain JSON values, ready for `canonical`."""
        return {
            "msg_id": self.msg_id,
            "visit_id": self.visit_id,
            "device": self.device,
            "n": self.n,
            "base": self.base,
            "checklist": self.checklist,
            "version": self.version,
            "answers": dict(self.answers),
            "marks": [mark_to_tree(mark) for mark in self.marks],
            "photos": list(self.photos),
        }


@dataclass(frozen=True)
class Receipt:
    """What the shopper holds in the hand: which message, the sha256 of the raw bytes received, when, and the photos.

    `missing_photos` are named in the message but have not arrived; the text is kept all the same. `again` says that
    the message was taken before.
    """

    msg_id: str
    visit_id: str
    sha256: str
    received_at: datetime
    photos: int
    missing_photos: tuple[str, ...] = ()
    again: bool = field(default=False, compare=False)


def read_envelope(raw: bytes) -> Submission:
    """The submission in these bytes of JSON; InvalidSubmission if it cannot be one."""
    return read_submission(read_tree(raw))


def photos_in(tree: object) -> tuple[str, ...]:
    """The sha256 that an answer names as its photos, whatever else is wrong with it."""
    named = tree.get("photos") if isinstance(tree, dict) else None
    return (
        tuple(sha for sha in named if isinstance(sha, str) and SHA256.fullmatch(sha)) if isinstance(named, list) else ()
    )


def read_submission(tree: object) -> Submission:
    """The submission in this tree; InvalidSubmission names the field that is wrong."""
    if not isinstance(tree, dict):
        raise InvalidSubmission("A submission is an object with the fields {fields}.", fields=", ".join(FIELDS))
    unknown = set(tree) - set(FIELDS)
    if unknown:
        raise InvalidSubmission("Unknown field “{field}” in the submission.", field=min(map(str, unknown)))
    base = tree.get("base")
    return Submission(
        msg_id=text_in(tree, "msg_id", UUID),
        visit_id=text_in(tree, "visit_id", UUID),
        device=text_in(tree, "device", NAME),
        n=whole_in(tree, "n"),
        base=None if base is None else text_in(tree, "base", UUID),
        checklist=text_in(tree, "checklist", NAME),
        version=whole_in(tree, "version"),
        answers=_answers(tree.get("answers")),
        marks=tuple(mark_from_tree(mark, YEARS) for mark in list_in(tree, "marks", MOST_MARKS)),
        photos=tuple(dict.fromkeys(_sha(sha) for sha in list_in(tree, "photos", MOST_PHOTOS))),
    )


def _answers(tree: object) -> Mapping[str, object]:
    if not isinstance(tree, dict) or len(tree) > MOST_ANSWERS:
        raise InvalidSubmission("The answers are an object of at most {most} questions.", most=MOST_ANSWERS)
    return cast("Mapping[str, object]", tree)


def _sha(value: object) -> str:
    if not isinstance(value, str) or not SHA256.fullmatch(value):
        raise InvalidSubmission("A photo is named by its sha256, 64 hexadecimal digits.", place="photos")
    return value
