"""How a message to a phone is signed, taken apart (VAPID, RFC 8292)."""

from __future__ import annotations

from base64 import urlsafe_b64decode

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey


def parts_of(header: str) -> tuple[str, bytes, EllipticCurvePublicKey]:
    """What was signed, the signature, and the key that it is to be looked at with."""
    scheme, token, key = header.replace(",", "").split(" ")
    assert scheme == "vapid"
    signed, _, signature = token.removeprefix("t=").rpartition(".")
    point = bytes_of(key.removeprefix("k="))
    return signed, bytes_of(signature), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)


def bytes_of(text: str) -> bytes:
    assert "=" not in text
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
