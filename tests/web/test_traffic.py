"""When customers come: said by the office on one page, told beside figures; nothing changes where nobody says it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from audit.actions.binding import bind_area, bind_programme
from audit.actions.measuring import measure_period
from audit.actions.overseeing import oversee_area
from audit.actions.publishing import publish_visit
from audit.actions.reporting import read_branch_report
from audit.actions.submitting import receive_submission
from audit.actions.visiting import begin_visit, make_mark
from audit.actions.weighing import take_traffic_back
from audit.domain.checklist.model import PublishedChecklist
from audit.domain.people import Person
from audit.domain.statistics.traffic import WEEK
from audit.domain.submission import Submission, canonical
from audit.domain.visit import ENTER, Mark
from audit.reports.cells import csv_lines
from audit.reports.content import content_of
from audit.reports.paper import draw_sheet
from audit.reports.tables import table_of
from audit.reports.traffic import hold_branch_against
from audit.storage.checklists import ChecklistShelf
from audit.storage.identifiers import new_id
from tests import cast
from tests.web.office import Office, open_office, text_of
from tests.web.rounds import YEAR

PATH = "/programme/traffic"
YEARS = "from=2026-01-01&to=2026-12-31"
# The visits are on Friday and on Saturday at midday, by the clock of the branch.
FRIDAY_AND_SATURDAY = {"midday-4": "3", "midday-5": "1"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Mill Lane was visited twice on Friday at midday, where everything was kept, and once on Saturday, when nothing
    was."""
    office = open_office(tmp_path_factory.mktemp("traffic"))
    saturday = office.clock.now
    office.clock.go_on(days=-1)
    for shopper in (cast.SAM, cast.OTTO_SHOPPER):
        came(office, shopper, "yes")
    office.clock.now = saturday
    came(office, cast.SAM, "no")
    yield office
    office.close()


@pytest.fixture(autouse=True)
def _nothing_is_said(office: Office) -> Iterator[None]:
    """Each test begins where nobody said when customers come."""
    yield
    take_traffic_back(office.store, cast.ADA, office.clock())


def came(office: Office, shopper: Person, kept: str) -> None:
    """A published visit that began just now."""
    visit = begin_visit(office.store, shopper, office.assignment(shopper).id, office.clock())
    make_mark(office.store, shopper, visit.id, Mark(ENTER, office.clock()), office.clock())
    answers = {"greeted": kept, "thanked": kept, "customer_state": "satisfied", "narrative": "As it was."}
    message = Submission(new_id(), visit.id, "phone", 1, visit.checklist_id, visit.version, answers=answers)
    receive_submission(office.store, shopper, message, canonical(message.to_tree()), office.clock())
    publish_visit(office.store, cast.ADA, visit.id, office.clock())


def say(office: Office, typed: Mapping[str, str], person: Person = cast.ADA) -> int:
    return office.browser(person).post(PATH, data=typed).status_code


def words(office: Office, person: Person, address: str) -> str:
    page = office.browser(person).get(address)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text_of(page)))


def everything_printed(office: Office) -> list[str]:
    """The content of the reports, and all that shapes their sheets."""
    reports = read_branch_report(office.store, None, "N01", YEAR), bind_area(office.store, "NORTH", YEAR)
    return [each for report in reports for each in (content_of(report, "en").digest, draw_sheet(report).key)]


def test_where_nobody_said_when_customers_come_nothing_is_said_of_them(office: Office) -> None:
    for address in (f"/?{YEARS}", f"/branches/N01/report?{YEARS}"):
        assert "customers come" not in words(office, cast.AMIR, address)
    assert "traffic" not in content_of(bind_area(office.store, "NORTH", YEAR), "en").json.decode()


def test_what_was_taken_back_leaves_every_report_as_it_was_before(office: Office) -> None:
    before = everything_printed(office)
    assert say(office, FRIDAY_AND_SATURDAY) == 303
    said = everything_printed(office)
    assert not set(before) & set(said)
    assert office.browser(cast.ADA).post(f"{PATH}/removal").status_code == 303
    assert everything_printed(office) == before
    assert office.store.traffic.find() is None


