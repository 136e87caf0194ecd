"""The key that signs links to reports: whoever has a copy of the database, and not the key, makes none.

A link carries a secret, the second in which it ends (since 1970, hexadecimal) and the signature of both, HMAC-SHA256,
with dots between them. Owns the file of the key and what a signed link looks like; refuses to know what it opens.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from datetime import datetime
from hmac import compare_digest
from pathlib import Path
from typing import cast

from flask import current_app
from itsdangerous import Signer

from audit.actions.sharing import Token
from audit.config import InvalidSetting
from audit.storage.folders import sync_folder
from audit.web.access import settings

SALT = b"candour: a link to a report"
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_SIGNED = re.compile(r"[A-Za-z0-9_-]{43}\.[0-9a-f]{1,12}\.[A-Za-z0-9_-]{43}")


class LinkKey:
    """A key of 256 bits, written in base64url. `name` tells it from others, and nothing of it."""

    def __init__(self, text: str) -> None:
        self.name = hashlib.sha256(SALT + text.encode()).hexdigest()[:16]
        self._signer = Signer(text, salt=SALT, key_derivation="hmac", digest_method=hashlib.sha256)

    def sign(self, secret: str, until: datetime) -> str:
        """The token of a link that is good until then; to the second, and never for less."""
        return self._signer.sign(f"{secret}.{int(until.timestamp()) + 1:x}").decode()

    def read(self, token: str, now: datetime) -> Token | None:
        """What the token carries; None if it was not signed with this key, was altered, or ended by this clock."""
        if not _SIGNED.fullmatch(token):
            return None
        said = token.rpartition(".")[0]
        # Not unsigned but signed anew: the last sign of a signature can be spelled in four ways, and one is ours.
        if not compare_digest(self._signer.sign(said), token.encode()):
            return None
        secret, _, end = said.partition(".")
        return Token(secret, self.name) if now.timestamp() < int(end, 16) else None


def link_key() -> LinkKey:
    """That of this installation."""
    if "link_key" not in current_app.extensions:
        current_app.extensions["link_key"] = open_key(settings().link_key_file)
    return cast("LinkKey", current_app.extensions["link_key"])


def open_key(file: Path) -> LinkKey:
    """The key in this file, which is made if it is not there. InvalidSetting if it cannot be, if the file holds no key,
    or if others may read it."""
    try:
        if not file.exists():
            _make(file)
        mode, text = file.stat().st_mode, file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise _unusable("{file} cannot be read or made: {why}.", file, str(error.strerror)) from error
    except UnicodeDecodeError:
        mode, text = 0, ""
    if not _KEY.fullmatch(text):
        raise _unusable("{file} holds no key. Put the one back that was there, or remove the file.", file)
    if os.name == "posix" and mode & 0o077:
        raise _unusable("Others may read {file}. Keep it to the account that runs Candour: chmod 600", file)
    return LinkKey(text)


def read_key(file: Path) -> LinkKey | None:
    """The same, if it is there; nothing is made."""
    return open_key(file) if file.exists() else None


def _make(file: Path) -> None:
    """Whole or not at all, and once, however many do it at the same time."""
    unfinished = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as opened:
            opened.write(f"{secrets.token_urlsafe(32)}\n")
            opened.flush()
            os.fsync(opened.fileno())
        try:
            os.link(unfinished, file)
        except FileExistsError:
            pass
        except OSError:  # a file system where no file has two names
            unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(file.absolute().parent)


def _unusable(words: str, file: Path, why: str = "") -> InvalidSetting:
    return InvalidSetting(words, place="AUDIT_LINK_KEY", file=file, why=why)
