"""The key that signs notifications, so that push services know whose they are (VAPID, RFC 8292; ES256, RFC 7518).

Owns the file of the key and the header that is made with it. A message has no body: there is nothing to encrypt.
"""

from __future__ import annotations

import json
import os
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from audit.config import InvalidSetting

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

LASTS = timedelta(hours=12)  # push services refuse a token that lasts for more than a day
COORDINATE_BYTES = 32


class PushKey:
    """A private key on the curve P-256. `public` is how browsers and push services write its other half: the
    uncompressed point in base64url, without padding."""

    def __init__(self, private: EllipticCurvePrivateKey) -> None:
        numbers = private.public_key().public_numbers()
        self._private = private
        self.public = _base64url(b"\4" + _coordinate(numbers.x) + _coordinate(numbers.y))

    def authorization(self, origin: str, contact: str, now: datetime) -> str:
        """The header `Authorization` for messages to a push service: its origin, the mail address by which its people
        reach whoever sends, and this moment, which it is good from for twelve hours."""
        claims = {"aud": origin, "exp": int((now + LASTS).timestamp()), "sub": f"mailto:{contact}"}
        signed = f"{_base64url(_json({'typ': 'JWT', 'alg': 'ES256'}))}.{_base64url(_json(claims))}"
        return f"vapid t={signed}.{_base64url(self._signature(signed.encode()))}, k={self.public}"

    def _signature(self, text: bytes) -> bytes:
        """Both numbers side by side (RFC 7518, 3.4), and not one in the other as elsewhere."""
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
        from cryptography.hazmat.primitives.hashes import SHA256

        return b"".join(map(_coordinate, decode_dss_signature(self._private.sign(text, ECDSA(SHA256())))))


def read_key(file: Path) -> PushKey:
    """The key in this file; InvalidSetting if it holds none."""
    # Taken in only where notifications are wanted: nobody else pays for the library's megabytes.
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise _no_key(file) from error
    if not isinstance(private, EllipticCurvePrivateKey) or not isinstance(private.curve, SECP256R1):
        raise _no_key(file)
    return PushKey(private)


def make_key(file: Path) -> PushKey:
    """A new key in a new file that nobody but this account may read; FileExistsError if it is there."""
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    private = generate_private_key(SECP256R1())
    text = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    return PushKey(private)


def _no_key(file: Path) -> InvalidSetting:
    return InvalidSetting("{file} holds no key. Make one with: audit push key FILE", place="AUDIT_PUSH_KEY", file=file)


def _coordinate(number: int) -> bytes:
    return number.to_bytes(COORDINATE_BYTES, "big")


def _json(tree: object) -> bytes:
    return json.dumps(tree, separators=(",", ":")).encode()


def _base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
