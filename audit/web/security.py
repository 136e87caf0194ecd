"""What every answer carries and every request must show: headers, our own origin, the proxy's word.

The defence against requests forged by other sites is the browser's own report of where a request comes from, so that
nothing expires while a phone is offline (OWASP CSRF Prevention Cheat Sheet, "Fetch Metadata headers").
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import request

from audit.config import LOOPBACK_HOSTS, Network
from audit.domain.errors import NotAllowed

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
NUMBER = re.compile(r"(\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?", re.ASCII | re.IGNORECASE)
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "candour",
}

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Origin-Agent-Cluster": "?1",
}


def check_origin() -> None:
    """Refuse a request that changes something unless the browser says that one of our own pages sent it."""
    if request.method in SAFE_METHODS:
        return
    environ = request.environ
    site, origin = environ.get("HTTP_SEC_FETCH_SITE"), environ.get("HTTP_ORIGIN")
    ours = site == "same-origin" if site is not None else origin == request.host_url.rstrip("/")
    if not ours:
        raise NotAllowed("This was not sent from one of our own pages. Open the page again and send it from there.")


class Headed:
    """Gives every answer, whatever made it, the headers that all carry. What an answer sets itself it keeps.

    `style` is the one that may stand in a page, byte for byte."""

    def __init__(self, app: WSGIApplication, style: bytes) -> None:
        self.app = app
        this_one = f"'sha256-{b64encode(hashlib.sha256(style).digest()).decode()}'"
        rules = POLICY | {"style-src": f"{POLICY['style-src']} {this_one}"}
        policy = "; ".join(f"{name} {value}" for name, value in rules.items())
        plain = {"Content-Security-Policy": policy, "Cache-Control": "no-store", **HEADERS}
        secure = {**plain, "Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
        self._plain, self._secure = _by_small_name(plain), _by_small_name(secure)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        ours = self._secure if environ["wsgi.url_scheme"] == "https" else self._plain

        def start(
            status: str, headers: list[tuple[str, str]], exc_info: OptExcInfo | None = None, /
        ) -> Callable[[bytes], object]:
            own = {name.lower() for name, _ in headers}
            added = [header for name, header in ours.items() if name not in own]
            return start_response(status, [*headers, *added], exc_info)

        return self.app(environ, start)


def _by_small_name(headers: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {name.lower(): (name, value) for name, value in headers.items()}


def is_safe_to_sign_in() -> bool:
    """Whether a cookie is safe on this connection: encrypted, or never leaving this machine."""
    return request.is_secure or is_loopback()


def is_loopback() -> bool:
    """Whether the page was asked for by one of this machine's own names."""
    host = request.host
    return (host if host in LOOPBACK_HOSTS else host.rsplit(":", 1)[0]) in LOOPBACK_HOSTS


def is_own_number(environ: WSGIEnvironment, hosts: Iterable[str]) -> bool:
    """Whether the host that is asked for is one of these numbers in brackets, with or without a port."""
    found = NUMBER.fullmatch(str(environ.get("HTTP_HOST", "")))
    return found is not None and found[1].lower() in [host.lower() for host in hosts]


def own_path(address: str | None) -> str:
    """The address if it is a path of ours, else the home page; never another site, whatever browsers make of it."""
    text = address or ""
    plain = text.isascii() and text.isprintable() and "\\" not in text and " " not in text
    if not plain or not text.startswith("/") or text.startswith("//"):
        return "/"
    parts = urlsplit(text)
    return "/" if parts.scheme or parts.netloc else text


class BehindProxy:
    """Takes the sender's address and the scheme from the forwarded headers of a trusted proxy, and drops all others."""

    def __init__(self, app: WSGIApplication, proxies: Iterable[Network]) -> None:
        self.app = app
        self.proxies = tuple(proxies)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        forwarded = {name: str(environ.pop(name, "")) for name in FORWARDED}
        if self._is_proxy(str(environ.get("REMOTE_ADDR", ""))):
            senders = [part.strip() for part in forwarded["HTTP_X_FORWARDED_FOR"].split(",") if part.strip()]
            # From the right: the last address that is not a proxy of ours was seen by one, the rest is hearsay.
            sender = next((address for address in reversed(senders) if not self._is_proxy(address)), None)
            if sender and _is_address(sender):
                environ["REMOTE_ADDR"] = sender
            if forwarded["HTTP_X_FORWARDED_PROTO"].strip().lower() in ("http", "https"):
                environ["wsgi.url_scheme"] = forwarded["HTTP_X_FORWARDED_PROTO"].strip().lower()
        return self.app(environ, start_response)

    def _is_proxy(self, address: str) -> bool:
        if not self.proxies or not _is_address(address):
            return False
        return any(ip_address(address) in network for network in self.proxies)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
