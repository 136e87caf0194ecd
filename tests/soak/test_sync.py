"""Four devices, a network that loses, doubles and reorders, photos on their own way, clocks that lie.

Whatever happens: nothing acknowledged is lost, the head never goes back, what cannot be merged is kept for the
reviewer, and the order of arrival does not matter.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from audit.actions.merging import AFTER, DRAFT, LATE, MERGED, SECOND, SIBLING, other_versions
from audit.actions.sending_photos import has_photo, take_photo
from audit.actions.submitting import receive_submission, save_draft
from audit.actions.visiting import begin_visit
from audit.domain.checklist.model import Answer
from audit.domain.errors import TooLate
from audit.domain.visit import Flag, Visit, VisitState
from audit.storage.store import Store
from tests.cast import SAM
from tests.soak.devices import PHOTOS_AT, PICTURES, WORDS, Device, Message, values
from tests.world import NOW, assign, opened_world

MEMORY = Path("/dev/shm")
EXAMPLES = int(os.environ.get("CANDOUR_SYNC_EXAMPLES", "2000"))
STEPS = int(os.environ.get("CANDOUR_SYNC_STEPS", "25"))
TOLD_EVERY = 1000  # runs
MOMENTS = [NOW, datetime(1970, 1, 1, tzinfo=UTC), NOW + timedelta(days=2), datetime(2090, 1, 1, tzinfo=UTC)]

ROADS = ("stays", *("waits",) * 5, *("sent",) * 9, "finished")
FATES = ("comes", "comes", "comes again", "lost")
Said = list[tuple[str, str | None]]

devices = some.integers(0, 3)
moments = some.sampled_from(MOMENTS)
every_word = [(id, said) for id, words in WORDS.items() for said in (*words, None)]
word = some.sampled_from(every_word)
words = some.lists(
    some.sampled_from([*every_word, *every_word, *((PHOTOS_AT, sha) for sha in PICTURES)]), min_size=1, max_size=2
)
numbers = itertools.count()


@contextmanager
def a_world() -> Iterator[Store]:
    with (
        tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder,
        opened_world(Path(folder)) as store,
    ):
        yield store


@dataclass
class Tally:
    """What has been played so far; `tell` is called after each run."""

    tell: Callable[[Tally], None] = lambda tally: None
    runs: int = 0
    messages: int = 0
    acknowledged: int = 0

    def __str__(self) -> str:
        return f"{self.runs:,} runs, {self.messages:,} messages taken, {self.acknowledged:,} acknowledged"


class Sync(RuleBasedStateMachine):
    """One visit of Sam's: two phones that come and go, and two pages of one browser."""

    store: Store
    tally: Tally

    def __init__(self) -> None:
        super().__init__()
        self.under_way: list[Message] = []
        self.heads: list[str | None] = [None]
        self.taken: dict[str, Message] = {}
        self.heard: dict[str, list[tuple[int, dict[str, str | None]]]] = {}
        self.undone: set[tuple[str, int, str]] = set()  # of each device, by the place of its message
        self.acknowledged: list[Message] = []
        self.beside: dict[str, set[str]] = {}  # of each device, what it touched in messages that were not merged

    @initialize()
    def begin(self) -> None:
        self.id = begin_visit(self.store, SAM, assign(self.store).id, NOW).id
        self.devices = [Device("phone-1"), Device("phone-2"), Device("page-1", True), Device("page-1", True)]
        self.devices[3].known = self.devices[2].known  # two pages of one browser, which one person turns

    @property
    def visit(self) -> Visit:
        return self.store.visits.find(self.id)

    @rule(device=some.integers(0, 1), said=words, goes=some.sampled_from(ROADS), now=moments, heard=some.booleans())
    def type_on_a_phone(self, device: int, said: Said, goes: str, now: datetime, heard: bool) -> None:
        phone = self.devices[device]
        self.write(phone, said)
        finished = goes == "finished" and not any(message.finished for message in self.under_way)
        if goes == "stays":
            return
        message = phone.freeze(next(numbers), self.visit, finished=finished)
        if goes == "waits":
            self.under_way.append(message)
        elif self.arrive(phone, message, now) and heard:
            self.hear(phone, message)

    @rule(device=some.integers(2, 3), said=words, goes=some.sampled_from(["stays", "saved"]), now=moments)
    def type_on_a_page(self, device: int, said: Said, goes: str, now: datetime) -> None:
        page = self.devices[device]
        self.write(page, said)
        if goes == "saved":
            page.n = max(self.devices[2].n, self.devices[3].n)
            self.arrive(page, page.freeze(next(numbers), self.visit, finished=False), now)
            page.touched, page.sent = {}, {}
            self.look(page)

    @precondition(lambda self: self.under_way)
    @rule(some_=some.data(), fate=some.sampled_from(FATES), heard=some.booleans(), now=moments)
    def deliver(self, some_: some.DataObject, fate: str, heard: bool, now: datetime) -> None:
        message = some_.draw(some.sampled_from(self.under_way))
        if fate != "comes again":
            self.under_way.remove(message)
        device = next(one for one in self.devices if one.name == message.submission.device)
        if fate != "lost" and self.arrive(device, message, now) and heard:
            self.hear(device, message)

    @rule(device=devices)
    def look_again(self, device: int) -> None:
        self.look(self.devices[device])

    @rule(sha=some.sampled_from(list(PICTURES)), now=moments)
    def send_a_photo(self, sha: str, now: datetime) -> None:
        new = not has_photo(self.store, SAM, self.id, sha)
        assert take_photo(self.store, SAM, self.id, sha, PICTURES[sha], now) is new
        assert has_photo(self.store, SAM, self.id, sha)

    @precondition(lambda self: self.visit.state is VisitState.SUBMITTED)
    @rule()
    def the_office_returns_it(self) -> None:
        with self.store.transaction():
            self.store.visits.save(replace(self.visit, state=VisitState.RETURNED))

    def look(self, device: Device) -> None:
        device.look(self.visit, self.store.submissions.newest_of_devices(self.id, MERGED))

    def write(self, device: Device, said: Said) -> None:
        for id, typed in said:
            if typed in PICTURES:
                device.photos = list(dict.fromkeys((*device.photos, typed)))
            else:
                device.type(id, typed)

    def hear(self, device: Device, message: Message) -> None:
        device.hear(message)
        self.acknowledged.append(message)

    def arrive(self, device: Device, message: Message, now: datetime) -> bool:
        """Let a message arrive, and hold the visit to its promises; whether it was acknowledged."""
        before, sent = self.visit, message.submission
        first = sent.msg_id not in self.taken
        acknowledged = True
        try:
            if message.finished:
                receipt = receive_submission(self.store, SAM, sent, message.raw, now)
                assert receipt.again is not first
                assert receipt.sha256 == hashlib.sha256(message.raw).hexdigest()
                assert set(receipt.missing_photos) == {sha for sha in sent.photos if not self.arrived(sha)}
            else:
                save_draft(self.store, SAM, sent, message.raw, now)
        except TooLate:
            acknowledged = False
            assert not before.open
        self.taken[sent.msg_id] = message
        after = self.visit
        if first:
            self.hold_to_promises(device, message, before, after)
            kept = self.store.submissions.find(sent.msg_id)
            assert kept is not None
            if kept.outcome in MERGED:  # what was kept beside can neither stand nor be taken back
                self.heard.setdefault(sent.device, []).append((kept.place, message.touched))
        else:
            assert after == before, "the same message again changed something"
        if after.head != self.heads[-1]:
            assert after.head not in self.heads, "the head went back"
            self.heads.append(after.head)
        return acknowledged

    def hold_to_promises(self, device: Device, message: Message, before: Visit, after: Visit) -> None:
        kept = self.store.submissions.find(message.submission.msg_id)
        assert kept is not None
        stood, stands = values(before), values(after)
        changed = {id for id in WORDS if stood.get(id) != stands.get(id)}
        beside = self.beside.setdefault(device.name, set())
        if kept.outcome in (SECOND, AFTER):
            beside |= set(message.touched)
        if not before.open or kept.outcome in (LATE, SECOND):
            assert not changed
            assert kept.outcome != DRAFT
            return
        assert changed <= set(message.touched) | beside, "an edit changed what its shopper had not touched"
        for id in changed:
            assert stood.get(id) in device.known[id], "a word was replaced that nobody there had seen"
        for id, said in message.touched.items():
            heard = [(place, touched[id]) for place, touched in self.heard.get(device.name, []) if id in touched]
            is_old = said in [earlier for _, earlier in heard]
            # Changed and changed back, before any of it arrived: nobody can tell it from never having been touched.
            place, seen = self.seen_by(message, id)
            told = (each for each, _ in heard if (device.name, each, id) not in self.undone)
            is_undone = said == seen and not any(each > place for each in told)
            if is_undone:
                self.undone.add((device.name, kept.place, id))
            assert stands.get(id) == said or is_old or is_undone or self.is_kept_beside(after, message, id, said), (
                "a word was dropped and not kept for the reviewer"
            )
        assert set(message.submission.photos) <= set(after.photos), "a photo was dropped"
        if kept.outcome == SIBLING:
            assert Flag.OTHER_VERSION in after.flags

    def seen_by(self, message: Message, id: str) -> tuple[int, str | None]:
        """When the head that the sender had seen arrived, and what stood there then."""
        kept = self.store.submissions.find(message.submission.base) if message.submission.base else None
        if kept is None:
            return 0, None
        stood = self.store.submissions.answers_at(kept.msg_id, self.id).get(id)
        return kept.place, str(stood.value) if stood else None

    def is_kept_beside(self, visit: Visit, message: Message, id: str, said: str | None) -> bool:
        if said is None:  # an answer taken back: there is no word to show, only that there is another version
            return Flag.OTHER_VERSION in visit.flags
        words = [version.words.get(id) for version in other_versions(self.store, visit)]
        return any(isinstance(word, Answer) and str(word.value) == said for word in words)

    def arrived(self, sha: str) -> bool:
        return has_photo(self.store, SAM, self.id, sha)

    @invariant()
    def nothing_acknowledged_is_lost(self) -> None:
        if not self.taken:
            return
        kept = {one.msg_id: one for one in self.store.submissions.of_visit(self.id)}
        assert set(kept) == set(self.taken), "each message is kept, once"
        for message in self.acknowledged[-3:]:
            assert kept[message.submission.msg_id].sha256 == hashlib.sha256(message.raw).hexdigest()
            assert self.store.submissions.raw(message.submission.msg_id) == message.raw

    def teardown(self) -> None:
        if not hasattr(self, "id"):
            return
        visit = self.visit
        for message in self.taken.values():
            self.arrive(self.devices[0], message, NOW)
        assert self.visit == visit, "sending all again changed something"
        beside = [one for one in self.store.submissions.of_visit(self.id) if one.outcome in (SIBLING, SECOND, AFTER)]
        versions = other_versions(self.store, visit)
        for one in beside:
            said = {id: word for id, word in self.taken[one.msg_id].submission.answers.items() if id in WORDS and word}
            if any(values(visit).get(id) != word for id, word in said.items()):
                assert any(version.received_at == one.received_at for version in versions), "the reviewer sees nothing"
        if visit.state is VisitState.SUBMITTED:
            whole = all(self.arrived(sha) for sha in visit.photos)
            assert whole or Flag.PHOTOS_MISSING in visit.flags
        self.tally.runs += 1
        self.tally.messages += len(self.taken)
        self.tally.acknowledged += len(self.acknowledged)
        self.tally.tell(self.tally)


