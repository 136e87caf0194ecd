"""The files of the look: stylesheets and modules joined and served under an address that changes when any of them does.

Owns which stylesheets make up which kind of page. Refuses every name that was not there at start.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import brotli

from audit.domain.errors import NotFound
from audit.web import styles
from audit.web.scripts import Script, join
from audit.web.shortening import shorten

_PHONE = (
    "tokens base components/masthead components/buttons components/fields components/choices components/notices "
    "components/lists components/questions pages/visit pages/phone"
)
_DESK = (
    "tokens base components/masthead components/buttons components/fields components/choices components/notices "
    "components/lists components/figures pages/desk"
)
# Scripts that are joined from modules, by their names on the wire.
SHARED = "js/phone.js"
SCRIPTS = {
    SHARED: Script("js/phone/phone.js", names="Phone"),
    "js/visit.js": Script("js/visit/form.js"),
    "js/keeping.js": Script("js/visit/keeping.js", SHARED),
    "js/shrinking.js": Script("js/phone/shrinking.js", worker=True),
    "js/notifying.js": Script("js/phone/notifying.js", SHARED),
    "js/list.js": Script("js/phone/list.js", SHARED),
    "js/worker.js": Script("js/phone/worker.js", SHARED, worker=True),
}
# Stands in every page of a phone; css/phone.css is all else.
FIRST = "css/first.css"
BUNDLES = {
    FIRST: (styles.join_first, tuple(_PHONE.split())),
    "css/phone.css": (styles.join_rest, tuple(_PHONE.split())),
    "css/desk.css": (styles.join, tuple(_DESK.split())),
    **{f"css/{report}.css": (styles.join, (report,)) for report in ("paper/screen", "paper/overview")},
    "css/questions.css": (styles.join, ("components/questions",)),
}

KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".webmanifest": "application/manifest+json",
}
_WORTH_PRESSING = (".css", ".js", ".svg", ".webmanifest")


@dataclass(frozen=True)
class Asset:
    """One file: its bytes, the same pressed for the wire by coding name ("br", "gzip"), and its media type."""

    body: bytes
    pressed: dict[str, bytes]
    media_type: str


class Assets:
    """Every file under `static/`, read once at start, with the joined stylesheets of BUNDLES and the joined SCRIPTS."""

    def __init__(self, folder: Path) -> None:
        self._files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix in KINDS
        }
        self._files |= {
            name: join_sheets(self._files[f"css/{part}.css"].decode() for part in parts)
            for name, (join_sheets, parts) in BUNDLES.items()
        }
        self._files |= shorten({name: join(self._files, SCRIPTS, name) for name in SCRIPTS})
        self.tag = _tag_of(self._files)
        self._ready: dict[str, Asset] = {}

    def url(self, name: str) -> str:
        """The address of a file; KeyError names a file that is not there, so that a template fails aloud."""
        if name not in self._files:
            raise KeyError(f"There is no file {name!r} under static/.")
        return f"/static/{self.tag}/{name}"

    def body(self, name: str) -> bytes:
        """The bytes of a file as they stand; KeyError for one that is not there."""
        return self._files[name]

    def find(self, tag: str, name: str) -> Asset:
        """The file of that name in this version; NotFound for another version or any other name."""
        if tag != self.tag or name not in self._files:
            raise NotFound("This page is not there.")
        if name not in self._ready:
            self._ready[name] = _prepare(name, self._files[name])
        return self._ready[name]


def complain(component: str, why: str) -> NoReturn:
    """Stop the page: a component of the look was used wrongly. Templates call it, so that mistakes are aloud."""
    raise ValueError(f"{component}: {why}")


def _tag_of(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, body in files.items():
        digest.update(name.encode() + b"\0" + hashlib.sha256(body).digest())
    return digest.hexdigest()[:12]


def _prepare(name: str, body: bytes) -> Asset:
    suffix = Path(name).suffix
    pressed = (
        {"br": brotli.compress(body, quality=11), "gzip": gzip.compress(body, 9, mtime=0)}
        if suffix in _WORTH_PRESSING
        else {}
    )
    return Asset(body, pressed, KINDS[suffix])
