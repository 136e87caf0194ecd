"""What was worked out is kept until the journal tells of something that could change it, and for nobody earlier."""

from concurrent.futures import ThreadPoolExecutor

from audit.actions.keeping import Kept
from audit.storage.store import Store
from tests import cast
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
