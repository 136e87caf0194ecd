"""Phones and pages as they behave: what each believes, what it types, and the bytes that it sends."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from PIL import Image

from audit.domain.submission import Submission, read_envelope
from audit.domain.visit import Visit
from tests.builders import id_number

# Few, so that devices contradict one another often.
WORDS: Mapping[str, tuple[str, ...]] = {"till": ("yes", "no"), "people": ("1", "2", "3")}
PHOTOS_AT = "shelf"
Said = dict[str, str | None]  # None takes an answer back


def picture(shade: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 6), (shade, 120, 60)).save(file, "PNG")
    return file.getvalue()


PICTURES = {hashlib.sha256(raw).hexdigest(): raw for raw in (picture(shade) for shade in (10, 20, 30))}


@dataclass(frozen=True)
class Message:
    """What a device froze and sends: `touched` is what its shopper typed and nobody has confirmed so far."""

    raw: bytes
    submission: Submission
    touched: Said
    finished: bool


@dataclass
class Device:
    """One of the shopper's devices. A page shows every answer; a phone sends what it said or was shown."""

    name: str
    is_page: bool = False
    n: int = 0
    base: str | None = None
    shown: Said = field(default_factory=dict)
    touched: dict[str, tuple[str | None, int]] = field(default_factory=dict)  # with the number it first went out under
    sent: dict[str, tuple[str | None, int]] = field(default_factory=dict)  # of these, what is under way
    before: Said = field(default_factory=dict)  # what was shown when it last sent or looked
    photos: list[str] = field(default_factory=list)
    known: dict[str, set[str | None]] = field(default_factory=lambda: {id: {None} for id in WORDS})

    def type(self, id: str, word: str | None) -> None:
        """The shopper answers, or takes the answer back. What is changed and changed back was not touched, and of what
        was never there nothing is said."""
        self.shown[id] = word
        if word is None and id not in self.before:
            del self.shown[id]
        self.known[id].add(word)
        if word != self.before.get(id):
            self.touched[id] = (word, self.n + 1)
        elif id in self.touched and self.touched[id][1] > self.n:
            self._untouch(id)

    def look(self, visit: Visit, merged: Mapping[str, int]) -> None:
        """Fetch what stands on the server, and up to which number it is merged: that confirms what was sent so far.
        What was typed here since stays in front of it."""
        self.confirm(merged.get(self.name, 0))
        stands = values(visit)
        self.base = visit.head
        self.shown = {**stands, **{id: word for id, (word, _) in self.touched.items()}}
        self.before = {**stands, **{id: word for id, (word, _) in self.sent.items()}}
        for id in [id for id, (word, n) in self.touched.items() if n > self.n and word == self.before.get(id)]:
            self._untouch(id)
        self.photos = list(dict.fromkeys((*visit.photos, *self.photos)))
        for id in WORDS:
            self.known[id].add(stands.get(id))

    def _untouch(self, id: str) -> None:
        del self.touched[id]
        if id in self.sent:
            self.touched[id] = self.sent[id]

    def freeze(self, number: int, visit: Visit, *, finished: bool) -> Message:
        """The next message, as bytes that never change."""
        self.n += 1
        answers: dict[str, object] = {
            id: word for id, word in self.shown.items() if not (self.is_page and word is None)
        }
        if self.photos:
            answers[PHOTOS_AT] = {"photos": self.photos}
        tree = {
            "msg_id": id_number(1_000_000 + number),
            "visit_id": visit.id,
            "device": self.name,
            "n": self.n,
            "base": self.base,
            "checklist": visit.checklist_id,
            "version": visit.version,
            "answers": answers,
            "marks": [],
            "photos": self.photos,
        }
        raw = json.dumps(tree).encode()
        self.before, self.sent = dict(self.shown), dict(self.touched)
        return Message(raw, read_envelope(raw), {id: word for id, (word, _) in self.touched.items()}, finished)

    def hear(self, message: Message) -> None:
        """The server's word that it has this message: what was typed up to it is confirmed."""
        self.confirm(message.submission.n)

    def confirm(self, n: int) -> None:
        for waiting in (self.touched, self.sent):
            for id in [id for id, (_, number) in waiting.items() if number <= n]:
                del waiting[id]


def values(visit: Visit) -> Said:
    """What stands in the visit for each of the words."""
    return {id: str(visit.answers[id].value) for id in WORDS if id in visit.answers}
