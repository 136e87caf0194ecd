"""Photos that were never taken: shop fronts, counters, receipts and plates, drawn flat, each saying that it is drawn.

Owns what they look like. The same subject, moment and stream draw the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from random import Random

from PIL import Image, ImageDraw, ImageFont

WIDE, TALL = (480, 360), (300, 420)
INK, PAPER = "#26292e", "#f6f3ec"
WALLS = ("#c9b8a0", "#b7bfc4", "#d3c4b6", "#a9a295", "#c4b2b0", "#b4bba6")
AWNINGS = ("#8c3b34", "#2f5d50", "#3c4f76", "#7a5c2e", "#5b3a5e", "#38606b")
SKIES = {"morning": "#cfe0ea", "midday": "#bfd9ec", "afternoon": "#d9e2e2", "evening": "#6b7488"}
GOODS = ("TEA TOWELS", "GLASS VASE", "FLOWER POT", "PICTURE FRAME", "DOOR MAT", "KITCHEN TIMER", "BIRD FEEDER")
MEALS = ("FISH PIE", "SOUP OF THE DAY", "VEGETABLE PIE", "LEMONADE", "APPLE TART", "COFFEE")


@dataclass(frozen=True)
class Subject:
    """What is in the picture, where, in which part of the day, and the moment printed on a receipt, which is for a
    meal or for goods."""

    name: str
    branch_code: str
    part: str
    moment: datetime
    meal: bool = False


def draw(subject: Subject, chance: Random) -> bytes:
    """The picture as a PNG file, as a phone would send it."""
    picture = DRAWINGS[subject.name](subject, chance)
    _say_that_it_is_drawn(picture)
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=3)
    return file.getvalue()


def _front(subject: Subject, chance: Random) -> Image.Image:
    lit = subject.part == "evening"
    picture, pen = _sheet(WIDE, SKIES[subject.part])
    width, height = WIDE
    pen.rectangle((40, 60, width - 40, height - 60), fill=chance.choice(WALLS))
    pen.rectangle((0, height - 60, width, height), fill="#8d8a84")
    pen.rectangle((60, 80, width - 60, 115), fill=chance.choice(AWNINGS))
    pen.text((width / 2, 98), "LINDENMOOR", PAPER, _font(22), anchor="mm")
    door = chance.choice((70, 205, 330))
    glass = "#f3dfa6" if lit else "#9fb4bd"
    for left in (70, 205, 330):
        if left != door:
            pen.rectangle((left, 135, left + 95, height - 80), fill=glass, outline=INK, width=3)
            _wares(pen, left, height - 80, chance)
    pen.rectangle((door + 15, 130, door + 80, height - 60), fill="#4b4a46" if not lit else glass, outline=INK, width=3)
    pen.ellipse((door + 66, 215, door + 74, 223), fill="#d8c27a")
    pen.text((door + 48, 150), chance.choice(("OPEN", "WELCOME", "9 - 18")), PAPER if not lit else INK, _font(12), "mm")
    for _ in range(chance.choice((0, 0, 0, 2, 4))):
        x = chance.randrange(30, width - 50)
        pen.polygon(((x, 318), (x + 14, 314), (x + 18, 322), (x + 4, 325)), fill="#e9e4d4")
    return picture


def _counter(_: Subject, chance: Random) -> Image.Image:
    picture, pen = _sheet(WIDE, chance.choice(("#e4ddcf", "#dfe3e0", "#e6d9d2")))
    width, height = WIDE
    for shelf in (70, 130, 190):
        pen.rectangle((30, shelf, width - 30, shelf + 6), fill="#9a7b56")
        for left in range(36, width - 60, 26):
            if chance.random() < 0.75:
                tall = chance.randint(14, 40)
                pen.rectangle((left, shelf - tall, left + 18, shelf), fill=chance.choice(AWNINGS + WALLS))
    pen.rectangle((0, 235, width, height), fill=chance.choice(("#7d5f3f", "#6a6f73", "#8a7460")))
    pen.rectangle((0, 225, width, 240), fill="#5a442d")
    till = chance.randrange(60, 330)
    pen.polygon(((till, 225), (till + 12, 180), (till + 80, 180), (till + 92, 225)), fill="#3b3f45")
    pen.rectangle((till + 20, 187, till + 72, 205), fill="#9fc3b4")
    if chance.random() < 0.5:
        pen.rectangle((till - 50, 195, till - 20, 225), fill="#b58b56", outline=INK)
    return picture


def _receipt(subject: Subject, chance: Random) -> Image.Image:
    picture, pen = _sheet(TALL, chance.choice(("#7c6a55", "#5f6a70", "#8b8378")))
    left, right = 45 + chance.randrange(20), 245 + chance.randrange(12)
    pen.rectangle((left, 18, right, 404), fill="#fbfaf5")
    middle = (left + right) / 2
    lines = chance.sample(MEALS if subject.meal else GOODS, chance.randint(1, 3))
    pen.text((middle, 42), "LINDENMOOR", INK, _font(20), anchor="mm")
    pen.text((middle, 64), f"Branch {subject.branch_code}", INK, _font(12), anchor="mm")
    pen.text((middle, 84), subject.moment.strftime("%d.%m.%Y   %H:%M"), INK, _font(13), anchor="mm")
    cents, y = 0, 118
    for line in lines:
        price = chance.randrange(195, 995, 5)
        pen.text((left + 14, y), line, INK, _font(13))
        pen.text((right - 14, y), f"{price / 100:.2f}", INK, _font(13), anchor="ra")
        cents, y = cents + price, y + 24
    pen.line((left + 14, y + 4, right - 14, y + 4), fill=INK)
    pen.text((left + 14, y + 14), "TOTAL EUR", INK, _font(15))
    pen.text((right - 14, y + 14), f"{cents / 100:.2f}", INK, _font(15), anchor="ra")
    pen.text((middle, y + 60), "Thank you", INK, _font(13), anchor="mm")
    for x in range(int(left) + 40, int(right) - 40, 4):
        pen.line((x, 340, x, 375), fill=INK, width=chance.randint(1, 3))
    return picture


def _plate(_: Subject, chance: Random) -> Image.Image:
    picture, pen = _sheet(WIDE, chance.choice(("#a58763", "#6f7f78", "#c9bfae")))
    middle, centre = WIDE[0] // 2, WIDE[1] // 2
    pen.ellipse((middle - 140, centre - 140, middle + 140, centre + 140), fill="#f7f5f0", outline="#d8d3c8", width=6)
    pen.pieslice((middle - 85, centre - 80, middle + 60, centre + 65), 180, 360, fill="#b3803f")
    pen.ellipse((middle - 20, centre - 10, middle + 85, centre + 70), fill="#6d8b45")
    for _repeat in range(chance.randint(4, 9)):
        x, y = middle + chance.randint(-80, 20), centre + chance.randint(10, 70)
        pen.ellipse((x, y, x + 16, y + 16), fill=chance.choice(("#c8552f", "#e0a83a")))
    for x in (60, 410):
        pen.rectangle((x, 90, x + 8, 280), fill="#d5d7d8")
    return picture


def _wares(pen: ImageDraw.ImageDraw, left: int, floor: int, chance: Random) -> None:
    for place in range(3):
        x, tall = left + 10 + place * 28, chance.randint(20, 70)
        pen.rectangle((x, floor - tall, x + 18, floor - 4), fill=chance.choice(AWNINGS))


def _sheet(size: tuple[int, int], colour: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", size, colour)
    return picture, ImageDraw.Draw(picture)


def _say_that_it_is_drawn(picture: Image.Image) -> None:
    """In the corner, last, so that nothing lies over it."""
    width, height = picture.size
    pen = ImageDraw.Draw(picture)
    pen.rectangle((width - 112, height - 20, width, height), fill=INK)
    pen.text((width - 8, height - 6), "drawn for the demo", PAPER, _font(11), anchor="rs")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


DRAWINGS: dict[str, Callable[[Subject, Random], Image.Image]] = {
    "front": _front,
    "counter": _counter,
    "receipt": _receipt,
    "plate": _plate,
}
