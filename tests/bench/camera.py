"""Photos as a phone sends them, for whatever part of the bench wants one."""

from __future__ import annotations

import io

from PIL import Image

PHOTO_SIDES = (2048, 1536)  # as a phone shrinks them


BUSY, PLAIN = (4, (60, 70, 80)), (10, (20, 24, 28))  # how coarse the grain is, in pixels, and how far each colour goes


def a_photo(look: tuple[int, tuple[int, int, int]] = BUSY) -> bytes:
    """A JPEG of noise; each is another. BUSY ones have more in them than a camera finds, about a megabyte; PLAIN ones
    weigh about 85 KB once they are made small for paper, as a photo of a shop does."""
    file = io.BytesIO()
    (width, height), (grain, spreads) = PHOTO_SIDES, look
    bands = [Image.effect_noise((width // grain, height // grain), spread).resize(PHOTO_SIDES) for spread in spreads]
    Image.merge("RGB", bands).save(file, "JPEG", quality=80)
    return file.getvalue()
