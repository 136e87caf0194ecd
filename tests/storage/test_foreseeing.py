"""Changes worked out before their turn to write: they stand if nothing came between, else they are made anew."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.domain.errors import Conflict
from audit.domain.programme import Area, Branch
from audit.storage.store import Store
from tests.storage.test_store import together


def name_of(store: Store, code: str) -> str:
    return store.areas.find(code).name


class Counting:
    """Adds one to the number that an area has for its name, and remembers how often it has looked."""

    def __init__(self, store: Store, code: str = "N") -> None:
        self.store, self.code, self.looked = store, code, 0

    def __call__(self) -> int:
        self.looked += 1
        number = int(name_of(self.store, self.code)) + 1
        self.store.areas.save(Area(self.code, str(number)))
        return number

    def foreseen(self) -> Callable[[], int]:
        return self.store.foresee(self, lambda: name_of(self.store, self.code))


@pytest.fixture(autouse=True)
def areas(store: Store) -> None:
    with store.transaction():
        for code in "NS":
            store.areas.save(Area(code, "0"))


def test_what_was_foreseen_is_written_in_its_turn_and_not_worked_out_again(store: Store) -> None:
    counting = Counting(store)
    foreseen = counting.foreseen()
    assert name_of(store, "N") == "0"
    assert store.write(foreseen) == 1
    assert (name_of(store, "N"), counting.looked) == ("1", 1)


def test_what_came_between_makes_it_work_anew(store: Store) -> None:
    counting = Counting(store)
    foreseen = counting.foreseen()
    with store.transaction():
        store.areas.save(Area("N", "10"))
    assert store.write(foreseen) == 11
    assert (name_of(store, "N"), counting.looked) == ("11", 2)


def test_of_two_that_foresaw_the_same_the_second_works_anew_in_one_group(store: Store) -> None:
    first, second, other = Counting(store), Counting(store), Counting(store, "S")
    assert store.write_all([first.foreseen(), second.foreseen(), other.foreseen()]) == [1, 2, 1]
    assert (name_of(store, "N"), first.looked, second.looked, other.looked) == ("2", 1, 2, 1)


def test_many_threads_that_foresee_and_write_lose_no_update(store: Store) -> None:
    together(8, lambda _: [store.write(Counting(store).foreseen()) for _ in range(10)])
    assert name_of(store, "N") == "80"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from("NS"), st.booleans()), max_size=8))
def test_whenever_it_is_worked_out_the_result_is_the_same(store: Store, steps: list[tuple[str, bool]]) -> None:
    before = {code: int(name_of(store, code)) for code in "NS"}
    changes = [Counting(store, code).foreseen() if early else Counting(store, code) for code, early in steps]
    store.write_all(changes)
    assert {code: int(name_of(store, code)) for code in "NS"} == {
        code: number + [step for step, _ in steps].count(code) for code, number in before.items()
    }


def test_nobody_waits_while_a_change_is_foreseen(store: Store) -> None:
    def change() -> str:
        seen = name_of(store, "N")
        together(1, lambda _: store.write(lambda: store.areas.save(Area("S", "written meanwhile"))))
        return seen

    assert store.write(store.foresee(change, lambda: "nothing")) == "0"
    assert name_of(store, "S") == "written meanwhile"


def test_a_refused_change_is_refused_in_its_turn_and_leaves_nothing(store: Store) -> None:
    def refuse() -> None:
        store.areas.save(Area("N", "lost"))
        raise Conflict("no")

    foreseen = store.foresee(refuse, lambda: "nothing")
    with pytest.raises(Conflict):
        store.write(foreseen)
    assert name_of(store, "N") == "0"


def test_a_change_that_reads_what_it_wrote_is_made_in_its_turn_alone(store: Store) -> None:
    def change() -> str:
        store.areas.save(Area("N", "9"))
        return name_of(store, "N")

    assert store.write(store.foresee(change, lambda: "nothing")) == "9"


def test_a_change_that_asks_how_many_it_changed_is_made_in_its_turn_alone(store: Store) -> None:
    def change() -> bool:
        return store.notifications.close("nobody's")

    assert store.write(store.foresee(change, lambda: "nothing")) is False


def test_a_change_to_rows_that_are_held_for_a_turn_is_seen_by_what_follows(store: Store) -> None:
    def rename(name: str) -> Callable[[], None]:
        return lambda: store.branches.save(Branch("N01", name))

    store.write(rename("Old name"))
    foreseen = store.foresee(rename("New name"), lambda: "nothing")

    def find() -> str:
        return store.branches.find("N01").name

    assert store.write_all([find, foreseen, find])[::2] == ["Old name", "New name"]


def test_inside_a_safe_request_nothing_is_foreseen(store: Store) -> None:
    counting = Counting(store)
    with store.reading():
        assert counting.foreseen() is counting
    assert counting.looked == 0
