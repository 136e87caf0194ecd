"""The demo on the shelves once it was filled: whole, plausible, and never to be taken for the real thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audit.actions.accepting import Acceptance, accept_invitation
from audit.actions.signing_in import Attempt, sign_in
from audit.actions.visiting import circumstances_of, unfinished
from audit.demo import DemoSummary, fill_demo
from audit.demo.answering import walk_through
from audit.demo.calendar import plan_visits
from audit.demo.organisation import NEVER_VISITED, NOT_TOLD, VISITED_ONCE
from audit.demo.temper import Tempers
from audit.domain.checklist.model import Checklist
from audit.domain.checklist.visibility import visible
from audit.domain.errors import Conflict
from audit.domain.people import Role
from audit.domain.score import score_visit
from audit.domain.visit import ENTER, Flag, Visit, VisitState
from audit.storage.store import Store, open_store
from tests.demo.passwords import PlainPasswords

NOW = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
TODAY = NOW.date()


@dataclass(frozen=True)
class Demo:
    store: Store
    summary: DemoSummary
    visits: list[Visit]

    def checklist(self, visit: Visit) -> Checklist:
        return self.store.checklists.find(visit.checklist_id, visit.version).checklist

    def of(self, *states: VisitState) -> list[Visit]:
        return [visit for visit in self.visits if visit.state in states]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    store = open_store(folder / "candour.sqlite", folder / "photos")
    summary = fill_demo(store, PlainPasswords(), NOW, seed=1)
    yield Demo(store, summary, store.visits.latest(10_000))
    store.close()


def test_it_says_that_it_is_a_demo(demo: Demo) -> None:
    assert demo.store.programme.find().demo


def test_everybody_is_there(demo: Demo) -> None:
    assert {person.role for person in demo.store.people.list_all()} == set(Role)
    assert (demo.summary.areas, demo.summary.branches) == (3, 24)
    assert len(demo.store.areas.list_all()) == 3
    assert len(demo.store.branches.list_all()) == 24


def test_nobody_has_an_address_at_which_mail_could_arrive(demo: Demo) -> None:
    addresses = [person.email for person in demo.store.people.list_all() if person.role is not Role.SHOPPER]
    assert all(address is not None and address.endswith(".example") for address in addresses)


def test_whoever_is_named_in_the_summary_can_sign_in(demo: Demo) -> None:
    assert {Role.ADMIN, Role.REVIEWER, Role.AREA_MANAGER, Role.BRANCH_MANAGER} == {
        one.role for one in demo.summary.sign_ins
    }
    for one in demo.summary.sign_ins:
        _, device = sign_in(demo.store, PlainPasswords(), Attempt(one.email, one.password), NOW)
        assert demo.store.people.find(device.person_id).role is one.role


def test_no_two_passwords_are_the_same(demo: Demo) -> None:
    passwords = [one.password for one in demo.summary.sign_ins]
    assert len(set(passwords)) == len(passwords)


def test_a_shopper_signs_in_by_the_link_and_has_a_visit_for_today_and_one_to_try_out(demo: Demo) -> None:
    phone = demo.summary.phones[0]
    _, device = accept_invitation(demo.store, PlainPasswords(), phone.token, Acceptance(), NOW + timedelta(days=2))
    shopper = demo.store.people.find(device.person_id)
    assert (shopper.name, shopper.role) == (phone.name, Role.SHOPPER)
    to_do = [one for one in demo.store.assignments.visible_to(shopper).list_open() if one.cancelled_at is None]
    assert TODAY in {one.until for one in to_do}
    assert [one.test for one in to_do].count(True) == 1
    assert max(one.until for one in to_do) <= TODAY + timedelta(days=7)


def test_about_three_visits_a_branch_and_quarter_are_published_and_a_few_wait(demo: Demo) -> None:
    assert 250 <= len(demo.of(VisitState.PUBLISHED)) <= 330
    assert 3 <= len(demo.of(VisitState.SUBMITTED)) <= 20
    assert len(demo.of(VisitState.STOPPED)) == 1
    assert len(demo.of(VisitState.DRAFT)) == 1
    assert demo.summary.published == len(demo.of(VisitState.PUBLISHED))
    assert demo.summary.visits == len(demo.visits) - 1  # all but the draft have happened


def test_one_visit_came_late_and_one_is_partial(demo: Demo) -> None:
    assert [Flag.LATE in visit.flags for visit in demo.visits].count(True) == 1
    scores = demo.store.scores.of_visits([visit.id for visit in demo.visits])
    assert "partial" in {score.status for score in scores.values()}


def test_every_published_visit_has_a_score_and_the_stopped_one_has_none(demo: Demo) -> None:
    scores = demo.store.scores.of_visits([visit.id for visit in demo.visits])
    assert {visit.id for visit in demo.of(VisitState.PUBLISHED, VisitState.SUBMITTED)} == set(scores)
    assert all(score.shown is not None for score in scores.values())


def test_no_hidden_question_is_answered_and_none_that_is_seen_is_forgotten(demo: Demo) -> None:
    incomplete = []
    for visit in demo.of(VisitState.PUBLISHED, VisitState.SUBMITTED):
        seen = visible(demo.checklist(visit), visit.answers, circumstances_of(demo.store, visit)).questions
        assert set(visit.answers) <= seen
        assert not visit.odd
        if unfinished(demo.store, visit):
            incomplete.append(visit)
    assert [visit.flags for visit in incomplete] == [(Flag.INCOMPLETE,)]


def test_what_was_planted_was_observed(demo: Demo) -> None:
    planted = [visit for visit in demo.of(VisitState.PUBLISHED) if visit.scenario == "return-goods"]
    assert planted
    for visit in planted:
        if not visit.flags:
            assert visit.answers["problem_outcome"].value != "not_observed"


def test_every_photo_has_arrived_and_says_where_it_belongs(demo: Demo) -> None:
    named = {sha for visit in demo.visits for sha in visit.photos}
    assert demo.store.photos.known(named) == named
    assert len(named) == demo.summary.photos > 100
    assert not any(Flag.PHOTOS_MISSING in visit.flags for visit in demo.visits)


def test_nothing_happens_in_the_future_or_out_of_order(demo: Demo) -> None:
    for visit in demo.of(VisitState.PUBLISHED):
        entered = visit.mark(ENTER)
        assert entered is not None
        assert visit.submitted_at is not None
        assert visit.published_at is not None
        assert visit.started_at < entered.at < visit.submitted_at < visit.published_at < NOW
    moments = [line.at for line in reversed(demo.store.journal.latest(100_000))]
    visiting = [at for at in moments if at < NOW - timedelta(days=3)]
    assert visiting == sorted(visiting)


def test_visits_spread_over_the_days_of_the_week_and_the_parts_of_the_day(demo: Demo) -> None:
    programme = demo.store.programme.find()
    entries = []
    for visit in demo.of(VisitState.PUBLISHED):
        mark = visit.mark(ENTER)
        assert mark is not None
        entries.append(mark.at.astimezone(demo.store.branches.find(visit.branch_code).zone(programme)))
    assert {entry.weekday() for entry in entries} == set(range(7))
    assert all(9 <= entry.hour <= 18 for entry in entries)
    assert len({entry.hour for entry in entries}) >= 8


@pytest.mark.parametrize(("code", "visits"), [(NEVER_VISITED, 0), (VISITED_ONCE, 1), (NOT_TOLD, 0)])
def test_there_are_branches_with_hardly_anything_to_report(demo: Demo, code: str, visits: int) -> None:
    assert [visit.branch_code for visit in demo.visits].count(code) == visits


def test_the_names_of_branches_try_out_long_lines_and_other_scripts(demo: Demo) -> None:
    names = [branch.name for branch in demo.store.branches.list_all()]
    assert max(map(len, names)) > 100
    assert any("\u0600" <= sign <= "\u06ff" for name in names for sign in name)
    assert any("\u3040" <= sign <= "\u30ff" for name in names for sign in name)
    assert [branch.code for branch in demo.store.branches.without_staff_told()] == [NOT_TOLD]


def test_what_is_kept_follows_from_the_seed_alone(demo: Demo) -> None:
    """The same plans, walked again apart from the shelves, give the very scores that the shelves hold."""
    checklists = {one.checklist.id: one.checklist for one in demo.store.checklists.list_latest()}
    shoppers = {
        area: [person for person in demo.store.people.list_all(Role.SHOPPER) if person.name in names]
        for area, names in _names_by_area().items()
    }
    shoppers = {
        area: sorted(people, key=lambda p: _names_by_area()[area].index(p.name)) for area, people in shoppers.items()
    }
    plans = [plan for plan in plan_visits(shoppers, checklists, NOW, seed=1) if plan.fate != "stopped"]
    kept = {(visit.branch_code, visit.submitted_at): visit for visit in demo.visits}
    for plan in plans:
        visit = kept[plan.branch.code, plan.sent_at]
        circumstances = circumstances_of(demo.store, visit)
        walk = walk_through(plan, checklists[plan.checklist_id], circumstances, Tempers(1))
        assert demo.store.scores.of(visit.id) == score_visit(checklists[plan.checklist_id], walk.answers, circumstances)


def _names_by_area() -> dict[str, list[str]]:
    from audit.demo.organisation import shoppers

    return {area: [person.name for person in people] for area, people in shoppers(list("abcdefghijklmno")).items()}


def test_a_second_demo_in_the_same_place_is_refused(demo: Demo) -> None:
    with pytest.raises(Conflict):
        fill_demo(demo.store, PlainPasswords(), NOW)
    assert len(demo.store.branches.list_all()) == 24


def test_the_shelves_refuse_nothing_that_was_filled(demo: Demo, tmp_path: Path) -> None:
    """Nothing was written around the rules: every assignment was offered where staff had been told."""
    for visit in demo.visits:
        branch = demo.store.branches.find(visit.branch_code)
        assert branch.staff_told_on is not None
        assert branch.staff_told_on <= visit.started_at.date()
