"""Which kind of file this is, told by its content and never by its name. Refuses everything but four kinds of photo."""

from __future__ import annotations

import re

from audit.domain.errors import InvalidPhoto

# What a phone or a camera writes has about ten scans; each further scan costs a walk over the whole picture.
MAX_JPEG_SCANS = 100

# In the coded part of a JPEG a byte FF is followed by 00 or by a restart marker; anything else is the next marker.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9

_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})

_OTHER_FILES: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "a GIF animation"),
    (b"%PDF", "a PDF document"),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF or raw camera picture"),
    (b"MM\x00*", "a TIFF or raw camera picture"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"8BPS", "a Photoshop file"),
    (b"\x1aE\xdf\xa3", "a film"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"{", "a text file"),
    (b"[", "a text file"),
)


def sniff_format(raw: bytes) -> str:
    """“JPEG”, “PNG”, “WebP” or “HEIF”, by the first bytes. InvalidPhoto names what else it is, where that is known."""
    if raw.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if raw.startswith(b"RIFF") and raw[8:12] == b"WEBP":
        return "WebP"
    if raw[4:8] == b"ftyp" and _brands(raw) & _HEIF_BRANDS and not _brands(raw) & _AVIF_BRANDS:
        return "HEIF"
    raise InvalidPhoto(
        "This file is not a photo that can be taken: it is {kind}. Send a JPEG, PNG, WebP or HEIC photo, "
        "or take the photo anew with the camera.",
        kind=_name_other_file(raw),
    )


def check_scans(raw: bytes) -> None:
    """Refuse (InvalidPhoto) a JPEG made of so many scans that decoding it would keep the machine busy for minutes."""
    scans, position = 0, 2
    while scans <= MAX_JPEG_SCANS:
        found = _NEXT_MARKER.search(raw, position)
        if found is None or raw[found.start() + 1] == _END_OF_IMAGE:
            return
        scans += raw[found.start() + 1] == _START_OF_SCAN
        # A segment says its own length, so that what it holds (a thumbnail, say) is stepped over.
        position = found.end() + int.from_bytes(raw[found.end() : found.end() + 2], "big")
    raise InvalidPhoto("This photo was made to overload the server and is not taken. Take it anew with the camera.")


def _brands(raw: bytes) -> set[bytes]:
    """The major and the compatible brands of an ISO media file."""
    length = min(int.from_bytes(raw[:4], "big"), 256)
    return {raw[8:12], *(raw[start : start + 4] for start in range(16, length - 3, 4))}


def _name_other_file(raw: bytes) -> str:
    if not raw:
        return "empty"
    if raw[4:8] == b"ftyp":
        return "an AVIF picture" if _brands(raw) & _AVIF_BRANDS else "a film"
    start = raw[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<script")):
        return "a web page"
    if b"<svg" in start:
        return "an SVG drawing"
    if start.startswith(b"<"):
        return "a text file"
    return next((kind for sign, kind in _OTHER_FILES if raw.startswith(sign)), "of an unknown kind")
