"""What the files of reports are called: in the letters of the branch, whatever its script, and never alike for two.

Refuses what a file system or a header could take for something else: slashes, blanks, controls, signs without a letter.
"""

from __future__ import annotations

import hashlib
import unicodedata

MOST_BYTES = 120  # of one part: with the others and an ending it stays below the 255 that file systems take
_KEPT = frozenset("LMN")  # letters, the marks upon them, numbers
_REPLACED = "_"


def file_name(*parts: str) -> str:
    """`candour`, then the parts that are not empty, with dashes between them; of a file, without its ending."""
    return "-".join(("candour", *(_short(_safe(part)) for part in parts if part)))


def in_ascii(name: str) -> str:
    """The same for a program that takes ASCII alone. What cannot be said in it is told apart by a digest at the end."""
    if name.isascii():
        return name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"{_squeezed(plain, '-')}-{_digest(name)}"


def _safe(part: str) -> str:
    letters = unicodedata.normalize("NFC", part)
    return _squeezed("".join(sign if _is_kept(sign) else _REPLACED for sign in letters), _REPLACED)


def _is_kept(sign: str) -> bool:
    return sign in ".-" or unicodedata.category(sign)[0] in _KEPT


def _squeezed(name: str, sign: str) -> str:
    while sign * 2 in name:
        name = name.replace(sign * 2, sign)
    return name


def _short(part: str) -> str:
    raw = part.encode()
    if len(raw) <= MOST_BYTES:
        return part
    return f"{raw[:MOST_BYTES].decode(errors='ignore')}-{_digest(part)}"


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:6]
