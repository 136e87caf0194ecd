"""How much of the spread between visits is the shoppers', and what it takes to say so."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from audit.domain.statistics.dispersion import SHOPPER_SHARE
from audit.domain.statistics.draws import Draws
from audit.domain.statistics.measuring import ScoredVisit, measure_visits
from audit.domain.statistics.severity import Marked, shopper_share


def neighbours(seed: str, severity: float, branches: int = 40, visits: int = 12, shoppers: int = 16) -> list[Marked]:
    """Visits to branches in a row, each by its two nearest shoppers in turn, who differ by `severity` points; visits
    differ by 10, and branches by 6, around 75."""
    draws = Draws(seed)
    kindly = [severity * z for z in draws.normals(shoppers)]
    levels = [75 + 6 * z for z in draws.normals(branches)]
    made = []
    for branch, level in enumerate(levels):
        for place, z in enumerate(draws.normals(visits)):
            shopper = (branch * shoppers // branches + place % 2) % shoppers
            score = min(100.0, max(0.0, level + kindly[shopper] + 10 * z))
            made.append((f"b{branch:03}", f"s{shopper:03}", score))
    return made


def held(visits: Sequence[Marked], levels: Sequence[float], share: float) -> float:
    """The share of branches whose likely range holds their level."""
    measured = measure_visits((ScoredVisit(str(b), y, "North", "", str(s)) for b, s, y in visits), shopper_share=share)
    branches = measured.areas[0].branches
    return sum(each.likely_range.holds(level) for each, level in zip(branches, levels, strict=True)) / len(branches)


def test_shoppers_who_mark_alike_have_a_small_share_and_others_a_large_one() -> None:
    alike, unlike = (shopper_share(neighbours("share", severity)) for severity in (0, 8))
    assert 0 < alike < SHOPPER_SHARE < unlike < 0.45


def test_the_share_is_in_whole_per_cent_and_the_order_of_visits_changes_nothing() -> None:
    visits = neighbours("order", 5)
    assert shopper_share(visits) == shopper_share(visits[::-1]) == round(shopper_share(visits), 2)


def test_nets_that_no_branch_links_say_together_what_each_says_alone() -> None:
    apart = [(f"island-{branch}", f"islander-{shopper}", score) for branch, shopper, score in neighbours("two", 8)]
    one, two = shopper_share(neighbours("one", 8)), shopper_share(apart)
    assert min(one, two) <= shopper_share([*neighbours("one", 8), *apart]) <= max(one, two) + 0.05


def test_shoppers_who_share_no_branch_leave_the_share_as_it_was() -> None:
    alone = [(f"b{place // 3}", f"s{place // 30}", 80.0 + place % 7) for place in range(300)]
    assert shopper_share(alone) == SHOPPER_SHARE


def test_of_very_many_visits_and_shoppers_some_are_enough_and_say_the_same() -> None:
    some = shopper_share(neighbours("many", 8, branches=400, visits=12, shoppers=140))
    all_of_them = neighbours("many", 8, branches=2_000, visits=12, shoppers=160)
    assert shopper_share(all_of_them) == pytest.approx(some, abs=0.1)
    assert shopper_share(all_of_them) == pytest.approx(0.39, abs=0.1)


def test_ranges_hold_the_level_more_often_with_the_own_share_where_shoppers_differ_much() -> None:
    """Nine in ten is promised; with one tenth for everybody it would be fewer than eight."""
    usual, own = [], []
    for each in range(20):
        seed = f"wave {each}"
        draws = Draws(seed)
        draws.normals(16)
        levels = [75 + 6 * z for z in draws.normals(40)]
        visits = neighbours(seed, 8)
        usual.append(held(visits, levels, SHOPPER_SHARE))
        own.append(held(visits, levels, shopper_share(visits)))
    assert sum(usual) / 20 < 0.8
    assert sum(own) / 20 > sum(usual) / 20 + 0.08
