"""The programme office corrects an answer: once, in the open, and no phone undoes it."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import pytest

from audit.actions.correcting import Wish, correct_answer, find_correctable, mark_of
from audit.actions.measuring import measure_period
from audit.actions.merging import other_versions
from audit.actions.publishing import publish_visit
from audit.actions.reporting import read_visit_report
from audit.actions.sending_photos import take_photo
from audit.actions.submitting import receive_submission, save_draft
from audit.actions.visiting import begin_visit
from audit.domain.checklist.model import Answer
from audit.domain.correction import Correction
from audit.domain.errors import InvalidAnswer, InvalidField, NotAllowed, NotFound, Overtaken, TooLate
from audit.domain.people import Person
from audit.domain.visit import Flag, Visit, VisitState
from audit.reports.period import quarter_of
from audit.storage.store import Store
from tests import cast
from tests.intake.photo_samples import encoded, street_front
from tests.world import GOOD, NOW, assign, edit, minutes

WHY = "The till’s own record says otherwise."
COLD: Mapping[str, object] = {**GOOD, "greeted": {"value": "no", "comment": "Maria looked away.", "facts": ["busy"]}}


def sent(store: Store, answers: Mapping[str, object] = COLD) -> Visit:
    visit = begin_visit(store, cast.SAM, assign(store).id, NOW)
    receive_submission(store, cast.SAM, *edit(visit, answers, device="phone"), minutes(30))
    return store.visits.find(visit.id)


def published(store: Store, answers: Mapping[str, object] = COLD) -> Visit:
    return publish_visit(store, cast.ADA, sent(store, answers).id, minutes(40))


def correct(
    store: Store, visit: Visit, question: str, value: object, reason: str = WHY, *, comment: str = "", at: int = 50
) -> Correction:
    answer = {"value": value, "comment": comment}
    return correct_answer(store, cast.ADA, visit.id, question, Wish(answer, reason), minutes(at))


def orders(store: Store) -> dict[tuple[str, str], datetime]:
    return {
        (row["what"], row["subject"]): row["due_at"]
        for row in store.connections.rows("select what, subject, due_at from report_order where state = 'waiting'")
    }


def test_a_correction_changes_answer_and_score_and_keeps_what_stood_there(store: Store) -> None:
    visit = published(store)
    before = store.scores.of(visit.id)
    correction = correct(store, visit, "greeted", "yes")
    after = store.scores.of(visit.id)
    assert before is not None
    assert after is not None
    assert (before.shown, after.shown) == (correction.score_before.shown, correction.score_after.shown) == (57, 100)
    assert correction.score_before.official == before.official
    assert store.visits.find(visit.id).answers["greeted"] == Answer("yes")
    assert correction.before == Answer("no", "Maria looked away.", ("busy",))
    assert (correction.reason, correction.who, correction.at) == (WHY, cast.ADA.id, minutes(50))
    assert store.corrections.of_visit(visit.id) == (correction,)


def test_what_the_phone_sent_stays_as_it_was_received(store: Store) -> None:
    visit = published(store)
    message = store.submissions.of_visit(visit.id)[0]
    raw, answers = store.submissions.raw(message.msg_id), store.submissions.answers_at(message.msg_id, visit.id)
    correct(store, visit, "greeted", "yes")
    assert store.submissions.of_visit(visit.id) == [message]
    assert store.submissions.raw(message.msg_id) == raw
    assert store.submissions.answers_at(message.msg_id, visit.id) == answers


def test_the_journal_tells_old_new_and_why_but_no_words_of_the_shopper(store: Store) -> None:
    visit = published(store)
    correct(store, visit, "greeted", "yes")
    line = store.journal.of(visit.id)[-1]
    assert (line.who, line.what, line.why) == (cast.ADA.id, "visit.corrected", WHY)
    assert line.before == {"question": "greeted", "answer": {"value": "no", "facts": ["busy"]}, "score": 57}
    assert line.after == {"question": "greeted", "answer": {"value": "yes"}, "score": 100}


def test_two_taps_correct_once(store: Store) -> None:
    visit = published(store)
    assert correct(store, visit, "till", "no", at=50) == correct(store, visit, "till", "no", at=51)
    assert len(store.corrections.of_visit(visit.id)) == 1
    assert [line.what for line in store.journal.of(visit.id)].count("visit.corrected") == 1


def test_whoever_read_an_answer_that_was_corrected_meanwhile_changes_nothing_until_they_have_read_the_new_one(
    store: Store,
) -> None:
    visit = published(store)
    read = mark_of(visit, "till")
    first = correct(store, visit, "till", "no")
    for comment in ("The other till.", ""):
        wish = Wish({"value": "no", "comment": comment}, "The till was closed.", read)
        with pytest.raises(Overtaken, match="changed while you were writing") as refusal:
            correct_answer(store, cast.ADA, visit.id, "till", wish, minutes(51))
        assert refusal.value.place == "till"
    assert store.corrections.of_visit(visit.id) == (first,)
    wish = replace(wish, answer={"value": "yes"}, seen=mark_of(store.visits.find(visit.id), "till"))
    second = correct_answer(store, cast.ADA, visit.id, "till", wish, minutes(52))
    assert (second.before.value, second.after.value) == ("no", "yes")


def test_a_second_tap_is_no_second_correction_though_it_read_the_answer_of_before(store: Store) -> None:
    visit = published(store)
    wish = Wish({"value": "no"}, WHY, mark_of(visit, "till"))
    first = correct_answer(store, cast.ADA, visit.id, "till", wish, minutes(50))
    assert correct_answer(store, cast.ADA, visit.id, "till", wish, minutes(51)) == first


def test_another_answer_that_was_corrected_meanwhile_keeps_nobody_from_correcting_this_one(store: Store) -> None:
    visit = published(store)
    wish = Wish({"value": "no"}, WHY, mark_of(visit, "till"))
    correct(store, visit, "greeted", "yes")
    correct_answer(store, cast.ADA, visit.id, "till", wish, minutes(51))
    assert len(store.corrections.of_visit(visit.id)) == 2


def test_what_stands_there_already_is_no_correction(store: Store) -> None:
    visit = published(store)
    with pytest.raises(InvalidAnswer, match="stands there already") as refusal:
        correct(store, visit, "till", "yes")
    assert refusal.value.place == "till"
    correct(store, visit, "till", "no")
    with pytest.raises(InvalidAnswer, match="stands there already"):
        correct(store, visit, "till", "no", "Another reason for the same.")


def test_nothing_is_kept_of_a_correction_that_is_refused(store: Store) -> None:
    visit = published(store)
    for question, value, reason, kind in (
        ("greeted", "perhaps", WHY, InvalidAnswer),
        ("by_name", "yes", WHY, InvalidAnswer),
        ("unheard", "yes", WHY, NotFound),
        ("greeted", "yes", " ", InvalidField),
    ):
        with pytest.raises(kind):
            correct(store, visit, question, value, reason)
    assert store.corrections.of_visit(visit.id) == ()
    assert store.visits.find(visit.id) == visit


@pytest.mark.parametrize("person", [cast.RITA, cast.AMIR, cast.BEA, cast.SAM], ids=lambda person: person.role.value)
def test_nobody_but_the_programme_office_corrects(store: Store, person: Person) -> None:
    visit = published(store)
    with pytest.raises(NotAllowed):
        correct_answer(store, person, visit.id, "till", Wish({"value": "no"}, WHY), minutes(50))
    with pytest.raises(NotAllowed):
        find_correctable(store, person, visit.id, "till")


def test_a_draft_is_not_corrected_and_a_sent_visit_is_before_anybody_reads_it(store: Store) -> None:
    draft = begin_visit(store, cast.SAM, assign(store).id, NOW)
    with pytest.raises(TooLate):
        correct(store, draft, "till", "no")
    visit = sent(store)
    assert correct(store, visit, "till", "no").score_after.shown == 43
    assert orders(store) == {}
    assert publish_visit(store, cast.ADA, visit.id, minutes(60)).state is VisitState.PUBLISHED
    report = read_visit_report(store, cast.BEA, visit.id)
    assert [line.reason for line in report.corrected or ()] == [WHY]


def test_reports_and_figures_of_a_published_visit_follow(store: Store) -> None:
    visit = published(store)
    period = quarter_of(NOW.date())
    figure = measure_period(store, period)["welcome"].areas[0].branches[0].mean
    with store.transaction():
        store.connections.change("delete from report_order")
    correct(store, visit, "greeted", "yes")
    assert set(orders(store)) == {("branch", "N01"), ("area", "NORTH"), ("programme", "")}
    assert measure_period(store, period)["welcome"].areas[0].branches[0].mean > figure


def test_a_corrected_visit_is_counted_once_and_with_what_holds_now(store: Store) -> None:
    visit = published(store)
    for question, value in (("greeted", "yes"), ("till", "no"), ("till", "yes")):
        correct(store, visit, question, value)
    found = measure_period(store, quarter_of(NOW.date()))["welcome"]
    score = store.scores.of(visit.id)
    assert found.whole
    assert score
    assert (found.whole.visits, [each.visits for each in found.areas[0].branches]) == (1, [1])
    assert found.whole.mean == score.base == 100
    figures = store.scores.of_branches(["N01"], NOW.date(), NOW.date())["N01"]
    assert [each.base for each in figures] == [100]


AFTERWARDS = {
    "the same once more from another page": COLD,
    "an earlier draft that dawdled": {"greeted": "no"},
    "another answer to the corrected question": {**COLD, "greeted": "not_applicable"},
    "nothing at all": {},
}


@pytest.mark.parametrize("said", AFTERWARDS)
@pytest.mark.parametrize("finished", [True, False], ids=["finished", "draft"])
@pytest.mark.parametrize("device", ["phone", "tablet"])
def test_no_message_that_comes_late_undoes_a_correction(store: Store, said: str, finished: bool, device: str) -> None:
    visit = sent(store)
    correct(store, visit, "greeted", "yes")
    before = store.visits.find(visit.id)
    submission, raw = edit(visit, AFTERWARDS[said], 2, device=device, n=3, base=visit.head)
    if finished:
        receive_submission(store, cast.SAM, submission, raw, minutes(60))
    else:
        with pytest.raises(TooLate):
            save_draft(store, cast.SAM, submission, raw, minutes(60))
    after = store.visits.find(visit.id)
    assert (after.answers, after.odd, after.head) == (before.answers, before.odd, before.head)
    assert Flag.CORRECTED in after.flags


def test_a_phone_that_repeats_what_it_had_sent_is_no_other_version(store: Store) -> None:
    visit = sent(store)
    correct(store, visit, "greeted", "yes")
    message = edit(visit, COLD, 2, device="phone", n=3, base=visit.head)
    with pytest.raises(TooLate):
        save_draft(store, cast.SAM, *message, minutes(60))
    after = store.visits.find(visit.id)
    assert Flag.OTHER_VERSION not in after.flags
    assert other_versions(store, after) == []


def test_a_returned_visit_that_was_corrected_stays_so_when_it_comes_back(store: Store) -> None:
    visit = sent(store)
    correct(store, visit, "greeted", "yes")
    with store.transaction():
        store.visits.save(replace(store.visits.find(visit.id), state=VisitState.RETURNED))
    again = edit(visit, {**COLD, "listened": "no"}, 2, device="phone", n=3, base=visit.head)
    receive_submission(store, cast.SAM, *again, minutes(60))
    after = store.visits.find(visit.id)
    assert (after.answers["greeted"].value, after.answers["listened"].value) == ("yes", "no")
    assert Flag.CORRECTED in after.flags


def test_a_photo_that_comes_late_joins_the_corrected_answer(store: Store) -> None:
    raw = encoded(street_front(), "JPEG")
    sha = hashlib.sha256(raw).hexdigest()
    visit = sent(store, {**COLD, "shelf": {"photos": [sha]}})
    correct(store, visit, "greeted", "yes")
    take_photo(store, cast.SAM, visit.id, sha, raw, minutes(60))
    after = store.visits.find(visit.id)
    assert (after.answers["greeted"], after.photos) == (Answer("yes"), (sha,))
    assert Flag.PHOTOS_MISSING not in after.flags
