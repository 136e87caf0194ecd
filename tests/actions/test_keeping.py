"""What was worked out is kept until the journal tells of something that could change it, and for nobody earlier."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from audit.actions import measuring
from audit.actions.correcting import Wish, correct_answer
from audit.actions.keeping import Kept, Span
from audit.actions.measuring import measure_period
from audit.reports.period import month_of
from audit.storage.store import Store
from tests import cast
from tests.web.office import Office
from tests.world import NOW


def note(store: Store, what: str) -> None:
    with store.transaction():
        store.journal.write(cast.ADA.id, what, "1", NOW)


def test_what_is_harmless_throws_nothing_away_and_all_else_everything(store: Store) -> None:
    kept: Kept[int] = Kept(4)
    first = kept.find(store, "figures", store.journal.last_id)
    note(store, "visit.saved")
    assert kept.find(store, "figures", store.journal.last_id) == first
    note(store, "visit.published")
    assert kept.find(store, "figures", store.journal.last_id) == first + 2


def test_who_still_sees_an_earlier_moment_is_told_of_that_and_keeps_it_for_nobody(store: Store) -> None:
    kept: Kept[int] = Kept(4)

    def published_meanwhile() -> int:
        note(store, "visit.published")
        return kept.find(store, "figures", store.journal.last_id)

    with store.reading(), ThreadPoolExecutor(1) as another:
        before = store.journal.last_id()
        assert another.submit(published_meanwhile).result() == before + 1
        assert kept.find(store, "figures", store.journal.last_id) == before
    assert kept.find(store, "figures", lambda: -1) == before + 1


def test_what_was_asked_for_longest_ago_is_let_go_of_first(store: Store) -> None:
    kept: Kept[str] = Kept(2)
    for key in ("north", "south", "north", "east"):
        kept.find(store, key, lambda: "first")
    again = {key: kept.find(store, key, lambda: "again") for key in ("north", "east", "south")}
    assert again == {"north": "first", "east": "first", "south": "again"}


def test_a_visit_throws_away_what_was_worked_out_over_its_day_and_its_area_and_nothing_else(office: Office) -> None:
    kept: Kept[int] = Kept(9)
    today = office.clock().date()
    spans = {
        "its area": Span(today, today, "NORTH"),
        "the programme": Span(today - timedelta(7), today),
        "who did not say": None,
        "another area": Span(today, today, "SOUTH"),
        "before": Span(today - timedelta(7), today - timedelta(1)),
        "after": Span(today + timedelta(1), today + timedelta(7), "NORTH"),
    }

    def thrown_away() -> set[str]:
        now = office.store.journal.last_id()
        return {name for name, span in spans.items() if kept.find(office.store, name, lambda: now, span) == now}

    waiting = office.submitted()
    assert thrown_away() == set(spans)
    office.published()
    assert thrown_away() == {"its area", "the programme", "who did not say"}
    note(office.store, "branches.imported")
    assert thrown_away() == set(spans)
    assert waiting.published_at is None


def test_an_answer_put_right_changes_the_figures_of_its_own_period_and_leaves_those_of_others_as_they_are(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = office.published()
    now = month_of(office.clock().date())
    before = measure_period(office.store, now)["corner-shop"]
    earlier = measure_period(office.store, now.before())
    correct_answer(
        office.store, cast.ADA, visit.id, "thanked", Wish({"value": "yes"}, reason="The receipt says so."), NOW
    )
    assert measure_period(office.store, now)["corner-shop"] != before
    monkeypatch.setattr(measuring, "_measure", lambda *_: pytest.fail("worked out once more"))
    assert measure_period(office.store, now.before()) is earlier
