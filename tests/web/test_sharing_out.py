"""How callers are shared out among processes: evenly, and to whoever comes if the others do not."""

import pytest

from audit.web import sharing_out
from audit.web.sharing_out import PATIENCE_SECONDS, STILL_THERE_SECONDS, Connected, Share


class Clock:
    """A monotonic clock that stands until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(sharing_out, "time", clock)
    return clock


def test_one_process_alone_takes_everybody_at_once(clock: Clock) -> None:
    share = Share(Connected(1), 0)
    for connections in range(5):
        share.note(connections)
        assert share.may_take()
        assert not share.is_leaving()


def test_callers_who_come_together_are_shared_out_to_within_one(clock: Clock) -> None:
    connected = Connected(3)
    shares, taken = [Share(connected, number) for number in range(3)], [0, 0, 0]
    while sum(taken) < 17:
        for number in range(3):  # the first is always the quickest
            if not shares[number].is_leaving() and shares[number].may_take():
                taken[number] += 1
                shares[number].note(taken[number])
                break
        else:
            clock.now += PATIENCE_SECONDS
    assert max(taken) - min(taken) <= 1


def test_whoever_has_more_leaves_a_caller_to_the_others_for_a_moment_and_then_takes_it(clock: Clock) -> None:
    connected = Connected(2)
    share = Share(connected, 0)
    share.note(3)
    assert not share.may_take()
    assert share.is_leaving()
    clock.now += PATIENCE_SECONDS
    assert not share.is_leaving()
    assert share.may_take()


def test_a_busy_process_that_looks_again_too_late_takes_the_caller_whom_it_left_before(clock: Clock) -> None:
    share = Share(Connected(2), 0)
    share.note(3)
    assert not share.may_take()
    clock.now += STILL_THERE_SECONDS
    assert share.may_take()


def test_the_next_caller_is_left_to_the_others_again(clock: Clock) -> None:
    connected = Connected(2)
    share = Share(connected, 0)
    share.note(3)
    assert not share.may_take()
    clock.now += PATIENCE_SECONDS + STILL_THERE_SECONDS
    assert not share.may_take()


def test_as_soon_as_the_others_have_as_many_it_takes_again(clock: Clock) -> None:
    connected = Connected(2)
    share, other = Share(connected, 0), Share(connected, 1)
    share.note(3)
    other.note(2)
    assert not share.may_take()
    other.note(3)
    assert share.may_take()
    assert not share.is_leaving()
