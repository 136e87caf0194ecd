"""What a phone sends becomes a clean picture or a plain refusal."""

from __future__ import annotations

import hashlib
import io
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from audit.domain.errors import InvalidPhoto
from audit.intake.photos import MAX_BYTES, CleanPhoto, clean_photo

from .photo_samples import (
    camera_notes,
    corners,
    encoded,
    jpeg_of_many_scans,
    png_claiming,
    street_front,
)

FIXTURES = Path(__file__).parents[2].parent / "shared" / "fixtures"
ALL_CORNERS = ["red", "green", "blue", "white"]


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg))


def segments(jpeg: bytes) -> list[int]:
    """The markers of a JPEG up to its first scan."""
    found, position = [], 2
    while jpeg[position + 1] != 0xDA:
        found.append(jpeg[position + 1])
        position += 2 + int.from_bytes(jpeg[position + 2 : position + 4], "big")
    return found


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "WebP"), ("HEIF", "HEIF")])
def test_a_photo_of_every_kind_is_taken(kind: str, name: str) -> None:
    raw = encoded(street_front(), kind)
    photo = clean_photo(raw)
    assert photo.original_format == name
    assert photo.sha256 == hashlib.sha256(raw).hexdigest()
    assert (photo.width, photo.height) == opened(photo.jpeg).size == (48, 32)
    assert opened(photo.jpeg).mode == "RGB"
    assert corners(photo.jpeg) == corners(photo.paper_jpeg) == ALL_CORNERS


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_stands_upright_however_the_phone_was_held(kind: str, orientation: int) -> None:
    held = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    lying = street_front() if held is None else street_front().transpose(held)
    photo = clean_photo(encoded(lying, kind, exif=camera_notes(orientation)))
    assert (photo.width, photo.height) == (48, 32)
    assert corners(photo.jpeg) == ALL_CORNERS


def test_a_heic_that_its_decoder_turned_is_not_turned_twice() -> None:
    lying = street_front().transpose(Image.Transpose.ROTATE_90)
    photo = clean_photo(encoded(lying, "HEIF", exif=camera_notes(6).tobytes()))
    assert (photo.width, photo.height) == (48, 32)
    assert corners(photo.jpeg) == ALL_CORNERS


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_time_and_position_are_read_for_the_office_and_gone_from_the_picture(kind: str) -> None:
    exif: Any = camera_notes() if kind != "HEIF" else camera_notes().tobytes()
    photo = clean_photo(encoded(street_front(), kind, exif=exif))
    assert photo.taken_at == "2026-05-04T14:07:30+02:00"
    assert photo.position == (47.376667, 8.54)
    for jpeg in (photo.jpeg, photo.paper_jpeg):
        assert b"Pocketmaker" not in jpeg
        assert b"2026:05:04" not in jpeg
        assert not set(segments(jpeg)) & set(range(0xE1, 0xF0)), "only the JFIF segment may stand there"
        assert 0xFE not in segments(jpeg)


def test_no_comment_profile_or_hidden_text_survives() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = clean_photo(
        encoded(street_front(), "JPEG", comment=b"secret aisle", icc_profile=profile, xmp=b"<x>secret aisle</x>")
    )
    assert b"secret aisle" not in photo.jpeg
    assert not set(segments(photo.jpeg)) & {0xE1, 0xE2, 0xED, 0xFE}


@pytest.mark.parametrize(
    "gps",
    [
        {1: "N", 2: (91.0, 0.0, 0.0), 3: "E", 4: (8.0, 0.0, 0.0)},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "X", 2: (47.0, 0.0, 0.0), 3: "E", 4: (8.0, 0.0, 0.0)},
        {1: "N", 2: (47.0, 0.0, 0.0)},
    ],
)
def test_a_position_that_makes_no_sense_is_unknown(gps: dict[int, Any]) -> None:
    photo = clean_photo(encoded(street_front(), "JPEG", exif=camera_notes(gps=gps)))
    assert photo.position is None
    assert photo.taken_at == "2026-05-04T14:07:30+02:00"


def test_south_and_west_are_negative() -> None:
    gps = {1: "S", 2: (33.0, 30.0, 0.0), 3: "W", 4: (70.0, 45.0, 0.0)}
    assert clean_photo(encoded(street_front(), "JPEG", exif=camera_notes(gps=gps))).position == (-33.5, -70.75)


@pytest.mark.parametrize("moment", ["0000:00:00 00:00:00", "    :  :     :  :  ", "yesterday", "2026:13:41 14:07:30"])
def test_a_time_that_makes_no_sense_is_unknown(moment: str) -> None:
    exif = camera_notes()
    exif[0x8769] = {0x9003: moment}
    photo = clean_photo(encoded(street_front(), "JPEG", exif=exif))
    assert photo.taken_at is None
    assert photo.position == (47.376667, 8.54)


