"""Somebody whom Ada invites, and the link that she gets for it."""

from __future__ import annotations

import re

from tests import cast
from tests.web.office import Office, text_of

GUEST = {"role": "shopper", "name": "Nora Quist"}


def link_on(page: str) -> str:
    """The path of the link, which is shown once."""
    found = re.search(r'value="http://127\.0\.0\.1:8000(/invitations/[\w-]{43})"', page)
    assert found, page
    return found.group(1)


def invited(office: Office, **guest: str) -> str:
    """The link of a new invitation."""
    answer = office.browser(cast.ADA).post("/invitations", data={**GUEST, **guest})
    assert answer.status_code == 200, text_of(answer)
    return link_on(text_of(answer))
