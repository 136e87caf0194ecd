"""Sam's phone for tests of the outbox's calls: it numbers its messages, and sends bytes that never change."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass

from PIL import Image
from werkzeug.test import TestResponse

from audit.domain.visit import Visit
from audit.storage.identifiers import new_id
from tests.web.office import Browser, Office

SAID = {
    "greeted": "yes",
    "thanked": {"value": "no", "comment": "He looked away."},
    "customer_state": "satisfied",
    "narrative": "Quick, but cold.",
}


def picture(shade: int = 90) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 120, 60)).save(file, "PNG")
    return file.getvalue()


def sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


@dataclass
class Phone:
    """Sam's phone: it numbers its messages, and sends bytes that never change."""

    office: Office
    visit: Visit
    browser: Browser
    device: str = "phone-1"
    n: int = 0

    def envelope(self, answers: dict[str, object] | None = None, **changes: object) -> bytes:
        self.n += 1
        fields = {
            "msg_id": new_id(),
            "visit_id": self.visit.id,
            "device": self.device,
            "n": self.n,
            "base": None,
            "checklist": self.visit.checklist_id,
            "version": self.visit.version,
            "answers": SAID if answers is None else answers,
            "marks": [],
            "photos": [],
        }
        return json.dumps({**fields, **changes}).encode()

    def put(self, what: str, raw: bytes) -> TestResponse:
        return self.browser.put(f"/visits/{self.visit.id}/{what}", data=raw)

    def send(self, raw: bytes) -> TestResponse:
        return self.put("submission", raw)

    def put_photo(self, raw: bytes, name: str = "") -> TestResponse:
        return self.put(f"photos/{name or sha(raw)}", raw)

    @property
    def draft(self) -> dict:
        return self.browser.get(f"/visits/{self.visit.id}/draft").get_json()

    @property
    def kept(self) -> Visit:
        return self.office.store.visits.find(self.visit.id)