def test_broken_exif_costs_the_notes_and_not_the_photo() -> None:
    photo = clean_photo(encoded(street_front(), "JPEG", exif=b"Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff" + b"\xee" * 40))
    assert corners(photo.jpeg) == ALL_CORNERS
    assert (photo.taken_at, photo.position) == (None, None)


def test_a_large_photo_is_shrunk_in_proportion_for_screen_and_paper() -> None:
    photo = clean_photo(encoded(street_front(5000, 2500), "JPEG"))
    assert (photo.width, photo.height) == (2048, 1024)
    assert opened(photo.paper_jpeg).size == (800, 400)
    assert corners(photo.jpeg) == ALL_CORNERS


def test_a_very_long_thin_photo_keeps_at_least_one_pixel() -> None:
    photo = clean_photo(encoded(street_front(12_000, 2), "PNG"))
    assert (photo.width, photo.height) == (2048, 1)


def test_transparency_becomes_white() -> None:
    layer = street_front().convert("RGBA")
    layer.paste((0, 0, 0, 0), (0, 0, 24, 16))
    assert corners(clean_photo(encoded(layer, "PNG")).jpeg) == ["white", "green", "blue", "white"]
    assert corners(clean_photo(encoded(layer, "WEBP")).jpeg) == ["white", "green", "blue", "white"]


def test_a_colour_declared_transparent_becomes_white() -> None:
    raw = encoded(street_front(), "PNG", transparency=(200, 30, 30))
    assert corners(clean_photo(raw).jpeg) == ["white", "green", "blue", "white"]


def test_a_palette_png_keeps_its_colours() -> None:
    assert corners(clean_photo(encoded(street_front().quantize(16), "PNG")).jpeg) == ALL_CORNERS


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_black_and_white_pictures_are_taken(mode: str) -> None:
    photo = clean_photo(encoded(Image.new("L", (20, 10), 255).convert(mode), "PNG"))
    assert opened(photo.jpeg).getpixel((5, 5)) == (255, 255, 255)


def test_a_16_bit_grey_is_scaled_and_not_clipped() -> None:
    samples = struct.pack("<H", 128 << 8) * 200
    photo = clean_photo(encoded(Image.frombytes("I;16", (20, 10), samples), "PNG"))
    assert opened(photo.jpeg).getpixel((5, 5)) == (128, 128, 128)


def test_printers_inks_come_out_as_colours() -> None:
    inks = Image.new("CMYK", (20, 10), (0, 255, 255, 0))
    red, green, blue = opened(clean_photo(encoded(inks, "JPEG")).jpeg).getpixel((5, 5))
    assert red > 200
    assert green < 60
    assert blue < 60


def test_a_colour_profile_is_followed() -> None:
    # A profile whose white is far from that of sRGB: the same numbers mean another colour.
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    plain = clean_photo(encoded(street_front(), "JPEG")).jpeg
    misfit = clean_photo(encoded(street_front(), "JPEG", icc_profile=profile)).jpeg
    broken = clean_photo(encoded(street_front(), "JPEG", icc_profile=b"\x00" * 300)).jpeg
    assert plain == misfit == broken, "a profile that does not fit is left aside"
    swapped = clean_photo(encoded(street_front(), "JPEG", icc_profile=_profile_with_red_and_blue_swapped())).jpeg
    assert corners(swapped) == ["blue", "green", "red", "white"]


def _profile_with_red_and_blue_swapped() -> bytes:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(profile[128:132], "big")
    places = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    red, blue = places[b"rXYZ"], places[b"bXYZ"]
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


def test_of_several_pictures_in_a_jpeg_the_first_is_taken() -> None:
    other = Image.new("RGB", (48, 32), "black")
    raw = encoded(street_front(), "MPO", save_all=True, append_images=[other])
    photo = clean_photo(raw)
    assert photo.original_format == "JPEG"
    assert corners(photo.jpeg) == ALL_CORNERS


def test_a_film_behind_a_motion_photo_is_left_aside() -> None:
    raw = encoded(street_front(), "JPEG") + b"\x00\x00\x00\x18ftypmp42" + b"\xff\xda\xff\x17" * 500
    assert corners(clean_photo(raw).jpeg) == ALL_CORNERS


