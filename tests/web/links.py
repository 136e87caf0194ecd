"""One report by a link, as Amir makes it and takes it back, and an address that answers like none."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

from tests.web.office import Browser, Office, text_of

DAYS = "from=2026-10-01&to=2026-12-31"
ADDRESS = re.compile(r'value="(http://127\.0\.0\.1:8000(/shared/[A-Za-z0-9_-]{43}\.[0-9a-f]+\.[A-Za-z0-9_-]{43}))"')


def share(browser: Browser, about: str = f"/branches/N01/shares?{DAYS}", **fields: str) -> str:
    """The path of a new link."""
    answer = browser.post(about, data={"days": "30", "note": "the landlord", **fields})
    found = ADDRESS.search(text_of(answer))
    assert found, text_of(answer)
    return found[2]


def take_back(browser: Browser) -> TestResponse:
    """Take back the first link of the list."""
    address = re.search(r'action="(/shares/[^"]+/revocation)"', text_of(browser.get("/shares")))
    assert address
    return browser.post(address[1])


def is_like_no_page(office: Office, path: str) -> bool:
    """Whether an address answers as one that never was, byte for byte and header for header."""
    strange, missing = office.browser().get(path), office.browser().get("/nowhere/at-all")
    same = [(answer.status_code, answer.get_data(), sorted(answer.headers)) for answer in (strange, missing)]
    return strange.status_code == 404 and same[0] == same[1]
