"""Transactions, reading, group commit; in threads and in processes."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from audit.domain.errors import Conflict, NoSpace, NotFound, TooMany
from audit.domain.programme import Area, Branch
from audit.storage.connections import Connections, sqlite3
from audit.storage.store import Store, open_store
from tests.storage.threads import together
from tests.waiting import wait_until

ADD_ONE = """
import sys
from pathlib import Path
from audit.domain.programme import Area
from audit.storage.store import open_store

store = open_store(sys.argv[1], Path(sys.argv[1]).parent / "photos")
for _ in range(int(sys.argv[2])):
    with store.transaction():
        store.areas.save(Area("N", str(int(store.areas.find("N").name) + 1)))
store.close()
"""


def count_up(store: Store) -> None:
    store.areas.save(Area("N", str(int(store.areas.find("N").name) + 1)))


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def change_and_fail() -> None:
        with store.transaction():
            store.areas.save(Area("N", "North"))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        change_and_fail()
    assert store.areas.list_all() == []


def test_transactions_do_not_nest(store: Store) -> None:
    with store.transaction(), pytest.raises(RuntimeError, match="nest"), store.transaction():
        pass
    with store.transaction(), pytest.raises(RuntimeError, match="nest"):
        store.write(lambda: None)
    with store.transaction(), pytest.raises(RuntimeError, match="read inside"), store.reading():
        pass


def test_a_change_without_a_transaction_is_refused(store: Store) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        store.areas.save(Area("N", "North"))


def test_a_safe_request_cannot_write_in_any_way(store: Store) -> None:
    with store.reading():
        with pytest.raises(RuntimeError, match="may not write"):
            store.write(lambda: store.areas.save(Area("N", "North")))
        with pytest.raises(RuntimeError, match="may not write"), store.transaction():
            pass
        with pytest.raises(RuntimeError, match="transaction"):
            store.areas.save(Area("N", "North"))
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            store.connections.mine().execute("insert into area values ('N', 'North', '')")
    assert store.areas.list_all() == []


def test_a_safe_request_sees_one_moment_and_lets_others_write(store: Store) -> None:
    with store.reading():
        assert store.areas.list_all() == []
        writing = threading.Thread(target=lambda: store.write(lambda: store.areas.save(Area("N", "North"))))
        writing.start()
        writing.join()
        assert store.areas.list_all() == []
    assert [area.code for area in store.areas.list_all()] == ["N"]


def test_reading_inside_reading_is_one_reading(store: Store) -> None:
    with store.reading():
        with store.reading():
            pass
        with pytest.raises(RuntimeError), store.transaction():
            pass
    with store.transaction():
        store.areas.save(Area("N", "North"))
    assert store.areas.find("N").name == "North"


def test_a_safe_request_that_fails_gives_the_thread_back_its_pen(store: Store) -> None:
    with pytest.raises(NotFound), store.reading():
        store.areas.find("N")
    with store.transaction():
        store.areas.save(Area("N", "North"))


def test_threads_that_read_and_write_the_same_row_lose_no_update(store: Store) -> None:
    with store.transaction():
        store.areas.save(Area("N", "0"))

    def work(n: int) -> None:
        for _ in range(20):
            if n % 2:
                store.write(lambda: count_up(store))
            else:
                with store.transaction():
                    count_up(store)

    together(8, work)
    assert store.areas.find("N").name == "160"


def test_two_processes_that_read_and_write_the_same_row_lose_no_update(store: Store) -> None:
    with store.transaction():
        store.areas.save(Area("N", "0"))
    command = [sys.executable, "-c", ADD_ONE, str(store.path), "40"]
    running = [subprocess.Popen(command) for _ in range(2)]
    for _ in range(40):
        with store.transaction():
            count_up(store)
    assert [process.wait(60) for process in running] == [0, 0]
    assert store.areas.find("N").name == "120"


def test_one_refused_change_takes_nothing_from_its_neighbours(store: Store) -> None:
    def change(n: int) -> None:
        store.areas.save(Area(f"N{n}", "North"))
        if n % 3 == 0:
            raise Conflict("no")

    def work(n: int) -> str:
        try:
            store.write(lambda: change(n))
        except Conflict:
            return "refused"
        return "kept"

    answers = together(30, work)
    assert answers.count("refused") == 10
    assert {area.code for area in store.areas.list_all()} == {f"N{n}" for n in range(30) if n % 3}


def test_a_branch_that_changed_in_the_same_group_is_found_changed_and_one_taken_back_is_not(store: Store) -> None:
    with store.transaction():
        store.branches.save(Branch("N01", "Old name"))

    def find() -> str:
        return store.branches.find("N01").name

    def rename() -> str:
        assert find() == "Old name"
        store.branches.save(Branch("N01", "New name"))
        return find()

    def fail() -> None:
        rename()
        raise NotFound("There is no such thing.")

    first, refused, second, renamed, last = store.write_all([find, fail, find, rename, find])
    assert (first, second, renamed, last) == ("Old name", "Old name", "New name", "New name")
    assert isinstance(refused, NotFound)


def test_what_a_change_returns_comes_back_to_whoever_asked(store: Store) -> None:
    assert together(12, lambda n: store.write(lambda: n * n)) == [n * n for n in range(12)]


def test_a_full_disk_is_said_takes_nothing_and_heals(store: Store) -> None:
    db = store.connections.mine()
    large = "x" * 200_000
    used = db.execute("pragma page_count").fetchone()[0]
    db.execute(f"pragma max_page_count = {used + 5}")
    with pytest.raises(NoSpace), store.transaction():
        store.areas.save(Area("N", large))
    assert store.areas.list_all() == []
    db.execute("pragma max_page_count = 1000000")
    with store.transaction():
        store.areas.save(Area("N", large))
    assert len(store.areas.list_all()) == 1


def test_a_full_disk_in_the_middle_of_a_group_answers_everybody(store: Store) -> None:
    def limit(pages: int) -> None:
        store.connections.mine().execute(f"pragma max_page_count = {pages}")

    store.write(lambda: limit(store.connections.mine().execute("pragma page_count").fetchone()[0] + 20))

    def work(n: int) -> str:
        try:
            store.write(lambda: store.areas.save(Area(f"N{n}", "x" * 30_000)))
        except NoSpace:
            return "no space"
        return "kept"

    answers = together(12, work)
    kept = len(store.areas.list_all())
    assert answers.count("kept") == kept
    assert answers.count("no space") == 12 - kept > 0
    store.write(lambda: limit(1_000_000))
    store.write(lambda: store.areas.save(Area("after", "x" * 30_000)))
    assert len(store.areas.list_all()) == kept + 1


def test_another_program_that_holds_on_is_said_with_when_to_try_again(store: Store) -> None:
    store.connections.mine().execute("pragma busy_timeout = 10")
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(TooMany) as refused, store.transaction():
        pass
    other.close()
    assert refused.value.retry_after_seconds > 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where processes fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_child_never_uses_its_parents_connection(store: Store) -> None:
    store.write(lambda: store.areas.save(Area("N", "North")))
    parents = store.connections.mine()
    child = os.fork()
    if not child:
        os._exit(0 if store.connections.mine() is not parents and _child_writes(store) else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert store.connections.mine() is parents
    assert {area.code for area in store.areas.list_all()} == {"N", "child"}


def _child_writes(store: Store) -> bool:
    store.write(lambda: store.areas.save(Area("child", "South")))
    return True


def test_a_store_that_is_not_there_is_made_only_when_asked(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="audit init"):
        open_store(tmp_path / "none.db", tmp_path, create=False)
    assert not (tmp_path / "none.db").exists()


def test_a_database_is_for_its_owner_alone(store: Store) -> None:
    assert store.path.stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_every_write_reaches_the_disk_before_it_is_acknowledged(store: Store) -> None:
    settings = {
        name: store.connections.mine().execute(f"pragma {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_who_came_while_another_program_held_on_is_refused_with_the_first_and_waits_no_second_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []
    all_came = threading.Event()

    @contextmanager
    def held(connections: Connections) -> Iterator[None]:
        tries.append(1)
        assert all_came.wait(60)
        raise TooMany("Another program is writing.")
        yield

    refused: list[type[Exception]] = []

    def write() -> None:
        try:
            store.write(lambda: None)
        except TooMany as refusal:
            refused.append(type(refusal))

    monkeypatch.setattr(Connections, "transaction", held)
    waiting = [threading.Thread(target=write) for _ in range(3)]
    waiting[0].start()
    wait_until(lambda: tries)
    for one in waiting[1:]:
        one.start()
    wait_until(lambda: store._writer._waiting.qsize() >= 2)
    all_came.set()
    for one in waiting:
        one.join(60)
    assert (refused, len(tries)) == ([TooMany] * 3, 1)


def test_who_comes_while_others_are_written_down_goes_to_the_disk_with_them(store: Store) -> None:
    written: list[bool] = []

    def second() -> None:
        with closing(sqlite3.connect(store.path)) as elsewhere:
            seen = elsewhere.execute("select count(*) from branch where code = 'N09'").fetchone()[0]
        written.append(bool(seen))

    late = threading.Thread(target=lambda: store.write(second))

    def first() -> None:
        store.branches.save(Branch("N09", "Comes first"))
        late.start()
        wait_until(lambda: not store._writer._waiting.empty())

    store.write(first)
    late.join(60)
    assert written == [False], "the first was on the disk already"
    assert store.branches.find("N09").name == "Comes first"