def test_the_weighed_mean_stands_beside_the_recorded_one_on_page_and_paper(office: Office) -> None:
    say(office, FRIDAY_AND_SATURDAY)
    weighed = "Weighed by when your customers come, the mean is 75 %"  # three quarters of 100; the plain mean is 67
    for person, address in ((cast.AMIR, f"/?{YEARS}"), (cast.BEA, f"/branches/N01/report?{YEARS}")):
        page = words(office, person, address)
        assert "67 % from 3 visits" in page
        assert weighed in page
        assert "There was a visit in every part of the week in which customers come." in page
    for report in (read_branch_report(office.store, None, "N01", YEAR), bind_area(office.store, "NORTH", YEAR)):
        sheet = draw_sheet(report)
        assert weighed in sheet.xhtml
        assert sheet.xhtml.count('class="crowd"') == 28
        assert 'alt="75 % of customers, 2 visits"/><small>75 %</small>' in sheet.xhtml
        assert sheet.xhtml.count("<small>–</small>") == 26


def test_where_customers_were_missed_the_gap_is_told_and_nothing_is_weighed(office: Office) -> None:
    say(office, {**FRIDAY_AND_SATURDAY, "evening-4": "6"})
    page = words(office, cast.BEA, f"/branches/N01/report?{YEARS}")
    assert "40 % of your customers come at times when there was a visit." in page
    assert "None in the evening: 60 % come then." in page
    assert "for that the visits must reach at least 80 % of them." in page
    assert "Weighed by" not in page


def test_no_score_group_or_recorded_figure_is_changed_by_it(office: Office) -> None:
    before = list(everything_about_scores(office))
    say(office, {**FRIDAY_AND_SATURDAY, "evening-4": "6"})
    assert list(everything_about_scores(office)) == before


def everything_about_scores(office: Office) -> Iterator[object]:
    report = bind_area(office.store, "NORTH", YEAR)
    for part in report.figures.parts:
        yield from (part.figure, part.standing, part.lines, report.beside[part.checklist.id].change)


def test_the_figures_that_come_with_an_archive_copy_have_the_weighed_mean_with_its_range(office: Office) -> None:
    def weighed() -> list[list[str]]:
        reports = read_branch_report(office.store, None, "N01", YEAR), bind_area(office.store, "NORTH", YEAR)
        lines = (line for report in reports for line in csv.reader("".join(csv_lines(table_of(report))).splitlines()))
        return [line for line in lines if line[1] == "weighed by customers"]

    assert weighed() == []
    say(office, FRIDAY_AND_SATURDAY)
    assert [(line[2], float(line[4]), line[5]) for line in weighed()] == [("N01", 75, "3"), ("NORTH", 75, "3")]
    assert all(float(line[7]) < 75 < float(line[8]) for line in weighed())


def test_calls_are_not_held_against_when_customers_come(office: Office) -> None:
    say(office, FRIDAY_AND_SATURDAY)
    report = read_branch_report(office.store, None, "N01", YEAR)
    (part,) = report.parts
    assert part.traffic
    calls = replace(part, traffic=None, checklist=replace(part.checklist, channel="phone"))
    traffic = office.store.traffic.find()
    assert traffic
    held = hold_branch_against(replace(report, parts=(calls,)), traffic, measure_period(office.store, YEAR))
    assert held.parts[0].traffic is None


def test_the_calls_of_an_area_are_held_against_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    say(office, FRIDAY_AND_SATURDAY)
    assert [bool(beside.traffic) for beside in oversee_area(office.store, YEAR, "NORTH").values()] == [True]
    find = ChecklistShelf.find

    def as_calls(shelf: ChecklistShelf, checklist_id: str, version: int) -> PublishedChecklist:
        published = find(shelf, checklist_id, version)
        return replace(published, checklist=replace(published.checklist, channel="phone"))

    monkeypatch.setattr(ChecklistShelf, "find", as_calls)
    assert [beside.traffic for beside in oversee_area(office.store, YEAR, "NORTH").values()] == [None]


