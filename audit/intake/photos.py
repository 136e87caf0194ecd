"""Photos: whatever a phone sends becomes an upright, small RGB JPEG without metadata, or is refused in plain words.

What the camera noted (time, position) is read first and handed over apart, for the office alone.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

from PIL import Image, ImageCms, ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from audit.domain.errors import InvalidPhoto
from audit.intake.darkroom import develop
from audit.intake.photo_formats import check_scans, sniff_format
from audit.intake.photo_marks import read_orientation, read_position, read_taken_at

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 12_000
SCREEN_SIDE = 2048
PAPER_SIDE = 800
_MAX_PROFILE_BYTES = 4 * 1024 * 1024
_T = TypeVar("_T")

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# The colour space that an ICC profile must name to describe pixels of a mode.
_PROFILE_SPACES = {"RGB": "RGB ", "CMYK": "CMYK", "L": "GRAY"}


@dataclass(frozen=True)
class CleanPhoto:
    """A photo fit to be kept and shown. `sha256` names the bytes as sent (hex); sizes are pixels of `jpeg`."""

    sha256: str
    jpeg: bytes
    paper_jpeg: bytes
    width: int
    height: int
    original_format: str
    taken_at: str | None
    position: tuple[float, float] | None


@dataclass(frozen=True)
class _Marks:
    orientation: int = 1
    taken_at: str | None = None
    position: tuple[float, float] | None = None


def clean_photo(raw: bytes) -> CleanPhoto:
    """Take the first picture of a JPEG, PNG, WebP or HEIF file; the same bytes always give the same photo.

    `jpeg` is at most 2,048 pixels a side, `paper_jpeg` at most 800. Raises InvalidPhoto and nothing else.
    """
    if len(raw) > MAX_BYTES:
        raise InvalidPhoto("This photo has more than 12 MB. Send it in a smaller size.")
    original_format = sniff_format(raw)
    try:
        return develop(lambda: _clean(raw, original_format))
    except InvalidPhoto:
        raise
    except Exception as error:  # decoders of hostile files raise anything from struct.error to MemoryError
        raise InvalidPhoto(
            "This photo is broken or was cut short on its way. Send it again, or take it anew."
        ) from error


def _clean(raw: bytes, original_format: str) -> CleanPhoto:
    picture, marks = _decode(raw, original_format)
    screen = _shrink(picture, SCREEN_SIDE)
    jpeg, paper_jpeg = _encode(screen, 85), _encode(_shrink(screen, PAPER_SIDE), 80)
    return CleanPhoto(
        sha256=hashlib.sha256(raw).hexdigest(),
        jpeg=jpeg,
        paper_jpeg=paper_jpeg,
        width=screen.width,
        height=screen.height,
        original_format=original_format,
        taken_at=marks.taken_at,
        position=marks.position,
    )


def _decode(raw: bytes, original_format: str) -> tuple[Image.Image, _Marks]:
    """The upright picture in sRGB, at most 2,048 pixels a side or a little over, and what its camera noted."""
    if original_format == "JPEG":
        check_scans(raw)
    source = _OPENERS[original_format](io.BytesIO(raw))
    _check_size(source)
    if original_format == "JPEG":
        # It can be decoded at a half, a quarter or an eighth: far less memory for what is to be shrunk anyway.
        source.draft(None, _fitting(source.size, SCREEN_SIDE))
    # A switch of the whole process: any library may have turned it on, and then half a photo would pass for one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    source.load()
    marks = _read_marks(source)
    picture = _to_srgb(_flatten(source), source.info.get("icc_profile"))
    # The HEIF decoder turns pictures itself; turning them by their EXIF again would lay them on their side.
    turn = None if original_format == "HEIF" else _UPRIGHT.get(marks.orientation)
    return (picture if turn is None else picture.transpose(turn)), marks


def _open_heif(file: io.BytesIO) -> ImageFile.ImageFile:
    from pillow_heif import HeifImageFile  # a large library that most starts of the program never need

    opened: ImageFile.ImageFile = HeifImageFile(file)  # type: ignore[no-untyped-call]
    return opened


# Opening by class, not by Image.open: no other decoder of the library can be reached, and nothing global is changed.
# JpegImageFile reads the first picture of files that hold several (MPO, Ultra HDR, motion photos).
_OPENERS: dict[str, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "WebP": WebPImageFile,
    "HEIF": _open_heif,
}


def _check_size(source: ImageFile.ImageFile) -> None:
    width, height = source.size
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise InvalidPhoto(
            "This photo is {width} x {height} pixels, more than the {most} megapixels or {side} pixels a side "
            "that can be taken. Send it in a smaller size.",
            width=width,
            height=height,
            most=MAX_PIXELS // 1_000_000,
            side=MAX_SIDE,
        )
    if source.format in {"PNG", "WEBP"} and getattr(source, "is_animated", False):
        raise InvalidPhoto("This file is an animation. Send a single photo.")


def _read_marks(source: ImageFile.ImageFile) -> _Marks:
    try:
        exif = source.getexif()
        orientation = read_orientation(exif)
    except Exception:  # a photo whose EXIF is broken is still a photo
        return _Marks()
    return _Marks(orientation, _attempt(read_taken_at, exif), _attempt(read_position, exif))


def _attempt(read: Callable[[Image.Exif], _T], exif: Image.Exif) -> _T | None:
    try:
        return read(exif)
    except Exception:  # one broken part of the EXIF must not cost the others
        return None


def _flatten(source: Image.Image) -> Image.Image:
    """RGB, L or CMYK with 8 bits a channel, at most 2,048 pixels a side; what was transparent is white."""
    if source.mode.startswith("I"):
        picture = source.point(lambda value: value / 256).convert("L")
    elif source.has_transparency_data:
        picture = source if source.mode == "RGBA" else source.convert("RGBA")
    else:
        picture = source if source.mode in _PROFILE_SPACES else source.convert("RGB")
    picture = _shrink(picture, SCREEN_SIDE)
    if picture.mode != "RGBA":
        return picture
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white


def _to_srgb(picture: Image.Image, profile: object) -> Image.Image:
    """By its colour profile where it has one that fits (phones' wide colours, CMYK inks), else by the plain formula."""
    if isinstance(profile, bytes) and 0 < len(profile) <= _MAX_PROFILE_BYTES:
        try:
            described = ImageCms.getOpenProfile(io.BytesIO(profile))
            if described.profile.xcolor_space == _PROFILE_SPACES[picture.mode]:
                converted = ImageCms.profileToProfile(
                    picture,
                    described,
                    ImageCms.createProfile("sRGB"),
                    renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                    outputMode="RGB",
                    flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
                )
                if converted is not None:
                    return converted
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a broken profile is no reason to refuse the photo
    return picture.convert("RGB")


def _shrink(picture: Image.Image, side: int) -> Image.Image:
    size = _fitting(picture.size, side)
    if size == picture.size:
        return picture
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size with its longer side at most `side`, in proportion, never below one pixel."""
    longest = max(size)
    if longest <= side:
        return size
    width, height = (max(1, round(length * side / longest)) for length in size)
    return width, height


def _encode(picture: Image.Image, quality: int) -> bytes:
    picture.info.clear()  # the encoder would carry over comments
    with _new_file() as file:
        picture.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
        file.seek(0)
        return file.read()


def _new_file() -> BinaryIO:
    """A file in memory; where it can be, one of the system's. Only while it encodes into such a one does the library
    let go of Python's lock: into any other nobody else's page is answered meanwhile."""
    if sys.platform == "linux":
        return os.fdopen(os.memfd_create("photo"), "w+b")
    else:
        return io.BytesIO()
