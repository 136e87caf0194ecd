"""The cookie that says who is signed in. Owns its name, its flags and its life; what a sign-in means is an action's.

Over TLS the name begins with `__Host-`, so that no neighbour can plant it. On plain http the cookie is set only where
the connection never leaves this machine.
"""

from __future__ import annotations

from flask import Response, g, request

from audit.actions.signing_in import IDLE, OFFICE, recognise
from audit.storage.devices import Device
from audit.web.access import shelves, this_moment
from audit.web.security import is_safe_to_sign_in

NAME = "candour"


def arrive() -> None:
    """Before each request: who is it? Sets `g.person` and `g.device`, which stay None for somebody unknown."""
    held = token()
    if not held or not is_safe_to_sign_in():
        return
    found = recognise(shelves(), held, this_moment())
    if found:
        g.person, g.device = found


def keep(response: Response, token: str, device: Device) -> Response:
    """Let the browser keep the token of this device; an office's until it is closed, a phone's for its ninety days."""
    lasts = None if device.kind == OFFICE else int(IDLE[device.kind].total_seconds())
    return _set(response, token, max_age=lasts)


def extend(response: Response) -> None:
    """After each page: a phone that is in use keeps its cookie for another ninety days."""
    is_page = request.method == "GET" and (response.content_type or "").startswith("text/html")
    if is_page and g.get("person") and not _set_already(response):
        renew(response)


def renew(response: Response) -> Response:
    """Let a phone keep its cookie for another ninety days from now."""
    return response if g.device.kind == OFFICE else keep(response, token(), g.device)


def token() -> str:
    """What the browser holds to say who it is; empty if it holds nothing."""
    return request.cookies.get(name(), "")


def drop(response: Response) -> Response:
    """Let the browser forget the token."""
    return _set(response, "", max_age=0)


def label() -> str:
    """How the list of devices names the browser: its kind and its system, in words that people know."""
    agent = request.user_agent.string
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    return ", ".join(word for word in (browser, system) if word)


SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
BROWSERS = (
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def name() -> str:
    """What the cookie of this request is called."""
    return f"__Host-{NAME}" if request.is_secure else NAME


def _set(response: Response, token: str, max_age: int | None) -> Response:
    response.set_cookie(
        name(), token, max_age=max_age, path="/", secure=request.is_secure, httponly=True, samesite="Lax"
    )
    return response


def _set_already(response: Response) -> bool:
    return any(cookie.startswith(f"{name()}=") for cookie in response.headers.getlist("Set-Cookie"))