def test_the_boards_four_pages_say_nothing_of_it(office: Office) -> None:
    before = content_of(bind_programme(office.store, None, YEAR), "en").digest
    say(office, FRIDAY_AND_SATURDAY)
    assert content_of(bind_programme(office.store, None, YEAR), "en").digest == before
    assert "Weighed by when your customers come" in words(office, cast.ADA, f"/programme?{YEARS}")


def test_what_was_typed_is_kept_exactly_and_shown_again(office: Office) -> None:
    typed = {"morning-0": "12,5", "midday-5": " 7.25 % ", "evening-6": "0", "afternoon-2": ""}
    assert say(office, typed) == 303
    said = office.store.traffic.find()
    assert said is not None
    assert said.customers == {(0, "morning"): Fraction(25, 2), (5, "midday"): Fraction(29, 4), (6, "evening"): 0}
    page = text_of(office.browser(cast.ADA).get(PATH))
    assert 'value="12.5"' in page
    assert 'value="7.25"' in page
    line = office.store.journal.of("programme")[-1]
    assert (line.what, line.who) == ("programme.traffic", cast.ADA.id)
    assert line.after == {"0 morning": "25/2", "5 midday": "29/4"}


@pytest.mark.parametrize("tag", ["en", "de", "fr", "es", "ar"])
def test_thousands_that_are_sent_back_as_they_are_shown_stay_thousands(office: Office, tag: str) -> None:
    said = {"morning-0": "1234", "midday-5": "123456.75"}
    say(office, said)
    kept = office.store.traffic.find()
    browser = office.browser(cast.ADA)
    page = text_of(browser.get(PATH, headers={"Accept-Language": tag}))
    shown = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1] for name in said}  # type: ignore[index]
    assert browser.post(PATH, data=shown, headers={"Accept-Language": tag}).status_code == 303
    assert office.store.traffic.find() == kept
    assert kept is not None
    assert kept.customers[(0, "morning")] == 1234


def test_saying_the_same_again_is_no_change(office: Office) -> None:
    say(office, FRIDAY_AND_SATURDAY)
    before = office.store.journal.of("programme")
    say(office, FRIDAY_AND_SATURDAY)
    assert office.store.journal.of("programme") == before


@pytest.mark.parametrize("typed", ["-1", "many", "NaN", "1e9", "1/2", "9999999999", "1.23456", "1 2", "1,234.5", "<b>"])
def test_what_is_no_number_is_complained_about_by_day_and_part(office: Office, typed: str) -> None:
    answer = office.browser(cast.ADA).post(PATH, data={**FRIDAY_AND_SATURDAY, "morning-2": typed})
    assert answer.status_code == 422
    assert "Wednesday, morning: Write a number from 0 on, such as 12 or 12.5." in text_of(answer)
    assert "<b>" not in text_of(answer).split('id="morning-2"')[1][:200]
    assert office.store.traffic.find() is None


@pytest.mark.parametrize("typed", [{}, {"morning-0": "0"}])
def test_a_week_in_which_nobody_comes_is_refused(office: Office, typed: dict[str, str]) -> None:
    answer = office.browser(cast.ADA).post(PATH, data=typed)
    assert answer.status_code == 422
    assert "Say for at least one part of the week how many customers come." in text_of(answer)


@pytest.mark.parametrize("person", [cast.AMIR, cast.BEA, cast.RITA, cast.SAM], ids=lambda person: person.name)
def test_only_an_administrator_says_when_customers_come(office: Office, person: Person) -> None:
    assert say(office, FRIDAY_AND_SATURDAY, person) == 403
    assert office.browser(person).post(f"{PATH}/removal").status_code == 403
    assert office.store.traffic.find() is None


def test_every_part_of_the_week_has_a_box_with_a_name(office: Office) -> None:
    page = text_of(office.browser(cast.ADA).get(PATH))
    named = re.findall(r'<input aria-invalid="false" aria-label="([^"]+)"', page)
    assert len(named) == len(set(named)) == len(WEEK)
    assert named[:2] == ["Monday, morning", "Monday, midday"]
    assert PATH in text_of(office.browser(cast.ADA).get(f"/programme?{YEARS}"))
    assert PATH not in text_of(office.browser(cast.RITA).get(f"/programme?{YEARS}"))
