"""What is put on a shelf comes back as it was, and each person finds only what is theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.domain.checklist.model import Answer
from audit.domain.errors import Conflict, NotFound
from audit.domain.people import Person
from audit.domain.programme import Branch
from audit.domain.visit import Flag, Mark, Position, Visit, VisitState
from audit.storage.connections import sqlite3
from audit.storage.identifiers import new_id
from audit.storage.shelf import many
from audit.storage.store import Store
from audit.storage.visits import answers_text
from tests import cast
from tests.builders import build_score, build_visit, id_number
from tests.storage.conftest import NOW, begun, message, offer, publish
from tests.storage.threads import together


@contextmanager
def undone(store: Store) -> Iterator[None]:
    """A transaction of which nothing stays."""
    try:
        with store.transaction():
            yield
            raise InterruptedError
    except InterruptedError:
        pass


def test_ids_sort_by_the_moment_they_were_made() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(set(ids))


def test_programme_areas_branches_and_people_come_back_as_they_were(programme: Store) -> None:
    far = Branch("0042", "Ünï ‘x’", None, "A; B", "C", "Asia/Tokyo", {"kind": "kiosk"}, date(2026, 1, 5))
    with programme.transaction():
        programme.branches.save(far)
    assert programme.programme.find() == cast.PROGRAMME
    assert programme.areas.list_all() == [cast.NORTH, cast.SOUTH]
    assert programme.branches.find("0042") == far
    assert programme.branches.of_area("NORTH") == [cast.N01, cast.N02]
    assert programme.branches.of_area(None) == [far]
    assert set(programme.people.list_all()) == set(cast.EVERYBODY)


def test_more_can_be_looked_for_than_the_database_takes_in_one_question(programme: Store) -> None:
    strangers = [f"X{number}" for number in range(250_001)]
    with pytest.raises(sqlite3.OperationalError, match="too many SQL variables"):
        programme.connections.rows(f"select 1 where 'X' in ({many(strangers)})", strangers)
    assert programme.branches.find_many(["N01", *strangers, "S01", "N01"]) == {"N01": cast.N01, "S01": cast.S01}


def test_an_address_belongs_to_one_person_however_it_is_written(programme: Store) -> None:
    assert programme.people.by_email(" ADA@Example.org ") == cast.ADA
    with pytest.raises(Conflict), programme.transaction():
        programme.people.save(replace(cast.RITA, email="Ada@EXAMPLE.org"))


def test_a_branch_of_no_known_area_is_refused(programme: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError), programme.transaction():
        programme.branches.save(Branch("X", "Nowhere", "NO-SUCH-AREA"))


def test_a_checklist_published_twice_keeps_its_version_and_a_changed_one_gets_the_next(programme: Store) -> None:
    with programme.transaction():
        assert publish(programme) == 1
        assert publish(programme, title="A better welcome") == 2
        assert publish(programme) == 1
    assert programme.checklists.find("welcome", 1).checklist.title.in_language("en") == "A good welcome"
    assert programme.checklists.latest("welcome").version == 2
    assert [published.version for published in programme.checklists.list_latest()] == [2]
    assert [published.version for published in programme.checklists.versions_of("welcome")] == [2, 1]
    assert programme.checklists.source("welcome", 1) == "the file"


def test_a_version_that_was_rolled_back_is_not_remembered(programme: Store) -> None:
    with undone(programme):
        publish(programme, title="Never published")
        assert programme.checklists.find("welcome", 2).checklist.title.in_language("en") == "Never published"
    with programme.transaction():
        publish(programme, title="Published")
    assert programme.checklists.find("welcome", 2).checklist.title.in_language("en") == "Published"


def test_a_published_checklist_is_read_once(programme: Store) -> None:
    first = programme.checklists.find("welcome", 1).checklist
    assert programme.checklists.find("welcome", 1).checklist is first


@pytest.mark.parametrize("change", ["update checklist_version set tree = '{}'", "delete from checklist_version"])
def test_a_published_checklist_is_frozen(programme: Store, change: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="frozen"), programme.transaction():
        programme.connections.change(change)


@pytest.mark.parametrize(
    "change", ["update journal set why = 'x'", "update journal set after = '1'", "delete from journal"]
)
def test_the_journal_is_append_only(programme: Store, change: str) -> None:
    with programme.transaction():
        programme.journal.write(cast.ADA.id, "branch.saved", "N01", NOW, before={"name": "a"}, after={"name": "b"})
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), programme.transaction():
        programme.connections.change(change)
    assert [(line.what, line.before, line.after) for line in programme.journal.of("N01")] == [
        ("branch.saved", {"name": "a"}, {"name": "b"})
    ]


def test_a_clock_that_was_set_back_goes_no_further_back_than_the_journal(programme: Store) -> None:
    assert programme.journal.not_before(NOW) == NOW
    with programme.transaction():
        programme.journal.write("system", "visit.begun", "1", NOW)
    assert programme.journal.not_before(NOW - timedelta(days=40)) == NOW
    assert programme.journal.not_before(NOW + timedelta(days=1)) == NOW + timedelta(days=1)


def test_an_assignment_comes_back_as_it_was(programme: Store) -> None:
    assignment = replace(
        offer(1),
        scenario="wrong-bill",
        not_before=date(2026, 11, 20),
        hours="between 11 and 14",
        spending_limit=Fraction(25, 3),
        note="Ask for the manager.",
        cancelled_at=NOW,
        test=True,
    )
    with programme.transaction():
        programme.assignments.save(assignment)
    assert programme.assignments.find(assignment.id) == assignment


def test_an_assignment_is_open_until_its_visit_is_sent(programme: Store) -> None:
    with programme.transaction():
        visit = begun(programme, 1)
        programme.assignments.save(replace(offer(2), cancelled_at=NOW))
    assert [assignment.id for assignment in programme.assignments.list_open()] == [visit.assignment_id]
    with programme.transaction():
        programme.visits.save(visit.submitted(NOW, NOW.date(), []))
    assert programme.assignments.list_open() == []


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ids = st.from_regex("[a-z]{1,8}", fullmatch=True)
values = st.one_of(st.none(), words, st.integers(0, 10**6), st.lists(ids).map(tuple), st.dictionaries(ids, ids))
shas = st.integers(0, 2**256 - 1).map(lambda n: f"{n:064x}")
answer = st.builds(Answer, values, words, st.lists(ids).map(tuple), st.lists(shas, max_size=2).map(tuple))
moments = st.datetimes(timezones=st.just(UTC))
degrees = st.floats(-90, 90)
marks = st.builds(Mark, ids, moments, st.none() | st.builds(Position, degrees, degrees, st.floats(0, 1e4)), words)
visits = st.builds(
    lambda **fields: build_visit(1, **fields),
    answers=st.dictionaries(ids, answer, max_size=4),
    odd=st.dictionaries(ids, st.recursive(words | st.integers(0, 9) | st.booleans(), st.lists), max_size=2),
    marks=st.lists(marks, max_size=3).map(tuple),
    state=st.sampled_from(VisitState),
    submitted_at=st.none() | moments,
    visited_on=st.none() | st.dates(),
    stopped_reason=words,
    flags=st.lists(st.sampled_from(Flag), unique=True).map(tuple),
    head=st.none() | st.just(id_number(7)),
    test=st.booleans(),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(visit=visits)
def test_any_visit_comes_back_as_it_was(programme: Store, visit: Visit) -> None:
    with undone(programme):
        programme.assignments.save(offer(1))
        programme.visits.save(replace(visit, answers={}, marks=()))
        programme.visits.save(visit)
        found = programme.visits.find(visit.id)
        assert found == visit


def test_a_score_comes_back_exact(programme: Store) -> None:
    visit = build_visit(1)
    score = build_score(visit)
    with programme.transaction():
        begun(programme, 1)
        programme.scores.save(visit.id, score)
    assert programme.scores.of(visit.id) == score
    assert programme.scores.of(id_number(2)) is None


def published(store: Store, n: int, branch_code: str, **changes: object) -> Visit:
    begun(store, n, branch_code)
    visit = build_visit(n, branch_code=branch_code, **changes)
    store.visits.save(visit)
    store.scores.save(visit.id, build_score(visit))
    return visit


def test_figures_are_of_published_visits_in_the_period_and_never_of_test_visits(programme: Store) -> None:
    day = date(2026, 11, 12)
    with programme.transaction():
        first = published(programme, 1, "N01")
        published(programme, 2, "N01", test=True)
        published(programme, 3, "N01", state=VisitState.SUBMITTED)
        published(programme, 4, "N01", visited_on=day - timedelta(days=1))
        published(programme, 5, "S01")
    figures = programme.scores.of_branches(["N01", "N02"], day, day)
    assert figures["N02"] == []
    assert [(figure.visit_id, figure.base, figure.visited_on) for figure in figures["N01"]] == [
        (first.id, Fraction(100), day)
    ]
    assert [visit.id for visit in programme.visits.of_branch("N01", day, day)] == [first.id]


def test_the_latest_visits_come_page_by_page(programme: Store) -> None:
    with programme.transaction():
        for n in range(1, 6):
            begun(programme, n)
    first = programme.visits.latest(2)
    second = programme.visits.latest(2, after=first[-1].id)
    assert [visit.id for visit in first + second] == [id_number(n) for n in (5, 4, 3, 2)]
    assert programme.visits.latest(9, states=[VisitState.PUBLISHED]) == []


SEES = {
    cast.ADA: {"own draft", "own published", "other branch", "other area", "test"},
    cast.RITA: {"own draft", "own published", "other branch", "other area", "test"},
    cast.AMIR: {"own published", "other branch"},
    cast.BEA: {"own published"},
    cast.SAM: {"own draft", "own published", "other branch", "test"},
    cast.OTTO_AREA: {"other area"},
    cast.OTTO_BRANCH: {"other area"},
    cast.OTTO_SHOPPER: {"other area"},
}


@pytest.mark.parametrize("person", cast.EVERYBODY, ids=lambda person: f"{person.name} {person.role}")
def test_each_person_sees_their_own_visits_and_a_stranger_none(programme: Store, person: Person) -> None:
    with programme.transaction():
        begun(programme, 1)
        published(programme, 2, "N01")
        published(programme, 3, "N02")
        begun(programme, 4, "S01", cast.OTTO_SHOPPER.id)
        programme.visits.save(build_visit(4, branch_code="S01", shopper_id=cast.OTTO_SHOPPER.id))
        published(programme, 5, "N01", test=True)
    names = dict(
        zip(
            map(id_number, range(1, 6)),
            ("own draft", "own published", "other branch", "other area", "test"),
            strict=True,
        )
    )
    shelf = programme.visits.visible_to(person)
    assert {names[visit.id] for visit in shelf.latest(10)} == SEES[person]
    for id, name in names.items():
        if name in SEES[person]:
            assert shelf.find(id).id == id
        else:
            with pytest.raises(NotFound) as unseen:
                shelf.find(id)
            with pytest.raises(NotFound) as missing:
                shelf.find(id_number(99))
            assert str(unseen.value) == str(missing.value)


def test_nobody_but_the_office_and_the_shopper_sees_an_assignment(programme: Store) -> None:
    with programme.transaction():
        begun(programme, 1)
    seen = {person.name: len(programme.assignments.visible_to(person).list_all()) for person in cast.EVERYBODY[:5]}
    assert seen == {"Ada Berger": 1, "Rita Moor": 1, "Amir Nasser": 0, "Bea Lind": 0, "Samuel Whitaker": 1}
    assert programme.assignments.visible_to(cast.OTTO_SHOPPER).list_all() == []


def test_branches_and_areas_are_seen_by_whom_they_concern(programme: Store) -> None:
    with programme.transaction():
        begun(programme, 1)

    def codes(person: Person) -> str:
        return " ".join(branch.code for branch in programme.branches.visible_to(person).list_all())

    everybody = (cast.ADA, cast.AMIR, cast.BEA, cast.SAM, cast.OTTO_SHOPPER)
    assert [codes(person) for person in everybody] == ["N01 N02 S01", "N01 N02", "N01", "N01", ""]
    areas = [[area.code for area in programme.areas.visible_to(person).list_all()] for person in everybody]
    assert areas == [["NORTH", "SOUTH"], ["NORTH"], ["NORTH"], [], []]


def test_somebody_dismissed_sees_nothing(programme: Store) -> None:
    with programme.transaction():
        begun(programme, 1)
    for gone in (cast.ADA.dismissed(), cast.SAM.dismissed()):
        assert programme.visits.visible_to(gone).latest(9) == []
        assert programme.assignments.visible_to(gone).list_all() == []
        assert programme.branches.visible_to(gone).list_all() == []
        assert programme.areas.visible_to(gone).list_all() == []
        assert programme.people.visible_to(gone).list_all() == []


def test_fifty_posts_of_one_message_are_one_row(programme: Store) -> None:
    with programme.transaction():
        visit = begun(programme, 1)
    sent = message(1, visit, greeted="yes")

    def post(n: int) -> str:
        def take() -> str:
            if programme.submissions.find(sent.msg_id):
                return "replayed"
            programme.submissions.keep(sent, b"{}", "draft", NOW, "{}")
            return "taken"

        return programme.write(take)

    answers = together(50, post)
    assert sorted(set(answers)) == ["replayed", "taken"]
    assert answers.count("taken") == 1
    assert len(programme.submissions.of_visit(visit.id)) == 1


def test_a_message_is_kept_with_its_bytes_and_the_answers_after_it(programme: Store) -> None:
    with programme.transaction():
        visit = begun(programme, 1)
        assert programme.submissions.newest_n(visit.id, "phone") == -1
        programme.submissions.keep(
            message(7, visit), b'{"n": 7}', "draft", NOW, answers_text({"greeted": Answer("yes")})
        )
    msg_id = id_number(507)
    assert programme.submissions.raw(msg_id) == b'{"n": 7}'
    assert programme.submissions.answers_at(msg_id, visit.id) == {"greeted": Answer("yes")}
    assert programme.submissions.answers_at(msg_id, id_number(2)) == {}
    assert programme.submissions.newest_n(visit.id, "phone") == 7


def test_a_message_that_contradicts_another_is_kept_apart_once(programme: Store) -> None:
    with programme.transaction():
        visit = begun(programme, 1)
        programme.submissions.keep(message(1, visit), b"one", "draft", NOW, "{}")
        for _ in range(2):
            programme.submissions.keep_conflict(message(1, visit), b"two", NOW)
    assert programme.submissions.conflicts_of(visit.id) == [(id_number(501), NOW)]
    assert programme.submissions.raw(id_number(501)) == b"one"


def test_the_shelves_can_be_used_from_any_folder(
    programme: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert programme.branches.count() == 3
