"""When customers come: parts of the week, and a mean that is weighed only where little is missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit.domain.errors import InvalidField
from audit.domain.statistics.dispersion import Dispersion
from audit.domain.statistics.ranges import (
    effective_of_weighted,
    effective_of_weights,
    effective_visits,
)
from audit.domain.statistics.traffic import HOURS, PARTS, WEEK, TimedVisit, Traffic, part_of_week, weigh
from audit.formatting import day_part

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
EVEN = Traffic(dict.fromkeys(WEEK, Fraction(1)))
PRIOR = Dispersion(0.1, 0)
hours = some.integers(0, 7 * 24 - 1).map(lambda hour: MONDAY + timedelta(hours=hour))
scores = some.floats(0, 100)
shoppers = some.sampled_from(("", "a", "b", "c"))
visits = some.lists(some.builds(TimedVisit, some.sampled_from((None, *WEEK)), scores, shoppers), min_size=1)


@given(hours)
def test_every_hour_lies_in_one_part_of_the_week(moment: datetime) -> None:
    day, part = part_of_week(moment)
    first, last = HOURS[part]
    assert day == moment.weekday()
    assert first <= moment.hour < last
    assert sum(first <= moment.hour < last for first, last in HOURS.values()) == 1


@given(hours)
def test_a_part_of_the_week_says_no_more_than_a_report_beside_it(moment: datetime) -> None:
    _, part = part_of_week(moment)
    assert day_part(moment) == {"midday": "afternoon"}.get(part, part)


def test_traffic_is_shares_of_whatever_was_counted() -> None:
    said = Traffic({(0, "morning"): Fraction(30), (5, "midday"): Fraction(10)})
    assert [said.share(part) for part in said.customers] == [Fraction(3, 4), Fraction(1, 4)]
    assert said.share((6, "evening")) == 0


@pytest.mark.parametrize(
    "customers", [{}, {(0, "morning"): Fraction(0)}, {(0, "morning"): Fraction(-1)}, {(7, "night"): Fraction(1)}]
)
def test_a_week_without_customers_is_refused(customers: dict[tuple[int, str], Fraction]) -> None:
    with pytest.raises(InvalidField):
        Traffic(customers)


def test_visits_that_come_as_customers_do_weigh_alike() -> None:
    made = [TimedVisit(part, float(place), f"s{place}") for place, part in enumerate(WEEK)]
    found = weigh(EVEN, made)
    assert found.mean == pytest.approx(fsum(each.score for each in made) / 28)
    assert found.worth == found.effective_visits == pytest.approx(28)
    assert found.likely_range(PRIOR) is not None


def test_a_visit_counts_as_much_as_the_customers_it_stands_for() -> None:
    said = Traffic({(0, "morning"): Fraction(3), (5, "midday"): Fraction(1)})
    made = [TimedVisit((0, "morning"), 90.0, "a"), TimedVisit((5, "midday"), 50.0, "b")]
    found = weigh(said, made)
    assert found.mean == pytest.approx(80)  # and not 70
    assert found.worth == pytest.approx(1.6)


def test_where_a_fifth_of_the_customers_was_missed_nothing_is_weighed() -> None:
    just, less = (Traffic({(0, "morning"): Fraction(kept), (5, "midday"): Fraction(100 - kept)}) for kept in (80, 79))
    made = [TimedVisit((0, "morning"), 90.0)]
    assert weigh(just, made).mean == 90
    assert weigh(less, made).mean is None
    assert weigh(less, made).likely_range(PRIOR) is None
    assert not weigh(less, made).is_covered


def test_where_weights_cost_a_third_of_the_visits_nothing_is_weighed() -> None:
    said = Traffic({(0, "morning"): Fraction(1), (5, "midday"): Fraction(1)})
    made = [TimedVisit((0, "morning"), 90.0)] * 9 + [TimedVisit((5, "midday"), 50.0)]
    found = weigh(said, made)
    assert found.is_covered
    assert found.worth < 7
    assert found.mean is None


def test_a_visit_without_a_time_costs_its_share_and_has_no_weight() -> None:
    timed = [TimedVisit((0, "morning"), 90.0, f"s{n}") for n in range(7)]
    said = Traffic({(0, "morning"): Fraction(1)})
    assert weigh(said, [*timed, *[TimedVisit(None, 0.0)] * 3]).mean == pytest.approx(90)
    lost = weigh(said, [*timed, *[TimedVisit(None, 0.0)] * 4])
    assert lost.mean is None
    assert (lost.visits, lost.untimed) == (11, 4)


def test_a_visit_when_no_customer_comes_has_no_weight_either() -> None:
    said = Traffic({(0, "morning"): Fraction(1)})
    made = [TimedVisit((0, "morning"), 90.0)] * 8 + [TimedVisit((6, "evening"), 10.0)]
    found = weigh(said, made)
    assert found.mean == pytest.approx(90)
    assert found.made[6, "evening"] == 1


def test_no_visit_is_no_mean() -> None:
    found = weigh(EVEN, [])
    assert (found.mean, found.visits, found.worth, found.effective_visits) == (None, 0, 0, 0)


@given(visits, some.lists(some.integers(0, 9), min_size=28, max_size=28).filter(any))
def test_a_weighed_mean_lies_among_its_scores_and_is_worth_no_more_than_its_visits(
    made: list[TimedVisit], customers: list[int]
) -> None:
    found = weigh(Traffic(dict(zip(WEEK, map(Fraction, customers), strict=True))), made)
    assert found.effective_visits <= len(made) + 1e-9
    if found.mean is not None:
        known = [visit.score for visit in made if visit.part]
        assert min(known) - 1e-9 <= found.mean <= max(known) + 1e-9
        reach = found.likely_range(PRIOR)
        assert reach is not None
        assert 0 <= reach.low <= reach.high <= 100


@given(some.lists(some.integers(1, 9), min_size=1, max_size=9), some.floats(0, 1))
def test_equal_weights_are_worth_what_plain_visits_are(by_shopper: list[int], share: float) -> None:
    weights = [[2.5] * number for number in by_shopper]
    assert effective_of_weighted(weights, share) == pytest.approx(effective_visits(by_shopper, share))


@given(some.lists(some.floats(0.01, 9), min_size=1, max_size=20))
def test_where_shoppers_have_no_share_weights_cost_what_kish_says(weights: list[float]) -> None:
    one_by_each = [[weight] for weight in weights]
    assert effective_of_weighted(one_by_each, 0.0) == pytest.approx(effective_of_weights(weights))


def test_the_parts_are_four_on_each_of_seven_days() -> None:
    assert len(WEEK) == len(set(WEEK)) == 28
    assert set(HOURS) == set(PARTS)
