"""Photos of our own making: the same street front in many formats, and files that only pretend."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image

WIDTH, HEIGHT = 48, 32
RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 60), (40, 60, 190), (250, 250, 250)


def street_front(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """A picture whose four corners differ: red, green; blue, white."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (0, height // 2, width // 2, height))
    picture.paste(WHITE, (width // 2, height // 2, width, height))
    return picture


def encoded(picture: Image.Image, kind: str, **how: Any) -> bytes:
    if kind == "HEIF":
        import pillow_heif

        file = io.BytesIO()
        pillow_heif.from_pillow(picture).save(file, quality=90, **how)
        return file.getvalue()
    file = io.BytesIO()
    if kind in {"JPEG", "WEBP"}:
        how = {"quality": 95, **how}
    picture.save(file, kind, **how)
    return file.getvalue()


def corners(jpeg: bytes) -> list[str]:
    """The nearest of our four colours at top left, top right, bottom left, bottom right."""
    with Image.open(io.BytesIO(jpeg)) as picture:
        width, height = picture.size
        spots = [(width // 4, height // 4), (3 * width // 4, height // 4)]
        spots += [(width // 4, 3 * height // 4), (3 * width // 4, 3 * height // 4)]
        return [nearest(picture.getpixel(spot)) for spot in spots]


def nearest(pixel: Any) -> str:
    colours = {"red": RED, "green": GREEN, "blue": BLUE, "white": WHITE}

    def distance(name: str) -> int:
        return sum((a - b) ** 2 for a, b in zip(pixel, colours[name], strict=True))

    return min(colours, key=distance)


def camera_notes(orientation: int = 1, **gps: Any) -> Image.Exif:
    """EXIF as a phone writes it, taken on a May afternoon in Zurich."""
    exif = Image.Exif()
    exif[0x010F] = "Pocketmaker"
    exif[0x0112] = orientation
    exif[0x8769] = {0x9003: "2026:05:04 14:07:30", 0x9011: "+02:00"}
    exif[0x8825] = {1: "N", 2: (47.0, 22.0, 36.0), 3: "E", 4: (8.0, 32.0, 24.0)} if not gps else gps["gps"]
    return exif


def png_claiming(width: int, height: int) -> bytes:
    """A tiny PNG whose header claims any size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00")) + chunk(b"IEND", b"")


def jpeg_of_many_scans(scans: int) -> bytes:
    """A small progressive JPEG whose last scan is repeated."""
    jpeg = encoded(street_front(8, 8), "JPEG", progressive=True)
    last = jpeg.rindex(b"\xff\xda")
    return jpeg[:last] + jpeg[last:-2] * scans + jpeg[-2:]
