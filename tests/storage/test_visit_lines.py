"""Lines of visits: every visit once, in the order of the page, whatever fits into one question."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from audit.domain.people import Person
from audit.domain.visit import Flag, Mark, VisitState
from audit.storage import visit_lines
from audit.storage.store import Store
from tests import cast
from tests.builders import build_score, build_visit, id_number
from tests.storage.conftest import NOW, begun, offer


@pytest.fixture
def filled(programme: Store) -> Store:
    """Seven visits, begun in this order: published, the second that waits, not begun, the first that waits, a test,
    stopped, and published elsewhere."""
    late, early = NOW + timedelta(hours=2), NOW + timedelta(hours=1)
    visits = [
        build_visit(1, flags=(Flag.LATE,)),
        build_visit(2, state=VisitState.SUBMITTED, submitted_at=late),
        build_visit(4, state=VisitState.SUBMITTED, submitted_at=early),
        build_visit(5, test=True),
        build_visit(6, state=VisitState.STOPPED, visited_on=None),
        build_visit(7, branch_code="S01"),
    ]
    with programme.transaction():
        begun(programme, 3)
        for number, visit in enumerate(visits):
            programme.assignments.save(replace(offer(100 + number), id=visit.assignment_id))
            programme.visits.save(replace(visit, shopper_id=cast.SAM.id))
        programme.scores.save(visits[0].id, build_score(visits[0]))
    return programme


@pytest.mark.parametrize("at_once", [1, 2, 3, 100])
def test_every_visit_stands_there_once_what_waits_longest_first(
    filled: Store, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(visit_lines, "AT_ONCE", at_once)
    pages = list(filled.visit_lines.in_pages())
    assert [line.id for page in pages for line in page] == [id_number(n) for n in (4, 2, 7, 6, 5, 3, 1)]
    assert max(map(len, pages)) <= at_once


def test_a_line_says_what_the_visit_says(filled: Store) -> None:
    lines = {line.id: line for page in filled.visit_lines.in_pages() for line in page}
    for visit in filled.visits.latest(10):
        line = lines[visit.id]
        for name in ("branch_code", "shopper_id", "visited_on", "state", "untouched", "flags", "test"):
            assert getattr(line, name) == getattr(visit, name)
    shown = {id: line.shown for id, line in lines.items() if line.shown is not None}
    assert shown == filled.scores.shown_of(list(lines))


def test_a_draft_with_a_mark_was_begun(programme: Store) -> None:
    with programme.transaction():
        visit = begun(programme, 1)
        programme.visits.save(replace(visit, marks=(Mark("enter", NOW),)))
    ((line,),) = programme.visit_lines.in_pages()
    assert not line.untouched


SEEN = [(cast.AMIR, {1}), (cast.BEA, {1}), (cast.OTTO_AREA, {7}), (cast.ADA, set(range(1, 8)))]


@pytest.mark.parametrize(("person", "seen"), SEEN)
def test_nobody_finds_a_line_of_a_visit_that_is_not_theirs(filled: Store, person: Person, seen: set[int]) -> None:
    found = {line.id for page in filled.visit_lines.visible_to(person).in_pages() for line in page}
    assert found == {id_number(n) for n in seen}


def test_a_branch_was_visited_by_what_is_published_and_no_test(filled: Store) -> None:
    day = date(2026, 11, 12)
    assert filled.visit_lines.visited_branches(day, day) == {"N01", "S01"}
    assert filled.visit_lines.visited_branches(day + timedelta(days=1), day + timedelta(days=9)) == set()
    with filled.transaction():
        for number in (1, 7):
            filled.visits.save(replace(filled.visits.find(id_number(number)), test=True))
    assert filled.visit_lines.visited_branches(day, day) == set()


def test_the_day_of_a_visit_is_that_on_which_it_was_begun_until_it_has_another(filled: Store) -> None:
    days = filled.visit_lines.days_of([id_number(n) for n in (1, 3, 999)])
    assert days == {id_number(1): date(2026, 11, 12), id_number(3): NOW.date()}
