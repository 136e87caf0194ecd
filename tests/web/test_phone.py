"""The outbox and the server: every call of the contract, and what it answers when something is wrong."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from audit.domain.submission import MOST_BYTES, canonical
from audit.domain.visit import Flag, VisitState
from audit.storage.identifiers import new_id
from audit.web.pace import Allowance, Pace
from audit.web.phone import NAMES
from tests import cast
from tests.web.office import text_of
from tests.web.phones import SAID, Phone, picture, sha


def test_the_phone_asks_who_it_is_and_what_time_it_is(phone: Phone) -> None:
    answer = phone.browser.get("/me")
    assert answer.get_json()["id"] == cast.SAM.id
    assert answer.get_json()["now"].startswith("2026-11-21T12:00:00")
    assert "Max-Age=7776000" in answer.headers["Set-Cookie"]


def test_nobody_is_told_so_in_json_and_not_shown_a_page(phone: Phone) -> None:
    nobody = phone.office.browser()
    for answer in (nobody.get("/me"), nobody.put(f"/visits/{phone.visit.id}/submission", data=phone.envelope())):
        assert (answer.status_code, answer.get_json()["error"]) == (401, "sign_in")
    assert phone.office.browser(cast.ADA).get("/me").get_json()["error"] == "not_allowed"


def test_a_call_from_another_site_is_refused(phone: Phone) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": None}, {"Origin": "null"}):
        answer = phone.browser.put(f"/visits/{phone.visit.id}/submission", data=phone.envelope(), headers=headers)
        assert (answer.status_code, answer.get_json()["error"]) == (403, "not_allowed")
    assert phone.kept.open


def test_a_finished_visit_gets_a_receipt_for_the_very_bytes(phone: Phone) -> None:
    raw = phone.envelope()
    answer = phone.send(raw)
    receipt = answer.get_json()["receipt"]
    assert answer.status_code == 201
    assert (receipt["id"], receipt["sha256"], receipt["photos"]) == (json.loads(raw)["msg_id"], sha(raw), 0)
    assert receipt["received_at"].startswith("2026-11-21T12:00")
    assert phone.kept.state is VisitState.SUBMITTED
    again = phone.send(raw)
    assert (again.status_code, again.get_json()["receipt"]) == (200, receipt)


def test_one_id_with_two_contents_gets_the_stored_receipt_and_both_are_kept(phone: Phone) -> None:
    raw = phone.envelope()
    receipt = phone.send(raw).get_json()["receipt"]
    other = phone.envelope({"greeted": "no"}, msg_id=json.loads(raw)["msg_id"])
    answer = phone.send(other)
    assert (answer.status_code, answer.get_json()["error"]) == (409, "conflict")
    assert answer.get_json()["receipt"] == receipt
    assert len(phone.office.store.submissions.conflicts_of(phone.visit.id)) == 1


def test_photos_may_come_after_the_words_and_in_any_order(phone: Phone) -> None:
    one, two = picture(1), picture(2)
    raw = phone.envelope({**SAID, "greeted": {"value": "yes", "photos": [sha(one)]}}, photos=[sha(one), sha(two)])
    answer = phone.send(raw)
    assert answer.status_code == 424
    assert answer.get_json()["missing"] == [sha(one), sha(two)]
    assert Flag.PHOTOS_MISSING in phone.kept.flags
    assert phone.put_photo(two).status_code == 201
    assert phone.send(raw).get_json()["missing"] == [sha(one)]
    assert Flag.PHOTOS_MISSING in phone.kept.flags
    assert phone.put_photo(one).status_code == 201
    assert phone.put_photo(one).status_code == 200
    whole = phone.send(raw)
    assert (whole.status_code, whole.get_json()["receipt"]["photos"]) == (200, 2)
    assert Flag.PHOTOS_MISSING not in phone.kept.flags


def test_photos_may_come_before_the_words(phone: Phone) -> None:
    one = picture()
    assert phone.browser.head(f"/visits/{phone.visit.id}/photos/{sha(one)}").status_code == 404
    phone.put_photo(one)
    assert phone.browser.head(f"/visits/{phone.visit.id}/photos/{sha(one)}").status_code == 200
    assert phone.send(phone.envelope(photos=[sha(one)])).status_code == 201


def test_a_photo_is_taken_only_under_its_own_name_and_size(phone: Phone) -> None:
    wrong = phone.put_photo(picture(1), sha(picture(2)))
    assert (wrong.status_code, wrong.get_json()["error"]) == (422, "not_a_photo")
    assert phone.put_photo(b"no photo at all").status_code == 422
    large = phone.put_photo(b"x" * ((12 << 20) + 1))
    assert (large.status_code, large.get_json()["error"]) == (413, "too_large")
    assert phone.put("photos/short", picture()).status_code == 422
    assert phone.office.store.photos.of_visit(phone.visit.id) == []


def test_a_photo_of_another_visit_does_not_make_this_one_whole(phone: Phone) -> None:
    strange = Phone(
        phone.office, phone.office.draft(cast.OTTO_SHOPPER, cast.S01), phone.office.browser(cast.OTTO_SHOPPER)
    )
    strange.put_photo(picture())
    assert phone.send(phone.envelope(photos=[sha(picture())])).status_code == 424


def test_a_visit_holds_so_many_photos(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.actions.sending_photos.MOST_ARRIVED", 2)
    assert [phone.put_photo(picture(shade)).status_code for shade in (1, 2, 3, 1)] == [201, 201, 422, 200]


def test_a_draft_is_kept_and_can_be_fetched_by_another_device(phone: Phone) -> None:
    raw = phone.envelope(
        {"greeted": "yes", "thanked": "perhaps"}, marks=[{"name": "enter", "at": "2026-11-21T11:00:00Z"}]
    )
    answer = phone.put("draft", raw)
    assert (answer.status_code, answer.get_data()) == (204, b"")
    assert (answer.headers["Candour-Head"], "Candour-Fetch" in answer.headers) == (json.loads(raw)["msg_id"], False)
    draft = phone.draft
    assert (draft["state"], draft["head"], draft["devices"]) == ("draft", json.loads(raw)["msg_id"], {"phone-1": 1})
    assert draft["answers"] == {"greeted": {"value": "yes"}, "thanked": "perhaps"}
    assert draft["marks"] == [{"name": "enter", "at": "2026-11-21T11:00:00+00:00"}]
    assert "score" not in json.dumps(draft)


def test_two_devices_that_contradict_one_another_are_both_kept(phone: Phone) -> None:
    tablet = replace(phone, device="tablet", n=0)
    phone.put("draft", phone.envelope({"greeted": "yes"}))
    second = tablet.put("draft", tablet.envelope({"greeted": "no", "thanked": "yes"}))
    assert second.status_code == 204
    assert phone.draft["answers"] == {"greeted": {"value": "yes"}, "thanked": {"value": "yes"}}
    assert phone.kept.flags == (Flag.OTHER_VERSION,)
    assert (second.headers["Candour-Head"], second.headers["Candour-Fetch"]) == (phone.draft["head"], "yes")
    insists = tablet.envelope({"greeted": "no", "thanked": "yes"}, base=phone.draft["head"])
    tablet.put("draft", insists)
    assert phone.draft["answers"]["greeted"] == {"value": "no"}
    phone.send(phone.envelope(base=phone.draft["head"]))
    page = text_of(phone.office.browser(cast.RITA).get(f"/visits/{phone.visit.id}"))
    assert "another version is kept" in page


def test_a_draft_that_comes_after_the_visit_was_sent_is_too_late_but_kept(phone: Phone) -> None:
    tablet = replace(phone, device="tablet", n=0)
    slow = phone.envelope({"greeted": "yes"})
    phone.send(phone.envelope())
    assert phone.put("draft", slow).status_code == 204, "an older word of the same device is no news"
    answer = tablet.put("draft", tablet.envelope({"greeted": "no"}))
    assert (answer.status_code, answer.get_json()["error"]) == (409, "too_late")
    outcomes = [kept.outcome for kept in phone.office.store.submissions.of_visit(phone.visit.id)]
    assert outcomes == ["submitted", "late", "after"]
    assert phone.kept.answers["greeted"].value == "yes"


def test_a_visit_of_somebody_else_is_not_there(phone: Phone) -> None:
    otto = replace(phone, browser=phone.office.browser(cast.OTTO_SHOPPER))
    answers = [
        otto.send(otto.envelope()),
        otto.put("draft", otto.envelope()),
        otto.put_photo(picture()),
        otto.browser.get(f"/visits/{phone.visit.id}/draft"),
        otto.send(b"nonsense"),
    ]
    assert {(answer.status_code, answer.get_json()["error"]) for answer in answers} == {(404, "not_found")}
    batch = otto.browser.post("/submissions", data=b"[" + otto.envelope() + b"]").get_json()
    assert (batch[0]["status"], batch[0]["error"]) == (404, "not_found")
    assert phone.kept == phone.visit
    assert phone.office.store.submissions.unreadable_of(phone.visit.id) == []


def test_a_message_id_of_somebody_else_tells_nothing_about_it(phone: Phone) -> None:
    raw = phone.envelope()
    phone.send(raw)
    otto = Phone(phone.office, phone.office.draft(cast.OTTO_SHOPPER, cast.S01), phone.office.browser(cast.OTTO_SHOPPER))
    answer = otto.send(otto.envelope(msg_id=json.loads(raw)["msg_id"]))
    assert answer.status_code == 409
    assert "receipt" not in answer.get_json()


def test_what_cannot_be_understood_is_kept_for_the_office_and_refused(phone: Phone) -> None:
    other_visit = phone.envelope(visit_id=new_id())
    for raw in (b"nonsense", other_visit):
        answer = phone.send(raw)
        assert (answer.status_code, answer.get_json()["error"]) == (422, "unreadable")
    phone.send(b"nonsense")
    assert len(phone.office.store.submissions.unreadable_of(phone.visit.id)) == 2
    page = text_of(phone.office.browser(cast.RITA).get(f"/visits/{phone.visit.id}"))
    assert "Could not be read" in page
    for number in range(30):
        phone.send(b"nonsense %d" % number)
    assert len(phone.office.store.submissions.unreadable_of(phone.visit.id)) == 20


def test_what_a_shopper_cannot_mend_is_taken_and_flagged(phone: Phone) -> None:
    phone.office.clock.go_on(days=20)
    answer = phone.send(phone.envelope({"no_such_question": [1], "greeted": "?"}, version=9))
    assert answer.status_code == 201
    assert {Flag.LATE, Flag.INCOMPLETE, Flag.ODD_ANSWERS, Flag.OLD_VERSION} <= set(phone.kept.flags)


def test_a_body_beyond_all_measure_is_refused(phone: Phone) -> None:
    for what in ("submission", "draft"):
        answer = phone.put(what, b" " * (MOST_BYTES + 1))
        assert (answer.status_code, answer.get_json()["error"]) == (413, "too_large")


def test_a_returned_visit_is_sent_again_in_the_same_way(phone: Phone) -> None:
    dawdling = replace(phone, device="old-phone", n=0)
    old = dawdling.envelope({"greeted": "no"})
    phone.send(phone.envelope())
    store = phone.office.store
    with store.transaction():
        store.visits.save(replace(phone.kept, state=VisitState.RETURNED))
    assert phone.draft["state"] == "returned"
    assert dawdling.send(old).status_code == 201
    assert phone.kept.state is VisitState.RETURNED, "an old message is no answer to the reviewer"
    assert phone.send(phone.envelope({**SAID, "thanked": "yes"})).status_code == 201
    assert phone.kept.state is VisitState.SUBMITTED
    assert phone.kept.answers["thanked"].value == "yes"
    assert Flag.SECOND_SUBMISSION in phone.kept.flags


def test_a_whole_outbox_is_sent_at_once_and_each_message_gets_its_own_answer(phone: Phone) -> None:
    office = phone.office
    others = [Phone(office, office.draft(), phone.browser) for _ in range(3)]
    good, lacking, sent = (other.envelope() for other in others)
    lacking = others[1].envelope(photos=["a" * 64])
    others[2].send(sent)
    strange = canonical({**json.loads(good), "visit_id": new_id(), "msg_id": new_id()})
    raws = [good, b'{"what": 1}', lacking, sent, strange, good]
    answer = phone.browser.post("/submissions", data=b"[" + b",\n".join(raws) + b"]")
    told = answer.get_json()
    assert answer.status_code == 200
    assert [one["status"] for one in told] == [201, 422, 424, 200, 404, 200]
    assert told[0]["receipt"]["sha256"] == told[5]["receipt"]["sha256"] == sha(good)
    assert told[2]["missing"] == ["a" * 64]
    assert [one.get("msg_id") for one in told[2:4]] == [json.loads(raw)["msg_id"] for raw in (lacking, sent)]
    assert others[0].send(good).status_code == 200


def test_a_batch_that_is_no_list_is_refused_whole(phone: Phone) -> None:
    for raw in (b"", b"{}", b"[" + b",".join([phone.envelope()] * 101) + b"]"):
        assert phone.browser.post("/submissions", data=raw).status_code == 422
    assert phone.kept.open


def test_a_device_that_sends_too_fast_is_told_when_to_come_back(phone: Phone) -> None:
    phone.office.app.extensions["pace"] = Pace(Allowance(3, 0.5), clock=lambda: 7.0)
    for _ in range(3):
        assert phone.browser.get("/me").status_code == 200
    answer = phone.send(phone.envelope())
    assert (answer.status_code, answer.get_json()["error"]) == (429, "too_many")
    assert answer.headers["Retry-After"] == "3"
    assert phone.office.browser(cast.SAM).get("/me").status_code == 200, "another device has its own measure"


def test_the_measure_fills_up_again_and_bytes_count_too() -> None:
    moment = [0.0]
    pace = Pace(Allowance(2, 1), Allowance(1000, 10), lambda: moment[0])
    pace.spend("phone", 1, 900)
    with pytest.raises(Exception, match="too much"):
        pace.spend("phone", 1, 300)
    moment[0] += 21
    pace.spend("phone", 1, 300)
    moment[0] += 1000
    pace.spend("phone", 50, 10**9)  # what is larger than all that can be saved up is let through once


def test_a_visit_is_saved_so_often_and_then_sent(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.actions.submitting.MOST_SAVES", 2)
    answers = [phone.put("draft", phone.envelope({"greeted": "yes"})) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [204, 204, 429]
    assert answers[2].headers["Retry-After"] == "3600"
    assert phone.send(phone.envelope()).status_code == 201


def test_a_full_disk_says_when_to_come_back_and_takes_nothing(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    from audit.domain.errors import NoSpace

    def full(*_: object) -> None:
        raise NoSpace("The disk is full.")

    monkeypatch.setattr(phone.office.store.submissions, "keep", full)
    for answer in (
        phone.send(phone.envelope()),
        phone.browser.post("/submissions", data=b"[" + phone.envelope() + b"]"),
    ):
        assert (answer.status_code, answer.get_json()["error"]) == (507, "no_space")
        assert int(answer.headers["Retry-After"]) > 0
    assert phone.kept.open


def test_what_nobody_foresaw_is_json_too(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone.office.store.submissions, "keep", lambda *_: 1 / 0)
    answer = phone.send(phone.envelope())
    assert (answer.status_code, answer.get_json()["error"]) == (500, "trouble")
    assert "ZeroDivision" not in text_of(answer)
    batch = phone.browser.post("/submissions", data=b"[" + phone.envelope() + b"]")
    assert batch.get_json()[0]["status"] == 500
    assert phone.kept.open


def test_fifty_parallel_posts_of_one_message_are_one_row(phone: Phone) -> None:
    raw = phone.envelope()
    browsers = [phone.office.browser(cast.SAM) for _ in range(16)]

    def send(number: int) -> TestResponse:
        return browsers[number % 16].put(f"/visits/{phone.visit.id}/submission", data=raw)

    with ThreadPoolExecutor(16) as phones:
        answers = list(phones.map(send, range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert len({json.dumps(answer.get_json()["receipt"]) for answer in answers}) == 1
    assert len(phone.office.store.submissions.of_visit(phone.visit.id)) == 1


CONTRACT = Path(__file__).parents[2] / "docs" / "contract.md"


def test_the_answers_that_the_contract_shows_are_those_that_are_given(phone: Phone) -> None:
    blocks = [
        json.loads(block) for block in re.findall(r"```json\n(.*?)```", CONTRACT.read_text(encoding="utf-8"), re.S)
    ]
    draft, receipt, refusal = blocks[-3:]
    phone.put("draft", phone.envelope({"greeted": "yes"}))
    given = phone.draft
    assert set(given) == set(draft)
    taken = phone.send(phone.envelope()).get_json()
    assert set(taken) == set(receipt)
    assert set(taken["receipt"]) == set(receipt["receipt"])
    tablet = replace(phone, device="tablet", n=0)
    assert tablet.put("draft", tablet.envelope({"greeted": "no"})).get_json() == {
        **refusal,
        "message": "This visit was sent already and cannot be changed. The office can return it to you.",
    }


def test_every_word_for_a_refusal_stands_in_the_contract() -> None:
    text = CONTRACT.read_text(encoding="utf-8")
    for word in {*NAMES.values(), "photos_missing", "trouble"}:
        assert f"`{word}`" in text
