"""Do shoppers who see the same scene mark it alike? Owns agreement; refuses kappa, which falls when all agree.

A scene is one sequence of markings, one for each shopper in a fixed order, None where a shopper did not mark it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

Marking = Hashable | None


def percent_agreement(scenes: Sequence[Sequence[Marking]]) -> float | None:
    """The share, 0 to 1, of pairs of shoppers who marked a scene alike, each scene counting alike; None without one
    that two have marked."""
    shares = [
        sum(n * (n - 1) for n in counts.values()) / (counts.total() * (counts.total() - 1))
        for counts in _counts(scenes)
        if counts.total() > 1
    ]
    return math.fsum(shares) / len(shares) if shares else None


def gwet_ac1(scenes: Sequence[Sequence[Marking]]) -> float | None:
    """Gwet's AC1 (2008), 1 for full agreement and 0 for chance; missing markings allowed. None if nothing is known, and
    with a single kind of marking, of which chance cannot be told."""
    counted = _counts(scenes)
    used: defaultdict[Marking, list[float]] = defaultdict(list)
    for counts in counted:
        total = counts.total()
        for kind, times in counts.items():
            used[kind].append(times / total)
    agreed = percent_agreement(scenes)
    if agreed is None or len(used) < 2:
        return None
    usual = [math.fsum(shares) / len(counted) for shares in used.values()]
    chance = math.fsum(share * (1 - share) for share in usual) / (len(usual) - 1)
    return (agreed - chance) / (1 - chance)


def krippendorff_alpha(scenes: Sequence[Sequence[Marking]]) -> float | None:
    """Krippendorff's alpha for kinds without an order, missing markings allowed; None if all markings are the same."""
    paired = [counts for counts in _counts(scenes) if counts.total() > 1]
    used: Counter[Marking] = Counter()
    for counts in paired:
        used.update(counts)
    n = used.total()
    expected = n * n - sum(times * times for times in used.values())
    if not expected:
        return None
    unlike = math.fsum(
        (counts.total() ** 2 - sum(times * times for times in counts.values())) / (counts.total() - 1)
        for counts in paired
    )
    return 1 - (n - 1) * unlike / expected


def reliability(branch_variance: float, visit_variance: float, visits: float) -> float:
    """The share, 0 to 1, of the spread of branch means that is of the branches: G coefficient of `visits` visits by
    different shoppers (Brennan 2001). Variances in squared points; `visit_variance` is shoppers and visits together."""
    return branch_variance / (branch_variance + visit_variance / visits)


def _counts(scenes: Sequence[Sequence[Marking]]) -> list[Counter[Marking]]:
    counted = [Counter(marking for marking in scene if marking is not None) for scene in scenes]
    return [counts for counts in counted if counts]
