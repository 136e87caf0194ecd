"""Placing: between which places of its area each branch may stand. Worked out in the background, once for each state of
the figures, and kept; refuses to let a page wait for it.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future
from functools import partial

from audit.actions.background import if_ready, work_out
from audit.domain.statistics.groups import LEAST_BRANCHES
from audit.domain.statistics.measuring import AreaFigures
from audit.domain.statistics.places import DRAWS, PlaceRange, place_ranges

MOST_AREAS = 64
MOST_DRAWN = 200_000  # places: a very large area is drawn less often, so that its turn takes seconds and no minute
LEAST_DRAWS = 400

Places = Mapping[str, PlaceRange]

_KNOWN: OrderedDict[str, Future[Places]] = OrderedDict()
_LOCK = threading.Lock()


def find_places(area: AreaFigures) -> Places | None:
    """By branch, its best and its worst plausible place; None while that is being worked out. Empty for an area whose
    branches are not compared with one another."""
    asked = _ask_for(area)
    return {} if asked is None else if_ready(asked)


def await_places(area: AreaFigures) -> Places:
    """The same, waiting for it: for paper and the command line."""
    asked = _ask_for(area)
    return {} if asked is None else asked.result()


def no_places(area: AreaFigures) -> Places:
    """None at all: for what is no area, or where nobody asks for places."""
    return {}


def _ask_for(area: AreaFigures) -> Future[Places] | None:
    if len(area.branches) < LEAST_BRANCHES:
        return None
    seed = _seed(area)
    with _LOCK:
        if seed not in _KNOWN:
            _KNOWN[seed] = work_out(partial(_work_out, area, seed))
        _KNOWN.move_to_end(seed)
        while len(_KNOWN) > MOST_AREAS:
            _KNOWN.popitem(last=False)
        return _KNOWN[seed]


def _work_out(area: AreaFigures, seed: str) -> Places:
    draws = max(LEAST_DRAWS, min(DRAWS, MOST_DRAWN // len(area.branches)))
    ranges = place_ranges(area.levels, seed, number=draws)
    return {branch.branch: places for branch, places in zip(area.branches, ranges, strict=True)}


def _seed(area: AreaFigures) -> str:
    """Names the state of the figures: the same figures are drawn alike on every machine and after every start."""
    state = repr((area.area, [branch.branch for branch in area.branches], area.levels.means, area.levels.variances))
    return hashlib.sha256(state.encode()).hexdigest()
