"""`audit measure`: anybody's table of visits, and how sure its figures are."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from audit.domain.statistics.draws import Draws
from tests.cli.conftest import Prompt, Said
from tests.intake.workbook_samples import saved, workbook

SCORES = Path(__file__).parents[2].parent / "shared" / "fixtures" / "scores"
INSPECTIONS, CHAINS = SCORES / "sf_inspections.csv", SCORES / "sf_chains_visits.csv"
GROUPS = {"above", "cannot be told apart", "below", "not ranked"}

LEVELS = {"harbour": 97, "market": 80, "mill-lane": 79, "old-bridge": 81, "quayside": 52}
HEAD = "branch,area,wave,shopper,date,score\n"


def rows(branch: str, level: int, visits: int = 6) -> str:
    wobble = (0, 2, -1, 1, -2, 0)
    return "".join(
        f"{branch},North,spring,sam{place % 3},2026-03-0{place + 1},{level + wobble[place]}\n"
        for place in range(visits)
    )


MIXED = HEAD + "".join(rows(branch, level) for branch, level in LEVELS.items())


def measured(said: Said) -> dict[str, Any]:
    """The JSON, once it is seen to hold what the contract says and nothing impossible."""
    tree: dict[str, Any] = json.loads(said.out)
    assert list(tree) == ["dispersion", "degrees_of_freedom", "areas", "notes", "refused"]
    assert tree["dispersion"] > 0
    for area in tree["areas"]:
        assert set(area) == {"area", "branches"}
        for each in area["branches"]:
            assert set(each) == {"branch", "visits", "mean", "likely_range", "p_above", "group"}
            low, high = each["likely_range"]
            assert 0 <= low <= each["mean"] + 1e-9
            assert each["mean"] - 1e-9 <= high <= 100
            assert each["p_above"] is None or 0 <= each["p_above"] <= 1
            assert each["group"] in GROUPS
    return tree


def groups(tree: dict[str, Any]) -> dict[str, str]:
    return {each["branch"]: each["group"] for area in tree["areas"] for each in area["branches"]}


def test_branches_far_off_are_told_apart_and_the_others_are_not(prompt: Prompt) -> None:
    said = prompt.audit("measure", prompt.file("visits.csv", MIXED), "--json")
    assert (said.status, said.err) == (0, "")
    tree = measured(said)
    assert [area["area"] for area in tree["areas"]] == ["North"]
    assert tree["degrees_of_freedom"] == 25
    assert groups(tree) == {
        "harbour": "above",
        "market": "cannot be told apart",
        "mill-lane": "cannot be told apart",
        "old-bridge": "cannot be told apart",
        "quayside": "below",
    }


def test_figures_are_printed_unrounded_and_need_no_database(prompt: Prompt) -> None:
    file = prompt.file("visits.csv", "branch;score\nharbour;84\nharbour;91\nharbour;70\n")
    tree = measured(prompt.audit("measure", file, "--json"))
    ((branch,),) = (area["branches"] for area in tree["areas"])
    assert branch["mean"] == pytest.approx(245 / 3, abs=1e-12)
    assert not prompt.database.exists()


def test_a_person_reads_three_blocks_and_a_sentence(prompt: Prompt) -> None:
    said = prompt.audit("measure", prompt.file("visits.csv", MIXED))
    assert said.out.startswith("30 visits from 2026-03-01 to 2026-03-06, read as text in UTF-8, ")
    assert (
        "Area North: mean 78, likely range 74-81. 1 branch is clearly above, 1 clearly below; "
        "the other 3 cannot be told apart with 6 visits each."
    ) in said.out
    blocks = ["clearly above:", "harbour", "cannot be told apart (A-Z):", "market", "mill-lane", "old-bridge"]
    places = [
        said.out.index(word, said.out.index("likely range\n")) for word in [*blocks, "clearly below:", "quayside"]
    ]
    assert places == sorted(places)


def test_nobody_told_apart_is_said_in_words(prompt: Prompt) -> None:
    alike = HEAD + "".join(rows(branch, 80, visits=3) for branch in LEVELS)
    said = prompt.audit("measure", prompt.file("visits.csv", alike))
    assert "None of 5 branches can be told apart with 3 visits each." in said.out


def test_two_visits_or_one_shopper_rank_nobody(prompt: Prompt) -> None:
    alone = rows("station", 99).replace("sam1", "sam0").replace("sam2", "sam0")
    tree = measured(prompt.audit("measure", prompt.file("v.csv", MIXED + rows("tram", 99, visits=2) + alone), "--json"))
    assert groups(tree)["tram"] == groups(tree)["station"] == "not ranked"
    assert groups(tree)["quayside"] == "below"


def test_without_shoppers_the_rule_of_two_is_waived_and_said_so(prompt: Prompt) -> None:
    lines = [",".join((line.split(",")[0], line.split(",")[-1])) for line in MIXED.splitlines()]
    said = prompt.audit("measure", prompt.file("visits.csv", "\n".join(lines)), "--json")
    tree = measured(said)
    assert said.status == 0
    assert groups(tree)["harbour"] == "above"
    assert any("rule of two shoppers is waived" in note for note in tree["notes"])
    assert [f"note: {note}" for note in tree["notes"]] == said.err.splitlines()
    assert [area["area"] for area in tree["areas"]] == [""]


def test_a_visit_without_a_shopper_among_others_is_said_too(prompt: Prompt) -> None:
    file = prompt.file("visits.csv", MIXED + "market,North,spring,,2026-03-07,80\n")
    assert measured(prompt.audit("measure", file, "--json"))["notes"] == [
        "Visits without a shopper: 1. Each counts as one by another shopper."
    ]


def test_where_hardly_a_branch_was_visited_again_the_ranges_are_said_to_lean_on_what_is_usual(prompt: Prompt) -> None:
    seldom = "ranges lean on what is usual, a dispersion of 0.10."
    once = "".join(rows(branch, level, visits=5) for branch, level in LEVELS.items())
    assert seldom not in prompt.audit("measure", prompt.file("twenty.csv", HEAD + once)).err
    fewer = once.replace("market,North,spring,sam0", "mill-lane,North,summer,sam0", 1)
    assert seldom in prompt.audit("measure", prompt.file("nineteen.csv", HEAD + fewer), "--json").err


def test_repeated_shoppers_widen_the_range(prompt: Prompt) -> None:
    many = "branch,shopper,score\n" + "".join(f"a,sam{who},{80 + who % 3}\n" for who in range(6))
    one = many.replace("sam1", "sam0").replace("sam2", "sam0").replace("sam3", "sam0").replace("sam4", "sam0")
    wide, narrow = (
        measured(prompt.audit("measure", prompt.file("v.csv", text), "--json"))["areas"][0]["branches"][0][
            "likely_range"
        ]
        for text in (one, many)
    )
    assert wide[1] - wide[0] > narrow[1] - narrow[0]


def test_four_branches_are_held_against_a_standard_alone(prompt: Prompt) -> None:
    four = prompt.file("visits.csv", MIXED.replace("market", "mill-lane"))
    plain = measured(prompt.audit("measure", four, "--json"))
    assert set(groups(plain).values()) == {"not ranked"}
    assert {each["p_above"] for each in plain["areas"][0]["branches"]} == {None}
    held = measured(prompt.audit("measure", four, "--json", "--standard", "80"))
    assert groups(held) == {
        "harbour": "above",
        "mill-lane": "cannot be told apart",
        "old-bridge": "cannot be told apart",
        "quayside": "below",
    }
    assert "hold them against --standard" in prompt.audit("measure", four).out
    assert "1 branch is clearly above 80, 1 clearly below" in prompt.audit("measure", four, "--standard", "80").out


def test_columns_of_other_names_are_named(prompt: Prompt) -> None:
    file = prompt.file("visits.csv", MIXED.replace("branch,area", "Shop No,Region").replace("score", "Result"))
    said = prompt.audit(
        "measure", file, "--column", "branch=shop_no", "--column", "area=Region", "--column", "score=Result", "--json"
    )
    assert said.status == 0
    assert measured(said)["areas"][0]["area"] == "North"


def test_a_missing_column_is_refused_with_the_words_to_type(prompt: Prompt) -> None:
    said = prompt.audit("measure", prompt.file("visits.csv", "business_id,score\n19,94\n19,96\n"))
    assert (said.status, said.out) == (1, "")
    assert "such as --column branch=business_id" in said.err
    assert "“business_id”, “score”" in said.err


@pytest.mark.parametrize(
    ("column", "why"),
    [("branch=Shop", "No column is headed “Shop”"), ("score=twice", "stands over several columns")],
)
def test_a_heading_that_cannot_be_found_once_is_refused(prompt: Prompt, column: str, why: str) -> None:
    file = prompt.file("visits.csv", "branch,score,twice,twice\nharbour,80,1,2\n")
    said = prompt.audit("measure", file, "--column", column)
    assert said.status == 1
    assert why in said.err


@pytest.mark.parametrize(
    "wrong",
    [
        ["--column", "manager=Ann"],
        ["--column", "branch"],
        ["--standard", "101"],
        ["--standard", "nan"],
        ["--standard", "x"],
    ],
)
def test_wrong_usage_is_told_apart_from_a_wrong_table(prompt: Prompt, wrong: list[str]) -> None:
    assert prompt.audit("measure", prompt.file("visits.csv", MIXED), *wrong).status == 2


def test_good_rows_are_measured_and_bad_ones_named_with_the_mend(prompt: Prompt) -> None:
    bad = ",North,spring,sam,,80\nmarket,North,,sam,,\nmarket,North,,sam,,good\nmarket,North,,sam,,101\n"
    said = prompt.audit("measure", prompt.file("visits.csv", MIXED + bad), "--json")
    assert said.status == 1
    assert said.err.splitlines() == [
        "row 32: There is no branch. Name the branch that was visited.",
        "row 33: There is no score. Leave the row out if the visit was not scored.",
        "row 34: The score “good” is no number. Write it in figures, such as 87.5.",
        "row 35: The score 101 lies outside 0 to 100. Write it in points out of 100.",
    ]
    tree = measured(said)
    assert [f"row {row['row']}: {row['why']}" for row in tree["refused"]] == said.err.splitlines()
    assert sum(each["visits"] for each in tree["areas"][0]["branches"]) == 30


def test_a_table_without_one_good_row_is_refused(prompt: Prompt) -> None:
    said = prompt.audit("measure", prompt.file("visits.csv", "branch,score\nharbour,good\n"), "--json")
    assert (said.status, said.out) == (1, "")
    assert "No visit could be read" in said.err


@pytest.mark.parametrize(("cell", "mean"), [('"87,5"', 87.5), ("87.5 %", 87.5), ("100%", 100), ("-0", 0), (".5", 0.5)])
def test_scores_are_read_as_people_write_them(prompt: Prompt, cell: str, mean: float) -> None:
    tree = measured(prompt.audit("measure", prompt.file("visits.csv", f"branch,score\nharbour,{cell}\n"), "--json"))
    assert tree["areas"][0]["branches"][0]["mean"] == mean


def test_shares_instead_of_points_are_noticed(prompt: Prompt) -> None:
    said = prompt.audit("measure", prompt.file("visits.csv", "branch,score\nharbour,0.9\nharbour,0.8\n"))
    assert "multiply them by 100" in said.err


def test_dates_are_read_where_they_can_mean_one_day_only(prompt: Prompt) -> None:
    days = "branch,score,date\na,80,20150219\na,81,2018-02-16 10:30\na,82,5.3.2016\na,83,03/04/2016\na,84,20161399\n"
    said = prompt.audit("measure", prompt.file("visits.csv", days))
    assert said.status == 0
    assert said.out.startswith("5 visits from 2015-02-19 to 2018-02-16, ")
    assert "Dates that could not be read: 2. No figure needs them." in said.err
    assert "more than a year and name no wave" in said.err


def test_where_scores_pile_up_at_100_few_visits_are_never_called_below(prompt: Prompt) -> None:
    piled = "branch,score\n" + "".join(f"b{number},100\n" * 3 for number in range(20)) + "low,40\nlow,50\nlow,45\n"
    said = prompt.audit("measure", prompt.file("visits.csv", piled), "--json")
    assert groups(measured(said))["low"] == "cannot be told apart"
    assert "no branch with fewer than 6 visits is called below" in said.err
    more = prompt.file("visits.csv", piled + "low,42\nlow,44\nlow,46\n")
    assert groups(measured(prompt.audit("measure", more, "--json")))["low"] == "below"


def test_a_branch_in_two_areas_is_measured_in_each(prompt: Prompt) -> None:
    said = prompt.audit("measure", prompt.file("v.csv", "branch,area,score\na,North,80\na,South,60\n"), "--json")
    tree = measured(said)
    assert [(area["area"], area["branches"][0]["mean"]) for area in tree["areas"]] == [("North", 80), ("South", 60)]
    assert "Branch a stands in 2 areas" in said.err


def test_branches_without_an_area_are_not_called_all_branches_beside_others(prompt: Prompt) -> None:
    table = "branch,area,score\na,,100\nb,,90\nc,North,70\nd,North,60\n"
    said = prompt.audit("measure", prompt.file("v.csv", table))
    assert "Branches without an area: mean 95" in said.out
    assert "All branches" not in said.out
    assert "Branches without an area: More than a quarter of the scores are 100" in said.err


def test_a_table_that_was_pasted_twice_is_noticed(prompt: Prompt) -> None:
    twice = MIXED + "".join(MIXED.splitlines(keepends=True)[1:])
    said = prompt.audit("measure", prompt.file("v.csv", twice), "--json")
    assert "say the same as an earlier one in every cell: 30, the first is row 32." in said.err
    assert {each["visits"] for each in measured(said)["areas"][0]["branches"]} == {12}


def test_two_visits_with_the_same_score_are_no_repetition_where_no_day_is_named(prompt: Prompt) -> None:
    said = prompt.audit("measure", prompt.file("v.csv", "branch,score\na,80\na,80\n"))
    assert "in every cell" not in said.err


def test_names_that_differ_in_capitals_alone_are_told(prompt: Prompt) -> None:
    table = "branch,area,score\nMill,North,80\nmill,north,60\nQuay,South,70\n"
    said = prompt.audit("measure", prompt.file("v.csv", table))
    assert "“North” and “north” were taken for two areas" in said.err
    assert "“Mill” and “mill” were taken for two branches" in said.err
    assert "capitals" not in prompt.audit("measure", prompt.file("w.csv", MIXED)).err


def test_one_long_name_does_not_fill_every_line_with_blanks(prompt: Prompt) -> None:
    table = f"branch,score\n{'long' * 5000},80\nb,60\n"
    said = prompt.audit("measure", prompt.file("v.csv", table))
    assert len(said.out) < 22_000


def test_a_table_of_headings_alone_is_told_so(prompt: Prompt) -> None:
    said = prompt.audit("measure", prompt.file("v.csv", "branch,score\n"))
    assert said.status == 1
    assert "nothing stands below its headings" in said.err


def test_a_table_in_latin_1_keeps_its_letters(prompt: Prompt) -> None:
    file = prompt.file("visits.csv", "branch,score\nPeña y Muñoz,80\nCafé de la Niña,90\n".encode("latin-1"))
    tree = measured(prompt.audit("measure", file, "--json"))
    assert [each["branch"] for each in tree["areas"][0]["branches"]] == ["Café de la Niña", "Peña y Muñoz"]


def test_a_workbook_and_standard_input_are_read_too(prompt: Prompt) -> None:
    book = saved(workbook(("branch", "score"), ("harbour", 87.5), ("harbour", 90)))
    from_book = measured(prompt.audit("measure", prompt.file("visits.xlsx", book), "--json"))
    from_pipe = measured(prompt.audit("measure", "-", "--json", input="branch,score\nharbour,87.5\nharbour,90\n"))
    assert from_book == from_pipe


def test_the_order_of_the_rows_changes_nothing(prompt: Prompt) -> None:
    head, *lines = MIXED.splitlines()
    turned = "\n".join([head, *reversed(lines)])
    first, second = (prompt.audit("measure", prompt.file("v.csv", text), "--json").out for text in (MIXED, turned))
    assert first == second


def test_a_table_longer_than_any_list_of_branches_is_read(prompt: Prompt) -> None:
    draws = Draws("sixty thousand visits")
    lines = [f"b{place // 12:04},{round(share * 100)}" for place, share in enumerate(draws.shares(60_000))]
    tree = measured(prompt.audit("measure", prompt.file("v.csv", "\n".join(["branch,score", *lines])), "--json"))
    assert len(tree["areas"][0]["branches"]) == 5_000


@pytest.mark.skipif(not INSPECTIONS.exists(), reason="the shared fixtures are not here: scores")
def test_a_citys_inspections_are_measured_in_seconds(prompt: Prompt) -> None:
    began = time.process_time()
    said = prompt.audit("measure", INSPECTIONS, "--column", "branch=business_id", "--json")
    assert time.process_time() - began < 10
    tree = measured(said)
    assert said.status == 0
    branches = tree["areas"][0]["branches"]
    assert len(branches) == 5_758
    assert 0.02 < tree["dispersion"] < 0.06
    assert {each["group"] for each in branches if each["visits"] < 3} == {"not ranked"}
    told = [each["group"] for each in branches if each["visits"] >= 3]
    assert 0.3 < told.count("cannot be told apart") / len(told) < 0.6


@pytest.mark.skipif(not CHAINS.exists(), reason="the shared fixtures are not here: scores")
def test_chains_are_areas_and_perfect_scores_do_not_make_others_bad(prompt: Prompt) -> None:
    said = prompt.audit(
        "measure",
        CHAINS,
        "--json",
        "--column",
        "branch=branch_id",
        "--column",
        "area=chain",
        "--column",
        "date=visit_date",
    )
    tree = measured(said)
    assert len(tree["areas"]) == 10
    (jamba,) = [area for area in tree["areas"] if area["area"] == "JAMBA"]
    assert "not ranked" in {each["group"] for each in jamba["branches"]}
    (coffee,) = [area for area in tree["areas"] if area["area"] == "STARBUCKS"]
    assert not [each for each in coffee["branches"] if each["group"] == "below" and each["visits"] < 6]


def test_what_is_taken_to_be_the_shoppers_is_said_at_the_prompt(prompt: Prompt) -> None:
    file = prompt.file("visits.csv", MIXED)
    usual, much = (measured(prompt.audit("measure", file, "--json", *more)) for more in ((), ("--shopper-share", "60")))
    assert measured(prompt.audit("measure", file, "--json", "--shopper-share", "10")) == usual
    for before, after in zip(usual["areas"][0]["branches"], much["areas"][0]["branches"], strict=True):
        assert after["mean"] == before["mean"]
        assert after["likely_range"][0] < before["likely_range"][0]
    assert prompt.audit("measure", file, "--shopper-share", "100").status == 2
