"""The visit without any script: every kind is asked, everything typed survives, twice is harmless."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from audit.actions.assigning import Offer, assign_visit
from audit.actions.publishing import publish_checklist, read_checklist_file
from audit.domain.checklist.model import Answer
from audit.domain.visit import Flag, VisitState
from audit.storage.identifiers import new_id
from tests import cast
from tests.web.office import CHECKLIST, Office, text_of
from tests.web.walking import ENOUGH, Walk, begin_walk, fieldset, hidden_fields, is_hidden, picture

TYPED = {
    "greeted": "yes",
    "wait": "1:15",
    "people": "12",
    "queue": "no",
    "manner": "2",
    "who": "two",
    "seen": ["dust", "light"],
    "paid": "14:05",
    "day": "2026-11-21",
    "words": "Good day",
    "often__look": "always",
    "often__smile": "never",
    "customer_state": "delighted",
    "narrative": "All went well.\n\nTwo paragraphs.",
}
KEPT = {
    "greeted": "yes",
    "wait": 75,
    "people": "12",
    "queue": "no",
    "manner": 2,
    "who": "two",
    "seen": ("dust", "light"),
    "paid": "14:05",
    "day": "2026-11-21",
    "words": "Good day",
    "often": {"look": "always", "smile": "never"},
    "customer_state": "delighted",
    "narrative": "All went well.\n\nTwo paragraphs.",
}


@pytest.fixture
def walk(office: Office) -> Walk:
    return begin_walk(office)


def test_sam_reads_where_when_what_to_pretend_and_what_to_remember_before_she_begins(
    office: Office, walk: Walk
) -> None:
    page = text_of(walk.browser.get(f"/assignments/{walk.visit.assignment_id}"))
    for words in ("Mill Lane", "28 November 2026", "About 12 minutes", "5 EUR", "Buy a pen.", "The last words"):
        assert words in page


def test_the_list_leads_to_what_is_to_do_to_what_is_begun_and_to_what_was_sent(office: Office, walk: Walk) -> None:
    brief = f"/assignments/{walk.visit.assignment_id}"
    assert f'class="title" href="{brief}"' in text_of(walk.browser.get("/")), "fetched, but nothing done in it yet"
    walk.post("check", **dict(ENOUGH))
    assert f'class="title" href="{walk.address("form")}"' in text_of(walk.browser.get("/"))
    walk.send()
    assert f'href="{walk.address("receipt")}"' in text_of(walk.browser.get("/"))


def test_every_kind_of_question_is_kept_as_it_was_answered(walk: Walk) -> None:
    assert walk.post("save:arrival", **TYPED).status_code == 303
    assert {id: answer.value for id, answer in walk.visit.answers.items()} == KEPT


def test_what_was_kept_stands_in_the_form_again_on_another_device(office: Office, walk: Walk) -> None:
    walk.post("save", **TYPED)
    page = text_of(office.browser(cast.SAM).get(walk.address("form")))
    assert 'value="75"' in fieldset(page, "wait")
    assert "All went well.\n\nTwo paragraphs.</textarea>" in page
    assert fieldset(page, "seen").count(" checked") == 2
    assert fieldset(page, "often").count(" checked") == 2
    assert re.search(r'value="2" checked>With a glance', page)


def test_the_shopper_sees_no_points(walk: Walk) -> None:
    _looks, page = walk.page().split("</style>")  # where letters have a weight
    assert "<form" in page
    assert "share" not in page
    assert "weight" not in page


def test_a_wrong_answer_gets_its_page_back_with_everything_typed(walk: Walk) -> None:
    response = walk.post("save:arrival", **{**TYPED, "people": "a few", "words": "Nice & <early>"})
    page = text_of(response)
    assert response.status_code == 422
    assert '<a href="#q-people">How many people were there? Write a number with digits, such as 12.</a>' in page
    assert 'value="a few"' in fieldset(page, "people")
    assert 'aria-invalid="true"' in fieldset(page, "people")
    assert "Nice &amp; &lt;early&gt;" in page
    assert page.startswith("<!doctype html>")
    assert "<title>Error:" in page


def test_a_wrong_answer_is_kept_as_it_was_typed_and_can_be_taken_out(walk: Walk) -> None:
    walk.post("save", people="a few")
    assert walk.visit.odd["people"]
    assert 'value="a few"' in fieldset(walk.page(), "people")
    walk.post("save", people="")
    assert not walk.visit.odd


def test_an_answer_can_be_taken_back(walk: Walk) -> None:
    walk.post("save", words="Hello", seen=["dust"])
    walk.post("save", words="", seen=[])
    assert "words" not in walk.visit.answers
    assert "seen" not in walk.visit.answers


def test_an_answer_and_a_mark_that_there_is_none_cannot_both_stand(walk: Walk) -> None:
    response = walk.post("save", paid="14:05", paid__absent="not_observed")
    assert response.status_code == 422
    asked_again = fieldset(text_of(response), "paid")
    assert "Keep one." in asked_again
    assert 'value="14:05"' in asked_again
    assert 'value="not_observed" checked' in asked_again
    walk.post("save", paid="", paid__absent="not_observed")
    assert walk.visit.answers["paid"] == Answer("not_observed")


def test_why_no_position_was_added_stands_on_the_page_that_complains(walk: Walk) -> None:
    walk.typed["refused"] = 'My "own" reason'
    response = walk.post("save", paid="14:05", paid__absent="not_observed")
    assert response.status_code == 422
    assert 'name="refused" value="My &#34;own&#34; reason"' in text_of(response)


def test_a_bad_answer_shows_what_it_asks_for_and_saving_stays_in_the_section(walk: Walk) -> None:
    assert 'data-part="comment" hidden' in fieldset(walk.page(), "greeted")
    response = walk.post("save:arrival", greeted="no")
    assert response.location.endswith("#s-arrival")
    asked = fieldset(walk.page(), "greeted")
    assert 'data-part="comment">' in asked
    assert 'data-part="photo">' in asked
    response = walk.post("save:arrival", greeted="no", greeted__comment="He slept.", greeted__facts=["busy"])
    assert response.location.endswith("#s-counter")
    assert walk.visit.answers["greeted"] == Answer("no", "He slept.", ("busy",))


def test_a_hidden_question_appears_when_its_rule_holds_and_its_answer_is_kept_when_it_goes(walk: Walk) -> None:
    assert is_hidden(walk.page(), "queue")
    walk.post("save", people="3")
    assert not is_hidden(walk.page(), "queue")
    walk.post("save", queue="yes")
    walk.post("save", people="2")
    assert is_hidden(walk.page(), "queue")
    assert walk.visit.answers["queue"].value == "yes"


def test_a_section_of_another_scenario_is_hidden(office: Office, walk: Walk) -> None:
    assert is_hidden(walk.page(), "solved")
    assert not is_hidden(begin_walk(office, "return").page(), "solved")


def test_marks_carry_the_time_the_position_if_it_was_offered_and_a_reason_if_not(office: Office, walk: Walk) -> None:
    walk.typed["position"] = "47.500000,8.700000,12"
    walk.post("mark:enter")
    office.clock.go_on(minutes=20)
    walk.typed |= {"position": "", "refused": "I would rather not"}
    walk.post("mark:leave")
    enter, leave = walk.visit.marks
    assert (enter.position.accuracy_m if enter.position else None) == 12
    assert (leave.position, leave.refused) == (None, "I would rather not")
    assert "Went in 13:00" in walk.page()
    assert "Left 13:20" in walk.page()
    walk.post("unmark:leave")
    assert [mark.name for mark in walk.visit.marks] == ["enter"]


def test_four_moments_are_marked_inside_and_only_coming_and_going_have_a_place(office: Office, walk: Walk) -> None:
    walk.typed |= {"position": "47.5,8.7,12", "refused": "no"}
    for name in ("enter", "greeted", "served", "leave"):
        walk.post(f"mark:{name}")
        office.clock.go_on(minutes=2)
    places = {mark.name: mark.position is not None for mark in walk.visit.marks}
    assert places == {"enter": True, "greeted": False, "served": False, "leave": True}
    assert [mark.refused for mark in walk.visit.marks] == ["", "", "", ""]
    for words in ("Went in 13:00", "Greeted 13:02", "Served 13:04", "Left 13:06"):
        assert words in walk.page()
    assert walk.post("mark:lunch").status_code == 404


@pytest.mark.parametrize("position", ["999,0,1", "47,8", "none", "nan,nan,nan", "47.5,8.7,1e9"])
def test_a_position_that_cannot_be_read_is_no_position_and_no_lock(walk: Walk, position: str) -> None:
    walk.typed["position"] = position
    assert walk.post("mark:enter").status_code == 303
    assert walk.visit.marks[0].position is None


def test_a_stopwatch_keeps_instants_and_fills_in_the_seconds(office: Office, walk: Walk) -> None:
    walk.post("stamp:wait:start", words="Typed before the tap")
    office.clock.go_on(seconds=42)
    assert walk.post("stamp:wait:stop").location.endswith("#q-wait")
    assert walk.visit.answers["wait"].value == 42
    assert walk.visit.answers["words"].value == "Typed before the tap"
    walk.typed["q-wait"] = "42"
    walk.post("stamp:wait:again")
    assert not walk.visit.marks


def test_the_second_button_of_a_watch_before_the_first_says_so(walk: Walk) -> None:
    walk.post("stamp:wait:stop")
    assert "Press the first button" in walk.page()
    assert not walk.visit.marks


def test_check_your_answers_names_what_is_open_first_and_sending_is_refused_until_then(walk: Walk) -> None:
    walk.post("check", greeted="yes")
    page = walk.page("check")
    assert "2 questions are still open" in page
    assert f'href="{walk.address("form")}#q-narrative"' in page
    assert "Send the visit" not in page
    response = walk.send()
    assert response.status_code == 422
    assert 'role="alert"' in text_of(response)
    assert walk.visit.state is VisitState.DRAFT


def test_a_finished_visit_is_received_with_its_time_and_its_photos(office: Office, walk: Walk) -> None:
    walk.post("check", shelf__photos=[picture(), picture("navy", "PNG")], **dict(ENOUGH))
    office.clock.go_on(minutes=7)
    assert walk.send().location == walk.address("receipt")
    assert "Received at 13:07, 2 photos" in walk.page("receipt")
    assert walk.visit.state is VisitState.SUBMITTED
    assert office.store.scores.of(walk.visit_id) is not None
    assert walk.browser.get(walk.address("form")).location == walk.address("receipt")


def test_sending_twice_gives_the_same_receipt(walk: Walk) -> None:
    walk.post("check", **dict(ENOUGH))
    fields = hidden_fields(walk.page("check"))
    answers = [walk.browser.post(walk.address("submission"), data=fields) for _ in range(3)]
    assert {answer.location for answer in answers} == {walk.address("receipt")}
    assert Flag.SECOND_SUBMISSION not in walk.visit.flags


def test_a_whole_form_can_be_sent_at_once_and_again_with_its_photo(walk: Walk) -> None:
    served = walk.page()
    fields = dict(ENOUGH)
    first = walk.post("send", "submission", served, shelf__photos=[picture()], **fields)
    again = walk.post("send", "submission", served, shelf__photos=[picture()], **fields)
    assert first.location == again.location == walk.address("receipt")
    assert len(walk.visit.photos) == 1
    assert Flag.SECOND_SUBMISSION not in walk.visit.flags


def test_a_whole_form_that_lacks_something_keeps_its_photos_and_comes_back(walk: Walk) -> None:
    response = walk.post("send", "submission", shelf__photos=[picture()], words="Hello")
    page = text_of(response)
    assert response.status_code == 422
    assert '<a href="#q-greeted">Did someone greet you? Answer this question.</a>' in page
    assert f'src="/photos/{walk.visit_id}/' in page
    assert walk.visit.answers["words"].value == "Hello"


def test_the_same_page_sent_again_with_other_words_is_a_conflict_and_both_are_kept(walk: Walk) -> None:
    served = walk.page()
    walk.post("send", "submission", served, **dict(ENOUGH))
    response = walk.post("send", "submission", served, **{**dict(ENOUGH), "narrative": "Something else."})
    assert response.status_code == 409
    assert len(walk.office.store.submissions.conflicts_of(walk.visit_id)) == 1
    assert walk.visit.answers["narrative"].value == "They were quick and kind."


def test_a_page_kept_open_in_a_second_tab_loses_no_words(walk: Walk) -> None:
    first, second = walk.page(), walk.page()
    walk.post("save", served=first, words="From the first tab")
    walk.typed.clear()
    walk.post("save", served=second, narrative="From the second tab")
    assert walk.visit.answers["words"].value == "From the first tab"
    assert walk.visit.answers["narrative"].value == "From the second tab"


def test_the_browsers_way_back_to_an_old_page_can_still_be_saved(office: Office, walk: Walk) -> None:
    served = walk.page()
    walk.post("save", served=served, words="First")
    office.clock.go_on(seconds=30)
    walk.post("save", served=served, words="Second")
    assert walk.visit.answers["words"].value == "Second"


def test_stop_and_leave_asks_once_keeps_what_was_typed_and_is_never_scored(office: Office, walk: Walk) -> None:
    assert walk.post("stop", words="Before the noise").location == walk.address("stop")
    assert "Stopping harms nobody" in walk.page("stop")
    assert walk.visit.state is VisitState.DRAFT
    walk.browser.post(walk.address("stop"), data={"reason": "Somebody knew me"})
    assert walk.visit.state is VisitState.STOPPED
    assert walk.visit.stopped_reason == "Somebody knew me"
    assert office.store.scores.of(walk.visit_id) is None
    assert "it costs you nothing" in walk.page("stop")
    assert walk.browser.post(walk.address("stop")).status_code == 303
    assert walk.browser.get(walk.address("form")).location == walk.address("stop")


def test_a_sent_visit_takes_no_more_drafts_but_their_words_are_kept(office: Office, walk: Walk) -> None:
    served = walk.page()
    tablet = replace(walk, browser=office.browser(cast.SAM), typed={})
    tablet.post("check", **dict(ENOUGH))
    tablet.send()
    late = walk.post("save", served=served, words="Too late")
    assert late.status_code == 409
    assert "What you wrote is kept for the office." in text_of(late)
    assert walk.visit.answers.get("words") is None
    assert Flag.OTHER_VERSION in walk.visit.flags


def test_whoever_types_what_another_device_changed_meanwhile_is_told_where_it_went(office: Office, walk: Walk) -> None:
    tablet = replace(walk, browser=office.browser(cast.SAM), typed={})
    served = walk.page()
    tablet.post("save", words="From the tablet")
    saved = walk.post("save", served=served, words="From the phone")
    assert saved.status_code == 303
    assert walk.visit.answers["words"].value == "From the tablet"
    assert "kept for the office as another version" in walk.page()
    assert "another version" not in walk.page(), "it is said once"
    tablet.post("save", narrative="Nobody else wrote here")
    assert "another version" not in tablet.page()


def test_a_form_that_is_sent_after_the_visit_was_sent_elsewhere_is_told_where_it_went(
    office: Office, walk: Walk
) -> None:
    served = walk.page()
    tablet = replace(walk, browser=office.browser(cast.SAM), typed={})
    tablet.post("check", **dict(ENOUGH))
    tablet.send()
    second = walk.post("send", "submission", served, **{**dict(ENOUGH), "narrative": "Something else."})
    assert second.location == walk.address("receipt")
    assert "What you sent now is kept for the office beside it." in walk.page("receipt")
    assert Flag.SECOND_SUBMISSION in walk.visit.flags


def test_a_page_without_its_edit_id_is_told_so(walk: Walk) -> None:
    assert walk.browser.post(walk.address("submission"), data={"edit_id": "1"}).status_code == 422


@pytest.mark.parametrize("do", ["mark:lunch", "stamp:greeted:sideways", "stamp:nothing:start"])
def test_a_button_that_is_not_on_the_page_does_nothing(walk: Walk, do: str) -> None:
    assert walk.post(do).status_code == 404
    assert not walk.visit.marks


@pytest.mark.parametrize("page", ["form", "check", "receipt", "stop"])
def test_otto_cannot_open_a_visit_that_is_not_his(office: Office, walk: Walk, page: str) -> None:
    stranger = office.browser(cast.OTTO_SHOPPER)
    there, nowhere = stranger.get(walk.address(page)), stranger.get(f"/visits/{new_id()}/{page}")
    assert there.status_code == nowhere.status_code == 404
    assert there.data == nowhere.data


@pytest.mark.parametrize("page", ["draft", "submission", "stop"])
def test_otto_cannot_write_in_a_visit_that_is_not_his(office: Office, walk: Walk, page: str) -> None:
    fields = {**hidden_fields(walk.page()), "q-words": "Otto was here"}
    assert office.browser(cast.OTTO_SHOPPER).post(walk.address(page), data=fields).status_code == 404
    assert not walk.visit.answers


def test_on_the_list_a_test_visit_is_told_from_one_that_counts(office: Office) -> None:
    office.assignment(test=True)
    assert text_of(office.browser(cast.SAM).get("/")).count("test, never counts") == 1
    office.assignment()
    assert text_of(office.browser(cast.SAM).get("/")).count("test, never counts") == 1


def test_on_the_list_two_visits_to_one_branch_are_told_apart_by_what_they_are_called(office: Office) -> None:
    office.assignment()
    office.assignment(branch=cast.N02)
    assert "Corner shop" not in text_of(office.browser(cast.SAM).get("/"))
    file = read_checklist_file(
        CHECKLIST.replace(b"corner-shop", b"call").replace(b"Corner shop", b"A call"), "call.yaml"
    )
    version = publish_checklist(office.store, cast.ADA, file.tree, file.source, office.clock()).version
    until = office.clock().date() + timedelta(days=7)
    assign_visit(office.store, cast.ADA, Offer("N01", "call", version, cast.SAM.id, until), office.clock())
    page = text_of(office.browser(cast.SAM).get("/"))
    assert (page.count("Corner shop"), page.count("A call")) == (1, 1)


def test_on_the_list_two_visits_by_one_checklist_are_told_apart_by_what_is_pretended(office: Office) -> None:
    until, version = office.clock().date() + timedelta(days=7), office.checklist()
    for scenario in (None, "wrong-bill"):
        offer = Offer("N01", "corner-shop", version, cast.SAM.id, until, scenario=scenario)
        assign_visit(office.store, cast.ADA, offer, office.clock())
    page = text_of(office.browser(cast.SAM).get("/"))
    assert (page.count("A wrong bill"), page.count("Corner shop")) == (1, 0)
