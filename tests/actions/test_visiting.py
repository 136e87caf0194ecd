"""What Sam does with a visit before it is sent, and what Otto may not."""

import hashlib
import io

import pytest
from PIL import Image

from audit.actions.submitting import receive_submission, save_draft
from audit.actions.visiting import (
    begin_visit,
    clear_mark,
    keep_photo,
    make_mark,
    stop_visit,
    unfinished,
)  # fmt: skip
from audit.domain.errors import InvalidPhoto, NotAllowed, NotFound, TooLate, TooMany
from audit.domain.visit import ENTER, Mark, Position, VisitState
from audit.storage.store import Store
from tests.cast import ADA, OTTO_SHOPPER, SAM
from tests.world import GOOD, NOW, assign, edit, minutes


def picture(shade: int = 90) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 120, 60)).save(file, "PNG")
    return file.getvalue()


def test_a_visit_begun_twice_is_one_draft(store: Store) -> None:
    assignment = assign(store)
    first = begin_visit(store, SAM, assignment.id, NOW)
    assert begin_visit(store, SAM, assignment.id, minutes(5)) == first
    assert first.state is VisitState.DRAFT


def test_otto_cannot_begin_or_touch_the_visit_of_sam(store: Store) -> None:
    assignment = assign(store)
    visit = begin_visit(store, SAM, assignment.id, NOW)
    submission, raw = edit(visit, GOOD)
    tries = [
        lambda: begin_visit(store, OTTO_SHOPPER, assignment.id, NOW),
        lambda: make_mark(store, OTTO_SHOPPER, visit.id, Mark(ENTER, NOW), NOW),
        lambda: clear_mark(store, OTTO_SHOPPER, visit.id, ENTER, NOW),
        lambda: keep_photo(store, OTTO_SHOPPER, visit.id, "shelf", picture(), NOW),
        lambda: stop_visit(store, OTTO_SHOPPER, visit.id, "", NOW),
        lambda: save_draft(store, OTTO_SHOPPER, submission, raw, NOW),
        lambda: receive_submission(store, OTTO_SHOPPER, submission, raw, NOW),
    ]
    for attempt in tries:
        with pytest.raises(NotFound):
            attempt()
    assert store.visits.find(visit.id) == visit


def test_the_office_makes_no_visits(store: Store) -> None:
    with pytest.raises(NotAllowed):
        begin_visit(store, ADA, assign(store).id, NOW)


def test_a_mark_keeps_its_first_moment_until_it_is_taken_back(store: Store) -> None:
    visit = begin_visit(store, SAM, assign(store).id, NOW)
    here = Position(47.37, 8.54, 25.0)
    make_mark(store, SAM, visit.id, Mark(ENTER, minutes(1), here), minutes(1))
    twice = make_mark(store, SAM, visit.id, Mark(ENTER, minutes(3)), minutes(3))
    assert twice.mark(ENTER) == Mark(ENTER, minutes(1), here)
    assert clear_mark(store, SAM, visit.id, ENTER, minutes(4)).mark(ENTER) is None
    assert make_mark(store, SAM, visit.id, Mark(ENTER, minutes(5)), minutes(5)).mark(ENTER) == Mark(ENTER, minutes(5))


def test_a_photo_sent_twice_is_one_photo(store: Store) -> None:
    visit = begin_visit(store, SAM, assign(store).id, NOW)
    name = keep_photo(store, SAM, visit.id, "shelf", picture(), NOW)
    assert name == hashlib.sha256(picture()).hexdigest()
    assert keep_photo(store, SAM, visit.id, "shelf", picture(), minutes(1)) == name
    assert store.visits.find(visit.id).photos == (name,)


def test_what_is_no_photo_is_refused_and_nothing_changes(store: Store) -> None:
    visit = begin_visit(store, SAM, assign(store).id, NOW)
    with pytest.raises(InvalidPhoto):
        keep_photo(store, SAM, visit.id, "shelf", b"<html>not a photo</html>", NOW)
    with pytest.raises(NotFound):
        keep_photo(store, SAM, visit.id, "no_such_question", picture(), NOW)
    assert store.visits.find(visit.id) == visit


def test_the_thirty_first_photo_is_refused(store: Store) -> None:
    visit = begin_visit(store, SAM, assign(store).id, NOW)
    for shade in range(30):
        keep_photo(store, SAM, visit.id, "greeted", picture(shade), NOW)
    with pytest.raises(TooMany):
        keep_photo(store, SAM, visit.id, "greeted", picture(31), NOW)
    keep_photo(store, SAM, visit.id, "greeted", picture(0), NOW)
    assert len(store.visits.find(visit.id).photos) == 30


def test_a_question_takes_no_more_photos_than_it_asks_for(store: Store) -> None:
    visit = begin_visit(store, SAM, assign(store).id, NOW)
    for shade in range(5):
        keep_photo(store, SAM, visit.id, "shelf", picture(shade), NOW)
    with pytest.raises(TooMany):
        keep_photo(store, SAM, visit.id, "shelf", picture(5), NOW)
    assert len(store.visits.find(visit.id).photos) == 5


def test_a_stopped_visit_is_never_scored_and_takes_nothing_more(store: Store) -> None:
    visit = begin_visit(store, SAM, assign(store).id, NOW)
    stopped = stop_visit(store, SAM, visit.id, "Somebody was upset.", minutes(2))
    assert stopped.state is VisitState.STOPPED
    assert store.scores.of(visit.id) is None
    with pytest.raises(TooLate):
        make_mark(store, SAM, visit.id, Mark(ENTER, NOW), NOW)
    with pytest.raises(TooLate):
        keep_photo(store, SAM, visit.id, "shelf", picture(), NOW)


def test_what_is_still_asked_for_is_said_in_the_order_of_the_checklist(store: Store) -> None:
    visit = begin_visit(store, SAM, assign(store).id, NOW)
    submission, raw = edit(visit, {"greeted": "no"})
    saved = save_draft(store, SAM, submission, raw, NOW)
    asked = [(gap.question_id, gap.what) for gap in unfinished(store, saved)]
    assert ("greeted", "comment") in asked
    assert ("by_name", "answer") not in asked, "hidden by the answer to the question before"
    order = list(store.checklists.find("welcome", 1).checklist.by_id)
    assert [id for id, _ in asked] == sorted((id for id, _ in asked), key=order.index)


def test_every_change_leaves_a_line_in_the_journal(store: Store) -> None:
    visit = begin_visit(store, SAM, assign(store).id, NOW)
    make_mark(store, SAM, visit.id, Mark(ENTER, NOW), NOW)
    keep_photo(store, SAM, visit.id, "shelf", picture(), NOW)
    stop_visit(store, SAM, visit.id, "Closed.", minutes(2))
    lines = [(line.who, line.what) for line in store.journal.of(visit.id)]
    assert lines == [
        (SAM.id, "visit.begun"),
        (SAM.id, "visit.marked"),
        (SAM.id, "visit.photo_kept"),
        (SAM.id, "visit.stopped"),
    ]
