"""Clocks that lie: one that was set back revives nothing, and one that ran ahead dates nothing that follows."""

from datetime import timedelta

from tests import cast
from tests.web.office import Office


def test_a_clock_that_was_set_back_revives_no_sign_in(office: Office) -> None:
    ada = office.browser(cast.ADA)
    assert ada.post("/sign-out").status_code == 303
    office.clock.now -= timedelta(days=400)
    assert ada.get("/").status_code == 303


def test_a_day_with_a_wrong_clock_dates_no_visit_that_follows(office: Office) -> None:
    office.clock.now += timedelta(days=2000)
    assert office.browser(cast.ADA).post("/sign-out").status_code == 303  # the journal has seen that day now
    office.clock.now -= timedelta(days=2000)
    assignment = office.assignment()
    assert office.browser(cast.SAM).post(f"/assignments/{assignment.id}/visit").status_code == 303
    (visit,) = office.store.visits.of_shopper(cast.SAM.id)
    assert visit.started_at == office.clock.now
