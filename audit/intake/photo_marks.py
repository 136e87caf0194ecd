"""When and where a photo was taken, as its camera wrote it down; for the office alone. What is broken is unknown."""

from __future__ import annotations

import math
import re
from datetime import datetime

from PIL import Image

_ORIENTATION = 0x0112
_EXIF_PART, _POSITION_PART = 0x8769, 0x8825
_TAKEN_AT, _TAKEN_OFFSET = 0x9003, 0x9011
_LATITUDE_SIDE, _LATITUDE, _LONGITUDE_SIDE, _LONGITUDE = 1, 2, 3, 4
_OFFSET = re.compile(r"[+-](0\d|1[0-4]):[0-5]\d")


def read_orientation(exif: Image.Exif) -> int:
    """The EXIF orientation, 1 to 8; 1 (upright) where it is missing or wrong."""
    value = exif.get(_ORIENTATION, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def read_taken_at(exif: Image.Exif) -> str | None:
    """DateTimeOriginal as ISO text, with the offset from UTC if there is one (EXIF 2.31: OffsetTimeOriginal)."""
    part = exif.get_ifd(_EXIF_PART)
    try:
        moment = datetime.strptime(_text(part.get(_TAKEN_AT)), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the camera's own clock
    except ValueError:
        return None
    offset = _text(part.get(_TAKEN_OFFSET))
    return moment.isoformat() + (offset if _OFFSET.fullmatch(offset) else "")


def read_position(exif: Image.Exif) -> tuple[float, float] | None:
    """Latitude and longitude in degrees (north and east positive, six places), or None where they make no sense."""
    part = exif.get_ifd(_POSITION_PART)
    latitude = _degrees(part.get(_LATITUDE), _text(part.get(_LATITUDE_SIDE)), "NS", 90)
    longitude = _degrees(part.get(_LONGITUDE), _text(part.get(_LONGITUDE_SIDE)), "EW", 180)
    # Cameras without a fix write zeros: a spot in the ocean that no branch stands on.
    if latitude is None or longitude is None or latitude == longitude == 0:
        return None
    return latitude, longitude


def _degrees(parts: object, side: str, sides: str, most: int) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3 or len(side) != 1 or side not in sides:
        return None
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value) or not 0 <= value <= most:
        return None
    return round(-value if side == sides[1] else value, 6)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip("\x00 ").strip() if isinstance(value, str) else ""
