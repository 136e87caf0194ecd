"""How sure the figures of a programme are: measured over all branches, kept until something changes, never mixed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from audit.actions import measuring
from audit.actions.measuring import areas_in, measure_period
from audit.actions.publishing import publish_visit
from audit.actions.reporting import read_area_report, read_branch_report
from audit.cli import command_line
from audit.reports.period import Period, year_of
from tests import cast
from tests.web.office import Office, open_office, text_of
from tests.web.rounds import BOTH, KEPT, NONE, YEAR, make_the_round, visited


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Six branches in the North, some well kept and some not, and one in the South, all visited."""
    office = open_office(tmp_path_factory.mktemp("measured"))
    make_the_round(office)
    yield office
    office.close()


def measured_by_command(office: Office, folder: Path, *options: str) -> dict[str, dict[str, object]]:
    """What `audit measure` says of the same visits, by branch."""
    lines = ["branch,area,shopper,score"]
    for code, visits in office.store.scores.of_branches([*KEPT, "S01"], YEAR.first, YEAR.last).items():
        for figure in visits:
            shopper = office.store.visits.find(figure.visit_id).shopper_id
            assert figure.base is not None
            lines.append(f"{code},{code[0]},{shopper},{float(figure.base)!r}")
    file = folder / "visits.csv"
    file.write_text("\n".join(lines))
    said = CliRunner().invoke(command_line, ["measure", str(file), "--json", *options])
    areas = json.loads(said.stdout)["areas"]
    return {each["branch"]: each for area in areas for each in area["branches"]}


def test_pages_and_command_line_say_the_same_of_the_same_visits(office: Office, tmp_path: Path) -> None:
    said = measured_by_command(office, tmp_path)
    report = read_area_report(office.store, cast.AMIR, YEAR)
    (part,) = report.parts
    assert {line.branch.code for line in part.lines} == set(KEPT)
    for line in part.lines:
        assert line.sure is not None
        assert line.figure.score is not None
        own = said[line.branch.code]
        assert [line.sure.likely_range.low, line.sure.likely_range.high] == own["likely_range"]
        assert (float(line.figure.score), line.figure.n) == (pytest.approx(own["mean"]), own["visits"])
        assert (line.sure.p_above, line.group) == (own["p_above"], own["group"])
        (of_branch,) = read_branch_report(office.store, cast.AMIR, line.branch.code, YEAR).parts
        assert of_branch.sure == line.sure


def test_pages_take_the_share_of_the_programmes_own_shoppers_and_the_office_is_told(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(measuring, "shopper_share", lambda visits: asked.append(len(visits)) or 0.5)
    period = Period(YEAR.first, YEAR.last.replace(day=29))
    said = measured_by_command(office, tmp_path, "--shopper-share", "50")
    (part,) = read_area_report(office.store, cast.AMIR, period).parts
    for line in part.lines:
        assert line.sure is not None
        reach = line.sure.likely_range
        assert [reach.low, reach.high] == said[line.branch.code]["likely_range"]
    assert asked == [sum(map(len, KEPT.values())) + 3]
    page = text_of(office.browser(cast.ADA).get(f"/programme/workings?{period.query}"))
    assert "Ranges take 50 % of the spread between visits to be the shoppers" in page


def test_amirs_home_stands_in_groups_and_says_so(office: Office) -> None:
    page = text_of(office.browser(cast.AMIR).get("/?period=year"))
    words = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page))
    assert "1 branch is clearly above, 1 clearly below; the other 3 cannot be told apart with 4 visits each." in words
    order = ["Clearly above", "Mill Lane", "Cannot be told apart", "Hill 3", "Hill 4", "Hill 5"]
    order += ["Clearly below", "Old Bridge", "Not ranked yet", "Hill 6", "not ranked yet: 2 of 3 visits"]
    lists = page[page.index("<h3") :]
    places = [lists.index(word) for word in order]
    assert places == sorted(places)


def test_a_range_stands_beside_the_figure_on_the_page_of_a_branch(office: Office) -> None:
    (part,) = read_branch_report(office.store, cast.BEA, "N01", YEAR).parts
    assert part.sure is not None
    low, high = part.sure.likely_range.ends
    for address in ("/?period=year", "/branches/N01/report?period=year"):
        page = text_of(office.browser(cast.BEA).get(address))
        assert f"9 times out of 10 the true level lies between {low} and {high}." in page
        assert f"100, likely range {low} to {high}; mean of the area" in page
        assert "Clearly above the mean of its area." in page


def test_few_branches_are_not_compared_and_do_not_give_one_another_away(office: Office) -> None:
    page = text_of(office.browser(cast.OTTO_AREA).get("/?period=year"))
    assert "Not ranked: fewer than 5 branches are not compared with one another." in page
    assert "Clearly" not in page
    own = text_of(office.browser(cast.OTTO_BRANCH).get("/?period=year"))
    assert "9 times out of 10 the true level" in own
    assert "mean of the area" not in own


def test_what_has_not_changed_is_not_measured_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    times = []
    work = measuring._measure
    monkeypatch.setattr(measuring, "_measure", lambda *given: times.append(1) or work(*given))
    period = Period(YEAR.first, YEAR.last.replace(day=30))
    first = measure_period(office.store, period)
    office.browser(cast.SAM)
    visit = office.submitted()
    assert measure_period(office.store, period) is first
    publish_visit(office.store, cast.ADA, visit.id, office.clock())
    again = measure_period(office.store, period)
    assert (len(times), again is first) == (2, False)


@pytest.mark.parametrize(
    ("what", "is_kept"),
    [
        ("visit.marked", True),
        ("share.opened", True),
        ("branch.staff_told", True),
        ("branches.imported", False),
        ("visit.forgotten", False),
        ("something.new", False),
    ],
)
def test_only_what_could_change_a_figure_has_it_measured_again(office: Office, what: str, is_kept: bool) -> None:
    first = measure_period(office.store, YEAR)
    with office.store.transaction():
        office.store.journal.write(cast.ADA.id, what, "1", office.clock())
    assert (measure_period(office.store, YEAR) is first) == is_kept


def test_a_test_visit_and_a_visit_outside_the_period_change_nothing(office: Office) -> None:
    before = areas_in(measure_period(office.store, YEAR), "SOUTH")
    visited(office, cast.S01, cast.SAM, BOTH, test=True)
    assert areas_in(measure_period(office.store, YEAR), "SOUTH") == before
    assert measure_period(office.store, year_of(YEAR.first.replace(year=2025))) == {}


def test_a_visit_of_another_area_moves_no_branchs_figure_and_only_its_range(office: Office) -> None:
    before = areas_in(measure_period(office.store, YEAR), "NORTH")["corner-shop"]
    visited(office, cast.S01, cast.SAM, NONE)
    after = areas_in(measure_period(office.store, YEAR), "NORTH")["corner-shop"]
    assert [each.mean for each in after.branches] == [each.mean for each in before.branches]
    assert after != before
