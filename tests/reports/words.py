"""Catalogues for tests: one that speaks in capitals, so that a text that did not pass through it shows, and one that
remembers what it was asked for."""

import re
from collections.abc import Iterator

from babel.support import NullTranslations

from audit.web.catalogues import collect

_PLACE = re.compile(r"(%\(\w+\)s)")


class Shouting(NullTranslations):
    """Speaks English, loudly; places for values stay as they are."""

    def gettext(self, message: str) -> str:
        return "".join(part if _PLACE.fullmatch(part) else part.upper() for part in _PLACE.split(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


class Listening(NullTranslations):
    """Speaks English, and remembers every message."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: set[str] = set()

    def gettext(self, message: str) -> str:
        self.heard.add(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.heard |= {msgid1, msgid2}
        return msgid1 if n == 1 else msgid2


def collect_texts() -> Iterator[str]:
    """Every text that translators are given."""
    for message in collect():
        yield from [message.id] if isinstance(message.id, str) else message.id