def test_of_several_pictures_in_a_heic_the_main_one_is_taken() -> None:
    import pillow_heif

    album = pillow_heif.from_pillow(Image.new("RGB", (48, 32), "black"))
    album.add_from_pillow(street_front())
    file = io.BytesIO()
    album.save(file, quality=90, primary_index=1)
    assert corners(clean_photo(file.getvalue()).jpeg) == ALL_CORNERS


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animation_is_no_photo(kind: str) -> None:
    raw = encoded(street_front(), kind, save_all=True, append_images=[Image.new("RGB", (48, 32), "black")])
    with pytest.raises(InvalidPhoto, match="animation"):
        clean_photo(raw)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "web page"),
        (b"\xef\xbb\xbf  <svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"%PDF-1.7", "PDF"),
        (b"GIF89a\x01\x00\x01\x00", "GIF"),
        (b"PK\x03\x04....", "zip"),
        (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00mif1avifmiaf", "AVIF"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "film"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "unknown"),
        (b"hello", "unknown"),
        (b"\xff\xd8\xff", "broken"),
        (b"\x89PNG\r\n\x1a\n", "broken"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "broken"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "broken"),
    ],
)
def test_what_only_pretends_is_named_and_refused(raw: bytes, said: str) -> None:
    with pytest.raises(InvalidPhoto) as refusal:
        clean_photo(raw)
    assert said in str(refusal.value)


def test_a_photo_of_more_than_12_mb_is_refused_unread() -> None:
    with pytest.raises(InvalidPhoto, match="12 MB"):
        clean_photo(b"\xff\xd8\xff" + bytes(MAX_BYTES))


@pytest.mark.parametrize(("width", "height"), [(12_001, 10), (10, 12_001), (8_000, 8_000), (20_000, 20_000)])
def test_a_canvas_too_large_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    with pytest.raises(InvalidPhoto, match=f"{width} x {height} pixels"):
        clean_photo(png_claiming(width, height))


def test_a_jpeg_of_thousands_of_scans_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(InvalidPhoto, match="overload"):
        clean_photo(jpeg_of_many_scans(3_000))
    assert clean_photo(jpeg_of_many_scans(3)).width == 8


def test_a_photo_cut_short_is_refused_whatever_another_library_switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)
    file = io.BytesIO()
    Image.effect_noise((400, 300), 80).save(file, "JPEG")
    with pytest.raises(InvalidPhoto):
        clean_photo(file.getvalue()[:-2000])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_cut_short_is_refused(kind: str) -> None:
    raw = encoded(street_front(400, 300), kind)
    with pytest.raises(InvalidPhoto, match="cut short"):
        clean_photo(raw[: len(raw) // 2])


def test_the_same_bytes_give_the_same_photo_in_many_threads() -> None:
    raws = [encoded(street_front(), kind) for kind in ("JPEG", "PNG", "WEBP", "HEIF")] * 6
    alone = [clean_photo(raw) for raw in raws]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(clean_photo, raws)) == alone


GOOD = {kind: encoded(street_front(64, 64), kind) for kind in ("JPEG", "PNG", "WEBP", "HEIF")}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kind=st.sampled_from(sorted(GOOD)),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), max_size=20),
    share_kept=st.one_of(st.just(1.0), st.floats(0, 1)),
)
def test_a_damaged_photo_is_taken_or_refused_and_nothing_else(
    kind: str, flips: list[tuple[float, int]], share_kept: float
) -> None:
    raw = bytearray(GOOD[kind])
    for place, bit in flips:
        raw[int(place * len(raw))] ^= 1 << bit
    try:
        photo = clean_photo(bytes(raw[: int(share_kept * len(raw))]))
    except InvalidPhoto:
        return
    assert opened(photo.jpeg).size == (photo.width, photo.height)


def fixture_photo(name: str) -> bytes:
    file = FIXTURES / name
    if not file.exists():
        pytest.skip(f"the shared fixtures are not here: {name}")
    return file.read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "broken.png",
        "decompression_bomb.gif",
        "made_html_named.jpg",
        "made_png_bomb_20000x20000.png",
        "made_script.svg",
        "truncated_jpeg.jpg",
    ],
)
def test_hostile_files_are_refused(name: str) -> None:
    with pytest.raises(InvalidPhoto):
        clean_photo(fixture_photo(f"images_hostile/{name}"))


def test_broken_exif_and_cmyk_from_the_wild_are_mended() -> None:
    assert clean_photo(fixture_photo("images_hostile/invalid-exif.jpg")).width == 200
    mended: CleanPhoto = clean_photo(fixture_photo("images_hostile/pil_sample_cmyk.jpg"))
    red, green, blue = opened(mended.jpeg).getpixel((10, 2))
    assert (red > 200, green < 80, blue < 80) == (True, True, True)


@pytest.mark.parametrize("name", ["hopper.heif", "hopper.webp", *(f"hopper_orientation_{n}.jpg" for n in (2, 4, 6, 8))])
def test_photos_from_the_wild_stand_upright(name: str) -> None:
    photo = clean_photo(fixture_photo(f"photos/{name}"))
    assert (photo.width, photo.height) == (128, 128)
    picture = opened(photo.jpeg)
    sky, flag = picture.getpixel((110, 20)), picture.getpixel((8, 100))
    assert sky[2] > sky[0] + 40, "the blue wall is at the top right"
    assert flag[2] < 150
