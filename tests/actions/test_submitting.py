"""How a visit arrives: once, whole, whatever is sent twice, late, in pieces or from two devices."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from audit.actions.merging import other_versions
from audit.actions.submitting import receive_many, receive_submission, save_draft
from audit.actions.visiting import begin_visit, make_mark
from audit.domain.errors import Conflict, TooLate
from audit.domain.submission import Receipt, Submission
from audit.domain.visit import ENTER, Flag, Mark, Visit, VisitState
from audit.storage.store import Store
from tests.builders import id_number
from tests.cast import SAM
from tests.world import GOOD, NOW, assign, edit, minutes


def a_visit(store: Store, **changes: object) -> Visit:
    return begin_visit(store, SAM, assign(store, **changes).id, NOW)


def values(visit: Visit) -> dict[str, object]:
    return {id: answer.value for id, answer in visit.answers.items()}


def send(store: Store, visit: Visit, answers: dict[str, object], number: int = 1, **changes: object) -> Receipt:
    return receive_submission(store, SAM, *edit(visit, answers, number, **changes), minutes(30))


def test_a_sent_visit_is_scored_and_gets_a_receipt(store: Store) -> None:
    visit = a_visit(store)
    make_mark(store, SAM, visit.id, Mark(ENTER, minutes(1)), minutes(1))
    submission, raw = edit(visit, GOOD)
    receipt = receive_submission(store, SAM, submission, raw, minutes(30))
    sent = store.visits.find(visit.id)
    assert (receipt.msg_id, receipt.received_at, receipt.missing_photos) == (submission.msg_id, minutes(30), ())
    assert sent.state is VisitState.SUBMITTED
    assert sent.flags == ()
    assert values(sent) == GOOD
    score = store.scores.of(visit.id)
    assert score is not None
    assert (score.base, score.not_observed, score.shown) == (Fraction(100), 1, 100)
    assert store.submissions.raw(submission.msg_id) == raw


def test_the_same_message_again_gets_the_same_receipt_and_changes_nothing(store: Store) -> None:
    visit = a_visit(store)
    submission, raw = edit(visit, GOOD)
    first = receive_submission(store, SAM, submission, raw, minutes(30))
    assert receive_submission(store, SAM, submission, raw, minutes(45)) == first
    assert len(store.submissions.of_visit(visit.id)) == 1
    assert store.visits.find(visit.id).submitted_at == minutes(30)


def test_what_stands_is_known_by_its_spelling_and_everything_else_is_judged(store: Store) -> None:
    visit = a_visit(store)
    saved = save_draft(store, SAM, *edit(visit, GOOD, 1), minutes(20))
    again = {id: {"value": list(value) if isinstance(value, tuple) else value} for id, value in GOOD.items()}
    send(store, saved, {**again, "till": {"value": "yes", "strange": 1}}, 2, base=saved.head)
    sent = store.visits.find(visit.id)
    assert set(sent.odd) == {"till"}
    assert values(sent) == {id: value for id, value in GOOD.items() if id != "till"}


def test_fifty_parallel_posts_of_one_message_are_one_submission(store: Store) -> None:
    visit = a_visit(store)
    submission, raw = edit(visit, GOOD)
    with ThreadPoolExecutor(16) as phones:
        receipts = list(phones.map(lambda _: receive_submission(store, SAM, submission, raw, NOW), range(50)))
    assert len(set(receipts)) == 1
    assert len(store.submissions.of_visit(visit.id)) == 1


def test_messages_about_one_visit_in_one_call_are_taken_one_after_the_other(store: Store) -> None:
    visit = a_visit(store)
    first, other = edit(visit, GOOD, 1), edit(visit, {**GOOD, "comment": "Said elsewhere."}, 2, device="device-two")
    receipts = receive_many(store, SAM, [first, first, other], minutes(30))
    assert [getattr(receipt, "again", receipt) for receipt in receipts] == [False, True, False]
    assert [kept.outcome for kept in store.submissions.of_visit(visit.id)] == ["submitted", "second"]
    assert values(store.visits.find(visit.id)) == GOOD
    assert Flag.SECOND_SUBMISSION in store.visits.find(visit.id).flags


def test_one_id_with_two_contents_is_a_conflict_and_both_are_kept(store: Store) -> None:
    visit = a_visit(store)
    send(store, visit, GOOD)
    with pytest.raises(Conflict):
        send(store, visit, {**GOOD, "till": "no"})
    assert len(store.submissions.conflicts_of(visit.id)) == 1
    assert store.visits.find(visit.id).answers["till"].value == "yes"


def test_a_draft_is_not_taken_for_a_finished_visit_when_its_id_comes_again(store: Store) -> None:
    visit = a_visit(store)
    submission, raw = edit(visit, GOOD)
    save_draft(store, SAM, submission, raw, NOW)
    with pytest.raises(Conflict):
        receive_submission(store, SAM, submission, raw, NOW)
    assert store.visits.find(visit.id).open


def test_a_second_submission_is_kept_and_flagged_and_changes_nothing(store: Store) -> None:
    visit = a_visit(store)
    send(store, visit, GOOD, 1)
    send(store, visit, {**GOOD, "till": "no"}, 2)
    after = store.visits.find(visit.id)
    assert after.answers["till"].value == "yes"
    assert Flag.SECOND_SUBMISSION in after.flags
    assert [kept.outcome for kept in store.submissions.of_visit(visit.id)] == ["submitted", "second"]


def test_what_a_shopper_cannot_mend_is_taken_and_flagged(store: Store) -> None:
    visit = a_visit(store)
    odd = {"greeted": "perhaps", "no_such_question": "yes", "till": "yes"}
    receive_submission(store, SAM, *edit(visit, odd, version=7), minutes(3 * 24 * 60))
    sent = store.visits.find(visit.id)
    assert set(sent.flags) == {Flag.LATE, Flag.INCOMPLETE, Flag.ODD_ANSWERS, Flag.OLD_VERSION, Flag.NO_ENTER_MARK}
    assert dict(sent.odd) == {"greeted": "perhaps", "no_such_question": "yes"}
    assert values(sent) == {"till": "yes"}


def test_an_odd_answer_that_is_mended_is_odd_no_more(store: Store) -> None:
    visit = a_visit(store)
    save_draft(store, SAM, *edit(visit, {"people": "many"}, 1), NOW)
    assert dict(store.visits.find(visit.id).odd) == {"people": "many"}
    save_draft(store, SAM, *edit(visit, {"people": "4"}, 2, base=id_number(5001)), NOW)
    mended = store.visits.find(visit.id)
    assert dict(mended.odd) == {}
    assert mended.answers["people"].value == "4"


def test_two_tabs_lose_none_of_what_was_typed_in_either(store: Store) -> None:
    visit = a_visit(store)
    save_draft(store, SAM, *edit(visit, {"greeted": "yes"}, 1), NOW)
    base = id_number(5001)
    save_draft(store, SAM, *edit(visit, {"greeted": "yes", "listened": "no"}, 2, base=base), NOW)
    save_draft(store, SAM, *edit(visit, {"greeted": "no", "till": "yes"}, 3, base=base), NOW)
    assert values(store.visits.find(visit.id)) == {"greeted": "no", "listened": "no", "till": "yes"}


def test_an_older_edit_of_the_same_device_changes_nothing_but_is_kept(store: Store) -> None:
    visit = a_visit(store)
    save_draft(store, SAM, *edit(visit, {"till": "no"}, 2, device="phone-1", n=2), NOW)
    save_draft(store, SAM, *edit(visit, {"till": "yes"}, 1, device="phone-1", n=1), NOW)
    assert values(store.visits.find(visit.id)) == {"till": "no"}
    assert [kept.outcome for kept in store.submissions.of_visit(visit.id)] == ["draft", "late"]


def test_an_answer_taken_back_is_taken_back(store: Store) -> None:
    visit = a_visit(store)
    save_draft(store, SAM, *edit(visit, {"greeted": "yes", "till": "no"}, 1), NOW)
    save_draft(store, SAM, *edit(visit, {"greeted": "yes"}, 2, base=id_number(5001)), NOW)
    assert values(store.visits.find(visit.id)) == {"greeted": "yes"}


def test_answers_to_questions_that_became_hidden_are_kept_and_do_not_count(store: Store) -> None:
    visit = a_visit(store)
    said = {**GOOD, "greeted": {"value": "no", "comment": "Nobody looked up.", "facts": ["busy"]}, "by_name": "no"}
    send(store, visit, said)
    sent, score = store.visits.find(visit.id), store.scores.of(visit.id)
    assert sent.answers["by_name"].value == "no"
    assert score is not None
    why = {question.id: question.why for question in score.questions}
    assert why["by_name"] == "hidden"
    assert score.possible == 3 + 2 + 1 + 1


def test_a_visit_that_was_sent_or_stopped_takes_no_draft(store: Store) -> None:
    visit = a_visit(store)
    send(store, visit, GOOD)
    with pytest.raises(TooLate):
        save_draft(store, SAM, *edit(visit, {"till": "no"}, 2), NOW)


def test_a_visit_belongs_to_the_day_of_its_entry_mark_where_the_branch_stands(store: Store) -> None:
    visit = a_visit(store)
    late_evening = NOW.replace(hour=23, minute=30)  # half past midnight of the 13th in Zurich
    make_mark(store, SAM, visit.id, Mark(ENTER, late_evening), late_evening)
    send(store, visit, GOOD)
    assert str(store.visits.find(visit.id).visited_on) == "2026-11-13"


def test_a_photo_named_but_not_there_is_flagged_and_named_in_the_receipt(store: Store) -> None:
    visit = a_visit(store)
    receipt = send(store, visit, {**GOOD, "shelf": {"photos": ["a" * 64]}}, photos=("a" * 64,))
    assert receipt.missing_photos == ("a" * 64,)
    assert Flag.PHOTOS_MISSING in store.visits.find(visit.id).flags


def test_the_score_that_is_kept_is_the_one_that_anybody_can_work_out_again(store: Store) -> None:
    visit = a_visit(store)
    send(store, visit, {**GOOD, "till": "no"})
    score = store.scores.of(visit.id)
    assert score is not None
    assert score.critical_failed == ("till",)
    assert score.official == 49
    assert json.loads(json.dumps(score.to_tree()))["base"] == [800, 9]


def phone_edit(visit: Visit, answers: dict[str, object], number: int, **changes: object) -> tuple[Submission, bytes]:
    return edit(visit, answers, number, **{"device": "phone-1", "n": number, **changes})


def test_a_phone_takes_back_on_the_way_what_it_said_before_it_looked(store: Store) -> None:
    visit = a_visit(store)
    save_draft(store, SAM, *edit(visit, {"greeted": "yes"}, 1), NOW)  # on a page, which the phone then looks at
    save_draft(store, SAM, *phone_edit(visit, {"till": "no"}, 2), NOW)  # written before it looked, arrived after
    save_draft(store, SAM, *phone_edit(visit, {"greeted": "yes", "till": None}, 3, base=id_number(5001)), NOW)
    after = store.visits.find(visit.id)
    assert values(after) == {"greeted": "yes"}
    assert after.flags == ()


def test_a_word_in_front_of_a_fetched_draft_is_a_word_even_if_the_draft_said_the_same(store: Store) -> None:
    visit = a_visit(store)
    save_draft(store, SAM, *phone_edit(visit, {"till": "yes"}, 1), NOW)
    page, other = edit(visit, {"people": "1"}, 2), edit(visit, {"till": "yes", "people": "3"}, 6, base=id_number(5002))
    save_draft(store, SAM, *page, NOW)  # the phone looks now: one person, and in front of it what it took back itself
    save_draft(store, SAM, *phone_edit(visit, {"till": "yes", "people": "2"}, 3), NOW)
    save_draft(store, SAM, *phone_edit(visit, {"till": "yes", "people": None}, 4), NOW)
    save_draft(store, SAM, *other, NOW)
    said = {"till": "yes", "people": "1"}
    after = save_draft(store, SAM, *phone_edit(visit, said, 5, base=id_number(5002)), NOW)
    assert values(after) == {"till": "yes", "people": "3"}
    kept = store.submissions.find(id_number(5005))
    assert kept is not None
    assert kept.outcome == "sibling"


def test_what_a_phone_took_over_from_a_draft_is_no_word_of_its_own(store: Store) -> None:
    visit = a_visit(store)
    save_draft(store, SAM, *phone_edit(visit, {"people": "2"}, 1), NOW)
    tablet = {"device": "phone-2"}
    refused = save_draft(store, SAM, *phone_edit(visit, {"people": "1"}, 2, **tablet), NOW)
    save_draft(store, SAM, *phone_edit(visit, {"people": "1"}, 3), NOW)
    took_over = phone_edit(visit, {"people": "2", "till": "yes"}, 4, base=refused.head, **tablet)
    assert values(save_draft(store, SAM, *took_over, NOW)) == {"people": "1", "till": "yes"}


def test_a_word_that_had_arrived_before_the_phone_looked_stands_in_front_of_no_draft(store: Store) -> None:
    visit = a_visit(store)
    tablet = {"device": "phone-2"}
    save_draft(store, SAM, *phone_edit(visit, {"till": "no"}, 1), NOW)
    save_draft(store, SAM, *phone_edit(visit, {"till": "yes"}, 2, base=id_number(5001), **tablet), NOW)
    # The phone looks now. What it wrote before that comes late, and says of the till what had arrived long ago.
    save_draft(store, SAM, *phone_edit(visit, {"till": "no"}, 3), NOW)
    save_draft(store, SAM, *phone_edit(visit, {"till": "no"}, 4, base=id_number(5001), **tablet), NOW)
    after = save_draft(store, SAM, *phone_edit(visit, {"till": "yes"}, 5, base=id_number(5002)), NOW)
    assert values(after) == {"till": "no"}, "the phone only repeats what it was shown"


def test_a_word_that_was_changed_and_changed_back_stands_in_front_of_the_draft(store: Store) -> None:
    visit = a_visit(store)
    save_draft(store, SAM, *phone_edit(visit, {"till": "no"}, 1), NOW)
    save_draft(store, SAM, *phone_edit(visit, {"till": "yes"}, 2, base=id_number(5001), device="phone-2"), NOW)
    # The phone looks now, while these two are on their way: in front of the draft it shows the second.
    save_draft(store, SAM, *phone_edit(visit, {"till": "yes"}, 3), NOW)
    save_draft(store, SAM, *phone_edit(visit, {"till": "no"}, 4), NOW)
    after = save_draft(store, SAM, *phone_edit(visit, {"till": "yes"}, 5, base=id_number(5002)), NOW)
    assert values(after) == {"till": "yes"}, "the shopper turned the answer that was shown"


def test_a_message_that_comes_late_tells_that_a_word_was_changed_and_changed_back(store: Store) -> None:
    visit = a_visit(store)
    tablet = {"device": "phone-2"}
    save_draft(store, SAM, *phone_edit(visit, {"till": "no"}, 1, **tablet), NOW)
    save_draft(store, SAM, *phone_edit(visit, {"till": "yes"}, 2, **tablet), NOW)
    save_draft(store, SAM, *phone_edit(visit, {"till": "no"}, 4, base=id_number(5001)), NOW)
    save_draft(store, SAM, *phone_edit(visit, {"till": "yes"}, 3, base=id_number(5001)), NOW)
    # It looked before either arrived, has shown its own last word since, and repeats it.
    after = save_draft(store, SAM, *phone_edit(visit, {"till": "no", "people": "2"}, 5, base=id_number(5002)), NOW)
    assert values(after) == {"till": "yes", "people": "2"}


def test_photos_of_contradicting_answers_stand_together(store: Store) -> None:
    visit = a_visit(store)
    save_draft(store, SAM, *phone_edit(visit, {"till": {"value": "no", "photos": ["a" * 64]}}, 1), NOW)
    other = {"till": {"value": "yes", "photos": ["b" * 64]}}
    save_draft(store, SAM, *phone_edit(visit, other, 2, device="phone-2"), NOW)
    after = store.visits.find(visit.id)
    assert after.answers["till"].value == "no"
    assert after.photos == ("a" * 64, "b" * 64)
    assert [(version.why, list(version.words)) for version in other_versions(store, after)] == [("sibling", ["till"])]


def test_what_a_finishing_message_says_against_what_stands_is_kept_for_whoever_reads_the_visit(store: Store) -> None:
    visit = a_visit(store)
    save_draft(store, SAM, *phone_edit(visit, {"till": "no"}, 1), NOW)
    receive_submission(store, SAM, *phone_edit(visit, GOOD, 2, device="phone-2"), NOW)
    sent = store.visits.find(visit.id)
    assert (sent.state, sent.answers["till"].value) == (VisitState.SUBMITTED, "no")
    assert Flag.OTHER_VERSION in sent.flags
    assert [(version.why, list(version.words)) for version in other_versions(store, sent)] == [("sibling", ["till"])]


def test_an_old_message_is_no_answer_to_the_reviewer(store: Store) -> None:
    visit = a_visit(store)
    receive_submission(store, SAM, *phone_edit(visit, GOOD, 1), NOW)
    with store.transaction():
        store.visits.save(replace(store.visits.find(visit.id), state=VisitState.RETURNED))
    receive_submission(store, SAM, *phone_edit(visit, GOOD, 2, device="phone-2"), NOW)
    assert store.visits.find(visit.id).state is VisitState.RETURNED
    seen = phone_edit(visit, {**GOOD, "till": "no"}, 3, device="phone-2", base=id_number(5001))
    receive_submission(store, SAM, *seen, NOW)
    assert store.visits.find(visit.id).state is VisitState.SUBMITTED
    assert store.visits.find(visit.id).answers["till"].value == "no"


def test_an_answer_to_the_reviewer_was_written_after_what_was_returned_last(store: Store) -> None:
    visit = a_visit(store)
    first, second = phone_edit(visit, GOOD, 1), phone_edit(visit, {**GOOD, "till": "no"}, 2)
    for message in (first, second):
        receive_submission(store, SAM, *message, NOW)
        with store.transaction():
            store.visits.save(replace(store.visits.find(visit.id), state=VisitState.RETURNED))
    receive_submission(store, SAM, *phone_edit(visit, GOOD, 3, n=2), NOW)  # from a copy of the phone
    receive_submission(store, SAM, *phone_edit(visit, GOOD, 4, device="phone-2", base=first[0].msg_id), NOW)
    assert store.visits.find(visit.id).state is VisitState.RETURNED
    receive_submission(store, SAM, *phone_edit(visit, GOOD, 5, device="phone-2", base=second[0].msg_id), NOW)
    assert store.visits.find(visit.id).state is VisitState.SUBMITTED


def test_a_copied_phone_that_counts_like_the_other_contradicts_it_and_replaces_nothing(store: Store) -> None:
    visit = a_visit(store)
    save_draft(store, SAM, *phone_edit(visit, {"till": "no"}, 1, n=4), NOW)
    save_draft(store, SAM, *phone_edit(visit, {"till": "yes"}, 2, n=4), NOW)
    after = store.visits.find(visit.id)
    assert values(after) == {"till": "no"}
    assert after.flags == (Flag.OTHER_VERSION,)


@pytest.mark.parametrize("said", ["1970-01-01T00:00:00+00:00", "2036-02-07T06:28:16+00:00"])
def test_a_phone_whose_clock_is_wrong_moves_no_visit_to_another_year(store: Store, said: str) -> None:
    visit = begin_visit(store, SAM, assign(store).id, NOW)
    marks = (Mark(ENTER, datetime.fromisoformat(said)),)
    receive_submission(store, SAM, *edit(visit, GOOD, marks=marks), minutes(30))
    sent = store.visits.find(visit.id)
    assert (sent.visited_on, sent.flags) == (NOW.date(), (Flag.CLOCK_OFF,))
    assert sent.mark(ENTER) == marks[0]


def test_a_visit_that_waited_long_on_a_phone_belongs_to_the_day_on_which_it_was_made(store: Store) -> None:
    visit = begin_visit(store, SAM, assign(store, until=(NOW + timedelta(days=20)).date()).id, NOW)
    marks = (Mark(ENTER, NOW + timedelta(days=2)),)
    receive_submission(store, SAM, *edit(visit, GOOD, marks=marks), NOW + timedelta(days=15))
    sent = store.visits.find(visit.id)
    assert (sent.visited_on, sent.flags) == ((NOW + timedelta(days=2)).date(), ())
