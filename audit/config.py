"""The settings of an installation, read from the environment once, and the clock. Refuses a wrong value by its name.

`VARIABLES` is the whole table: name, default, meaning and reader. The page of the docs is checked against it.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from audit.domain.errors import CandourError

Network = IPv4Network | IPv6Network

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")
MOST_BY_ITSELF, MOST_PROCESSES = 2, 16
CATALOGUES = Path(__file__).parent / "translations"
_SERVICE = re.compile(r"\.?([a-z0-9-]+\.)+[a-z]{2,}")
_PUBLIC_ADDRESS = re.compile(r"https?://([\w.-]+|\[[0-9A-Fa-f:.]+\])(:(?P<port>[0-9]{1,5}))?/?")


class InvalidSetting(CandourError):
    """A variable of the environment that cannot be used; `place` is its name."""


@dataclass(frozen=True)
class Variable:
    """One row of the table. `read` turns the text into its value, or raises ValueError with the mend as a sentence."""

    name: str
    field: str
    default: str
    meaning: str
    read: Callable[[str], object]


@dataclass(frozen=True)
class Config:
    """What an installation was told. Periods of retention are in days; 0 keeps for ever."""

    database: Path
    photos: Path
    url: str
    host: str
    port: int
    processes: int
    time_zone: str
    language: str
    trusted_proxy: tuple[Network, ...]
    trusted_hosts: tuple[str, ...]
    retention_drafts_days: int
    retention_positions_days: int
    retention_submissions_days: int
    retention_photos_days: int
    retention_shoppers_days: int
    retention_sign_ins_days: int
    smtp_host: str
    smtp_port: int
    smtp_user: str
    smtp_password: str = field(repr=False)
    smtp_from: str
    link_key: Path | None
    push_key: Path | None
    push_contact: str
    push_services: tuple[str, ...]
    log_level: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Config:
        """The settings, defaults filled in. InvalidSetting names the first wrong variable, and the mend."""
        given = os.environ if environment is None else environment
        config = cls(**{row.field: _read(row, given.get(row.name, "")) for row in VARIABLES})  # type: ignore[arg-type]
        if given.get("AUDIT_URL", "").strip():
            return config
        return replace(config, url=_address_here(config.host, config.port))

    def listening(self, host: str | None, port: int | None) -> Config:
        """The same, listening elsewhere. An address on this machine that nobody changed follows the port."""
        other = replace(self, host=host or self.host, port=port or self.port)
        follows = self.url == _address_here(self.host, self.port)
        return replace(other, url=_address_here(other.host, other.port)) if follows else other

    @cached_property  # every request asks
    def hosts(self) -> tuple[str, ...]:
        """The host names that requests may ask for, without ports."""
        if self.trusted_hosts:
            return self.trusted_hosts
        own = urlsplit(self.url).hostname or ""
        return tuple(dict.fromkeys((f"[{own}]" if ":" in own else own, *LOOPBACK_HOSTS)))

    @property
    def link_key_file(self) -> Path:
        """Where the key is kept that signs links to reports: beside the database, if nothing else was said."""
        return self.link_key or self.database.with_name(f"{self.database.name}.link-key")

    @property
    def pushes(self) -> bool:
        """Whether shoppers may have notifications at all: not unless whoever runs this has set both."""
        return self.push_key is not None and bool(self.push_contact)

    @property
    def listens_at(self) -> str:
        """Host and port that the server listens at, as one text."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def address_of(self, path: str) -> str:
        """The public address of one of our paths, which begins with a slash."""
        return self.url + path


def clock() -> datetime:
    """This moment, in UTC. Only pages and the command line ask; everything inside is told."""
    return datetime.now(UTC)


