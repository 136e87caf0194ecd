"""What is said about how sure a number is: whole points, nine times out of ten, and no order that the visits lack."""

from dataclasses import dataclass

import pytest
from babel.support import NullTranslations
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.statistics.groups import ABOVE, ALIKE, BELOW, NOT_RANKED
from audit.domain.statistics.ranges import Range
from audit.reports.sentences import Sentences
from tests.reports.words import Listening, Shouting, collect_texts

SAY = Sentences()
LEVELS = st.floats(0, 100)


@dataclass(frozen=True)
class Branch:
    group: str
    visits: int = 3
    shoppers: int = 2


def branches(above: int = 0, alike: int = 0, below: int = 0, unranked: int = 0) -> list[Branch]:
    return [
        *[Branch(ABOVE)] * above,
        *[Branch(ALIKE)] * alike,
        *[Branch(BELOW)] * below,
        *[Branch(NOT_RANKED, 2)] * unranked,
    ]


def test_a_branchs_figure_is_one_line() -> None:
    assert SAY.level("84", 3, Range(70.4, 91.2)) == (
        "84 from 3 visits. 9 times out of 10 the true level lies between 70 and 92."
    )
    assert SAY.level("84", 1, Range(60, 97)).startswith("84 from 1 visit. 9 times")


@given(LEVELS, LEVELS)
def test_a_sentence_never_promises_more_than_the_range_and_carries_no_decimals(one: float, other: float) -> None:
    reach = Range(min(one, other), max(one, other))
    said = SAY.lies(reach).removesuffix(".")
    assert "." not in said
    *_, low, _, high = said.split()
    assert int(low) <= reach.low + 1e-6
    assert int(high) >= reach.high - 1e-6


@pytest.mark.parametrize(
    ("area", "said"),
    [
        (
            branches(3, 45, 2),
            "3 branches are clearly above, 2 clearly below; the other 45 cannot be told apart with 3 visits each.",
        ),
        (
            branches(1, 4),
            "1 branch is clearly above, none clearly below; the other 4 cannot be told apart with 3 visits each.",
        ),
        (
            branches(0, 1, 1),
            "No branch is clearly above, 1 clearly below; the other cannot be told apart with 3 visits.",
        ),
        (branches(2, 0, 3), "2 branches are clearly above, 3 clearly below."),
        (branches(0, 5), "None of 5 branches can be told apart with 3 visits each."),
        (branches(0, 1), "1 branch cannot be told apart with 3 visits."),
        ([Branch(ALIKE, 3), Branch(ALIKE, 12)], "None of 2 branches can be told apart with 3 to 12 visits each."),
        (
            branches(0, 5, 0, 2),
            "None of 5 branches can be told apart with 3 visits each. "
            "2 branches are not ranked yet: fewer than 3 visits or 2 shoppers.",
        ),
        (branches(unranked=1), "1 branch is not ranked yet: fewer than 3 visits or 2 shoppers."),
        ([], ""),
    ],
)
def test_an_area_is_told_in_groups(area: list[Branch], said: str) -> None:
    assert SAY.groups(area) == said


def test_a_standard_is_named_wherever_branches_are_held_against_it() -> None:
    assert SAY.groups(branches(1, 2, 1), "80") == (
        "1 branch is clearly above 80, 1 clearly below; the other 2 cannot be told apart from 80 with 3 visits each."
    )
    assert SAY.groups(branches(0, 4), "80") == "None of 4 branches can be told apart from 80 with 3 visits each."
    assert SAY.groups(branches(0, 0, 2), "80") == "No branch is clearly above 80, 2 clearly below."


def test_a_branch_without_a_group_hears_what_is_missing() -> None:
    assert SAY.not_ranked_yet(Branch(NOT_RANKED, 2)) == "not ranked yet: 2 of 3 visits"
    assert SAY.not_ranked_yet(Branch(NOT_RANKED, 6, 1)) == "not ranked yet: 1 of 2 shoppers"
    assert SAY.not_ranked_yet(Branch(NOT_RANKED, 6, 3)) == ""


def test_one_shopper_behind_all_visits_is_told_and_two_are_not() -> None:
    assert SAY.one_shopper(Branch(NOT_RANKED, 3, 1)).startswith("All visits were made by one shopper:")
    assert SAY.one_shopper(Branch(NOT_RANKED, 1, 1)) == SAY.one_shopper(Branch(ALIKE, 3, 2)) == ""


def test_one_branch_hears_where_it_stands() -> None:
    assert SAY.group(Branch(ABOVE)) == "Clearly above the mean of its area."
    assert SAY.group(Branch(ALIKE)) == "Cannot be told apart from the mean of its area."
    assert SAY.group(Branch(BELOW), SAY.target("80")) == "Clearly below the target of 80."
    assert SAY.group(Branch(NOT_RANKED, 2)) == "Not ranked yet: 2 of 3 visits."


def test_areas_of_a_programme_are_told_apart_like_branches() -> None:
    assert SAY.areas(branches(1, 5, 2)) == (
        "Of 8 areas: 1 clearly above, 2 clearly below, 5 that cannot be told apart."
    )
    assert SAY.areas(branches(1, 2, 0, 1), SAY.target("80")) == (
        "Of 4 areas: 1 clearly above the target of 80, 0 clearly below, 2 that cannot be told apart from it. "
        "Not ranked yet: 1."
    )


def test_of_areas_that_nothing_can_be_said_of_no_noughts_are_counted() -> None:
    assert SAY.areas(branches(unranked=3), SAY.target("80")) == (
        "3 areas are not ranked yet: fewer than 3 visits or 2 shoppers."
    )
    assert SAY.areas(branches(above=1), SAY.target("80")) == "Clearly above the target of 80."
    assert SAY.areas(branches(unranked=1), SAY.target("80")) == "Not ranked yet: 2 of 3 visits."


def everything_said(words: NullTranslations) -> list[str]:
    say = Sentences(words)
    return [
        say.level("84", 3, Range(70, 92)),
        say.area_lies(Range(70, 92)),
        say.drawn("84", Range(70, 92), "78"),
        say.drawn("84", Range(70, 92)),
        say.likely(Range(70, 92)),
        say.too_few_branches(),
        say.too_few_areas(),
        say.areas(branches(1, 1, 1, 1)),
        say.areas(branches(1, 1, 1, 1), say.target("80")),
        say.ceiling(),
        say.few_lost(50),
        *(say.held_against("81", areas) for areas in (False, True)),
        say.one_shopper(Branch(NOT_RANKED, 3, 1)),
        *(say.group(Branch(group)) for group in (ABOVE, ALIKE, BELOW)),
        say.group(Branch(NOT_RANKED, 1), say.target("80")),
        *(say.title(group) for group in (ABOVE, ALIKE, BELOW, NOT_RANKED)),
        *(say.not_ranked_yet(branch) for branch in (Branch(NOT_RANKED, 2), Branch(NOT_RANKED, 3, 1))),
        *(
            say.groups(branches(*numbers), standard)
            for numbers in ((1, 1, 1, 1), (0, 3), (0, 1, 2), (2, 3, 2, 2))
            for standard in ("", "80")
        ),
        say.groups([Branch(ALIKE, 3), Branch(ALIKE, 12)]),
    ]


def test_every_sentence_comes_through_the_catalogue() -> None:
    assert [words for words in everything_said(Shouting()) if words != words.upper()] == []


def test_translators_are_given_every_text_of_which_sentences_are_made() -> None:
    listening = Listening()
    everything_said(listening)
    assert len(listening.heard) > 30
    assert listening.heard - set(collect_texts()) == set()
