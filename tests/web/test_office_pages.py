"""The plain pages of the office, played through: branches, assignments, checklists, reading and publishing a visit."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from audit.actions.assigning import Offer, assign_visit, cancel_assignment
from audit.domain.people import Person
from audit.domain.visit import VisitState
from tests import cast
from tests.web.office import CHECKLIST, Office, text_of
from tests.web.walking import ENOUGH, begin_walk

GOOD = "Code;Name;Region;City\nE01;Über den Wolken;East;Zug\n007;Quay;East;Chur\nE03;Hill;East;Chur\n"
BRANCHES = f"{GOOD};Nameless;;\nE01;Twice;;\n".encode()


def table(raw: bytes = BRANCHES, name: str = "branches.csv") -> dict[str, object]:
    return {"table": (io.BytesIO(raw), name)}


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found
    return found.group(1)


def test_branches_are_shown_before_they_are_taken_in(office: Office) -> None:
    browser = office.browser(cast.ADA)
    page = text_of(browser.post("/branches/import", data=table()))
    assert "3 branches would be taken in: 3 new" in page
    assert "Über den Wolken" in page
    assert "There is no code." in page
    assert "E01 stands in row 2 already" in page
    assert office.store.branches.count() == 3
    kept = {"kept": hidden(page, "kept"), "name": hidden(page, "name"), "confirm": "yes"}
    done = text_of(browser.post("/branches/import", data=kept))
    assert "3 branches were taken in." in done
    assert "There is no code." in done
    assert office.store.branches.find("007").name == "Quay"
    assert office.store.branches.find("E01").area_code == "East"


def test_a_single_branch_is_told_as_one_and_then_found_by_the_name_of_its_area(office: Office) -> None:
    browser = office.browser(cast.ADA)
    page = text_of(browser.post("/branches/import", data=table(b"code;name;area\nZ1;Weir;South\n")))
    kept = {"kept": hidden(page, "kept"), "name": hidden(page, "name"), "confirm": "yes"}
    done = text_of(browser.post("/branches/import", data=kept, follow_redirects=True))
    assert "1 branch was taken in." in done
    assert '<a href="/branches/Z1"><bdi>Weir</bdi></a>' in done
    found = text_of(browser.get("/branches?q=south"))
    assert ("Weir" in found, "Mill Lane" in found) == (True, False)


def test_people_stand_beside_the_names_of_where_they_work(office: Office) -> None:
    page = text_of(office.browser(cast.ADA).get("/people"))
    assert '<bdi>Mill Lane</bdi> <span class="hint">N01</span>' in page
    assert '<td class="named" data-label="Where"><bdi>North</bdi></td>' in page


def test_rows_that_are_not_taken_say_why_in_the_readers_language(office: Office) -> None:
    with office.store.transaction():
        office.store.people.save(cast.ADA.speaking("de"))
    page = text_of(office.browser(cast.ADA).post("/branches/import", data=table()))
    assert "Es gibt keinen Code." in page
    assert "Der Code E01 steht schon in Zeile 2." in page
    assert "There is no code" not in page


def test_how_a_file_was_read_is_said_in_the_readers_language(office: Office) -> None:
    with office.store.transaction():
        office.store.people.save(cast.ADA.speaking("de"))
    raw = b"Filialen;;\nCode;Name;Gebiet\nA1;Kai;Nord;zu viel\nA2;Tor;Nord\n"
    page = text_of(office.browser(cast.ADA).post("/branches/import", data=table(raw)))
    assert "Text in UTF-8, Spalten durch Strichpunkte getrennt" in page
    assert "Zeile 1, „Filialen“, wurde als Titel gelesen." in page
    assert "Zeile 3 hat 4 Zellen unter 3 Überschriften: „zu viel“ steht unter keiner." in page


def test_taking_the_same_file_in_again_changes_nothing(office: Office) -> None:
    browser = office.browser(cast.ADA)
    good = GOOD.encode()
    for expected in ("3 new, 0 changed, 0 as they are", "0 new, 0 changed, 3 as they are"):
        page = text_of(browser.post("/branches/import", data=table(good)))
        assert expected in page
        kept = {"kept": hidden(page, "kept"), "name": hidden(page, "name"), "confirm": "yes"}
        assert browser.post("/branches/import", data=kept).location == "/branches"
    assert [line.what for line in office.store.journal.latest()].count("branches.imported") == 1


@pytest.mark.parametrize(
    ("files", "mend"),
    [({}, "Choose a file first."), ({"kept": "no base64"}, "Choose a file first."), (table(b""), "nothing")],
    ids=["no file", "damaged", "empty"],
)
def test_a_file_that_cannot_be_read_is_said_beside_the_field(
    office: Office, files: dict[str, object], mend: str
) -> None:
    answer = office.browser(cast.ADA).post("/branches/import", data=files)
    assert answer.status_code == 422
    assert mend in text_of(answer)


def test_branches_are_found_by_any_word(office: Office) -> None:
    page = text_of(office.browser(cast.ADA).get("/branches?q=north+mill"))
    assert "Mill Lane" in page
    assert "Old Bridge" not in page


def test_without_the_day_on_file_no_visit_is_assigned_and_with_it_one_is(office: Office) -> None:
    browser = office.browser(cast.ADA)
    with office.store.transaction():
        office.store.branches.save(cast.Branch("E09", "Harbour Gate"))
    version = office.checklist()
    form = {
        "branch": "E09",
        "scenario": f"corner-shop/{version}/wrong-bill",
        "shopper": cast.SAM.id,
        "until": (office.clock().date() + timedelta(days=3)).isoformat(),
    }
    assert "Staff not told yet" in text_of(browser.get("/"))
    refused = browser.post("/assignments", data=form)
    assert refused.status_code == 422
    assert "have not been told" in text_of(refused)
    assert browser.post("/branches/E09/staff-told", data={"day": "2026-12-24"}).status_code == 422
    assert browser.post("/branches/E09/staff-told", data={"day": "soon"}).status_code == 422
    assert browser.post("/branches/E09/staff-told", data={"day": "2026-11-20"}).location == "/branches/E09"
    assert office.store.branches.find("E09").staff_told_on == date(2026, 11, 20)
    assert browser.post("/assignments", data=form).location == "/assignments"
    assignment = office.store.assignments.of_branch("E09")[0]
    assert (assignment.scenario, assignment.spending_limit) == ("wrong-bill", 5)
    assert "Harbour Gate" in text_of(office.browser(cast.SAM).get("/"))


@pytest.mark.parametrize(
    ("wrong", "mend"),
    [
        ({"branch": "Z99"}, "No branch has this code."),
        ({"branch": ""}, "“Code of the branch” is needed."),
        ({"shopper": cast.RITA.id}, "Choose a shopper"),
        ({"scenario": "corner-shop/1/no-such"}, "no scenario of that name"),
        ({"scenario": "corner-shop/99/"}, "This is not here."),
        ({"scenario": "nonsense"}, "This is not here."),
        ({"until": "2026-11-01"}, "The last day has passed."),
        ({"until": "2026-02-30"}, "complaint"),
        ({"not_before": "2027-01-01"}, "The first day comes after the last day."),
        ({"spending_limit": "-1"}, "zero or more"),
        ({"spending_limit": "NaN"}, "Visits"),
    ],
)
def test_what_is_wrong_with_an_assignment_stands_beside_its_field(
    office: Office, wrong: dict[str, str], mend: str
) -> None:
    office.checklist()
    form = {
        "branch": "N01",
        "scenario": "corner-shop/1/",
        "shopper": cast.SAM.id,
        "until": "2026-12-01",
        "hours": "11–14",
    }
    answer = office.browser(cast.ADA).post("/assignments", data={**form, **wrong})
    if wrong == {"spending_limit": "NaN"}:
        assert answer.status_code in (303, 422)
        return
    assert answer.status_code == 422
    assert mend in text_of(answer)
    assert 'value="11–14"' in text_of(answer)
    assert office.store.assignments.list_all() == []


def test_an_assignment_is_taken_back_and_goes_from_the_list_as_the_question_says(office: Office) -> None:
    assignment = office.assignment()
    browser = office.browser(cast.ADA)
    assert f"It goes from the list of {cast.SAM.name}" in text_of(browser.get("/assignments"))
    assert "Mill Lane" in text_of(office.browser(cast.SAM).get("/"))
    assert browser.post(f"/assignments/{assignment.id}/cancellation").status_code == 303
    assert browser.post(f"/assignments/{assignment.id}/cancellation").status_code == 409
    assert office.browser(cast.SAM).post(f"/assignments/{assignment.id}/visit").status_code == 409
    assert "Mill Lane" not in text_of(office.browser(cast.SAM).get("/"))
    assert "This assignment was cancelled" in text_of(office.browser(cast.SAM).get(f"/assignments/{assignment.id}"))


def test_a_visit_that_was_sent_cannot_be_taken_back(office: Office) -> None:
    visit = office.submitted()
    answer = office.browser(cast.ADA).post(f"/assignments/{visit.assignment_id}/cancellation")
    assert answer.status_code == 409


def test_a_checklist_that_came_with_it_is_published_with_one_press(office: Office) -> None:
    browser = office.browser(cast.ADA)
    assert "Six secrets" in text_of(browser.get("/checklists"))
    answer = browser.post("/checklists", data={"shipped": "six-secrets"})
    assert answer.location == "/checklists/six-secrets/1"
    assert browser.post("/checklists", data={"shipped": "six-secrets"}).location == "/checklists/six-secrets/1"
    assert "published as version 1" in text_of(browser.get("/checklists"))
    assert "weight" in text_of(browser.get("/checklists/six-secrets/1"))


def test_a_changed_file_becomes_the_next_version(office: Office) -> None:
    browser = office.browser(cast.ADA)
    for n, raw in enumerate((CHECKLIST, CHECKLIST.replace(b"greet you?", b"greet you warmly?")), 1):
        answer = browser.post("/checklists", data={"file": (io.BytesIO(raw), "corner-shop.yaml")})
        assert answer.location == f"/checklists/corner-shop/{n}"


def test_every_complaint_about_a_file_is_shown_with_its_line(office: Office) -> None:
    raw = CHECKLIST.replace(b"kind: yes_no", b"kind: yes_or_no").replace(b"estimated_minutes", b"minuets")
    answer = office.browser(cast.ADA).post("/checklists", data={"file": (io.BytesIO(raw), "corner-shop.yaml")})
    assert answer.status_code == 422
    lines = re.findall(r"Line (\d+):", text_of(answer))
    assert len(set(lines)) >= 3
    assert office.store.checklists.list_latest() == []


@pytest.mark.parametrize(
    "form", [{}, {"shipped": "../audit/config"}, {"shipped": "no-such"}, {"file": (io.BytesIO(b"\xff\x00"), "x.yaml")}]
)
def test_what_is_no_checklist_is_refused_in_words(office: Office, form: dict[str, object]) -> None:
    answer = office.browser(cast.ADA).post("/checklists", data=form)
    assert answer.status_code == 422
    assert "There is something to mend" in text_of(answer)


def test_rita_reads_a_visit_with_its_evidence_and_ada_publishes_it(office: Office) -> None:
    visit = office.submitted()
    rita, ada = office.browser(cast.RITA), office.browser(cast.ADA)
    assert "Mill Lane" in text_of(rita.get("/"))
    assert "Mill Lane" in text_of(rita.get("/visits"))
    page = text_of(rita.get(f"/visits/{visit.id}"))
    for words in ("He looked at his telephone.", "Quick, but cold.", "50 %", "no mark of entering", "Samuel Whitaker"):
        assert words in page
    assert "/publication" not in page
    assert rita.post(f"/visits/{visit.id}/publication").status_code == 403
    assert "Publish this visit" in text_of(ada.get(f"/visits/{visit.id}"))
    for _ in range(2):
        assert ada.post(f"/visits/{visit.id}/publication").status_code == 303
    assert office.store.visits.find(visit.id).state is VisitState.PUBLISHED
    assert "The visit is published." in text_of(ada.get(f"/visits/{visit.id}"))
    assert [line.what for line in office.store.journal.of(visit.id)].count("visit.published") == 1


def test_a_draft_cannot_be_published(office: Office) -> None:
    visit = office.draft()
    assert office.browser(cast.ADA).post(f"/visits/{visit.id}/publication").status_code == 409


def test_the_list_of_visits_goes_on_page_by_page(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.web.submitted_visits.PAGE", 2)
    made = [office.draft(branch=branch).id for branch in (cast.N01, cast.N02, cast.S01)]
    page = text_of(office.browser(cast.ADA).get("/visits"))
    assert re.findall(r'href="/visits/([\w-]{36})"', page) == [made[2], made[1]]
    following = re.search(r'href="(/visits\?after=[\w-]+)"', page)
    assert following
    assert re.findall(r'href="/visits/([\w-]{36})"', text_of(office.browser(cast.ADA).get(following.group(1)))) == [
        made[0]
    ]


def test_what_waits_to_be_read_goes_on_page_by_page_the_longest_waiting_first(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit.web.submitted_visits.PAGE", 2)
    monkeypatch.setattr("audit.web.office_homes.MOST", 2)
    made = [office.submitted(branch=branch).id for branch in (cast.N01, cast.N02, cast.S01)]
    rita, ada = office.browser(cast.RITA), office.browser(cast.ADA)
    home, page = text_of(rita.get("/")), text_of(rita.get("/visits"))
    assert "3 visits wait, the longest waiting first." in home
    assert "3 visits wait to be read" in page
    for shown in (home, page):
        assert re.findall(r'href="/visits/([\w-]{36})"', shown) == made[:2]
    following = re.search(r'href="(/visits\?waiting=[\w-]+)"', page)
    assert following
    ada.post(f"/visits/{made[1]}/publication")  # the page goes on behind it, although it waits no more
    last = text_of(rita.get(following.group(1)))
    assert "2 visits wait to be read" in last
    assert re.findall(r'href="/visits/([\w-]{36})"', last) == [made[2], made[1]]
    assert "More visits that wait" not in last


def test_a_page_behind_a_visit_that_is_not_there_is_no_page(office: Office) -> None:
    office.submitted()
    assert office.browser(cast.RITA).get("/visits?waiting=nowhere").status_code == 404


@pytest.mark.parametrize(("page", "act"), [("/people", "dismissal"), ("/assignments", "cancellation")])
def test_one_press_beside_the_other_shows_nobody_out_and_cancels_nothing(office: Office, page: str, act: str) -> None:
    office.assignment()
    shown = re.sub(r"(?s)<details>.*?</details>", "", whole := text_of(office.browser(cast.ADA).get(page)))
    assert f"/{act}" in whole
    assert f"/{act}" not in shown


def test_a_name_with_markup_is_shown_as_it_was_written(office: Office) -> None:
    with office.store.transaction():
        office.store.branches.save(cast.Branch("X1", "<script>alert(1)</script>"))
    for path in ("/branches", "/branches/X1", "/"):
        page = text_of(office.browser(cast.ADA).get(path))
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_a_page_that_is_not_ones_own_says_what_to_do_and_nothing_twice(office: Office) -> None:
    page = text_of(office.browser(cast.AMIR).get("/branches"))
    assert page.count("You may not do this") == 2  # in the title of the window, and above the page
    assert "Ask the programme office if you think that you should." in page


def test_a_published_checklist_is_shown_as_it_will_be_asked(office: Office) -> None:
    ada = office.browser(cast.ADA)
    ada.post("/checklists", data={"shipped": "six-secrets"})
    page = text_of(ada.get("/checklists/six-secrets/1"))
    for said in ("weight 1.5", "With a word, a look and a smile, work laid aside", "Somebody on the floor"):
        assert said in page
    assert "weight 3/2" not in page


def test_what_was_not_observed_is_no_nought_out_of_nought(office: Office) -> None:
    walk = begin_walk(office, scenario="return")
    walk.post("save", solved="not_observed", **dict(ENOUGH))
    assert walk.send().status_code == 303
    page = text_of(office.browser(cast.RITA).get(f"/visits/{walk.visit_id}"))
    assert "Not observed" in page
    assert "0 of 0" not in page


@pytest.mark.parametrize(("person", "many"), [(cast.ADA, True), (cast.RITA, False), (cast.AMIR, False)])
def test_many_ways_stand_below_the_name_and_few_beside_it(office: Office, person: Person, many: bool) -> None:
    page = text_of(office.browser(person).get("/devices"))
    assert ('<header class="masthead many">' in page) is many
    ways = page.partition("<nav")[2].partition("</nav>")[0]
    assert ('href="/people"' in ways) is many


def test_ada_sees_which_checklist_and_scenario_a_visit_is_to_be_made_with(office: Office) -> None:
    until = office.clock().date() + timedelta(days=7)
    offer = Offer("N01", "corner-shop", office.checklist(), cast.SAM.id, until, scenario="wrong-bill")
    done = assign_visit(office.store, cast.ADA, offer, office.clock())
    page = text_of(office.browser(cast.ADA).get("/assignments"))
    assert "Corner shop · A wrong bill</td>" in page
    branch = text_of(office.browser(cast.ADA).get("/branches/N01"))
    assert branch.count("still to be made") == 1
    cancel_assignment(office.store, cast.ADA, done.id, office.clock())
    assert "still to be made" not in text_of(office.browser(cast.ADA).get("/branches/N01"))


def test_from_the_first_assignments_that_wait_a_way_leads_to_all(office: Office) -> None:
    for _ in range(11):
        office.assignment()
    assert '<a href="/assignments">All assignments</a>' in text_of(office.browser(cast.ADA).get("/"))


def test_a_name_that_would_turn_the_page_round_is_kept_without_its_signs(office: Office) -> None:
    guest = {"role": "shopper", "name": "\u202eyrollaM\u2066 Ω\u202c"}
    office.browser(cast.ADA).post("/invitations", data=guest)
    assert [invitation.name for invitation in office.store.invitations.list_open(office.clock())] == ["yrollaM Ω"]


def test_a_score_that_a_critical_question_holds_down_says_so_beside_its_points(office: Office) -> None:
    walk = begin_walk(office)
    walk.post("save", **dict(ENOUGH))
    assert walk.send().status_code == 303
    page = f"/visits/{walk.visit_id}"
    assert "A critical question failed:" not in text_of(office.browser(cast.RITA).get(page))
    score = office.store.scores.of(walk.visit_id)
    assert score is not None
    with office.store.transaction():
        office.store.scores.save(walk.visit_id, replace(score, critical_failed=("greeted",)))
    assert "The official score is at most 49 %." in text_of(office.browser(cast.RITA).get(page))
