"""Small charts as SVG, by hand: a bar from 0 to 100, and a strip of marks, one for each visit.

Nothing is written inside a chart: its words stand beside it, where they are read and set faster. What a mark means is
told by its shape and pattern first and by its colour second, so that a black-and-white printer loses nothing. The
title is the whole message, for whoever cannot see the drawing; empty where an `alt` beside the drawing says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from markupsafe import Markup, escape

INK, ACCENT, WRONG, UNSEEN, LINE, PAPER = "#1c2422", "#0d5a4f", "#9c2a1a", "#6f6f66", "#b9b5a6", "#ffffff"
BAR_HEIGHT = 12
MARK = 10
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
    return _svg(width, BAR_HEIGHT, title, "".join(parts))


def strip(whys: Sequence[str], title: str, *, width: int = 0) -> Markup:
    """One mark for each visit, in order: full disc kept, half disc partly kept, ring with a cross not kept, short dash
    not observed, dot did not apply, nothing where it was not asked."""
    shown = whys[:MOST_MARKS]
    marks = (_MARKS.get(why, _blank)(index * MARK + MARK // 2) for index, why in enumerate(shown))
    return _svg(max(width, MARK * max(1, len(shown))), MARK, title, "".join(marks))


def _kept(x: int) -> str:
    return f'<circle cx="{x}" cy="5" r="3.6" class="kept" fill="{ACCENT}"/>'


def _partly(x: int) -> str:
    ring = f'<circle cx="{x}" cy="5" r="3.2" class="ring" fill="none" stroke="{ACCENT}"/>'
    return ring + f'<path d="M{x} 1.8a3.2 3.2 0 0 0 0 6.4z" class="kept" fill="{ACCENT}"/>'


def _lost(x: int) -> str:
    cross = f"M{x - 3} 2L{x + 3} 8M{x - 3} 8L{x + 3} 2"
    return _path(cross, "lost", WRONG, 1.6)


def _unseen(x: int) -> str:
    return _path(f"M{x - 3} 5H{x + 3}", "unseen", UNSEEN, 1.4)


def _not_applicable(x: int) -> str:
    return f'<circle cx="{x}" cy="5" r="1" class="na" fill="{UNSEEN}"/>'


def _blank(x: int) -> str:
    return ""


_MARKS = {
    "full": _kept,
    "partly": _partly,
    "nothing": _lost,
    "unanswered": _not_applicable,
    "not_observed": _unseen,
    "not_applicable": _not_applicable,
}


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


def _svg(width: int, height: int, title: str, inside: str) -> Markup:
    named = f"<title>{escape(title)}</title>" if title else ""
    return Markup(  # noqa: S704 - the title is escaped, all else are our own numbers
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" preserveAspectRatio="none">{named}{inside}</svg>'
    )
