"""A visit and its states: what may follow what, and what never changes any more."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from audit.domain.checklist.model import Answer
from audit.domain.errors import TooLate
from audit.domain.visit import ENTER, LEAVE, Flag, Mark, Visit, VisitState, begin
from tests.builders import id_number
from tests.domain.checklist.small import asked, read, tree_with
from tests.domain.offers import an_assignment

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=20)
DAY = date(2026, 11, 12)
OPEN = {VisitState.DRAFT, VisitState.RETURNED}


def a_visit(state: VisitState = VisitState.DRAFT) -> Visit:
    return replace(begin(id_number(1), an_assignment(), NOON), state=state)


WRITING = {
    "marked": lambda visit: visit.marked(Mark(ENTER, NOON)),
    "unmarked": lambda visit: visit.unmarked(ENTER),
    "with_answers": lambda visit: visit.with_answers({"greeted": Answer("yes")}, {}, id_number(2)),
    "with_photo": lambda visit: visit.with_photo("shelf", "a" * 64),
    "submitted": lambda visit: visit.submitted(LATER, DAY, ()),
    "stopped": lambda visit: visit.stopped("", LATER),
}


@pytest.mark.parametrize("state", VisitState)
@pytest.mark.parametrize("change", WRITING)
def test_only_a_draft_or_a_returned_visit_can_be_written_in(state: VisitState, change: str) -> None:
    visit = a_visit(state)
    assert visit.open == (state in OPEN)
    if state in OPEN:
        WRITING[change](visit)
    else:
        with pytest.raises(TooLate):
            WRITING[change](visit)


@pytest.mark.parametrize("state", VisitState)
def test_only_what_was_sent_and_not_yet_published_can_be_published(state: VisitState) -> None:
    if state in (VisitState.SUBMITTED, VisitState.APPROVED):
        published = a_visit(state).published(LATER)
        assert (published.state, published.published_at) == (VisitState.PUBLISHED, LATER)
    else:
        with pytest.raises(TooLate):
            a_visit(state).published(LATER)


def test_a_visit_is_bound_to_the_assignment_it_was_begun_for() -> None:
    visit, assignment = a_visit(), an_assignment()
    assert (visit.checklist_id, visit.version, visit.branch_code) == ("welcome", 1, "N01")
    assert (visit.assignment_id, visit.shopper_id, visit.test) == (assignment.id, assignment.shopper_id, False)


def test_nothing_is_begun_for_a_cancelled_assignment() -> None:
    with pytest.raises(TooLate):
        begin(id_number(1), an_assignment().cancelled(NOON), NOON)


def test_the_delay_runs_from_leaving_to_sending_and_is_unknown_without_a_leave_mark() -> None:
    assert a_visit().submitted(LATER, DAY, ()).delay is None
    assert a_visit().marked(Mark(LEAVE, NOON)).submitted(LATER, DAY, ()).delay == timedelta(minutes=20)


def test_a_mark_made_twice_keeps_its_first_moment_until_it_is_taken_back() -> None:
    first, second = Mark(ENTER, NOON), Mark(ENTER, LATER)
    assert a_visit().marked(first).marked(second).marks == (first,)
    assert a_visit().marked(first).unmarked(ENTER).marked(second).marks == (second,)


@pytest.mark.parametrize("off", [timedelta(0), timedelta(days=1)])
def test_an_entry_is_believed_from_a_clock_that_is_right_to_a_day(off: timedelta) -> None:
    began, arrived = NOON, LATER
    a_moment = timedelta(seconds=1)
    for at in (began - off, arrived + off):
        assert a_visit().marked(Mark(ENTER, at)).entered_at(arrived) == at
    for at in (began - timedelta(days=1) - a_moment, arrived + timedelta(days=1) + a_moment):
        assert a_visit().marked(Mark(ENTER, at)).entered_at(arrived) is None
    assert a_visit().entered_at(arrived) is None


def test_outside_the_office_nobody_sees_the_photos_of_a_question_for_the_office() -> None:
    shelf, receipt = (asked(id, "photo", for_office=id == "receipt") for id in ("shelf", "receipt"))
    visit = a_visit().with_photo("shelf", "a" * 64).with_photo("receipt", "b" * 64)
    assert visit.photos == ("a" * 64, "b" * 64)
    assert visit.photos_outside_office(read(tree_with(shelf, receipt))) == ("a" * 64,)


def test_a_flag_is_carried_once() -> None:
    sent = a_visit().submitted(LATER, DAY, (Flag.LATE, Flag.LATE))
    assert sent.flags == (Flag.LATE,)
    assert sent.flagged(Flag.LATE) is sent
    assert sent.flagged(Flag.SECOND_SUBMISSION).flags == (Flag.LATE, Flag.SECOND_SUBMISSION)


def test_a_photo_stands_once_at_a_question_and_once_among_the_photos() -> None:
    visit = a_visit().with_photo("shelf", "a" * 64).with_photo("shelf", "a" * 64).with_photo("till", "a" * 64)
    assert visit.answers["shelf"].photos == ("a" * 64,)
    assert visit.photos == ("a" * 64,)


def test_a_draft_is_untouched_until_something_is_answered_or_marked() -> None:
    assert a_visit().untouched
    assert not a_visit().marked(Mark(ENTER, NOON)).untouched
    assert not a_visit().with_answers({"greeted": Answer("yes")}, {}, id_number(2)).untouched
    assert not a_visit().with_answers({}, {"greeted": "perhaps"}, id_number(2)).untouched
    assert not a_visit(VisitState.STOPPED).untouched