def unknown_names(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Variables that look like ours and are none, so that a slip of the pen can be told at start."""
    given = os.environ if environment is None else environment
    return tuple(name for name in sorted(given) if name.startswith("AUDIT_") and name not in _BY_NAME)


def _read(row: Variable, given: str) -> object:
    text = given.strip() or row.default
    try:
        return row.read(text)
    except ValueError as error:
        raise InvalidSetting("“{text}” cannot be used. {mend}", place=row.name, text=text, mend=error) from None


def _address_here(host: str, port: int) -> str:
    """Where a browser on this machine finds what listens there."""
    return f"http://[::1]:{port}" if host == "::1" else f"http://127.0.0.1:{port}"


def _path(text: str) -> Path:
    if "://" in text:
        raise ValueError("Write a path on this machine, like /var/lib/candour.")
    return Path(text).expanduser()


def _folder(text: str) -> Path:
    path = _path(text)
    if path.exists() and not path.is_dir():
        raise ValueError("There is a file of that name. Name a folder.")
    return path


def _url(text: str) -> str:
    found = _PUBLIC_ADDRESS.fullmatch(text)
    if found is None or int(found["port"] or 80) not in range(1, 65536):
        raise ValueError("Write the public address without a path, like https://audit.example.org.")
    return text.rstrip("/")


def _host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", text):
        raise ValueError("Write an address or a name of this machine, like 127.0.0.1 or 0.0.0.0.")
    return text


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise ValueError("Write a number from 1 to 65535.")
    return int(text)


def _processes(text: str) -> int:
    if text == "auto":
        return min(MOST_BY_ITSELF, _cores())
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= MOST_PROCESSES:
        raise ValueError(f"Write auto, or a number from 1 to {MOST_PROCESSES}.")
    return int(text)


def _cores() -> int:
    """Those that we may use, which in a container may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _time_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, OSError, ValueError):
        raise ValueError("Write a time zone like Europe/Zurich.") from None
    return text


def _language(text: str) -> str:
    spoken = [catalogue.name.replace("_", "-") for catalogue in CATALOGUES.glob("*/")]
    if not {text, text.split("-")[0]}.intersection(spoken):
        raise ValueError(f"Write one that the pages speak: {', '.join(sorted(spoken))}.")
    return text


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part) for part in _words(text))
    except ValueError:
        raise ValueError("Write the proxy's addresses, comma between them, like 127.0.0.1 or 10.0.0.0/8.") from None


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _hosts(text: str) -> tuple[str, ...]:
    if any("/" in word or "*" in word for word in _words(text)):
        raise ValueError("Write host names, comma between them, like audit.example.org.")
    return _words(text)


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 36500:
        raise ValueError("Write a number of days; 0 keeps for ever.")
    return int(text)


def _server(text: str) -> str:
    if any(sign in text for sign in "/@: ") or not text.isprintable():
        raise ValueError("Write a host alone, like mail.example.org.")
    return text


def _sender(text: str) -> str:
    name, _, host = text.rpartition("@")
    if text and (not name or not host or not text.isprintable() or " " in text):
        raise ValueError("Write one address like candour@example.org.")
    return text


def _key_file(text: str) -> Path | None:
    if not text:
        return None
    path = _path(text)
    try:
        mode = path.stat().st_mode if path.is_file() else None
    except OSError:
        mode = None
    if mode is None:
        raise ValueError("There is no such file to read. Make it with: audit push key FILE")
    if os.name == "posix" and mode & 0o077:
        raise ValueError("Others may read it. Keep it to the account that runs Candour: chmod 600")
    return path


def _link_key_file(text: str) -> Path | None:
    if not text:
        return None
    if _path(text).is_dir():
        raise ValueError("There is a folder of that name. Name a file.")
    return _path(text)


def _push_services(text: str) -> tuple[str, ...]:
    if not all(_SERVICE.fullmatch(word) for word in _words(text)):
        raise ValueError("Write host names, comma between them; a dot in front stands for all names that end so.")
    return _words(text)


def _level(text: str) -> str:
    if text.lower() not in ("debug", "info", "warning", "error"):
        raise ValueError("Write debug, info, warning or error.")
    return text.lower()