def run(examples: int, steps: int, tally: Tally) -> None:
    with a_world() as store:
        machine = type("Sync", (Sync,), {"store": store, "tally": tally})
        quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=quiet
            ),
        )


def test_four_devices_lose_nothing_whatever_the_network_does() -> None:
    run(200, 25, Tally())


@pytest.mark.soak
def test_four_devices_lose_nothing_for_very_long(capsys: pytest.CaptureFixture[str]) -> None:
    def tell(tally: Tally) -> None:
        if tally.runs % TOLD_EVERY == 0:
            with capsys.disabled():
                print(f"\n{tally}", end="", flush=True)

    tally = Tally(tell)
    run(EXAMPLES, STEPS, tally)
    assert tally.runs >= EXAMPLES // 2, f"hardly anything was played: {tally}"
    with capsys.disabled():
        print(f"\n{EXAMPLES:,} x {STEPS} steps: {tally}")


@given(
    order=some.permutations(range(4)),
    twice=some.sets(some.integers(0, 3)),
    said=some.lists(word, min_size=4, max_size=4),
)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_arrival_does_not_matter(world: Store, order: list[int], twice: set[int], said: list) -> None:
    def stands_after(arrivals: list[int]) -> tuple[object, ...]:
        visit = begin_visit(world, SAM, assign(world).id, NOW)
        phone, messages = Device("phone-1"), []
        for id, typed in said:
            phone.type(id, typed)
            messages.append(phone.freeze(next(numbers), visit, finished=False))
        for place in arrivals:
            save_draft(world, SAM, messages[place].submission, messages[place].raw, NOW)
        kept = world.submissions.of_visit(visit.id)
        after = world.visits.find(visit.id)
        head = next(n for n, message in enumerate(messages) if message.submission.msg_id == after.head)
        return values(after), {one.n for one in kept}, len(kept), head, after.flags

    arrivals = [place for place in order for _ in range(2 if place in twice else 1)]
    assert stands_after(arrivals) == stands_after([0, 1, 2, 3])


@pytest.fixture(scope="module")
def world() -> Iterator[Store]:
    with a_world() as store:
        yield store
