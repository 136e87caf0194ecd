"""Charts of many figures: the places a branch may hold, two periods held against each other, a row of waves, how far
a shopper lies from zero, how many visits a difference takes, and when in the week customers and visits come.

Drawn by the rules of `charts`: shapes and patterns first, colours second, words beside the drawing and not inside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from audit.domain.statistics.places import PlaceRange
from audit.domain.statistics.questions import AGAINST, UNCLEAR, WITH
from audit.domain.statistics.ranges import Range
from audit.reports.charts import (
    ACCENT,
    INK,
    LINE,
    REACH_HEIGHT,
    SOFT,
    UNSEEN,
    WRONG,
    along,
    drawing,
    path,
    rect,
    scale_of,
    spot,
)
from audit.reports.overview import Series

PLACE_HEIGHT = 12
ROW_HEIGHT = 110
DOT = 5
SPOT, WHOLLY = 7, 100  # WHOLLY: from not at all to wholly with the rest of the visit
SQUARE_ROWS, SQUARES_IN_A_ROW = 3, 16
CURVE_HEIGHT, CURVE_EDGE = 160, 8.0
CROWD_WIDTH, CROWD_HEIGHT, CROWD_ROW = 40, 30, 4
# From no customer to most: in the light of a printer without colours they still differ.
SHADE = ("none", "#edf2ef", SOFT, "#a9c7bb", "#82ae9f")


def place(places: PlaceRange, branches: int, title: str, *, width: int = 360) -> Markup:
    """A bar from the best plausible place to the worst, on a scale from place 1 to the last of so many branches."""
    best, worst = places
    middle = PLACE_HEIGHT / 2
    step = width / branches
    tall = PLACE_HEIGHT - 4
    ticks = f"M0.5 2v{tall}M{spot(width - 0.5)} 2v{tall}M0.5 {spot(middle)}H{spot(width - 0.5)}"
    bar = f"M{spot((best - 1) * step)} {spot(middle)}H{spot(worst * step)}"
    parts = [path(ticks, "scale", LINE, 1), path(bar, "places", UNSEEN, 4)]
    return drawing(width, PLACE_HEIGHT, title, "".join(parts), "place")


def shift(before: tuple[float, Range], after: tuple[float, Range], title: str, *, width: int = 360) -> Markup:
    """Two figures, each on its likely range, on scales from 0 to 100: above, as a ring, the period before; below, as a
    dot, this one. In points."""
    parts = []
    for row, (mean, reach) in enumerate((before, after)):
        middle = REACH_HEIGHT * row + REACH_HEIGHT / 2
        top, tall = middle - 5, 10
        low, high, at = along(reach.low, width), along(reach.high, width), along(mean, width)
        parts += [
            path(scale_of(middle, width), "scale", LINE, 1),
            rect(low, top, high - low, tall, "soft", SOFT),
            path(f"M{spot(low)} {spot(top)}v{tall}M{spot(high)} {spot(top)}v{tall}", "ends", ACCENT, 1.4),
            _hollow(at, middle) if row == 0 else _dot(at, middle, "level", ACCENT, 9),
        ]
    return drawing(width, 2 * REACH_HEIGHT, title, "".join(parts), "shift")


def row(series: Series, title: str, *, width: int = 360) -> Markup:
    """The means of waves from left to right on a height from 0 to 100, joined except where a new version of the
    checklist begins; the middle and the limits of chance as lines, long dashes and short; a cross on each wave
    outside."""
    edge = 8.0
    step = (width - 2 * edge) / max(1, len(series.waves) - 1)
    places = [(edge + step * n, _height(wave.mean)) for n, wave in enumerate(series.waves)]
    frame = f"M0 {spot(_height(0))}H{width}M0 {spot(_height(100))}H{width}"
    parts = [path(frame, "scale", LINE, 1)]
    outside: set[int] = set()
    if series.chart:
        start = places[series.since][0] - edge
        outside = {series.since + n for n in series.chart.outside}
        parts.append(_level(start, width, series.chart.centre, "centre", "7 3"))
        parts += [_level(start, width, limit, "limit", "2 2") for limit in (series.chart.low, series.chart.high)]
    moves = (f"{'M' if n == 0 or n in series.breaks else 'L'}{spot(x)} {spot(y)}" for n, (x, y) in enumerate(places))
    parts.append(path("".join(moves), "line", ACCENT, 1.4))
    parts += [_dot(x, y, "level", ACCENT, DOT) for n, (x, y) in enumerate(places) if n not in outside]
    crosses = "".join(_cross(x, y) for n, (x, y) in enumerate(places) if n in outside)
    if crosses:
        parts.append(path(crosses, "lost", WRONG, 1.8))
    return drawing(width, ROW_HEIGHT, title, "".join(parts), "row")


Spots = Sequence[tuple[float, float | None, str]]
"""Questions: the share of visits that passed each, 0 to 1; how far it goes with the rest of the visit, -1 to 1, None
where that is not defined; and what is known of that, a word of `questions`."""


def questions(spots: Spots, title: str, *, width: int = 360) -> Markup:
    """Each question by how often it was passed, from never to always, and by how far it goes with the rest of the
    visit, up to 1 at the top, the dashes being 0: a dot where that is more than luck, a ring where it could be, a cross
    where it goes against. Where that is not defined a square, on a line of its own at the bottom."""
    lowest = min((r for _, r, _ in spots if r is not None), default=0.0)
    plane = round(_up(-0.5 if lowest >= -0.5 else -1.0) + SPOT)
    defined = [(_across(rate, width), _up(r), word) for rate, r, word in spots if r is not None]
    parts = [
        path(f"M0 {spot(_up(1))}H{width}", "scale", LINE, 1),
        _dashes(f"M0 {spot(_up(0))}H{width}", "centre", "7 3"),
        path("".join(_ring(x, y) for x, y, word in defined if word == UNCLEAR), "ring", ACCENT, 1.2),
        *(_dot(x, y, "level", ACCENT, SPOT) for x, y, word in defined if word == WITH),
        path("".join(_cross(x, y) for x, y, word in defined if word == AGAINST), "lost", WRONG, 1.8),
    ]
    squares = _squares([rate for rate, r, _ in spots if r is None], width)
    lane = plane + SPOT * max((row + 1 for _, row in squares), default=0) + 3
    d = "".join(f"M{spot(x + 1)} {spot(lane - 2 - SPOT * row)}h5v-5h-5z" for x, row in squares)
    parts += [path(d, "na", UNSEEN, 1.2), path(f"M0 {spot(lane - 1)}H{width}", "scale", LINE, 1)]
    return drawing(width, lane, title, "".join(parts), "questions")


def severity(points: float, reach: Range, half: int, title: str, *, width: int = 360) -> Markup:
    """A dot with its bar around zero, on a scale from `half` points more severely to `half` points more kindly."""
    edge, middle, tall = REACH_HEIGHT / 2, REACH_HEIGHT / 2, REACH_HEIGHT - 8

    def at(far: float) -> float:
        return width / 2 + (width / 2 - edge) * far / half

    low, high, zero = at(reach.low), at(reach.high), at(0)
    parts = [
        path(scale_of(middle, width), "scale", LINE, 1),
        rect(low, 4, high - low, tall, "soft", SOFT),
        path(f"M{spot(low)} 4v{tall}M{spot(high)} 4v{tall}", "ends", ACCENT, 1.4),
        path(f"M{spot(zero)} 0V{REACH_HEIGHT}", "zero", INK, 1.6),
        _dot(at(points), middle, "level", ACCENT, 9),
    ]
    return drawing(width, REACH_HEIGHT, title, "".join(parts), "reach")


Curve = Sequence[tuple[int, int]]
"""Differences in points, the smallest first, each with the visits that it takes."""


def curve(steps: Curve, chosen: int, have: int, title: str, *, width: int = 360) -> Markup:
    """How many visits each difference takes, from the smallest to the largest, above a line that is no visit; as high
    as the smallest takes. A dot at the `chosen` difference, and a dashed line at the visits that one has."""
    places = curve_places(steps, width)
    frame = f"M0 {spot(CURVE_HEIGHT - CURVE_EDGE)}H{width}"
    line = "".join(f"{'L' if n else 'M'}{spot(x)} {spot(y)}" for n, (x, y) in enumerate(places.values()))
    parts = [path(frame, "scale", LINE, 1), path(line, "line", ACCENT, 1.6)]
    if 0 < have <= steps[0][1]:
        high = _curve_height(have, steps[0][1])
        parts.append(_dashes(f"M0 {spot(high)}H{width}", "centre", "7 3"))
    parts.append(_dot(*places[chosen], "level", ACCENT, 12))
    return drawing(width, CURVE_HEIGHT, title, "".join(parts), "curve")


def curve_places(steps: Curve, width: int = 360) -> dict[int, tuple[float, float]]:
    """Where each difference lies on its curve, in units of the drawing."""
    (least, most), (largest, _) = steps[0], steps[-1]
    wide = (width - 2 * CURVE_EDGE) / (largest - least)
    return {points: (CURVE_EDGE + wide * (points - least), _curve_height(visits, most)) for points, visits in steps}


def _across(rate: float, width: int) -> float:
    return SPOT + (width - 2 * SPOT) * rate


def _up(r: float) -> float:
    return SPOT + WHOLLY * (1 - r)


def _squares(rates: Sequence[float], width: int) -> list[tuple[float, int]]:
    """Where each square begins, and its row from below: those of always and of never in blocks at the ends, at most a
    third of the line long, and each other above them."""
    always, never = sum(rate == 1 for rate in rates), sum(rate == 0 for rate in rates)
    rows = max(SQUARE_ROWS, -(-max(always, never) // SQUARES_IN_A_ROW))
    found = [(width - SPOT * (1.0 + place // rows), place % rows) for place in range(always)]
    found += [(SPOT * (0.0 + place // rows), place % rows) for place in range(never)]
    above = 1 + max((row for _, row in found), default=-1)
    others = sorted(rate for rate in rates if 0 < rate < 1)
    return found + [(_across(rate, width) - SPOT / 2, above + place) for place, rate in enumerate(others)]


def _curve_height(visits: int, most: int) -> float:
    return CURVE_HEIGHT - CURVE_EDGE - (CURVE_HEIGHT - 2 * CURVE_EDGE) * visits / most


def crowd(shade: int, visits: int, dot: int, title: str) -> Markup:
    """One part of the week: in four steps darker the more customers come, and empty where none do; in rows of four a
    dot for each visit, or for up to `dot` of them."""
    edge = rect(0.5, 0.5, CROWD_WIDTH - 1, CROWD_HEIGHT - 1, f"shade t{shade}", SHADE[shade], LINE)
    places = [divmod(n, CROWD_ROW) for n in range(-(-visits // dot))]
    d = "".join(f"M{spot(6.5 + 9 * column)} {spot(6 + 9 * row)}h.01" for row, column in places)
    dots = f'<path d="{d}" class="visit" fill="none" stroke="{INK}" stroke-width="{DOT}" stroke-linecap="round"/>'
    return drawing(CROWD_WIDTH, CROWD_HEIGHT, title, edge + (dots if visits else ""), "crowd")


def _height(points: float) -> float:
    edge = 5
    return ROW_HEIGHT - edge - (ROW_HEIGHT - 2 * edge) * min(100.0, max(0.0, points)) / 100


def _level(start: float, end: float, points: float, name: str, dashes: str) -> str:
    return _dashes(f"M{spot(start)} {spot(_height(points))}H{spot(end)}", name, dashes)


def _dashes(d: str, name: str, dashes: str) -> str:
    return f'<path d="{d}" class="{name}" fill="none" stroke="{INK}" stroke-width="1" stroke-dasharray="{dashes}"/>'


def _dot(x: float, y: float, name: str, ink: str, wide: float) -> str:
    d = f"M{spot(x)} {spot(y)}h.01"
    return f'<path d="{d}" class="{name}" fill="none" stroke="{ink}" stroke-width="{wide}" stroke-linecap="round"/>'


def _ring(x: float, y: float) -> str:
    return f"M{spot(x - 2.8)} {spot(y)}a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0 -5.6 0"


def _cross(x: float, y: float) -> str:
    return f"M{spot(x - 3)} {spot(y - 3)}l6 6m0 -6l-6 6"


def _hollow(x: float, y: float) -> str:
    ring = f'<circle cx="{spot(x)}" cy="{spot(y)}" r="4" class="before"'
    return f'{ring} fill="#fff" stroke="{ACCENT}" stroke-width="1.4"/>'


PLOTS: dict[str, Callable[..., Markup]] = {
    "place": place,
    "shift": shift,
    "row": row,
    "questions": questions,
    "severity": severity,
    "curve": curve,
    "crowd": crowd,
}
