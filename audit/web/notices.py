"""A sentence for the next page: "The visit is assigned." It travels in a cookie of its own, for a minute.

The next page may come from another process. The cookie is signed with what only this browser and the server know, so
that nobody else can put words into our mouth.
"""

from __future__ import annotations

from flask import Response, g, request
from itsdangerous import BadSignature, URLSafeSerializer

from audit.web import sessions

LASTS_SECONDS = 60
MOST_BYTES = 3500  # browsers keep 4,096 of name, value and flags


def tell_next_page(words: str) -> None:
    """Show these words at the top of the next page that this device opens."""
    if g.device is not None:
        g.notices = [*_told(), words]


def take_notices() -> list[str]:
    """The words that wait for this device; each is taken once, by a page that somebody looks at. A copy that a script
    fetches for later has none."""
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        return []
    words = _told()
    g.notices = []
    return words


def carry(response: Response) -> None:
    """After each request: hand on what was told in it, and forget what was shown."""
    if "notices" not in g or g.device is None:
        return
    words: list[str] = g.notices
    while words and len(_seal().dumps(words)) > MOST_BYTES:
        words = words[1:]
    if words or _name() in request.cookies:
        value = _seal().dumps(words) if words else ""
        lasts = LASTS_SECONDS if words else 0
        response.set_cookie(
            _name(), str(value), max_age=lasts, path="/", secure=request.is_secure, httponly=True, samesite="Lax"
        )


def _told() -> list[str]:
    if "notices" in g:
        return list(g.notices)
    if g.get("device") is None or _name() not in request.cookies:
        return []
    try:
        return [str(words) for words in _seal().loads(request.cookies[_name()])]
    except BadSignature:
        return []


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(sessions.token(), salt=_name())


def _name() -> str:
    return f"{sessions.name()}-notice"
