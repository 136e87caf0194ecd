"""What a page may not say aloud on a phone that lies open in a shop."""

from __future__ import annotations

import re
from html import unescape

from tests.web.office import Office

TELLING = re.compile(r"candour|mystery|audit|coaching|shopper", re.IGNORECASE)


def seen(page: str) -> str:
    """The words of a page, its title among them, without what nobody reads."""
    return unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)))


def must_be_neutral(office: Office, page: str) -> None:
    """Names neither what this is nor for whom."""
    words = seen(page)
    assert not TELLING.search(words), words
    assert office.store.programme.find().name not in words
