"""Visits held against when customers come: what is drawn, what is said, and when nothing is weighed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel.support import NullTranslations
from hypothesis import given
from hypothesis import strategies as some

from audit.domain.statistics.dispersion import Dispersion
from audit.domain.statistics.traffic import PARTS, WEEK, TimedVisit, Traffic
from audit.domain.statistics.traffic import weigh as weigh_visits
from audit.reports import plots
from audit.reports.overview_sentences import OverviewSentences
from audit.reports.sentences import Sentences
from audit.reports.traffic import TrafficFigure, believed, hold_against
from tests.reports.drawings import parts
from tests.reports.words import Listening, Shouting, collect_texts

SAY = Sentences()
PHI = Dispersion(0.09, 60)
# A shop: three quarters of its customers on weekdays, the rest on Saturday.
SHOP = Traffic({part: Fraction(3 if part[0] < 5 else 5) for part in WEEK if part[0] < 6 and part[1] != "evening"})


def held(made: Iterable[TimedVisit], traffic: Traffic = SHOP) -> TrafficFigure:
    return hold_against(weigh_visits(traffic, made), PHI, None)


def weekdays(score: float = 80.0) -> list[TimedVisit]:
    """A visit on each weekday in each part of the day that customers come in."""
    return [TimedVisit(part, score, f"s{part[0]}") for part in SHOP.customers if part[0] < 5]


def test_the_gap_is_told_with_the_customers_who_come_then() -> None:
    found = held(weekdays())
    assert SAY.reached(found, "Saturday") == (
        "75 % of your customers come at times when there was a visit. No visit on Saturday: 25 % of your customers "
        "come then."
    )
    assert found.missing_days == (5,)  # on Sunday nobody comes
    assert found.missing_parts == ()  # nor in the evening
    assert SAY.weighed(found) == found.shown == ""
    assert SAY.not_weighed(found).endswith("the visits must reach at least 80 % of them.")


def test_where_all_customers_were_reached_the_weighed_mean_stands_beside_the_recorded_one() -> None:
    saturday = [TimedVisit((5, part), 60.0, "s5") for part in PARTS[:3]]
    found = held(weekdays() + saturday)
    assert found.shown == "75"  # a quarter of 60 and three of 80; the plain mean is 77
    assert SAY.not_weighed(found) == ""
    assert SAY.weighed(found).startswith("Weighed by when your customers come, the mean is 75 %: 9 times out of 10")
    assert SAY.weighed(found).endswith("in which every visit counts alike, stays the recorded one.")
    assert SAY.reached(found, "") == "There was a visit in every part of the week in which customers come."


def test_a_part_of_the_day_that_nobody_saw_is_told() -> None:
    morning = [each for each in weekdays() if each.part and each.part[1] == "morning"]
    said = SAY.reached(held(morning), "Saturday")
    assert "None at midday: 33 % come then. None in the afternoon: 33 % come then." in said


def test_a_day_is_not_called_unseen_when_somebody_was_there_while_no_customer_comes() -> None:
    found = held([*weekdays(), TimedVisit((5, "evening"), 80.0)])
    assert found.missing_days == ()
    assert SAY.reached(found, "") == "75 % of your customers come at times when there was a visit."


def test_no_rounding_says_that_visits_reached_more_customers_than_they_did() -> None:
    nearly = Traffic({(0, "morning"): Fraction(996), (0, "midday"): Fraction(4)})
    assert SAY.reached(held([TimedVisit((0, "morning"), 80.0)], nearly), "") == (
        "99 % of your customers come at times when there was a visit. None at midday: 1 % come then."
    )
    too_few = Traffic({(0, "morning"): Fraction(797), (0, "midday"): Fraction(203)})
    found = held([TimedVisit((0, "morning"), 80.0)], too_few)
    assert SAY.reached(found, "").startswith("79 % of your customers")
    assert SAY.not_weighed(found).endswith("the visits must reach at least 80 % of them.")


def test_visits_without_a_time_are_told_and_reach_nobody() -> None:
    found = held([TimedVisit(None, 80.0)] * 3)
    assert SAY.reached(found, "").startswith("0 % of your customers come at times when there was a visit.")
    assert SAY.reached(found, "").endswith("Of 3 visits the time of day is not known.")


def test_weights_that_cost_too_much_are_told_as_what_the_visits_would_be_worth() -> None:
    found = held([*weekdays() * 8, *[TimedVisit((5, part), 60.0) for part in PARTS[:3]]])
    assert found.is_covered
    assert SAY.not_weighed(found).endswith("so weighed 123 visits are worth about 39.")


def test_no_rounding_lifts_the_weighed_mean_over_the_target() -> None:
    visits = [TimedVisit(part, 79.6) for part in SHOP.customers]
    found = hold_against(weigh_visits(SHOP, visits), PHI, Fraction(80))
    assert found.shown == "79"


def test_a_mark_on_another_day_than_the_visit_is_not_believed() -> None:
    zurich = ZoneInfo("Europe/Zurich")
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert believed(date(2026, 11, 22), late, zurich) == late
    assert believed(date(2026, 11, 21), late, zurich) is None
    assert believed(date(2026, 11, 21), None, zurich) is None


@given(some.lists(some.integers(0, 9), min_size=28, max_size=28).filter(any), some.integers(0, 200))
def test_the_darkest_shade_is_where_most_come_and_none_where_nobody_does(customers: list[int], visits: int) -> None:
    said = Traffic(dict(zip(WEEK, map(Fraction, customers), strict=True)))
    found = held([TimedVisit((2, "midday"), 80.0)] * visits, said)
    assert sum(cell.share for cell in found.cells) == 1
    assert {cell.shade for cell in found.cells if cell.share == max(each.share for each in found.cells)} == {4}
    assert all((cell.shade == 0) == (cell.share == 0) for cell in found.cells)
    assert max(-(-cell.visits // found.dot) for cell in found.cells) <= 12


def test_a_dot_stands_for_each_visit_and_shades_differ_without_colour() -> None:
    drawn = [parts(plots.crowd(shade, 5, 1, "")) for shade in range(5)]
    assert len({cell[0].get("fill") for cell in drawn}) == 5
    assert {cell[1].get("d", "").count("M") for cell in drawn} == {5}
    assert len(parts(plots.crowd(4, 0, 1, ""))) == 1
    assert parts(plots.crowd(4, 25, 3, ""))[1].get("d", "").count("M") == 9


def everything_said(words: NullTranslations) -> Iterable[str]:
    say = OverviewSentences(words)
    saturday = [TimedVisit((5, part), 60.0) for part in PARTS[:3]]
    gaps = [held(weekdays()), held(weekdays() + saturday), held([*weekdays() * 8, *saturday])]
    only = Traffic({(0, part): Fraction(1) for part in PARTS})
    gaps += [held([], only), held([TimedVisit(None, 80.0)]), held(weekdays() * 20)]
    for found in gaps:
        yield from (say.reached(found, "DAYS"), say.weighed(found), say.not_weighed(found), say.crowd_key(found))
        yield from (say.crowd(cell) for cell in found.cells[:2])


def test_translators_are_given_every_sentence() -> None:
    listening = Listening()
    list(everything_said(listening))
    assert len(listening.heard) > 12
    assert listening.heard - set(collect_texts()) == set()


def test_every_sentence_comes_through_the_catalogue() -> None:
    assert [said for said in everything_said(Shouting()) if said != said.upper()] == []
