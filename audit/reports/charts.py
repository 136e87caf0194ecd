"""Small charts as SVG, by hand: a bar from 0 to 100, and a strip of marks, one for each visit.

Nothing is written inside a chart: its words stand beside it, where they are read and set faster. What a mark means is
told by its shape and pattern first and by its colour second, so that a black-and-white printer loses nothing. The
title is the whole message, for whoever cannot see the drawing; empty where an `alt` beside the drawing says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from markupsafe import Markup, escape

INK, ACCENT, WRONG, UNSEEN, LINE = "#1c2422", "#0d5a4f", "#9c2a1a", "#6f6f66", "#b9b5a6"
BAR_HEIGHT = 12
MARK = 10
IN_A_ROW = 16
MOST_MARKS = 400


def bar(
    score: Fraction | None,
    title: str,
    *,
    left_out: Fraction = Fraction(0),
    target: Fraction | None = None,
    width: int = 360,
) -> Markup:
    """A bar from 0 to 100 with a tick at the target.

    `score` is 0 to 100, None if there is none; `left_out` is the share, 0 to 1, of the points that did not apply:
    that part of the length is hatched, and the score fills its part of the rest.
    """
    scale = Fraction(width)
    applied = scale * (1 - min(max(left_out, Fraction(0)), Fraction(1)))
    parts = [_rect(0, 2, scale, BAR_HEIGHT - 4, "rail", "none", LINE)]
    if score is not None:
        parts.append(_rect(0, 2, applied * score / 100, BAR_HEIGHT - 4, "kept", ACCENT))
    if left_out > 0:
        parts.append(_hatch(applied, 2, scale - applied, BAR_HEIGHT - 4))
    if target is not None:
        at = applied * target / 100
        parts.append(_path(f"M{_n(at)} 0V{BAR_HEIGHT}", "target", INK, 2))
    return _svg(width, BAR_HEIGHT, title, "".join(parts), "bar")


def strip(whys: Sequence[str], title: str) -> Markup:
    """One mark for each visit, in rows, in order: full disc kept, half disc partly kept, cross not kept, short dash not
    observed, dot does not apply, nothing where it was not asked."""
    shown = whys[:MOST_MARKS]
    rows = max(1, -(-len(shown) // IN_A_ROW))
    marks = "".join(_mark(why, place) for place, why in enumerate(shown))
    return _svg(MARK * min(max(1, len(shown)), IN_A_ROW), MARK * rows, title, marks, "strip")


def _mark(why: str, place: int) -> str:
    """The mark at its place; each is drawn as if it stood alone, from 0 to 10."""
    row, column = divmod(place, IN_A_ROW)
    shape = _MARKS.get(why, "")
    return f'<g transform="translate({column * MARK} {row * MARK})">{shape}</g>' if shape else ""


def _hatch(x: Fraction, y: int, width: Fraction, height: int) -> str:
    """Slanted lines drawn one by one: patterns of SVG cost more and print less evenly."""
    start, end, step = float(x), float(x + width), 4.0
    lines, at = [], start - height
    while at < end:
        low, high = max(at, start), min(at + height, end)
        if high > low:
            lines.append(f"M{_n(low)} {_n(y + height - (low - at))}L{_n(high)} {_n(y + height - (high - at))}")
        at += step
    return _path("".join(lines), "na", UNSEEN, 0.8) + _rect(x, y, width, height, "na", "none", UNSEEN)


def _rect(x: object, y: object, width: object, height: object, name: str, fill: str, stroke: str = "") -> str:
    edge = f' stroke="{stroke}" stroke-width="0.8"' if stroke else ""
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" class="{name}" fill="{fill}"{edge}/>'
    )


def _path(d: str, name: str, stroke: str, width: float) -> str:
    return f'<path d="{d}" class="{name}" fill="none" stroke="{stroke}" stroke-width="{width}"/>'


def _n(value: object) -> str:
    """A coordinate to a hundredth: the same on every machine."""
    number = float(value)  # type: ignore[arg-type]
    return f"{number:.2f}".rstrip("0").rstrip(".") or "0"


def _svg(width: int, height: int, title: str, inside: str, kind: str) -> Markup:
    stretch = ' preserveAspectRatio="none"' if kind == "bar" else ""
    named = f"<title>{escape(title)}</title>" if title else ""
    return Markup(  # noqa: S704 - the title is escaped, all else are our own numbers
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {kind}" role="img" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"{stretch}>{named}{inside}</svg>'
    )


_FULL = f'<circle cx="5" cy="5" r="3.6" class="kept" fill="{ACCENT}"/>'
_HALF = (
    f'<circle cx="5" cy="5" r="3.2" class="ring" fill="none" stroke="{ACCENT}"/>'
    f'<path d="M5 1.8a3.2 3.2 0 0 0 0 6.4z" class="kept" fill="{ACCENT}"/>'
)
_CROSS = _path("M2 2L8 8M2 8L8 2", "lost", WRONG, 1.6)
_DASH = _path("M2 5H8", "unseen", UNSEEN, 1.4)
_DOT = f'<circle cx="5" cy="5" r="1" class="na" fill="{UNSEEN}"/>'
_MARKS = {
    "full": _FULL,
    "partly": _HALF,
    "nothing": _CROSS,
    "not_observed": _DASH,
    "not_applicable": _DOT,
    "unanswered": _DOT,
}
