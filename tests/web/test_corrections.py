"""Correcting an answer on its page, and what everybody reads of it afterwards, on pages and on paper."""

import json
import re
from datetime import datetime

import pytest

from audit.actions.submitting import receive_submission
from audit.domain.submission import Submission, canonical
from audit.domain.visit import Visit
from audit.storage.identifiers import new_id
from tests import cast
from tests.web.handed_out import book_of, lines_of, number_on
from tests.web.office import Browser, Office, get, text_of

WHY = "The till was filmed: he <i>did</i> say it."
PERIOD = "from=2026-10-01&to=2026-12-31"


def page_of(visit: Visit, question: str = "thanked") -> str:
    return f"/visits/{visit.id}/answers/{question}/correction"


def correct(office: Office, visit: Visit, value: str = "yes", **typed: str) -> None:
    answer = office.browser(cast.ADA).post(page_of(visit), data={"q-thanked": value, "reason": WHY, **typed})
    assert (answer.status_code, answer.location) == (303, f"/visits/{visit.id}#a-thanked")


def plain(page: str) -> str:
    """The page as it reads."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", re.sub("<(p|blockquote)", r" <\1", page)))


def test_the_page_shows_the_answer_that_stands_there_and_asks_for_a_reason(office: Office, visit: Visit) -> None:
    page = text_of(office.browser(cast.ADA).get(page_of(visit)))
    assert 'value="no" checked' in page
    assert "He looked at his telephone.</textarea>" in page
    assert 'id="reason"' in page
    assert "The visit is published" in page


def test_every_answer_that_can_be_corrected_has_its_link_for_the_office_alone(office: Office, visit: Visit) -> None:
    of_ada = text_of(office.browser(cast.ADA).get(f"/visits/{visit.id}"))
    for question in ("greeted", "thanked", "customer_state", "narrative"):
        assert page_of(visit, question) in of_ada
    assert "/correction" not in text_of(office.browser(cast.RITA).get(f"/visits/{visit.id}"))
    draft = office.draft(branch=cast.N02)
    assert "/correction" not in text_of(office.browser(cast.ADA).get(f"/visits/{draft.id}"))


def test_after_a_correction_the_visit_says_what_stood_there_why_and_who_did_it(office: Office, visit: Visit) -> None:
    correct(office, visit)
    browser = office.browser(cast.RITA)
    page = plain(text_of(browser.get(f"/visits/{visit.id}")))
    assert "was “No”." in page
    assert "Reason: The till was filmed: he &lt;i&gt;did&lt;/i&gt; say it." in page
    assert "The words before: He looked at his telephone." in page
    assert "Ada Berger · Score of the visit: 50 % before, 100 % after." in page


def test_words_that_run_backwards_turn_nothing_round_beside_them(office: Office, visit: Visit) -> None:
    correct(office, visit, reason="She \u202eknows it.")
    page = text_of(office.browser(cast.RITA).get(f"/visits/{visit.id}"))
    assert "was “<bdi>No</bdi>”." in page
    assert "Reason: <bdi>She \u202eknows it.</bdi>" in page


def test_what_is_to_be_mended_stands_beside_what_was_typed(office: Office, visit: Visit) -> None:
    ada = office.browser(cast.ADA)
    for typed, said in (
        ({"q-thanked": "yes", "reason": " "}, "Say in a sentence why the answer is corrected."),
        ({"q-thanked": "perhaps", "reason": WHY}, "There is something to mend"),
        ({"reason": WHY}, "Give the right answer."),
        ({"q-thanked": "no", "q-thanked--comment": "He looked at his telephone.", "reason": WHY}, "already"),
        ({"q-thanked": "yes", "reason": "x" * 1001}, "too long"),
    ):
        answer = ada.post(page_of(visit), data=typed)
        assert answer.status_code == 422
        assert said in text_of(answer)
        assert typed["reason"].strip()[:9].replace("<", "&lt;") in text_of(answer)
    assert office.store.corrections.of_visit(visit.id) == ()


def test_two_taps_correct_once(office: Office, visit: Visit) -> None:
    correct(office, visit)
    correct(office, visit)
    assert len(office.store.corrections.of_visit(visit.id)) == 1


def seen_on(page: str) -> str:
    """The mark of the answer that the page was made with."""
    [mark] = re.findall(r'name="seen" value="([0-9a-f]+)"', page)
    return str(mark)


def test_of_two_who_correct_one_answer_at_once_the_second_reads_first_what_the_first_changed_and_loses_nothing(
    office: Office, visit: Visit
) -> None:
    second, theirs = office.browser(cast.ADA), "The film shows that he nodded."
    opened = seen_on(text_of(second.get(page_of(visit))))
    correct(office, visit, "no", **{"q-thanked--comment": "He looked away.", "seen": opened})
    typed = {"q-thanked": "yes", "q-thanked--comment": "He nodded.", "reason": theirs}
    answer = second.post(page_of(visit), data={**typed, "seen": opened})
    page = text_of(answer)
    assert answer.status_code == 409
    for said in ("changed while you were writing", "<blockquote>He looked away.", WHY.split(":")[0], "Ada Berger"):
        assert said in page, said
    assert re.search('<input[^>]* value="yes"[^>]* checked', page)
    assert "He nodded.</textarea>" in page
    assert theirs in page
    assert len(office.store.corrections.of_visit(visit.id)) == 1
    assert second.post(page_of(visit), data={**typed, "seen": seen_on(page)}).status_code == 303
    assert [one.reason for one in office.store.corrections.of_visit(visit.id)] == [WHY, theirs]


def test_words_that_came_in_meanwhile_are_not_emptied_by_a_page_that_had_no_field_for_them(
    office: Office, visit: Visit
) -> None:
    ada = office.browser(cast.ADA)
    opened = seen_on(text_of(ada.get(page_of(visit, "greeted"))))
    first = {"q-greeted": "yes", "q-greeted--comment": "With her hand.", "reason": WHY}
    assert ada.post(page_of(visit, "greeted"), data=first).status_code == 303
    again = ada.post(page_of(visit, "greeted"), data={"q-greeted": "no", "reason": "She did not.", "seen": opened})
    assert again.status_code == 409
    assert "With her hand.</textarea>" in text_of(again)


def test_a_page_that_is_shown_again_for_a_missing_reason_still_knows_what_was_read(
    office: Office, visit: Visit
) -> None:
    ada = office.browser(cast.ADA)
    opened = seen_on(text_of(ada.get(page_of(visit))))
    correct(office, visit, "no", **{"q-thanked--comment": "He looked away."})
    again = ada.post(page_of(visit), data={"q-thanked": "yes", "reason": "", "seen": opened})
    assert (again.status_code, seen_on(text_of(again))) == (422, opened)


def test_the_sentence_of_the_shopper_is_corrected_with_the_answer_left_as_it_is(office: Office, visit: Visit) -> None:
    correct(office, visit, "no", **{"q-thanked--comment": "He looked away."})
    answer = office.store.visits.find(visit.id).answers["thanked"]
    assert (answer.value, answer.comment) == ("no", "He looked away.")
    page = plain(text_of(office.browser(cast.RITA).get(f"/visits/{visit.id}")))
    assert "The shopper’s words were corrected on 21 Nov 2026, 13:00 UTC+1." in page
    assert "was “" not in page
    report = text_of(office.browser(cast.BEA).get(f"/visits/{visit.id}/report"))
    assert "The shopper’s words were corrected on 21 Nov 2026." in report
    assert "telephone" not in report
    assert "was “" not in report


def test_nobody_but_the_office_and_no_stranger_comes_to_the_page(office: Office, visit: Visit) -> None:
    for person in (cast.RITA, cast.AMIR, cast.BEA, cast.SAM, cast.OTTO_AREA):
        browser = office.browser(person)
        assert browser.get(page_of(visit)).status_code == 403
        assert browser.post(page_of(visit), data={"q-thanked": "yes", "reason": WHY}).status_code == 403
    ada = office.browser(cast.ADA)
    assert ada.get(page_of(visit, "unheard")).status_code == 404
    assert ada.get(page_of(office.draft(branch=cast.N02))).status_code == 409


@pytest.mark.parametrize("person", [cast.AMIR, cast.BEA], ids=lambda person: person.role.value)
def test_whoever_may_read_the_visit_reads_that_it_was_corrected_and_not_by_whom(
    office: Office, visit: Visit, person: object
) -> None:
    correct(office, visit)
    reader: Browser = office.browser(person)  # type: ignore[arg-type]
    of_visit = plain(text_of(reader.get(f"/visits/{visit.id}/report")))
    of_branch = plain(text_of(reader.get(f"/branches/N01/report?{PERIOD}")))
    for page in (of_visit, of_branch):
        assert "Corrected on 21 Nov 2026: was “No”." in page
        assert "Reason: The till was filmed: he &lt;i&gt;did&lt;/i&gt; say it." in page
        assert "Ada" not in page
    assert "The score before that: 50 %." in of_visit
    assert "Score of the visit: 50 % before, 100 % after." in of_branch


def test_a_correction_stands_at_the_lost_point_and_at_answers_without_a_line(office: Office, visit: Visit) -> None:
    ada = office.browser(cast.ADA)
    ada.post(page_of(visit, "greeted"), data={"q-greeted": "no", "reason": "He nodded at somebody else."})
    ada.post(page_of(visit, "narrative"), data={"q-narrative": "Cold.", "reason": "It named somebody."})
    bea = office.browser(cast.BEA)
    report = plain(text_of(bea.get(f"/visits/{visit.id}/report")))
    lost, others = report.split("Points lost, and why")[1].split("All other answers")
    assert "was “Yes”. Reason: He nodded at somebody else." in lost
    assert "Corrected besides" in others
    assert "The shopper’s words were corrected on 21 Nov 2026. Reason: It named somebody." in others
    branch = plain(text_of(bea.get(f"/branches/N01/report?{PERIOD}")))
    lost, listed = branch.split("Points lost, and why")[1].split("Answers that were corrected")
    assert "was “Yes”. Reason: He nodded at somebody else." in lost
    assert "It named somebody." in listed
    assert "Quick, but cold." not in report + branch


def test_a_printed_report_says_after_a_correction_that_there_is_a_later_edition(office: Office, visit: Visit) -> None:
    papers = {
        "branch": f"/branches/N01/report.pdf?{PERIOD}",
        "visit": f"/visits/{visit.id}/report.pdf",
        "area": f"/areas/NORTH/report.pdf?{PERIOD}",
    }
    first = {what: number_on(get(office, cast.ADA, address).data) for what, address in papers.items()}
    for number in first.values():
        assert "No later edition" in text_of(office.browser().get(f"/verify/{number}"))
    office.clock.go_on(hours=1)
    correct(office, visit)
    waiting = "select what from report_order where state in ('waiting', 'printing', 'ready') and language = 'en'"
    assert {"branch", "area", "programme", "visit"} <= {row["what"] for row in office.store.connections.rows(waiting)}
    for what, address in papers.items():
        second = number_on(get(office, cast.ADA, address).data)
        page = text_of(office.browser().get(f"/verify/{first[what]}"))
        assert second != first[what]
        assert "superseded by edition" in page
        assert second in page


def test_a_visit_that_a_phone_sends_again_keeps_the_correction_on_its_page(office: Office, visit: Visit) -> None:
    correct(office, visit)
    said = {"greeted": "yes", "thanked": {"value": "no", "comment": "He looked at his telephone."}}
    message = Submission(new_id(), visit.id, "phone", 2, visit.checklist_id, visit.version, answers=said)
    receive_submission(office.store, cast.SAM, message, canonical(message.to_tree()), office.clock())
    page = plain(text_of(office.browser(cast.ADA).get(f"/visits/{visit.id}")))
    assert "was “No”." in page
    assert json.loads(text_of(office.browser(cast.SAM).get(f"/visits/{visit.id}/draft")))["answers"]["thanked"] == {
        "value": "yes"
    }


def test_files_of_figures_show_the_corrected_answer_and_say_so(office: Office, visit: Visit) -> None:
    correct(office, visit)
    amir = office.browser(cast.AMIR)
    (of_branch,) = lines_of(amir.get("/branches/N01/figures.csv"))
    assert (of_branch["Score"], of_branch["Answers corrected"]) == ("100", "1")
    greeted, thanked = lines_of(amir.get(f"/visits/{visit.id}/figures.csv"))
    assert (greeted["Corrected on"], thanked["Corrected on"], thanked["Answer"]) == ("", "2026-11-21", "Yes")
    (behind,) = lines_of(amir.get("/figures/visits/figures.csv?area=NORTH&checklist=corner-shop"))
    assert behind["Answers corrected"] == "1"
    for address in ("/branches/N01/figures.xlsx", f"/visits/{visit.id}/figures.xlsx"):
        book = book_of(amir.get(address))
        rows = list(book["Answers that were corrected"].values)
        assert rows[1][1:] == ("Did someone thank you?", datetime(2026, 11, 21), "No", WHY, 50, 100)  # noqa: DTZ001 - a day
    ada = office.browser(cast.ADA)
    answers = lines_of(ada.get(f"/visits/{visit.id}/answers/figures.csv"))
    assert [(line["Answer"], line["Answer before"]) for line in answers][1] == ("Yes", "No")
    assert "corrected" in lines_of(ada.get("/lists/visits.csv"))[0]["To be known"]
