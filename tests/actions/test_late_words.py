"""Words that come late, twice, or from beside: who is told, what is flagged, and what the office reads of them."""

from __future__ import annotations

import pytest

from audit.actions.merging import is_all_that_stands, other_versions
from audit.actions.submitting import receipt_of, receive_many, receive_submission, save_draft, stored_receipt
from audit.actions.visiting import begin_visit
from audit.domain.errors import Conflict, NotFound, TooLate
from audit.domain.submission import Submission
from audit.domain.visit import Flag, Visit
from audit.storage.store import Store
from tests.cast import SAM
from tests.world import GOOD, NOW, assign, edit, minutes

PAGE = "page-of-sam"
ELSE = {**GOOD, "till": "no"}


@pytest.fixture
def visit(store: Store) -> Visit:
    return begin_visit(store, SAM, assign(store).id, NOW)


def said(visit: Visit, answers: dict[str, object], number: int, **changes: object) -> tuple[Submission, bytes]:
    """A message of one phone, which counts its messages."""
    return edit(visit, answers, number, **{"device": "phone-1", "n": number, **changes})


def test_only_a_word_newer_than_all_that_came_is_told_that_it_is_too_late(store: Store, visit: Visit) -> None:
    receive_submission(store, SAM, *said(visit, GOOD, 5), NOW)
    for n in (4, 5):
        assert not save_draft(store, SAM, *said(visit, ELSE, n + 10, n=n), minutes(1)).open
    with pytest.raises(TooLate):
        save_draft(store, SAM, *said(visit, ELSE, 6), minutes(1))


def test_a_newer_word_after_the_visit_was_sent_is_flagged_and_an_older_one_is_not(store: Store, visit: Visit) -> None:
    receive_submission(store, SAM, *said(visit, GOOD, 5), NOW)
    save_draft(store, SAM, *said(visit, ELSE, 4), minutes(1))
    assert Flag.OTHER_VERSION not in store.visits.find(visit.id).flags
    with pytest.raises(TooLate):
        save_draft(store, SAM, *said(visit, ELSE, 6), minutes(2))
    assert Flag.OTHER_VERSION in store.visits.find(visit.id).flags


def test_a_finished_visit_that_came_second_has_a_receipt_as_well(store: Store, visit: Visit) -> None:
    receive_submission(store, SAM, *said(visit, GOOD, 1), NOW)
    second, raw = said(visit, ELSE, 2)
    given = receive_submission(store, SAM, second, raw, minutes(1))
    assert stored_receipt(store, SAM, second.msg_id) == given


def test_no_receipt_is_that_of_another_visit(store: Store, visit: Visit) -> None:
    other = begin_visit(store, SAM, assign(store).id, NOW)
    message, raw = said(other, GOOD, 1)
    receive_submission(store, SAM, message, raw, NOW)
    with pytest.raises(NotFound):
        receipt_of(store, visit, message.msg_id)


def test_a_photo_that_only_the_envelope_names_is_missing_until_it_is_there(store: Store, visit: Visit) -> None:
    receipt = receive_submission(store, SAM, *said(visit, GOOD, 1, photos=("a" * 64,)), NOW)
    assert receipt.missing_photos == ("a" * 64,)
    assert Flag.PHOTOS_MISSING in store.visits.find(visit.id).flags


def test_the_same_version_of_another_checklist_is_another_version(store: Store, visit: Visit) -> None:
    receive_submission(store, SAM, *said(visit, GOOD, 1, checklist="another"), NOW)
    assert Flag.OLD_VERSION in store.visits.find(visit.id).flags


def test_of_many_sent_at_once_one_that_conflicts_is_kept_for_the_office(store: Store, visit: Visit) -> None:
    first, conflicting = said(visit, GOOD, 1), said(visit, ELSE, 1)
    answers = receive_many(store, SAM, [first, conflicting], NOW)
    assert isinstance(answers[1], Conflict)
    assert [raw for raw, _ in store.submissions.conflicting_bytes_of(visit.id)] == [conflicting[1]]


def test_of_two_tabs_of_one_browser_the_later_word_stands_though_it_had_not_seen_the_other(
    store: Store, visit: Visit
) -> None:
    save_draft(store, SAM, *edit(visit, {"till": "yes"}, 1, device=PAGE, n=7), NOW)
    for number, n in ((2, 8), (3, 8)):  # the third was served in the same millisecond as the second
        word = "no" if number == 2 else "yes"
        save_draft(store, SAM, *edit(visit, {"till": word}, number, device=PAGE, n=n), NOW)
        after = store.visits.find(visit.id)
        assert (after.answers["till"].value, after.flags) == (word, ())


def test_what_a_message_leaves_open_is_nothing_that_it_says_besides(store: Store, visit: Visit) -> None:
    receive_submission(store, SAM, *said(visit, GOOD, 1), NOW)
    sent = store.visits.find(visit.id)
    assert is_all_that_stands(store, sent, said(visit, {**GOOD, "comment": None}, 2)[0])
    assert not is_all_that_stands(store, sent, said(visit, {**GOOD, "till": None}, 2)[0])


def test_another_version_is_told_by_what_it_says_and_not_by_what_it_leaves_open(store: Store, visit: Visit) -> None:
    receive_submission(store, SAM, *said(visit, GOOD, 1), NOW)
    receive_submission(store, SAM, *said(visit, {**ELSE, "greeted": None}, 2), minutes(1))
    (version,) = other_versions(store, store.visits.find(visit.id))
    assert (version.why, list(version.words)) == ("second", ["till"])
