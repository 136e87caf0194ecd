"""What is past its period leaves the printed reports, too."""

from datetime import timedelta

from audit.actions.forgetting import purge_personal_data
from audit.actions.reporting import open_drawer
from audit.actions.visiting import begin_visit
from audit.storage.duties import Periods
from audit.storage.store import Store
from tests.cast import SAM
from tests.world import NOW, assign

LATER = NOW + timedelta(days=100)
PERIODS = Periods(drafts_days=90)


def test_printed_reports_go_with_what_they_may_show(store: Store) -> None:
    begin_visit(store, SAM, assign(store).id, NOW)
    drawer = open_drawer(store)
    drawer.keep("a" * 64, b"%PDF %%EOF")
    assert purge_personal_data(store, PERIODS, LATER, dry_run=True)["drafts"] == 1
    assert drawer.find("a" * 64) == b"%PDF %%EOF"
    assert purge_personal_data(store, PERIODS, LATER)["printed reports"] == 1
    assert drawer.find("a" * 64) is None


def test_printed_reports_stay_where_nothing_had_to_go(store: Store) -> None:
    open_drawer(store).keep("a" * 64, b"%PDF %%EOF")
    assert not any(purge_personal_data(store, PERIODS, LATER).values())
    assert open_drawer(store).find("a" * 64) == b"%PDF %%EOF"
