"""Is the area's line moving, or only shaking? Owns the run chart; refuses limits from fewer than eight waves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from audit.domain.statistics.dust import DUST

LEAST_WAVES = 8
RUN = 8
# Three standard deviations as 3 / 1.128 mean moving ranges (Shewhart's chart of single values).
_LIMITS = 2.66


@dataclass(frozen=True, slots=True)
class RunChart:
    """The limits of a series of wave means, in points. `outside` are the places (from 0) of points beyond the limits,
    `run_starts` those where eight or more in a row begin to lie on one side of the centre."""

    centre: float
    moving_range: float
    low: float
    high: float
    outside: tuple[int, ...]
    run_starts: tuple[int, ...]

    @property
    def is_moving(self) -> bool:
        """Whether there is any sign of more than chance."""
        return bool(self.outside or self.run_starts)


def draw_run_chart(wave_means: Sequence[float]) -> RunChart | None:
    """The chart of the means of consecutive waves (points), None for fewer than eight: with six, one new point in
    twenty would lie outside by luck. Source: XmR charts, mean +/- 2.66 mean moving ranges."""
    if len(wave_means) < LEAST_WAVES:
        return None
    centre = math.fsum(wave_means) / len(wave_means)
    moving = math.fsum(abs(after - before) for before, after in pairwise(wave_means)) / (len(wave_means) - 1)
    low, high = centre - _LIMITS * moving, centre + _LIMITS * moving
    # The mean of equal waves need not be equal to them, to the last digit.
    outside = tuple(place for place, mean in enumerate(wave_means) if not low - DUST <= mean <= high + DUST)
    return RunChart(centre, moving, low, high, outside, _run_starts(wave_means, centre))


def _run_starts(wave_means: Sequence[float], centre: float) -> tuple[int, ...]:
    """A point on the centre line is on no side and ends the run."""
    starts, start, side = [], 0, 0
    for place, mean in enumerate([*wave_means, centre]):
        now = (mean > centre + DUST) - (mean < centre - DUST)
        if now == side:
            continue
        if side and place - start >= RUN:
            starts.append(start)
        start, side = place, now
    return tuple(starts)
