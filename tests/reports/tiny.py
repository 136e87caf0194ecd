"""The smallest page that can be printed, and the smallest photo on one."""

from __future__ import annotations

import io

from PIL import Image

PHOTO = "a" * 64
TINY = '<html lang="en"><head><title>Tiny</title></head><body>{}</body></html>'


def jpeg() -> bytes:
    """What the photo shows: one colour."""
    picture = io.BytesIO()
    Image.new("RGB", (80, 60), (200, 120, 40)).save(picture, "JPEG")
    return picture.getvalue()