VARIABLES = (
    Variable("AUDIT_DATABASE", "database", "candour.sqlite", "The file of the database.", _path),
    Variable("AUDIT_PHOTOS", "photos", "photos", "The folder of the photos.", _folder),
    Variable(
        "AUDIT_URL", "url", "http://127.0.0.1:8000", "The public address; links and QR codes begin with it.", _url
    ),
    Variable("AUDIT_HOST", "host", "127.0.0.1", "The address that the server listens at.", _host),
    Variable("AUDIT_PORT", "port", "8000", "The port that the server listens at.", _port),
    Variable(
        "AUDIT_PROCESSES",
        "processes",
        "auto",
        "How many processes answer; auto: two if there are two cores.",
        _processes,
    ),
    Variable("AUDIT_TIME_ZONE", "time_zone", "UTC", "The time zone of a new programme.", _time_zone),
    Variable("AUDIT_LANGUAGE", "language", "en", "The language for people who have not chosen one.", _language),
    Variable(
        "AUDIT_TRUSTED_PROXY", "trusted_proxy", "", "Addresses of the proxy whose forwarded headers count.", _networks
    ),
    Variable(
        "AUDIT_TRUSTED_HOSTS",
        "trusted_hosts",
        "",
        "Host names to answer to; empty: AUDIT_URL's and this machine.",
        _hosts,
    ),
    Variable(
        "AUDIT_RETENTION_DRAFTS_DAYS", "retention_drafts_days", "90", "How long a visit never sent is kept.", _days
    ),
    Variable(
        "AUDIT_RETENTION_POSITIONS_DAYS",
        "retention_positions_days",
        "90",
        "How long positions, and times inside photos, are kept.",
        _days,
    ),
    Variable(
        "AUDIT_RETENTION_SUBMISSIONS_DAYS",
        "retention_submissions_days",
        "365",
        "How long the bytes of a submission are kept as they came.",
        _days,
    ),
    Variable("AUDIT_RETENTION_PHOTOS_DAYS", "retention_photos_days", "730", "How long photos are kept.", _days),
    Variable(
        "AUDIT_RETENTION_SHOPPERS_DAYS",
        "retention_shoppers_days",
        "730",
        "How long after the last visit a shopper's name is kept.",
        _days,
    ),
    Variable(
        "AUDIT_RETENTION_SIGN_INS_DAYS",
        "retention_sign_ins_days",
        "90",
        "How long ended sign-ins, invitations and links to reports are kept.",
        _days,
    ),
    Variable("AUDIT_SMTP_HOST", "smtp_host", "", "The server that takes mail; empty: nothing is ever mailed.", _server),
    Variable("AUDIT_SMTP_PORT", "smtp_port", "587", "Its port; with 465 encrypted from the first byte on.", _port),
    Variable("AUDIT_SMTP_USER", "smtp_user", "", "The name for that server, if it asks for one.", str),
    Variable("AUDIT_SMTP_PASSWORD", "smtp_password", "", "The password for that server.", str),
    Variable("AUDIT_SMTP_FROM", "smtp_from", "", "The address that mails come from.", _sender),
    Variable(
        "AUDIT_LINK_KEY",
        "link_key",
        "",
        "The file that signs links to reports, made at the first start; empty: beside the database.",
        _link_key_file,
    ),
    Variable("AUDIT_PUSH_KEY", "push_key", "", "The file that signs notifications; empty: there are none.", _key_file),
    Variable(
        "AUDIT_PUSH_CONTACT",
        "push_contact",
        "",
        "The mail address by which push services reach you; empty: no notifications.",
        _sender,
    ),
    Variable(
        "AUDIT_PUSH_SERVICES",
        "push_services",
        "fcm.googleapis.com, .push.services.mozilla.com, .push.apple.com, .notify.windows.com",
        "The push services of browsers that may be spoken to; a dot in front stands for all names that end so.",
        _push_services,
    ),
    Variable("AUDIT_LOG_LEVEL", "log_level", "info", "What the log holds: debug, info, warning or error.", _level),
)

_BY_NAME = {row.name: row for row in VARIABLES}
