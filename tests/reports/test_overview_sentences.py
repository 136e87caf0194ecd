"""What is said of changes, places, waves, weeks and versions: luck is called luck, and few visits few."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from babel.support import NullTranslations

from audit.domain.statistics.change import Change, Level, change_between
from audit.domain.statistics.dispersion import Dispersion
from audit.domain.statistics.places import StrictPlaces
from audit.domain.statistics.ranges import Range
from audit.domain.statistics.versions import Offset
from audit.formatting import Formats
from audit.reports.overview import Moved, Shift, put_in_a_row, spread_over_week
from audit.reports.overview_sentences import OverviewSentences
from audit.reports.period import month_of, quarter_of
from tests.reports.visits import ZURICH
from tests.reports.words import Listening, Shouting, collect_texts

SAY = OverviewSentences()
SPRING = quarter_of(date(2026, 4, 1))
MONDAY = date(2026, 11, 16)


def shift(before: float, after: float, visits: tuple[int, int] = (3, 3), offset: Offset | None = None) -> Shift:
    first, second = visits
    change = change_between(Level(before, first), Level(after, second), Dispersion(0.09, 100))
    return Shift(SPRING, f"{before:.0f}", f"{after:.0f}", first, second, change, offset)


NOT_COMPARED = Shift(SPRING, "80", "90", 3, 3, None)


def row(*jumps: tuple[int, float], last: int = 12) -> Any:
    means = {month: 80 + month % 2 for month in range(1, last + 1)} | dict(jumps)
    return put_in_a_row(month_of(date(2026, last, 1)), [(date(2026, m, 3), 1, float(s)) for m, s in means.items()])


def week(days: int, hour: int = 8) -> Any:
    moments = [MONDAY + timedelta(days=n) for n in range(days)]
    return spread_over_week((day, datetime(day.year, day.month, day.day, hour, tzinfo=UTC), ZURICH) for day in moments)


def test_ten_points_more_after_three_visits_each_could_be_luck() -> None:
    assert SAY.change(shift(80, 90), "spring") == "From 80 in spring to 90: could be luck (−5 to +25)."
    assert SAY.power(shift(80, 90)) == "3 visits each time can only show changes of about 16 points."


def test_a_clear_change_is_called_so_in_either_direction() -> None:
    assert SAY.change(shift(80, 90, (40, 40)), "spring").startswith("From 80 in spring to 90: a clear improvement (+")
    assert SAY.change(shift(90, 80, (40, 40)), "spring").startswith("From 90 in spring to 80: a clear decline (−")
    assert SAY.power(shift(80, 90, (40, 12))).startswith("40 before and 12 visits now can only show changes of about ")


def test_no_number_of_visits_can_show_a_change_of_no_points() -> None:
    many = "So many visits can only show changes of about one point or more."
    assert SAY.power(shift(80, 90, (900, 900))) == many
    assert SAY.power(shift(80, 90, (120_000, 110_000))) == many


@pytest.mark.parametrize(
    ("change", "ends"),
    [
        ((-8.0, -15.2, -0.4), "a clear decline (−16 to just below 0)"),
        ((8.0, 0.4, 15.2), "a clear improvement (just above 0 to +16)"),
        ((8.0, 0.0, 15.2), "could be luck (0 to +16)"),
        ((-8.0, -15.2, -1.0), "a clear decline (−16 to −1)"),
    ],
)
def test_a_clear_change_never_ends_at_0(change: tuple[float, float, float], ends: str) -> None:
    points, low, high = change
    found = Change(points, Range(low, high), Range(70, 90), Range(70, 90), 10.0)
    near = Shift(SPRING, "80", "72", 9, 9, found)
    assert SAY.change(near, "spring") == f"From 80 in spring to 72: {ends}."
    assert SAY.moved(near) == f"before 80: {ends}"


def test_two_versions_nobody_knows_apart_are_not_compared() -> None:
    assert SAY.change(NOT_COMPARED, "spring") == (
        "From 80 in spring to 90, with different versions of the checklist: not compared."
    )
    assert SAY.power(NOT_COMPARED) == SAY.shifted(NOT_COMPARED) == ""


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (-3.2, "Version 2 of the checklist marks about 3 points lower than the earlier ones in the same 12 branches."),
        (1.4, "Version 2 of the checklist marks about 1 point higher than the earlier ones in the same 12 branches."),
        (0.3, "Version 2 of the checklist marks as the earlier ones did in the same 12 branches."),
    ],
)
def test_what_a_version_does_is_said_in_whole_points(points: float, said: str) -> None:
    assert SAY.versions((1, 2), Offset(points, 12, 60)) == said


@pytest.mark.parametrize(
    ("points", "reach", "said"),
    [
        (3.2, Range(0.4, 6.0), "9 times out of 10 the true difference lies between just above 0 and +6."),
        (-3.2, Range(-6.1, -1.2), "9 times out of 10 the true difference lies between \u22127 and \u22121."),
        (1.4, Range(-2, 4.8), "9 times out of 10 the true difference lies between \u22122 and +5: it could be luck."),
        (0.3, Range(-1, 1.6), "9 times out of 10 the true difference lies between \u22121 and +2."),
    ],
)
def test_what_a_version_does_has_a_range(points: float, reach: Range, said: str) -> None:
    assert SAY.versions((1, 2), Offset(points, 12, 60, range=reach)).endswith(f" in the same 12 branches. {said}")


def test_what_a_version_does_is_said_briefly_with_its_range_too() -> None:
    known = Offset(-3.2, 12, 60, range=Range(-6.1, -0.2))
    assert SAY.versions_briefly((1, 2), known) == ("Version 2 against earlier ones: \u22123 (\u22127 to just below 0).")
    assert SAY.versions_briefly((1, 2), Offset(0, 12, 60, range=Range(-1, 2))).endswith(": 0 (\u22121 to +2).")
    assert SAY.versions_briefly((1, 2), None) == "Several versions, and nobody knows what that changes."
    assert SAY.versions_briefly((2,), None) == ""


def test_a_version_seen_in_few_branches_has_no_figure() -> None:
    assert "too few branches" in SAY.versions((1, 2), Offset(-3.2, 4, 60))
    assert "too few branches" in SAY.versions((1, 2), None)
    assert SAY.versions((2,), None) == ""


def test_knock_outs_are_a_share_with_a_range() -> None:
    assert SAY.critical(3, 65) == (
        "In 3 of 65 visits a critical question was failed. 9 times out of 10 the true share lies between 1 and 11 %."
    )
    assert SAY.critical(0, 65) == ""


def test_a_branch_stands_between_two_places() -> None:
    assert SAY.place((6, 45), 50) == "probably place 6 to 45 of 50"
    assert SAY.place((1, 1), 50) == "probably place 1 of 50"


NOTHING_SETTLED = StrictPlaces(50, {"N01": (1, 50), "N02": (1, 50)})
SOME_SETTLED = StrictPlaces(50, {"N01": (1, 30), "N02": (1, 50)})
ALL_SETTLED = StrictPlaces(2, {"N01": (1, 1), "N02": (2, 2)})


def test_a_bonus_by_place_is_paid_for_luck_unless_places_hold_for_all_at_once() -> None:
    assert SAY.strict(NOTHING_SETTLED).startswith(
        "No. These visits settle no place: each of 50 branches may stand anywhere from place 1 to 50, and a bonus"
    )
    assert SAY.strict(SOME_SETTLED) == (
        "Only as far as these places go. Every other of 50 branches may stand anywhere from place 1 to 50."
    )
    assert SAY.strict(ALL_SETTLED) == "Only as far as these places of 2 branches go:"
    assert [SAY.strict_place(places) for places in ((1, 30), (2, 2))] == ["place 1 to 30", "place 2"]
    assert "for all branches at once, at least 9 times out of 10" in SAY.strict_meant()


def test_a_row_moves_or_only_shakes() -> None:
    assert SAY.row(row(last=7)).startswith("Fewer than 8 waves in a row")
    assert SAY.row(row()) == "All waves lie within the limits of chance, 77 to 84."
    assert SAY.row(row((12, 40))).startswith("1 wave lies outside the limits of chance, ")
    climbing = row(*((month, 70) for month in range(1, 9)), *((month, 90) for month in range(9, 13)))
    assert SAY.row(climbing).endswith("8 or more waves in a row lie on one side of the middle: the level moved.")


def test_the_days_nobody_saw_are_named() -> None:
    assert SAY.week(week(5), "Saturday or Sunday") == (
        "No visit on Saturday or Sunday. None in the afternoon. None in the evening."
    )
    assert SAY.week(week(2), "").startswith("Visits on 2 of the seven days of the week.")
    assert SAY.week(week(7), "").startswith("There were visits on every day of the week.")
    assert SAY.week(spread_over_week([(MONDAY, None, ZURICH)]), "").endswith("Of 1 visit the time of day is not known.")


def test_branches_that_changed_are_named_with_the_luck_of_a_list() -> None:
    names = {"N01": "Mill Lane", "N02": "Old Bridge"}
    luck = "20 were visited often enough in both periods to be compared; of those named at most one in ten is expected"
    said = SAY.moved_apart(Moved(20, ("N01", "N02"), ()), names, Formats())
    assert said == f"Clearly up: Mill Lane and Old Bridge. {luck} to be luck."
    assert SAY.moved_apart(Moved(20, ("N01",), ("N02",)), names, Formats()).startswith(
        "Clearly up: Mill Lane. Clearly down: Old Bridge. "
    )
    assert SAY.moved_apart(Moved(20, (), ()), names, Formats()) == (
        "Of 20 that were visited often enough in both periods none clearly changed."
    )
    assert SAY.moved_apart(Moved(1, ("N01",), ()), names, Formats()) == ""
    many = Moved(20, tuple(map(str, range(20))), ())
    assert "10, 11, and …. " in SAY.moved_apart(many, {}, Formats())


def test_what_arrows_would_be_worth_is_said_where_some_of_them_would_be_luck() -> None:
    assert SAY.arrows(Moved(20, (), (), 0.628)) == (
        "No arrows: with so many visits 63 of 100 that did not change at all would differ by 5 points or more."
    )
    assert "visits 99 of 100 that" in SAY.arrows(Moved(20, (), (), 0.999))  # never all of them
    assert SAY.arrows(Moved(20, (), (), 0.04)) == ""
    assert SAY.arrows(Moved(1, (), (), 0.628)) == ""


def everything_said(words: NullTranslations) -> list[str]:
    say = OverviewSentences(words)
    usable = Offset(-3.2, 12, 60)
    changes = (shift(80, 90), shift(80, 90, (40, 40)), shift(90, 80, (40, 12)), NOT_COMPARED)
    rows = (row(), row((12, 40)), row(last=7), row(*((month, 70) for month in range(1, 9))))
    return [
        *(say.change(each, "SPRING") for each in changes),
        *(say.power(each) for each in changes[:3]),
        say.shifted(shift(80, 90)),
        say.taken_off(shift(80, 90, offset=usable)),
        *(say.versions((1, 2), Offset(points, 12, 60)) for points in (-3.0, 3.0, 0.0)),
        *(say.versions((1, 2), Offset(3, 12, 60, range=Range(low, 6))) for low in (-1, 1)),
        say.versions((1, 2), None),
        say.versions_briefly((1, 2), Offset(3, 12, 60, range=Range(1, 6))),
        say.versions_briefly((1, 2), None),
        say.place((6, 45), 50),
        say.place((1, 1), 50),
        say.places_to_come(),
        *(say.strict(each) for each in (NOTHING_SETTLED, SOME_SETTLED, ALL_SETTLED)),
        *(say.strict_place(places) for places in ((1, 30), (2, 2))),
        say.strict_meant(),
        say.critical(3, 65),
        *(say.row(each) for each in rows),
        *(say.week(week(days, hour), "SUNDAY") for days, hour in ((2, 8), (5, 13), (7, 20))),
        say.week(spread_over_week([(MONDAY, None, ZURICH)]), ""),
        say.moved_apart(Moved(9, ("A",), ("B",)), {}, Formats()),
        say.moved_apart(Moved(9, (), ()), {}, Formats()),
        say.arrows(Moved(9, (), (), 0.5)),
    ]


def test_every_sentence_comes_through_the_catalogue() -> None:
    assert [words for words in everything_said(Shouting()) if words != words.upper()] == []


def test_translators_are_given_every_text_of_which_sentences_are_made() -> None:
    listening = Listening()
    everything_said(listening)
    assert len(listening.heard) > 25
    assert listening.heard - set(collect_texts()) == set()
