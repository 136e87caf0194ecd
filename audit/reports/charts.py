"""Small charts as SVG, by hand: a bar from 0 to 100, a dot on its likely range, and a strip of marks, one a visit.
Those of many figures, places and rows of waves, are in `plots`.

Nothing is written inside a chart: its words stand beside it, where they are read and set faster. What a mark means is
told by its shape and pattern first and by its colour second, so that a black-and-white printer loses nothing. The
title is the whole message, for whoever cannot see the drawing; empty where the words beside it, or an `alt`, say it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from markupsafe import Markup, escape

INK, ACCENT, WRONG, UNSEEN, LINE = "#1c2422", "#0d5a4f", "#9c2a1a", "#6f6f66", "#8b8879"
SOFT = "#cfdfd8"
BAR_HEIGHT = 12
REACH_HEIGHT = 18
MARK = 10
VISIT, MOST_ROWS = 4, 10
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
    parts = [rect(0, 2, scale, BAR_HEIGHT - 4, "rail", "none", LINE)]
    if score is not None:
        parts.append(rect(0, 2, applied * score / 100, BAR_HEIGHT - 4, "kept", ACCENT))
    if left_out > 0:
        parts.append(_hatch(applied, 2, scale - applied, BAR_HEIGHT - 4))
    if target is not None and applied:
        at = applied * target / 100
        parts.append(path(f"M{spot(at)} 0V{BAR_HEIGHT}", "target", INK, 2))
    return drawing(width, BAR_HEIGHT, title, "".join(parts), "bar")


def reach(
    score: Fraction,
    low: float,
    high: float,
    title: str,
    *,
    mean: Fraction | None = None,
    visits: Sequence[Fraction] = (),
    width: int = 360,
) -> Markup:
    """A dot at the score on a scale from 0 to 100, on a soft band from `low` to `high`, its likely range, which ends in
    two bars; a dashed line at the `mean` of the area, and a small dot below for each of the `visits`. In points."""
    middle, top, tall = REACH_HEIGHT / 2, 4, REACH_HEIGHT - 8

    def at(points: object) -> float:
        return along(points, width)

    ends = f"M{spot(at(low))} {top}v{tall}M{spot(at(high))} {top}v{tall}"
    parts = [
        path(scale_of(middle, width), "scale", LINE, 1),
        rect(at(low), top, at(high) - at(low), tall, "soft", SOFT),
        path(ends, "ends", ACCENT, 1.4),
    ]
    if mean is not None:
        dash = (
            f'<path d="M{spot(at(mean))} 0V{REACH_HEIGHT}" class="mean" fill="none" stroke="{INK}" stroke-width="1.6"'
        )
        parts.append(f'{dash} stroke-dasharray="3 2"/>')
    dot = f'<path d="M{spot(at(score))} {spot(middle)}h.01" class="level" fill="none" stroke="{ACCENT}"'
    parts.append(f'{dot} stroke-width="9" stroke-linecap="round"/>')
    if not visits:
        return drawing(width, REACH_HEIGHT, title, "".join(parts), "reach")
    dots = _piled([at(score) for score in visits[:MOST_MARKS]])
    d = "".join(f"M{spot(x)} {spot(REACH_HEIGHT + VISIT / 2 + row * (VISIT + 1))}h.01" for x, row in dots)
    parts.append(f'<path d="{d}" class="visit" fill="none" stroke="{INK}" stroke-width="4" stroke-linecap="round"/>')
    rows = 1 + max(row for _, row in dots)
    return drawing(width, REACH_HEIGHT + rows * (VISIT + 1), title, "".join(parts), "reach")


def along(points: object, width: int) -> float:
    """Where so many points lie on a scale from 0 to 100: half a dot stays free at both ends, so that 0 and 100 are
    drawn whole."""
    edge = REACH_HEIGHT / 2
    return edge + (width - 2 * edge) * float(points) / 100  # type: ignore[arg-type]


def scale_of(middle: float, width: int) -> str:
    """The path of a scale from 0 to 100 at this height."""
    zero, full = spot(along(0, width)), spot(along(100, width))
    return f"M{zero} {spot(middle)}H{full}M{zero} {spot(middle - 3)}v6M{full} {spot(middle - 3)}v6"


def _piled(places: Sequence[float]) -> list[tuple[float, int]]:
    """Each dot with its row: one that would touch another goes below it. At most ten rows, then they overlap."""
    rows: list[list[float]] = []
    piled = []
    for x in sorted(places):
        free = next((n for n, row in enumerate(rows) if x - row[-1] > VISIT), len(rows))
        free = min(free, MOST_ROWS - 1)
        if free == len(rows):
            rows.append([])
        rows[free].append(x)
        piled.append((x, free))
    return piled


def strip(whys: Sequence[str], title: str) -> Markup:
    """One mark for each visit, in rows, in order: full disc kept, half disc partly kept, cross not kept, short dash not
    observed, dot does not apply, nothing where it was not asked."""
    shown = whys[:MOST_MARKS]
    places: dict[str, list[tuple[int, int]]] = {}
    for place, why in enumerate(shown):
        row, column = divmod(place, IN_A_ROW)
        places.setdefault(why, []).append((column * MARK, row * MARK))
    marks = "".join(_MARKS[why](where) for why, where in places.items() if why in _MARKS)
    return drawing(strip_width(len(shown)), MARK * _rows(len(shown)), title, marks, "strip")


def strip_width(visits: int) -> int:
    """The width of a strip of so many marks, in its own units, which are pixels of CSS."""
    return MARK * min(max(1, visits), IN_A_ROW)


def strip_room(visits: int) -> int:
    """Its height in the same, and some white between it and the strip below: with one row, no more than a line has."""
    return MARK * _rows(visits) + 8


def _rows(visits: int) -> int:
    return max(1, -(-min(visits, MOST_MARKS) // IN_A_ROW))


# All marks of a kind are one path, since the press pays by the shape; a disc is a dot of a round pen, since it pays for
# arcs by the dozen. Each is drawn in a square of 10.


def _kept(where: Sequence[tuple[int, int]]) -> str:
    return _dots(where, "disc", ACCENT, 7.2)


def _partly(where: Sequence[tuple[int, int]]) -> str:
    """A ring with its left half filled: two curves that miss the circle by less than a fiftieth."""
    halves = "".join(f"M{x + 5} {y + 1.8}c-4.27 0-4.27 6.4 0 6.4" for x, y in where)
    rest = "".join(f"M{x + 5} {y + 1.8}c4.27 0 4.27 6.4 0 6.4" for x, y in where)
    return path(rest, "ring", ACCENT, 1) + f'<path d="{halves}" class="half" fill="{ACCENT}" stroke="{ACCENT}"/>'


def _nothing(where: Sequence[tuple[int, int]]) -> str:
    return path("".join(f"M{x + 2} {y + 2}l6 6m0 -6l-6 6" for x, y in where), "lost", WRONG, 1.6)


def _not_observed(where: Sequence[tuple[int, int]]) -> str:
    return path("".join(f"M{x + 2} {y + 5}h6" for x, y in where), "unobserved", UNSEEN, 1.4)


def _not_applicable(where: Sequence[tuple[int, int]]) -> str:
    return _dots(where, "dot", UNSEEN, 2)


_MARKS: dict[str, Callable[[Sequence[tuple[int, int]]], str]] = {
    "full": _kept,
    "partly": _partly,
    "nothing": _nothing,
    "not_observed": _not_observed,
    "not_applicable": _not_applicable,
    "unanswered": _not_applicable,
}


def _dots(where: Sequence[tuple[int, int]], name: str, ink: str, wide: float) -> str:
    d = "".join(f"M{x + 5} {y + 5}h.01" for x, y in where)
    return f'<path d="{d}" class="{name}" fill="none" stroke="{ink}" stroke-width="{wide}" stroke-linecap="round"/>'


def _hatch(x: Fraction, y: int, width: Fraction, height: int) -> str:
    """Slanted lines drawn one by one: patterns of SVG cost more and print less evenly."""
    start, end, step = float(x), float(x + width), 4.0
    lines, at = [], start - height
    while at < end:
        low, high = max(at, start), min(at + height, end)
        if high > low:
            lines.append(f"M{spot(low)} {spot(y + height - (low - at))}L{spot(high)} {spot(y + height - (high - at))}")
        at += step
    return path("".join(lines), "na", UNSEEN, 0.8) + rect(x, y, width, height, "na", "none", UNSEEN)


def rect(x: object, y: object, width: object, height: object, name: str, fill: str, stroke: str = "") -> str:
    edge = f' stroke="{stroke}" stroke-width="0.8"' if stroke else ""
    size = f'x="{spot(x)}" y="{spot(y)}" width="{spot(width)}" height="{spot(height)}"'
    return f'<rect {size} class="{name}" fill="{fill}"{edge}/>'


def path(d: str, name: str, stroke: str, width: float) -> str:
    return f'<path d="{d}" class="{name}" fill="none" stroke="{stroke}" stroke-width="{width}"/>'


def spot(value: object) -> str:
    """A coordinate to a hundredth: the same on every machine."""
    number = float(value)  # type: ignore[arg-type]
    return f"{number:.2f}".rstrip("0").rstrip(".") or "0"


def drawing(width: int, height: int, title: str, inside: str, kind: str) -> Markup:
    stretch = ' preserveAspectRatio="none"' if kind == "bar" else ""
    named = f"<title>{escape(title)}</title>" if title else ""
    role = 'role="img"' if title else 'aria-hidden="true"'
    return Markup(  # noqa: S704 - the title is escaped, all else are our own numbers
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {kind}" {role} width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"{stretch}>{named}{inside}</svg>'
    )
