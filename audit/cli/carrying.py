"""Carrying a notification to its push service (RFC 8030): one request without a body, over TLS, to a known host.

Refuses an address of no known host, a host that is none of the public network's, and to follow where it is sent on.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from ipaddress import ip_address

from audit.actions.notifying import Carried
from audit.domain.errors import InvalidField
from audit.domain.notification import must_be_push_address
from audit.web.push_keys import PushKey

PORT = 443
PATIENCE_SECONDS = 10
TOPIC = "list"  # a message that waits for a phone out of reach gives way to the next
GONE = (404, 410)
TOO_MANY = 429


@dataclass
class Carrier:
    """Carries messages of one run. A host that cannot take one is left alone for the rest of it; `troubles` says of
    each host what was wrong that somebody should mend."""

    key: PushKey
    contact: str
    services: tuple[str, ...]
    clock: Callable[[], datetime]
    troubles: dict[str, str] = field(default_factory=dict)
    resting: set[str] = field(default_factory=set)
    tokens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.began = self.clock()

    def carry(self, address: str, seconds: int) -> Carried:
        """Hand one message over and say what became of it. It may be kept for so many seconds from when the run began,
        since then the night begins: after them it is not sent at all."""
        left = seconds - int((self.clock() - self.began).total_seconds())
        try:
            host = must_be_push_address(address, self.services)
        except InvalidField:
            return Carried.GONE  # the list of known hosts has changed, or the row has
        if host in self.resting or left <= 0:
            return Carried.LATER
        try:
            status = self._post(host, address, left)
        except (OSError, http.client.HTTPException) as error:
            self.resting.add(host)
            self.troubles[host] = f"{type(error).__name__}: {error}"
            return Carried.LATER
        return self._judged(host, status)

    def _post(self, host: str, address: str, left: int) -> int:
        connection = _Connection(host, PORT, timeout=PATIENCE_SECONDS)
        try:
            headers = {
                "Authorization": self._authorization(host),
                "Content-Length": "0",
                "TTL": str(left),
                "Topic": TOPIC,
                "Urgency": "normal",
            }
            connection.request("POST", address.removeprefix(f"https://{host}"), headers=headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def _authorization(self, host: str) -> str:
        if host not in self.tokens:
            self.tokens[host] = self.key.authorization(f"https://{host}", self.contact, self.began)
        return self.tokens[host]

    def _judged(self, host: str, status: int) -> Carried:
        if 200 <= status < 300:
            return Carried.TAKEN
        if status in GONE:
            return Carried.GONE
        if status == TOO_MANY or status >= 500:
            self.resting.add(host)
            return Carried.LATER
        self.troubles[host] = f"it answered {status}"
        return Carried.REFUSED


class _Connection(http.client.HTTPConnection):
    """A connection to one of the addresses that were looked at, under the name that the certificate has to bear."""

    default_port = PORT

    def connect(self) -> None:
        plain = self._reach(public_addresses(self.host))
        try:
            self.sock = trust().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def _reach(self, addresses: list[str]) -> socket.socket:
        """The first address that answers: a machine may know a way to some of them alone."""
        for address in addresses[:-1]:
            with suppress(OSError):
                return socket.create_connection((address, self.port), self.timeout)
        return socket.create_connection((addresses[-1], self.port), self.timeout)


def public_addresses(host: str) -> list[str]:
    """Where the host is on the public network; OSError if any of its addresses is elsewhere, or this machine's."""
    found = [str(place[4][0]) for place in socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)]
    if not found or not all(ip_address(address).is_global for address in found):
        raise OSError(f"{host} is not on the public network")
    return found


@cache
def trust() -> ssl.SSLContext:
    """Whose certificates are believed: those that the system believes."""
    return ssl.create_default_context()
