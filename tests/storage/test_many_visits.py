"""Shelves that hold a million visits: what is asked of them goes through those of a period or a branch alone."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from audit.domain.visit import VisitState
from audit.storage.columns import Column
from audit.storage.connections import Row
from audit.storage.store import Store
from tests import cast
from tests.storage.conftest import NOW, begun, offer, publish


@pytest.mark.parametrize("area", [None, "NORTH", ""])
def test_figures_of_a_programme_go_by_the_day_and_those_of_an_area_by_its_branches_never_through_all_visits(
    programme: Store, area: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, Sequence[Column]]] = []
    shelf, rows = programme.figures, programme.connections.rows

    def noted(sql: str, parameters: Sequence[Column] = ()) -> list[Row]:
        asked.append((sql, parameters))
        return rows(sql, parameters)

    monkeypatch.setattr(programme.connections, "rows", noted)
    first, last = NOW.date(), NOW.date()
    shelf.dimensions(area, first, last)
    shelf.critical(area, first, last)
    shelf.moments(area, first, last, "enter")
    shelf.bases(area, first, last, "welcome")
    programme.sources.versions(area, first, last)
    programme.sources.questions(area, first, last)
    if area is None:
        programme.scores.of_period(first, last)
        programme.sources.branches_visited(first, last)
        shelf.newest_behind(first, last, "welcome", most=200, before=(last, "1"))
        shelf.deeply(first, last, "welcome", "greeted", 10)
    for sql, parameters in list(asked):
        plan = " / ".join(row[3] for row in rows(f"explain query plan {sql}", parameters))
        wanted = (
            "INDEX visit_published (visited_on" if area is None else "INDEX visit_by_branch (branch_code=? AND visited"
        )
        assert wanted in plan, sql
        assert "SCAN visit" not in plan
        assert "SCAN score" not in plan
        if "order by visited_on desc" in sql:
            assert "TEMP B-TREE" not in plan, sql


def test_assignments_are_open_until_their_visit_is_sent_for_all_and_for_some_branches_alike(programme: Store) -> None:
    with programme.transaction():
        publish(programme)
        programme.assignments.save(offer(1))
        programme.assignments.save(replace(offer(2), cancelled_at=NOW))
        drafted, sent, stopped = (begun(programme, n) for n in (3, 4, 5))
        programme.visits.save(replace(sent, state=VisitState.SUBMITTED))
        programme.visits.save(replace(stopped, state=VisitState.STOPPED))
    assignments = programme.assignments.visible_to(cast.ADA)
    still_open = {offer(1).id, drafted.assignment_id}
    assert {one.id for one in assignments.list_open()} == still_open
    assert {one.id for one in assignments.open_at(["N01", "N02"])} == still_open
    assert assignments.open_at(["S01"]) == []
    assert programme.assignments.visible_to(cast.OTTO_AREA).open_at(["N01"]) == []
